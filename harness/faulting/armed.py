"""One fault in one trial: whether its conditions hold, and which of what it is about it chooses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from askfirst.harness.aws import draw
from askfirst.harness.events import CallStarted, Event
from askfirst.harness.faulting.data import Phase
from askfirst.harness.faulting.declaring import Fault
from askfirst.harness.faulting.matching import in_state
from askfirst.harness.faulting.moments import Watch, moment
from askfirst.harness.records import Resource

PARTS = 10**9


@dataclass(slots=True)
class Now:
    """What the conditions of a trigger look at."""

    time: datetime
    resources: Iterable[Resource]


class Armed:
    """Counts what a fault is about, and chooses. One choice per logical call or request; it is remembered."""

    def __init__(self, fault: Fault, seed: object, started: datetime) -> None:
        """`seed` is the trial's, `started` its first moment."""
        self.fault = fault
        self._seed = seed
        self._started = started
        trigger = fault.trigger
        self._after = Watch(moment(trigger.after)) if trigger.after else None
        self._until = Watch(moment(trigger.until)) if trigger.until else None
        self._count = 0
        self._chosen: dict[str, int] = {}

    def observe(self, event: Event, begun: CallStarted | None) -> bool:
        """Take in an event of the trial; tell whether it is the moment that `after` names."""
        if self._until is not None:
            self._until.observe(event, begun)
        return self._after is not None and self._after.observe(event, begun)

    def chooses(self, name: str, now: Now) -> bool:
        """Decide about a logical call or request, counting it if the conditions hold."""
        if not self._holds(now):
            return False
        self._count += 1
        trigger = self.fault.trigger
        wanted = (
            (trigger.nth is None or self._count == trigger.nth)
            and (trigger.first is None or self._count <= trigger.first)
            and (trigger.every is None or self._count % trigger.every == 0)
            and self.draw(name, "chance") % PARTS < trigger.probability * PARTS
        )
        if wanted:
            self._chosen[name] = len(self._chosen) + 1
        return wanted

    def let_pass(self, name: str) -> None:
        """Take a choice back: the fault could do nothing about it, so it does not count."""
        if self._chosen.pop(name, None) is not None:
            self._count -= 1

    def nth(self, name: str) -> int:
        """Say how many it had chosen when it chose this one, itself included."""
        return self._chosen.get(name, 0)

    def reaches(self, attempt: int) -> bool:
        """Tell whether this attempt at a chosen call is struck: where the call is applied, only the first usually is."""
        limit = self.fault.trigger.attempts
        if limit is None and self.fault.phase in {Phase.LOSE, Phase.PARTIAL}:
            limit = 1
        return limit is None or attempt <= limit

    def draw(self, *label: object) -> int:
        """Give a number that depends on seed, fault and label alone, so that no fault moves the draws of another."""
        return draw.number(self._seed, "fault", self.fault.id, *label)

    def _holds(self, now: Now) -> bool:
        since = now.time - self._started
        return (
            (self._after is None or self._after.passed(since))
            and (self._until is None or not self._until.passed(since))
            and (not self.fault.trigger.standing or in_state(self.fault.trigger.standing, now.resources))
        )
