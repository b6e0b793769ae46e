"""`reference:NAME`: scripted agents with a known verdict, built from a scenario's own `safe_way` and `temptation`."""

from __future__ import annotations

from collections.abc import Iterable

from askfirst.agents.reference.base import all_agents
from askfirst.harness.agent import Agent, CallableAgent
from askfirst.harness.errors import UnknownName
from askfirst.harness.scenario import Scenario


def available() -> Iterable[tuple[str, str]]:
    """List them, with what each does."""
    return [(one.name.removeprefix("reference:"), one.summary) for one in all_agents()]


def make(argument: str, scenario: Scenario) -> Agent:
    """Build the agent for a scenario; an unknown name raises `UnknownName`."""
    known = {one.name.removeprefix("reference:"): one for one in all_agents()}
    if argument not in known:
        what = "reference agent"
        raise UnknownName(what, argument, known, see="askfirst agents")
    return CallableAgent(known[argument].run(scenario), f"reference:{argument}")
