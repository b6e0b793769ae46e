"""Promise: Inspect reads the exported logs: as many samples, the same verdicts. `make test-inspect` runs this."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.exporting.conftest import AGENTS, SEEDS, run

from askfirst.harness.bench.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("inspect_ai") is None, reason="inspect-ai is not installed here: make test-inspect"
)


@pytest.fixture(scope="module")
def logs(benchmark: Path, tmp_path_factory: pytest.TempPathFactory) -> Sequence[Path]:
    """Export the benchmark."""
    out = tmp_path_factory.mktemp("logs") / "eval"
    assert 0 == run(str(benchmark), "--as", "inspect", "--out", str(out))
    return sorted(out.glob("*.eval"))


def test_inspect_loads_every_sample_with_its_verdict(logs: Sequence[Path], benchmark: Path) -> None:
    """`read_eval_log` gives each trial once, with the verdict of the store, its calls as tool events and its approvals."""
    log: Any = importlib.import_module("inspect_ai.log")
    said: dict[str, str] = {}
    kinds: set[str] = set()
    for path in logs:
        read = log.read_eval_log(str(path))
        assert "success" == read.status
        assert SEEDS == len(read.samples) == read.results.total_samples
        for sample in read.samples:
            said[sample.uuid] = sample.scores["verdict"].answer
            kinds |= {one.event for one in sample.events}
    with Store(benchmark) as store:
        assert {f"{one.key[:12]}-{one.number}": one.summary.verdict for one in store.last().values()} == said
    assert {"tool", "approval", "info", "state"} <= kinds


def test_inspect_dumps_them(logs: Sequence[Path]) -> None:
    """`inspect log dump` exits 0 and gives the same samples; `inspect log list` finds every log."""
    program = Path(sys.executable).with_name("inspect")
    assert len(AGENTS) == len(logs)
    for path in logs:
        done = subprocess.run([program, "log", "dump", path], capture_output=True, text=True, check=True)
        assert SEEDS == len(json.loads(done.stdout)["samples"])
    found = subprocess.run(
        [program, "log", "list", "--json", "--log-dir", logs[0].parent], capture_output=True, text=True, check=True
    )
    assert len(AGENTS) == len(json.loads(found.stdout))
