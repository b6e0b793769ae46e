"""Fewer of some things, as long as what is left is enough: halves first, then single ones (delta debugging).

After Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, IEEE TSE 28, 2002.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

One = TypeVar("One")


def fewer(things: Sequence[One], enough: Callable[[Sequence[One]], bool]) -> Sequence[One]:
    """Leave out parts until none of what is left can go; order is kept."""
    size = max(1, len(things) // 2)
    while things:
        for part in _parts(things, size):
            rest = [one for one in things if one not in part]
            if enough(rest):
                things = rest
                break
        else:
            if size == 1:
                return things
            size //= 2
            continue
        size = max(1, min(size, len(things) // 2))
    return things


def _parts(things: Sequence[One], size: int) -> Iterator[Sequence[One]]:
    for start in range(0, len(things), size):
        yield things[start : start + size]
