"""Gemini: `POST /v1beta/models/MODEL:generateContent` and `:streamGenerateContent`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from askfirst.harness.model.exchange import Asked, Call, Event, Message, Reply, Role, Tool, Wire
from askfirst.harness.model.reading import at, flat, listed, table, word

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
        parts.append({"functionCall": {"id": call.id, "name": call.tool, "args": {**call.arguments}}})
    content: JsonValue = {"role": "model", "parts": parts}
    usage: JsonValue = {
        "promptTokenCount": reply.read,
        "candidatesTokenCount": reply.written,
        "totalTokenCount": reply.read + reply.written,
    }
    return {
        "candidates": [{"index": 0, "content": content, "finishReason": "STOP"}],
        "usageMetadata": usage,
        "modelVersion": reply.model,
        "responseId": reply.id,
    }


def events(reply: Reply) -> Iterator[Event]:
    """Write an answer as the only piece of a stream."""
    yield Event(whole(reply))


def error(status: int, message: str) -> JsonValue:
    """Write an error."""
    return {"error": {"code": status, "message": message, "status": ERRORS.get(status, "INTERNAL")}}


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


WIRE = Wire("gemini", read, whole, events, error)
