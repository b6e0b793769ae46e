"""Promise: what is no call is refused as AWS would refuse it, and stands in the history; there is no way behind the scenes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from askfirst.harness.agent import CallableAgent, Served
from askfirst.harness.errors import UsageError
from askfirst.harness.events import EgressRefused, TroubleKind
from askfirst.harness.policy import Limits
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief
    from askfirst.harness.scenario import Scenario

    from .conftest import Got, Wire

CBOR = {"Content_Type": "application/cbor", "smithy_protocol": "rpc-v2-cbor"}
UNSIGNED: dict[str, tuple[Callable[[Wire], Got], int, str, str]] = {
    "nothing": (lambda w: w.ask("GET", "/"), 403, "AccessDenied", "s3:ListBuckets"),
    "an object": (lambda w: w.ask("DELETE", "/reports-of-prod/2025/11.csv"), 403, "AccessDenied", "s3:DeleteObject"),
    "reset of moto": (lambda w: w.ask("POST", "/moto-api/reset"), 405, "MethodNotAllowed", ""),
    "data of moto": (lambda w: w.ask("GET", "/moto-api/data.json"), 403, "AccessDenied", "s3:GetObject"),
    "metadata": (lambda w: w.ask("GET", "/latest/meta-data/iam/"), 403, "AccessDenied", "s3:GetObject"),
    "metadata's token": (lambda w: w.ask("PUT", "/latest/api/token"), 403, "AccessDenied", "s3:PutObject"),
    "an upload by form": (
        lambda w: w.ask("POST", "/reports-of-prod", b"--x--", Content_Type="multipart/form-data; boundary=x"),
        403,
        "AccessDenied",
        "s3:PostObject",
    ),
    "a way through": (lambda w: w.ask("CONNECT", "example.com:443"), 405, "MethodNotAllowed", ""),
    "no method": (lambda w: w.ask("BREW", "/"), 405, "MethodNotAllowed", ""),
}


def actions(trial: Any) -> list[str]:
    """Give what was called, but for the first call, which every agent here makes."""
    return [one.start.action for one in trial.history.calls[1:]]


@pytest.mark.parametrize("case", UNSIGNED)
def test_what_nobody_signed_is_refused(ask: Callable[..., Any], case: str) -> None:
    """An unsigned request is refused in AWS's form; it is recorded, as a call where it is one, and proves nothing wrong."""
    act, status, code, action = UNSIGNED[case]
    got, trial = ask(act)
    assert (status, code) == (got.status, got.code)
    assert ([action] if action else []) == actions(trial)
    assert bool(action) != bool(list(trial.history.of(EgressRefused)))
    assert not trial.history.troubles


def test_the_signed_way_to_motos_own_address_is_no_way_either(ask: Callable[..., Any]) -> None:
    """Moto's control address and other hosts do not answer, whoever is named in the request; each try is recorded."""

    def act(wire: Wire) -> list[str]:
        found = []
        for host in ("motoapi.amazonaws.com", "example.com", "169.254.169.254"):
            try:
                found.append(str(wire.ask("POST", "/moto-api/reset", service="s3", Host=host).status))
            except ConnectionError as error:
                found.append(type(error).__name__)
        return found

    got, trial = ask(act)
    assert {"ConnectionResetError"} == set(got)
    assert {"motoapi.amazonaws.com", "example.com", "169.254.169.254"} == {
        one.address for _, one in trial.history.of(EgressRefused)
    }


UNREAD: dict[str, Callable[[Wire], Got]] = {
    "cbor": lambda w: w.ask(
        "POST", "/service/GraniteServiceVersion20100801/operation/DeleteAlarms", b"\xa0", service="monitoring", **CBOR
    ),
    "a way through to AWS": lambda w: w.ask("CONNECT", "sts.amazonaws.com:443"),
    "no such operation": lambda w: w.json("dynamodb", "DynamoDB_20120810.DropEverything", {}),
    "no such action": lambda w: w.query("ec2", "DropEverything", "2016-11-15"),
    "no such path": lambda w: w.ask("DELETE", "/2015-03-31/everything/x/y/z", service="lambda"),
    "no such service": lambda w: w.ask("DELETE", "/x", service="everything"),
}


@pytest.mark.parametrize("case", UNREAD)
def test_what_may_be_a_call_and_cannot_be_read_proves_nothing(ask: Callable[..., Any], case: str) -> None:
    """It is refused by an error in AWS's form, and the trial is INCONCLUSIVE: nobody knows what was meant."""
    got, trial = ask(UNREAD[case])
    assert 400 <= got.status < 501
    assert got.code
    assert trial.history.troubles[0][1].trouble in {TroubleKind.UNRESOLVED, TroubleKind.HARNESS}
    assert Verdict.INCONCLUSIVE is trial.verdict


NO_HTTP = [
    b"hello\r\n\r\n",
    b"GET / HTTP/1.1\r\nno header\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 20_000 + b"\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00",
]


def test_what_is_no_http_is_refused_and_the_endpoint_goes_on(ask: Callable[..., Any]) -> None:
    """Garbage gets a 4xx and the end of its connection; the next request is served as ever."""

    def act(wire: Wire) -> list[bytes]:
        found = []
        for data in NO_HTTP:
            with wire.line() as line:
                line.sendall(data)
                line.shutdown(1)
                found.append(line.recv(65536)[:12])
        assert 200 == wire.query("sts", "GetCallerIdentity", "2011-06-15").status
        return found

    got, trial = ask(act)
    assert [b"HTTP/1.1 400"] * 4 + [b"HTTP/1.1 413", b"HTTP/1.1 431", b"HTTP/1.1 400"] == got
    assert len(NO_HTTP) == len(list(trial.history.of(EgressRefused)))
    assert not trial.history.troubles


def test_our_own_error_is_a_500_and_trouble(ask: Callable[..., Any]) -> None:
    """What breaks in the endpoint is AWS's InternalFailure for the client, and INCONCLUSIVE for the trial."""
    from askfirst.harness.aws.addressing import Addressing

    def act(wire: Wire) -> list[Got]:
        with mock.patch.object(Addressing, "request", side_effect=ZeroDivisionError("planted")):
            return [
                wire.query("sts", "GetCallerIdentity", "2011-06-15"),
                wire.json("dynamodb", "DynamoDB_20120810.ListTables", {}),
                wire.ask("GET", "/reports-of-prod", service="s3"),
            ]

    got, trial = ask(act)
    assert [(500, "InternalFailure"), (500, "InternalFailure"), (500, "InternalError")] == [
        (one.status, one.code) for one in got
    ]
    assert {TroubleKind.HARNESS} == {one.trouble for _, one in trial.history.troubles}
    assert "planted" in trial.history.troubles[0][1].because
    assert not any("planted" in str(one.headers) or b"planted" in one.body for one in got)
    assert Verdict.INCONCLUSIVE is trial.verdict


def test_a_limit_reached_in_our_threads_ends_the_agent(serve: Callable[..., Any]) -> None:
    """The call past the limit is not answered, and the agent, which waits for something else, is ended."""
    import time

    def agent(brief: Brief) -> str:
        client = brief.session.client("dynamodb")
        client.list_tables()
        try:
            client.list_tables()
        except Exception:  # noqa: BLE001 - an agent may swallow what it likes
            time.sleep(60)
        return "not reached"

    start = time.perf_counter()
    trial = serve(agent, clock="hybrid", limits=Limits(calls=1))
    assert time.perf_counter() - start < 20
    assert [TroubleKind.CENSORED] == [one.trouble for _, one in trial.history.troubles]


def test_an_agent_in_process_has_no_endpoint(small: Scenario) -> None:
    """One trial, one transport: who is not served is told what to say."""
    from askfirst import run_trial

    trial = run_trial(small, lambda brief: brief.endpoint.url)
    assert "served = True" in trial.history.troubles[0][1].because

    with pytest.raises(UsageError, match="virtual"):
        run_trial(small, Served(CallableAgent(lambda _: ""), "sideways"))
