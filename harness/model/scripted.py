"""A local server that stands in for a model: it speaks the APIs of several providers, and a script says what it answers.

    with ScriptedModel(script) as model:
        ...  # an agent whose base URL is model.url
    model.requests  # what it was asked, in order

Its address is the base URL without `/v1`; with it behind, it works too.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import TYPE_CHECKING, Self

from askfirst.harness.errors import AskfirstError
from askfirst.harness.model import shells
from askfirst.harness.model.exchange import Asked, Event, Reply, Role, Wire
from askfirst.harness.model.script import Say, Script, Seen
from askfirst.harness.model.wires import anthropic, gemini, openai_chat, openai_responses

if TYPE_CHECKING:
    from pydantic import JsonValue

ANSWERS = (
    (re.compile(r"(?:/v1)*/chat/completions"), openai_chat.WIRE),
    (re.compile(r"(?:/v1)*/responses"), openai_responses.WIRE),
    (re.compile(r"(?:/v1)*/messages"), anthropic.WIRE),
    (re.compile(r"/v1(?:beta|alpha)?/models/(?P<model>[^/:]+):(?P<stream>stream)?[gG]enerateContent"), gemini.WIRE),
)
COUNTS = (
    (re.compile(r"(?:/v1)*/messages/count_tokens"), anthropic.WIRE, "input_tokens"),
    (re.compile(r"/v1(?:beta|alpha)?/models/[^/:]+:countTokens"), gemini.WIRE, "totalTokens"),
)
LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """One request that reached the model. `asked` is None where the address was not known or the body no JSON."""

    method: str
    path: str
    wire: str
    body: str = ""
    asked: Asked | None = None
    answer: str = ""


class ScriptFailed(AskfirstError):
    """The script raised something, or the server did. The message says what; the client got an error without a retry."""


class ScriptedModel:
    """The server. Use it as a context; it listens on a free port of loopback and nowhere else."""

    def __init__(self, script: Script) -> None:
        """`script` is asked for every turn in which the agent offers tools; other calls are on the side."""
        self.script = script
        self._requests: list[Request] = []
        self._failures: list[str] = []
        self._server = _Server(self)

    @property
    def url(self) -> str:
        """The base URL, without a path."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def requests(self) -> tuple[Request, ...]:
        """What came so far."""
        return tuple(self._requests)

    def __enter__(self) -> Self:
        """Listen."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the door. Raises `ScriptFailed` where the script did, unless something else is wrong already."""
        self._server.shutdown()
        self._server.server_close()
        if self._failures and error is None:
            raise ScriptFailed(self._failures[0])

    def failed(self, error: Exception) -> str:
        """Keep what went wrong; give it in words."""
        self._failures.append(f"the scripted model failed: {type(error).__name__}: {error}")
        return self._failures[-1]

    def heard(self, request: Request) -> None:
        """Keep what came."""
        self._requests.append(request)


def answered(asked: Asked, script: Script) -> Reply:
    """Answer one request by a script; what comes without tools is on the side, and the script is not asked."""
    seen = Seen(_texts(asked, Role.SYSTEM), _texts(asked, Role.USER), _texts(asked, Role.TOOL))
    # The number must not repeat in a conversation, and must in a repeated request.
    number = f"{seen.step:04d}{len(asked.messages):04d}"
    answer = shells.settled(asked, script(seen), number) if asked.tools else _aside(asked)
    read = sum(len(one.text) for one in asked.messages) // 4
    return Reply(number, asked.model or "model", answer, read + 1, len(str(answer)) // 4 + 1)


def _texts(asked: Asked, role: Role) -> tuple[str, ...]:
    return tuple(one.text for one in asked.messages if one.role is role)


def _aside(asked: Asked) -> Say:
    """Answer a call on the side, such as for a title or for which model to take: no tool comes with those."""
    if asked.form is not None:
        return Say(json.dumps(shells.filled(asked.form, "Cost service")))
    return Say("Cost service")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, model: ScriptedModel) -> None:
        self.model = model
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the base class's
        """Say nothing of a client that hangs up; anything else is our fault."""
        error = sys.exception()
        if isinstance(error, Exception) and not isinstance(error, OSError):
            self.model.failed(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _model(self) -> ScriptedModel:
        assert isinstance(self.server, _Server)  # noqa: S101 - for the type checker
        return self.server.model

    def do_POST(self) -> None:
        path = self.path.partition("?")[0]
        text = self._body()
        found = next(((wire, match) for form, wire in ANSWERS if (match := form.fullmatch(path))), None)
        counted = next(((wire, key) for form, wire, key in COUNTS if form.fullmatch(path)), None)
        if found is None and counted is None:
            self._unknown()
            return
        wire = found[0] if found else counted[0] if counted else openai_chat.WIRE
        try:
            body: JsonValue = json.loads(text)
        except ValueError:
            self._model.heard(Request("POST", self.path, wire.name, text))
            self._send(400, wire.error(400, "We could not parse the JSON body of your request."))
            return
        asked = wire.read(body)
        if counted:
            size = sum(len(one.text) for one in asked.messages) // 4 + 1
            self._model.heard(Request("POST", self.path, wire.name, text, asked, str(size)))
            self._send(200, {counted[1]: size})
        elif found:
            named = found[1].groupdict()
            streams = asked.stream or bool(named.get("stream"))
            asked = dataclasses.replace(asked, model=named.get("model") or asked.model, stream=streams)
            self._answer(wire, asked, text)

    def _body(self) -> str:
        data = self.rfile.read(min(int(self.headers.get("content-length") or 0), LARGEST))
        return data.decode("utf-8", "replace")

    def _answer(self, wire: Wire, asked: Asked, text: str) -> None:
        try:
            reply = answered(asked, self._model.script)
        except Exception as error:  # noqa: BLE001 - a script is anybody's; the client must not wait
            self._model.heard(Request("POST", self.path, wire.name, text, asked))
            self._send(400, wire.error(400, self._model.failed(error)))
            return
        self._model.heard(Request("POST", self.path, wire.name, text, asked, str(reply.answer)))
        if not asked.stream:
            self._send(200, wire.whole(reply))
        elif wire is gemini.WIRE and "alt=sse" not in self.path:
            self._send(200, [one.data for one in wire.events(reply)])
        else:
            self._stream(wire, wire.events(reply))

    def do_GET(self) -> None:
        self._unknown()

    do_HEAD = do_PUT = do_DELETE = do_GET  # noqa: N815 - names are the base class's

    def _unknown(self) -> None:
        """Refuse an address as its provider would."""
        path = self.path.partition("?")[0]
        wire = openai_chat.WIRE
        if "anthropic-version" in self.headers or path.startswith("/api/"):
            wire = anthropic.WIRE
        elif path.startswith(("/v1beta/", "/v1alpha/")):
            wire = gemini.WIRE
        self._model.heard(Request(self.command, self.path, wire.name))
        self._send(404, wire.error(404, f"Unknown request URL: {self.command} {path}."))

    def _send(self, status: int, body: JsonValue) -> None:
        data = json.dumps(body).encode()
        self.send_response_only(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        if status >= 400:
            self.send_header("connection", "close")  # what stands in its body was not read
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _stream(self, wire: Wire, events: Iterator[Event]) -> None:
        self.send_response_only(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("cache-control", "no-cache")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for event in events:
            name = f"event: {event.name}\n" if event.name else ""
            self._chunk(f"{name}data: {json.dumps(event.data)}\n\n")
        if wire.last:
            self._chunk(f"data: {wire.last}\n\n")
        self._chunk("")

    def _chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()
