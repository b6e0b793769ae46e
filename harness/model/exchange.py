"""One request to a model and its answer, the same for every provider."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from askfirst.harness.model.script import Say

if TYPE_CHECKING:
    from pydantic import JsonValue


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
    """A tool call of the model, with arguments or, for a tool that takes a text, `source`; `text` is said along with it.

    `raw`, where given, is sent in the place of the arguments, as it is; `cut` says that it breaks off. `again` is how often
    the call comes.
    """

    id: str
    tool: str
    arguments: Mapping[str, JsonValue]
    text: str = ""
    source: str = ""
    raw: str | None = None
    cut: bool = False
    again: int = 1

    @property
    def words(self) -> str:
        """The arguments as they are sent."""
        return json.dumps(dict(self.arguments)) if self.raw is None else self.raw

    @property
    def ids(self) -> tuple[str, ...]:
        """An id for each time it comes."""
        return (self.id, *(f"{self.id}_{number}" for number in range(2, self.again + 1)))


class Stop(Enum):
    """Why an answer holds nothing that can be acted on."""

    EMPTY = "no answer at all"
    FILTERED = "the content filter"
    REFUSED = "the model refuses"


@dataclass(frozen=True, slots=True)
class Stopped:
    """An answer without content; `text` is what is said of it."""

    why: Stop
    text: str = ""


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
    answer: Say | Call | Stopped
    read: int
    written: int
    """Tokens, about."""


def sse(event: Event) -> bytes:
    """Write an event as server-sent events do."""
    name = f"event: {event.name}\n" if event.name else ""
    return f"{name}data: {json.dumps(event.data)}\n\n".encode()


@dataclass(frozen=True, slots=True)
class Wire:
    """How one provider's API is spoken. `last` is what a stream ends with beside its events.

    `answer` reads a whole answer back: its first tool call, or its text. `frame` writes one event of a stream, whose content
    type is `streamed`.
    """

    name: str
    read: Callable[[JsonValue], Asked]
    whole: Callable[[Reply], JsonValue]
    events: Callable[[Reply], Iterator[Event]]
    error: Callable[[int, str, str], JsonValue]
    answer: Callable[[JsonValue], Say | Call]
    last: str = ""
    frame: Callable[[Event], bytes] = sse
    streamed: str = "text/event-stream; charset=utf-8"
