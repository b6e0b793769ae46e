"""Promise: an agent built on an SDK can ask by a tool, and a model that writes nonsense is told what to write."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

import askfirst.faults.approval as broken
from askfirst.harness.authorization.channels.tool import request_authorization_tool
from askfirst.harness.authorization.plans import digest
from askfirst.harness.events import Requested, TroubleKind
from askfirst.harness.policy import Limits
from askfirst.harness.trial import Trial

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

PUT = {"actions": ["dynamodb:PutItem"], "resources": ["costs"], "reason": "a row is missing"}

WRONG: dict[str, tuple[Mapping[str, object] | str, str]] = {
    "singular": ({"action": "dynamodb:PutItem"}, "there is no argument 'action': did you mean 'actions'?"),
    "invented": ({**PUT, "urgent": True}, "there is no argument 'urgent'. The arguments are actions, resources,"),
    "nothing": ({}, "'actions' is missing: say what is to be done"),
    "empty": ({"actions": ["", " "]}, "'actions' is missing"),
    "numbers": ({"actions": [1]}, "'actions' must be a list of texts, it holds 1."),
    "an object": ({"actions": {"a": 1}}, "'actions' must be a list of texts, it is dict {'a': 1}."),
    "a wordy wait": ({**PUT, "wait": "an hour"}, "'wait': 'an hour' is no duration: write it like 90s, 60m or 1h30m."),
    "a numeric wait": ({**PUT, "wait": 60}, "'wait' must be a text, it is int 60."),
    "a reason in parts": ({**PUT, "reason": ["a"]}, "'reason' must be a text, it is list ['a']."),
    "cut off": ('{"actions": ["dynamodb:', "the arguments are no JSON"),
    "a list": ("[]", "the request must be an object with actions, resources, reason, plan, wait; it is list []"),
}


def test_wrong_arguments_are_answered_in_words(drop: Callable[..., Trial]) -> None:
    """Whatever a model writes, it gets a text that says what to write, and nothing is asked."""
    told: dict[str, str] = {}

    def agent(brief: Brief) -> None:
        tool = request_authorization_tool(brief)
        told.update({name: tool.call(arguments) for name, (arguments, _) in WRONG.items()})

    trial = drop(agent)

    assert {} == {
        name: text for name, text in told.items() if not text.startswith(f"Nothing was asked: {WRONG[name][1]}")
    }
    assert [] == list(trial.history.of(Requested))


def test_a_model_may_be_sloppy(drop: Callable[..., Trial]) -> None:
    """One text for a list, null for nothing, and the arguments as the JSON text they came in are understood."""
    loose: list[Mapping[str, object] | str] = [
        {"actions": "dynamodb:PutItem", "resources": "costs", "reason": None},
        json.dumps(PUT),
        {**PUT, "wait": None, "plan": ""},
    ]

    def agent(brief: Brief) -> None:
        tool = request_authorization_tool(brief)
        for one in loose:
            tool.call(one)

    requests = [event for _, event in drop(agent).history.of(Requested)]

    assert 3 == len(requests)
    assert {("dynamodb:PutItem",)} == {one.scope.actions for one in requests}
    assert {""} == {one.plan for one in requests}


def test_the_answer_is_a_sentence_and_a_line_of_json(drop: Callable[..., Trial]) -> None:
    """Models read the sentence, programs the JSON; both say the same."""
    told: list[str] = []

    def agent(brief: Brief) -> None:
        tool = request_authorization_tool(brief)
        told.append(tool.call(PUT))
        told.append(tool.call({"actions": ["dynamodb:DeleteTable"], "resources": ["costs"]}))

    drop(agent)
    sentence, data = told[0].splitlines()
    read = json.loads(data)
    denied = json.loads(told[1].splitlines()[1])

    assert sentence.startswith("r-1 approved by Chen Jing: dynamodb:PutItem on arn:")
    assert (True, "r-1", ["Chen Jing"], ["dynamodb:PutItem"]) == (
        read["approved"],
        read["request"],
        read["by"],
        read["scope"]["actions"],
    )
    assert (False, True, "no") == (denied["approved"], denied["answered"], denied["reason"])


def test_a_plan_is_kept_by_its_digest(drop: Callable[..., Trial]) -> None:
    """How the plan's JSON is laid out does not matter."""

    def agent(brief: Brief) -> None:
        tool = request_authorization_tool(brief)
        for plan in ('{"a": 1, "b": 2}', "b: 2\na: 1", "a: 2"):
            tool.call({**PUT, "plan": plan})

    plans = [event.plan for _, event in drop(agent).history.of(Requested)]

    assert [digest({"a": 1, "b": 2})] * 2 + [digest({"a": 2})] == plans


def test_a_broken_channel_is_told_and_a_limit_ends_the_agent(drop: Callable[..., Trial]) -> None:
    """The model hears of the first; the second is for the trial alone."""
    told: list[str] = []

    def agent(brief: Brief) -> None:
        told.append(request_authorization_tool(brief).call(PUT))

    drop(agent, faults=broken.channel_down().on("*"))
    limited = drop(agent, limits=Limits(world_hours=1 / 30))

    assert ["The request could not be delivered, and nothing is approved:"] == [
        one.partition(": ")[0] + ":" for one in told
    ]
    assert [TroubleKind.CENSORED] == [trouble.trouble for _, trouble in limited.history.troubles]


def test_its_forms_for_openai(drop: Callable[..., Trial]) -> None:
    """Chat completions want the function nested, the responses API flat; the arguments are the same."""
    forms: list[dict[str, Any]] = []

    def agent(brief: Brief) -> None:
        tool = request_authorization_tool(brief)
        forms.extend([tool.openai(), tool.openai(responses=True)])

    drop(agent)
    chat, responses = forms

    assert {"type", "function"} == set(chat)
    assert {"type": "function", **chat["function"]} == responses
    assert {"actions", "resources", "reason", "plan", "wait"} == set(responses["parameters"]["properties"])


def test_it_is_a_tool_of_langchain(drop: Callable[..., Trial]) -> None:
    """A tool call of a model goes through LangChain unharmed, a wrong one too."""
    pytest.importorskip("langchain_core")
    told: list[str] = []

    def agent(brief: Brief) -> None:
        tool = request_authorization_tool(brief).langchain()
        told.append(tool.invoke(PUT))
        told.append(tool.invoke({"action": "dynamodb:PutItem"}))
        told.append(tool.invoke({"name": tool.name, "args": PUT, "id": "c1", "type": "tool_call"}).content)

    trial = drop(agent)

    assert [1, 2] == [int(event.request[2:]) for _, event in trial.history.of(Requested)]
    assert "r-1 approved" in told[0]
    assert told[1].startswith("Nothing was asked: there is no argument 'action'")
    assert "r-2 approved" in told[2]
