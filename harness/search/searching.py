"""Looks for a storm in which the agent breaks a rule.

Each place is struck by one of its faults, or left alone. Storms are chosen so that every two choices come together soon, and
then every three: each new one holds as many combinations that no earlier one held as can be found (greedy covering arrays, after
Cohen and others, IEEE TSE 23, 1997). A fault may end the agent before another one could strike; so every second storm is
thinned out, and what showed something new, or came near, is varied further.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from askfirst.harness.catalogue import BASE
from askfirst.harness.search.running import Came, Laboratory, Spent
from askfirst.harness.search.signature import Signature
from askfirst.harness.search.storms import Sky, Storm, place_of

CANDIDATES = 30
"""How many storms are drawn for each that is run."""

THIN = 0.35
"""Share of the places that are struck in a thin storm."""


@dataclass(frozen=True, slots=True)
class Found:
    """A storm in which the agent fails, and how. `runs` is how many it took."""

    storm: Storm
    signature: Signature
    runs: int
    trial: str = ""


def search(laboratory: Laboratory, sky: Sky, *, wanted: str = "", seed: int = 0) -> Found | None:
    """Give the first storm that makes the agent fail (by the oracle `wanted`, any gate if ''), None within the budget.

    An agent that fails without any fault needs no storm: that is given, with an empty one.
    """
    try:
        for storm in _storms(laboratory, sky, random.Random(seed)):  # noqa: S311 - the same search each time
            came = laboratory.see(storm)
            hit = [one for one in came.signatures if wanted in {"", one.oracle}]
            if hit:
                return Found(storm, hit[0], laboratory.runs, came.trial)
    except Spent:
        return None
    return None


def _storms(laboratory: Laboratory, sky: Sky, dice: random.Random) -> Iterator[Storm]:
    yield Storm()
    covered: set[tuple[str, ...]] = set()
    seen: set[str] = set()
    pool: list[Came] = []
    for number in range(100 * max(1, laboratory.most)):
        last = _last(laboratory)
        if last is not None and (not last.seen <= seen or last.near):
            pool.append(last)
            seen |= last.seen
        if len(pool) > 1 and number % 4 == 3:
            storm = _varied(dice.choice(pool[-20:]).storm, sky, dice)
        else:
            share = THIN if number % 4 == 1 else 1.0
            drawn = [_drawn(sky, share, dice) for _ in range(CANDIDATES)]
            storm = max(drawn, key=lambda one: len(_combined(one) - covered))
        if storm.key not in laboratory.known:
            covered |= _combined(storm)
            yield storm


def _combined(storm: Storm) -> set[tuple[str, ...]]:
    """Give every two and three choices of a storm that come together in it."""
    chosen = sorted([one.id for one in storm.faults] + ([storm.arm] if storm.arm != BASE else []))
    return {together for size in (2, 3) for together in itertools.combinations(chosen, size)}


def _last(laboratory: Laboratory) -> Came | None:
    found = list(laboratory.known.values())
    return found[-1][-1] if found else None


def _drawn(sky: Sky, share: float, dice: random.Random) -> Storm:
    """Strike a share of the places, each with one of its faults; stay in the scenario itself every second time."""
    faults = [dice.choice(slot) for slot in sky.slots if dice.random() < share]
    arm = dice.choice(sky.arms) if sky.arms and dice.random() < 0.5 else BASE
    return Storm(tuple(faults), arm)


def _varied(storm: Storm, sky: Sky, dice: random.Random) -> Storm:
    """Add a fault, take one away, or put another in its place."""
    faults = list(storm.faults)
    if faults and dice.random() < 0.4:
        faults.pop(dice.randrange(len(faults)))
    taken = {place_of(one) for one in faults}
    free = [slot for slot in sky.slots if place_of(slot[0]) not in taken]
    if free and (not faults or dice.random() < 0.8):
        chosen = dice.choice(dice.choice(free))
        faults.append(chosen)
    arm = dice.choice((BASE, *sky.arms)) if sky.arms and dice.random() < 0.2 else storm.arm
    return replace(storm, faults=tuple(faults), arm=arm)
