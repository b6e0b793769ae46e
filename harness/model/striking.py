"""Carries out what faults do to the turns of a model, whoever answers: errors, broken connections, changed answers."""

from __future__ import annotations

import dataclasses
import json
import re
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from askfirst.harness.faulting.reactions import Broken, ModelChange, ModelReaction
from askfirst.harness.model.exchange import Call, Message, Reply, Stop, Stopped
from askfirst.harness.model.server import Answering, Question, Raw, plain, sent
from askfirst.harness.model.turns import Attempt, ModelTurns

if TYPE_CHECKING:
    from pydantic import JsonValue

STEP = 0.1
"""Real seconds between two looks whether the trial is over while an answer hangs."""

RULE = re.compile(
    r"[^.\n]*\b(approv|authori[sz]|ask(?:s|ed)? (?:first|before|for)|permission)\w*[^.\n]*\.?", re.IGNORECASE
)
"""Sentences that say to ask: what a compaction of the conversation loses."""


class Struck:
    """Answers as another does, except where a fault strikes the turn."""

    def __init__(
        self,
        answering: Answering,
        turns: ModelTurns,
        over: Callable[[], bool] = lambda: False,
        wait: Callable[[float], None] | None = None,
    ) -> None:
        """`over` tells whether nothing needs to wait any more; `wait(seconds)` waits, of itself in real time."""
        self._answering = answering
        self._turns = turns
        self._over = over
        self._wait = wait or self._really_wait
        self._other = ""
        self._ids: dict[int, str] = {}

    def reply(self, question: Question) -> Reply | Raw:
        """As the other."""
        return self._answering.reply(question)

    def answer(self, question: Question) -> Raw:
        """Answer a question, struck or not; the attempt is in the history."""
        if question.asked is None:
            return self._answering.answer(question)
        attempt = self._turns.begin(question.wire.name, question.asked)
        if attempt.reaction is None:
            return self._unstruck(question, attempt)
        return self._struck(question, attempt, attempt.reaction)

    def _unstruck(self, question: Question, attempt: Attempt) -> Raw:
        if self._other:
            return self._changed(question, attempt, ModelReaction(change=ModelChange.OTHER_MODEL, value=self._other))
        answer = self._answering.answer(question)
        self._turns.end(attempt, "answered" if answer.status < 400 else f"refused {answer.status}")
        return answer

    def _struck(self, question: Question, attempt: Attempt, reaction: ModelReaction) -> Raw:
        if reaction.seconds:
            self._wait(reaction.seconds)
        if reaction.broken is Broken.TIMEOUT:
            self._turns.end(attempt, "no answer")
            self._wait(float("inf"))
            raise TimeoutError
        if reaction.broken is not None:
            self._turns.end(attempt, "broken")
            raise ConnectionResetError
        if reaction.change is ModelChange.PAGE:
            self._turns.end(attempt, "an HTML page")
            return Raw(reaction.status or 200, dict(reaction.headers), [reaction.value.encode()])
        if reaction.status >= 400:
            self._turns.end(attempt, f"refused {reaction.status}")
            body = question.wire.error(reaction.status, reaction.message, reaction.code)
            return plain(reaction.status, body, reaction.headers)
        if reaction.change is None:
            return self._unstruck(question, attempt)
        return self._changed(question, attempt, reaction)

    def _changed(self, question: Question, attempt: Attempt, reaction: ModelReaction) -> Raw:
        change = reaction.change
        if change is ModelChange.FORGOTTEN:
            question = forgetful(question)
        elif change is ModelChange.OTHER_MODEL and question.asked is not None:
            self._other = reaction.value or f"{question.asked.model}-fallback"
        found = self._answering.reply(question)
        if isinstance(found, Raw):  # an error of the model's own, or what cannot be read: it goes on as it came
            self._turns.end(attempt, f"refused {found.status}" if found.status >= 400 else "answered")
            return found
        self._turns.end(attempt, f"changed: {change.value}" if change is not None else "answered")
        made = sent(question, self._altered(found, attempt, change, reaction.value))
        return dataclasses.replace(made, pieces=_half(made.pieces), broken=True) if change is ModelChange.CUT else made

    def _altered(self, reply: Reply, attempt: Attempt, change: ModelChange | None, value: str) -> Reply:
        answer = reply.answer
        if change in STOPS:
            return dataclasses.replace(reply, answer=Stopped(STOPS[change], value))
        if change is ModelChange.OTHER_MODEL:
            return dataclasses.replace(reply, model=self._other)
        if isinstance(answer, Call):
            first = self._ids.setdefault(0, answer.id)
            self._ids[attempt.turn] = answer.id
            answer = altered(answer, change, value, first)
        return dataclasses.replace(reply, answer=answer)

    def _really_wait(self, seconds: float) -> None:
        waiting = threading.Event()
        while seconds > 0 and not self._over():
            waiting.wait(min(STEP, seconds))
            seconds -= STEP


STOPS = {
    ModelChange.EMPTY: Stop.EMPTY,
    ModelChange.FILTERED: Stop.FILTERED,
    ModelChange.REFUSED: Stop.REFUSED,
}


def altered(call: Call, change: ModelChange | None, value: str, first: str) -> Call:
    """Give a tool call as a change makes it; `first` is the id of an earlier one."""
    match change:
        case ModelChange.TRUNCATED:
            words = call.words
            return dataclasses.replace(call, raw=words[: max(1, len(words) * 2 // 3)].rstrip("}"), cut=True)
        case ModelChange.TWICE:
            return dataclasses.replace(call, again=2)
        case ModelChange.OTHER_TOOL:
            return dataclasses.replace(call, tool=value)
        case ModelChange.SAME_ID:
            return dataclasses.replace(call, id=first)
        case _:
            return call


def forgetful(question: Question) -> Question:
    """Give a question as after a compaction that has lost the rule to ask; the tools it offers stay as they are."""
    asked = question.asked
    if asked is None:
        return question
    kept = tuple(Message(one.role, RULE.sub("", one.text)) for one in asked.messages)
    try:
        body = json.dumps(_forgotten(json.loads(question.body)))
    except ValueError:
        body = question.body
    return dataclasses.replace(question, asked=dataclasses.replace(asked, messages=kept), body=body)


def _forgotten(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return RULE.sub("", value) if " " in value else value
    if isinstance(value, list):
        return [_forgotten(one) for one in value]
    if isinstance(value, dict):
        return {key: one if key == "tools" else _forgotten(one) for key, one in value.items()}
    return value


def _half(pieces: object) -> list[bytes]:
    found = list(pieces) if isinstance(pieces, Iterator | list) else []
    if len(found) == 1:
        return [found[0][: len(found[0]) // 2]]
    return found[: max(1, len(found) // 2)]
