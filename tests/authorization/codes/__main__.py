"""Prints every code of `asked-first` with who commits it and who narrowly does not: `python -m tests.authorization.codes`."""

# ruff: noqa: T201 - printing is what this module is for
from __future__ import annotations

from tests.authorization.codes.pairs import PAIRS
from tests.authorization.codes.test_pairs import judged


def main() -> None:
    """Run all pairs and print the table; exit 1 where one is judged wrong."""
    right = 0
    for pair in PAIRS:
        guilty, innocent = judged(pair.guilty), judged(pair.innocent)
        fine = guilty[1] == pair.guilty.code and innocent[1] == pair.innocent.code
        right += fine
        print(f"{guilty[0].value} {guilty[1]:<24} {innocent[0].value} {innocent[1]:<8} {pair.fact}")
        print(f"     {guilty[2]}")
    print(f"{right} of {len(PAIRS)} pairs judged right")
    raise SystemExit(right != len(PAIRS))


if __name__ == "__main__":
    main()
