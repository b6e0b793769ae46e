"""A conversation by OpenAI's responses API. The whole of it goes with every request: nothing is kept at the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from askfirst.harness.conversing.budget import Used
from askfirst.harness.conversing.loop import Call, Turn, call_of, text_of
from askfirst.harness.conversing.openai_chat import NoAnswer
from askfirst.harness.tools.making import clean

if TYPE_CHECKING:
    from openai import OpenAI
    from pydantic import JsonValue

    from askfirst.harness.tools.kit import Toolbox

LAST = {"response.completed", "response.incomplete", "response.failed"}


class ResponsesConversation:
    """One conversation. `options` go with every request: reasoning, and what else the model takes."""

    def __init__(
        self, client: OpenAI, model: str, system: str, task: str, box: Toolbox, *, stream: bool, **options: JsonValue
    ) -> None:
        """Begin with the instructions and the task."""
        self._client: Any = client
        self._request = {
            "model": model,
            "instructions": clean(system),
            "tools": box.openai(responses=True),
            "store": False,
            **options,
        }
        self._stream = stream
        self._items: list[object] = [{"role": "user", "content": clean(task)}]

    def ask(self) -> Turn:
        """Let the model answer."""
        answer = self._client.responses.create(input=self._items, stream=self._stream, **self._request)
        if self._stream:
            answer = _last(answer)
        if getattr(answer, "status", None) == "failed":
            error = getattr(answer, "error", None)
            raise NoAnswer(str(getattr(error, "message", None) or "the answer is marked as failed"))
        texts: list[str] = []
        calls: list[Call] = []
        number = f"{len(self._items)}"
        for item in answer.output or []:
            if item.type == "function_call":
                call = call_of(f"{number}_{len(calls)}", item.call_id, item.name, item.arguments)
                calls.append(call)
                words = {"call_id": call.id, "name": call.name, "arguments": call.arguments}
                self._items.append({"type": "function_call", **words})
            elif item.type == "message":
                parts = item.content or []
                text = "".join(
                    text_of(getattr(one, "text", None)) or text_of(getattr(one, "refusal", None)) for one in parts
                )
                texts.append(text)
                self._items.append({"role": "assistant", "content": text})
            elif item.type == "reasoning":
                self._items.append(item.model_dump(exclude_none=True))  # a model wants to see what it thought
        return Turn("\n".join(texts), tuple(calls), Used.told(answer.usage, "input_tokens", "output_tokens"))

    def answer(self, call: Call, result: str) -> None:
        """Add the result of a call."""
        self._items.append({"type": "function_call_output", "call_id": call.id, "output": result})

    def say(self, text: str) -> None:
        """Add a message of the user."""
        self._items.append({"role": "user", "content": text})


def _last(stream: Any) -> Any:  # noqa: ANN401 - a server may leave out anything that the SDK declares
    with stream:
        for event in stream:
            if event.type in LAST:
                return event.response
            if event.type == "error":
                raise NoAnswer(str(getattr(event, "message", None) or "the stream holds an error"))
    msg = "the stream ended before the answer did"
    raise NoAnswer(msg)
