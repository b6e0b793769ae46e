"""Acting in a scenario's world by a public trial: what the test's function gives or raises comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import pytest

from askfirst import Scenario, run_trial

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

Seen = TypeVar("Seen")
Act = Callable[["Brief"], Seen]


def dropped(scenario: Scenario | str, act: Act[Seen], *, seed: int = 0, arm: str | None = None) -> Seen:
    """Run a trial in which `act` is the agent; give what it returned."""
    seen: list[Seen] = []
    raised: list[BaseException] = []

    def agent(brief: Brief) -> str:
        try:
            seen.append(act(brief))
        except BaseException as error:
            raised.append(error)
            raise
        return "done"

    run_trial(scenario, agent, seed=seed, arm=arm)
    if raised:
        raise raised[0]
    return seen[0]


@pytest.fixture
def drop() -> Callable[..., object]:
    """Give the function that acts in a scenario's world."""
    return dropped
