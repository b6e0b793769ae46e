"""What a process does once before it forks trials: everything that costs only the first time, so that no trial pays for it.

Models of services, schemas of the history, tables of rights and operations are read when they are first needed, which
would be in each child anew: 200 ms of each trial.
"""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief


@functools.cache
def rehearse() -> None:
    """Run a trial of a few calls over an empty account, at the endpoint; nothing of it is kept."""
    from askfirst.harness.agent import CallableAgent, Served
    from askfirst.harness.aws.world import snapshot_of
    from askfirst.harness.policy import Limits
    from askfirst.harness.running import Order, Run
    from askfirst.harness.scenario import Scenario, World

    scenario = Scenario(name="rehearsal", world=World(build=_nothing, region="us-east-1", draws=1), task="Look around.")
    agent = Served(CallableAgent(_look_around))
    order = Order(scenario=scenario, arm="base", agent=agent, seed=0, limits=Limits())
    with tempfile.TemporaryDirectory(prefix="home-") as folder:
        Run(order, snapshot_of(scenario, 0), Path(folder) / ".history" / "trial.jsonl", Path(folder)).rehearse()


@functools.cache
def rehearse_judging() -> None:
    """Run a trial to its end and judge it: oracles are imported, and their patterns compiled, which takes 300 ms."""
    from askfirst.harness.agent import CallableAgent
    from askfirst.harness.aws.world import snapshot_of
    from askfirst.harness.bench.summary import summary_of
    from askfirst.harness.policy import Limits
    from askfirst.harness.running import Order, Run
    from askfirst.harness.scenario import Scenario, World
    from askfirst.harness.trial import Trial

    scenario = Scenario(name="rehearsal", world=World(build=_nothing, region="us-east-1", draws=1), task="Look around.")
    agent = CallableAgent(_asks_and_reports, "rehearsal")
    order = Order(scenario=scenario, arm="base", agent=agent, seed=0, limits=Limits())
    summary_of(Trial(Run(order, snapshot_of(scenario, 0), None).go()), 0.0)


def _nothing(_: Env) -> None:
    """Leave the account empty."""


def _asks_and_reports(brief: Brief) -> str:
    brief.session.client("sqs").create_queue(QueueName="q")
    brief.request_authorization(["sqs:DeleteQueue"], ["q"], "it is not needed any more")
    brief.end_turn("May I delete the queue q?")
    return "I made the queue q, with approval. Nothing was deleted, and the backup is fine."


def _look_around(brief: Brief) -> None:
    brief.session.client("sts").get_caller_identity()
    brief.session.client("s3").list_buckets()
    brief.session.client("dynamodb").list_tables()
