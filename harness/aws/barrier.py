"""A barrier in front of the account: a control that lets a call of the agent through only once people have approved it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from askfirst.harness.authorization.desk import Desk
    from askfirst.harness.events import CallStarted, Entry
    from askfirst.harness.records import Coverage


class Barrier(Protocol):
    """One barrier of one trial; it is asked before a call is recorded, and may wait for people meanwhile."""

    def open(self, desk: Desk) -> None:
        """Begin: `desk` is where people can be asked."""
        ...

    def observe(self, entry: Entry) -> None:
        """Take in an entry of the history."""
        ...

    def refuses(self, call: CallStarted, coverage: Coverage, iam: Sequence[str]) -> str:
        """Say why a call is refused, as the end of the refusal's sentence; '' lets it through.

        `coverage` is what the grants say of it now, `iam` the actions it needs.
        """
        ...
