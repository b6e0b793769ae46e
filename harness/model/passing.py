"""Passes questions on to a real model and its answers back, as they come. Keys go through, and into no record."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from askfirst.harness.ended import Ended
from askfirst.harness.model.exchange import Reply
from askfirst.harness.model.server import Question, Raw, plain

if TYPE_CHECKING:
    from pydantic import JsonValue

OF_THE_CONNECTION = frozenset(
    {
        "connection",
        "content-length",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "accept-encoding",
        "expect",
    }
)
"""Headers that belong to one connection and are not passed on (RFC 9110, 7.6.1); answers are asked for uncompressed."""

WHOLE = {
    ":streamGenerateContent": ":generateContent",
    "alt=sse": "",
    "/converse-stream": "/converse",
    "/invoke-with-response-stream": "/invoke",
}
"""How the address of a whole answer differs from that of a streamed one."""

Sign = Callable[[str, str, Mapping[str, str], bytes], Mapping[str, str]]
"""Gives the headers of a request by method, URL, headers and body."""

PATIENCE = 600.0
"""Real seconds without a byte of the model's after which its connection is given up."""


class PassThrough:
    """A model behind a base URL. Answers as it does."""

    def __init__(self, upstream: str, sign: Sign | None = None) -> None:
        """`upstream` is its base URL, with or without a path; `sign` gives a request other headers, such as a signature."""
        self._url = urlsplit(upstream.rstrip("/"))
        self._sign = sign

    def answer(self, question: Question) -> Raw:
        """Ask it, and hand its answer back piece by piece."""
        return self._asked(question, question.body)

    def reply(self, question: Question) -> Reply | Raw:
        """Ask it for a whole answer, and read that; errors come as they are."""
        path = question.path
        for streamed, whole in WHOLE.items():
            path = path.replace(streamed, whole)
        try:
            body: JsonValue = json.loads(question.body)
        except ValueError:
            return self.answer(question)
        if isinstance(body, dict) and "stream" in body:
            body = {key: value for key, value in body.items() if key not in {"stream", "stream_options"}}
        raw = self._asked(question, json.dumps(body), path)
        data = b"".join(raw.pieces)
        if raw.status >= 400 or question.asked is None:
            return Raw(raw.status, raw.headers, [data])
        try:
            answered: JsonValue = json.loads(data)
        except ValueError:
            return Raw(raw.status, raw.headers, [data])
        given = question.wire.answer(answered)
        number = str(answered.get("id", "0")) if isinstance(answered, dict) else "0"
        return Reply(number.partition("-")[2] or number, question.asked.model, given, 1, 1)

    def _asked(self, question: Question, body: str, path: str = "") -> Raw:
        line = self._line()
        headers = {name: value for name, value in question.headers.items() if name.lower() not in OF_THE_CONNECTION}
        there = self._path(path or question.path)
        if self._sign is not None:
            headers = dict(self._sign(question.method, f"{self._origin}{there}", headers, body.encode()))
        try:
            line.request(question.method, there, body.encode(), headers)
            answer = line.getresponse()
        except Ended as end:  # a replay; here is not where the agent can be ended
            return plain(400, question.wire.error(400, str(end), ""))
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in OF_THE_CONNECTION}
        return Raw(answer.status, kept, _pieces(line, answer))

    @property
    def _origin(self) -> str:
        return f"{self._url.scheme}://{self._url.netloc}"

    def _line(self) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=PATIENCE)
        return http.client.HTTPConnection(host, port, timeout=PATIENCE)

    def _path(self, path: str) -> str:
        """Give a path at the model: the base URL's own, and a `/v1` that both have only once."""
        base = self._url.path.rstrip("/")
        if base.endswith("/v1") and path.startswith("/v1/"):
            base = base.removesuffix("/v1")
        return f"{base}{path}"


def _pieces(line: http.client.HTTPConnection, answer: http.client.HTTPResponse) -> Iterator[bytes]:
    try:
        while data := answer.read1(65536):
            yield data
    finally:
        answer.close()
        line.close()


def without_keys(headers: Mapping[str, str]) -> dict[str, str]:
    """Give headers as they may be kept: only those that say what is in the body."""
    return {name: value for name, value in headers.items() if name.lower() == "content-type"}
