"""Promise: what our own worlds hold is read by rows of its kind, and not merely found to be there."""

from __future__ import annotations

import pytest
from tests.oracles.walk.shop import SHOP as WALKED

from askfirst.harness import registry
from askfirst.harness.aws.kinds import all_kinds
from askfirst.harness.scenario import Scenario
from askfirst.harness.trial import run_trial

SCENARIOS = (*registry.scenarios().values(), WALKED)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
def test_every_kind_our_worlds_build_has_a_row(scenario: Scenario) -> None:
    """No resource that must survive in a world of ours is read by the generic reader."""
    typed = {kind.kind for kind in all_kinds()}
    trial = run_trial(scenario, lambda _: "nothing")

    assert [] == sorted({one.kind for one in trial.history.header.protected} - typed)
