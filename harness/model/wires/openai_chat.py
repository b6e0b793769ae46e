"""OpenAI chat completions: `POST /v1/chat/completions`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from askfirst.harness.model.exchange import Asked, Call, Event, Message, Reply, Role, Tool, Wire
from askfirst.harness.model.reading import at, flat, listed, table, word

if TYPE_CHECKING:
    from pydantic import JsonValue

ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "assistant": Role.MODEL,
    "tool": Role.TOOL,
    "function": Role.TOOL,
}


def read(body: JsonValue) -> Asked:
    """Read a request."""
    form = at(body, "response_format", "json_schema", "schema")
    return Asked(
        model=word(at(body, "model")),
        messages=tuple(
            Message(ROLES.get(word(at(one, "role")), Role.USER), flat(at(one, "content")))
            for one in listed(at(body, "messages"))
        ),
        tools=tuple(
            Tool(word(at(one, "function", "name")), table(at(one, "function", "parameters")))
            for one in listed(at(body, "tools"))
        ),
        form=table(form) or None,
        stream=at(body, "stream") is True,
    )


def whole(reply: Reply) -> JsonValue:
    """Write an answer."""
    message: dict[str, JsonValue] = {"role": "assistant", "content": reply.answer.text or None}
    calls = _calls(reply)
    if calls:
        message["tool_calls"] = calls
    choice: JsonValue = {"index": 0, "message": message, "finish_reason": _finish(reply), "logprobs": None}
    return {**_head(reply, "chat.completion"), "choices": [choice], "usage": _usage(reply)}


def events(reply: Reply) -> Iterator[Event]:
    """Write an answer in pieces."""
    head = _head(reply, "chat.completion.chunk")

    def chunk(delta: dict[str, JsonValue], finish: str | None = None) -> Event:
        return Event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    yield chunk({"role": "assistant", "content": ""})
    if reply.answer.text:
        yield chunk({"content": reply.answer.text})
    for number, call in enumerate(_calls(reply)):
        yield chunk({"tool_calls": [{"index": number, **table(call)}]})
    yield chunk({}, _finish(reply))
    yield Event({**head, "choices": [], "usage": _usage(reply)})


def error(status: int, message: str) -> JsonValue:
    """Write an error."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


def _head(reply: Reply, kind: str) -> dict[str, JsonValue]:
    return {"id": f"chatcmpl-{reply.id}", "object": kind, "created": 1_700_000_000, "model": reply.model}


def _calls(reply: Reply) -> list[JsonValue]:
    if not isinstance(reply.answer, Call):
        return []
    function: JsonValue = {"name": reply.answer.tool, "arguments": json.dumps(dict(reply.answer.arguments))}
    return [{"id": reply.answer.id, "type": "function", "function": function}]


def _finish(reply: Reply) -> str:
    return "tool_calls" if isinstance(reply.answer, Call) else "stop"


def _usage(reply: Reply) -> JsonValue:
    return {
        "prompt_tokens": reply.read,
        "completion_tokens": reply.written,
        "total_tokens": reply.read + reply.written,
    }


WIRE = Wire("openai-chat", read, whole, events, error, last="[DONE]")
