"""Gemini: `POST /v1beta/models/MODEL:generateContent` and `:streamGenerateContent`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from askfirst.harness.model.exchange import Asked, Call, Event, Message, Reply, Role, Stop, Stopped, Tool, Wire
from askfirst.harness.model.reading import at, flat, listed, table, word
from askfirst.harness.model.script import Say

if TYPE_CHECKING:
    from pydantic import JsonValue

ERRORS = {400: "INVALID_ARGUMENT", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED", 503: "UNAVAILABLE"}


def read(body: JsonValue) -> Asked:
    """Read a request; which model, and whether in pieces, stands in the address."""
    system = flat(at(body, "systemInstruction", "parts"))
    messages = [Message(Role.SYSTEM, system)] if system else []
    for one in listed(at(body, "contents")):
        role = Role.MODEL if at(one, "role") == "model" else Role.USER
        for part in listed(at(one, "parts")):
            result = at(part, "functionResponse", "response")
            if result is not None:
                messages.append(Message(Role.TOOL, flat(result) or json.dumps(result)))
            elif flat(part) and at(part, "thought") is not True:
                messages.append(Message(role, flat(part)))
    settings = at(body, "generationConfig")
    offered = [one for group in listed(at(body, "tools")) for one in listed(at(group, "functionDeclarations"))]
    return Asked(
        model="",
        messages=tuple(messages),
        tools=tuple(
            Tool(word(at(one, "name")), table(at(one, "parametersJsonSchema")) or _lower(at(one, "parameters")))
            for one in offered
        ),
        form=table(at(settings, "responseJsonSchema")) or _lower(at(settings, "responseSchema")) or None,
    )


def whole(reply: Reply) -> JsonValue:
    """Write an answer."""
    parts: list[JsonValue] = [{"text": reply.answer.text}] if reply.answer.text else []
    if isinstance(reply.answer, Call):
        call = reply.answer
        given: JsonValue = {} if call.cut else {**call.arguments}
        parts.extend({"functionCall": {"id": one, "name": call.tool, "args": given}} for one in call.ids)
    content: JsonValue = {"role": "model", "parts": parts}
    usage: JsonValue = {
        "promptTokenCount": reply.read,
        "candidatesTokenCount": reply.written,
        "totalTokenCount": reply.read + reply.written,
    }
    return {
        "candidates": _candidates(reply, content),
        "usageMetadata": usage,
        "modelVersion": reply.model,
        "responseId": reply.id,
    }


def _candidates(reply: Reply, content: JsonValue) -> JsonValue:
    if isinstance(reply.answer, Stopped):
        return [] if reply.answer.why is Stop.EMPTY else [{"index": 0, "finishReason": "SAFETY"}]
    cut = isinstance(reply.answer, Call) and reply.answer.cut
    return [{"index": 0, "content": content, "finishReason": "MAX_TOKENS" if cut else "STOP"}]


def events(reply: Reply) -> Iterator[Event]:
    """Write an answer as the only piece of a stream."""
    yield Event(whole(reply))


def error(status: int, message: str, code: str = "") -> JsonValue:
    """Write an error."""
    return {"error": {"code": status, "message": message, "status": code or ERRORS.get(status, "INTERNAL")}}


def answer(body: JsonValue) -> Say | Call:
    """Read an answer back."""
    parts = listed(at(body, "candidates", 0, "content", "parts"))
    text = "".join(word(at(one, "text")) for one in parts)
    for one in parts:
        call = at(one, "functionCall")
        if call is not None:
            return Call(word(at(call, "id")), word(at(call, "name")), table(at(call, "args")), text)
    return Say(text)


def _lower(schema: JsonValue) -> dict[str, JsonValue]:
    """Turn a schema of Gemini's own kind, with types in capitals, into a JSON schema."""
    found: dict[str, JsonValue] = {}
    for key, value in table(schema).items():
        if key == "type":
            found[key] = word(value).lower()
        elif key == "properties":
            found[key] = {name: _lower(one) for name, one in table(value).items()}
        elif key == "items":
            found[key] = _lower(value)
        else:
            found[key] = value
    return found


WIRE = Wire("gemini", read, whole, events, error, answer)
