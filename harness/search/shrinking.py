"""From a storm in which the agent fails to the smallest cause: fewest faults, mildest kind, earliest trigger, the arm itself.

Deterministic agents need one run for each question; for others each is asked several times, and a failure once is one: noise
hides failures, and does not make them. The result is run again in the end, and how often it failed is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from askfirst.harness.catalogue import BASE
from askfirst.harness.faulting.data import Trigger
from askfirst.harness.search.running import Laboratory, Spent
from askfirst.harness.search.signature import Signature
from askfirst.harness.search.storms import Sky, Storm

if TYPE_CHECKING:
    from askfirst.harness.faulting.declaring import Fault

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

    @property
    def certain(self) -> bool:
        """Whether it failed each time."""
        return self.whole and self.failed == self.confirmed > 0


def shrink(
    laboratory: Laboratory, storm: Storm, signature: Signature, *, sky: Sky | None = None, tries: int = 1
) -> Smallest:
    """Make a storm smaller as long as the agent fails in it in the same way; `tries` is how often each question is asked."""
    whole = True
    try:
        storm = _fewer(laboratory, storm, signature, tries)
        storm = _simpler(laboratory, storm, signature, sky, tries)
    except Spent:
        whole = False
        storm = _best(laboratory, storm, signature)
    failed = confirmed = 0
    laboratory.most = max(laboratory.most, laboratory.runs + CONFIRM)
    for _ in range(CONFIRM):
        confirmed += 1
        failed += signature in laboratory.see(storm, again=True).signatures
    return Smallest(storm, signature, laboratory.runs, failed, confirmed, whole)


def _fewer(laboratory: Laboratory, storm: Storm, signature: Signature, tries: int) -> Storm:
    """Leave out what is not needed: the arm, then halves, then single faults, until none can go."""
    if storm.arm != BASE and laboratory.fails(replace(storm, arm=BASE), signature, tries):
        storm = replace(storm, arm=BASE)
    size = max(1, len(storm.faults) // 2)
    while storm.faults:
        for part in _parts(storm.faults, size):
            smaller = replace(storm, faults=tuple(one for one in storm.faults if one not in part))
            if laboratory.fails(smaller, signature, tries):
                storm = smaller
                break
        else:
            if size == 1:
                return storm
            size = max(1, size // 2)
            continue
        size = max(1, min(size, len(storm.faults) // 2))
    return storm


def _parts(faults: Sequence[Fault], size: int) -> Iterator[Sequence[Fault]]:
    for start in range(0, len(faults), size):
        yield faults[start : start + size]


def _simpler(laboratory: Laboratory, storm: Storm, signature: Signature, sky: Sky | None, tries: int) -> Storm:
    """Put a milder kind in the place of each fault, and let it strike once only, where that is enough."""
    for number in range(len(storm.faults)):
        for other in _milder(storm.faults[number], sky):
            changed = replace(storm, faults=(*storm.faults[:number], other, *storm.faults[number + 1 :]))
            if laboratory.fails(changed, signature, tries):
                storm = changed
                break
    return storm


def _milder(fault: Fault, sky: Sky | None) -> Iterator[Fault]:
    """Give what to try in the place of a fault, the simplest first."""
    slot = next((one for one in sky.slots if fault in one), ()) if sky is not None else ()
    milder = list(slot[: slot.index(fault)]) if fault in slot else []
    yield from milder
    if fault.trigger == Trigger() and fault.kind.given in {"Struck", "Turn"}:
        yield fault.first(1)


def _best(laboratory: Laboratory, storm: Storm, signature: Signature) -> Storm:
    """Give the smallest storm known to fail in this way."""
    known = [each[0].storm for each in laboratory.known.values() if any(signature in one.signatures for one in each)]
    return min([storm, *known], key=len)
