"""Promise: equal trials have equal histories, and ids do not depend on the order of calls (DESIGN rule 8)."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from askfirst.harness.history import History
from askfirst.harness.trial import Trial, run_trial

if TYPE_CHECKING:
    from pathlib import Path

    from askfirst.harness.brief import Brief

RUN = """
import hashlib, sys
from askfirst import load_scenario, run_trial
from askfirst.harness.registry import agent_named
scenario = load_scenario("cost-explorer-december")
for name in sys.argv[1:]:
    trial = run_trial(scenario, agent_named(f"reference:{name}", scenario), seed=3)
    print(name, hashlib.sha256(trial.history.dumps()).hexdigest())
"""


def test_two_processes_with_other_hash_seeds_write_the_same_bytes() -> None:
    """The same trials in two processes with different PYTHONHASHSEED give byte-identical histories."""
    printed = [
        subprocess.run(
            [sys.executable, "-c", RUN, "asker", "recreator", "over-asker"],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "4242")
    ]

    assert printed[0] == printed[1]
    assert 3 == len(printed[0].splitlines())


def worker(brief: Brief, extra_before: int | None = None) -> str:
    """Make a few things of several services; before step number `extra_before` also look at something."""

    def step(number: int) -> None:
        if extra_before == number:
            brief.session.client("s3").list_buckets()

    step(0)
    brief.session.client("sqs").create_queue(QueueName="new-queue")
    step(1)
    ec2 = brief.session.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    step(2)
    ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)
    step(3)
    template = '{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}'
    brief.session.client("cloudformation").create_stack(StackName="new", TemplateBody=template)
    step(4)
    ec2.create_vpc(CidrBlock="10.0.0.0/16")
    brief.session.client("kms").generate_random(NumberOfBytes=8)
    return "done"


def ids(trial: Trial) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Give what must stay as it was: names of calls, request ids, and the names of what was made."""
    return [
        (call.start.action, call.start.call, call.start.request_id, tuple(one.arn for one in call.end.changes))
        for call in trial.history.calls
        if call.end and call.start.service != "s3"
    ]


@pytest.mark.parametrize("place", [0, 1, 2, 3, 4])
def test_one_harmless_call_more_leaves_every_other_id(drop: Callable[..., Trial], place: int) -> None:
    """A further read anywhere changes no id of a call, no request id and no id of what was made."""
    without = drop(worker)
    with_extra = drop(lambda brief: worker(brief, place))

    assert ids(without) == ids(with_extra)
    assert len(with_extra.history.calls) == len(without.history.calls) + 1
    assert any(made for *_, made in ids(without))


def test_the_same_call_twice_is_two_logical_calls(drop: Callable[..., Trial]) -> None:
    """Two equal calls that are no attempts of one have names, request ids and results of their own."""
    found = [one for one in ids(drop(worker)) if one[0] == "ec2:CreateVpc"]

    assert 2 == len(found)
    assert 2 == len({call for _, call, _, _ in found})
    assert 2 == len({request for _, _, request, _ in found})
    assert not set(found[0][3]) & set(found[1][3])


def test_another_seed_gives_other_ids(drop: Callable[..., Trial]) -> None:
    """Ids do depend on the seed: the comparison above is not one of constants."""
    first, second = ids(drop(worker, seed=1)), ids(drop(worker, seed=2))

    assert [one[0] for one in first] == [one[0] for one in second]
    assert not {one[2] for one in first} & {one[2] for one in second}


def test_a_forked_trial_writes_what_an_inline_one_writes(drop: Callable[..., Trial], tmp_path: Path) -> None:
    """`isolation="fork"` changes where the agent runs, not one byte of its history."""
    inline, forked = drop(worker), drop(worker, isolation="fork", store=tmp_path)

    assert inline.history.dumps() == forked.history.dumps()
    assert forked.path is not None
    assert forked.path.read_bytes() == inline.history.dumps()


def test_a_stored_history_is_read_back_equal(drop: Callable[..., Trial], tmp_path: Path) -> None:
    """What was written is read back as equal objects, large bodies included, and judged the same."""

    def talkative(brief: Brief) -> str:
        s3 = brief.session.client("s3")
        s3.put_object(Bucket="reports-of-prod", Key="big", Body=b"x" * 100_000)
        s3.get_object(Bucket="reports-of-prod", Key="big")["Body"].read()
        return "long " * 5000

    trial = drop(talkative, store=tmp_path)
    assert trial.path is not None
    read = History.load(trial.path)

    assert trial.history == read
    assert trial.history.dumps() == read.dumps()
    assert {name: str(one) for name, one in Trial(read).findings.items()} == {
        name: str(one) for name, one in trial.findings.items()
    }
    assert 2 == len(read.bodies)
    assert all(hashlib.sha256(body).hexdigest() == digest for digest, body in read.bodies.items())


def test_saving_elsewhere_keeps_everything(drop: Callable[..., Trial], tmp_path: Path) -> None:
    """`history.save(path)` writes JSON Lines that `History.load` reads back equal."""
    history = drop(lambda _: "y" * 9000).history
    history.save(tmp_path / "copies" / "one.jsonl")

    assert history == History.load(tmp_path / "copies" / "one.jsonl")


def test_retries_are_attempts_of_one_logical_call(drop: Callable[..., Trial], monkeypatch: pytest.MonkeyPatch) -> None:
    """Three attempts that the SDK makes of one call share its name and differ in number and request id."""
    from askfirst.harness.aws import backend
    from askfirst.harness.aws.wire import WireAnswer

    real = backend.apply

    def failing(request: Any, account: str, seed: int) -> Any:
        answer = real(request, account, seed)
        target = request.headers.get("X-Amz-Target", "")
        return WireAnswer(503, answer.headers, b"{}") if target.endswith("ListTables") else answer

    monkeypatch.setattr(backend, "apply", failing)

    def agent(brief: Brief) -> str:
        try:
            brief.session.client("dynamodb").list_tables()
        except Exception as error:  # noqa: BLE001
            return str(error)
        return ""

    calls = drop(agent).history.calls

    assert [1, 2, 3] == [call.start.attempt for call in calls]
    assert 1 == len({call.start.call for call in calls})
    assert 3 == len({call.start.request_id for call in calls})


def test_waiting_costs_no_real_time(drop: Callable[..., Trial]) -> None:
    """SDK back-off, waiters, `time.sleep` and `asyncio.sleep` move the trial's time and nothing else."""
    import asyncio
    import time
    from datetime import UTC, datetime

    times: list[float] = []

    async def agent(brief: Brief) -> str:
        started = datetime.now(tz=UTC)
        time.sleep(1800)  # noqa: ASYNC251 - it costs nothing here
        await asyncio.gather(asyncio.sleep(600), asyncio.sleep(600))
        try:
            brief.session.client("dynamodb").get_waiter("table_exists").wait(TableName="never")
        except Exception:  # noqa: BLE001
            times.append((datetime.now(tz=UTC) - started).total_seconds())
        return "done"

    real = time.perf_counter()
    trial = drop(agent)

    assert time.perf_counter() - real < 60
    # 30 minutes, 10 minutes for both sleeps at once, and the waiter's 24 times 20 seconds.
    assert 1800 + 600 + 24 * 20 <= times[0] < 1800 + 600 + 25 * 20 + 10
    assert trial.history.header.clock == "virtual"


def test_a_trial_can_be_had_again_in_the_same_process(drop: Callable[..., Trial]) -> None:
    """Nothing of a trial stays behind: the third run of the same gives the bytes of the first."""
    runs = [drop(worker).history.dumps() for _ in range(3)]

    assert runs[0] == runs[1] == runs[2]


def test_other_trials_in_between_change_nothing() -> None:
    """A trial of another scenario in between leaves no trace in the next one."""
    from askfirst.harness.registry import agent_named, load_scenario

    december = load_scenario("cost-explorer-december")
    looker = agent_named("reference:looker", december)
    first = run_trial(december, looker).history.dumps()
    run_trial(december, agent_named("reference:recreator", december))

    assert first == run_trial(december, looker).history.dumps()
