"""What goes in and out of the gateway: requests resolved to operations, answers, and errors in each service's own protocol.

moto 5.2.5 ships router, parser and serializer for query, ec2, json, rest-json and rest-xml; botocore parses answers.
"""

from __future__ import annotations

import base64
import functools
import gzip
import hashlib
import io
import re
import warnings
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

if TYPE_CHECKING:
    from moto.core.model import OperationModel
    from moto.core.request import Request
    from pydantic import JsonValue

SCOPE = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/,\s]+)/([^/,\s]+)/aws4_request")
ANY_REGION = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/,\s]+)/aws4_request")
"""The scope of the signature that is good for several regions."""

UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z", re.IGNORECASE)
REQUEST_ID = re.compile(rb"(<([Rr]equestI[dD])>)[^<]*(</\2>)")
BYTES_SHOWN = 256
READS = {"GET", "HEAD"}
OF_THE_BODY = {"content-length", "content-md5", "x-amz-content-sha256", "x-amz-checksum-crc32"}
"""Headers that are about the body of a request, and wrong for another one."""


@dataclass(frozen=True, slots=True)
class WireRequest:
    """One HTTP request as it left a client. `service` and `operation` are botocore's names where the transport knows.

    `read_timeout` is how many seconds the client waits for the answer, None where nobody knows.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    service: str = ""
    operation: str = ""
    read_timeout: float | None = None


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """One HTTP answer as it goes to a client, `held` real seconds later where time is real."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    held: float = 0.0


@dataclass(frozen=True, slots=True)
class Resolved:
    """A request understood: which operation with which parameters, signed by which key, and which attempt it is."""

    service: str
    operation: str
    model: OperationModel
    protocol: str
    parameters: Mapping[str, Any]
    request: Request
    region: str
    access_key: str
    invocation: str
    attempt: int
    user_agent: str


class CannotResolve(Exception):
    """The request is no operation we can name. The message says why."""


def resolve(wire: WireRequest) -> Resolved:
    """Understand a request, or raise `CannotResolve`."""
    from botocore.exceptions import UnknownServiceError
    from botocore.model import OperationNotFoundError
    from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
    from moto.core.request import Request, determine_request_protocol
    from moto.core.routing import get_service_router
    from moto.core.utils import get_service_model
    from werkzeug.exceptions import HTTPException

    headers = {name.lower(): value for name, value in wire.headers.items()}
    access_key, region, signing_name = credential_scope(wire.url, headers, wire.body)
    service = wire.service or signing_name
    if headers.get("content-encoding") == "gzip" and service != "s3":
        wire = _unpacked(wire)
    try:
        service_model = get_service_model(service)
        request = Request.from_primitives(wire.method, wire.url, wire.headers, wire.body)
        protocol = determine_request_protocol(service_model, request.content_type)
        routed: OperationModel | None = None
        uri_parameters: dict[str, Any] = {}
        if protocol.startswith("rest") or not wire.operation:
            routed, uri_parameters = get_service_router(service).match(request)
        model = service_model.operation_model(wire.operation) if wire.operation else routed
        if model is None:
            msg = f"no operation of {service} fits {wire.method} {urlsplit(wire.url).path}"
            raise CannotResolve(msg)
        parameters = PROTOCOL_PARSERS[protocol](model).parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                # Of reads nothing stands in the body, and S3 does not look.
                "body": b""
                if protocol.startswith("rest") and request.method in READS
                else request.get_data(cache=True),
                "url_path": request.path,
                "url_params": uri_parameters,
            }
        )
    except (
        UnknownServiceError,
        OperationNotFoundError,
        HTTPException,
        RequestParserError,
        NotImplementedError,
        KeyError,
    ) as error:
        msg = f"{wire.method} {urlsplit(wire.url).netloc}{urlsplit(wire.url).path}: {error.__class__.__name__}: {error}"
        raise CannotResolve(msg) from error
    attempt = re.search(r"attempt=(\d+)", headers.get("amz-sdk-request", ""))
    return Resolved(
        service=service,
        operation=model.name,
        model=model,
        protocol=protocol,
        parameters=parameters or {},
        request=request,
        region=region,
        access_key=access_key,
        invocation=headers.get("amz-sdk-invocation-id", ""),
        attempt=int(attempt[1]) if attempt else 1,
        user_agent=headers.get("user-agent", ""),
    )


def _unpacked(wire: WireRequest) -> WireRequest:
    """Give a request whose body the client compressed as if it had not; objects of S3 are stored as they come."""
    try:
        body = gzip.decompress(wire.body)
    except (OSError, EOFError, zlib.error) as error:
        msg = f"{wire.method} {wire.url}: what says that it is compressed is not: {error}"
        raise CannotResolve(msg) from error
    headers = {
        name: value for name, value in wire.headers.items() if name.lower() not in {*OF_THE_BODY, "content-encoding"}
    }
    return replace(wire, headers={**headers, "Content-Length": str(len(body))}, body=body)


def credential_scope(url: str, headers: Mapping[str, str], body: bytes) -> tuple[str, str, str]:
    """Give access key, region and signing name of a signed request; empty texts for an unsigned one."""
    found = SCOPE.search(headers.get("authorization", ""))
    if found:
        return found[1], found[2], found[3]
    query = parse_qs(urlsplit(url).query)
    found = SCOPE.search("Credential=" + query.get("X-Amz-Credential", [""])[0])
    if found:
        return found[1], found[2], found[3]
    found = ANY_REGION.search(headers.get("authorization", ""))
    if found:
        region = headers.get("x-amz-region-set", "").split(",")[0].strip()
        return found[1], "" if region == "*" else region, found[2]
    # The signature before version 4, which boto3 still puts into addresses of S3's objects that it signs beforehand.
    older = re.match(r"AWS ([^:\s]+):", headers.get("authorization", ""))
    key = older[1] if older else query.get("AWSAccessKeyId", [""])[0]
    if key:
        return key, "", "s3"
    # SimpleDB signs by version 2: the key stands among the parameters.
    given = re.search(rb"(?:^|&)AWSAccessKeyId=(\w+)", body) if b"SignatureVersion=2" in body else None
    return (given[1].decode(), "", "sdb") if given else ("", "", "")


def invented_tokens(resolved: Resolved) -> dict[str, str]:
    """Give the idempotency tokens the SDK invented, by member name: a UUID in a member that botocore fills in itself."""
    return {
        name: value
        for name in resolved.model.idempotent_members
        if isinstance(value := resolved.parameters.get(name), str) and UUID4.match(value)
    }


def jsonable(value: object) -> JsonValue:
    """Write a parameter as JSON: times as ISO 8601, short bytes as base64, long ones as digest and size."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Mapping):
        return {str(name): jsonable(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [jsonable(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, io.IOBase):
        value = value.read()
    if isinstance(value, bytes | bytearray):
        if len(value) <= BYTES_SHOWN:
            return base64.b64encode(value).decode()
        return f"<{len(value)} bytes, sha256 {hashlib.sha256(value).hexdigest()}>"
    return str(value)


@functools.cache
def _error_class() -> type[Exception]:
    from moto.core.exceptions import ServiceException

    class ServiceRefusal(ServiceException):
        """An error to serialise. A subclass outside moto, for moto takes the service's name from the module otherwise."""

    return ServiceRefusal


def error_answer(resolved: Resolved, code: str, message: str, status: int) -> WireAnswer:
    """Write an AWS error in the operation's own wire protocol."""
    from moto.core.serialize import get_serializer_class

    serializer = get_serializer_class(resolved.service, resolved.protocol)(resolved.model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # moto warns of codes a service's model does not list
        made = serializer.serialize(_error_class()(code, message))
    body = b"" if resolved.request.method == "HEAD" else _bytes(made["body"])
    headers = {str(name): str(value) for name, value in made["headers"].items()}
    # Whose fault it was: moto's serializer takes every code that the service's model lacks for the sender's.
    wrong, right = ("Sender", "Receiver") if status >= 500 else ("Receiver", "Sender")
    body = body.replace(f"<Type>{wrong}</Type>".encode(), f"<Type>{right}</Type>".encode())
    if "x-amzn-query-error" in headers:
        headers["x-amzn-query-error"] = headers["x-amzn-query-error"].replace(f";{wrong}", f";{right}")
    return WireAnswer(status, headers, body)


def output_answer(resolved: Resolved, output: Mapping[str, object]) -> WireAnswer:
    """Write an operation's output in its own wire protocol."""
    from moto.core.serialize import get_serializer_class

    made = get_serializer_class(resolved.service, resolved.protocol)(resolved.model).serialize(dict(output))
    return WireAnswer(
        int(made["status_code"]),
        {str(name): str(value) for name, value in made["headers"].items()},
        _bytes(made["body"]),
    )


def parsed_output(resolved: Resolved, answer: WireAnswer) -> dict[str, object]:
    """Read the output of an answer as botocore would, without what it adds itself."""
    from botocore.parsers import create_parser

    response = {"status_code": answer.status, "headers": dict(answer.headers), "body": answer.body}
    parsed = create_parser(resolved.protocol).parse(response, resolved.model.output_shape)  # type: ignore[arg-type]  # as above
    return {str(name): value for name, value in parsed.items() if name != "ResponseMetadata"}


def with_parameters(wire: WireRequest, resolved: Resolved, parameters: Mapping[str, object]) -> WireRequest:
    """Write a request anew with other values in its body; what stands in its address and headers stays."""
    from botocore.serialize import create_serializer

    made = create_serializer(resolved.protocol, include_validation=False).serialize_to_request(
        dict(parameters), resolved.model
    )
    body = made["body"]
    data = urlencode(body).encode() if isinstance(body, Mapping) else _bytes(body)
    headers = {name: value for name, value in wire.headers.items() if name.lower() not in OF_THE_BODY}
    return replace(wire, headers={**headers, "Content-Length": str(len(data))}, body=data)


def stamp(answer: WireAnswer, request_id: str) -> WireAnswer:
    """Put the trial's own request id wherever AWS shows one: moto's are constants or drawn from its global sequence."""
    headers, shown = {}, False
    for name, value in answer.headers.items():
        lower = name.lower()
        if lower in {"x-amzn-requestid", "x-amz-request-id"}:
            headers[name], shown = request_id, True
        elif lower != "status":
            headers[name] = value
    if not shown:
        # S3 shows it under the one name, every other service under the other.
        headers |= {"x-amzn-RequestId": request_id, "x-amz-request-id": request_id}
    body = answer.body
    if b"equestI" in body:
        body = REQUEST_ID.sub(lambda found: found[1] + request_id.encode() + found[3], body)
    return WireAnswer(answer.status, headers, body)


def error_of(resolved: Resolved, answer: WireAnswer) -> tuple[str, str]:
    """Read code and message of an error as botocore would; ('', '') where the answer is no error."""
    if answer.status < 300:
        return "", ""
    from botocore.parsers import ResponseParserError, create_parser

    response = {"status_code": answer.status, "headers": dict(answer.headers), "body": answer.body}
    try:
        parsed = create_parser(resolved.protocol).parse(response, resolved.model.output_shape)  # type: ignore[arg-type]  # None is fine: no output
    except (ResponseParserError, ValueError, KeyError):
        return str(answer.status), ""
    error = parsed.get("Error", {})
    return str(error.get("Code", answer.status)), str(error.get("Message", ""))


def _bytes(body: str | bytes) -> bytes:
    return body if isinstance(body, bytes) else body.encode()
