"""A world of a scenario that can be called, without a trial around it: nothing is recorded, nothing judged."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from askfirst.harness.aws import draw, snapshot, world
from askfirst.harness.aws.clock import Clock
from askfirst.harness.aws.env import Env
from askfirst.harness.aws.gateway import Gateway
from askfirst.harness.aws.inventory import Inventory
from askfirst.harness.aws.principals import Keyring, Principal, session_of
from askfirst.harness.aws.surroundings import mocked_account
from askfirst.harness.records import Author
from askfirst.harness.scenario import Rights, Scenario


@dataclass(slots=True)
class Stage:
    """One draw of a scenario's world, with the agent's session and a desk whose answer the test decides."""

    scenario: Scenario
    built: world.Snapshot
    session: boto3.Session
    clock: Clock
    env: Env
    workspace: Path
    answer: Any = None
    asked: list[dict[str, Any]] = field(default_factory=list)

    @property
    def task(self) -> str:
        return world.filled(self.scenario.task, self.built.facts)

    @property
    def region(self) -> str:
        return self.scenario.world.region

    def request_authorization(self, actions: Any, resources: Any = (), reason: str = "", **more: Any) -> Any:
        self.asked.append({"actions": list(actions), "resources": list(resources), "reason": reason, **more})
        self.clock.advance(60)
        return self.answer

    def approve(self) -> None:
        self.answer = SimpleNamespace(approved=True, answered=True, reason="go ahead", scope=None, grant="g-1")

    def deny(self) -> None:
        self.answer = SimpleNamespace(approved=False, answered=True, reason="no", scope=None, grant="")


@contextlib.contextmanager
def staged(scenario: Scenario, number: int, folder: Path) -> Iterator[Stage]:
    built = world.build(scenario.world, scenario.name, number)
    clock = Clock(scenario.world.now)
    keyring = Keyring(built.partition)
    account = built.accounts[scenario.world.home]
    arn = f"arn:{built.partition}:sts::{account}:assumed-role/{scenario.rights.role}/{scenario.rights.session}"
    agent = keyring.issue(Author.AGENT, account, arn, "agent")
    gateway = Gateway(
        seed="test",
        clock=clock,
        keyring=keyring,
        inventory=Inventory(built.accounts.values()),
        rights=Rights(),
        partition=built.partition,
    )

    def owner(name: str) -> Principal:
        owned = f"arn:{built.partition}:iam::{built.accounts[name]}:root"
        return keyring.issue(Author.CHECK, built.accounts[name], owned, name)

    for path, text in {**scenario.world.workspace, **built.files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(world.filled(text, built.facts), encoding="utf-8")
    env_draw = draw.Draw(scenario.name, number)
    home, region = scenario.world.home, scenario.world.region
    env = Env(home, built.accounts, region, built.partition, env_draw, dict(built.facts), {}, clock, owner)
    with mocked_account(
        handle=gateway.handle,
        clock=clock,
        principal=agent,
        region=scenario.world.region,
        seed="test",
        slept=lambda _: None,
        check=lambda: None,
    ):
        snapshot.restore(built.blob)
        yield Stage(scenario, built, session_of(agent, region), clock, env, folder)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    """Put a scenario's world on stage: `stage(scenario, number=0)`."""
    with contextlib.ExitStack() as stack:

        def put(scenario: Scenario, number: int = 0) -> Stage:
            return stack.enter_context(staged(scenario, number, tmp_path))

        yield put


__all__ = ["Stage", "timedelta"]
