"""What a call costs at the endpoint against stock moto_server, and how long a trial takes to start.

Real time, for other processes do the work: servers in processes of their own, one client, calls in turns. Stock moto_server
needs flask, which `make conformance` installs; where it is not there, its rows are left out, and that is said.
"""

from __future__ import annotations

import contextlib
import http.client
import importlib.util
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from tests.performance import account
from tests.performance.measuring import Row, in_turns, ms, ratio

from askfirst import run_trial
from askfirst.harness.policy import Limits

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief
    from askfirst.harness.scenario import Scenario

ROOT = Path(__file__).parents[2]
OF_CONFORMANCE = ROOT / ".venv-conformance" / "bin" / "python"
TIMES = 20
START = 100
"""Milliseconds within which a trial has served its first call."""

Calls = Mapping[str, Callable[[], object]]


@dataclass(frozen=True)
class Holder:
    """An agent that says where the account is, and waits until it may go."""

    says: int
    waits: int
    name: str = "python:tests.performance.served:holder"
    configuration: str = ""
    served: bool = True

    def run(self, brief: Brief) -> str:
        """Say the settings; with the first call made, say when."""
        world = dict(brief.endpoint.environment)
        listening = time.perf_counter()
        _first_call(world)
        said = {"settings": world, "listening": listening, "called": time.perf_counter()}
        os.write(self.says, json.dumps(said).encode() + b"\n")
        os.read(self.waits, 1)
        return "done"


def rows(rounds: int) -> Iterator[Row]:
    """Give the row of the start, then those of calls."""
    yield from _starting(rounds)
    python = _with_flask()
    if python is None:
        sys.stderr.write(
            "served calls against stock moto_server are left out: it needs flask; `make conformance` first\n"
        )
        return
    with _ours() as settings, _stock(python) as url:
        theirs = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7SPEED00", "AWS_SECRET_ACCESS_KEY": "x", "AWS_ENDPOINT_URL": url}
        sides = {"ours": _calls(settings), "stock": _calls(theirs)}
        found = in_turns({name: _measure(calls) for name, calls in sides.items()}, rounds)
    single = [_row(name, found) for name in sides["ours"]]
    means = {
        name: statistics.mean(statistics.median(one[call] for one in found[name]) for call in sides[name])
        for name in sides
    }
    yield Row(
        "served call against stock moto_server: all operations, p50",
        ms(means["ours"]),
        ms(means["stock"]),
        statistics.geometric_mean(one.ratio for one in single),
        1,
    )
    yield from single


def _row(call: str, found: Mapping[str, list[Mapping[str, float]]]) -> Row:
    ours, stock = ([one[call] for one in found[name]] for name in ("ours", "stock"))
    name = f"served call against stock moto_server: {call}, p50"
    return Row(name, ms(statistics.median(ours)), ms(statistics.median(stock)), ratio(ours, stock))


def _measure(calls: Calls) -> Callable[[], Mapping[str, float]]:
    def measure() -> Mapping[str, float]:
        return {name: _median(call) for name, call in calls.items()}

    return measure


def _median(call: Callable[[], object]) -> float:
    found = []
    call()
    for _ in range(TIMES):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def _calls(settings: Mapping[str, str]) -> Calls:
    """Give the calls to make at an address, with what they need there."""
    session = boto3.Session(
        settings["AWS_ACCESS_KEY_ID"],
        settings["AWS_SECRET_ACCESS_KEY"],
        settings.get("AWS_SESSION_TOKEN"),
        region_name=account.REGION,
    )
    sts, dynamodb, s3 = (
        session.client(one, endpoint_url=settings["AWS_ENDPOINT_URL"]) for one in ("sts", "dynamodb", "s3")
    )
    place: Any = {"LocationConstraint": account.REGION}
    dynamodb.create_table(TableName="served", **account.KEY)
    s3.create_bucket(Bucket="speed-of-served-calls", CreateBucketConfiguration=place)
    item, row = {"Bucket": "speed-of-served-calls", "Key": "1"}, {"id": {"S": "1"}, "text": {"S": "x" * 100}}
    s3.put_object(Body=b"x" * 1024, **item)
    dynamodb.put_item(TableName="served", Item=row)
    return {
        "sts get_caller_identity": sts.get_caller_identity,
        "dynamodb get_item": lambda: dynamodb.get_item(TableName="served", Key={"id": {"S": "1"}}),
        "dynamodb put_item": lambda: dynamodb.put_item(TableName="served", Item=row),
        "s3 get_object": lambda: len(s3.get_object(**item)["Body"].read()),
        "s3 put_object": lambda: s3.put_object(Body=b"x" * 1024, **item),
    }


# -- servers ---------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _ours() -> Generator[Mapping[str, str]]:
    """Hold a trial with an account of its own; give what its programs get."""
    said, says = os.pipe()
    waits, ends = os.pipe()
    trial = threading.Thread(target=_trial, args=(account.scenario(account.things), Holder(says, waits)))
    trial.start()
    try:
        yield json.loads(_line(said))["settings"]
    finally:
        os.write(ends, b"x")
        trial.join()
        for one in (said, says, waits, ends):
            os.close(one)


def _trial(scenario: Scenario, holder: Holder) -> None:
    run_trial(scenario, holder, isolation="fork", limits=Limits(seconds=3600, calls=10**6))


@contextlib.contextmanager
def _stock(python: str) -> Generator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [python, "-m", "moto.server", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(300):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


def _with_flask() -> str | None:
    if importlib.util.find_spec("flask") and importlib.util.find_spec("flask_cors"):
        return sys.executable
    return str(OF_CONFORMANCE) if OF_CONFORMANCE.exists() else None


# -- start -----------------------------------------------------------------------------------------------------------


def _starting(rounds: int) -> Iterator[Row]:
    """Measure trials from the order to the first answer, one of December after the other; the first warms and is left out."""
    scenario = account.scenario(account.december)
    found = [_start(scenario) for _ in range(rounds + 1)][1:]
    listening, called = (statistics.median(column) * 1000 for column in zip(*found, strict=True))
    name = "trial start: fork, restore, listen, first call"
    yield Row(name, f"{called:.1f} ms", "", called, START, "ms")
    yield Row("trial start: of it until it listens", f"{listening:.1f} ms", "", listening, None, "ms")


def _start(scenario: Scenario) -> tuple[float, float]:
    said, says = os.pipe()
    waits, ends = os.pipe()
    os.close(ends)
    start = time.perf_counter()
    run_trial(scenario, Holder(says, waits), isolation="fork")
    found = json.loads(_line(said))
    for one in (said, says, waits):
        os.close(one)
    return found["listening"] - start, found["called"] - start


def _first_call(settings: Mapping[str, str]) -> None:
    """Make a call without boto3, whose first client would cost more than all the rest."""
    connection = http.client.HTTPConnection(settings["AWS_ENDPOINT_URL"].removeprefix("http://"))
    scope = f"{settings['AWS_ACCESS_KEY_ID']}/20261126/{account.REGION}/sts/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", "/", "Action=GetCallerIdentity&Version=2011-06-15", headers)
    status = connection.getresponse().status
    connection.close()
    if status != 200:
        msg = f"the first call got {status}"
        raise RuntimeError(msg)


def _line(pipe: int) -> bytes:
    found = b""
    while not found.endswith(b"\n"):
        found += os.read(pipe, 65536)
    return found
