"""The same conversation in four APIs, and where in an answer of each the call and the text stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from askfirst.harness.model.exchange import Wire
from askfirst.harness.model.wires import anthropic, gemini, openai_chat, openai_responses

SCHEMA = {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]}
TASK, RESULT = "Look around.", "prod-data"
GEMINI = "/v1beta/models/gemini-2.5-pro"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one API is spoken.

    `first` is a first request, whose turns stand under `turns`; `then` gives the turns to add when the answer's call has
    a result; `call` and `said` find the call's arguments and the text in an answer; `whole` puts a stream together.
    """

    wire: Wire
    path: str
    streamed: str
    first: dict[str, Any]
    turns: str
    then: Callable[[Any], list[Any]]
    call: Callable[[Any], Any]
    said: Callable[[Any], str]
    whole: Callable[[list[Any]], Any]


def _chat_whole(pieces: list[Any]) -> Any:
    deltas = [choice["delta"] for piece in pieces for choice in piece["choices"]]
    content = "".join(one.get("content") or "" for one in deltas)
    return {
        "choices": [
            {"message": {"content": content, "tool_calls": [c for d in deltas for c in d.get("tool_calls", [])]}}
        ]
    }


def _chat_then(answer: Any) -> list[Any]:
    message = answer["choices"][0]["message"]
    return [message, {"role": "tool", "tool_call_id": message["tool_calls"][0]["id"], "content": RESULT}]


def _responses_then(answer: Any) -> list[Any]:
    call = answer["output"][-1]
    return [*answer["output"], {"type": "function_call_output", "call_id": call["call_id"], "output": RESULT}]


def _messages_then(answer: Any) -> list[Any]:
    result = {
        "type": "tool_result",
        "tool_use_id": answer["content"][-1]["id"],
        "content": [{"type": "text", "text": RESULT}],
    }
    return [{"role": "assistant", "content": answer["content"]}, {"role": "user", "content": [result]}]


def _messages_whole(pieces: list[Any]) -> Any:
    blocks = [one["content_block"] for one in pieces if one["type"] == "content_block_start"]
    for one in pieces:
        if one["type"] == "content_block_delta":
            delta = one["delta"]
            blocks[one["index"]] |= (
                {"text": delta["text"]} if "text" in delta else {"input": json.loads(delta["partial_json"])}
            )
    return {"content": blocks}


def _gemini_then(answer: Any) -> list[Any]:
    result = {"functionResponse": {"name": "run_shell_command", "response": {"output": RESULT}}}
    return [answer["candidates"][0]["content"], {"role": "user", "parts": [result]}]


DIALECTS = {
    "chat": Dialect(
        wire=openai_chat.WIRE,
        path="/v1/chat/completions",
        streamed="/v1/chat/completions",
        first={
            "model": "m",
            "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": TASK}],
            "tools": [{"type": "function", "function": {"name": "bash", "parameters": SCHEMA}}],
        },
        turns="messages",
        then=_chat_then,
        call=lambda answer: json.loads(answer["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"]),
        said=lambda answer: answer["choices"][0]["message"]["content"],
        whole=_chat_whole,
    ),
    "responses": Dialect(
        wire=openai_responses.WIRE,
        path="/responses",
        streamed="/v1/responses",
        first={
            "model": "m",
            "instructions": "Be brief.",
            "input": [{"role": "user", "content": [{"type": "input_text", "text": TASK}]}],
            "tools": [{"type": "function", "name": "bash", "parameters": SCHEMA}],
        },
        turns="input",
        then=_responses_then,
        call=lambda answer: json.loads(next(one["arguments"] for one in answer["output"] if "arguments" in one)),
        said=lambda answer: answer["output"][0]["content"][0]["text"],
        whole=lambda pieces: pieces[-1]["response"],
    ),
    "messages": Dialect(
        wire=anthropic.WIRE,
        path="/v1/messages?beta=true",
        streamed="/v1/messages",
        first={
            "model": "m",
            "system": [{"type": "text", "text": "Be brief."}],
            "messages": [{"role": "user", "content": TASK}],
            "tools": [{"name": "Bash", "input_schema": SCHEMA}],
        },
        turns="messages",
        then=_messages_then,
        call=lambda answer: next(one["input"] for one in answer["content"] if one["type"] == "tool_use"),
        said=lambda answer: answer["content"][0]["text"],
        whole=_messages_whole,
    ),
    "gemini": Dialect(
        wire=gemini.WIRE,
        path=f"{GEMINI}:generateContent",
        streamed=f"{GEMINI}:streamGenerateContent?alt=sse",
        first={
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "contents": [{"role": "user", "parts": [{"text": TASK}]}],
            "tools": [{"functionDeclarations": [{"name": "run_shell_command", "parametersJsonSchema": SCHEMA}]}],
        },
        turns="contents",
        then=_gemini_then,
        call=lambda answer: answer["candidates"][0]["content"]["parts"][-1]["functionCall"]["args"],
        said=lambda answer: answer["candidates"][0]["content"]["parts"][0]["text"],
        whole=lambda pieces: pieces[0],
    ),
}
