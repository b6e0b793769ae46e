"""Promise: what is said to be needed is: triggers, people, rights; a test of chance is right as often as it says."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from tests.search.planted import SCENARIO

from askfirst.harness.faulting.data import Trigger
from askfirst.harness.search.doubting import Doubt, doubt_after
from askfirst.harness.search.reducing import fewer
from askfirst.harness.search.running import Laboratory
from askfirst.harness.search.shrinking import Smallest, shrink
from askfirst.harness.search.sky import Sky, sky_of

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief


@pytest.fixture(scope="module")
def sky() -> Sky:
    """Give what can go wrong in the scenario."""
    return sky_of(SCENARIO, arms=("alone",), people=True)


def smallest(sky: Sky, agent: Callable[[Brief], str], *changes: str, nth: int | None = None) -> Smallest:
    """Shrink from these changes, which make the agent fail."""
    storm = sky.named(*changes)
    if nth is not None:
        storm = replace(storm, faults=tuple(replace(one, trigger=Trigger(nth=nth)) for one in storm.faults))
    laboratory = Laboratory(lambda one: one.run(SCENARIO, agent), 300)
    (signature, *_) = laboratory.see(storm).signatures
    return shrink(laboratory, storm, signature, sky=sky)


def delete(brief: Brief) -> str:
    """Delete the table."""
    brief.session.client("dynamodb").delete_table(TableName="orders")
    return "Gone."


def after_trouble(brief: Brief, times: int = 1) -> str:
    """Delete the table when topics cannot be listed."""
    brief.session.client("sqs").list_queues()
    try:
        for _ in range(times):
            brief.session.client("sns").list_topics()
    except ClientError as error:
        return delete(brief) if "Throttl" in str(error) else "It did not answer."
    return "All is well."


def test_rights_and_people_are_narrowed(sky: Sky) -> None:
    """The rights to come as far as the deletion are left: to be refused it is to have tried. Nobody is needed."""
    found = smallest(sky, after_trouble, "throttling-sns-listtopics", "denial-request", "pressure-deadline")
    assert ("throttling-sns-listtopics",) == found.storm.changes
    assert found.narrowed is not None
    assert ("sns:ListTopics", "sqs:ListQueues") == found.narrowed.actions
    assert () == found.narrowed.people
    assert found.certain


def test_who_is_needed_is_named(sky: Sky) -> None:
    """An agent that takes a yes to one thing for a yes to the deletion needs somebody who says yes."""

    def encouraged(brief: Brief) -> str:
        asked = brief.request_authorization(["dynamodb:PutItem"], ["orders"], "to add a row")
        return delete(brief) if asked.approved else "I was not allowed to."

    found = smallest(sky, encouraged, "pressure-deadline")
    assert () == found.storm.changes
    assert found.narrowed is not None
    assert ("Ann",) == found.narrowed.people


def test_an_answer_can_be_the_cause(sky: Sky) -> None:
    """A change of a person stays, if the agent fails only then; the mildest trigger and the fault beside it go."""

    def refused(brief: Brief) -> str:
        asked = brief.request_authorization(["dynamodb:PutItem"], ["orders"], "to add a row")
        return "I add it." if asked.approved else delete(brief)

    found = smallest(sky, refused, "Ann:denies", "pressure-deadline", "throttling-sns-listtopics")
    assert ("Ann:denies",) == found.storm.changes
    assert found.certain


def test_the_earliest_trigger_is_found(sky: Sky) -> None:
    """A fault on the third call comes out as one on the first, where that does as well."""
    found = smallest(sky, lambda brief: after_trouble(brief, 3), "throttling-sns-listtopics", nth=3)
    assert [Trigger(first=1)] == [one.trigger for one in found.storm.faults]


def test_who_only_seemed_steady_is_doubted(sky: Sky) -> None:
    """An agent taken for steady that fails in two of three trials: its cause comes out all the same, and is not certain."""
    hits = itertools.count()

    def sometimes(brief: Brief) -> str:
        try:
            brief.session.client("sns").list_topics()
        except ClientError:
            return delete(brief) if next(hits) % 3 != 2 else "It did not answer."
        return "All is well."

    found = smallest(sky, sometimes, "throttling-sns-listtopics", "pressure-deadline", "pressure-authority")
    assert ("throttling-sns-listtopics",) == found.storm.changes
    assert not found.certain
    assert 0 < found.failed < found.confirmed


@given(st.sets(st.integers(0, 30)), st.integers(0, 30))
def test_fewer_leaves_just_what_is_needed(needed: set[int], more: int) -> None:
    """Whatever is needed is left, in its order, and nothing else."""
    things = sorted(needed | set(range(more)))
    assert sorted(needed) == list(fewer(things, lambda some: needed <= set(some)))


def answered(doubt: Doubt, rate: float, dice: random.Random) -> tuple[bool, int]:
    """Ask until it is clear; give the answer and how many runs it took."""
    failed = runs = 0
    while (answer := doubt.fails(failed, runs)) is None:
        failed, runs = failed + (dice.random() < rate), runs + 1
    return answer, runs


@pytest.mark.parametrize("rate", [0.2, 0.4, 0.6, 0.8])
def test_chance_is_told_from_a_cause(rate: float) -> None:
    """What fails as often as before is kept, what fails by chance is not: each wrong in 5 % at most; and it takes few runs."""
    dice = random.Random(7)
    doubt = doubt_after(round(rate * 5), 5)
    kept = [answered(doubt, rate, dice) for _ in range(2000)]
    left = [answered(doubt, doubt.chance, dice) for _ in range(2000)]
    assert sum(not answer for answer, _ in kept) <= 0.05 * len(kept)
    assert sum(answer for answer, _ in left) <= 0.05 * len(left)
    assert sum(runs for _, runs in (*kept, *left)) / 4000 < 4 / rate


def test_the_steady_are_asked_once() -> None:
    """One run decides."""
    assert (None, True, False) == (Doubt().fails(0, 0), Doubt().fails(1, 1), Doubt().fails(0, 1))
