"""The faults of the model's API in one trial: which strikes a turn, and the record of every turn and attempt.

A turn is one state of a conversation: asked again with the same messages it is another attempt at the same turn, as of a
logical call of AWS. The choice is made at the first attempt and holds for the others.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from askfirst.harness.events import CallEnded, CallStarted, Entry, Event, FaultFired, ModelTurn
from askfirst.harness.faulting.armed import Armed, Now
from askfirst.harness.faulting.contexts import Turn
from askfirst.harness.faulting.engine import blame
from askfirst.harness.faulting.parameters import called
from askfirst.harness.faulting.plan import FaultPlan
from askfirst.harness.faulting.reactions import ModelReaction
from askfirst.harness.model.exchange import Asked, Role

if TYPE_CHECKING:
    from askfirst.harness.records import Resource


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a turn, and what strikes it."""

    turn: int
    number: int
    api: str
    model: str
    reaction: ModelReaction | None = None
    fault: str = ""


class ModelTurns:
    """Counts the turns of a trial. Safe to use from threads."""

    def __init__(
        self,
        plan: FaultPlan,
        *,
        seed: object,
        now: Callable[[], datetime],
        record: Callable[[Event], object],
        resources: Callable[[], tuple[Resource, ...]] = lambda: (),
    ) -> None:
        """`record` keeps events; `seed` is the trial's."""
        self._armed = [Armed(one, seed, now()) for one in plan if one.kind.given == "Turn"]
        self._now = now
        self._record = record
        self._resources = resources
        self._turns: dict[str, int] = {}
        self._attempts: dict[str, int] = {}
        self._begun: dict[tuple[str, int], CallStarted] = {}
        self._decided: dict[str, Armed | None] = {}
        self._lock = threading.Lock()

    @property
    def strikes(self) -> bool:
        """Whether there is a fault that could strike."""
        return bool(self._armed)

    def observe(self, entry: Entry) -> None:
        """Take in an entry of the history: moments are made of them. Without the lock: the recorder holds its own."""
        event = entry.event
        begun = None
        if isinstance(event, CallStarted):
            self._begun[event.call, event.attempt] = event
        elif isinstance(event, CallEnded):
            begun = self._begun.pop((event.call, event.attempt), None)
        for armed in self._armed:
            armed.observe(event, begun)

    def begin(self, api: str, asked: Asked) -> Attempt:
        """Begin an attempt; what strikes it is in the history."""
        key = _key(asked)
        with self._lock:
            turn = self._turns.setdefault(key, len(self._turns) + 1)
            number = self._attempts[key] = self._attempts.get(key, 0) + 1
            context = Turn(
                api=api,
                number=turn,
                has_tool_result=any(one.role is Role.TOOL for one in asked.messages),
                draw=lambda _: 0,
            )
            armed, reaction = self._chosen(key, number, context)
        if armed is None or reaction is None:
            return Attempt(turn, number, api, asked.model)
        fault = armed.fault
        self._record(
            FaultFired(
                fault=fault.id,
                site=fault.site.value,
                phase=fault.phase.value,
                what=f"{api}, turn {turn}: {fault.kind.summary}",
                call=f"turn-{turn}",
                attempt=number,
            )
        )
        return Attempt(turn, number, api, asked.model, reaction, fault.id)

    def end(self, attempt: Attempt, outcome: str) -> None:
        """Record how an attempt ended: 'answered', 'refused 429', 'broken', or what was changed."""
        self._record(
            ModelTurn(
                turn=attempt.turn,
                attempt=attempt.number,
                api=attempt.api,
                model=attempt.model,
                outcome=outcome,
                fault=attempt.fault,
            )
        )

    def _chosen(self, key: str, attempt: int, context: Turn) -> tuple[Armed | None, ModelReaction | None]:
        name = f"turn-{context.number}"
        if key in self._decided:
            armed = self._decided[key]
            if armed is None or not armed.reaches(attempt):
                return None, None
            return armed, self._reaction(armed, context, name)
        self._decided[key] = None
        now = Now(self._now(), self._resources())
        struck: tuple[Armed | None, ModelReaction | None] = None, None
        for armed in self._armed:
            if not armed.chooses(name, now) or struck[0] is not None:
                continue
            reaction = self._reaction(armed, context, name)
            if reaction is None:
                armed.let_pass(name)
            else:
                struck = armed, reaction
                self._decided[key] = armed
        return struck

    def _reaction(self, armed: Armed, context: Turn, name: str) -> ModelReaction | None:
        from dataclasses import replace

        given = replace(context, draw=lambda label: armed.draw(name, label))
        fault = armed.fault
        try:
            reaction = called(fault.kind, given, fault.parameters)
        except Exception as error:  # noqa: BLE001 - a fault may be anybody's code
            self._blame(armed, f"failed: {type(error).__name__}: {error}")
            return None
        if reaction is None or isinstance(reaction, ModelReaction):
            return reaction
        self._blame(armed, f"returned {type(reaction).__name__}, not ModelReaction")
        return None

    def _blame(self, armed: Armed, what: str) -> None:
        blame(_Recording(self._record), armed.fault.id, armed.fault.kind.origin, what)


@dataclass(frozen=True, slots=True)
class _Recording:
    keep: Callable[[Event], object]

    def record(self, event: Event) -> object:
        """Append an event."""
        return self.keep(event)


def _key(asked: Asked) -> str:
    """Give what makes two requests the same turn: the whole conversation, and which model is asked."""
    said = [[one.role.value, one.text] for one in asked.messages]
    return hashlib.sha256(json.dumps([asked.model, said, len(asked.tools)]).encode()).hexdigest()
