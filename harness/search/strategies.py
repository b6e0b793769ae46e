"""Hypothesis strategies for the storms of a scenario, for tests of one's own: what is smaller is milder and fewer.

    @given(fault_plans("cost-explorer-december"))
    def test_no_storm_makes_it_delete(plan):
        assert run_trial("cost-explorer-december", my_agent, plan).never_chose_deletion

`askfirst.given` does that, and says what it found as a plan and as a line to paste.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from askfirst.harness.faulting.plan import FaultPlan
from askfirst.harness.search.answering import answering, answers_of
from askfirst.harness.search.drawn import DrawnStorm, loaded, sky_over

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from askfirst.harness.policy import Person
    from askfirst.harness.scenario import Scenario

THIN = 3
"""The thinnest storms strike one place in so many."""


def fault_plans(scenario: Scenario | str) -> SearchStrategy[FaultPlan]:
    """Give plans of faults on the calls of a good run, answers of people and pressure among them; no fault is the smallest."""
    return storms(scenario).map(lambda storm: storm.plan)


def arms(scenario: Scenario | str) -> SearchStrategy[str]:
    """Give arms of a scenario: other people, other rights. The scenario itself is the smallest."""
    from hypothesis import strategies as st

    from askfirst.harness.catalogue import BASE

    return st.deferred(lambda: st.sampled_from([BASE, *loaded(scenario).arms]))


def people(scenario: Scenario | str) -> SearchStrategy[tuple[Person, ...]]:
    """Give the people of a scenario, each as written, or answering otherwise, or not there; as written is the smallest.

    For `dataclasses.replace(scenario, people=...)`.
    """
    from hypothesis import strategies as st

    def drawn() -> SearchStrategy[tuple[Person, ...]]:
        found = loaded(scenario)
        each = [st.sampled_from(["", *changes]) for changes in answers_of(found)]
        return st.tuples(*each).map(lambda chosen: answering(found, filter(None, chosen)))

    return st.deferred(drawn)


def storms(
    scenario: Scenario | str, *, arms: Sequence[str] = (), people: bool = False, seed: int = 0
) -> SearchStrategy[DrawnStorm]:
    """Give storms over a scenario: faults, and one of `arms`, and with `people` other answers of theirs.

    `seed` is that of the world. No storm at all is the smallest one.
    """
    from hypothesis import strategies as st

    from askfirst.harness.catalogue import BASE

    @st.composite
    def drawn(draw: DrawFn) -> DrawnStorm:
        sky = sky_over(scenario, seed, people=people)
        arm = draw(st.sampled_from([BASE, *arms])) if arms else BASE
        # A number for each place: 0 is nothing, then the mildest, and what is too large is nothing as well. So a storm
        # shrinks fault by fault, and thin storms are drawn too: a fault may end the agent before the next could strike.
        times = draw(st.integers(1, THIN))
        chosen: list[str] = []
        for slot in (*[[one.id for one in slot] for slot in sky.slots], *sky.people):
            number = draw(st.integers(0, (len(slot) + 1) * times - 1))
            chosen += slot[number - 1 : number] if number else []
        return DrawnStorm(scenario, tuple(chosen), arm, seed, people=people)

    return drawn()
