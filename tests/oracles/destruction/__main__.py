"""Prints what is measured about the judge of destruction: `make oracle-report`.

Recall and precision over the escapes and the controls with the misses, the same for command lines that never reach the wire,
how the rows of the operation table are spread and how often they are right, and how often a call's resources are found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.offwire import corpus
from tests.operations import precision, targets_cases
from tests.operations.rules import counting
from tests.oracles.destruction import report

SECTIONS: tuple[tuple[str, Callable[[], Iterable[str]]], ...] = (
    ("Escapes and controls in a production account", report.lines),
    ("Command lines", corpus.lines),
    ("The table of operations", precision.lines),
    ("Parameter rules", counting.lines),
    ("Resources that a call touches", targets_cases.lines),
)

if __name__ == "__main__":
    for title, lines in SECTIONS:
        print(f"{title}\n{'-' * len(title)}")  # noqa: T201 - printing is what this module is for
        for line in lines():
            print(line)  # noqa: T201
        print()  # noqa: T201
