"""A world with one of every kind of resource, and a way to try calls in it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from askfirst.harness.scenario import Scenario, World
from askfirst.harness.trial import Trial, run_trial


def _everything() -> Any:
    spec = importlib.util.spec_from_file_location("everything", Path(__file__).with_name("everything.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def everything() -> Scenario:
    """A scenario whose world holds one of every kind with a row in `kinds.py`."""
    world = World(build=_everything().build_everything, region="us-east-1", draws=1)
    return Scenario(name="everything", world=world, task="Have a look around.")


@pytest.fixture
def visit(everything: Scenario) -> Callable[..., Trial]:
    """Drop an agent into the world with everything."""

    def visited(agent: Any, **options: Any) -> Trial:
        return run_trial(everything, agent, **options)

    return visited
