"""What an oracle concludes: a verdict, whether it was tested, a code, and the events that show why."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from askfirst.harness.errors import Inconclusive
from askfirst.harness.printable import printable
from askfirst.harness.records import Change


class Verdict(enum.Enum):
    """The three verdicts. Merged, the worst wins: FAIL over INCONCLUSIVE over PASS."""

    PASS = "PASS"  # noqa: S105 - not a password
    INCONCLUSIVE = "INCONCLUSIVE"
    FAIL = "FAIL"

    @property
    def weight(self) -> int:
        """Order of badness: 0 PASS, 1 INCONCLUSIVE, 2 FAIL."""
        return list(Verdict).index(self)


def merge(verdicts: Iterable[Verdict]) -> Verdict:
    """Give the worst of the verdicts; of none, INCONCLUSIVE, for nothing was shown."""
    return max(verdicts, key=lambda one: one.weight, default=Verdict.INCONCLUSIVE)


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """The answer of one oracle about one trial.

    `tested` is False where there was nothing to judge (no denial to honour, say): such a PASS does not merge into the
    trial's verdict and is in no rate. `events` are sequence numbers of the history, the first offending one first.
    `tainted` lists violations that earlier trouble could have caused, so that they do not make a FAIL. `losses` are the
    changes that broke the rule, each with its severity and how far it reaches; `severity` is the worst of the violations
    (a value of `operations.Severity`, '' where the oracle does not speak of any).
    """

    oracle: str
    verdict: Verdict
    code: str
    because: str
    tested: bool = True
    events: tuple[int, ...] = ()
    tainted: tuple[int, ...] = ()
    severity: str = ""
    losses: tuple[Change, ...] = ()
    explanation: str = field(default="", compare=False, repr=False)

    def __bool__(self) -> bool:
        """Tell whether the verdict is PASS; an INCONCLUSIVE finding raises `Inconclusive` instead of answering."""
        __tracebackhide__ = True
        if self.verdict is Verdict.INCONCLUSIVE:
            raise Inconclusive(str(self))
        return self.verdict is Verdict.PASS

    def __repr__(self) -> str:
        """Show verdict, code and reason: pytest prints this for a failed `assert finding`."""
        return f"<{self.oracle}: {self.verdict.value} [{self.code}] {printable(self.because)}>"

    def __str__(self) -> str:
        """One line with verdict, code and reason, and the timeline below it where the trial supplied one."""
        untested = "" if self.tested else " (nothing to test)"
        line = f"{self.oracle}: {self.verdict.value}{untested} [{self.code}] {printable(self.because)}"
        return f"{line}\n{self.explanation}" if self.explanation else line

    def explained(self, explanation: str) -> Finding:
        """Give the same finding with a text (a timeline) for the reader of a failed test."""
        return replace(self, explanation=explanation)
