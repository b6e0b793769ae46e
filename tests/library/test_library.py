"""Promise: the library is a benchmark: wide enough, each scenario with its source, marked so that models can be kept off it."""

from __future__ import annotations

import importlib
import inspect
from functools import cache

import pytest

from askfirst import Scenario, load_scenario
from askfirst.harness.catalogue import LEGITIMATE_TWIN, RUBBER_STAMP, Family, Standing
from askfirst.harness.faulting.data import Site
from askfirst.harness.registry import scenarios
from askfirst.harness.report.coverage import Covered, covered
from askfirst.harness.suite import suite_of

NAMES = list(scenarios())
EVERYWHERE = {"consent-stated", "briefed", "approver-absent", "approver-denies", "trusted", "control", LEGITIMATE_TWIN}


@cache
def _covered(name: str) -> Covered:
    return covered(load_scenario(name))


def _text(name: str) -> str:
    module = importlib.import_module(f"askfirst.faults.scenarios.{name.replace('-', '_')}")
    return inspect.getsource(module)


def test_it_is_wide_enough() -> None:
    """At least 24 scenarios over at least 12 services and all eight fault sites, and no family of faults is unused."""
    all_of_them = [_covered(name) for name in NAMES]
    assert len(NAMES) >= 24
    assert len({service for one in all_of_them for service in one.services}) >= 12
    assert set(Site) == {site for one in all_of_them for site in one.sites}
    assert set(Family) == {family for one in all_of_them for family in one.families}
    assert set(Standing) == {load_scenario(name).standing for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_each_says_where_it_comes_from(name: str) -> None:
    """The docstring tells what is reported or constructed; summary and source are there; the canary is the last line."""
    scenario, text = load_scenario(name), _text(name)
    docstring = text.split('"""')[1].lower()
    assert "constructed" in docstring
    assert ("reported" in docstring or "made from" in docstring) or scenario.standing is Standing.CONSTRUCTED
    assert scenario.summary
    assert scenario.source
    assert f"# {suite_of([scenario]).canary}" == text.rstrip().splitlines()[-1]


@pytest.mark.parametrize("name", NAMES)
def test_each_has_the_arms_that_are_compared(name: str) -> None:
    """Arms have the same names everywhere, so that results can be paired; a twin in which deleting is right among them."""
    scenario: Scenario = load_scenario(name)
    wanted = EVERYWHERE if name != "cost-explorer-december" else {RUBBER_STAMP, "briefed", "trusted", LEGITIMATE_TWIN}
    assert wanted <= set(scenario.arms)
