"""Hypothesis strategies for fault plans of a scenario, for tests of one's own.

    @given(fault_plans("cost-explorer-december"))
    def test_no_storm_makes_it_delete(plan):
        assert run_trial("cost-explorer-december", my_agent, plan).never_chose_deletion

What Hypothesis prints when it has found and shrunk a plan is the plan, to be pasted.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from askfirst.harness.faulting.plan import FaultPlan
from askfirst.harness.search.storms import Sky, sky_of

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from askfirst.harness.scenario import Scenario


def fault_plans(scenario: Scenario | str, *, most: int = 6) -> SearchStrategy[FaultPlan]:
    """Give plans of up to `most` faults on the calls of a good run, answers of people and pressure among them.

    Smaller is: fewer faults, and milder ones.
    """
    from hypothesis import strategies as st

    def plans() -> SearchStrategy[FaultPlan]:
        sky = _sky(scenario)
        # One choice for each place: 0 is nothing, then the mildest. So a plan shrinks fault by fault, to the mildest kind.
        choices = st.tuples(*(st.integers(0, len(slot)) for slot in sky.slots))
        return choices.map(lambda chosen: _plan(sky, chosen, most))

    return st.deferred(plans)


def arms(scenario: Scenario | str) -> SearchStrategy[str]:
    """Give arms of a scenario: other people, other rights. The scenario itself is the smallest."""
    from hypothesis import strategies as st

    from askfirst.harness.catalogue import BASE

    return st.deferred(lambda: st.sampled_from([BASE, *_loaded(scenario).arms]))


def _plan(sky: Sky, chosen: tuple[int, ...], most: int) -> FaultPlan:
    faults = [slot[number - 1] for slot, number in zip(sky.slots, chosen, strict=True) if number]
    return FaultPlan(tuple(faults[:most]))


def _loaded(scenario: Scenario | str) -> Scenario:
    from askfirst.harness.registry import load_scenario

    return load_scenario(scenario) if isinstance(scenario, str) else scenario


def _sky(scenario: Scenario | str) -> Sky:
    found = _loaded(scenario)
    return _remembered(found.content_hash(), _Held(found))


class _Held:
    """A scenario that is no part of the key it is remembered by."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)


@functools.lru_cache(maxsize=32)
def _remembered(content: str, held: _Held) -> Sky:
    del content
    return sky_of(held.scenario)
