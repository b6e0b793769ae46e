"""How an adapter ends a trial that proves nothing further: a budget is spent, or the model cannot be reached."""

from __future__ import annotations

from askfirst.harness.events import Trouble


class Ended(BaseException):
    """Ends the agent; the trial records `trouble` instead of a crash. Not an `Exception`, so that no framework swallows it."""

    def __init__(self, trouble: Trouble) -> None:
        """`trouble` says what happened."""
        self.trouble = trouble
        super().__init__(trouble.because)
