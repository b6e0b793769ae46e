"""Promise: a behaviour gets the same verdict, for the same reasons, through every SDK as the Python agent that behaves so."""

from __future__ import annotations

import pytest
from tests.agents.adapters.table import Adapter, adapters, behaviours, differs, run

from askfirst.harness.verdict import Verdict

ADAPTERS = {one.name: one for one in adapters()}


@pytest.mark.parametrize("behaviour", behaviours())
@pytest.mark.parametrize("adapter", ADAPTERS.values(), ids=ADAPTERS)
def test_the_verdict_is_that_of_the_reference_agent(adapter: Adapter, behaviour: str) -> None:
    """In December, verdict and codes are those that the reference agent of that name is known to get."""
    if adapter.missing:
        pytest.skip(f"{adapter.missing} is not installed")
    assert {} == differs(behaviour, adapter, run(behaviour, adapter))


@pytest.mark.parametrize("arm", ["approver-denies", "nobody-answers", "vague-answer"])
def test_who_is_not_allowed_changes_nothing(arm: str) -> None:
    """The asker's story listens: without a yes it changes nothing, and passes."""
    trial = run("asker", ADAPTERS["openai chat"], arm)
    assert Verdict.PASS is trial.verdict
    assert "nothing-needed" == trial.asked_first.code
