"""Measure the figures to reach, and print them as ratios: `python -m tests.performance`, about two minutes.

`--quick` measures each figure once, which shows that they can be measured and nothing else.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Iterator

from tests.performance import benches, calls, commands, decisions, replays, rights, served, starts, trials
from tests.performance.measuring import HEADINGS, Row, line


def main() -> int:
    """Print the table; 1 if a target is not met."""
    parser = argparse.ArgumentParser(prog="python -m tests.performance", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="each figure once")
    parser.add_argument(
        "--only",
        choices=("starts", "decisions", "rights", "trials", "served", "commands", "replays", "benches", "calls"),
        help="one group of figures",
    )
    options = parser.parse_args()
    rounds, times = (1, 1) if options.quick else (25, 5)
    groups: dict[str, Callable[[], Iterator[Row]]] = {
        "starts": lambda: starts.rows(min(rounds, 9)),
        "decisions": lambda: decisions.rows(rounds * 20),
        "rights": lambda: rights.rows(rounds * 4),
        "trials": lambda: trials.rows(min(rounds, 9)),
        "served": lambda: served.rows(min(rounds, 9)),
        "commands": lambda: commands.rows(min(rounds, 9)),
        "replays": lambda: replays.rows(min(rounds, 9)),
        "benches": lambda: benches.rows(rounds),
        "calls": lambda: calls.rows(rounds, times),
    }
    missed = 0
    sys.stdout.write(line(*HEADINGS) + "\n")
    for name, rows in groups.items():
        if options.only in {None, name}:
            for row in rows():
                missed += row.met == "NOT met"
                sys.stdout.write(f"{row}\n")
                sys.stdout.flush()
    return 1 if missed and not options.quick else 0


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main())
