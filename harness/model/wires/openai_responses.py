"""OpenAI responses: `POST /v1/responses`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from askfirst.harness.model.exchange import Asked, Call, Event, Message, Reply, Role, Stop, Stopped, Tool, Wire
from askfirst.harness.model.reading import at, flat, listed, parsed, table, word
from askfirst.harness.model.script import Say
from askfirst.harness.model.wires import openai_chat

if TYPE_CHECKING:
    from pydantic import JsonValue

OUTPUTS = {"function_call_output", "custom_tool_call_output", "local_shell_call_output"}


def read(body: JsonValue) -> Asked:
    """Read a request. `input` may be a text alone."""
    given = at(body, "input")
    items: list[JsonValue] = [{"role": "user", "content": given}] if isinstance(given, str) else listed(given)
    instructions = word(at(body, "instructions"))
    first = [Message(Role.SYSTEM, instructions)] if instructions else []
    return Asked(
        model=word(at(body, "model")),
        messages=(*first, *(one for one in map(_message, items) if one is not None)),
        tools=tuple(_tools([*listed(at(body, "tools")), *_later(items)])),
        form=table(at(body, "text", "format", "schema")) or None,
        stream=at(body, "stream") is True,
    )


def whole(reply: Reply) -> JsonValue:
    """Write an answer."""
    return _response(reply, _status(reply), _items(reply))


def answer(body: JsonValue) -> Say | Call:
    """Read an answer back."""
    items = listed(at(body, "output"))
    said = (flat(at(one, "content")) for one in items if at(one, "type") == "message")
    text = "\n".join(one for one in said if one)
    for one in items:
        number, name = word(at(one, "call_id")), word(at(one, "name"))
        if at(one, "type") == "function_call":
            words = word(at(one, "arguments"))
            return Call(number, name, parsed(words), text, raw=words)
        if at(one, "type") == "custom_tool_call":
            return Call(number, name, {}, text, source=word(at(one, "input")))
    return Say(text)


def events(reply: Reply) -> Iterator[Event]:
    """Write an answer in pieces; what is in an item comes between its beginning and its end."""
    number = 0

    def event(kind: str, **data: JsonValue) -> Event:
        nonlocal number
        number += 1
        return Event({"type": kind, "sequence_number": number - 1, **data}, kind)

    yield event("response.created", response=_response(reply, "in_progress", []))
    items = _items(reply)
    for index, item in enumerate(items):
        where: dict[str, JsonValue] = {"item_id": at(item, "id"), "output_index": index}
        empty: dict[str, JsonValue] = {"status": "in_progress"}
        empty |= {key: [] if key == "content" else "" for key in ("content", "arguments", "input") if key in item}
        yield event("response.output_item.added", output_index=index, item={**item, **empty})
        if "arguments" in item:
            yield event("response.function_call_arguments.delta", **where, delta=item["arguments"])
            yield event("response.function_call_arguments.done", **where, arguments=item["arguments"])
        elif "input" in item:
            yield event("response.custom_tool_call_input.delta", **where, delta=item["input"])
            yield event("response.custom_tool_call_input.done", **where, input=item["input"])
        elif isinstance(reply.answer, Stopped):
            where |= {"content_index": 0}
            yield event("response.refusal.delta", **where, delta=reply.answer.text)
            yield event("response.refusal.done", **where, refusal=reply.answer.text)
        else:
            text = flat(item["content"])
            part: JsonValue = {"type": "output_text", "text": "", "annotations": []}
            where |= {"content_index": 0}
            yield event("response.content_part.added", **where, part=part)
            yield event("response.output_text.delta", **where, delta=text)
            yield event("response.output_text.done", **where, text=text)
            yield event("response.content_part.done", **where, part=listed(item["content"])[0])
        yield event("response.output_item.done", output_index=index, item=item)
    done: list[JsonValue] = [*items]
    status = _status(reply)
    yield event(f"response.{status}", response=_response(reply, status, done))


def _later(items: list[JsonValue]) -> list[JsonValue]:
    """Give the tools that stand in the input, not in their own place."""
    return [tool for one in items if at(one, "type") == "additional_tools" for tool in listed(at(one, "tools"))]


def _tools(offered: list[JsonValue]) -> Iterator[Tool]:
    for one in offered:
        if at(one, "type") == "namespace" and at(one, "name") == "functions":
            yield from _tools(listed(at(one, "tools")))
        elif at(one, "type") in {"function", "custom"}:
            yield Tool(word(at(one, "name")), table(at(one, "parameters")), word(at(one, "description")))


def _message(item: JsonValue) -> Message | None:
    """Read one item of the input; None for calls and what the model thought."""
    if word(at(item, "type")) in OUTPUTS:
        return Message(Role.TOOL, flat(at(item, "output")))
    if word(at(item, "type")) not in {"", "message"}:
        return None
    return Message(openai_chat.ROLES.get(word(at(item, "role")), Role.USER), flat(at(item, "content")))


def _items(reply: Reply) -> list[dict[str, JsonValue]]:
    found: list[dict[str, JsonValue]] = []
    if isinstance(reply.answer, Stopped):
        if reply.answer.why is not Stop.REFUSED:
            return []
        refusal: JsonValue = [{"type": "refusal", "refusal": reply.answer.text}]
        head: dict[str, JsonValue] = {"id": f"msg_{reply.id}", "type": "message", "role": "assistant"}
        return [{**head, "status": "completed", "content": refusal}]
    if reply.answer.text:
        content: JsonValue = [{"type": "output_text", "text": reply.answer.text, "annotations": []}]
        said: dict[str, JsonValue] = {"id": f"msg_{reply.id}", "type": "message", "role": "assistant"}
        found.append({**said, "status": "completed", "content": content})
    if isinstance(reply.answer, Call) and reply.answer.source:
        program: dict[str, JsonValue] = {"id": f"ctc_{reply.id}", "type": "custom_tool_call", "status": "completed"}
        found.append({**program, "call_id": reply.answer.id, "name": reply.answer.tool, "input": reply.answer.source})
    elif isinstance(reply.answer, Call):
        status = "incomplete" if reply.answer.cut else "completed"
        call: dict[str, JsonValue] = {"type": "function_call", "status": status, "name": reply.answer.tool}
        words = reply.answer.words
        found += [{**call, "id": f"fc_{one}", "call_id": one, "arguments": words} for one in reply.answer.ids]
    return found


def _status(reply: Reply) -> str:
    filtered = isinstance(reply.answer, Stopped) and reply.answer.why is Stop.FILTERED
    return "incomplete" if filtered or (isinstance(reply.answer, Call) and reply.answer.cut) else "completed"


def _details(reply: Reply) -> JsonValue:
    if _status(reply) == "completed":
        return None
    return {"reason": "content_filter" if isinstance(reply.answer, Stopped) else "max_output_tokens"}


def _response(reply: Reply, status: str, output: list[dict[str, JsonValue]] | list[JsonValue]) -> JsonValue:
    usage: JsonValue = {
        "input_tokens": reply.read,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": reply.written,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": reply.read + reply.written,
    }
    return {
        "id": f"resp_{reply.id}",
        "object": "response",
        "created_at": 1_700_000_000,
        "status": status,
        "model": reply.model,
        "output": [*output],
        "error": None,
        "incomplete_details": _details(reply) if status == "incomplete" else None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": False,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "usage": usage if status != "in_progress" else None,
    }


WIRE = Wire("openai-responses", read, whole, events, openai_chat.error, answer)
