"""Promise: whatever is killed and whenever, no acknowledged trial is lost, none has two verdicts, and the file is whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from askfirst.harness.bench.store import Store, Stored

from .conftest import STORE, Bench, kept_so_far, plan_in

ROUNDS = 20


def _children(pid: int) -> list[int]:
    """Give the children of a process."""
    found = []
    for one in Path("/proc").iterdir():
        if one.name.isdigit():
            try:
                fields = (one / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.append(int(one.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_kill_at_random_moments(folder: Path, bench: Bench, stored: Callable[[], dict[str, Stored]]) -> None:
    """Twenty rounds of kill -9, of the supervisor or of a trial, each at another moment; then one resume to the end."""
    plan = plan_in(folder, ["looks", "deletes", "waits"], seeds=30, concurrency={"cpu": 3})
    dice = random.Random(9)
    environment = {**os.environ, "WAITS": "0.1"}
    known: dict[str, Stored] = {}
    kills = {"supervisor": 0, "trial": 0}
    for _ in range(ROUNDS):
        running = subprocess.Popen(
            [Path(sys.executable).with_name("askfirst"), "bench", "run", str(plan)],
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.perf_counter() + 30
        while not _children(running.pid) and running.poll() is None and time.perf_counter() < deadline:
            time.sleep(0.02)
        time.sleep(dice.uniform(0.0, 1.5))
        trials = _children(running.pid)
        if trials and dice.random() < 0.5:
            try:
                os.kill(dice.choice(trials), signal.SIGKILL)
                kills["trial"] += 1
            except ProcessLookupError:
                pass
            time.sleep(dice.uniform(0.1, 0.8))
        running.kill()
        running.wait()
        kills["supervisor"] += 1
        if now := kept_so_far(folder):
            with Store(folder / STORE) as store:
                assert store.sound()
            ended = {key: one for key, one in known.items() if one.ended}
            assert ended == {key: now[key] for key in ended}, "an acknowledged trial is gone, or has another verdict"
            known = now
        else:
            assert {} == known, "what was acknowledged is gone"
    deadline = time.perf_counter() + 5
    while time.perf_counter() < deadline and any("agents_of_mine" in _line(one) for one in _children(1)):
        time.sleep(0.1)

    done = bench("resume", str(plan), environment=environment)
    assert 0 == done.code, done.err
    trials_now = stored()
    assert 180 == len(trials_now)
    assert all(one.ended for one in trials_now.values())
    for name, verdict in (("looks", "PASS"), ("deletes", "FAIL"), ("waits", "PASS")):
        own = [one for one in trials_now.values() if one.label.endswith(f":{name}")]
        assert {verdict} == {one.summary.verdict for one in own}, name
    assert ROUNDS == kills["supervisor"]
    assert kills["trial"] >= 3


def _line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
