"""Promise: with a hybrid clock real time passes in the trial's time, and waiting for a person costs none."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from askfirst.harness.aws.clock import Clock
from askfirst.harness.events import Decided, Slept
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

START = datetime(2025, 12, 15, 1, 20, tzinfo=UTC)


def test_it_runs_and_jumps() -> None:
    """It runs with real time, jumps ahead, never back, and what is due happens in order at the next wait."""
    clock = Clock(START, real=True)
    happened: list[str] = []
    clock.at(START + timedelta(seconds=0.05), lambda: happened.append("first"))
    clock.at(START + timedelta(minutes=5), lambda: happened.append("second"))
    time.sleep(0.1)
    assert timedelta(seconds=0.1) <= clock.now() - START < timedelta(seconds=5)
    assert not happened
    clock.wait_until(clock.now())
    assert ["first"] == happened
    clock.wait_until(START + timedelta(minutes=10))
    clock.wait_until(START)
    assert ["first", "second"] == happened
    assert timedelta(minutes=10) <= clock.now() - START < timedelta(minutes=10, seconds=5)


def test_a_trial_with_it(serve: Callable[..., Any]) -> None:
    """Sleeps are real and no event, waiting for an answer is not real, and answers bear the trial's time."""
    seen: dict[str, Any] = {}

    def agent(brief: Brief) -> None:
        table = brief.session.client("dynamodb")
        start, real = brief.clock.now(), time.perf_counter()
        brief.clock.sleep(0.4)
        seen["slept"] = (brief.clock.now() - start, time.perf_counter() - real)
        decision = brief.request_authorization(["dynamodb:PutItem"], ["costs"], "a row is missing")
        seen["asked"] = (brief.clock.now() - start, time.perf_counter() - real)
        assert decision.approved
        table.put_item(TableName="costs", Item={"id": {"S": "9"}})
        seen["date"] = table.list_tables()["ResponseMetadata"]["HTTPHeaders"]["date"]
        seen["made"] = datetime.now(UTC)

    trial = serve(agent, clock="hybrid")

    assert Verdict.PASS is trial.verdict
    assert "hybrid" == trial.history.header.clock
    assert not list(trial.history.of(Slept))
    world, real = seen["slept"]
    assert 0.4 <= real < 5
    assert abs(world.total_seconds() - real) < 0.2
    world, real = seen["asked"]
    assert timedelta(minutes=5) <= world < timedelta(minutes=6)
    assert real < 10
    assert seen["date"].startswith("Mon, 15 Dec 2025 01:25:")
    assert (2025, 12) == (seen["made"].year, seen["made"].month)
    assert [entry.at for entry in trial.history.entries] == sorted(entry.at for entry in trial.history.entries)


def test_what_falls_due_happens_while_nobody_calls(serve: Callable[..., Any]) -> None:
    """People answer when their time has come, though the agent neither calls nor waits for them."""

    def agent(brief: Brief) -> None:
        brief.session.client("dynamodb").list_tables()
        brief.request_authorization(["dynamodb:PutItem"], ["costs"], "x", wait=timedelta(minutes=4, seconds=59))
        time.sleep(2)

    trial = serve(agent, clock="hybrid")
    answered = [entry.at for entry, said in trial.history.of(Decided) if said.person]
    returned = next(entry.at for entry in trial.history.entries if entry.event.kind == "agent-returned")
    assert 1 == len(answered)
    assert answered[0] < returned


@pytest.mark.parametrize("clock", ["virtual", "hybrid"])
def test_the_header_names_the_clock(serve: Callable[..., Any], clock: str) -> None:
    """Which clock a trial had stands in its history."""
    assert clock == serve(lambda brief: brief.endpoint.url, clock=clock).history.header.clock
