"""The history of a trial that goes on, a line as soon as there is one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from askfirst.harness.events import CallEnded, CallStarted, Entry
from askfirst.harness.report.timeline import line_of, row_of


class Live:
    """Hears the entries of a history as they are recorded; a call is told when it has ended."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        """`tell` is given each line, in the threads of the trial."""
        self._tell = tell
        self._started: datetime | None = None
        self._open: dict[tuple[str, int], Entry] = {}

    def observe(self, entry: Entry) -> None:
        """Hear an entry."""
        event = entry.event
        started = self._started = self._started or entry.at
        ends: dict[tuple[str, int], CallEnded] = {}
        if isinstance(event, CallStarted):
            self._open[event.call, event.attempt] = entry
            return
        if isinstance(event, CallEnded):
            ends = {(event.call, event.attempt): event}
            entry = self._open.pop((event.call, event.attempt), entry)
        row = row_of(entry, ends, started, str)
        if row is not None:
            self._tell(line_of(row))
