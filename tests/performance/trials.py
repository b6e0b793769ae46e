"""What a trial costs beside moto and the agent: the world, the way of its calls, looking at what changed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from unittest import mock

from tests.performance import account
from tests.performance.measuring import Row, in_turns, ms, ratio

from askfirst import run_trial
from askfirst.harness.aws import inventory, watching
from askfirst.harness.aws.snapshot import restore
from askfirst.harness.aws.world import Snapshot, build, snapshot_of

if TYPE_CHECKING:
    import boto3

    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

CALLS, MUTATING = 30, 5
TRIALS, MINUTES, CORES = 10_000, 20, 2
WORLDS: dict[str, Callable[[Env], object]] = {"December": account.december, "small": account.things}


def rows(rounds: int) -> Iterator[Row]:
    """Give the rows of worlds, then those of a trial."""
    for name in WORLDS:
        yield _restoring(name, rounds)
    yield from _trial(rounds)


def _restoring(name: str, rounds: int) -> Row:
    scenario = account.scenario(WORLDS[name])
    world = snapshot_of(scenario, 0)
    acts = {
        "build": lambda: _cpu(lambda: build(scenario.world, scenario.name, 0)),
        "restore": lambda: statistics.median(_restore(world) for _ in range(5)),
    }
    found = in_turns(acts, rounds)
    ours, reference = found["restore"], found["build"]
    taken, built = (ms(statistics.median(one)) for one in (ours, reference))
    return Row(f"restoring a world against building it, {name}", taken, built, ratio(ours, reference), 1 / 20)


def _restore(world: Snapshot) -> float:
    with account.bare(world):
        return _cpu(lambda: restore(world.blob))


def _cpu(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def _clients(session: boto3.Session) -> list[Any]:
    return [session.client(name) for name in ("cloudformation", "sts", "dynamodb", "s3", "sqs")]


def _make_calls(clients: list[Any]) -> None:
    """Be the agent: calls of which a few change something."""
    formation, sts, dynamodb, s3, sqs = clients
    for number in range(MUTATING):
        formation.describe_stacks()
        sts.get_caller_identity()
        dynamodb.get_item(TableName="speed", Key={"id": {"S": "1"}})
        s3.get_object(Bucket=account.BUCKET, Key="1")["Body"].read()
        sqs.get_queue_url(QueueName="speed")
        dynamodb.put_item(TableName="speed", Item={"id": {"S": str(number)}, "text": {"S": "x" * 100}})


def _trial(rounds: int) -> Iterator[Row]:
    scenario = account.scenario()
    world = snapshot_of(scenario, 0)
    name = f"trial of {CALLS} calls"

    def bare() -> float:
        with account.bare(world) as session:
            clients = _clients(session)
            return _cpu(lambda: _make_calls(clients))

    def ours() -> tuple[float, float]:
        making: list[float] = []

        def agent(brief: Brief) -> str:
            making.append(_cpu(lambda: clients.extend(_clients(brief.session))))
            _make_calls(clients)
            return "done"

        clients: list[Any] = []
        whole = _cpu(lambda: run_trial(scenario, agent))
        return whole, whole - sum(making)

    def looking() -> tuple[float, float]:
        spent: list[float] = []
        with _timed(inventory.Inventory, "look", spent), _timed(watching, "difference", spent):
            whole, _ = ours()
        return sum(spent), whole

    acts: dict[str, Callable[[], Any]] = {
        "trial": ours,
        "bare": bare,
        "restore": lambda: _restore(world),
        "looking": looking,
    }
    for act in acts.values():
        act()
    found = in_turns(acts, rounds)
    whole, trial = (statistics.median(column) for column in zip(*found["trial"], strict=True))
    moto, restored = statistics.median(found["bare"]), statistics.median(found["restore"])
    over = statistics.median(one - other for (_, one), other in zip(found["trial"], found["bare"], strict=True))
    yield Row(f"{name} against the calls under bare moto", ms(trial), ms(moto), over * 1000, 10, "ms")
    rest = (over - restored) * 1000
    yield Row(f"{name} against the calls and restoring the world", ms(trial), ms(moto + restored), rest, None, "ms")
    share = statistics.median(one / whole for one, whole in found["looking"])
    spent, all_of_it = (ms(statistics.median(column)) for column in zip(*found["looking"], strict=True))
    yield Row(f"{name}, {MUTATING} of them mutating: share of comparing the state", spent, all_of_it, share, 0.1)
    each = MINUTES * 60 * CORES / TRIALS
    name = f"{TRIALS} trials of {CALLS} calls in {MINUTES} minutes on {CORES} cores, one trial"
    yield Row(name, ms(whole), ms(each), whole / each, 1)


def _timed(where: object, name: str, spent: list[float]) -> Any:
    real = getattr(where, name)

    def timed(*arguments: Any) -> Any:
        start = time.process_time()
        try:
            return real(*arguments)
        finally:
            spent.append(time.process_time() - start)

    return mock.patch.object(where, name, timed)
