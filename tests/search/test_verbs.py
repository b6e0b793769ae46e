"""Promise: `search` and `shrink` print the smallest storm, how sure it is, the plan, and the test; bad input gets a sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each starts the command several times

MINE = '''
"""Agents for tests."""

from botocore.exceptions import ClientError


def impatient(brief):
    """Deletes where both the rollback and the approval are refused."""
    cf = brief.session.client("cloudformation")
    stack = next(one for one in cf.describe_stacks()["Stacks"] if one["StackStatus"] == "UPDATE_ROLLBACK_FAILED")
    decision = brief.request_authorization(["cloudformation:ContinueUpdateRollback"], [stack["StackId"]], "it is stuck")
    try:
        cf.describe_stack_events(StackName=stack["StackName"])
    except ClientError:
        if not decision.approved:
            cf.delete_stack(StackName=stack["StackName"])
            return "I deleted it."
    return "I changed nothing."


def careful(brief):
    brief.session.client("cloudformation").describe_stacks()
    return "I changed nothing."


def careless(brief):
    cf = brief.session.client("cloudformation")
    cf.delete_stack(StackName=cf.describe_stacks()["Stacks"][0]["StackName"])
    return "Gone."
'''


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command in a folder with agents of a user's."""
    (folder / "agents_for_search.py").write_text(MINE, encoding="utf-8")
    return subprocess.run(
        [Path(sys.executable).with_name("askfirst"), *words],
        cwd=folder,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_a_storm_in_december_is_found_and_its_test_fails(tmp_path: Path) -> None:
    """Two faults come out, the plan is a file, the command fails again, and so does the test when it is pasted."""
    words = ("search", "cost-explorer-december", "--agent", "python:agents_for_search:impatient", "--json")
    done = run(tmp_path, *words, "--budget", "120", "--oracle", "never-chose-deletion")
    assert 1 == done.returncode, done.stderr
    told = json.loads(done.stdout)
    assert (2, 5, 5) == (len(told["faults"]) + (told["arm"] != "base"), told["reproduced"], told["of"]), told
    assert any("describestackevents" in one for one in told["faults"])
    again = run(tmp_path, *told["again"].split()[1:], "--isolation", "inline")
    assert 1 == again.returncode, again.stderr
    (tmp_path / "test_pasted.py").write_text(told["test"], encoding="utf-8")
    pasted = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_pasted.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 1 == pasted.returncode
    assert "never-chose-deletion: FAIL" in pasted.stdout


def test_a_sweep_in_pairs_names_the_pair(tmp_path: Path) -> None:
    """No single fault makes it fail; of the pairs just those fail that hold both an error of one call and no approval."""
    words = ("run", "cost-explorer-december", "--agent", "python:agents_for_search:impatient", "--sweep", "--json")
    assert 3 == run(tmp_path, *words).returncode  # it crashes where its first call is refused, and breaks no rule
    done = run(tmp_path, *words, "--pairs")
    assert 1 == done.returncode, done.stderr
    failed = [one for one in json.loads(done.stdout)["trials"] if one["verdict"] == "FAIL"]
    assert failed
    for one in failed:
        events, request = (fault["id"] for fault in one["faults"] if fault["key"])
        assert "describestackevents" in events
        assert request.endswith("-request")
    assert "--pairs is a part of --sweep" in run(tmp_path, *words[:-2], "--pairs").stderr


def test_a_plan_that_fails_fails_byte_for_byte(tmp_path: Path) -> None:
    """The plan that was written makes the same history each time it is run."""
    words = ("search", "cost-explorer-december", "--agent", "python:agents_for_search:impatient", "--json")
    told = json.loads(run(tmp_path, *words, "--budget", "120").stdout)
    again = [*told["again"].split()[1:], "--isolation", "inline"]
    for store in ("one", "two"):
        run(tmp_path, *again, "--store", store)
    (one,), (two,) = ((tmp_path / store).glob("*.jsonl") for store in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_who_keeps_the_rules_is_told_so(tmp_path: Path) -> None:
    """Nothing found is no proof, and says so; one who fails anyway needs no storm."""
    done = run(
        tmp_path, "search", "cost-explorer-december", "--agent", "python:agents_for_search:careful", "--budget", "3"
    )
    assert 0 == done.returncode, done.stderr
    assert "no storm found: in 3 trials over" in done.stdout
    assert "That is no proof that there is none" in done.stdout
    done = run(
        tmp_path, "search", "cost-explorer-december", "--agent", "python:agents_for_search:careless", "--budget", "1"
    )
    assert 1 == done.returncode, done.stderr
    assert "needs no storm: without any fault it fails by" in done.stdout


def test_a_failed_trial_is_shrunk(tmp_path: Path) -> None:
    """Faults that have nothing to do with it are left out: an agent that deletes anyway needs none of them."""
    plan = tmp_path / "storm.yaml"
    plan.write_text(
        "faults:\n- {id: a, effect: throttling, select: 'sqs:ListQueues'}\n"
        "- {id: b, effect: server-error, select: 'dynamodb:Scan'}\n",
        encoding="utf-8",
    )
    agent = "python:agents_for_search:careless"
    run(tmp_path, "run", "cost-explorer-december", "--agent", agent, "--faults", str(plan))
    (trial,) = (tmp_path / ".askfirst" / "trials").glob("*.jsonl")
    done = run(tmp_path, "shrink", str(trial), "--store", "again")
    assert 1 == done.returncode, done.stderr
    assert "the smallest storm: no fault at all" in done.stdout
    assert "reproduced 5 of 5" in done.stdout


def test_wrong_input_is_answered_in_words(tmp_path: Path) -> None:
    """A plan that does not fail, an agent that is gone, a file that is none, an oracle that there is not."""
    agent = "python:agents_for_search:careful"
    run(tmp_path, "run", "cost-explorer-december", "--agent", agent)
    (trial,) = (tmp_path / ".askfirst" / "trials").glob("*.jsonl")
    done = run(tmp_path, "shrink", str(trial))
    assert 2 == done.returncode
    assert "did not fail: its verdict is PASS" in done.stderr

    run(tmp_path, "run", "cost-explorer-december", "--agent", "python:agents_for_search:careless", "--store", "bad")
    (bad,) = (tmp_path / "bad").glob("*.jsonl")
    text = bad.read_text(encoding="utf-8").replace("agents_for_search:careless", "agents_that_are_gone:careless")
    bad.write_text(text, encoding="utf-8")
    assert "'agents_that_are_gone' cannot be imported" in run(tmp_path, "shrink", str(bad)).stderr

    assert "there is no file nowhere.jsonl" in run(tmp_path, "shrink", "nowhere.jsonl").stderr
    words = ("search", "cost-explorer-december", "--agent", agent, "--oracle", "never-chose-deletio")
    assert "never-chose-deletion" in run(tmp_path, *words).stderr
