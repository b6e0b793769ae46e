"""What one command of the AWS CLI costs a program behind walls: by the process that has it loaded, and started anew."""

from __future__ import annotations

import functools
import os
import shlex
import statistics
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.performance.measuring import Row, in_turns, ms, ratio

from askfirst import Scenario, World, run_trial
from askfirst.harness.agent import CallableAgent, Served
from askfirst.harness.sandbox.sandbox import Sandbox
from askfirst.harness.sandbox.shims import find_aws

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

CALL = "sts get-caller-identity"


def rows(rounds: int) -> Iterator[Row]:
    """Give the row of one command."""
    found: dict[str, list[float]] = {}
    aws = shlex.quote(str(find_aws(os.environ.get("PATH", ""))))

    def agent(brief: Brief) -> str:
        with Sandbox(brief) as sandbox:

            def timed(line: str) -> float:
                began = time.perf_counter()
                done = sandbox.run(["sh", "-c", line])
                assert done.code == 0, done
                return time.perf_counter() - began

            lines = {"loaded": f"aws {CALL}", "anew": f"{aws} --endpoint-url {sandbox.world.url} {CALL}"}
            timed(lines["loaded"])  # waits for it to be loaded
            found.update(in_turns({name: functools.partial(timed, line) for name, line in lines.items()}, rounds))
        return "measured"

    run_trial(Scenario(name="commands", world=World(build=_nothing), task="Look."), Served(CallableAgent(agent)))
    loaded, anew = (statistics.median(found[name]) for name in ("loaded", "anew"))
    name = "`aws sts get-caller-identity`, loaded beforehand, against started anew"
    yield Row(name, ms(loaded), ms(anew), ratio(found["loaded"], found["anew"]), 0.2)


def _nothing(_: Env) -> None:
    """Leave the account empty."""
