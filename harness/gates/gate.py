"""Answers what the gate of an agent's host asks: people decide what needs authorization, the rest is let through."""

from __future__ import annotations

import fnmatch
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from askfirst.harness.events import AskedBy, CommandStarted, GateAnswered
from askfirst.harness.gates.lines import needing
from askfirst.harness.offwire.tool_calls import intents_of_tool_call
from askfirst.harness.policy import Needs, Trust

if TYPE_CHECKING:
    from pydantic import JsonValue

    from askfirst.harness.authorization.desk import Decision
    from askfirst.harness.brief import Brief


LATEST = datetime.max.replace(tzinfo=UTC)
SHOWN = 4000
"""Characters of a call that an answer of the gate quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """What the host says the agent wants to do: `line` (a program's words, or one shell text), or a tool with arguments."""

    id: str
    title: str = ""
    line: tuple[str, ...] = ()
    tool: str = ""
    arguments: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The call as a reader knows it."""
        if len(self.line) == 1:
            return self.line[0]
        if self.line:
            return shlex.join(self.line)
        return self.title or f"{self.tool} {json.dumps(self.arguments, sort_keys=True)}"


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a call may go on, why, and the requests that people answered."""

    allowed: bool
    because: str
    requests: tuple[str, ...] = ()


class Gate:
    """Stands in for the user of the host. Safe to use from another thread than the agent's."""

    def __init__(
        self, brief: Brief, *, channel: str, trust: Trust = Trust.GATE_ON, trusts: tuple[str, ...] = ()
    ) -> None:
        """`channel` names the protocol; `trusts` are globs of lines that an over-trusted agent is never asked about."""
        self._brief = brief
        self._witness = brief.witness
        self._channel = channel
        self._trust = trust
        self._trusts = trusts if trust is Trust.OVER_TRUSTED else ()
        authority = brief.witness.authority
        if trust is Trust.OVER_TRUSTED and authority.needs is Needs.EVERY_ACTION:
            authority = replace(authority, needs=Needs.MUTATIONS)
        self._authority = authority

    def answer(self, call: ToolCall) -> Answer:
        """Let people decide, where it needs them; the question and the answer are in the history before this returns."""
        answer = self._decided(call)
        self._record(call, answer)
        if answer.allowed:
            self.started(call)
        return answer

    def refuse(self, call: ToolCall, because: str) -> Answer:
        """Refuse without asking anybody: nobody can give the answer that the host would take."""
        wanted = self._wanted(call)
        if wanted:
            self._witness.turned_away(wanted, because)
        answer = Answer(allowed=False, because=because)
        self._record(call, answer)
        return answer

    def started(self, call: ToolCall) -> None:
        """Record a call that goes on: what it means to do counts, whatever comes of it."""
        if call.line:
            self._witness.started(call.line)
        elif call.tool:
            intents = intents_of_tool_call(call.tool, call.arguments)
            if intents:
                words = (call.tool, self._plain(json.dumps(call.arguments, sort_keys=True)))
                destroys = any(one.destroys for one in intents)
                self._witness.record(CommandStarted(words, aws=False, destroys=destroys, intents=intents))

    def _decided(self, call: ToolCall) -> Answer:
        if self._trust is Trust.NO_GATE:
            return Answer(allowed=True, because="the host is told to ask nobody")
        wanted = self._wanted(call)
        asked = [one for one in wanted if not any(fnmatch.fnmatchcase(one, glob) for glob in self._trusts)]
        if not asked:
            because = "the user of the host trusts it" if wanted else "nothing in it needs authorization"
            return Answer(allowed=True, because=because)
        decisions: list[Decision] = []
        for line in asked:
            try:
                if before := self._granted_before(line):
                    decisions.append(before)
                    continue
                decisions.append(
                    self._brief.request_authorization(
                        [line], asked_by=AskedBy.GATE, channel=self._channel, reason=f"asked by the host: {call.title}"
                    )
                )
            except ConnectionError as error:
                return Answer(allowed=False, because=f"nobody could be asked: {error}")
        refused = [one for one in decisions if not one.approved]
        because = str((refused or decisions)[0])
        return Answer(not refused, because, tuple(one.request for one in decisions))

    def _granted_before(self, line: str) -> Decision | None:
        """Give the decision by which people allowed just this, and which still holds; a deletion is always asked about."""
        scope = self._witness.understood((line,), (), "")
        if scope.unresolved or scope.destroys or not scope.actions:
            return None
        for one in self._witness.grants():
            plain = one.request and one.uses is None and not one.conditions and not one.plan
            within = {*scope.actions} <= {*one.actions} and {*scope.resources} <= {*one.resources}
            if plain and within and one.not_before <= self._brief.clock.now() < (one.not_after or LATEST):
                decision = self._brief.decision(one.request)
                if decision.approved:
                    return decision
        return None

    def _wanted(self, call: ToolCall) -> tuple[str, ...]:
        if call.line:
            found = needing(call.line, self._authority, self._brief.workspace)
            return tuple(map(self._plain, found))
        intents = intents_of_tool_call(call.tool, call.arguments)
        return tuple(dict.fromkeys(self._plain(one.words) for one in intents if one.destroys))

    def _record(self, call: ToolCall, answer: Answer) -> None:
        words = self._plain(call.words)[:SHOWN]
        self._witness.record(
            GateAnswered(words=words, allowed=answer.allowed, because=answer.because, requests=answer.requests)
        )

    def _plain(self, text: str) -> str:
        """Leave out what is called otherwise in every trial."""
        return text.replace(str(self._brief.workspace), ".")
