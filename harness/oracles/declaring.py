"""How an oracle is declared: `@oracle(name, summary)` on a pure function of a history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from askfirst.harness.history import History
from askfirst.harness.verdict import Finding

Check = Callable[[History], Finding]


@dataclass(frozen=True, slots=True)
class Oracle:
    """A named question about a history. `check` must not look at anything else; calling the oracle calls it."""

    name: str
    summary: str
    check: Check
    origin: str

    def __call__(self, history: History) -> Finding:
        """Ask the question."""
        return self.check(history)


def oracle(name: str, summary: str) -> Callable[[Check], Oracle]:
    """Declare the function below as an oracle; `summary` says what a PASS means, in one line."""

    def declare(check: Check) -> Oracle:
        return Oracle(name, summary, check, check.__module__)

    return declare
