"""A local server that stands in for a model: a script says what it answers.

with ScriptedModel(script) as model:
...  # an agent whose base URL is model.url
model.requests  # what it was asked, in order
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

from askfirst.harness.errors import AskfirstError
from askfirst.harness.model import shells
from askfirst.harness.model.exchange import Asked, Reply, Role, Wire
from askfirst.harness.model.script import Say, Script, Seen
from askfirst.harness.model.server import ANSWERS, ModelServer, Question, Raw, plain, sent
from askfirst.harness.model.wires import anthropic, gemini

if TYPE_CHECKING:
    from pydantic import JsonValue

COUNTS = (
    (re.compile(r"(?:/v1)*/messages/count_tokens"), anthropic.WIRE, "input_tokens"),
    (re.compile(r"/v1(?:beta|alpha)?/models/[^/:]+:countTokens"), gemini.WIRE, "totalTokens"),
)


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
        self._server = ModelServer(self)

    @property
    def url(self) -> str:
        """The base URL, without a path."""
        return self._server.url

    @property
    def requests(self) -> tuple[Request, ...]:
        """What came so far."""
        return tuple(self._requests)

    def __enter__(self) -> Self:
        """Listen."""
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the door. Raises `ScriptFailed` where the script did, unless something else is wrong already."""
        self._server.__exit__(kind, error, trace)
        if self._failures and error is None:
            raise ScriptFailed(self._failures[0])

    def failed(self, error: Exception) -> str:
        """Keep what went wrong; give it in words."""
        self._failures.append(f"the scripted model failed: {type(error).__name__}: {error}")
        return self._failures[-1]

    def answer(self, question: Question) -> Raw:
        """Answer any request."""
        reply = self.reply(question)
        return reply if isinstance(reply, Raw) else sent(question, reply)

    def reply(self, question: Question) -> Reply | Raw:
        """Answer by the script; what is no question of a conversation is answered as its provider would."""
        if question.asked is None:
            return self._beside(question)
        try:
            reply = answered(question.asked, self.script)
        except Exception as error:  # noqa: BLE001 - a script is anybody's; the client must not wait
            self._heard(question)
            return plain(400, question.wire.error(400, self.failed(error), ""))
        self._heard(question, str(reply.answer))
        return reply

    def _beside(self, question: Question) -> Raw:
        path, wire = question.path.partition("?")[0], question.wire
        counted = next((one for one in COUNTS if one[0].fullmatch(path)), None)
        known = counted or any(form.fullmatch(path) for form, _ in ANSWERS)
        if question.method != "POST" or not known:
            self._requests.append(Request(question.method, question.path, wire.name))
            return plain(404, wire.error(404, f"Unknown request URL: {question.method} {path}.", ""))
        try:
            body: JsonValue = json.loads(question.body)
        except ValueError:
            self._heard(question)
            return plain(400, wire.error(400, "We could not parse the JSON body of your request.", ""))
        return self._counted(question, body, counted[1], counted[2]) if counted else plain(400, wire.error(400, "", ""))

    def _counted(self, question: Question, body: JsonValue, wire: Wire, key: str) -> Raw:
        asked = wire.read(body)
        size = sum(len(one.text) for one in asked.messages) // 4 + 1
        request = Request("POST", question.path, wire.name, question.body, asked, str(size))
        self._requests.append(request)
        return plain(200, {key: size})

    def _heard(self, question: Question, answer: str = "") -> None:
        """Keep what came."""
        request = Request("POST", question.path, question.wire.name, question.body, question.asked, answer)
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
