"""Promise: an agent's waits move the trial's time, a look at whether another program is done does not (DESIGN rule 12)."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from askfirst.harness.events import Slept
from askfirst.harness.trial import Trial

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief


def test_waiting_for_a_program_takes_the_time_it_takes(drop: Callable[..., Trial]) -> None:
    """`subprocess` looks again and again until a deadline: that is no choice of the agent, and moves no clock."""
    passed: list[timedelta] = []

    def agent(brief: Brief) -> None:
        before = brief.clock.now()
        with subprocess.Popen(["sleep", "0.2"]) as program:
            program.wait(timeout=20)
        passed.append(brief.clock.now() - before)

    trial = drop(agent)

    assert [timedelta()] == passed
    assert [] == list(trial.history.of(Slept))


def test_a_sleep_kept_by_its_name_belongs_to_no_trial(drop: Callable[..., Trial]) -> None:
    """What was imported by its name during a trial is real after it, and of the next trial in the next."""
    kept: list[Any] = []
    passed: list[timedelta] = []

    def keeps(brief: Brief) -> None:
        del brief
        kept.extend([time.sleep, asyncio.sleep])

    async def uses(brief: Brief) -> None:
        before = brief.clock.now()
        kept[0](3600)
        await kept[1](60)
        passed.append(brief.clock.now() - before)

    drop(keeps)
    before = time.perf_counter()
    kept[0](0.05)
    asyncio.run(kept[1](0.05))
    took = time.perf_counter() - before
    slept = [event.seconds for _, event in drop(uses).history.of(Slept)]

    assert took >= 0.1
    assert [timedelta(seconds=3660)] == passed
    assert [3600, 60] == slept
