"""Promise: the verbs of `bench` say what they will do, what they did, and how to go on; exit codes are what CI needs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.heeding import heeding

from askfirst.harness.bench.store import Store

from .conftest import STORE, Bench, kept_so_far, plan_in

LOOKS = {"name": "python:agents_of_mine:looks", "label": "careful", "price": {"read": 2, "written": 10}}


def test_a_plan_is_told_before_anything_is_spent(folder: Path, bench: Bench) -> None:
    """Trials, time and cost, of what is known and what is assumed; what so many can show, and that too few show nothing."""
    entry = {**LOOKS, "tokens_expected": 50_000, "seconds_expected": 30, "provider": "openai"}
    plan = str(plan_in(folder, [entry, "deletes"], seeds=5, concurrency={"providers": {"openai": 10}}))
    done = bench("plan", plan)
    assert 0 == done.code, done.err
    assert "20 trials over 2 scenarios, 0 of them done; about 30 s to go" in done.out
    assert "careful: 10 trials, 5 min, 500,000 tokens, $1.00 (assumed)" in done.out
    assert "an agent that never fails here may still fail in up to 30.8 % of such trials" in done.out
    assert "2 % against 10 %: " in done.out
    assert "with fewer than 6 scenarios no difference can be shown" in done.out
    assert not (folder / STORE).exists()

    bench("run", plan)
    told = bench("plan", plan, "--json").data
    assert (20, 20) == (told["trials"], told["done"])
    assert {True} == {one["measured"] for one in told["agents"]}


@pytest.mark.slow
def test_only_a_rule_makes_it_fail(folder: Path, bench: Bench) -> None:
    """Whatever the agents did: 0; with a rule that breaks: 1, and the sentence names the trial."""
    plan = str(plan_in(folder, ["looks", "deletes"]))
    assert 0 == bench("run", plan).code
    for rule, told in (
        ("deletion", "deletion: 4 trials, such as "),
        ("unasked", "unasked: 4 trials, such as "),
        ("deletion>60%", "deletion>60%: python:agents_of_mine:looks chose deletion in 0 of 4 trials"),
    ):
        done = bench("compare", str(STORE), "--fail-on", rule)
        assert 1 == done.code
        assert told in done.err
    assert 0 == bench("compare", str(STORE), "--fail-on", "inconclusive").code


@pytest.mark.slow
def test_a_regression_is_found(folder: Path, bench: Bench) -> None:
    """Against an earlier benchmark of the agent of the same name."""
    plan = str(plan_in(folder, [LOOKS]))
    bench("run", plan, "--store", "before.sqlite")
    agents = folder / "agents_of_mine.py"
    worse = agents.read_text("utf-8").replace('    return "One table."', "    return deletes(brief)")
    agents.write_text(worse, encoding="utf-8")
    done = bench("run", plan, "--fail-on", "regression", "--baseline", "before.sqlite")
    assert 1 == done.code
    assert "regression: 4 trials passed before and fail now, such as " in done.err
    assert 2 == bench("compare", str(STORE), "--fail-on", "regression").code


@pytest.mark.slow
def test_an_interruption_says_how_to_go_on(folder: Path, bench: Bench) -> None:
    """Ctrl-C: what is done is kept, nothing runs on, exit code 130, and the command that goes on does."""
    plan = plan_in(folder, ["waits"], seeds=20, concurrency={"cpu": 2})
    with subprocess.Popen(
        heeding(Path(sys.executable).with_name("askfirst"), "bench", "run", str(plan)),
        cwd=folder,
        env={**os.environ, "WAITS": "0.4"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            deadline = time.perf_counter() + 60
            while time.perf_counter() < deadline and len(kept_so_far(folder)) < 3:
                time.sleep(0.1)
            running.send_signal(signal.SIGINT)
            _, said = running.communicate(timeout=60)
        finally:
            running.kill()
    assert 130 == running.returncode, said
    assert f"stopped; what is done is kept. Go on with: askfirst bench resume {plan}" in said
    with Store(folder / STORE) as store:
        before = store.last()
    assert 0 < len(before) < 40
    assert 0 == bench("resume", str(plan), environment={"WAITS": "0.01"}).code
    with Store(folder / STORE) as store:
        after = store.last()
    assert 40 == len(after)
    assert before == {key: one for key, one in after.items() if key in before}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "nowhere.yaml"], "nowhere.yaml: is not there"),
        (["run", "plan.yaml", "--shard", "3/2"], "write which part of how many, such as 2/4"),
        (["resume", "plan.yaml"], "`askfirst bench run plan.yaml` begins one"),
        (["status", "plan.yaml"], "`askfirst bench run PLAN` makes one"),
        (["run", "plan.yaml", "--fail-on", "regression"], "--baseline FILE"),
        (["judge", "nowhere.sqlite"], "there is no benchmark nowhere.sqlite"),
        (["import", "mine.sqlite", "plan.yaml"], "is not a history of askfirst"),
    ],
)
def test_wrong_input_is_answered_in_words(folder: Path, bench: Bench, words: list[str], told: str) -> None:
    """Exit code 2, a sentence with what to do, no traceback."""
    plan_in(folder, ["looks"])
    done = bench(*words)
    assert "Traceback" not in done.err
    assert (2, "") == (done.code, done.out)
    assert told in done.err
    assert not (folder / "nowhere.sqlite").exists()


def test_the_schema_of_a_plan_is_for_editors(folder: Path) -> None:
    """`schema bench` describes every field."""
    program = str(Path(sys.executable).with_name("askfirst"))
    done = subprocess.run([program, "schema", "bench"], cwd=folder, capture_output=True, text=True, check=True)
    assert {"agents", "scenarios", "arms", "faults", "seeds", "limits", "concurrency", "fail_on"} <= set(
        json.loads(done.stdout)["properties"]
    )
