"""How often the table is right, measured on rows judged by hand: `python -m tests.operations.precision`.

`sample.tsv` holds the rows, what the table said when they were drawn, and what a person found in AWS's documentation.
The figure of a sample compares these two. What the table says of the same rows today is printed beside it and is no
measurement: whoever corrects a table after reading a sample makes it right on that sample.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from askfirst.harness.operations import Level, OperationClass, classify, operations_of, services
from askfirst.harness.rates import upper_bound

SAMPLE = Path(__file__).parent / "sample.tsv"
FIELDS = ("class", "severity", "domain")
HEADINGS = (
    "sample stratum-of kind size service operation table-class table-severity table-domain class severity domain reason"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """One drawn row: what the table said then, and what is right."""

    sample: str
    stratum: tuple[str, str]
    size: int
    name: tuple[str, str]
    table: tuple[str, ...]
    right: tuple[str, ...]
    reason: str


def read_sample(path: Path = SAMPLE) -> list[Judged]:
    """Read the judged rows."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    if lines[0].split("\t") != HEADINGS.split():
        message = f"{path}: the columns must be {HEADINGS}"
        raise ValueError(message)
    return [_judged(*line.split("\t")) for line in lines[1:]]


def _judged(*fields: str) -> Judged:
    sample, source, kind, size, service, operation, *answers, reason = fields
    then, right = tuple(answers[:3]), tuple(answers[3:])
    return Judged(sample, (source, kind), int(size), (service, operation), then, right, reason)


def table_now(row: Judged) -> tuple[str, ...]:
    """Give class, severity and domain of a row as the table says today."""
    found = classify(*row.name)
    return found.operation_class.value, found.severity.value, found.domain.value


def lines() -> list[str]:
    """Report the table: counts per level and class, and the precision of each sample."""
    rows = read_sample()
    report = [*_counts(), ""]
    for sample in sorted({row.sample for row in rows}):
        report += [*_precision(sample, [row for row in rows if row.sample == sample]), ""]
    return report


def _counts() -> Iterator[str]:
    rows = [row for service in services() for row in operations_of(service)]
    looked = sum(row.source.endswith("/curated") for row in rows)
    yield f"operation table: {len(rows):,} operations, class set by hand in {looked:,}"
    levels = Counter(row.level for row in rows)
    yield "  by level  " + ", ".join(f"{level.word} {levels[level]:,}" for level in Level)
    classes = Counter(row.operation_class for row in rows)
    yield "  by class  " + ", ".join(f"{each.value} {classes[each]:,}" for each in OperationClass)


def _precision(sample: str, rows: Sequence[Judged]) -> Iterator[str]:
    yield f"sample {sample}: {len(rows)} rows judged by hand, 95 % interval (Clopper and Pearson)"
    yield _line("", FIELDS)
    yield _line("all", [_rate(*_hits(rows, field, lambda row: row.table)) for field in range(3)])
    yield _line("weighted to the table", [_weighted(rows, field) for field in range(3)])
    for source, title in (("moto", "moto carries it out"), ("rest", "moto lacks it")):
        part = [row for row in rows if row.stratum[0] == source]
        yield _line(title, [_rate(*_hits(part, field, lambda row: row.table)) for field in range(3)])
    for stratum in dict.fromkeys(row.stratum for row in sorted(rows, key=lambda row: row.stratum)):
        part = [row for row in rows if row.stratum == stratum]
        title = f"  {' '.join(stratum)} ({part[0].size:,})"
        yield _line(title, [_rate(*_hits(part, field, lambda row: row.table)) for field in range(3)])
    yield _line("today (no measurement)", [f"{_hits(rows, field, table_now)[0]} of {len(rows)}" for field in range(3)])


def _hits(rows: Sequence[Judged], field: int, answer: Callable[[Judged], tuple[str, ...]]) -> tuple[int, int]:
    return sum(answer(row)[field] == row.right[field] for row in rows), len(rows)


def _rate(right: int, judged: int) -> str:
    low, high = interval(right, judged)
    return f"{right} of {judged} = {right / judged:.1%} ({low:.1%} to {high:.1%})"


def interval(right: int, judged: int) -> tuple[float, float]:
    """Give the exact two-sided 95 % interval of a rate."""
    return 1 - upper_bound(judged - right, judged), upper_bound(right, judged)


def _weighted(rows: Sequence[Judged], field: int) -> str:
    """Weight each stratum by its share of the table.

    The interval is that of a plain sample of Kish's effective size, rounded down: an approximation, and a wide one, since
    the large stratum of reads is little sampled.
    """
    strata = {row.stratum: row.size for row in rows}
    share, effective = weighted(rows, field, strata)
    size = math.floor(effective)
    low, _ = interval(math.floor(share * size), size)
    _, high = interval(math.ceil(share * size), size)
    return f"{share:.1%} ({low:.1%} to {high:.1%})"


def weighted(rows: Sequence[Judged], field: int, strata: Mapping[tuple[str, str], int]) -> tuple[float, float]:
    """Give the weighted share of right answers and the effective size of the sample (Kish, 1965)."""
    total = sum(strata.values())
    share = spread = 0.0
    for stratum, size in strata.items():
        part = [row for row in rows if row.stratum == stratum]
        right, judged = _hits(part, field, lambda row: row.table)
        share += size / total * right / judged
        spread += (size / total) ** 2 / judged
    return share, 1 / spread


def _line(title: str, cells: Sequence[str]) -> str:
    return f"  {title:<26}" + "".join(f"{cell:<38}" for cell in cells).rstrip().replace("%", " %")


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()))
