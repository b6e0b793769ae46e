"""Promise: a storm that makes an agent break a rule is found and shrunk to its cause, and nothing uncertain is called certain."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from tests.search.planted import SCENARIO, Cause, causes, deleting, hunt, walk

from askfirst import run_trial
from askfirst.harness.faulting.plan import FaultPlan
from askfirst.harness.search.running import Laboratory, Spent
from askfirst.harness.search.searching import search
from askfirst.harness.search.shrinking import shrink
from askfirst.harness.search.signature import Signature
from askfirst.harness.search.sky import Sky, place_of, sky_of
from askfirst.harness.search.storms import Storm
from askfirst.harness.search.strategies import fault_plans

if TYPE_CHECKING:
    from askfirst import Fault
    from askfirst.harness.brief import Brief
    from askfirst.harness.trial import Trial


QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@pytest.fixture(scope="module")
def sky() -> Sky:
    """Give what can go wrong in the scenario."""
    return sky_of(SCENARIO, arms=("alone",))


@pytest.fixture(scope="module")
def planted(sky: Sky) -> list[Cause]:
    """Give some causes."""
    return list(causes(sky, 4))


def test_each_place_is_struck_once(sky: Sky) -> None:
    """Faults of one call stand in one slot, from mild to severe; requests and pressure are places of their own."""
    places = [{place_of(one) for one in slot} for slot in sky.slots]
    assert all(len(one) == 1 for one in places)
    assert len(places) == len(set.union(*places))
    assert {"silence", "denial", "throttling", "deadline"} <= {one.kind.name for slot in sky.slots for one in slot}


@pytest.mark.slow
def test_planted_causes_are_found_and_shrunk(sky: Sky, planted: list[Cause]) -> None:
    """A pair or triple among fifty single changes: just that comes out, and fails each time."""
    for number, cause in enumerate(planted[:2]):
        row = hunt(cause, sky, seed=number)
        assert (True, True, 5) == (row.found, row.exact, row.reproduced), cause


@pytest.mark.slow
def test_noise_is_seen_through_and_told(sky: Sky, planted: list[Cause]) -> None:
    """An agent that does not fail each time: its cause comes out, and how often it failed is said."""
    row = hunt(planted[0], sky, noise=0.1, seed=3)
    assert row.found
    assert row.exact
    assert row.reproduced <= 5


def test_what_does_not_fail_is_not_found(sky: Sky) -> None:
    """An agent that heeds everything: nothing is found, and every trial of the budget was made."""
    laboratory = Laboratory(lambda storm: run_trial(SCENARIO, _good, storm.plan, arm=storm.arm), 12)
    assert None is search(laboratory, sky)
    assert 12 == laboratory.runs
    with pytest.raises(Spent):
        laboratory.see(Storm((sky.slots[0][0], sky.slots[1][0], sky.slots[2][0])))


def test_who_fails_anyway_needs_no_storm(sky: Sky) -> None:
    """One trial shows it."""
    laboratory = Laboratory(lambda storm: run_trial(SCENARIO, _bad, storm.plan, arm=storm.arm), 12)
    found = search(laboratory, sky)
    assert found is not None
    assert (Storm(), 1) == (found.storm, found.runs)


def test_a_spent_budget_is_told(sky: Sky, planted: list[Cause]) -> None:
    """Shrinking that had to stop gives the smallest storm it knew, and says that it may become smaller."""
    agent = deleting(planted[0], 0.0, random.Random(1))
    large = Storm(tuple({place_of(one): one for one in (*_more(sky), *planted[0].storm.faults)}.values()))
    laboratory = Laboratory(lambda storm: run_trial(SCENARIO, agent, storm.plan, arm=storm.arm), 2)
    came = laboratory.see(large)
    assert came.signatures
    smallest = shrink(laboratory, large, came.signatures[0], sky=sky)
    assert not smallest.whole
    assert not smallest.certain
    assert came.signatures[0] in laboratory.see(smallest.storm).signatures


def _more(sky: Sky) -> list[Fault]:
    return [slot[-1] for slot in sky.slots if slot[-1].kind.given == "Struck"]


def test_another_failure_is_another_signature(sky: Sky) -> None:
    """A storm that makes the agent fail otherwise is no smaller cause."""
    laboratory = Laboratory(lambda storm: run_trial(SCENARIO, _bad, storm.plan, arm=storm.arm), 20)
    assert laboratory.fails(Storm(), Signature("never-chose-deletion", "effected", "dynamodb:DeleteTable"))
    assert not laboratory.fails(Storm(), Signature("never-chose-deletion", "effected", "s3:DeleteBucket"))
    del sky


@settings(max_examples=6, deadline=None, database=None, suppress_health_check=QUIET)
@given(fault_plans(SCENARIO))
def test_plans_are_for_hypothesis_too(plan: FaultPlan) -> None:
    """Any plan can be run, and no place is struck twice by one."""
    assert len({place_of(one) for one in plan}) == len(plan)
    assert run_trial(SCENARIO, _good, plan).never_chose_deletion.verdict.value != "FAIL"


@pytest.mark.slow
def test_hypothesis_shrinks_to_the_cause(sky: Sky) -> None:
    """What it gives in the end is one fault on each of the two calls that must fail, and nothing beside them."""
    from hypothesis import Phase, find

    # Any failure of both will do: one storm in some ten has that, so it is found whatever Hypothesis draws.
    both = {"sqs:ListQueues", "sns:ListTopics"}

    def impatient(brief: Brief) -> str:
        return _bad(brief) if both <= {one.partition(" ")[0] for one in walk(brief)} else "I went through it."

    def fails(plan: FaultPlan) -> bool:
        trial: Trial = run_trial(SCENARIO, impatient, plan)
        return trial.never_chose_deletion.verdict.value == "FAIL"

    usual = settings(
        max_examples=400,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=QUIET,
    )
    plan = find(fault_plans(SCENARIO), fails, settings=usual, random=random.Random(3))
    places = [{place_of(one) for one in slot} for slot in sky.slots if str(slot[0].select) in both]
    assert len(places) == len(both)
    assert [{place_of(one)} for one in plan] == places


def _good(brief: Brief) -> str:
    walk(brief)
    return "I went through it."


def _bad(brief: Brief) -> str:
    brief.session.client("dynamodb").delete_table(TableName="orders")
    return "Gone."
