"""Amazon Bedrock: `POST /model/ID/converse` and `/invoke`, whole and as streams of binary events.

`Converse` is the same for every model. `InvokeModel` takes and gives what the maker of the model has: messages for Claude; the
form of Converse for Amazon's own. The form of other makers' models is not spoken here.

Sources: API_runtime_Converse, API_runtime_ConverseStream, API_runtime_InvokeModelWithResponseStream of the Bedrock API
reference; the frames are those of https://smithy.io/2.0/aws/amazon-eventstream.html.
"""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from askfirst.harness.model.exchange import Asked, Call, Event, Message, Reply, Role, Stop, Stopped, Tool, Wire
from askfirst.harness.model.reading import at, flat, listed, table, word
from askfirst.harness.model.script import Say
from askfirst.harness.model.wires import anthropic

if TYPE_CHECKING:
    from pydantic import JsonValue

ERRORS = {
    400: "ValidationException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    503: "ServiceUnavailableException",
    529: "ServiceUnavailableException",
}
STREAMED = "application/vnd.amazon.eventstream"
TEXT = 7
"""The type of a header of a frame that is a text."""

SORRY = "I can't help with that."


def read(body: JsonValue) -> Asked:
    """Read a request; which model, and whether in pieces, stands in the address. Results stand among what the user says."""
    system = flat(at(body, "system"))
    messages = [Message(Role.SYSTEM, system)] if system else []
    for one in listed(at(body, "messages")):
        role = Role.MODEL if at(one, "role") == "assistant" else Role.USER
        for part in listed(at(one, "content")):
            result = at(part, "toolResult")
            if result is not None:
                messages.append(Message(Role.TOOL, _said(at(result, "content"))))
            elif flat(part):
                messages.append(Message(role, flat(part)))
    return Asked(
        model="",
        messages=tuple(messages),
        tools=tuple(
            Tool(word(at(one, "toolSpec", "name")), table(at(one, "toolSpec", "inputSchema", "json")))
            for one in listed(at(body, "toolConfig", "tools"))
        ),
    )


def whole(reply: Reply) -> JsonValue:
    """Write an answer."""
    content: list[JsonValue] = [{"text": text} for text in _texts(reply)]
    for call, one in _calls(reply):
        used: JsonValue = {**_use(call, one), "input": _given(call)}
        content.append({"toolUse": used})
    message: JsonValue = {"role": "assistant", "content": content}
    return {
        "output": {"message": message},
        "stopReason": _stop(reply),
        "usage": _usage(reply),
        "metrics": {"latencyMs": 1},
    }


def events(reply: Reply) -> Iterator[Event]:
    """Write an answer in pieces."""
    yield Event({"role": "assistant"}, "messageStart")
    index = 0
    for text in _texts(reply):
        yield Event({"contentBlockIndex": index, "delta": {"text": text}}, "contentBlockDelta")
        yield Event({"contentBlockIndex": index}, "contentBlockStop")
        index += 1
    for call, one in _calls(reply):
        start: JsonValue = {"toolUse": {**_use(call, one)}}
        yield Event({"contentBlockIndex": index, "start": start}, "contentBlockStart")
        piece: JsonValue = {"toolUse": {"input": call.words}}
        yield Event({"contentBlockIndex": index, "delta": piece}, "contentBlockDelta")
        yield Event({"contentBlockIndex": index}, "contentBlockStop")
        index += 1
    yield Event({"stopReason": _stop(reply)}, "messageStop")
    yield Event({"usage": _usage(reply), "metrics": {"latencyMs": 1}}, "metadata")


def error(status: int, message: str, code: str = "") -> JsonValue:
    """Write an error."""
    kind = code if code.endswith("Exception") else ERRORS.get(status, "InternalServerException")
    return {"__type": kind, "message": message}


def answer(body: JsonValue) -> Say | Call:
    """Read an answer back."""
    parts = listed(at(body, "output", "message", "content"))
    text = "".join(word(at(one, "text")) for one in parts)
    for one in parts:
        used = table(at(one, "toolUse"))
        if used:
            return Call(
                word(used.get("toolUseId")).removeprefix("tooluse_"),
                word(used.get("name")),
                table(used.get("input")),
                text,
            )
    return Say(text)


def frame(event: Event) -> bytes:
    """Write one binary frame: lengths and headers, each with its checksum."""
    payload = json.dumps(event.data).encode()
    names = {":event-type": event.name, ":content-type": "application/json", ":message-type": "event"}
    headers = b"".join(
        struct.pack(f"!B{len(name)}sBH{len(value)}s", len(name), name.encode(), TEXT, len(value), value.encode())
        for name, value in names.items()
    )
    lengths = struct.pack("!II", len(payload) + len(headers) + 16, len(headers))
    checked = lengths + struct.pack("!I", zlib.crc32(lengths)) + headers + payload
    return checked + struct.pack("!I", zlib.crc32(checked))


def _chunked(inner: Iterator[Event], *, named: bool) -> Iterator[Event]:
    """Put the events of a model's own stream into the chunks of InvokeModel."""
    for one in inner:
        data: JsonValue = {one.name: one.data} if named else one.data
        yield Event({"bytes": base64.b64encode(json.dumps(data).encode()).decode()}, "chunk")


def _said(content: JsonValue) -> str:
    parts = [json.dumps(at(one, "json")) if at(one, "json") is not None else flat(one) for one in listed(content)]
    return "\n".join(parts)


def _texts(reply: Reply) -> list[str]:
    if isinstance(reply.answer, Stopped):
        return [reply.answer.text or SORRY] if reply.answer.why is Stop.REFUSED else []
    return [reply.answer.text] if reply.answer.text or not isinstance(reply.answer, Call) else []


def _calls(reply: Reply) -> list[tuple[Call, str]]:
    return [(reply.answer, one) for one in reply.answer.ids] if isinstance(reply.answer, Call) else []


def _use(call: Call, identity: str) -> dict[str, JsonValue]:
    return {"toolUseId": f"tooluse_{identity}", "name": call.tool}


def _given(call: Call) -> JsonValue:
    return {} if call.cut else {**call.arguments}


def _usage(reply: Reply) -> JsonValue:
    return {"inputTokens": reply.read, "outputTokens": reply.written, "totalTokens": reply.read + reply.written}


def _stop(reply: Reply) -> str:
    if isinstance(reply.answer, Stopped):
        return "content_filtered" if reply.answer.why is Stop.FILTERED else "end_turn"
    if isinstance(reply.answer, Call):
        return "max_tokens" if reply.answer.cut else "tool_use"
    return "end_turn"


CONVERSE = Wire("bedrock-converse", read, whole, events, error, answer, frame=frame, streamed=STREAMED)
CLAUDE = Wire(
    "bedrock-claude",
    anthropic.read,
    anthropic.whole,
    lambda reply: _chunked(anthropic.events(reply), named=False),
    error,
    anthropic.answer,
    frame=frame,
    streamed=STREAMED,
)
NOVA = Wire(
    "bedrock-nova",
    read,
    whole,
    lambda reply: _chunked(events(reply), named=True),
    error,
    answer,
    frame=frame,
    streamed=STREAMED,
)
