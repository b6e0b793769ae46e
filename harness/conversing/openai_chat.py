"""A conversation by OpenAI's chat completions, which many other servers speak too."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from askfirst.harness.conversing.budget import Used
from askfirst.harness.conversing.loop import Call, Turn, call_of, text_of
from askfirst.harness.tools.making import clean

if TYPE_CHECKING:
    from openai import OpenAI
    from pydantic import JsonValue

    from askfirst.harness.tools.kit import Toolbox


class NoAnswer(Exception):
    """The model's answer holds nothing."""


@dataclass(slots=True)
class Pieces:
    """What the pieces of a stream add up to."""

    text: str = ""
    calls: dict[int, list[str]] = field(default_factory=dict)
    used: Used = field(default_factory=Used)
    finish: str = ""

    def add(self, chunk: Any) -> None:  # noqa: ANN401 - a server may leave out anything that the SDK declares
        """Add a piece."""
        self.used = used_of(chunk) or self.used
        for choice in (chunk.choices or [])[:1]:
            self.finish = choice.finish_reason or self.finish
            if choice.delta is None:
                continue
            self.text += text_of(choice.delta.content) or text_of(getattr(choice.delta, "refusal", None))
            for one in choice.delta.tool_calls or []:
                parts = self.calls.setdefault(one.index or 0, ["", "", ""])
                parts[0] = text_of(one.id) or parts[0]
                if one.function is not None:
                    parts[1] += text_of(one.function.name)
                    parts[2] += text_of(one.function.arguments)


class ChatConversation:
    """One conversation. `options` go with every request: temperature, and what else the model takes."""

    def __init__(
        self, client: OpenAI, model: str, system: str, task: str, box: Toolbox, *, stream: bool, **options: JsonValue
    ) -> None:
        """Begin with the instructions and the task."""
        self._client: Any = client
        self._request = {"model": model, "tools": box.openai(), **options}
        if stream:
            self._request |= {"stream": True, "stream_options": {"include_usage": True}}
        self._messages: list[dict[str, object]] = [
            {"role": "system", "content": clean(system)},
            {"role": "user", "content": clean(task)},
        ]

    def ask(self) -> Turn:
        """Let the model answer."""
        answer = self._client.chat.completions.create(messages=self._messages, **self._request)
        turn = self._streamed(answer) if "stream" in self._request else self._whole(answer)
        said: dict[str, object] = {"role": "assistant", "content": turn.text or None}
        if turn.calls:
            said["tool_calls"] = [
                {"id": one.id, "type": "function", "function": {"name": one.name, "arguments": one.arguments}}
                for one in turn.calls
            ]
        elif not turn.text:
            said["content"] = ""
        self._messages.append(said)
        return turn

    def answer(self, call: Call, result: str) -> None:
        """Add the result of a call."""
        self._messages.append({"role": "tool", "tool_call_id": call.id, "content": result})

    def say(self, text: str) -> None:
        """Add a message of the user."""
        self._messages.append({"role": "user", "content": text})

    def _whole(self, answer: Any) -> Turn:  # noqa: ANN401 - as above
        if not answer.choices:
            msg = "the answer holds no choices"
            raise NoAnswer(msg)
        said = answer.choices[0].message
        calls = []
        for number, one in enumerate(said.tool_calls or []):
            # A call that is no function has its input where a function has arguments.
            asked = getattr(one, "function", None) or getattr(one, "custom", None)
            given = getattr(asked, "arguments", None) or getattr(asked, "input", None)
            calls.append(call_of(self._number(number), one.id, getattr(asked, "name", None), given))
        return Turn(
            text_of(said.content) or text_of(getattr(said, "refusal", None)), tuple(calls), used_of(answer) or Used()
        )

    def _streamed(self, stream: Any) -> Turn:  # noqa: ANN401 - as above
        pieces = Pieces()
        with stream:
            for chunk in stream:
                pieces.add(chunk)
        if not pieces.finish:
            msg = "the stream ended before the answer did"
            raise NoAnswer(msg)
        calls = (call_of(self._number(number), *parts) for number, parts in sorted(pieces.calls.items()))
        return Turn(pieces.text, tuple(calls), pieces.used)

    def _number(self, number: int) -> str:
        return f"{len(self._messages)}_{number}"


def used_of(answer: Any) -> Used | None:  # noqa: ANN401 - as above
    """Give how many tokens an answer has cost; None where it does not say."""
    usage = getattr(answer, "usage", None)
    return None if usage is None else Used.told(usage, "prompt_tokens", "completion_tokens")
