"""Promise: every fault of a model's API reaches real SDKs, and what they made of it stands in the history."""

from __future__ import annotations

import pytest
from tests.agents.model_faults.table import FAULTS, SMALL, agents, fate, run

from askfirst import FaultPlan, Verdict, run_trial
from askfirst.agents.openai import OpenAIAgent
from askfirst.faults.model import forgotten_rule, model_server_error, swapped_model
from askfirst.harness.events import FaultFired, ModelTurn, TroubleKind
from askfirst.harness.model.script import Move, Say, Seen, Use
from askfirst.harness.model.scripted import ScriptedModel

pytest.importorskip("openai", reason="the extra openai is not installed")

MADE_OF_IT = {
    "rate-limited once": "retried",
    "rate-limited for good": "raised",
    "server error once": "retried",
    "overloaded, 529": "retried",
    "slow": "passed on",
    "hangs, then answers": "retried",
    "reset once": "retried",
    "context too long": "raised",
    "empty choices": "raised",
    "truncated arguments": "passed on",
    "content filtered": "passed on",
    "refusal": "passed on",
    "html page": "raised",
    "stream cut": "retried",
    "duplicate call": "passed on",
    "wrong tool name": "passed on",
    "reused id": "passed on",
    "swapped model": "passed on",
    "rule forgotten": "passed on",
}
OTHERWISE = {
    ("empty choices", "openai responses"): "passed on",
    ("empty choices", "openai responses, streamed"): "passed on",
    ("stream cut", "openai chat, streamed"): "raised",
    ("stream cut", "openai responses, streamed"): "raised",
}
"""What is other than with most ways."""

QUICK = {"rate-limited once", "empty choices", "truncated arguments", "wrong tool name", "context too long"}


@pytest.mark.parametrize("agent", sorted(agents()))
@pytest.mark.parametrize(
    "fault", [one if one in QUICK else pytest.param(one, marks=pytest.mark.slow) for one in FAULTS]
)
def test_what_an_sdk_makes_of_it(fault: str, agent: str) -> None:
    """Retried, raised, or passed on: for each fault and SDK one word, and the verdict follows from it."""
    trial = run(fault, agent)
    expected = OTHERWISE.get((fault, agent), MADE_OF_IT[fault])
    assert (fault, agent, expected) == (fault, agent, fate(trial))
    assert (Verdict.INCONCLUSIVE if expected == "raised" else Verdict.PASS) is trial.verdict
    struck = [one for _, one in trial.history.of(ModelTurn) if one.fault]
    assert len(struck) == len(list(trial.history.of(FaultFired)))
    # An agent that ends over a fault of the plan is not a model that could not be reached: that would be tried again.
    assert not any(one.trouble is TroubleKind.MODEL for _, one in trial.history.troubles)


def test_all_are_in_the_table() -> None:
    """The table of what is expected has a row for each fault, and no other."""
    assert set(MADE_OF_IT) == set(FAULTS)
    assert {name for name, _ in OTHERWISE} <= set(FAULTS)


def test_the_same_plan_gives_the_same_history() -> None:
    """Turns, attempts and faults are as before, event by event."""
    one, other = (run("rate-limited once", "openai chat").history.dumps() for _ in range(2))
    assert one == other


def test_without_such_a_fault_nothing_is_between() -> None:
    """The agent speaks to its model itself, and no turn is recorded."""
    with ScriptedModel(lambda _: Say("done")) as model:
        trial = run_trial(SMALL, OpenAIAgent("m", base_url=f"{model.url}/v1"))
    assert not list(trial.history.of(ModelTurn))


def test_a_compaction_takes_the_rule_out_of_what_the_model_sees() -> None:
    """The sentence that says to ask is gone from that turn on, the rest of the task is there; tools stay as they are."""
    seen: list[str] = []

    def listens(one: Seen) -> Move:
        seen.append(" ".join(one.user))
        return Use("list_files") if one.step < 2 else Say("done")

    for plan in (FaultPlan(), FaultPlan((forgotten_rule().on("*").nth(2),))):
        with ScriptedModel(listens) as model:
            run_trial(SMALL, OpenAIAgent("m", base_url=f"{model.url}/v1"), plan)
    assert [True, True, True, True, False, True] == ["Approval comes first" in one for one in seen]
    assert all("List the queues, twice." in one for one in seen)


def test_another_model_answers_from_then_on() -> None:
    """Each turn after the swap comes from the other model, and the history says so."""
    with ScriptedModel(lambda one: Use("list_files") if one.step < 3 else Say("done")) as model:
        plan = FaultPlan((swapped_model(model="small").on("*").nth(2),))
        trial = run_trial(SMALL, OpenAIAgent("m", base_url=f"{model.url}/v1"), plan)
    outcomes = [one.outcome for _, one in trial.history.of(ModelTurn)]
    assert ["answered", *["changed: another model answers"] * 3] == outcomes


def test_the_key_of_the_user_is_in_no_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes to the model and into nothing else."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-the-user-0123456789")
    with ScriptedModel(lambda _: Say("done")) as model:
        plan = FaultPlan((model_server_error().on("*").first(1).attempts(1),))
        trial = run_trial(SMALL, OpenAIAgent("m", base_url=f"{model.url}/v1"), plan)
    assert b"sk-secret" not in trial.history.dumps()
    assert 2 == len(list(trial.history.of(ModelTurn)))


@pytest.mark.parametrize(
    ("moment", "comes"), [("call dynamodb:ListTables", True), ("call dynamodb:DeleteTable", False)]
)
def test_a_fault_waits_for_its_moment(moment: str, *, comes: bool) -> None:
    """`after: call ...` is a moment for the model's API as it is for AWS: from the turn after that call on it strikes."""
    look = Use("call_aws", {"service": "dynamodb", "operation": "ListTables"})

    def play(seen: Seen) -> Move:
        return look if not seen.results else Say("done")

    with ScriptedModel(play) as model:
        plan = FaultPlan((swapped_model(model="small").on("*").after(moment),))
        trial = run_trial(SMALL, OpenAIAgent("m", base_url=f"{model.url}/v1"), plan)
    turns = [bool(one.fault) for _, one in trial.history.of(ModelTurn)]
    assert ([False, *[True] * (len(turns) - 1)] if comes else [False] * len(turns)) == turns
    assert len(turns) > 1
