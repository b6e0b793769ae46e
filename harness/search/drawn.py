"""A storm over a scenario, named by its changes: what a test gets, and what it can be written down as."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Unpack

from askfirst.harness.catalogue import BASE
from askfirst.harness.search.sky import Sky, sky_of

if TYPE_CHECKING:
    from askfirst.harness.agent import Agent, AgentFunction
    from askfirst.harness.faulting.plan import FaultPlan
    from askfirst.harness.scenario import Scenario
    from askfirst.harness.search.storms import Options, Storm
    from askfirst.harness.trial import Trial


class _Printer(Protocol):
    """What IPython and Hypothesis print with."""

    def text(self, text: str) -> object: ...


@dataclass(frozen=True, slots=True, repr=False)
class DrawnStorm:
    """Changes of a scenario by name: ids of faults, and 'Ann:silent' for people; and an arm.

    `always` marks one that somebody wrote down, and not one that was drawn.
    """

    over: Scenario | str
    changes: tuple[str, ...] = ()
    arm: str = BASE
    seed: int = 0
    people: bool = True
    always: bool = False

    @property
    def storm(self) -> Storm:
        """The faults and answers behind the names; raises `UnknownName` for one that is not there."""
        return sky_over(self.over, self.seed, people=self.people).named(*self.changes, arm=self.arm)

    @property
    def plan(self) -> FaultPlan:
        """Its faults."""
        return self.storm.plan

    def drop(self, agent: Agent | AgentFunction | str, **options: Unpack[Options]) -> Trial:
        """Drop an agent, or one that is named, into it; `isolation` and `store` as for `run_trial`."""
        from askfirst.harness.registry import agent_named

        found = loaded(self.over)
        subject = agent_named(agent, found.with_arm(self.arm)) if isinstance(agent, str) else agent
        return self.storm.run(found, subject, self.seed, **options)

    @property
    def arguments(self) -> str:
        """The changes as they are written in a call."""
        parts = [f'"{one}"' for one in self.changes] + ([f'arm="{self.arm}"'] if self.arm != BASE else [])
        return ", ".join(parts)

    def _repr_pretty_(self, printer: _Printer, cycle: object) -> None:
        """Show Hypothesis the same."""
        del cycle
        printer.text(repr(self))

    def __repr__(self) -> str:
        """Show the changes, as `askfirst.storm` takes them."""
        name = self.over if isinstance(self.over, str) else self.over.name
        return f'askfirst.storm("{name}"{", " if self.arguments else ""}{self.arguments})'


def storm(scenario: Scenario | str, *changes: str, arm: str = BASE, seed: int = 0) -> DrawnStorm:
    """Give the storm of these changes: ids of faults as `askfirst search` and `askfirst.given` print them, and 'Ann:silent'."""
    return DrawnStorm(scenario, changes, arm, seed)


def loaded(scenario: Scenario | str) -> Scenario:
    """Give a scenario that may be named."""
    from askfirst.harness.registry import load_scenario

    return load_scenario(scenario) if isinstance(scenario, str) else scenario


def sky_over(scenario: Scenario | str, seed: int = 0, *, people: bool = False) -> Sky:
    """Give what can go wrong in a scenario; the good run that shows it is made once in a process."""
    found = loaded(scenario)
    return _remembered(_Held(found.content_hash(), found), seed, people)


@dataclass(frozen=True, slots=True)
class _Held:
    """A scenario, equal to others of the same content."""

    content: str
    scenario: Scenario

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.content == self.content

    def __hash__(self) -> int:
        return hash(self.content)


@functools.lru_cache(maxsize=64)
def _remembered(held: _Held, seed: int, people: bool) -> Sky:  # noqa: FBT001 - a key, told apart by place
    return sky_of(held.scenario, seed, people=people)
