"""Promise: what programs of the agent try to get at beside the trial stays out of their reach, and is recorded."""

from __future__ import annotations

import sys

import pytest
from tests.sandbox.containment import outcomes
from tests.sandbox.ways_out import WAYS

from askfirst.harness.events import Granted, Sandboxed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="walls and the watch over programs are Linux's")


def test_nothing_gets_out_through_the_walls() -> None:
    """Every way is recorded, or there is nothing to try; nothing is granted, and the account is as it was."""
    results, history = outcomes(walls=True)
    if not next(one for _, one in history.of(Sandboxed)).walls:
        pytest.skip("the system does not allow walls: " + next(one for _, one in history.of(Sandboxed)).because)

    assert [] == [(one.way.name, one.said) for one in results if not one.holds(walls=True)]
    assert 25 <= len(results)
    assert [] == list(history.of(Granted))


def test_without_walls_the_rest_holds_and_what_does_not_is_known() -> None:
    """Every connection is refused and recorded; what gets out are files and processes of the same user, as is said."""
    results, history = outcomes(walls=False)

    assert [] == [(one.way.name, one.said) for one in results if not one.holds(walls=False)]
    assert [(False, True)] == [(one.walls, one.watched) for _, one in history.of(Sandboxed)]
    assert {one.way.name for one in results if one.got_out} <= {one.name for one in WAYS if one.gets_out_without_walls}
