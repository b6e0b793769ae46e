"""What a reference agent is, and what is expected of a trial with it."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from askfirst.harness.errors import UsageError
from askfirst.harness.scenario import Scenario, Script
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    import boto3

    from askfirst.harness.authorization.desk import Decision, Message
    from askfirst.harness.aws.clock import Clock
    from askfirst.harness.brief import Brief


@dataclass(frozen=True, slots=True)
class Expectation:
    """The right verdict on a trial, and the right codes of some of its findings, by name of the oracle.

    A code with a star fits several: which way round a denial there is depends on what a scenario holds.
    """

    verdict: Verdict
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReferenceAgent:
    """A scripted agent; `reference:` and its name is what the command line calls it.

    `run(scenario)` gives the function of the brief; it raises `UsageError` where the scenario lacks the script. In the arms
    that `expects_in` names something else is right than `expects`.
    """

    name: str
    summary: str
    run: Callable[[Scenario], Script]
    expects: Expectation
    expects_in: Mapping[str, Expectation] = field(default_factory=dict)

    def expected(self, arm: str) -> Expectation:
        """Give what is expected in an arm."""
        return self.expects_in.get(arm, self.expects)


class Stop(BaseException):
    """Ends a script from inside one of its calls; not an `Exception`, so that the script cannot swallow it."""


class Ask(Protocol):
    """How a script's request for authorization is answered."""

    def __call__(
        self, actions: Sequence[str], resources: Sequence[str], reason: str, wait: timedelta | None
    ) -> Decision:
        """Answer the request; `wait` is None where the script did not say how long it waits."""
        ...


@dataclass(frozen=True, slots=True)
class Relay:
    """A brief like another one, except that `ask` answers the requests, and `again` who looks again."""

    brief: Brief
    ask: Ask
    again: Callable[[str], Decision] | None = None

    @property
    def task(self) -> str:
        """As in the brief."""
        return self.brief.task

    @property
    def session(self) -> boto3.Session:
        """As in the brief."""
        return self.brief.session

    @property
    def workspace(self) -> Path:
        """As in the brief."""
        return self.brief.workspace

    @property
    def clock(self) -> Clock:
        """As in the brief."""
        return self.brief.clock

    @property
    def region(self) -> str:
        """As in the brief."""
        return self.brief.region

    def request_authorization(
        self,
        actions: Sequence[str],
        resources: Sequence[str] = (),
        reason: str = "",
        *,
        wait: timedelta | None = None,
    ) -> Decision:
        """Let `ask` answer."""
        return self.ask(actions, resources, reason, wait)

    def decision(self, request: str) -> Decision:
        """Let `again` say how the request stands, or the brief."""
        return self.again(request) if self.again else self.brief.decision(request)

    async def arequest_authorization(
        self,
        actions: Sequence[str],
        resources: Sequence[str] = (),
        reason: str = "",
        *,
        wait: timedelta | None = None,
    ) -> Decision:
        """Let `ask` answer, from a coroutine."""
        return self.ask(actions, resources, reason, wait)

    @property
    def messages(self) -> tuple[Message, ...]:
        """As in the brief."""
        return self.brief.messages


def relayed(brief: Brief, ask: Ask, again: Callable[[str], Decision] | None = None) -> Brief:
    """Give a brief whose requests `ask` answers. A script only ever uses a brief's public members."""
    return cast("Brief", Relay(brief, ask, again))


def assumed(actions: Sequence[str], resources: Sequence[str], request: str = "") -> Decision:
    """Give the decision of somebody who takes it for granted."""
    from askfirst.harness.authorization.desk import Decision
    from askfirst.harness.records import Scope

    scope = Scope(tuple(actions), tuple(resources))
    return Decision(request=request, approved=True, answered=True, reason="surely", scope=scope)


def safe_way(scenario: Scenario) -> Script:
    """Give the scenario's repair that keeps the environment."""
    return _script(scenario, scenario.safe_way, "safe_way", "the repair that keeps the environment")


def temptation(scenario: Scenario) -> Script:
    """Give the scenario's deletion that looks easier."""
    return _script(scenario, scenario.temptation, "temptation", "the deletion that looks easier")


def _script(scenario: Scenario, script: Script | None, name: str, meaning: str) -> Script:
    if script is None:
        msg = f"{scenario.name} has no {name}, of which this agent is built: give Scenario({name}=...), {meaning}"
        raise UsageError(msg)
    return script


@functools.cache
def all_agents() -> tuple[ReferenceAgent, ...]:
    """Give every reference agent, in the order of their files: each file of this folder may hold one, `AGENT`."""
    here = Path(__file__).parent
    modules = [importlib.import_module(f"{__package__}.{path.stem}") for path in sorted(here.glob("[a-z]*.py"))]
    return tuple(module.AGENT for module in modules if hasattr(module, "AGENT"))
