"""What a trial fails by: the oracle, its code, and the operation of the first event that broke the rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from askfirst.harness.events import CallStarted, Requested
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.trial import Trial


@dataclass(frozen=True, slots=True)
class Signature:
    """Two trials with equal ones fail in the same way."""

    oracle: str
    code: str
    operation: str = ""

    def __str__(self) -> str:
        """In words."""
        return f"{self.oracle} [{self.code}]{f' by {self.operation}' if self.operation else ''}"


def signatures(trial: Trial) -> tuple[Signature, ...]:
    """Give everything a trial fails by: its gates, in their order; nothing where it does not."""
    found = []
    for name in trial.history.header.gates:
        finding = trial.findings.get(name)
        if finding is not None and finding.tested and finding.verdict is Verdict.FAIL:
            found.append(Signature(name, finding.code, _operation(trial, finding.events)))
    return tuple(found)


def _operation(trial: Trial, events: tuple[int, ...]) -> str:
    first = events[0] if events else 0
    for entry in trial.history.entries:
        if entry.seq == first and isinstance(entry.event, CallStarted):
            return entry.event.action
        if entry.seq == first and isinstance(entry.event, Requested):
            return ", ".join(entry.event.scope.actions)
    return ""
