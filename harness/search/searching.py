"""Looks for a storm in which the agent breaks a rule.

Each place is struck by one of its faults, or left alone. Storms are chosen so that every two choices strike together soon, and
then every three: each new one holds as many combinations that have not struck together yet as can be found (greedy covering
arrays, after Cohen and others, IEEE TSE 23, 1997). What showed something new, or came near, is varied further. A call that
the good run did not make, and the agent makes in a storm, can be struck from then on.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from dataclasses import dataclass

from askfirst.harness.search.guiding import Guide
from askfirst.harness.search.running import Laboratory, Spent
from askfirst.harness.search.signature import Signature
from askfirst.harness.search.sky import Sky
from askfirst.harness.search.storms import Storm

CANDIDATES = 30
"""How many storms are drawn for each that is run."""

OTHERWISE = 6
"""One storm of so many is a variation, and one is thin."""

THIN = 0.35
"""Share of the places that are struck in a thin storm."""


@dataclass(frozen=True, slots=True)
class Found:
    """A storm in which the agent fails, and how. `runs` is how many it took, `sky` what it was drawn from in the end."""

    storm: Storm
    signature: Signature
    runs: int
    sky: Sky
    trial: str = ""


def search(laboratory: Laboratory, sky: Sky, *, wanted: str = "", seed: int = 0) -> Found | None:
    """Give the first storm that makes the agent fail (by the oracle `wanted`, any gate if ''), None within the budget.

    An agent that fails without any fault needs no storm: that is given, with an empty one.
    """
    guide = Guide(sky)
    with contextlib.suppress(Spent):
        for storm in _storms(laboratory, guide, random.Random(seed)):  # noqa: S311 - the same search each time
            came = laboratory.see(storm)
            hit = [one for one in came.signatures if wanted in {"", one.oracle}]
            if hit:
                return Found(storm, hit[0], laboratory.runs, guide.sky, came.trial)
            guide.learn(came, laboratory.last)
    return None


def _storms(laboratory: Laboratory, guide: Guide, dice: random.Random) -> Iterator[Storm]:
    yield Storm()
    for number in range(100 * max(1, laboratory.most)):
        if len(guide.pool) > 1 and number % OTHERWISE == 3:
            storm = guide.varied(dice.choice(guide.pool[-20:]), dice)
        else:
            share = THIN if number % OTHERWISE == 1 else 1.0
            storm = max((guide.drawn(share, dice) for _ in range(CANDIDATES)), key=guide.new_in)
        if storm.key not in laboratory.known:
            yield storm
