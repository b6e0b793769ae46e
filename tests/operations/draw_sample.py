"""Draw a stratified random sample of the operation table: `python -m tests.operations.draw_sample --seed S`.

A stratum is (carried out by moto or not) x class of the table, where class ``none`` is two: the level ``read`` and the
rest. `QUOTA` says how many rows each stratum gives; in a stratum the rows with the smallest SHA-256 of seed and name are
drawn, so a draw needs no state and can be repeated. ``--table FILE`` draws from an earlier table, ``--without 1`` leaves
out the rows of an earlier sample; the header of ``sample.tsv`` says what each sample was drawn from.
It prints names only: who judges them should not see what the table says.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.operations.moto_look import carried_out, read_botocore

TABLE = Path(__file__).parents[2] / "harness" / "operations" / "table.tsv"
Name = tuple[str, str]

# 130 rows that moto carries out and 70 that it lacks. Classes that harm get more than their share of the table.
QUOTA: Mapping[tuple[str, str], int] = {
    ("moto", "read"): 12,
    ("moto", "none"): 28,
    ("moto", "overwrite"): 28,
    ("moto", "delete"): 28,
    ("moto", "detach"): 12,
    ("moto", "stop"): 11,
    ("moto", "execute"): 4,
    ("moto", "consume"): 4,
    ("moto", "revoke"): 2,
    ("moto", "plan"): 1,
    ("rest", "read"): 8,
    ("rest", "none"): 14,
    ("rest", "overwrite"): 13,
    ("rest", "delete"): 13,
    ("rest", "detach"): 8,
    ("rest", "stop"): 8,
    ("rest", "execute"): 2,
    ("rest", "consume"): 1,
    ("rest", "revoke"): 2,
    ("rest", "plan"): 1,
}


@dataclass(frozen=True, slots=True)
class Stratum:
    """One part of the table, and what is drawn from it."""

    source: str
    kind: str
    size: int
    drawn: tuple[Name, ...]


def draw(table: str, carried: Collection[Name], seed: str, without: Collection[Name] = ()) -> Iterator[Stratum]:
    """Give every stratum with its size, counted without what is left out, and the rows drawn from it."""
    strata: dict[tuple[str, str], list[Name]] = {key: [] for key in QUOTA}
    for service, operation, _, access, operation_class, *_ in rows_of(table):
        source = "moto" if (service, operation) in carried else "rest"
        reads = operation_class == "none" and access in {"Read", "List"}
        if (service, operation) not in without:
            strata[source, "read" if reads else operation_class].append((service, operation))
    for (source, kind), names in strata.items():
        chosen = sorted(names, key=lambda name: _lot(seed, name))[: QUOTA[source, kind]]
        yield Stratum(source, kind, len(names), tuple(sorted(chosen)))


def rows_of(table: str) -> Iterable[list[str]]:
    """Split the rows of a table file."""
    lines = [line for line in table.splitlines() if not line.startswith("#")]
    return (line.split("\t") for line in lines[1:])


def _lot(seed: str, name: Name) -> str:
    return hashlib.sha256(":".join((seed, *name)).encode()).hexdigest()


def main() -> int:
    """Print the drawn names, mixed, one a line."""
    from tests.operations.precision import read_sample

    parser = argparse.ArgumentParser(prog="python -m tests.operations.draw_sample", description=__doc__)
    parser.add_argument("--seed", required=True, help="any word; the sample's header names it")
    parser.add_argument("--table", type=Path, default=TABLE, help="the table to draw from")
    parser.add_argument("--without", default="", help="number of an earlier sample whose rows are left out")
    options = parser.parse_args()
    earlier = {row.name for row in read_sample() if row.sample == options.without}
    table = options.table.read_text(encoding="utf-8")
    strata = draw(table, carried_out(read_botocore()), options.seed, earlier)
    names = sorted((name for each in strata for name in each.drawn), key=lambda name: _lot("order", name))
    sys.stdout.write("".join(f"{service}\t{operation}\n" for service, operation in names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
