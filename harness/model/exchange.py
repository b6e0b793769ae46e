"""One request to a model and its answer, the same for every provider."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    from askfirst.harness.model.script import Say


class Role(Enum):
    """Who speaks in a conversation."""

    SYSTEM = "system"
    USER = "user"
    MODEL = "model"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class Message:
    """Something that was said, or a tool's result."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that the agent offers, with the JSON schema of its arguments; without one it takes a text, as `about` says."""

    name: str
    schema: Mapping[str, JsonValue]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks of the model. `form` is the JSON schema its answer must have, None for any text."""

    model: str
    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    form: Mapping[str, JsonValue] | None = None
    stream: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call of the model, with arguments or, for a tool that takes a text, `source`; `text` is said along with it."""

    id: str
    tool: str
    arguments: Mapping[str, JsonValue]
    text: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a streamed answer; `name` is '' where the provider gives events none."""

    data: JsonValue
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an answer is made of."""

    id: str
    model: str
    answer: Say | Call
    read: int
    written: int
    """Tokens, about."""


@dataclass(frozen=True, slots=True)
class Wire:
    """How one provider's API is spoken. `last` is what a stream ends with beside its events."""

    name: str
    read: Callable[[JsonValue], Asked]
    whole: Callable[[Reply], JsonValue]
    events: Callable[[Reply], Iterator[Event]]
    error: Callable[[int, str], JsonValue]
    last: str = ""
