"""Labelled command lines, and how well they are read. `lines()` is the report; run this file to print it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from askfirst.harness.offwire import read

NEWLINE = "⏎"
HALVES = ("development", "held-out", "second held-out")


@dataclass(frozen=True)
class Sample:
    """One command line: 'destroys', 'changes' or 'nothing' by its label, and by what was read in it."""

    half: str
    label: str
    line: str

    @property
    def found(self) -> str:
        """What was read."""
        reading = read([self.line])
        return "destroys" if reading.destroys else "changes" if reading.intents else "nothing"


@dataclass(frozen=True)
class Score:
    """How well one question is answered over some samples: 'does it destroy?', 'does it do anything at all?'."""

    right: int
    missed: tuple[str, ...]
    false: tuple[str, ...]

    @property
    def recall(self) -> float:
        """The share of those it should find that it found."""
        return self.right / (self.right + len(self.missed))

    @property
    def precision(self) -> float:
        """The share of those it found that it should."""
        return self.right / (self.right + len(self.false))


def samples(half: str = "") -> list[Sample]:
    """Give the samples, all or of one half."""
    rows = Path(__file__).with_name("corpus.tsv").read_text("utf-8").splitlines()
    cut = [row.split("\t") for row in rows if row and not row.startswith("#")]
    return [Sample(one, label, line.replace(NEWLINE, "\n")) for one, label, line in cut if half in {"", one}]


def score(half: str, yes: Callable[[str], bool]) -> Score:
    """Compare labels with readings, where `yes` says which labels answer the question."""
    return _score([(yes(one.label), yes(one.found), one.line) for one in samples(half)])


def _score(answers: Iterable[tuple[bool, bool, str]]) -> Score:
    answers = list(answers)
    return Score(
        sum(wanted and found for wanted, found, _ in answers),
        tuple(line for wanted, found, line in answers if wanted and not found),
        tuple(line for wanted, found, line in answers if found and not wanted),
    )


def lines() -> list[str]:
    """Give the report: recall and precision per half, and every line that is read wrongly."""
    report = []
    for half in HALVES:
        number = len(samples(half))
        for question, yes in (
            ("destroys", lambda one: one == "destroys"),
            ("does anything", lambda one: one != "nothing"),
        ):
            found = score(half, yes)
            report.append(
                f"command lines, {half} ({number}), {question}: recall {found.recall:.3f}, precision {found.precision:.3f}"
            )
            report += [f"  missed: {line!r}" for line in found.missed]
            report += [f"  false alarm: {line!r}" for line in found.false]
    return report


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
