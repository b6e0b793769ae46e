"""How the figures are taken: ours and the reference in turns, in one process, and only their ratio counts.

The machine that measures is busy with other things, and no two minutes of it are alike. So every figure is the median
over rounds of a ratio within a round, and times are CPU times.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

HEADINGS = ("figure", "ours", "reference", "ratio", "target", "")
WIDTHS = (72, 11, 11, 8, 10, 7)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `ours` and `reference` are texts with their unit; without a target it only informs."""

    name: str
    ours: str
    reference: str
    ratio: float
    target: float | None = None
    unit: str = "x"

    @property
    def met(self) -> str:
        """Say whether the target is met; nothing where there is none."""
        if self.target is None:
            return ""
        return "met" if self.ratio <= self.target else "NOT met"

    def __str__(self) -> str:
        """Give the line."""
        target = "" if self.target is None else f"<= {self.target:g}"
        return line(self.name, self.ours, self.reference, f"{self.ratio:.3g} {self.unit}", target, self.met)


def line(*cells: str) -> str:
    """Write cells in columns: the first and the last to the left, the rest to the right."""
    name, *middle, last = cells
    middle = [cell.rjust(width) for cell, width in zip(middle, WIDTHS[1:-1], strict=True)]
    return "  ".join([name.ljust(WIDTHS[0]), *middle, last]).rstrip()


def ms(seconds: float) -> str:
    """Write a time in milliseconds."""
    return f"{seconds * 1000:.2f} ms"


def median_cpu(act: Callable[[], object], times: int) -> float:
    """Give the median CPU time of one `act`."""
    found = []
    for _ in range(times):
        start = time.process_time()
        act()
        found.append(time.process_time() - start)
    return statistics.median(found)


def in_turns(acts: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """Call every measurement once a round, each round beginning with another one; give the results by name."""
    names = list(acts)
    found: dict[str, list[T]] = {name: [] for name in names}
    for number in range(rounds):
        start = number % len(names)
        for name in [*names[start:], *names[:start]]:
            found[name].append(acts[name]())
    return found


def ratio(ours: Sequence[float], reference: Sequence[float]) -> float:
    """Give the median of the ratios of the rounds."""
    return statistics.median(one / other for one, other in zip(ours, reference, strict=True))


def child_cpu(command: list[str]) -> float:
    """Run a command to its end; give its CPU time."""
    silent = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    child = os.posix_spawn(command[0], command, os.environ, file_actions=silent)
    _, status, used = os.wait4(child, 0)
    if status:
        msg = f"{' '.join(command)} failed"
        raise RuntimeError(msg)
    return used.ru_utime + used.ru_stime
