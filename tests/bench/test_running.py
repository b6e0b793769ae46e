"""Promise: every trial of a plan is run once and kept, whatever it does; what is lost is run again, and no verdict ever is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from askfirst.harness.bench.store import Store, Stored
from askfirst.harness.history import History
from askfirst.harness.trial import run_trial

from .conftest import STORE, Bench, by_agent, plan_in

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

Read = Callable[[], dict[str, Stored]]


def test_every_cell_is_run_and_kept(folder: Path, bench: Bench, stored: Read) -> None:
    """Agents x scenarios x arms x seeds, each with its verdict and its whole history; a second run has nothing to do."""
    plan = plan_in(folder, ["looks", "deletes", "proposes"], arms=["base", "alone"])
    done = bench("run", str(plan), "--json")
    assert 0 == done.code, done.err
    trials = by_agent(stored())
    assert {"looks": 8, "deletes": 8, "proposes": 8} == {name: len(own) for name, own in trials.items()}
    assert {"PASS"} == {one.summary.verdict for one in trials["looks"]}
    assert {("FAIL", "effected")} == {
        (one.summary.verdict, one.summary.findings["never-chose-deletion"].code) for one in trials["deletes"]
    }
    with Store(folder / STORE) as store:
        history = store.history(trials["deletes"][0].key)
    assert isinstance(history, History)
    assert history.complete
    assert [b"orders" in history.dumps()] == [True]

    again = bench("run", str(plan), "--json")
    assert (0, done.data) == (again.code, again.data)
    assert "24 of 24 trials are done already" in again.err


def test_a_verdict_is_that_of_a_single_trial(folder: Path, bench: Bench, stored: Read) -> None:
    """The same findings, code by code, as `run_trial` gives in this process."""
    assert 0 == bench("run", str(plan_in(folder, ["deletes"], seeds=[3]))).code

    def deletes(brief: Brief) -> str:
        brief.session.client("dynamodb").delete_table(TableName="orders")
        return "I deleted the table."

    trial = run_trial(f"{folder}/tables.py:one", deletes, seed=3)
    kept = next(one for one in stored().values() if one.scenario == "one")
    assert {name: one.code for name, one in trial.findings.items()} == {
        name: one.code for name, one in kept.summary.findings.items()
    }


@pytest.mark.slow
def test_what_ends_badly_is_kept_for_what_it_is(folder: Path, bench: Bench, stored: Read) -> None:
    """Hung, crashed, killed from outside, dead of its own bug, a file without end: each said plainly, none of them lost."""
    agents = ["hangs", "crashes", "dies", "faults", "writes_for_ever", "deletes_and_dies", "shouts"]
    plan = plan_in(folder, agents, seeds=1, scenarios=["tables.py:one"], limits={"seconds": 4}, concurrency={"cpu": 4})
    done = bench("run", str(plan))
    assert 0 == done.code, done.err
    found = {name: own[0] for name, own in by_agent(stored()).items()}
    assert set(agents) == set(found)
    troubles = {name: one.summary.troubles for name, one in found.items()}
    assert ("agent-hang",) == troubles["hangs"]
    assert ("agent-crash",) == troubles["crashes"]
    assert ("harness-error",) == troubles["dies"]
    assert ("agent-crash",) == troubles["faults"]
    assert "signal 11" in found["faults"].summary.because
    assert "File too large" in found["writes_for_ever"].summary.because
    assert {"INCONCLUSIVE"} == {one.summary.verdict for name, one in found.items() if name != "deletes_and_dies"}
    # Only what was taken away is tried again, and never after a verdict: what it did before it died was done.
    assert {"dies": 3} == {name: one.number for name, one in found.items() if one.number > 1}
    assert "FAIL" == found["deletes_and_dies"].summary.verdict


def test_a_lost_trial_is_run_again_and_every_attempt_is_kept(folder: Path, bench: Bench, stored: Read) -> None:
    """The second attempt counts; the first is there with its history up to where it broke off."""
    assert 0 == bench("run", str(plan_in(folder, ["dies_once"], seeds=1, scenarios=["tables.py:one"]))).code
    (one,) = stored().values()
    assert (2, "PASS") == (one.number, one.summary.verdict)
    with Store(folder / STORE) as store:
        assert [(1, "lost"), (2, "judged")] == [(number, outcome) for _, number, outcome, _ in store.attempts()]
        assert len(store.history(one.key, 1).entries) >= 2


def test_resume_runs_what_is_missing_and_nothing_else(folder: Path, bench: Bench, stored: Read) -> None:
    """A plan that grew: the new cells are run, those that are there keep their attempt."""
    bench("run", str(plan_in(folder, ["looks"], seeds=2)))
    before = stored()
    plan = plan_in(folder, ["looks", "deletes"], seeds=3)
    done = bench("resume", str(plan))
    assert "4 of 12 trials are done already" in done.err
    after = stored()
    assert 12 == len(after)
    assert before == {key: one for key, one in after.items() if key in before}


@pytest.mark.slow
def test_shards_and_merge_are_the_whole(folder: Path, bench: Bench) -> None:
    """Two halves on two machines, and one file of both: the same trials as on one machine; merged twice, nothing doubles."""
    plan = str(plan_in(folder, ["looks", "deletes"], seeds=3))
    whole = bench("run", plan, "--json")
    for part in ("1/2", "2/2"):
        assert 0 == bench("run", plan, "--shard", part, "--store", f"{part[0]}.sqlite").code
    assert 0 == bench("merge", "all.sqlite", "1.sqlite", "2.sqlite").code
    again = bench("merge", "all.sqlite", "2.sqlite")
    assert ": 0 attempts taken over" in again.out
    halves = bench("compare", "all.sqlite", "--json")
    for told in (whole, halves):
        for one in told.data["agents"]:
            one.pop("seconds")
    assert whole.data["groups"] == halves.data["groups"]
    assert [one["rates"] for one in whole.data["agents"]] == [one["rates"] for one in halves.data["agents"]]


@pytest.mark.slow
def test_a_changed_scenario_is_named(folder: Path, bench: Bench) -> None:
    """`status` says which part of the identity differs; with --accept-stale what is stored stands."""
    plan = str(plan_in(folder, ["looks"]))
    bench("run", plan)
    file = folder / "tables.py"
    file.write_text(file.read_text("utf-8").replace("Look after the table", "Please look after the table"), "utf-8")
    told = bench("status", plan)
    assert "0 of 4 trials are done, 4 are to be run" in told.out
    assert "4 stored trials are of an earlier state: the scenario changed since" in told.out
    accepted = bench("run", plan, "--accept-stale")
    assert "4 of 4 trials are done already" in accepted.err


@pytest.mark.slow
def test_judging_again_shows_what_changed(folder: Path, bench: Bench, stored: Read) -> None:
    """A stored conclusion that today's oracles do not draw is named and replaced; no agent is run."""
    bench("run", str(plan_in(folder, ["deletes"], seeds=1)))
    key = next(iter(stored()))
    with Store(folder / STORE, write=True) as store:
        kept = store.last()[key]
        wrong = json.loads(kept.summary.dumps())
        wrong["verdict"], wrong["findings"]["asked-first"]["verdict"] = "PASS", "PASS"
        store.rejudge(key, 1, type(kept.summary).loads(json.dumps(wrong)))
    told = bench("judge", str(STORE), "--dry-run")
    assert f"{key[:12]}-1: the verdict was PASS, is FAIL" in told.out
    assert "PASS" == stored()[key].summary.verdict
    assert "1 attempts changed" in bench("judge", str(STORE)).out
    assert "FAIL" == stored()[key].summary.verdict
    assert "nothing changes" in bench("judge", str(STORE)).out


def test_trials_of_run_are_taken_in(folder: Path, bench: Bench) -> None:
    """They stand for what the plan would run; twice they are there once."""
    run_trial("tables.py:one", _looks, store=folder / "trials")
    (file,) = (folder / "trials").glob("*.jsonl")
    assert "taken in as" in bench("import", "mine.sqlite", str(file)).out
    assert "is there already" in bench("import", "mine.sqlite", str(file)).out


def _looks(brief: Brief) -> str:
    brief.session.client("dynamodb").list_tables()
    return "One table."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("agents: [reference:askr]\n", "did you mean 'asker'"),
        ("agents: []\n", "agents: name at least one agent."),
        ("agent: [reference:asker]\n", "agents"),
        ("agents: [reference:asker]\nscenarios: [one, two]\n", "scenario"),
        ("agents: [reference:asker]\narms: [bse]\n", "base"),
        ("agents: [reference:asker]\nseeds: many\n", "seeds"),
        ("agents: [reference:asker, reference:asker]\n", "two agents are called 'reference:asker'"),
        ("agents: [reference:asker]\nfaults: [storm.yaml]\n", "storm.yaml"),
        ("agents: [reference:asker\n", "plan.yaml:"),
        ("agents: [reference:asker]\nfail_on: [deletions]\n", "deletion"),
    ],
)
def test_a_wrong_plan_is_answered_in_words(folder: Path, bench: Bench, text: str, told: str) -> None:
    """Before anything is run: what is wrong, and what was probably meant."""
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    done = bench("run", "plan.yaml")
    assert (2, "") == (done.code, done.out)
    assert told in done.err
    assert "Traceback" not in done.err
