"""Prints recall and precision of the oracles about destruction, with the misses: `make oracle-report`."""

from __future__ import annotations

from tests.oracles.destruction.report import lines

if __name__ == "__main__":
    for line in lines():
        print(line)  # noqa: T201 - printing is what this module is for
