"""What a storm over a scenario is drawn from.

Each call and each request is struck by one fault at most, so that no fault hides another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from askfirst.harness.catalogue import BASE
from askfirst.harness.errors import UnknownName, UsageError
from askfirst.harness.faulting.data import Site
from askfirst.harness.search.answering import answers_of
from askfirst.harness.search.storms import Storm

if TYPE_CHECKING:
    from askfirst.harness.faulting.declaring import Fault, Kind
    from askfirst.harness.history import History
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
class Sky:
    """What storms of a scenario are drawn from: `slots` are the faults for one place each, the mildest first.

    `people` are the changes for one person each.
    """

    scenario: Scenario
    slots: tuple[tuple[Fault, ...], ...]
    arms: tuple[str, ...] = ()
    people: tuple[tuple[str, ...], ...] = ()

    def __len__(self) -> int:
        """Give how many single changes there are."""
        return sum(map(len, self.slots)) + len(self.arms) + sum(map(len, self.people))

    def grown(self, history: History) -> Sky:
        """Give it with the calls of another trial: what an agent does only in a storm can be struck as well."""
        from askfirst.harness.registry import faults

        known = {place_of(slot[0]) for slot in self.slots}
        new = [slot for slot in _slots(history, faults()) if place_of(slot[0]) not in known]
        return replace(self, slots=(*self.slots, *new)) if new else self

    def named(self, *changes: str, arm: str = BASE) -> Storm:
        """Give the storm of these changes; raises `UnknownName` for one that is not there."""
        there = {one.id: one for slot in self.slots for one in slot}
        answers = [one for each in self.people for one in each]
        for change in changes:
            if change not in there and change not in answers:
                what = f"change of {self.scenario.name}"
                raise UnknownName(what, change, [*there, *answers])
        faults = tuple(there[one] for one in changes if one in there)
        return Storm(faults, arm, tuple(one for one in changes if one not in there))


def place_of(fault: Fault) -> str:
    """Name what a fault strikes: two faults of one place would hide each other."""
    return fault.id if fault.site is Site.PRESSURE else repr(fault.select)


def sky_of(scenario: Scenario, seed: int = 0, arms: Sequence[str] = (), *, people: bool = False) -> Sky:
    """Work out what can go wrong on the way of the reference asker; raises `UsageError` where there is no such way.

    With `people` each of them may also answer otherwise than is written for them.
    """
    from askfirst.harness.registry import agent_named, faults
    from askfirst.harness.trial import run_trial

    known = faults()
    trial = run_trial(scenario, agent_named("reference:asker", scenario), seed=seed)
    slots = _slots(trial.history, known)
    if not slots:
        msg = f"the reference asker made no call in {scenario.name}: there is nothing to strike"
        raise UsageError(msg)
    pressures = [(one,) for one in _pressures(known)]
    return Sky(scenario, (*slots, *pressures), tuple(arms), answers_of(scenario) if people else ())


def _slots(history: History, known: Mapping[str, Kind[...]]) -> list[tuple[Fault, ...]]:
    """Give the faults that can strike what was called and asked in a trial, those of one place together."""
    from askfirst.harness.faulting.suggesting import suggested

    slots: dict[str, list[Fault]] = {}
    for plan in suggested(history, known):
        (fault,) = plan.faults
        slots.setdefault(place_of(fault), []).append(replace(fault, key=False))
    return [tuple(sorted(own, key=_severity)) for own in slots.values()]


def _severity(fault: Fault) -> tuple[int, str]:
    name = fault.kind.name
    return (MILD.index(name) if name in MILD else len(MILD), fault.id)


def _pressures(known: Mapping[str, Kind[...]]) -> list[Fault]:
    return [known[name].planned({}).named(f"pressure-{name}") for name in PRESSING if name in known]
