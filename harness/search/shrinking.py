"""From a storm in which the agent fails to the smallest cause.

Fewest faults, answers and sentences that press; mildest kind; earliest trigger; the arm itself; then which people and which
rights it takes. An agent that is steady needs one run for each question; one that is not is asked until the answer is clear
(see doubting.py). The result is run again in the end, and how often it failed is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from askfirst.harness.catalogue import BASE
from askfirst.harness.faulting.data import Trigger
from askfirst.harness.search.doubting import PILOT, Doubt, doubt_after
from askfirst.harness.search.narrowing import Narrowed, narrowed
from askfirst.harness.search.reducing import fewer
from askfirst.harness.search.running import Laboratory, Spent
from askfirst.harness.search.signature import Signature
from askfirst.harness.search.storms import Storm

if TYPE_CHECKING:
    from askfirst.harness.faulting.declaring import Fault
    from askfirst.harness.search.sky import Sky

CONFIRM = 5
"""How often the result is run in the end."""


@dataclass(frozen=True, slots=True)
class Smallest:
    """The smallest storm found. `failed` of `confirmed` runs of it failed; `whole` tells whether the budget was enough."""

    storm: Storm
    signature: Signature
    runs: int
    failed: int
    confirmed: int
    whole: bool = True
    narrowed: Narrowed | None = None

    @property
    def certain(self) -> bool:
        """Whether it failed each time."""
        return self.whole and self.failed == self.confirmed > 0


def shrink(
    laboratory: Laboratory, storm: Storm, signature: Signature, *, sky: Sky | None = None, steady: bool = True
) -> Smallest:
    """Make a storm smaller as long as the agent fails in it in the same way.

    `steady` is an agent that does the same each time. One that was taken for steady and is not shows in the end: then it
    is done once more, with doubt. `sky` says which milder kinds there are, and whose people and rights can be narrowed.
    """
    doubt = Doubt() if steady else _pilot(laboratory, storm, signature)
    smallest = _shrunk(laboratory, storm, signature, sky, doubt)
    if steady and smallest.whole and not smallest.certain:
        return shrink(laboratory, storm, signature, sky=sky, steady=False)
    return smallest


def _pilot(laboratory: Laboratory, storm: Storm, signature: Signature) -> Doubt:
    try:
        while laboratory.counted(storm, signature)[1] < PILOT:
            laboratory.see(storm, again=True)
    except Spent:
        pass
    return doubt_after(*laboratory.counted(storm, signature))


def _shrunk(laboratory: Laboratory, storm: Storm, signature: Signature, sky: Sky | None, doubt: Doubt) -> Smallest:
    whole, told = True, None

    def fails(smaller: Storm) -> bool:
        return laboratory.fails(smaller, signature, doubt)

    try:
        storm = _fewer(storm, fails)
        storm = _simpler(storm, fails, sky)
        if sky is not None:
            told = narrowed(laboratory, storm, sky.scenario, fails)
    except Spent:
        whole = False
        storm = _best(laboratory, storm, signature)
    failed, confirmed = 0, CONFIRM
    laboratory.most = max(laboratory.most, laboratory.runs + CONFIRM)
    for _ in range(confirmed):
        failed += signature in laboratory.see(storm, again=True).signatures
    return Smallest(storm, signature, laboratory.runs, failed, confirmed, whole, told)


def _fewer(storm: Storm, fails: Callable[[Storm], bool]) -> Storm:
    """Leave out what is not needed: the arm, then changes of people, then faults."""
    if storm.arm != BASE and fails(replace(storm, arm=BASE)):
        storm = replace(storm, arm=BASE)
    people = fewer(storm.people, lambda some: fails(replace(storm, people=tuple(some))))
    storm = replace(storm, people=tuple(people))
    faults = fewer(storm.faults, lambda some: fails(replace(storm, faults=tuple(some))))
    return replace(storm, faults=tuple(faults))


def _simpler(storm: Storm, fails: Callable[[Storm], bool], sky: Sky | None) -> Storm:
    """Put a milder kind in the place of each fault, and let it strike earlier, or once only, where that is enough."""

    def put(number: int, choices: Iterator[Fault]) -> None:
        nonlocal storm
        for other in choices:
            changed = replace(storm, faults=(*storm.faults[:number], other, *storm.faults[number + 1 :]))
            if fails(changed):
                storm = changed
                return

    for number in range(len(storm.faults)):
        put(number, _milder(storm.faults[number], sky))
        put(number, _earlier(storm.faults[number]))
    return storm


def _milder(fault: Fault, sky: Sky | None) -> Iterator[Fault]:
    """Give the milder faults of the same place, the mildest first."""
    slot: Sequence[Fault] = next((one for one in sky.slots if fault in one), ()) if sky is not None else ()
    yield from slot[: slot.index(fault)] if fault in slot else ()


def _earlier(fault: Fault) -> Iterator[Fault]:
    """Give the fault with a simpler trigger: the first call only, then any sooner one, then without its other conditions."""
    trigger = fault.trigger
    if fault.kind.given not in {"Struck", "Turn"} and trigger == Trigger():
        return
    first = replace(trigger, nth=None, every=None, first=1)
    tried = [replace(first, after="", until="", standing="", probability=1.0), first]
    tried += [replace(trigger, nth=number) for number in range(2, trigger.nth or 0)]
    tried += [replace(trigger, after="", until="", standing="", probability=1.0)]
    for one in dict.fromkeys(tried):
        if one != trigger:
            yield replace(fault, trigger=one)


def _best(laboratory: Laboratory, storm: Storm, signature: Signature) -> Storm:
    """Give the smallest storm known to fail in this way, one as it is written before one with fewer rights."""
    known = [each[0].storm for each in laboratory.known.values() if any(signature in one.signatures for one in each)]
    return min([storm, *(one for one in known if not one.actions)], key=len)
