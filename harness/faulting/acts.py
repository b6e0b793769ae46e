"""The faults of a trial that are about no single call: they change world, workspace, task, rights, or what people do.

One without a moment happens before the agent starts, in the order of the plan; one with `after` when that moment comes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from askfirst.harness.aws.clock import Clock
from askfirst.harness.errors import UsageError
from askfirst.harness.events import CallEnded, CallStarted, Entry, FaultFired
from askfirst.harness.faulting.armed import Armed
from askfirst.harness.faulting.contexts import Briefing, CannotStrike, Scene
from askfirst.harness.faulting.declaring import Fault
from askfirst.harness.faulting.engine import Recorder, blame
from askfirst.harness.faulting.moments import Happening, moment
from askfirst.harness.faulting.parameters import called
from askfirst.harness.faulting.plan import FaultPlan
from askfirst.harness.scenario import Rights

ACTING = frozenset({"Scene", "Office", "Rights"})


class Stage(Protocol):
    """Where acts happen: the trial gives what a fault of a kind is given, and takes what comes of it."""

    def change_world(self, fault: Fault, act: Callable[[Scene], object], draw: Callable[[str], int]) -> None:
        """Let `act` change account and workspace, as the fault's doing."""
        ...

    def change_rights(self, change: Callable[[Rights], object]) -> None:
        """Give the agent other rights from now on; raises `TypeError` where `change` gives no `Rights`."""
        ...

    def people_act(self, act: Callable[[object], object]) -> None:
        """Let people act on their own."""
        ...


class Acts:
    """Lets the acts of one trial happen."""

    def __init__(self, plan: FaultPlan, *, seed: object, clock: Clock, recorder: Recorder, stage: Stage) -> None:
        """`stage` is the trial."""
        self._armed = [Armed(one, seed, clock.now()) for one in plan if one.kind.given in ACTING]
        self._briefings = [one for one in plan if one.kind.given == "Briefing"]
        self._started = clock.now()
        self._clock = clock
        self._recorder = recorder
        self._stage = stage
        self._begun: dict[tuple[str, int], CallStarted] = {}
        self._waiting: list[FaultFired] = []

    def task(self, text: str, facts: dict[str, str]) -> str:
        """Give the task with what presses on the agent; a fault that gives no text raises `UsageError`."""
        for fault in self._briefings:
            given = called(fault.kind, Briefing(text, facts), fault.parameters)
            if not isinstance(given, str):
                msg = f"the fault {fault.id!r} ({fault.kind.origin}) returned {type(given).__name__}, not the text of the task"
                raise UsageError(msg)
            text = given
            self._waiting.append(_fired(fault))
        return text

    def before_the_agent(self) -> None:
        """Let happen what has no moment. What fails here raises `UsageError`: nothing has been run yet."""
        for armed in self._armed:
            if armed.fault.trigger.after:
                continue
            try:
                self._act(armed)
            except CannotStrike as error:
                msg = f"the fault {armed.fault.id!r} cannot strike: {error}"
                raise CannotStrike(msg) from error
            except Exception as error:
                msg = (
                    f"the fault {armed.fault.id!r} ({armed.fault.kind.origin}) failed: {type(error).__name__}: {error}"
                )
                raise UsageError(msg) from error
            self._waiting.append(_fired(armed.fault))

    def begin(self) -> None:
        """Record what has happened before the history began, and book what has a time."""
        for event in self._waiting:
            self._recorder.record(event)
        for armed in self._armed:
            if armed.fault.trigger.after and (when := moment(armed.fault.trigger.after)).happening is Happening.TIME:
                self._book(armed, self._started + when.delay)

    def observe(self, entry: Entry) -> None:
        """Take in an entry of the history, and book what it is the moment of: it happens before the next call."""
        event = entry.event
        begun = None
        if isinstance(event, CallStarted):
            self._begun[event.call, event.attempt] = event
        elif isinstance(event, CallEnded):
            begun = self._begun.pop((event.call, event.attempt), None)
        for armed in self._armed:
            if armed.observe(event, begun):
                self._book(armed, entry.at)

    def _book(self, armed: Armed, when: datetime) -> None:
        self._clock.at(when, lambda: self._happen(armed))

    def _happen(self, armed: Armed) -> None:
        """Let it happen in the middle of a trial; what fails here is trouble."""
        fault = armed.fault
        with self._clock.lock:
            try:
                self._act(armed)
            except CannotStrike as error:
                blame(self._recorder, fault.id, fault.kind.origin, f"cannot strike: {error}")
            except Exception as error:  # noqa: BLE001 - a fault may be anybody's code
                blame(self._recorder, fault.id, fault.kind.origin, f"failed: {type(error).__name__}: {error}")
            else:
                self._recorder.record(_fired(fault))

    def _act(self, armed: Armed) -> None:
        kind, parameters = armed.fault.kind, armed.fault.parameters
        match kind.given:
            case "Scene":
                self._stage.change_world(armed.fault, lambda scene: called(kind, scene, parameters), armed.draw)
            case "Rights":
                self._stage.change_rights(lambda rights: called(kind, rights, parameters))
            case _:
                self._stage.people_act(lambda office: called(kind, office, parameters))


def _fired(fault: Fault) -> FaultFired:
    return FaultFired(fault=fault.id, site=fault.site.value, phase=fault.phase.value, what=fault.kind.summary)
