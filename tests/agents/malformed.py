"""Answers of models as no API promises them: bad JSON, unknown tools, wrong types, huge texts, control characters."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st
from tests.agents.raw_model import Raw, raw, stream

ANY = st.characters(exclude_categories=())
TEXT = st.text(ANY, max_size=12) | st.sampled_from(["\ud800", "\x00\x1b[2J", "x" * 200_000, "", "\n"])
NAME = st.sampled_from(["call_aws", "read_file", "wait", "request_approval", "delete_everything", "Read File!"]) | TEXT
ARGUMENTS = TEXT | st.sampled_from(
    ["{", "[]", "null", '{"path": 1}', '{"path": "a"}', '{"seconds": -1}', "{" * 9000, '{"actions": "\\ud800"}', '""']
)
NOT_A_TEXT: st.SearchStrategy[object] = st.sampled_from([None, 1, [], {}, True])
CALL = st.tuples(TEXT | NOT_A_TEXT, NAME | NOT_A_TEXT, ARGUMENTS | NOT_A_TEXT)
SAID = st.tuples(TEXT | st.none(), st.lists(CALL, max_size=3) | st.none())
"""A text and calls: id, name, arguments."""

BODY = st.recursive(
    NOT_A_TEXT | st.sampled_from(["x", "choices", "output"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["choices", "output", "message", "delta", "type", "content", "tool_calls"]), inner
        )
    ),
    max_leaves=6,
)
"""A body of which only the keys are right."""


def chat(said: Any, *, streamed: bool) -> Raw:
    """Write what was said as chat completions do."""
    text, calls = said
    listed = None if calls is None else [_call(number, one) for number, one in enumerate(calls)]
    message = {"role": "assistant", "content": text, "tool_calls": listed}
    if streamed:
        head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        return stream(
            {**head, "choices": [{"index": 0, "delta": message, "finish_reason": None}]},
            {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        )
    return raw({"id": "c", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})


def _call(number: int, call: Any) -> dict[str, object]:
    identity, name, arguments = call
    return {"index": number, "id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}


def responses(said: Any, *, streamed: bool) -> Raw:
    """Write what was said as the responses API does."""
    text, calls = said
    output: list[object] = [
        {"type": "function_call", "call_id": i, "name": n, "arguments": a} for i, n, a in calls or []
    ]
    if text is not None:
        output.append({"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]})
    body: object = {"id": "r", "object": "response", "status": "completed", "output": output}
    if streamed:
        return stream({"type": "response.completed", "sequence_number": 0, "response": body}, end="")
    return raw(body)


def any_body(body: object, *, streamed: bool) -> Raw:
    """Send any JSON as the answer, or as a piece of it."""
    return stream(body) if streamed else Raw(json.dumps(body).encode())


def anthropic(said: Any) -> Raw:
    """Write what was said as Anthropic's messages stream it."""
    text, calls = said
    blocks: list[tuple[dict[str, object], dict[str, object]]] = []
    if text is not None:
        blocks.append(({"type": "text", "text": ""}, {"type": "text_delta", "text": text}))
    for identity, name, arguments in calls or []:
        used: dict[str, object] = {"type": "tool_use", "id": identity, "name": name, "input": {}}
        blocks.append((used, {"type": "input_json_delta", "partial_json": arguments}))
    usage = {"input_tokens": 1, "output_tokens": 1}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [], "usage": usage}
    events: list[dict[str, object]] = [{"type": "message_start", "message": {**message, "stop_reason": None}}]
    for index, (block, delta) in enumerate(blocks):
        events.append({"type": "content_block_start", "index": index, "content_block": block})
        events.append({"type": "content_block_delta", "index": index, "delta": delta})
        events.append({"type": "content_block_stop", "index": index})
    stop = {"stop_reason": "tool_use" if calls else "end_turn", "stop_sequence": None}
    events.append({"type": "message_delta", "delta": stop, "usage": usage})
    events.append({"type": "message_stop"})
    body = "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in events)
    return Raw(body.encode(), kind="text/event-stream")
