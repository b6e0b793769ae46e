"""A local server that speaks the APIs of several providers. Who answers is somebody else's matter: a script, a real model.

It listens on a free port of loopback and nowhere else. Its address is the base URL without `/v1`; with it behind, it works too.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import unquote

from askfirst.harness.model.exchange import Asked, Event, Reply, Wire
from askfirst.harness.model.wires import anthropic, bedrock, gemini, openai_chat, openai_responses

if TYPE_CHECKING:
    from pydantic import JsonValue

CLAUDE, INVOKED = r"(?:anthropic|claude)", r"invoke(?P<stream>-with-response-stream)?"
"""Of Bedrock: `InvokeModel` takes and gives what the model's own maker has for it."""

ANSWERS = (
    (re.compile(r"(?:/v1)*/chat/completions"), openai_chat.WIRE),
    (re.compile(r"(?:/v1)*/responses"), openai_responses.WIRE),
    (re.compile(r"(?:/v1)*/messages"), anthropic.WIRE),
    (re.compile(r"/v1(?:beta|alpha)?/models/(?P<model>[^/:]+):(?P<stream>stream)?[gG]enerateContent"), gemini.WIRE),
    (re.compile(r"/model/(?P<model>[^/]+)/converse(?P<stream>-stream)?"), bedrock.CONVERSE),
    (re.compile(rf"/model/(?P<model>[^/]*{CLAUDE}[^/]*)/{INVOKED}"), bedrock.CLAUDE),
    (re.compile(rf"/model/(?P<model>[^/]+)/{INVOKED}"), bedrock.NOVA),
)
LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Question:
    """One request to the model. `asked` is None where the address is not that of an answer, or the body no JSON."""

    method: str
    path: str
    wire: Wire
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer as it is sent: pieces of its body, in order. With `broken` the connection is reset after the last."""

    status: int
    headers: Mapping[str, str]
    pieces: Iterable[bytes]
    broken: bool = False


class Answering(Protocol):
    """Who answers."""

    def answer(self, question: Question) -> Raw:
        """Answer as it is to be sent. Called from threads; what it raises ends the connection."""
        ...

    def reply(self, question: Question) -> Reply | Raw:
        """Answer a question that is `asked` with what an answer is made of; what cannot be read so comes as it is."""
        ...


class ModelServer:
    """The server. Use it as a context."""

    def __init__(self, answering: Answering) -> None:
        """`answering` is asked in a thread for each connection."""
        self._server = _Server(answering)

    @property
    def url(self) -> str:
        """The base URL, without a path."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        """Listen."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the door; answers under way are broken off."""
        self._server.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def whole(wire: Wire, reply: Reply) -> Raw:
    """Give an answer in one piece."""
    return plain(200, wire.whole(reply))


def plain(status: int, body: JsonValue, headers: Mapping[str, str] | None = None) -> Raw:
    """Give an answer that is JSON."""
    return Raw(status, {"content-type": "application/json", **(headers or {})}, [json.dumps(body).encode()])


def sent(question: Question, reply: Reply) -> Raw:
    """Give an answer in the form in which it was asked for."""
    wire, asked = question.wire, question.asked
    if asked is None or not asked.stream:
        return whole(wire, reply)
    if wire is gemini.WIRE and "alt=sse" not in question.path:
        return plain(200, [one.data for one in wire.events(reply)])
    headers = {"content-type": wire.streamed, "cache-control": "no-cache"}
    return Raw(200, headers, _pieces(wire, wire.events(reply)))


def _pieces(wire: Wire, events: Iterator[Event]) -> Iterator[bytes]:
    for event in events:
        yield wire.frame(event)
    if wire.last:
        yield f"data: {wire.last}\n\n".encode()


def wire_of(path: str, headers: Mapping[str, str]) -> Wire:
    """Give the API that an address belongs to, known or not."""
    plain_path = path.partition("?")[0]
    found = next((wire for form, wire in ANSWERS if form.fullmatch(plain_path)), None)
    if found is not None:
        return found
    names = {name.lower() for name in headers}
    if "anthropic-version" in names or plain_path.startswith("/api/") or "/messages/" in plain_path:
        return anthropic.WIRE
    if plain_path.startswith("/model/"):
        return bedrock.CONVERSE
    return gemini.WIRE if plain_path.startswith(("/v1beta/", "/v1alpha/")) else openai_chat.WIRE


def question_of(method: str, path: str, headers: Mapping[str, str], body: str) -> Question:
    """Read a request; `asked` stays None where it is none for an answer."""
    wire = wire_of(path, headers)
    question = Question(method, path, wire, body, headers)
    match = next((found for form, _ in ANSWERS if (found := form.fullmatch(path.partition("?")[0]))), None)
    if match is None or method != "POST":
        return question
    try:
        asked = wire.read(json.loads(body))
    except (ValueError, RecursionError):
        return question
    named = match.groupdict()
    streams = asked.stream or bool(named.get("stream"))
    asked = dataclasses.replace(asked, model=unquote(named.get("model") or "") or asked.model, stream=streams)
    return dataclasses.replace(question, asked=asked)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answering: Answering) -> None:
        self.answering = answering
        self.over = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the base class's
        """Say nothing of a client that hangs up; anything else is our fault, and is told."""
        error = sys.exception()
        failed = getattr(self.answering, "failed", None)
        if failed is not None and isinstance(error, Exception) and not isinstance(error, OSError):
            failed(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        assert isinstance(self.server, _Server)  # noqa: S101 - for the type checker
        data = self.rfile.read(min(int(self.headers.get("content-length") or 0), LARGEST))
        headers = dict(self.headers.items())
        question = question_of(self.command, self.path, headers, data.decode("utf-8", "replace"))
        answer = self.server.answering.answer(question)
        self._send(answer)

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = _serve  # noqa: N815 - names are the base class's

    def _send(self, answer: Raw) -> None:
        """Send an answer: one piece with its length, several in chunks."""
        pieces = answer.pieces
        if isinstance(pieces, list) and not answer.broken:
            pieces = [b"".join(pieces)]
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if isinstance(pieces, list) and not answer.broken:
            self.send_header("content-length", str(len(pieces[0])))
        else:
            self.send_header("transfer-encoding", "chunked")
        if answer.status >= 400:
            self.send_header("connection", "close")  # what stands in its body was not read
        self.end_headers()
        if self.command == "HEAD":
            return
        if isinstance(pieces, list) and not answer.broken:
            self.wfile.write(pieces[0])
            return
        for piece in pieces:
            if piece:
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                self.wfile.flush()
        if answer.broken:
            self.close_connection = True
            return
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the base class's
        """Say nothing."""
