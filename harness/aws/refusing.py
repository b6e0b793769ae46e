"""What the served endpoint answers where no call could be made of a request: errors in AWS's form, by what it looks like."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from askfirst.harness.aws import draw
from askfirst.harness.aws.services import FORM
from askfirst.harness.aws.wire import WireAnswer

if TYPE_CHECKING:
    from askfirst.harness.aws.http1 import HttpRequest

UNKNOWN = "UnknownOperationException", "The requested operation is not supported."
INVALID = "InvalidAction", "The action or operation requested is not valid."
NOT_ALLOWED = "MethodNotAllowed", "The specified method is not allowed against this resource."
FAILED = "InternalFailure", "An internal error has occurred"


def not_understood(request: HttpRequest, now: datetime, number: int) -> WireAnswer:
    """Say that there is no such operation."""
    headers = _small(request.headers)
    if "cbor" in headers.get("content-type", "").lower():
        return _json(415, UNKNOWN, now, number)
    if _form(headers):
        return _xml(400, INVALID, now, number)
    if "x-amz-target" in headers or "json" in headers.get("content-type", ""):
        return _json(400, UNKNOWN, now, number)
    return _s3(405, NOT_ALLOWED, now, number)


def failed(request: HttpRequest, now: datetime, number: int) -> WireAnswer:
    """Say that something went wrong on our side."""
    headers = _small(request.headers)
    if "x-amz-target" in headers or "json" in headers.get("content-type", ""):
        return _json(500, FAILED, now, number)
    return _xml(500, FAILED, now, number) if _form(headers) else _s3(500, ("InternalError", FAILED[1]), now, number)


def malformed(status: int, now: datetime, number: int) -> WireAnswer:
    """Say that this was no request of HTTP."""
    return _s3(status, ("BadRequest", "An error occurred when parsing the HTTP request."), now, number)


def _form(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").startswith(FORM)


def _small(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _json(status: int, error: tuple[str, str], now: datetime, number: int) -> WireAnswer:
    headers = _headers("application/x-amz-json-1.1", now, number)
    return WireAnswer(status, headers, json.dumps({"__type": error[0], "message": error[1]}).encode())


def _xml(status: int, error: tuple[str, str], now: datetime, number: int) -> WireAnswer:
    headers = _headers("text/xml", now, number)
    kind = "Receiver" if status >= 500 else "Sender"
    body = (
        f"<ErrorResponse><Error><Type>{kind}</Type><Code>{error[0]}</Code><Message>{escape(error[1])}</Message></Error>"
        f"<RequestId>{headers['x-amzn-RequestId']}</RequestId></ErrorResponse>"
    )
    return WireAnswer(status, headers, body.encode())


def _s3(status: int, error: tuple[str, str], now: datetime, number: int) -> WireAnswer:
    headers = _headers("application/xml", now, number)
    request_id = headers.pop("x-amzn-RequestId")
    headers |= {"x-amz-request-id": request_id, "Server": "AmazonS3"}
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{error[0]}</Code><Message>{escape(error[1])}</Message>'
        f"<RequestId>{request_id}</RequestId></Error>"
    )
    return WireAnswer(status, headers, body.encode())


def _headers(kind: str, now: datetime, number: int) -> dict[str, str]:
    return {
        "x-amzn-RequestId": draw.uuid("no call", number),
        "Date": format_datetime(now.replace(microsecond=0), usegmt=True),
        "Content-Type": kind,
    }
