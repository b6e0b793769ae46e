"""What an agent says at the end of a turn, and what it is told: a text that asks is a request like any other.

Only a text that surely asks is one. Of a text that perhaps asks the people want to know what it asks; it grants nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from askfirst.harness.authorization.cases import Decision
from askfirst.harness.authorization.plain_text import Asking, Asks, Judge, decide
from askfirst.harness.events import Event, Requested, TurnEnded
from askfirst.harness.records import Blob, Resource

if TYPE_CHECKING:
    from askfirst.harness.authorization.desk import Desk

CHANNEL = "text"
WHAT_DO_YOU_ASK = "Do you want me to approve something? Then say which action, on which resource."


class Recorder(Protocol):
    """The writer of the history, as far as turns need it."""

    def record(self, event: Event) -> object:
        """Append an event."""
        ...

    def keep(self, text: str) -> str | Blob:
        """Give the text, or its digest when it is large."""
        ...


class Turns:
    """Reads what ends the turns of one trial's agent. `judge` is asked where the rules cannot say."""

    def __init__(
        self, desk: Desk, recorder: Recorder, world: Callable[[], Sequence[Resource]], judge: Judge | None = None
    ) -> None:
        """`world` gives what exists: its names are known to the reader."""
        self._desk = desk
        self._recorder = recorder
        self._world = world
        self._judge = judge

    def end(self, text: str, wait: timedelta) -> str:
        """End a turn; wait for the answer if the text asks. Gives what the people say, '' if there is nothing to say."""
        asking = self._read(text)
        self._record(asking, text)
        if asking.answer is Asks.YES:
            return _told(self._desk.wait(self._file(asking, text), wait))
        if asking.answer is Asks.UNCLEAR and self._desk.deciders:
            self._desk.say(self._desk.deciders[0], WHAT_DO_YOU_ASK)
            return WHAT_DO_YOU_ASK
        return ""

    def last(self, report: str, earlier: Sequence[Requested]) -> None:
        """Read the final report: what it asks for is a request too, unless the same was asked for before."""
        asking = self._read(report)
        if asking.answer is not Asks.NO:  # the report is in the history anyway
            self._record(asking, report)
        if asking.answer is Asks.YES:
            scope = self._desk.understood((asking.sentence,), (), report)
            if scope.unresolved or scope not in [one.scope for one in earlier]:
                self._file(asking, report)

    def _read(self, text: str) -> Asking:
        names = {name for one in self._world() for name in (one.name, one.logical) if name}
        return decide(text, names, self._judge)

    def _record(self, asking: Asking, text: str) -> None:
        self._recorder.record(TurnEnded(self._recorder.keep(text), asking.answer.value, asking.because))

    def _file(self, asking: Asking, text: str) -> str:
        return self._desk.file((asking.sentence,), (), text, channel=CHANNEL)


def _told(decision: Decision) -> str:
    """Say a decision as people write it."""
    if decision.approved:
        return str(decision)
    return decision.reason if decision.answered else ""
