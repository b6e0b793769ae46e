"""Faults of other people: in a file of one's own, and in a package that is installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

PACKAGE = Path(__file__).with_name("plugin_package")
SCRIPT = Path(sys.executable).with_name("askfirst")

PLAN = """\
faults:
  - id: theirs
    effect: {effect}
    {select}
"""
MINE = '''
"""A fault of my own."""

from askfirst import Phase, Site, fault
from askfirst.harness.faulting.contexts import Struck
from askfirst.harness.faulting.reactions import Error


@fault(Site.AWS_RESPONSE, Phase.REFUSE)
def tuesday(call: Struck, *, day: str = "Tuesday") -> Error:
    """On Tuesdays nothing works."""
    return Error("ServiceUnavailable", f"It is {day}.", 503)
'''


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the plugin package, as pip does, into a folder of its own."""
    place = tmp_path_factory.mktemp("plugin")
    source = shutil.copytree(PACKAGE, place / "source")  # a build leaves files behind
    target = place / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-build-isolation", "--no-deps"]
    subprocess.run([*command, "--target", target, source], check=True, capture_output=True)
    return target


@pytest.fixture
def run(tmp_path: Path, installed: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line where the plugin is installed."""

    def called(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        more = {"PYTHONPATH": str(installed), **(environment or {})}
        return subprocess.run(
            [SCRIPT, *arguments],
            cwd=tmp_path,
            env={**os.environ, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return called


Run = Callable[..., "subprocess.CompletedProcess[str]"]


def test_an_installed_package_adds_faults(run: Run) -> None:
    """`list faults` shows a package's faults beside ours, with where they come from."""
    listed: list[dict[str, Any]] = json.loads(run("list", "faults", "--json").stdout)
    origins = {one["name"]: one["origin"] for one in listed}
    assert "askfirst_brownout" == origins["brownout"]
    assert "askfirst.faults.api" == origins["throttling"]


def test_a_plan_uses_a_fault_of_a_package(run: Run, tmp_path: Path) -> None:
    """A fault of a package stands in a plan like one of ours, strikes, and is in the schema."""
    text = PLAN.format(effect="brownout", select="select: cloudformation:*\n    with: {share: 1.0}")
    (tmp_path / "plan.yaml").write_text(text, "utf-8")
    done = run("run", "cost-explorer-december", "--agent", "reference:looker", "--faults", "plan.yaml", "--json")
    told = json.loads(done.stdout)
    assert told["faults"][0]["fired"] > 0
    assert '"const": "brownout"' in run("schema", "faults").stdout


@pytest.mark.parametrize(
    ("effect", "select", "words"),
    [
        ("wrong-return", "select: everything", "returned str, not a reaction"),
        ("crashing", "select: everything", "failed: KeyError"),
        ("crashing-scene", "trigger: {after: 'call *:*'}", "failed: ZeroDivisionError"),
    ],
)
def test_a_plugin_that_misbehaves_is_named_and_nothing_is_proved(
    run: Run, tmp_path: Path, effect: str, select: str, words: str
) -> None:
    """INCONCLUSIVE, exit code 3, and the message names the fault and its package."""
    (tmp_path / "plan.yaml").write_text(PLAN.format(effect=effect, select=select), "utf-8")
    done = run("run", "cost-explorer-december", "--agent", "reference:looker", "--faults", "plan.yaml", "--json")
    told = json.loads(done.stdout)
    assert (3, "INCONCLUSIVE") == (done.returncode, told["verdict"])
    assert f"the fault 'theirs' (askfirst_brownout) {words}" in told["troubles"][0]["because"]


def test_a_file_of_ones_own_adds_a_fault(run: Run, tmp_path: Path) -> None:
    """A plan names the file under `uses`; its fault strikes, the same way each time."""
    (tmp_path / "mine.py").write_text(MINE, "utf-8")
    (tmp_path / "plan.yaml").write_text(
        "uses: [mine.py]\n" + PLAN.format(effect="tuesday", select="select: cloudformation"), "utf-8"
    )
    done = run("run", "cost-explorer-december", "--agent", "reference:deleter", "--faults", "plan.yaml", "--json")
    told = json.loads(done.stdout)
    assert told["faults"][0]["fired"] > 0
    again = run("run", "cost-explorer-december", "--agent", "reference:deleter", "--faults", "plan.yaml", "--json")
    assert told["faults"] == json.loads(again.stdout)["faults"]


def test_a_package_that_cannot_be_loaded_is_named(run: Run, installed: Path, tmp_path: Path) -> None:
    """A broken package is one sentence and exit code 2, not a traceback."""
    broken = tmp_path / "site"
    shutil.copytree(installed, broken)
    (broken / "askfirst_brownout" / "__init__.py").write_text("import nothing_of_that_name\n", "utf-8")
    done = run("list", "faults", environment={"PYTHONPATH": str(broken)})
    assert 2 == done.returncode
    assert "the faults of askfirst_brownout cannot be loaded: ModuleNotFoundError" in done.stderr
    assert "Traceback" not in done.stderr
