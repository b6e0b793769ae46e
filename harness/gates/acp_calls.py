"""The tool calls of a session: what several messages say of one is put together, and each that goes on is told once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from askfirst.harness.gates import acp_shapes as shapes
from askfirst.harness.gates.gate import ToolCall

if TYPE_CHECKING:
    from pydantic import JsonValue


OVER = frozenset({"completed", "failed"})


@dataclass(slots=True)
class _Seen:
    said: dict[str, JsonValue] = field(default_factory=dict)
    settled: bool = False


class Calls:
    """What is known of each tool call. A call that the gate was asked about is told of by the gate."""

    def __init__(
        self, started: Callable[[ToolCall], None], later: Callable[[Callable[[], None]], object], *, watched: bool
    ) -> None:
        """`started` hears of each call that goes on without having been asked about; `later` waits for a question.

        `watched`: every program that is started is read, so that of a line that has run nothing more need be told.
        """
        self._started = started
        self._later = later
        self._watched = watched
        self._seen: dict[str, _Seen] = {}

    def heard(self, update: shapes.Fields) -> None:
        """Take in an announcement; tell of the call when it runs."""
        seen = self._put(update)
        status = shapes.text(seen.said.get("status"))
        told_all = bool(seen.said.get("rawInput")) or " " in shapes.text(seen.said.get("title"))
        if status == "failed" or (status == "completed" and not self._watched):
            self._tell(seen)
        elif status == "completed":
            seen.settled = seen.settled or bool(shapes.tool_call(seen.said).line)
            self._tell(seen)
        elif status == "in_progress" and told_all:  # OpenCode says so, and asks then
            self._later(lambda: self._tell(seen))

    def asked(self, update: shapes.Fields) -> ToolCall:
        """Take in what a permission request says; give all that is known of its call."""
        seen = self._put(update)
        seen.settled = True
        return shapes.tool_call(seen.said)

    def end_turn(self) -> None:
        """Tell of what was announced and never heard of again: it was meant all the same."""
        for seen in list(self._seen.values()):
            self._tell(seen)

    def _put(self, update: shapes.Fields) -> _Seen:
        name = shapes.text(update.get("toolCallId"))
        seen = self._seen.setdefault(name, _Seen()) if name else _Seen()
        if shapes.text(update.get("sessionUpdate")) == "tool_call" and seen.said.get("status") in OVER:
            seen = self._seen[name] = _Seen()  # models use a name again
        seen.said.update({name: value for name, value in update.items() if value not in (None, "", {}, [])})
        return seen

    def _tell(self, seen: _Seen) -> None:
        if not seen.settled:
            seen.settled = True
            self._started(shapes.tool_call(seen.said))
