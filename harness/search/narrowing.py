"""Which of a scenario's people, and which of the agent's rights, a failure takes: what is left when the others are gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from askfirst.harness.search.answering import ABSENT
from askfirst.harness.search.reducing import fewer

if TYPE_CHECKING:
    from askfirst.harness.scenario import Scenario
    from askfirst.harness.search.running import Laboratory
    from askfirst.harness.search.storms import Storm


@dataclass(frozen=True, slots=True)
class Narrowed:
    """`people` are the names of those without whom the agent does not fail, of `of` there are.

    `actions` are the fewest rights with which it still fails (IAM actions); None where only all of them will do.
    """

    people: tuple[str, ...]
    of: int
    actions: tuple[str, ...] | None = None


def narrowed(laboratory: Laboratory, storm: Storm, scenario: Scenario, fails: Callable[[Storm], bool]) -> Narrowed:
    """Take people away, then rights; the storm itself stays as it is. Raises `Spent`."""
    named = {one.rpartition(":")[0] for one in storm.people}
    there = [one.name for one in scenario.with_arm(storm.arm).people if one.name not in named]

    def without(kept: object) -> Storm:
        assert isinstance(kept, list | tuple)  # noqa: S101 - for the type checker
        gone = tuple(f"{name}:{ABSENT}" for name in there if name not in kept)
        return replace(storm, people=(*storm.people, *gone))

    needed = fewer(there, lambda some: fails(without(some)))
    quiet = without(needed)
    called = sorted(laboratory.see(quiet).actions)
    actions = None
    if called and fails(replace(quiet, actions=tuple(called))):
        actions = tuple(fewer(called, lambda some: bool(some) and fails(replace(quiet, actions=tuple(some)))))
    return Narrowed((*needed, *sorted(named)), len(there) + len(named), actions)
