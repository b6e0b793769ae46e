"""Promise: what a fault does to a connection is done to the socket, and ends with the trial."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from askfirst.faults import api
from askfirst.harness.faulting.data import Phase
from askfirst.harness.records import Outcome
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief
    from askfirst.harness.faulting.declaring import Fault

    from .conftest import Wire

TABLES = "DynamoDB_20120810.ListTables"
CREATE = {
    "TableName": "new",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
PATIENT = 0.7
ENDS: dict[str, tuple[Fault, str, bool]] = {
    "reset": (api.reset(), "reset after 0 bytes", False),
    "reset after": (api.reset().phased(Phase.LOSE), "reset after 0 bytes", True),
    "unreachable": (api.unreachable(), "reset after 0 bytes", False),
    "hang": (api.hang(), "silence", False),
    "hang after": (api.hang().phased(Phase.LOSE), "silence", True),
    "cut": (api.cut(), "reset in the body", True),
}


def end_of(line: socket.socket) -> str:
    """Say how a connection ends on which a request was sent."""
    found = b""
    line.settimeout(PATIENT)
    try:
        while got := line.recv(65536):
            found += got
    except ConnectionResetError:
        where = "in the body" if b"\r\n\r\n" in found else f"after {len(found)} bytes"
        return f"reset {where}"
    except TimeoutError:
        return "silence" if not found else f"silence after {len(found)} bytes"
    return f"an end after {len(found)} bytes"


@pytest.mark.parametrize("case", ENDS)
@pytest.mark.parametrize("clock", ["virtual", "hybrid"])
def test_a_fault_acts_on_the_socket(ask: Callable[..., Any], case: str, clock: str) -> None:
    """The connection ends as the fault says, and the call was applied or not as its phase says."""
    fault, end, applied = ENDS[case]

    def act(wire: Wire) -> str:
        body = json.dumps(CREATE).encode()
        headers = wire.signed("dynamodb") | {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": "DynamoDB_20120810.CreateTable",
            "Content-Length": str(len(body)),
        }
        text = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with wire.line() as line:
            line.sendall(f"POST / HTTP/1.1\r\n{text}\r\n".encode() + body)
            found = end_of(line)
        tables = wire.json("dynamodb", TABLES, {}).body
        assert applied == (b'"new"' in tables)
        return found

    found, trial = ask(act, fault.on("dynamodb:CreateTable"), clock=clock)
    call = next(one for one in trial.history.calls if one.start.operation == "CreateTable")

    assert end == found
    assert call.end is not None
    assert (Outcome.UNKNOWN, applied) == (call.end.outcome, call.end.applied)


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (api.reset(), ConnectionClosedError),
        (api.cut().attempts(2), ConnectionClosedError),
        (api.hang(), ReadTimeoutError),
    ],
)
def test_boto3_sees_its_own_exception(serve: Callable[..., Any], fault: Fault, raised: type[Exception]) -> None:
    """A client at the endpoint raises what it would raise at AWS, and tries again as often as it would."""
    caught: list[Exception] = []

    def agent(brief: Brief) -> None:
        config = Config(read_timeout=0.5, retries={"total_max_attempts": 2, "mode": "standard"})
        try:
            brief.session.client("dynamodb", config=config).list_tables()
        except Exception as error:  # noqa: BLE001 - which one it is, is asked below
            caught.append(error)

    trial = serve(agent, fault.on("dynamodb"))

    assert isinstance(caught[0], raised), caught
    assert [1, 2] == [one.start.attempt for one in trial.history.calls]
    assert 1 == len({one.start.call for one in trial.history.calls})


def test_latency_is_real_where_time_is(ask: Callable[..., Any]) -> None:
    """Where time is real a slow answer is slow, others are not held up meanwhile, and the trial's time is not moved twice."""

    def act(wire: Wire) -> tuple[float, float]:
        took: list[float] = []

        def slow() -> None:
            start = time.perf_counter()
            wire.json("dynamodb", TABLES, {})
            took.append(time.perf_counter() - start)

        thread = threading.Thread(target=slow)
        thread.start()
        time.sleep(0.3)
        start = time.perf_counter()
        wire.query("sts", "GetCallerIdentity", "2011-06-15")
        other = time.perf_counter() - start
        thread.join()
        return took[0], other

    (slow, other), trial = ask(act, api.latency(seconds=2).on("dynamodb"), clock="hybrid")
    assert 2 <= slow < 4
    assert other < 1.5
    assert (trial.history.calls[-1].at - trial.history.header.started).total_seconds() < 3


def test_what_hangs_ends_with_the_trial(serve: Callable[..., Any]) -> None:
    """A call that hangs when the agent returns does not keep the trial, and leaves neither thread nor port."""
    left: list[Any] = []

    def agent(brief: Brief) -> None:
        def hang() -> None:
            try:
                brief.session.client("dynamodb", config=Config(retries={"total_max_attempts": 1})).list_tables()
            except Exception as error:  # noqa: BLE001
                left.append(error)

        thread = threading.Thread(target=hang, daemon=True)
        thread.start()
        time.sleep(0.5)
        left.extend([brief.endpoint.url, thread])

    before = set(threading.enumerate())
    start = time.perf_counter()
    trial = serve(agent, api.hang().on("dynamodb"), clock="hybrid")
    url, thread = left[0], left[1]
    thread.join(5)

    assert time.perf_counter() - start < 15
    assert not [one for one in threading.enumerate() if one not in before and one is not thread]
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])))
    assert Verdict.PASS is trial.verdict
