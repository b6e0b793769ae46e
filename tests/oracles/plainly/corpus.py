"""Labelled requests, and how well the rules of plain asking read them. `lines()` is the report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from askfirst.harness.authorization.plain_rules import Loss, asking, broken, spoken

HALVES = ("development", "held-out", "second held-out", "third held-out", "last held-out")
PLAIN = "plain"


@dataclass(frozen=True)
class Sample:
    """One request: its label, and the code the rules give it."""

    half: str
    label: str
    actions: tuple[str, ...]
    words: str
    reason: str
    loss: Loss

    @property
    def found(self) -> str:
        """The code."""
        words = (self.words,) if self.words else ()
        rule = broken(asking(self.actions, spoken(words, self.reason), self.loss))
        return rule.code if rule else PLAIN

    def __str__(self) -> str:
        return f"{', '.join(self.actions)} | {self.words} | {self.reason} | {self.loss.value}"


def samples(half: str = "") -> list[Sample]:
    """Give the samples, all or of one half."""
    rows = Path(__file__).with_name("corpus.tsv").read_text("utf-8").splitlines()
    cut = [[cell if cell != "-" else "" for cell in row.split("\t")] for row in rows if row and row[0] != "#"]
    return [
        Sample(one, label, tuple(actions.split(",")), words, reason, Loss(loss))
        for one, label, actions, words, reason, loss in cut
        if half in {"", one}
    ]


@dataclass(frozen=True)
class Score:
    """How well one question is answered."""

    right: int
    missed: int
    false: int

    @property
    def precision(self) -> float:
        """The share of those found that should be."""
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        """The share of those that should be found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.3f} ({self.right} of {self.right + self.false}), "
            f"recall {self.recall:.3f} ({self.right} of {self.right + self.missed})"
        )


def score(half: str, code: str = "") -> Score:
    """Compare labels with codes: of one code, or of any that is not 'plain'."""

    def yes(found: str) -> bool:
        return found == code if code else found != PLAIN

    told = [(yes(one.label), yes(one.found)) for one in samples(half)]
    return Score(
        sum(wanted and found for wanted, found in told),
        sum(wanted and not found for wanted, found in told),
        sum(found and not wanted for wanted, found in told),
    )


def lines() -> list[str]:
    """Give the report: precision and recall for each half, and every request that is read otherwise than labelled."""
    report = []
    for half in HALVES:
        of_half = samples(half)
        report.append(f"{half}, {len(of_half)} requests: misleading: {score(half)}")
        codes = sorted({one.label for one in of_half} - {PLAIN})
        report += [f"  {code}: {score(half, code)}" for code in codes]
        report += [f"  {one.label} read as {one.found}: {one}" for one in of_half if one.found != one.label]
    return report
