"""OpenAI chat completions: `POST /v1/chat/completions`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from askfirst.harness.model.exchange import Asked, Call, Event, Message, Reply, Role, Stop, Stopped, Tool, Wire
from askfirst.harness.model.reading import at, flat, listed, parsed, table, word
from askfirst.harness.model.script import Say

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
    if _empty(reply):
        return {**_head(reply, "chat.completion"), "choices": [], "usage": _usage(reply)}
    refusal = reply.answer.text if isinstance(reply.answer, Stopped) and reply.answer.text else None
    text = None if isinstance(reply.answer, Stopped) else reply.answer.text or None
    message: dict[str, JsonValue] = {"role": "assistant", "content": text, "refusal": refusal}
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

    if not _empty(reply):
        yield chunk({"role": "assistant", "content": ""})
        yield from _pieces(reply, chunk)
        yield chunk({}, _finish(reply))
    yield Event({**head, "choices": [], "usage": _usage(reply)})


def _pieces(reply: Reply, chunk: Callable[[dict[str, JsonValue]], Event]) -> Iterator[Event]:
    if reply.answer.text:
        yield chunk({"refusal" if isinstance(reply.answer, Stopped) else "content": reply.answer.text})
    for number, call in enumerate(_calls(reply)):
        yield chunk({"tool_calls": [{"index": number, **table(call)}]})


def error(status: int, message: str, code: str = "") -> JsonValue:
    """Write an error."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": code or None}}


def answer(body: JsonValue) -> Say | Call:
    """Read an answer back."""
    message = at(body, "choices", 0, "message")
    text = flat(at(message, "content"))
    for call in listed(at(message, "tool_calls")):
        name, words = word(at(call, "function", "name")), word(at(call, "function", "arguments"))
        return Call(word(at(call, "id")), name, parsed(words), text, raw=words)
    return Say(text)


def _head(reply: Reply, kind: str) -> dict[str, JsonValue]:
    return {"id": f"chatcmpl-{reply.id}", "object": kind, "created": 1_700_000_000, "model": reply.model}


def _calls(reply: Reply) -> list[JsonValue]:
    if not isinstance(reply.answer, Call):
        return []
    function: JsonValue = {"name": reply.answer.tool, "arguments": reply.answer.words}
    return [{"id": one, "type": "function", "function": function} for one in reply.answer.ids]


def _finish(reply: Reply) -> str:
    if isinstance(reply.answer, Stopped):
        return "content_filter" if reply.answer.why is Stop.FILTERED else "stop"
    if isinstance(reply.answer, Call):
        return "length" if reply.answer.cut else "tool_calls"
    return "stop"


def _empty(reply: Reply) -> bool:
    return isinstance(reply.answer, Stopped) and reply.answer.why is Stop.EMPTY


def _usage(reply: Reply) -> JsonValue:
    return {
        "prompt_tokens": reply.read,
        "completion_tokens": reply.written,
        "total_tokens": reply.read + reply.written,
    }


WIRE = Wire("openai-chat", read, whole, events, error, answer, last="[DONE]")
