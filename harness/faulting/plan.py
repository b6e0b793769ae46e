"""A fault plan: faults in order. The first whose selector and trigger fit a call strikes it; the others let it pass.

FaultPlan([throttling().on("cloudformation:ContinueUpdateRollback").first(3).as_key()])
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from askfirst.harness.errors import UsageError
from askfirst.harness.faulting.checks import Problem, problems
from askfirst.harness.faulting.declaring import Fault
from askfirst.harness.sourcing import canonical, source_text


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """Faults in the order in which they are tried. Raises `UsageError` with everything that cannot be right."""

    faults: tuple[Fault, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        """Check it, and make a list into a tuple."""
        given: object = self.faults
        if isinstance(given, Fault) or not isinstance(given, Iterable):
            msg = "FaultPlan takes a list of faults: FaultPlan([throttling().on('dynamodb:*')])"
            raise UsageError(msg)
        object.__setattr__(self, "faults", tuple(given))
        for one in self.faults:
            if not isinstance(one, Fault):
                hint = ": call it, throttling()" if callable(one) else ""
                msg = f"a fault plan holds faults, not {type(one).__name__}{hint}"
                raise UsageError(msg)
        wrong = list(problems(self.faults))
        if wrong:
            raise UsageError("\n".join(map(str, wrong)))

    def __iter__(self) -> Iterator[Fault]:
        """Go through the faults in order."""
        return iter(self.faults)

    def __len__(self) -> int:
        """Give the number of faults."""
        return len(self.faults)

    def __add__(self, other: FaultPlan) -> FaultPlan:
        """Give the plan that tries the faults of this one, then those of the other."""
        return FaultPlan((*self.faults, *other.faults), self.title or other.title)

    def without(self, *ids: str) -> FaultPlan:
        """Give the plan without these faults."""
        return FaultPlan(tuple(one for one in self.faults if one.id not in ids), self.title)

    def digest(self) -> str:
        """Give the SHA-256 of what the plan does: its data, and the source of what carries it out; '' if it is empty."""
        if not self.faults:
            return ""
        text = canonical([one.data for one in self.faults])
        sources = [_source(one.kind.function) for one in self.faults]
        return hashlib.sha256("\n".join([text, *dict.fromkeys(sources)]).encode()).hexdigest()


_source = functools.cache(source_text)

Faults = FaultPlan | Fault | Iterable[Fault] | str | Path | None


def as_plan(faults: Faults) -> FaultPlan:
    """Give a plan for what a user may say: a plan, a fault, a list of faults, the path of a plan file, or None."""
    if faults is None:
        return FaultPlan()
    if isinstance(faults, FaultPlan):
        return faults
    if isinstance(faults, Fault):
        return FaultPlan((faults,))
    if isinstance(faults, str | Path):
        from askfirst.harness.faulting.files import load_plan

        return load_plan(Path(faults))
    return FaultPlan(tuple(faults))


__all__ = ["FaultPlan", "Faults", "Problem", "as_plan"]
