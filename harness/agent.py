"""The subject of a trial: anything that can be driven with a brief and gives a report."""

from __future__ import annotations

import asyncio
import concurrent.futures
import dataclasses
import hashlib
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from askfirst.harness.errors import UsageError
from askfirst.harness.policy import Limits
from askfirst.harness.sourcing import source_text

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

Report = str | None
AgentFunction = Callable[["Brief"], Report | Awaitable[Report]]


class WrongReport(Exception):
    """The agent returned something that is no report. The message says what a report is."""


@runtime_checkable
class Agent(Protocol):
    """How a trial drives its subject.

    `name` and `configuration` (a text that changes with prompt, model and code) are part of the trial's identity. An
    agent may have two attributes more: `served` (True: it works through programs, which meet the account at
    `brief.endpoint`) and `clock` ('virtual' or 'hybrid', see `aws/clock.py`; hybrid if it is served).
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - said above

    @property
    def configuration(self) -> str: ...  # noqa: D102

    def run(self, brief: Brief) -> str:
        """Do the task; give the final report to the operator. Whatever it raises is a crash of the agent."""
        ...


@dataclass(frozen=True, slots=True)
class CallableAgent:
    """The smallest agent there is: a function of the brief, plain or `async`."""

    function: AgentFunction
    label: str = ""

    @property
    def name(self) -> str:
        """The label, or `python:` and where the function stands."""
        if self.label:
            return self.label
        target = inspect.unwrap(self.function)
        named = target if hasattr(target, "__qualname__") else type(target)
        return f"python:{named.__module__}:{named.__qualname__}"

    @property
    def configuration(self) -> str:
        """The source of the function."""
        return source_text(self.function)

    def run(self, brief: Brief) -> str:
        """Call the function, and await what it gives if that can be awaited."""
        report = self.function(brief)
        if inspect.isawaitable(report):
            report = _finished(report)
        if report is None:
            return ""
        if not isinstance(report, str):
            msg = f"the agent returned {type(report).__name__}, a report is a text (str) or None"
            raise WrongReport(msg)
        return report


def _finished(report: Awaitable[Report]) -> Report:
    """Await a report, in a thread of its own where this one is running a loop already (an async test)."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(_awaited(report))
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, _awaited(report)).result()


async def _awaited(report: Awaitable[Report]) -> Report:
    return await report


def as_agent(agent: Agent | AgentFunction) -> Agent:
    """Give an `Agent` for a function; an `Agent` as it is; anything else raises `UsageError`."""
    if isinstance(agent, Agent) and not inspect.isclass(agent):
        return agent
    if callable(agent):
        return CallableAgent(agent)
    msg = f"an agent is a function that takes the brief, or an object with name, configuration and run(); this is {agent!r}"
    raise UsageError(msg)


@dataclass(frozen=True, slots=True)
class Served:
    """An agent that meets the account at the endpoint: the same in everything else."""

    agent: Agent
    clock: str = "hybrid"
    served: bool = True

    @property
    def name(self) -> str:
        """The agent's own."""
        return self.agent.name

    @property
    def configuration(self) -> str:
        """The agent's own."""
        return self.agent.configuration

    def run(self, brief: Brief) -> str:
        """Let the agent run."""
        return self.agent.run(brief)


def is_served(agent: Agent) -> bool:
    """Tell whether an agent meets the account at the endpoint."""
    return bool(getattr(agent, "served", False))


def clock_of(agent: Agent) -> str:
    """Give the clock of an agent's trials: 'virtual' or 'hybrid'; another one raises `UsageError`."""
    clock = str(getattr(agent, "clock", "hybrid" if is_served(agent) else "virtual"))
    if clock not in {"virtual", "hybrid"}:
        msg = f"the clock of {agent.name} is {clock!r}: say 'virtual' or 'hybrid'"
        raise UsageError(msg)
    return clock


def model_hosts_of(agent: Agent) -> tuple[str, ...]:
    """Give the hosts that an agent's model needs; an agent that has a model says so by `model_hosts`."""
    return tuple(getattr(agent, "model_hosts", ()))


def recording_of(agent: Agent) -> str:
    """Give the SHA-256 of the recorded conversation an agent replays, '' for one whose model answers."""
    return str(getattr(agent, "replays", ""))


def configuration_hash(agent: Agent) -> str:
    """Give the SHA-256 of what makes the agent behave as it does."""
    return hashlib.sha256(agent.configuration.encode()).hexdigest()


PATIENCE = 600.0
"""Real seconds for a program that is an agent: it waits for the account in real time, and for its model."""


def limits_for(agent: Agent, limits: Limits) -> Limits:
    """Give the limits of a trial: an agent may say by `patience` how many real seconds it needs where a scenario says none."""
    needed = getattr(agent, "patience", limits.seconds)
    usual = limits.seconds == Limits().seconds
    return dataclasses.replace(limits, seconds=needed) if usual and needed > limits.seconds else limits
