"""A conversation with any chat model of LangChain."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from askfirst.harness.conversing.budget import Used
from askfirst.harness.conversing.loop import Call, Turn, call_of, text_of
from askfirst.harness.tools.making import clean

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

    from askfirst.harness.tools.kit import Toolbox

REPEATED = ("tool_use", "tool_call", "function_call", "input_json_delta")
"""Types of blocks in which a provider's content repeats the calls."""


class ChatModelConversation:
    """One conversation."""

    def __init__(self, model: BaseChatModel, system: str, task: str, box: Toolbox, *, stream: bool) -> None:
        """Begin with the instructions and the task."""
        from langchain_core.messages import HumanMessage, SystemMessage

        self._model = model.bind_tools(box.langchain())
        self._stream = stream
        self._messages: list[BaseMessage] = [SystemMessage(clean(system)), HumanMessage(clean(task))]

    def ask(self) -> Turn:
        """Let the model answer."""
        answer: Any = self._streamed() if self._stream else self._model.invoke(self._messages)
        number = len(self._messages)
        calls = [
            call_of(f"{number}_{place}", one.get("id"), one.get("name"), _words(one.get("args")))
            for place, one in enumerate([*answer.tool_calls, *answer.invalid_tool_calls])
        ]
        self._messages.append(_sendable(answer, calls))
        return Turn(
            clean(text_in(answer)), tuple(calls), Used.told(answer.usage_metadata, "input_tokens", "output_tokens")
        )

    def answer(self, call: Call, result: str) -> None:
        """Add the result of a call."""
        from langchain_core.messages import ToolMessage

        self._messages.append(ToolMessage(result, tool_call_id=call.id, name=call.name))

    def say(self, text: str) -> None:
        """Add a message of the user."""
        from langchain_core.messages import HumanMessage

        self._messages.append(HumanMessage(text))

    def _streamed(self) -> Any:  # noqa: ANN401 - the sum of pieces is a piece, with the same members
        pieces: Any = None
        for piece in self._model.stream(self._messages):
            pieces = piece if pieces is None else pieces + piece
        if pieces is None:
            msg = "the model answered nothing"
            raise ValueError(msg)
        return pieces


def text_in(message: object) -> str:
    """Give the text of a message; '' for what has none."""
    content = getattr(message, "content", message)
    if isinstance(content, list):
        parts = (one if isinstance(one, str) else one.get("text") for one in content if isinstance(one, str | dict))
        return "".join(map(text_of, parts))
    return text_of(content)


def _words(arguments: object) -> str:
    """Give arguments as the JSON they were; those that LangChain could not read are a text still."""
    return arguments if isinstance(arguments, str) else json.dumps(arguments, default=str)


def _sendable(answer: Any, calls: list[Call]) -> BaseMessage:  # noqa: ANN401 - of LangChain, whole or in pieces
    """Give an answer as every provider takes it back: each call with an id, a name, and arguments that are an object.

    One that is right stays as it came: what else it holds, such as signatures of thoughts, its provider wants to see again.
    """
    from langchain_core.messages import AIMessage, message_chunk_to_message

    if not answer.invalid_tool_calls and _right(answer, calls):
        return message_chunk_to_message(answer)
    called = [{"name": one.name, "args": _object(one.arguments), "id": one.id, "type": "tool_call"} for one in calls]
    content = _clean(answer.content)
    if isinstance(content, list):  # without blocks that repeat the calls as they came
        content = [one for one in content if not (isinstance(one, dict) and one.get("type") in REPEATED)]
    return AIMessage(content=content, tool_calls=called)


def _right(answer: Any, calls: list[Call]) -> bool:  # noqa: ANN401 - as above
    """Tell whether nothing in an answer had to be mended."""
    came = [(one.get("id"), one.get("name")) for one in answer.tool_calls]
    try:
        words = json.dumps(
            [answer.content, answer.tool_calls, answer.additional_kwargs], ensure_ascii=False, default=str
        )
        words.encode()
    except (ValueError, TypeError, RecursionError):
        return False
    return came == [(one.id, one.name) for one in calls]


def _object(words: str) -> dict[str, object]:
    try:
        value = _clean(json.loads(words))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _clean(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {clean(str(name)): _clean(one) for name, one in value.items()}
    return value
