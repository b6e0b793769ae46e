"""The desk: requests arrive, scripted people answer in the trial's time, and grants are made or not."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from askfirst.harness import scenario
from askfirst.harness.authorization.desk import Desk
from askfirst.harness.errors import UnknownName
from askfirst.harness.events import Decided, Entry, Event, Granted, Reply, Requested, Revoked
from askfirst.harness.history import Recorder
from askfirst.harness.policy import REQUESTER, Authority, Person, Rule, approve, deny, silence
from askfirst.harness.records import Resource

START = datetime(2025, 12, 15, 1, 20, tzinfo=UTC)
STACK = "arn:aws-cn:cloudformation:cn-northwest-1:111122223333:stack/cost-explorer-prod/0a1b"
WORLD = (Resource(STACK, "cloudformation.stack", "cost-explorer-prod", "1"),)
CONTINUE = "cloudformation:ContinueUpdateRollback"
DELETE = "cloudformation:DeleteStack"


class Clock:
    """A clock that moves when somebody waits."""

    def __init__(self) -> None:
        self.time = START
        self.due: list[tuple[datetime, int, Callable[[], None]]] = []
        self.booked = 0

    def now(self) -> datetime:
        return self.time

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        self.booked += 1
        heapq.heappush(self.due, (when, self.booked, act))

    def wait_until(self, when: datetime) -> None:
        while self.due and self.due[0][0] <= when:
            due, _, act = heapq.heappop(self.due)
            self.time = max(self.time, due)
            act()
        self.time = max(self.time, when)


class Office:
    """A desk with its clock and what it recorded."""

    def __init__(self, *people: Person, approvals: int = 1, roles: Sequence[str] = ()) -> None:
        self.clock = Clock()
        self.entries: list[Entry] = []
        self.recorder = Recorder(self.clock.now)
        self.desk = Desk(
            authority=Authority(approvals=approvals, roles=tuple(roles)),
            people=people,
            clock=self.clock,
            recorder=self,
            world=lambda: WORLD,
        )

    def record(self, event: Event) -> Entry:
        self.entries.append(self.recorder.record(event))
        return self.entries[-1]

    def of[T](self, kind: type[T]) -> list[T]:
        return [one.event for one in self.entries if isinstance(one.event, kind)]

    def said(self) -> list[tuple[float, str, Reply, bool]]:
        """Give every answer: minutes since the start, person, reply, and whether it counted."""
        return [
            ((one.at - START).total_seconds() / 60, one.event.person, one.event.reply, one.event.counts)
            for one in self.entries
            if isinstance(one.event, Decided)
        ]
