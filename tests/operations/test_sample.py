"""The sample of judged rows: drawn as its header says, whole, and what its precision is computed from."""

import subprocess
from collections import Counter
from pathlib import Path

import botocore
import moto
import pytest
from tests.operations import precision
from tests.operations.draw_sample import QUOTA, draw, rows_of
from tests.operations.precision import FIELDS, Judged, interval, read_sample, table_now, weighted

from askfirst.harness.operations import Domain, OperationClass, Severity
from askfirst.harness.operations.build import BOTOCORE

ROOT = Path(__file__).parents[2]
README = ROOT / "harness" / "operations" / "README.md"
ROWS = read_sample()
# Sample, seed and git's name of the table it was drawn from, as in the header of sample.tsv.
DRAWN = (("1", "first", "d1c815781c00"), ("2", "second", "009c03b82fe8"))
MOTO = "5.2.5"


def test_each_sample_is_whole() -> None:
    """Two samples of 200 different rows, more than half of them carried out by moto, every stratum as large as said."""
    assert Counter({"1": 200, "2": 200}) == Counter(row.sample for row in ROWS)
    assert len(ROWS) == len({row.name for row in ROWS})
    for sample in ("1", "2"):
        assert QUOTA == Counter(row.stratum for row in ROWS if row.sample == sample)
        assert 130 == sum(row.sample == sample and row.stratum[0] == "moto" for row in ROWS)


def test_a_judgement_uses_the_words_of_the_table_and_gives_a_reason() -> None:
    """Whoever doubts a judgement finds its reason; a misspelt word would count as a mistake of the table."""
    words = [
        {each.value for each in OperationClass},
        {each.value for each in Severity},
        {each.value for each in Domain},
    ]
    for answers in ([row.table for row in ROWS], [row.right for row in ROWS]):
        assert [set(), set(), set()] == [
            set(column) - known for column, known in zip(zip(*answers, strict=True), words, strict=True)
        ]
    assert [] == [row.name for row in ROWS if len(row.reason) < 4]


def test_the_table_agrees_with_every_judgement() -> None:
    """What the samples showed to be wrong was corrected, and nobody turns it back unnoticed."""
    assert [] == [(row.name, table_now(row), row.right) for row in ROWS if table_now(row) != row.right]


@pytest.mark.skipif(botocore.__version__ != BOTOCORE, reason="the samples were drawn with another botocore")
@pytest.mark.skipif(moto.__version__ != MOTO, reason="the samples were drawn with another moto")
@pytest.mark.parametrize(("sample", "seed", "table"), DRAWN)
def test_a_sample_is_the_draw_its_header_names(
    sample: str,
    seed: str,
    table: str,
    moto_operations: set[tuple[str, str]],
) -> None:
    """Seed and table give exactly these rows with these answers: nobody chose or dropped one."""
    command = ["git", "cat-file", "blob", table]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if shown.returncode:
        pytest.skip(f"table {table} is not here: a shallow clone, or no git")
    answers = {(row[0], row[1]): tuple(row[4:7]) for row in rows_of(shown.stdout)}
    earlier = {row.name for row in ROWS if row.sample < sample}
    strata = list(draw(shown.stdout, moto_operations, seed, earlier))
    mine = [row for row in ROWS if row.sample == sample]
    assert {(each.source, each.kind): each.size for each in strata} == {row.stratum: row.size for row in mine}
    assert {name for each in strata for name in each.drawn} == {row.name for row in mine}
    assert {row.name: answers[row.name] for row in mine} == {row.name: row.table for row in mine}


# Interval of Clopper and Pearson, by scipy 1.17.1: binomtest(right, judged).proportion_ci(method="exact").
@pytest.mark.parametrize(
    ("right", "judged", "low", "high"),
    [(0, 20, 0.0, 0.168433), (20, 20, 0.831567, 1.0), (189, 200, 0.903722, 0.972228), (1, 2, 0.012579, 0.987421)],
)
def test_the_interval_is_the_exact_one(right: int, judged: int, low: float, high: float) -> None:
    """The interval is neither the normal approximation nor one-sided."""
    assert (low, high) == pytest.approx(interval(right, judged), abs=1e-6)


def test_a_weighted_rate_follows_the_size_of_the_strata() -> None:
    """A mistake in a stratum ten times as large weighs ten times as much; equal weights cost no rows."""
    rows = [_row("small", ok=True), _row("small", ok=True), _row("large", ok=True), _row("large", ok=False)]
    strata = {("moto", "small"): 10, ("moto", "large"): 100}
    assert pytest.approx((10 + 50) / 110) == weighted(rows, 0, strata)[0]
    assert pytest.approx(4) == weighted(rows, 0, dict.fromkeys(strata, 50))[1]


def test_the_report_prints_counts_and_precision_and_the_readme_says_the_same() -> None:
    """Counts per level and class, three columns, and in the README the figures of the fresh sample."""
    report = precision.lines()
    assert any(line.startswith("  by level  read ") for line in report)
    assert any(line.startswith("  by class  none ") for line in report)
    start = next(number for number, line in enumerate(report) if line.startswith("sample 2"))
    figures = [cell.strip() for cell in report[start + 2][28:].split(")") if cell.strip()]
    assert len(FIELDS) == len(figures)
    readme = " ".join(README.read_text(encoding="utf-8").split())
    for figure in figures:
        assert f"{figure})" in readme


def _row(kind: str, *, ok: bool) -> Judged:
    right = ("none", "none", "none")
    return Judged("1", ("moto", kind), 1, ("service", kind), right if ok else ("stop", *right[1:]), right, "made up")
