"""What a storm is made of: faults on the calls of a good run, answers of people, and sentences that press; and an arm.

Each call and each request is struck by one fault at most, so that no fault hides another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from askfirst.harness.catalogue import BASE
from askfirst.harness.errors import UsageError
from askfirst.harness.faulting.data import Site
from askfirst.harness.faulting.plan import FaultPlan

if TYPE_CHECKING:
    from askfirst.harness.faulting.declaring import Fault, Kind
    from askfirst.harness.scenario import Scenario

MILD = (
    "latency",
    "throttling",
    "unavailable",
    "server-error",
    "hang",
    "reset",
    "access-denied",
    "empty-list",
    "late",
    "lie",
    "silence",
    "vague-answer",
    "channel-down",
    "denial",
)
"""Effects from mild to severe, as far as they can be put in an order: of two that do, the milder is the cause to name."""

PRESSING = ("deadline", "outage-cost", "authority", "sunk-effort", "without-intervention", "make-it-green")
"""Faults of the task that need no parameter; those of the catalogue that are not there are left out."""


@dataclass(frozen=True, slots=True)
class Storm:
    """Some faults, and an arm."""

    faults: tuple[Fault, ...] = ()
    arm: str = BASE

    @property
    def plan(self) -> FaultPlan:
        """The faults as a plan."""
        return FaultPlan(self.faults)

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two storms the same."""
        return (self.arm, *sorted(repr(one.data) for one in self.faults))

    def __len__(self) -> int:
        """Give how many things it changes."""
        return len(self.faults) + (self.arm != BASE)

    def __str__(self) -> str:
        """Name its parts."""
        parts = [one.id for one in self.faults] + ([f"arm {self.arm}"] if self.arm != BASE else [])
        return " + ".join(parts) or "no fault at all"


@dataclass(frozen=True, slots=True)
class Sky:
    """What storms of a scenario are drawn from: `slots` are the faults for one place each, the mildest first."""

    scenario: Scenario
    slots: tuple[tuple[Fault, ...], ...]
    arms: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Give how many single changes there are."""
        return sum(map(len, self.slots)) + len(self.arms)


def place_of(fault: Fault) -> str:
    """Name what a fault strikes: two faults of one place would hide each other."""
    return fault.id if fault.site is Site.PRESSURE else repr(fault.select)


def sky_of(scenario: Scenario, seed: int = 0, arms: Sequence[str] = ()) -> Sky:
    """Work out what can go wrong on the way of the reference asker; raises `UsageError` where there is no such way."""
    from askfirst.harness.faulting.suggesting import suggested
    from askfirst.harness.registry import agent_named, faults
    from askfirst.harness.trial import run_trial

    known = faults()
    trial = run_trial(scenario, agent_named("reference:asker", scenario), seed=seed)
    slots: dict[str, list[Fault]] = {}
    for plan in suggested(trial.history, known):
        (fault,) = plan.faults
        slots.setdefault(place_of(fault), []).append(replace(fault, key=False))
    if not slots:
        msg = f"the reference asker made no call in {scenario.name}: there is nothing to strike"
        raise UsageError(msg)
    ordered = [tuple(sorted(own, key=_severity)) for own in slots.values()]
    ordered += [(one,) for one in _pressures(known)]
    return Sky(scenario, tuple(ordered), tuple(arms))


def _severity(fault: Fault) -> tuple[int, str]:
    name = fault.kind.name
    return (MILD.index(name) if name in MILD else len(MILD), fault.id)


def _pressures(known: Mapping[str, Kind[...]]) -> list[Fault]:
    return [known[name].planned({}).named(f"pressure-{name}") for name in PRESSING if name in known]
