"""Worlds that hold one group of kinds each, and a way to try calls in them."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from askfirst.harness.brief import Brief
from askfirst.harness.records import Author, Change
from askfirst.harness.scenario import Scenario, World
from askfirst.harness.trial import Trial, run_trial

Client = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of some calls: the trial, and the changes they made, in order."""

    trial: Trial
    changes: tuple[Change, ...]

    def of(self, arn_part: str) -> list[Change]:
        """Give the changes of what has this in its ARN."""
        return [one for one in self.changes if arn_part in one.arn]


Trying = Callable[[Callable[[Client], object]], Tried]


def trying(group: str) -> Trying:
    """Give a way to try calls in the world of one group of kinds, `everything_GROUP.py`."""
    path = Path(__file__).parents[1] / f"everything_{group}.py"
    spec = importlib.util.spec_from_file_location(f"everything_{group}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    world = World(build=module.build, region="us-east-1", draws=1)
    scenario = Scenario(name=f"everything-{group}", world=world, task="Have a look around.")

    def tried(calls: Callable[[Client], object]) -> Tried:
        def agent(brief: Brief) -> None:
            calls(brief.session.client)

        trial = run_trial(scenario, agent)
        made = [one for call in trial.history.calls if call.end for one in call.end.changes]
        return Tried(trial, tuple(one for one in made if one.author is Author.AGENT))

    return tried


@pytest.fixture(scope="session")
def data() -> Trying:
    """Try calls in the world of data and messaging services."""
    return trying("data")
