"""The fault engine of one trial: chooses the fault that strikes a call or a request, and says in the history that it did.

First match wins: the faults are tried in the order of the plan, each counts what it is about whether or not an earlier
one takes it. A fault that misbehaves (an exception, a wrong return) is trouble and strikes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from askfirst.harness.authorization.people import Answer
from askfirst.harness.events import CallEnded, CallStarted, Entry, Event, FaultFired, Requested, Trouble, TroubleKind
from askfirst.harness.faulting import reactions
from askfirst.harness.faulting.armed import Armed, Now
from askfirst.harness.faulting.contexts import Asked, CannotStrike, ChannelDown, Struck
from askfirst.harness.faulting.data import Phase, Selector
from askfirst.harness.faulting.matching import fits_call, fits_request
from askfirst.harness.faulting.parameters import called
from askfirst.harness.faulting.plan import FaultPlan
from askfirst.harness.faulting.reactions import Strike
from askfirst.harness.records import Resource

if TYPE_CHECKING:
    from askfirst.harness.aws.wire import WireAnswer

Replies = tuple[Answer, ...] | ChannelDown

REACTIONS = tuple(
    getattr(reactions, name)
    for name in ["Error", "NoAnswer", "Delay", "Lie", "FailLater", "Changed", "Partly", "Earlier"]
)
LOSING = (reactions.Error, reactions.NoAnswer)


class Recorder(Protocol):
    """The writer of the history, as far as the engine needs it."""

    def record(self, event: Event) -> object:
        """Append an event."""
        ...


class Engine:
    """The faults of one trial that strike calls and requests."""

    def __init__(
        self,
        plan: FaultPlan,
        *,
        seed: object,
        started: datetime,
        recorder: Recorder,
        resources: Callable[[], Iterable[Resource]],
    ) -> None:
        """`resources` gives what exists right now."""
        self._calls = [Armed(one, seed, started) for one in plan if one.kind.given == "Struck"]
        self._asked = [Armed(one, seed, started) for one in plan if one.kind.given == "Asked"]
        self._recorder = recorder
        self._resources = resources
        self._begun: dict[tuple[str, int], CallStarted] = {}
        self._decided: dict[str, Armed | None] = {}
        self._answers: dict[str, WireAnswer] = {}
        self._remembers = [one.fault for one in self._calls if one.fault.phase is Phase.CHANGE]

    @property
    def strikes_calls(self) -> bool:
        """Whether there is anything that could strike a call."""
        return bool(self._calls)

    def observe(self, entry: Entry) -> None:
        """Take in an entry of the history: moments are made of them."""
        event = entry.event
        begun = None
        if isinstance(event, CallStarted):
            self._begun[event.call, event.attempt] = event
        elif isinstance(event, CallEnded):
            begun = self._begun.pop((event.call, event.attempt), None)
        for armed in (*self._calls, *self._asked):
            armed.observe(event, begun)

    # -- calls -------------------------------------------------------------------------------------------------------

    def strike(self, start: CallStarted, iam: tuple[str, ...], now: datetime) -> Strike | None:
        """Choose what strikes an attempt, or None. The choice is made at the first attempt and holds for the others."""
        if start.call not in self._decided:
            return self._decide(start, iam, now)
        armed = self._decided[start.call]
        if armed is None or not armed.reaches(start.attempt):
            return None
        return self._react(armed, start, iam, now)

    def _decide(self, start: CallStarted, iam: tuple[str, ...], now: datetime) -> Strike | None:
        self._decided[start.call] = None
        strike: Strike | None = None
        when = Now(now, self._resources())
        for armed in self._calls:
            if not fits_call(_select(armed), start) or not armed.chooses(start.call, when) or strike is not None:
                continue
            strike = self._react(armed, start, iam, now)
            if strike is None:
                armed.let_pass(start.call)
            else:
                self._decided[start.call] = armed
        return strike

    def _react(self, armed: Armed, start: CallStarted, iam: tuple[str, ...], now: datetime) -> Strike | None:
        fault = armed.fault
        struck = Struck(
            service=start.service,
            operation=start.operation,
            parameters=start.parameters,
            region=start.region,
            account=start.account,
            principal=start.principal,
            level=start.level,
            iam=iam,
            targets=start.targets,
            call=start.call,
            attempt=start.attempt,
            now=now,
            phase=fault.phase,
            nth=armed.nth(start.call),
            answered_before=_key(start) in self._answers,
            draw=lambda label: armed.draw(start.call, label),
        )
        reaction = self._called(
            armed, struck, REACTIONS, f"a reaction ({', '.join(one.__name__ for one in REACTIONS)})"
        )
        if reaction is None:
            return None
        if fault.phase is Phase.LOSE and not isinstance(reaction, LOSING):
            self._blame(armed, f"gave {type(reaction).__name__} in the phase lose, which takes Error or NoAnswer")
            return None
        what = f"{start.action}: {reaction}"
        self._fired(armed, what, call=start.call, attempt=start.attempt)
        return Strike(fault.id, fault.phase.value, reaction)

    def answered(self, start: CallStarted, answer: WireAnswer) -> None:
        """Remember a true answer to a call that changes nothing, where a fault may want to give it again."""
        if any(one.select is not None and fits_call(one.select, start) for one in self._remembers):
            self._answers[_key(start)] = answer

    def earlier(self, start: CallStarted) -> WireAnswer | None:
        """Give the last true answer to the same call."""
        return self._answers.get(_key(start))

    # -- requests ----------------------------------------------------------------------------------------------------

    def replies(self, asked: Asked, request: Requested, now: datetime) -> Replies:
        """Give what the people answer to a request, as the first fault that chooses it makes it."""
        result: Replies | None = None
        when = Now(now, self._resources())
        for armed in self._asked:
            if not fits_request(_select(armed), request) or not armed.chooses(request.request, when):
                continue
            if result is None:
                result = self._replied(armed, asked, request)
                if result is None:
                    armed.let_pass(request.request)
        return asked.answers if result is None else result

    def _replied(self, armed: Armed, asked: Asked, request: Requested) -> Replies | None:
        from dataclasses import replace

        context = replace(asked, draw=lambda label: armed.draw(request.request, label))
        given: Replies | None = self._called(armed, context, (tuple, ChannelDown), "a tuple of Answer, or ChannelDown")
        if isinstance(given, tuple) and not all(isinstance(one, Answer) for one in given):
            self._blame(armed, "gave a tuple that holds something else than Answer")
            return None
        if given is not None:
            self._fired(armed, armed.fault.kind.summary, request=request.request)
        return given

    # -- what both share ---------------------------------------------------------------------------------------------

    def _called(self, armed: Armed, context: object, kinds: tuple[type, ...], wanted: str) -> Any:  # noqa: ANN401 - one of `kinds`
        """Call the fault's function; blame it for what is neither of the kinds nor None."""
        try:
            given = called(armed.fault.kind, context, armed.fault.parameters)
        except CannotStrike as error:
            self._blame(armed, f"cannot strike: {error}")
            return None
        except Exception as error:  # noqa: BLE001 - a fault may be anybody's code
            self._blame(armed, f"failed: {type(error).__name__}: {error}")
            return None
        if given is None or isinstance(given, kinds):
            return given
        self._blame(armed, f"returned {type(given).__name__}, not {wanted}")
        return None

    def _blame(self, armed: Armed, what: str) -> None:
        blame(self._recorder, armed.fault.id, armed.fault.kind.origin, what)

    def _fired(self, armed: Armed, what: str, *, call: str = "", attempt: int = 0, request: str = "") -> None:
        fault = armed.fault
        self._recorder.record(
            FaultFired(
                fault=fault.id,
                site=fault.site.value,
                phase=fault.phase.value,
                what=what,
                call=call,
                attempt=attempt,
                request=request,
            )
        )


def blame(recorder: Recorder, fault: str, origin: str, what: str) -> None:
    """Record that a fault misbehaved: the trial then proves nothing."""
    recorder.record(Trouble(TroubleKind.HARNESS, f"the fault {fault!r} ({origin}) {what}"))


def _select(armed: Armed) -> Selector:
    return armed.fault.select or Selector()


def _key(start: CallStarted) -> str:
    parameters: Mapping[str, object] = start.parameters
    text = json.dumps(parameters, sort_keys=True, default=str)
    return f"{start.author.value}|{start.account}|{start.region}|{start.action}|{text}"
