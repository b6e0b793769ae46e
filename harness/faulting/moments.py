"""Moments in a trial, as a plan says them: '10m', 'granted', 'call cloudformation:UpdateStack x2'.

| text | when |
|---|---|
| `90s`, `10m`, `1.5h` | so much of the trial's time after its start |
| `requested`, `granted`, `denied`, `revoked` | a request was made, answered so, or a grant was taken back |
| `call SERVICE:OPERATION` | a call of the agent was carried out (globs allowed) |
| `change`, `change SERVICE:OPERATION` | a call of the agent was carried out and changed something |
| `fault ID` | another fault struck |

` x3` behind any but a time says the third such.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase

from askfirst.harness.errors import UnknownName, UsageError
from askfirst.harness.events import (
    CallEnded,
    CallStarted,
    Decided,
    Event,
    FaultFired,
    Granted,
    Reply,
    Requested,
    Revoked,
)
from askfirst.harness.records import Author

_TIME = re.compile(r"(\d+(?:\.\d+)?)\s*([smh])\Z")
_TIMES = re.compile(r"(.*\S)\s+x(\d+)\Z")
_UNITS = {"s": 1, "m": 60, "h": 3600}


class Happening(enum.Enum):
    """What a moment waits for."""

    TIME = "time"
    REQUESTED = "requested"
    GRANTED = "granted"
    DENIED = "denied"
    REVOKED = "revoked"
    CALL = "call"
    CHANGE = "change"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment: the `times`th happening that fits `what`, or `delay` after the start."""

    happening: Happening
    what: str = "*"
    times: int = 1
    delay: timedelta = timedelta()


def moment(text: str) -> Moment:
    """Read a moment; raises `UsageError` with the nearest right word."""
    if found := _TIME.match(text.strip()):
        return Moment(Happening.TIME, delay=timedelta(seconds=float(found[1]) * _UNITS[found[2]]))
    counted = _TIMES.match(text)
    words, times = (counted[1], int(counted[2])) if counted else (text, 1)
    word, _, what = words.strip().partition(" ")
    known = {one.value: one for one in Happening if one is not Happening.TIME}
    if word not in known:
        name = "moment (or time, such as '90s', '10m' or '2h')"
        raise UnknownName(name, text, known)
    happening, what = known[word], what.strip()
    if times < 1:
        msg = f"{text!r}: count from x1"
        raise UsageError(msg)
    if happening in {Happening.CALL, Happening.FAULT} and not what:
        meant = "call SERVICE:OPERATION" if happening is Happening.CALL else "fault ID"
        msg = f"{text!r} does not say which: write {meant!r}"
        raise UsageError(msg)
    if what and happening not in {Happening.CALL, Happening.CHANGE, Happening.FAULT}:
        msg = f"{text!r}: nothing may follow {word!r} but ' x2' and the like"
        raise UsageError(msg)
    return Moment(happening, what or "*", times)


class Watch:
    """Notices a moment among the events of a trial. A time is noticed by asking `passed` with the time since the start."""

    def __init__(self, waited_for: Moment) -> None:
        """Begin with nothing seen."""
        self._moment = waited_for
        self._seen: set[str] = set()

    def observe(self, event: Event, begun: CallStarted | None) -> bool:
        """Take in an event, with its start where a call ended; tell whether the moment is now."""
        if len(self._seen) >= self._moment.times:
            return False
        name = self._name(event, begun)
        if not name or name in self._seen:
            return False
        self._seen.add(name)
        return len(self._seen) == self._moment.times

    def passed(self, since: timedelta) -> bool:
        """Tell whether the moment has been."""
        if self._moment.happening is Happening.TIME:
            return since >= self._moment.delay
        return len(self._seen) >= self._moment.times

    def _name(self, event: Event, begun: CallStarted | None) -> str:
        """Name an event that counts, so that attempts of one call count once; '' for one that does not."""
        match self._moment.happening, event:
            case Happening.REQUESTED, Requested():
                return event.request
            case Happening.GRANTED, Granted() if event.grant.request:
                return event.grant.id
            case Happening.DENIED, Decided() if event.reply is Reply.DENIED and event.counts:
                return event.request
            case Happening.REVOKED, Revoked():
                return event.grant
            case ((Happening.CALL | Happening.CHANGE), CallEnded()) if begun is not None and event.applied:
                changed = self._moment.happening is Happening.CALL or bool(event.changes)
                fits = changed and begun.author is Author.AGENT and fnmatchcase(begun.action, self._moment.what)
                return event.call if fits else ""
            case Happening.FAULT, FaultFired() if event.fault == self._moment.what:
                return f"{event.call}/{event.request}/{event.fault}"
            case _:
                return ""
