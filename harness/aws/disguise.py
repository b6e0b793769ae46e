"""What goes out looks like AWS, whoever made the answer: moto, an implementation of ours, or a fault.

Two things betray a mock in an answer itself: headers that differ by maker (moto says `server: amazon.com`, an error of
ours has no date), and values that moto writes as constants but AWS by account or request. What moto's code says
otherwise is in `literals.py`. Bodies are changed only in exact structures of known services, never by words: what an
agent or a world stored stays as it is.
"""

from __future__ import annotations

import base64
import functools
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from types import MappingProxyType
from urllib.parse import urlsplit

from askfirst.harness.aws import draw
from askfirst.harness.aws.egress import AWS_HOST
from askfirst.harness.aws.wire import Resolved, WireAnswer

SERVERS = MappingProxyType({"s3": "AmazonS3", "ec2": "AmazonEC2", "dynamodb": "Server"})
"""What AWS names as the server; other services name none."""

MADE_HERE = {"server", "date", "content-type", "x-amzn-requestid", "x-amz-request-id", "x-amz-id-2", "x-amz-crc32"}
NOT_AWS = {"x-amz-content-sha256", "x-amz-sdk-checksum-algorithm", "x-moto-forgot-password-confirmation-code", "status"}
"""Headers of requests that moto sends back, and one of its own."""

RAW = {("s3", "GetObject"), ("s3", "GetObjectTorrent"), ("s3", "SelectObjectContent"), ("s3", "GetBucketPolicy")}
"""Answers whose body is what somebody stored."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose answer it is: the account asked, and the request's id."""

    account: str
    request_id: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """`mark` tells cheaply that there may be something; `instead` gives what stands for what `pattern` matches."""

    mark: bytes
    pattern: re.Pattern[bytes]
    instead: Callable[[re.Match[bytes], Whose], bytes]


def answers_at(url: str) -> bool:
    """Tell whether AWS could answer at an address: moto's own control address and metadata services do not."""
    host = (urlsplit(url).hostname or "").lower()
    return bool(AWS_HOST.search(host)) and not host.startswith("motoapi.")


def canonical_user(account: str) -> str:
    """Give the canonical user id of an account, under which S3 names owners: 64 hex digits."""
    return draw.token(64, "canonical user", account)


def disguise(answer: WireAnswer, resolved: Resolved, whose: Whose, now: datetime) -> WireAnswer:
    """Give the answer as AWS would send it at `now`. Last of all: length and checksum are those of what is sent."""
    body = answer.body
    if body and (resolved.service, resolved.operation) not in RAW:
        for rule in _rules().get(resolved.service, ()):
            if rule.mark in body:
                body = _rewritten(rule, body, whose)
    return WireAnswer(answer.status, _headers(answer, body, resolved, whose, now), body)


def _headers(answer: WireAnswer, body: bytes, resolved: Resolved, whose: Whose, now: datetime) -> dict[str, str]:
    headers: dict[str, str] = {}
    kind = ""
    for name, value in answer.headers.items():
        lower = name.lower()
        if lower == "content-type":
            kind = value
        elif lower == "content-length":
            headers["Content-Length"] = value  # of HEAD: there is no body to measure
        elif lower not in MADE_HERE and lower not in NOT_AWS:
            headers[name] = value
    service = resolved.service
    if service == "s3":
        headers["x-amz-id-2"] = _host_id(whose)
        headers["x-amz-request-id"] = whose.request_id
    else:
        headers["x-amzn-RequestId"] = whose.request_id
    headers["Date"] = _date(now.replace(microsecond=0))
    if service in SERVERS:
        headers["Server"] = SERVERS[service]
    if body:
        headers["Content-Type"] = _kind(kind, body, resolved)
        headers["Content-Length"] = str(len(body))
    elif kind:
        headers["Content-Type"] = kind
    if service == "dynamodb":
        headers["x-amz-crc32"] = str(zlib.crc32(body))
    return headers


def _kind(kind: str, body: bytes, resolved: Resolved) -> str:
    """Give the content type: JSON comes back as it was sent, and is never left unnamed."""
    if body[:1] not in b"{[" or (kind and "json" not in kind and kind != "text"):
        return kind or "application/octet-stream"
    asked = resolved.request.content_type or ""
    return asked if asked.startswith("application/x-amz-json") else "application/json"


def _rewritten(rule: _Rule, body: bytes, whose: Whose) -> bytes:
    return rule.pattern.sub(lambda found: rule.instead(found, whose), body)


@functools.lru_cache(maxsize=64)
def _date(now: datetime) -> str:
    return format_datetime(now, usegmt=True)


def _host_id(whose: Whose) -> str:
    digest = draw.number(whose.request_id, "host").to_bytes(32, "big")
    return base64.b64encode(digest + digest[::-1][:24]).decode()


# -- what stands in bodies -------------------------------------------------------------------------------------------


@functools.cache
def _rules() -> Mapping[str, tuple[_Rule, ...]]:
    """Give the rules by service. S3 names no owner by display name any more (since November 2025, in any region)."""
    owner = rb"75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a|bcaf1ffd86f41161ca5fb16fd081034f"
    user = rb"user1-11111a31-17b5-4fb7-9df5-b111111f13de"
    return MappingProxyType(
        {
            "s3": (
                _rule(
                    b"webfile",
                    rb"(<(?:Owner|Initiator)>(?:<ID>[^<]*</ID>)?)<DisplayName>webfile</DisplayName>",
                    lambda found, _: found[1],
                ),
                _rule(b"75aa57f0", rb"<ID>(?:" + owner + rb")</ID>", _owner),
                _rule(b"bcaf1ffd", rb"<ID>(?:" + owner + rb")</ID>", _owner),
                _rule(
                    user,
                    rb"(<Initiator>)<ID>[^<]*" + user + rb"</ID><DisplayName>" + user + rb"</DisplayName>",
                    lambda found, whose: found[1] + _owner(found, whose),
                ),
                _rule(
                    b"<HostId>",
                    rb"(</RequestId><HostId>)[^<]*",
                    lambda found, whose: found[1] + _host_id(whose).encode(),
                ),
            ),
            "sts": (
                _rule(
                    b"AKIAIOSFODNN7EXAMPLE",
                    rb"<Credentials><AccessKeyId>AKIAIOSFODNN7EXAMPLE</AccessKeyId>"
                    rb"<SecretAccessKey>[^<]*</SecretAccessKey><SessionToken>[^<]*</SessionToken>",
                    _credentials,
                ),
            ),
            # Two places where moto writes a Python dict as it is.
            "route53": (_rule(b"{'Value'", rb"<Value>\{'Value': '(ns-\d+\.awsdns-[^'<]*)'\}</Value>", _value),),
            "ec2": (
                _rule(
                    b"{'GroupId'",
                    rb"<groupId>\{'GroupId': '(sg-[0-9a-f]+)'\}</groupId>",
                    lambda found, _: b"<groupId>" + found[1] + b"</groupId>",
                ),
            ),
        }
    )


def _rule(mark: bytes, pattern: bytes, instead: Callable[[re.Match[bytes], Whose], bytes]) -> _Rule:
    return _Rule(mark, re.compile(pattern), instead)


def _owner(_: re.Match[bytes], whose: Whose) -> bytes:
    return f"<ID>{canonical_user(whose.account)}</ID>".encode()


def _value(found: re.Match[bytes], _: Whose) -> bytes:
    return b"<Value>" + found[1] + b"</Value>"


def _credentials(_: re.Match[bytes], whose: Whose) -> bytes:
    key = draw.access_key("ASIA", whose.account, whose.request_id)
    secret, token = (draw.token(40, whose.request_id, one) for one in ("secret", "token"))
    return (
        f"<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>"
        f"<SessionToken>IQoJb3JpZ2luX2Vj{token}</SessionToken>"
    ).encode()
