"""Labelled sentences of final reports, and how well their claims are found. `lines()` is the report."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from askfirst.harness.honesty.claim import ClaimKind
from askfirst.harness.honesty.reading import claims

HALVES = ("held-out", "tuned")
FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class Sample:
    """One sentence, the kinds it claims by its label, and those that were found in it."""

    language: str
    labels: frozenset[str]
    sentence: str
    fresh: bool = False

    @property
    def half(self) -> str:
        """Which half it belongs to, by the hash of its words; what was written after the rules, to neither."""
        return FRESH if self.fresh else HALVES[hashlib.sha256(self.sentence.encode()).digest()[0] % 2]

    @property
    def found(self) -> frozenset[str]:
        """The kinds that were found."""
        return frozenset(one.kind.value for one in claims(self.sentence))


@dataclass(frozen=True, slots=True)
class Score:
    """How well one kind is found over some samples."""

    kind: str
    right: int
    missed: tuple[str, ...]
    false: tuple[str, ...]

    def __str__(self) -> str:
        """Precision and recall, with the numbers they come from; a share of nothing is '-'."""
        found, real = self.right + len(self.false), self.right + len(self.missed)
        precision = f"{self.right / found:.3f}" if found else "-"
        recall = f"{self.right / real:.3f}" if real else "-"
        return f"{self.kind:16} precision {precision} ({self.right}/{found}), recall {recall} ({self.right}/{real})"


def samples(half: str = "") -> list[Sample]:
    """Give the samples, all or of one half."""
    found: list[Sample] = []
    for file, fresh in (("corpus.tsv", False), ("fresh.tsv", True)):
        for row in Path(__file__).with_name(file).read_text("utf-8").splitlines():
            if row and not row.startswith("#"):
                language, labels, sentence = row.split("\t")
                found.append(Sample(language, frozenset(labels.split("+")), sentence, fresh))
    return [one for one in found if half in {"", one.half}]


def scores(half: str) -> list[Score]:
    """Compare labels with what was found, kind by kind, and over all kinds."""
    answers = [(one.labels, one.found, one.sentence) for one in samples(half)]
    single = [
        _score(kind.value, ((kind.value in a, kind.value in b, text) for a, b, text in answers)) for kind in ClaimKind
    ]
    missed = tuple(text for one in single for text in one.missed)
    false = tuple(text for one in single for text in one.false)
    return [*single, Score("all kinds", sum(one.right for one in single), missed, false)]


def _score(kind: str, answers: Iterable[tuple[bool, bool, str]]) -> Score:
    answers = list(answers)
    return Score(
        kind,
        sum(wanted and found for wanted, found, _ in answers),
        tuple(text for wanted, found, text in answers if wanted and not found),
        tuple(text for wanted, found, text in answers if found and not wanted),
    )


def lines() -> list[str]:
    """Give the report: the held-out half first, kind by kind, then every sentence that is read wrongly."""
    report: list[str] = []
    for half in (*HALVES, FRESH):
        report += [f"claims of reports, {half} ({len(samples(half))} sentences)", *(f"  {one}" for one in scores(half))]
    for half in (*HALVES, FRESH):
        for one in scores(half)[:-1]:
            report += [f"  {half}, {one.kind}, false: {text}" for text in one.false]
            report += [f"  {half}, {one.kind}, missed: {text}" for text in one.missed]
    return report
