"""Promise: on a cluster a benchmark is the same one; a machine that dies loses nothing that was delivered."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from askfirst.harness.bench.store import Stored

from .conftest import Bench, kept_so_far, plan_in

# Ray leaves sockets and files open, and warns of its own plans.
pytestmark = [pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Generator[Any]:
    """Start three nodes on this machine."""
    pytest.importorskip("ray", reason="ray is not installed: make test-cluster")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    made = importlib.import_module("ray.cluster_utils").Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    made.add_node(num_cpus=1)
    made.add_node(num_cpus=1)
    yield made
    made.shutdown()


def test_a_node_dies_and_nothing_is_lost(
    cluster: Any, folder: Path, bench: Bench, stored: Callable[[], dict[str, Stored]]
) -> None:
    """One of three is killed in the middle: what it delivered is kept, the rest is named, resume runs that and nothing twice."""
    plan = plan_in(folder, ["looks", "waits"], seeds=30, concurrency={"cpu": 1})
    words = [Path(sys.executable).with_name("askfirst"), "bench", "run", str(plan), "--ray", cluster.address]
    running = subprocess.Popen(
        words, cwd=folder, env={**os.environ, "WAITS": "0.3"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.perf_counter() + 120
    while time.perf_counter() < deadline and running.poll() is None and len(kept_so_far(folder)) < 20:
        time.sleep(0.2)
    before = len(kept_so_far(folder))
    assert 20 <= before < 120, running.communicate()
    cluster.remove_node(cluster.list_all_nodes()[-1], allow_graceful=False)
    _, said = running.communicate(timeout=240)

    assert 3 == running.returncode, said
    assert "trials that it had not delivered" in said
    assert f"askfirst bench resume {plan} --ray {cluster.address}" in said
    first = stored()
    assert before <= len(first) < 120

    done = bench("resume", str(plan), "--ray", cluster.address, environment={"WAITS": "0.3"})
    assert 0 == done.code, done.err
    assert f"{len(first)} of 120 trials are done already" in done.err
    last = stored()
    assert 120 == len(last)
    assert first == {key: one for key, one in last.items() if key in first}
    assert {1} == {one.number for one in last.values()}
    assert {"PASS"} == {one.summary.verdict for one in last.values()}


def test_without_a_cluster_it_says_so(folder: Path, bench: Bench) -> None:
    """An address where nothing is, or no Ray at all: a sentence, and nothing is run."""
    done = bench("run", str(plan_in(folder, ["looks"])), "--ray", "127.0.0.1:1")
    assert 2 == done.code
    assert "there is no Ray cluster at" in done.err or "--ray needs the package ray" in done.err
