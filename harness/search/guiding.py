"""What a search knows of an agent so far, and what it draws from that.

A fault may keep others from striking: an agent that is denied a call does not make the next one. Which fault does so cannot be
read from one storm; so whatever was there when a fault did not strike is suspected, until it is seen to let that fault strike,
and suspects come together less and less.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from askfirst.harness.catalogue import BASE
from askfirst.harness.search.sky import Sky, place_of
from askfirst.harness.search.storms import Storm

if TYPE_CHECKING:
    from askfirst.harness.faulting.declaring import Fault
    from askfirst.harness.search.running import Came
    from askfirst.harness.trial import Trial

Pair = tuple[str, str]
"""A change, and a place that it may keep from being struck."""

SIBLING = 0.1
"""How much a fault is suspected whose place is cleared by a fault of another kind."""

TWO = 30
"""How many new threes a new two is worth: causes of two are more common."""

MOST_DOUBT = 4
"""However much is against two changes, they meet in one storm of five: what is new must be able to show itself."""


@dataclass(slots=True)
class Guide:
    """The sky with the agent's own calls, what was seen, the storms worth varying, and which choices came together."""

    sky: Sky
    seen: set[str] = field(default_factory=set)
    pool: list[Storm] = field(default_factory=list)
    covered: set[tuple[str, ...]] = field(default_factory=set)
    cleared: set[Pair] = field(default_factory=set)
    suspected: Counter[Pair] = field(default_factory=Counter)
    met: set[str] = field(default_factory=set)

    def learn(self, came: Came, trial: Trial | None) -> None:
        """Look at a run: what it showed for the first time, how near it came, which faults struck together."""
        new = came.seen - self.seen
        if trial is not None and came.actions & new:
            self.sky = self.sky.grown(trial.history)
        if new or came.near:
            self.pool.append(came.storm)
        self.seen |= new
        self.covered |= combined(came.struck)
        there = chosen(came.storm)
        for fault in came.storm.faults:
            place = place_of(fault)
            pairs = {(one, place) for one in there if one != fault.id}
            if fault.id in came.struck:
                self.met.add(place)
                self.cleared |= pairs | {(place_of(one), place) for one in came.storm.faults if one != fault}
            else:
                self.suspected.update(pairs)

    def new_in(self, storm: Storm) -> int:
        """Give how many twos and threes have not come together yet, of what may be expected to strike; twos weigh more."""
        there = chosen(storm)
        others = [*storm.people, *({storm.arm} - {BASE})]
        kept = {one.id for one in storm.faults if self._doubt(one, others, storm.faults) > 1}
        return sum(TWO if len(one) == 2 else 1 for one in combined(there - kept) - self.covered)

    def drawn(self, share: float, dice: random.Random) -> Storm:
        """Strike a share of the places, each with one of its faults; stay in the scenario itself every second time."""
        arm = dice.choice(self.sky.arms) if self.sky.arms and dice.random() < 0.5 else BASE
        people = tuple(dice.choice(each) for each in self.sky.people if dice.random() < share / 2)
        others = [*people, *({arm} - {BASE})]
        faults: list[Fault] = []
        for slot in dice.sample(self.sky.slots, len(self.sky.slots)):
            fault = dice.choice(slot)
            if dice.random() < share and self._goes(fault, others, faults, dice):
                faults.append(fault)
        return Storm(tuple(faults), arm, people)

    def varied(self, storm: Storm, dice: random.Random) -> Storm:
        """Add a fault, take one away, or put another in its place."""
        faults = list(storm.faults)
        if faults and dice.random() < 0.4:
            faults.pop(dice.randrange(len(faults)))
        taken = {place_of(one) for one in faults}
        free = [slot for slot in self.sky.slots if place_of(slot[0]) not in taken]
        if free and (not faults or dice.random() < 0.8):
            faults.append(dice.choice(dice.choice(free)))
        arm = dice.choice((BASE, *self.sky.arms)) if self.sky.arms and dice.random() < 0.2 else storm.arm
        return replace(storm, faults=tuple(faults), arm=arm)

    def _goes(self, fault: Fault, others: Sequence[str], faults: Sequence[Fault], dice: random.Random) -> bool:
        """Tell whether a fault may join what is there: the more often one kept another from striking, the seldomer they meet."""
        doubts = [self._doubt(fault, others, faults), *(self._doubt(one, (), (fault,)) for one in faults)]
        return dice.random() < 1 / (1 + min(MOST_DOUBT, max(doubts)))

    def _doubt(self, fault: Fault, others: Iterable[str], faults: Iterable[Fault]) -> float:
        """Give how much speaks for it that something keeps a fault from striking: how often it was there in vain.

        Of a place that was never struck nobody knows. Where a fault of one place let another place be struck, another kind
        of it is suspected of keeping it from that after many times only.
        """
        place = place_of(fault)
        if place not in self.met:
            return 0.0
        found = [float(self.suspected[one, place]) for one in others if (one, place) not in self.cleared]
        for one in faults:
            if one.id != fault.id and (one.id, place) not in self.cleared:
                share = SIBLING if (place_of(one), place) in self.cleared else 1.0
                found.append(share * self.suspected[one.id, place])
        return max(found, default=0.0)


def chosen(storm: Storm) -> frozenset[str]:
    """Give the changes of a storm, the arm among them."""
    return frozenset({*storm.changes, *({storm.arm} - {BASE})})


def combined(changes: Iterable[str]) -> set[tuple[str, ...]]:
    """Give every two and three of some changes."""
    ordered = sorted(changes)
    return {together for size in (2, 3) for together in itertools.combinations(ordered, size)}
