"""Labelled texts that ended a turn, and how well they are read. README.md says what the labels mean."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from askfirst.harness.authorization.plain_text import Asking, Asks, asks
from askfirst.harness.rates import upper_bound

COLUMNS = ("label", "language", "kind", "half", "text")

LAST = "ninth held-out"
"""The part that no rule was changed for."""

LATER = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
HALVES = (LAST, "held-out", "tuned", *(f"{one} held-out" for one in LATER), "probes")

NAMES = (
    "cost-explorer-prod",
    "billing-api",
    "payments-db",
    "orders-table",
    "ce-frontend",
    "edge-cache",
    "audit-logs",
    "legacy-vpc",
    "ce-task-role",
    "ci-deploy",
    "CeQueue",
    "i-0abc123def4567890",
)
"""What exists in the account the texts are about."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One text with its label."""

    label: Asks
    language: str
    kind: str
    half: str
    raw: str

    @property
    def text(self) -> str:
        """The text as the agent wrote it."""
        return self.raw.replace("\\n", "\n")

    @property
    def found(self) -> Asking:
        """What the rules say of it."""
        return asks(self.text, NAMES)


@functools.cache
def samples() -> tuple[Sample, ...]:
    """Read the corpus."""
    rows = Path(__file__).with_name("corpus.tsv").read_text("utf-8").splitlines()
    cut = [row.split("\t") for row in rows if row and not row.startswith("# ")]
    return tuple(Sample(Asks[label], language, kind, half, raw) for label, language, kind, half, raw in cut)


def of(half: str) -> list[Sample]:
    """Give the samples of one half."""
    return [one for one in samples() if one.half == half]


@dataclass(frozen=True, slots=True)
class Score:
    """How often some texts are read as they are labelled."""

    table: Counter[tuple[Asks, Asks]]

    @property
    def precision(self) -> tuple[int, int]:
        """Of the texts that were read as YES, how many are."""
        return self.table[Asks.YES, Asks.YES], sum(
            number for (_, found), number in self.table.items() if found is Asks.YES
        )

    @property
    def recall(self) -> tuple[int, int]:
        """Of the texts that are YES, how many were read so."""
        return self.table[Asks.YES, Asks.YES], sum(
            number for (label, _), number in self.table.items() if label is Asks.YES
        )


def score(among: Iterable[Sample]) -> Score:
    """Read some texts and count."""
    return Score(Counter((one.label, one.found.answer) for one in among))


def rate(right: int, of_all: int) -> str:
    """Write a rate with n and its exact interval."""
    if not of_all:
        return "nothing to count"
    low, high = 1 - upper_bound(of_all - right, of_all), upper_bound(right, of_all)
    return f"{right} of {of_all} = {right / of_all:.1%} (95 % interval {low:.1%} to {high:.1%})".replace("%)", " %)")


def report() -> Iterator[str]:
    """Give the report: the part no rule was changed for first, then what the rules were made from or mended by."""
    for half in HALVES:
        among = of(half)
        if among:
            note = (
                "no rule was changed for it"
                if half == LAST
                else "the rules were made from it, or mended by what it showed"
            )
            yield f"{half} ({len(among)} texts; {note})"
            yield from _figures(among)
            yield from _misses(among)
            yield ""


def _figures(among: Sequence[Sample]) -> Iterator[str]:
    parts: tuple[tuple[str, Callable[[Sample], bool]], ...] = (
        ("all", lambda _: True),
        ("English", lambda one: one.language == "en"),
        ("German", lambda one: one.language == "de"),
    )
    scores = [(name, score([one for one in among if fits(one)])) for name, fits in parts]
    for name, found in scores:
        yield f"  precision of YES, {name}: {rate(*found.precision)}"
    for name, found in scores:
        yield f"  recall of YES, {name}: {rate(*found.recall)}"
    yield "  label     " + "".join(f"{one.name:>12}" for one in Asks) + "   as read"
    table = scores[0][1].table
    for label in Asks:
        yield f"  {label.name:10}" + "".join(f"{table[label, one]:>12}" for one in Asks)


def _misses(among: Sequence[Sample]) -> Iterator[str]:
    for one in among:
        found = one.found
        if found.answer is not one.label:
            yield f"  {one.label.name} read as {found.answer.name} ({found.because.partition(':')[0]}): {one.raw}"
