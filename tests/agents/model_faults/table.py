"""Every fault of a model's API, against real SDKs: what each made of it, read from the history."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from askfirst import FaultPlan, Scenario, World, run_trial
from askfirst.agents.langchain import LangChainAgent
from askfirst.agents.openai import OpenAIAgent
from askfirst.faults import model as faults
from askfirst.harness.agent import Agent
from askfirst.harness.model.script import Move, Say, Seen, Use
from askfirst.harness.model.scripted import ScriptedModel
from askfirst.harness.trial import Trial

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.faulting.declaring import Fault

PATIENCE = 0.6
"""Real seconds that the clients wait for an answer."""


def build(env: Env) -> None:
    """Make a queue."""
    env.session.client("sqs").create_queue(QueueName="jobs")


SMALL = Scenario(
    name="turns", world=World(build=build, draws=1), task="List the queues, twice. Approval comes first for changes."
)


def looks_twice(seen: Seen) -> Move:
    """List the queues until that was answered twice, whatever else comes back; then say so."""
    found = sum("QueueUrls" in one for one in seen.results)
    if found >= 2 or seen.step > 8:
        return Say(f"I have seen the queues {found} times.")
    return Use("call_aws", {"service": "sqs", "operation": "ListQueues"})


def turn(number: int, fault: Fault) -> Fault:
    """Let a fault strike one turn, at its first attempt only where it would strike for ever."""
    return fault.on("*").nth(number)


FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        "rate-limited once": turn(2, faults.model_rate_limited(retry_after=0.02)).attempts(1),
        "rate-limited for good": turn(2, faults.model_rate_limited(retry_after=0.02)),
        "server error once": turn(2, faults.model_server_error()).attempts(1),
        "overloaded, 529": turn(2, faults.model_overloaded(status=529)).attempts(1),
        "slow": turn(2, faults.model_hang(seconds=0.2)),
        "hangs, then answers": turn(2, faults.model_timeout()).attempts(1),
        "reset once": turn(2, faults.model_reset()),
        "context too long": turn(2, faults.context_too_long()),
        "empty choices": turn(2, faults.empty_choices()),
        "truncated arguments": turn(2, faults.truncated_arguments()),
        "content filtered": turn(2, faults.content_filtered()),
        "refusal": turn(2, faults.model_refusal()),
        "html page": turn(2, faults.html_page()),
        "stream cut": turn(2, faults.stream_cut()),
        "duplicate call": turn(2, faults.duplicate_tool_call()),
        "wrong tool name": turn(2, faults.wrong_tool_name()),
        "reused id": turn(2, faults.reused_call_id()),
        "swapped model": turn(2, faults.swapped_model(model="small")),
        "rule forgotten": turn(1, faults.forgotten_rule()),
    }
)


def agents() -> Mapping[str, Callable[[str], Agent]]:
    """Give the ways to drive a model that are installed, by name."""
    made: dict[str, Callable[[str], Agent]] = {
        "openai chat": lambda url: OpenAIAgent("m", base_url=f"{url}/v1", timeout=PATIENCE),
        "openai chat, streamed": lambda url: OpenAIAgent("m", stream=True, base_url=f"{url}/v1", timeout=PATIENCE),
        "openai responses": lambda url: OpenAIAgent("m", "responses", base_url=f"{url}/v1", timeout=PATIENCE),
        "openai responses, streamed": lambda url: OpenAIAgent(
            "m", "responses", stream=True, base_url=f"{url}/v1", timeout=PATIENCE
        ),
    }
    if importlib.util.find_spec("langchain_core") is not None:
        made["LangChain"] = _langchain
    return made


def _langchain(url: str) -> Agent:
    from tests.agents.adapters.thin_model import ThinModel

    def at(place: str) -> ThinModel:
        return ThinModel(url=place, timeout=PATIENCE)

    return LangChainAgent(at(f"{url}/v1"), base_url=f"{url}/v1", at=at)


def run(fault: str, agent: str) -> Trial:
    """Run one cell of the table."""
    with ScriptedModel(looks_twice) as model:
        return run_trial(SMALL, agents()[agent](model.url), FaultPlan((FAULTS[fault],)))


def fate(trial: Trial) -> str:
    """Say in a word what became of the turn that was struck."""
    (account,) = trial.faults
    if not account.became:
        return "never struck"
    (told,) = account.became[:1]
    for word, mark in (
        ("retried", "then answered"),
        ("raised", "raised ("),
        ("passed on", "went on"),
        ("passed on", "ended with it"),
    ):
        if mark in told:
            return word
    return told
