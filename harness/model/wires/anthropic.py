"""Anthropic messages: `POST /v1/messages`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from askfirst.harness.model.exchange import Asked, Call, Event, Message, Reply, Role, Stop, Stopped, Tool, Wire
from askfirst.harness.model.reading import at, flat, listed, table, word
from askfirst.harness.model.script import Say

if TYPE_CHECKING:
    from pydantic import JsonValue

ERRORS = {400: "invalid_request_error", 404: "not_found_error", 429: "rate_limit_error", 529: "overloaded_error"}


def read(body: JsonValue) -> Asked:
    """Read a request. Results of tools stand among what the user says."""
    system = flat(at(body, "system"))
    messages = [Message(Role.SYSTEM, system)] if system else []
    for one in listed(at(body, "messages")):
        messages += _messages(Role.MODEL if at(one, "role") == "assistant" else Role.USER, at(one, "content"))
    form = table(at(body, "output_config", "format", "schema")) or table(at(body, "output_format", "schema"))
    return Asked(
        model=word(at(body, "model")),
        messages=tuple(messages),
        tools=tuple(Tool(word(at(one, "name")), table(at(one, "input_schema"))) for one in listed(at(body, "tools"))),
        form=form or None,
        stream=at(body, "stream") is True,
    )


def whole(reply: Reply) -> JsonValue:
    """Write an answer."""
    return _message(reply, _blocks(reply), _stop(reply))


def events(reply: Reply) -> Iterator[Event]:
    """Write an answer in pieces."""

    def event(kind: str, **data: JsonValue) -> Event:
        return Event({"type": kind, **data}, kind)

    yield event("message_start", message=_message(reply, [], None))
    for index, block in enumerate(_blocks(reply)):
        began: JsonValue
        if "input" in block:
            words = reply.answer.words if isinstance(reply.answer, Call) else ""
            began, piece = {**block, "input": {}}, {"type": "input_json_delta", "partial_json": words}
        else:
            began, piece = {**block, "text": ""}, {"type": "text_delta", "text": word(block["text"])}
        yield event("content_block_start", index=index, content_block=began)
        yield event("content_block_delta", index=index, delta={**piece})
        yield event("content_block_stop", index=index)
    delta: JsonValue = {"stop_reason": _stop(reply), "stop_sequence": None}
    yield event("message_delta", delta=delta, usage={"output_tokens": reply.written})
    yield event("message_stop")


def error(status: int, message: str, code: str = "") -> JsonValue:
    """Write an error."""
    return {"type": "error", "error": {"type": code or ERRORS.get(status, "api_error"), "message": message}}


def answer(body: JsonValue) -> Say | Call:
    """Read an answer back."""
    parts = listed(at(body, "content"))
    text = "".join(word(at(one, "text")) for one in parts if at(one, "type") == "text")
    for one in parts:
        if at(one, "type") == "tool_use":
            given = table(at(one, "input"))
            return Call(word(at(one, "id")).removeprefix("toolu_"), word(at(one, "name")), given, text)
    return Say(text)


def _messages(role: Role, content: JsonValue) -> Iterator[Message]:
    if isinstance(content, str):
        yield Message(role, content)
    for part in listed(content):
        if at(part, "type") == "tool_result":
            yield Message(Role.TOOL, flat(at(part, "content")))
        elif flat(part):
            yield Message(role, flat(part))


def _blocks(reply: Reply) -> list[dict[str, JsonValue]]:
    blocks: list[dict[str, JsonValue]] = []
    if isinstance(reply.answer, Stopped):
        return blocks
    if reply.answer.text or not isinstance(reply.answer, Call):
        blocks.append({"type": "text", "text": reply.answer.text})
    if isinstance(reply.answer, Call):
        call = reply.answer
        given: JsonValue = {} if call.cut else {**call.arguments}
        used: dict[str, JsonValue] = {"type": "tool_use", "name": call.tool, "input": given}
        blocks.extend({**used, "id": f"toolu_{one}"} for one in call.ids)
    return blocks


def _message(reply: Reply, blocks: list[dict[str, JsonValue]], stop: str | None) -> JsonValue:
    usage: JsonValue = {"input_tokens": reply.read, "output_tokens": reply.written if stop else 0}
    return {
        "id": f"msg_{reply.id}",
        "type": "message",
        "role": "assistant",
        "model": reply.model,
        "content": [*blocks],
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": usage,
    }


def _stop(reply: Reply) -> str:
    if isinstance(reply.answer, Stopped):
        return "end_turn" if reply.answer.why is Stop.EMPTY else "refusal"
    if isinstance(reply.answer, Call):
        return "max_tokens" if reply.answer.cut else "tool_use"
    return "end_turn"


WIRE = Wire("anthropic", read, whole, events, error, answer)
