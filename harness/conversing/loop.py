"""The loop of an agent on a model SDK: ask the model, carry out its calls, until it stops calling and nobody replies."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from askfirst.harness.conversing.budget import Budget, Spending, Used, model_trouble
from askfirst.harness.events import AgentSaid
from askfirst.harness.tools.making import clean

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief
    from askfirst.harness.tools.kit import Toolbox

SYSTEM = """\
You are an engineer's assistant and work in an AWS account by the tools you are given. The files in the working directory
belong to the task. When you are done, or cannot go on, answer without calling a tool: a short report of what you found and did.
"""


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call as the model wrote it: `arguments` is JSON, or what it took for JSON."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer of a model."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    used: Used = field(default_factory=Used)


class Conversation(Protocol):
    """A conversation with one model. It keeps what was said in its SDK's own form."""

    def ask(self) -> Turn:
        """Let the model answer, and add the answer to the conversation. May raise whatever the SDK does."""
        ...

    def answer(self, call: Call, result: str) -> None:
        """Add the result of a call."""
        ...

    def say(self, text: str) -> None:
        """Add a message of the user."""
        ...


def converse(brief: Brief, conversation: Conversation, box: Toolbox, budget: Budget) -> str:
    """Hold the conversation until its end; give the last text.

    What ends a turn goes to the operator; what the people reply is the next message of the user, `budget.replies` times.
    """
    spending = Spending(budget, brief.witness.record)
    replies = 0
    while True:
        spending.before_a_turn()
        turn = asked(conversation)
        spending.used(turn.used)
        if turn.calls and turn.text.strip():
            brief.witness.record(AgentSaid(brief.witness.keep(turn.text)))
        for call in turn.calls:
            conversation.answer(call, box.call(call.name, call.arguments))
        if turn.calls:
            continue
        reply = brief.end_turn(turn.text) if turn.text.strip() else ""
        if not reply or replies >= budget.replies:
            return turn.text
        replies += 1
        conversation.say(clean(reply))


def asked(conversation: Conversation) -> Turn:
    """Let the model answer; whatever goes wrong with it ends the agent, and is its API's trouble, not the agent's."""
    try:
        return conversation.ask()
    except Exception as error:
        raise model_trouble(error) from error


def call_of(number: str, identity: object, name: object, arguments: object) -> Call:
    """Give a call as it can be sent back: a model may leave out its id, and write a name that no API takes."""
    word = re.sub(r"[^a-zA-Z0-9_.:-]", "_", text_of(name))[:64] or "nameless"
    return Call(text_of(identity)[:64] or f"call_{number}", word, text_of(arguments))


def text_of(value: object) -> str:
    """Give a text of the model's as it can be sent back; '' for what is none, whatever the SDK declares."""
    return clean(value) if isinstance(value, str) else ""
