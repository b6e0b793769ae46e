"""The line between a trial in a process of its own and the model that Inspect calls in the process above.

The child says what happens in the conversation, and asks; the parent keeps it in Inspect's own form, and answers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from askfirst.harness.conversing.budget import Budget, Used
from askfirst.harness.conversing.loop import SYSTEM, Call, Turn, call_of, converse, text_of
from askfirst.harness.tools.kit import described, toolbox
from askfirst.harness.tools.making import clean

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from askfirst.harness.authorization.channels.tool import Tool
    from askfirst.harness.brief import Brief


@dataclass(frozen=True, slots=True)
class Begun:
    """The conversation begins: instructions, task, tools (name, description, JSON schema of the arguments)."""

    system: str
    task: str
    tools: tuple[tuple[str, str, dict[str, object]], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a call came to."""

    call: str
    tool: str
    text: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message of the user."""

    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The model is to answer, with `Answer`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said: text, calls (id, tool, arguments as JSON), tokens; or what went wrong with it."""

    text: str = ""
    calls: tuple[tuple[str, str, str], ...] = ()
    read: int = 0
    written: int = 0
    error: str = ""


class ModelFailed(Exception):
    """The model of Inspect could not answer."""


@dataclass(slots=True)
class LineConversation:
    """A conversation at the child's end."""

    line: Connection
    asked: int = field(default=0)

    def ask(self) -> Turn:
        """Let the model answer."""
        self.line.send(Asked())
        answer = self.line.recv()
        assert isinstance(answer, Answer)  # noqa: S101 - the parent is ours
        if answer.error:
            raise ModelFailed(answer.error)
        self.asked += 1
        calls = tuple(call_of(f"{self.asked}_{n}", *one) for n, one in enumerate(answer.calls))
        return Turn(text_of(answer.text), calls, Used(answer.read, answer.written))

    def answer(self, call: Call, result: str) -> None:
        """Add the result of a call."""
        self.line.send(Result(call.id, call.name, result))

    def say(self, text: str) -> None:
        """Add a message of the user."""
        self.line.send(Spoken(text))


@dataclass(frozen=True, slots=True)
class InspectAgent:
    """The model of an Inspect task, with our tools."""

    line: Connection = field(repr=False)
    model: str
    budget: Budget = field(default_factory=Budget)

    @property
    def name(self) -> str:
        """The model as Inspect names it."""
        return f"inspect:{self.model}"

    @property
    def configuration(self) -> str:
        """Instructions, tools and budget."""
        return json.dumps([self.model, SYSTEM, described(toolbox), repr(self.budget)])

    def run(self, brief: Brief) -> str:
        """Hold the conversation; give the last text."""
        box = toolbox(brief)
        self.line.send(Begun(clean(SYSTEM), clean(brief.task), tuple(map(_described, box.tools))))
        return converse(brief, LineConversation(self.line), box, self.budget)


def _described(tool: Tool) -> tuple[str, str, dict[str, object]]:
    return tool.name, tool.description, {**tool.parameters}
