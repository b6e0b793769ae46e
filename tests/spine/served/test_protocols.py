"""Promise: any client of AWS is understood: every protocol, both styles of S3's addresses, every way to send a body."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Got, Wire

BUCKET = "reports-of-prod"
OBJECT = f"/{BUCKET}/2025/11.csv"

CALLS: dict[str, tuple[str, Callable[[Wire], Got]]] = {
    "query": ("sts:GetCallerIdentity", lambda w: w.query("sts", "GetCallerIdentity", "2011-06-15")),
    "query in the address": (
        "iam:ListUsers",
        lambda w: w.ask("GET", "/?Action=ListUsers&Version=2010-05-08", service="iam"),
    ),
    "ec2": ("ec2:DescribeVpcs", lambda w: w.query("ec2", "DescribeVpcs", "2016-11-15")),
    "json 1.0": ("dynamodb:ListTables", lambda w: w.json("dynamodb", "DynamoDB_20120810.ListTables", {})),
    "json 1.1": ("logs:DescribeLogGroups", lambda w: w.json("logs", "Logs_20140328.DescribeLogGroups", {}, "1.1")),
    "json, streams": (
        "dynamodbstreams:ListStreams",
        lambda w: w.json("dynamodb", "DynamoDBStreams_20120810.ListStreams", {}),
    ),
    "rest-json": ("lambda:ListFunctions", lambda w: w.ask("GET", "/2015-03-31/functions/", service="lambda")),
    "rest-xml": ("route53:ListHostedZones", lambda w: w.ask("GET", "/2013-04-01/hostedzone", service="route53")),
    "shared by two, form": (
        "elb:DescribeLoadBalancers",
        lambda w: w.query("elasticloadbalancing", "DescribeLoadBalancers", "2012-06-01"),
    ),
    "shared by two, newer form": (
        "elbv2:DescribeLoadBalancers",
        lambda w: w.query("elasticloadbalancing", "DescribeLoadBalancers", "2015-12-01"),
    ),
    "shared by two, path": ("apigatewayv2:GetApis", lambda w: w.ask("GET", "/v2/apis", service="apigateway")),
    "shared by two, other path": ("apigateway:GetRestApis", lambda w: w.ask("GET", "/restapis", service="apigateway")),
    "s3control": (
        "s3control:ListAccessPoints",
        lambda w: w.ask("GET", "/v20180820/accesspoint", service="s3", x_amz_account_id="1" * 12),
    ),
    "s3, all": ("s3:ListBuckets", lambda w: w.ask("GET", "/", service="s3")),
    "s3, path": ("s3:GetObject", lambda w: w.ask("GET", OBJECT, service="s3")),
    "s3, host": (
        "s3:GetObject",
        lambda w: w.ask("GET", "/2025/11.csv", service="s3", Host=f"{BUCKET}.s3.cn-northwest-1.amazonaws.com.cn"),
    ),
    "s3, local host": (
        "s3:GetObject",
        lambda w: w.ask("GET", "/2025/11.csv", service="s3", Host=f"{BUCKET}.localhost"),
    ),
    "s3, presigned": ("s3:GetObject", lambda w: w.ask("GET", presigned(w, OBJECT))),
    "s3, signed for any region": (
        "s3:GetObject",
        lambda w: w.ask("GET", OBJECT, Authorization=w.signed("s3", "")["Authorization"].replace("//", "/")),
    ),
    "s3, no body": ("s3:HeadObject", lambda w: w.ask("HEAD", OBJECT, service="s3")),
    "whole address": (
        "sts:GetCallerIdentity",
        lambda w: w.ask(
            "GET",
            "http://sts.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15",
            service="sts",
        ),
    ),
}


def presigned(wire: Wire, path: str) -> str:
    """Give an address that is signed itself."""
    key = wire.world.environment["AWS_ACCESS_KEY_ID"]
    scope = f"{key}%2F20261126%2Fcn-northwest-1%2Fs3%2Faws4_request"
    return f"{path}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={scope}&X-Amz-Signature=0&X-Amz-Expires=3600"


def test_every_protocol_is_understood(ask: Callable[..., Any]) -> None:
    """Each call is recorded as the operation it is, and answered with 200."""
    got, trial = ask(lambda wire: [act(wire).status for _, act in CALLS.values()])

    assert [name for name, _ in CALLS.values()] == [one.start.action for one in trial.history.calls[1:]]
    assert dict.fromkeys(CALLS, 200) == dict(zip(CALLS, got, strict=True))
    assert not trial.history.troubles


def test_head_tells_the_length_and_sends_nothing(ask: Callable[..., Any]) -> None:
    """The answer to HEAD has the length of the object; an unknown one is 404 without a body."""
    (known, unknown), _ = ask(
        lambda wire: [wire.ask("HEAD", path, service="s3") for path in (OBJECT, f"/{BUCKET}/none")]
    )
    assert (200, "3", b"") == (known.status, known.headers["content-length"], known.body)
    assert (404, b"") == (unknown.status, unknown.body)


BIG = bytes(range(256)) * 40_000


def in_pieces(wire: Wire) -> Got:
    """Send a body of unknown length, in chunks of HTTP."""
    import http.client

    connection = http.client.HTTPConnection(str(wire.place.hostname), wire.place.port)
    pieces = (BIG[at : at + 100_000] for at in range(0, len(BIG), 100_000))
    connection.request("PUT", f"/{BUCKET}/big", pieces, wire.signed("s3"), encode_chunked=True)
    return _read(connection)


def in_signed_pieces(wire: Wire) -> Got:
    """Send a body in chunks that are signed each, with a checksum behind the last, as SDKs stream into S3."""
    half = len(BIG) // 2
    body = b"".join(b"%x;chunk-signature=%s\r\n%s\r\n" % (len(one), b"0" * 64, one) for one in (BIG[:half], BIG[half:]))
    body += b"0;chunk-signature=%s\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n" % (b"0" * 64)
    return wire.ask(
        "PUT",
        f"/{BUCKET}/big",
        body,
        service="s3",
        x_amz_content_sha256="STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        x_amz_decoded_content_length=str(len(BIG)),
        Content_Encoding="aws-chunked",
        x_amz_trailer="x-amz-checksum-crc32",
    )


def in_plain_pieces(wire: Wire) -> Got:
    """Send a body in chunks that are not signed, with a checksum behind the last."""
    body = b"%x\r\n%s\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n" % (len(BIG), BIG)
    return wire.ask(
        "PUT",
        f"/{BUCKET}/big",
        body,
        service="s3",
        x_amz_content_sha256="STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        x_amz_decoded_content_length=str(len(BIG)),
        Content_Encoding="aws-chunked",
        x_amz_trailer="x-amz-checksum-crc32",
    )


def when_told(wire: Wire) -> Got:
    """Send the body only when the other side has said that it wants it."""
    with wire.line() as line:
        headers = {
            **wire.signed("s3"),
            "Content-Length": str(len(BIG)),
            "Expect": "100-continue",
            "Host": "x.localhost",
        }
        text = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        line.sendall(f"PUT /{BUCKET}/big HTTP/1.1\r\n{text}\r\n".replace("x.localhost", "127.0.0.1").encode())
        assert line.recv(1000).startswith(b"HTTP/1.1 100 ")
        line.sendall(BIG)
        return _status(line)


@pytest.mark.parametrize(
    "send", [in_pieces, in_signed_pieces, in_plain_pieces, when_told], ids=lambda one: one.__name__
)
def test_bodies_arrive_however_they_are_sent(ask: Callable[..., Any], send: Callable[[Wire], Got]) -> None:
    """Ten megabytes come back as they were sent."""
    (sent, back), _ = ask(lambda wire: (send(wire), wire.ask("GET", f"/{BUCKET}/big", service="s3")))
    assert (200, 200) == (sent.status, back.status)
    assert BIG == back.body


def test_one_connection_takes_many_requests(ask: Callable[..., Any]) -> None:
    """Requests sent one behind the other, without waiting, are answered in order; HTTP/1.0 ends after one."""

    def act(wire: Wire) -> tuple[bytes, bytes]:
        sign = "".join(f"{name}: {value}\r\n" for name, value in wire.signed("s3").items())
        request = f"GET {OBJECT} HTTP/1.1\r\nHost: 127.0.0.1\r\n{sign}\r\n"
        last = request.replace("HTTP/1.1", "HTTP/1.0")
        with wire.line() as line:
            line.sendall((request * 3 + last + request).encode())
            many = _all(line)
        with wire.line() as line:
            line.sendall(last.replace("\r\n", "\nConnection: keep-alive\n", 1).replace("\r\n", "\n").encode())
            line.shutdown(socket.SHUT_WR)
            old = _all(line)
        return many, old

    (many, old), _ = ask(act)
    assert 4 == many.count(b"HTTP/1.1 200 OK\r\n")
    assert 4 == many.count(b"\r\n\r\na,b")
    assert b"Connection: keep-alive" in old


def test_answers_look_like_aws(ask: Callable[..., Any]) -> None:
    """Server, date and request id are those of the service and the trial's time; nothing names Python, moto or us."""
    (s3, sts, nothing), _ = ask(
        lambda wire: (
            wire.ask("GET", OBJECT, service="s3"),
            wire.query("sts", "GetCallerIdentity", "2011-06-15"),
            wire.ask("BREW", "/pot"),
        )
    )
    for got in (s3, sts, nothing):
        assert got.headers["date"].startswith("Mon, 15 Dec 2025")
        text = json.dumps(dict(got.headers)).lower()
        assert not [word for word in ("moto", "python", "werkzeug", "askfirst", "mock") if word in text]
    assert ("AmazonS3", None) == (s3.headers["server"], sts.headers.get("server"))
    assert {"x-amz-request-id", "x-amz-id-2"} <= set(s3.headers)
    assert "x-amzn-requestid" in sts.headers


def test_boto3_speaks_compressed(serve: Callable[..., Any]) -> None:
    """A client that compresses its requests (CloudWatch's metrics) is understood."""
    from botocore.config import Config

    def agent(brief: Any) -> None:
        client = brief.session.client("cloudwatch", config=Config(request_min_compression_size_bytes=1))
        data = [{"MetricName": "m" * 200, "Value": 1.0}] * 20
        client.put_metric_data(Namespace="costs", MetricData=data)
        assert client.list_metrics(Namespace="costs")["Metrics"]

    trial = serve(agent)
    assert ["cloudwatch:PutMetricData", "cloudwatch:ListMetrics"] == [one.start.action for one in trial.history.calls]
    assert not trial.history.troubles


def _read(connection: Any) -> Got:
    from tests.spine.served.conftest import Got as Answer

    answer = connection.getresponse()
    found = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    connection.close()
    return found


def _status(line: socket.socket) -> Got:
    from tests.spine.served.conftest import Got as Answer

    return Answer(int(line.recv(10_000).split()[1]), {}, b"")


def _all(line: socket.socket) -> bytes:
    found = b""
    while got := line.recv(65536):
        found += got
    return found
