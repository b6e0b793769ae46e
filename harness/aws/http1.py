"""HTTP/1.1 on a socket, as far as clients of AWS speak it: requests read, answers written, connections broken on purpose.

Own code, for a fault must be able to do to a connection what no server offers: answer nothing, reset, end in the middle.
"""

from __future__ import annotations

import contextlib
import http
import io
import re
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from askfirst.harness.aws.wire import WireAnswer

LONGEST_HEAD = 65536
LARGEST_BODY = 512 * 1024 * 1024
"""Bytes of a body; the mocked account keeps it in memory."""

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
REQUEST_LINE = re.compile(r"([A-Z]{1,20}) (\S+) HTTP/1\.([01])\Z")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request as it came. Headers that came twice are joined by commas; `lasting` is whether more may follow."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    lasting: bool


class BadRequest(Exception):
    """These bytes are no request that can be served. `status` is what the sender is told."""

    def __init__(self, message: str, status: int = 400) -> None:
        """`message` is for our own eyes."""
        self.status = status
        super().__init__(message)


def read_request(stream: io.BufferedReader, go_on: Callable[[], None]) -> HttpRequest | None:
    """Read one request; None where the connection ended instead. `go_on` says '100 Continue' to who waits for it.

    Raises `BadRequest`.
    """
    line = stream.readline(LONGEST_HEAD)
    while line in {b"\r\n", b"\n"}:
        line = stream.readline(LONGEST_HEAD)
    if not line:
        return None
    found = REQUEST_LINE.match(line.decode("latin-1").rstrip("\r\n"))
    if found is None:
        msg = f"no request line: {line[:80]!r}"
        raise BadRequest(msg)
    names, headers = _headers(stream, len(line))
    if "continue" in headers.get("expect", "").lower():
        go_on()
    body = _chunked(stream) if "transfer-encoding" in headers else _exactly(stream, headers.get("content-length", "0"))
    connection = headers.get("connection", "").lower()
    lasting = "close" not in connection and (found[3] == "1" or "keep-alive" in connection)
    return HttpRequest(found[1], found[2], {names[one]: value for one, value in headers.items()}, body, lasting)


def _headers(stream: io.BufferedReader, size: int) -> tuple[dict[str, str], dict[str, str]]:
    """Read the headers up to the empty line: names as they were written, and values, both by name in small letters."""
    names: dict[str, str] = {}
    values: dict[str, str] = {}
    while (line := stream.readline(LONGEST_HEAD)) not in {b"\r\n", b"\n"}:
        size += len(line)
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or size > LONGEST_HEAD or name != name.strip():
            msg = f"no header, or too many of them: {line[:80]!r}"
            raise BadRequest(msg, 431 if size > LONGEST_HEAD else 400)
        lower, value = name.lower(), value.strip()
        names.setdefault(lower, name)
        values[lower] = f"{values[lower]},{value}" if lower in values else value
    return names, values


def _exactly(stream: io.BufferedReader, length: str) -> bytes:
    if not length.isdecimal():
        msg = f"no length: {length!r}"
        raise BadRequest(msg)
    size = int(length)
    if size > LARGEST_BODY:
        msg = f"a body of {size} bytes"
        raise BadRequest(msg, 413)
    body = stream.read(size) if size else b""
    if len(body) < size:
        msg = f"the body ended after {len(body)} of {size} bytes"
        raise BadRequest(msg)
    return body


def _chunked(stream: io.BufferedReader) -> bytes:
    """Read a body that comes in chunks; what stands behind the last one is read and forgotten."""
    body = bytearray()
    while True:
        size = stream.readline(1024).split(b";")[0].strip()
        if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", size):
            msg = f"no chunk: {size[:40]!r}"
            raise BadRequest(msg)
        if size.strip(b"0") == b"":
            while stream.readline(LONGEST_HEAD) not in {b"\r\n", b"\n", b""}:
                pass
            return bytes(body)
        body += _exactly(stream, str(int(size, 16)))
        stream.readline(8)
        if len(body) > LARGEST_BODY:
            msg = "a body that does not end"
            raise BadRequest(msg, 413)


def written(answer: WireAnswer, method: str, *, lasting: bool) -> tuple[bytes, bytes]:
    """Give head and body of an answer as they go on the wire."""
    try:
        phrase = http.HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {answer.status} {phrase}"]
    measured = False
    for name, value in answer.headers.items():
        lower = name.lower()
        if lower in {"connection", "transfer-encoding", "keep-alive"}:
            continue
        if lower == "content-length":
            measured = True
            value = value if method == "HEAD" else str(len(answer.body))  # noqa: PLW2901 - nothing else may be said
        lines.append(f"{name}: {CONTROL.sub(' ', value)}")
    if not measured and answer.status not in {204, 304} and method != "HEAD":
        lines.append(f"Content-Length: {len(answer.body)}")
    lines.append(f"Connection: {'keep-alive' if lasting else 'close'}")
    text = "\r\n".join(lines) + "\r\n\r\n"
    try:
        head = text.encode("latin-1")
    except UnicodeEncodeError:
        head = text.encode()
    return head, b"" if method == "HEAD" or answer.status in {204, 304} else answer.body


def reset(line: socket.socket) -> None:
    """End a connection so that the other side sees a reset, and no orderly end."""
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with contextlib.suppress(OSError):
        line.close()


def left(line: socket.socket) -> bool:
    """Tell whether the other side has gone."""
    try:
        line.setblocking(False)  # noqa: FBT003 - socket's own signature
        return line.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        with contextlib.suppress(OSError):
            line.setblocking(True)  # noqa: FBT003
