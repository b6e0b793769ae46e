"""A history as the transcript of an Inspect sample: its messages, and its events.

Calls are tool events, answers of people approvals, changes of the account changes of state, the rest information. There are
no model events: each would repeat the whole conversation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import TYPE_CHECKING

from askfirst.harness.events import (
    AgentReturned,
    AgentSaid,
    AgentStarted,
    CallEnded,
    CallStarted,
    Decided,
    FaultFired,
    Reply,
    Requested,
    Said,
    TurnEnded,
    WorldChanged,
)
from askfirst.harness.printable import storable
from askfirst.harness.records import Author, Effect, Outcome
from askfirst.harness.report.timeline import row_of

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import JsonValue

    from askfirst.harness.history import History
    from askfirst.harness.records import Answer, Blob, Change

MOST = 10_000
"""Characters of one text: a viewer has to show it."""

Told = dict[str, "JsonValue"]


def messages(history: History) -> list[Told]:
    """Give what was said between the operator and the agent."""
    found: list[Told] = []
    last = ""
    for entry in history.entries:
        said: tuple[str, str] | None = None
        match entry.event:
            case AgentStarted(task):
                said = "user", task
            case AgentSaid(text) | TurnEnded(text):
                said = "assistant", history.text(text)
            case AgentReturned(report) if history.text(report).strip() != last.strip():
                said = "assistant", history.text(report)
            case Said(person, text):
                said = "user", f"{person}: {text}"
            case Decided() as answer if answer.person:
                said = "user", f"{answer.person}: {answer.reply.value}. {answer.reason}".strip()
            case _:
                pass
        if said:
            found.append({"id": f"m{entry.seq}", "role": said[0], "content": cut(said[1])})
            last = said[1]
    return found


def events(history: History) -> Iterator[Told]:
    """Go through the events of a sample."""
    ends = {(end.call, end.attempt): (entry.at, end) for entry, end in history.of(CallEnded)}
    struck: dict[tuple[str, int], list[str]] = {}
    for _, fired in history.of(FaultFired):
        struck.setdefault((fired.call, fired.attempt), []).append(fired.fault)
    requests = {event.request: event for _, event in history.of(Requested)}
    for entry in history.entries:
        event, base = entry.event, _base(entry.seq, entry.at, history.header.started)
        if isinstance(event, CallStarted):
            at, end = ends.get((event.call, event.attempt), (entry.at, None))
            facts: Told = {
                "request_id": event.request_id,
                "injected_faults": [*struck.get((event.call, event.attempt), ())],
            }
            yield _call(history, event, end, at, {**base, "metadata": _facts(event, end) | facts})
            if end and end.changes:
                yield {**base, "uuid": f"e{entry.seq}s", "event": "state", "changes": [*map(_change, end.changes)]}
        elif isinstance(event, Decided):
            yield {**base, **_approval(event, requests.get(event.request))}
        elif isinstance(event, WorldChanged):
            yield {**base, "event": "info", "source": "world", "data": cut(event.because)}
            yield {**base, "uuid": f"e{entry.seq}s", "event": "state", "changes": [*map(_change, event.changes)]}
        elif isinstance(event, FaultFired):
            data: Told = {"fault": event.fault, "site": event.site, "phase": event.phase, "what": cut(event.what)}
            yield {**base, "event": "info", "source": "fault", "data": data}
        elif not isinstance(event, AgentStarted):
            row = row_of(entry, {}, history.header.started, history.text)
            if row is not None:
                yield {**base, "event": "info", "source": row.word, "data": row.text}


def cut(text: str) -> str:
    """Give a text that can be kept, and shown; what is left out is counted."""
    fit = str(storable(text[: MOST + 1]))
    return fit if len(text) <= MOST else f"{fit[:MOST]} [{len(text) - MOST} more characters]"


def _base(seq: int, at: datetime, started: datetime) -> Told:
    return {
        "uuid": f"e{seq}",
        "timestamp": at.astimezone(UTC).isoformat(),
        "working_start": max((at - started).total_seconds(), 0.0),
    }


def _call(history: History, start: CallStarted, end: CallEnded | None, at: datetime, base: Told) -> Told:
    answer = (end.delivered or end.answer) if end else None
    failed = end is None or end.outcome is not Outcome.OK
    said = f"{end.error}: {end.message}" if end and failed else "no answer was recorded"
    told: Told = {
        **base,
        "event": "tool",
        "id": f"{start.call}-{start.attempt}",
        "function": f"{start.service}.{start.operation}",
        "arguments": {name: _shortened(value) for name, value in start.parameters.items()},
        "result": _body(history, answer) if answer else "",
        "completed": at.astimezone(UTC).isoformat(),
        "failed": failed,
    }
    if failed:
        denied = end is not None and ("AccessDenied" in end.error or "Unauthorized" in end.error)
        told["error"] = {"type": "permission" if denied else "unknown", "message": cut(said)}
    return told


def _facts(start: CallStarted, end: CallEnded | None) -> Told:
    told: Told = {"author": start.author.value, "level": start.level, "attempt": start.attempt, "late": start.late}
    if end and end.coverage:
        told |= {
            "covered": end.coverage.covered,
            "grants": [*end.coverage.grants],
            "miss": end.coverage.miss.value if end.coverage.miss else None,
        }
    return told


def _body(history: History, answer: Answer) -> str:
    body: str | Blob = answer.body
    return f"{answer.status}\n{cut(history.text(body))}"


def _shortened(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return cut(value)
    if isinstance(value, dict):
        return {cut(name): _shortened(one) for name, one in value.items()}
    return [*map(_shortened, value)] if isinstance(value, list) else value


def _approval(said: Decided, asked: Requested | None) -> Told:
    """Write an answer as an approval; what is no decision, or does not count, is neither a yes nor a no."""
    decision = {Reply.APPROVED: "approve", Reply.DENIED: "reject"}.get(said.reply, "escalate")
    words = f"{said.reply.value}. {said.reason}".strip()
    if not said.counts:
        decision, words = "escalate", f"{words} (does not count: {said.void.value if said.void else 'no decision'})"
    arguments: Told = {}
    if asked:
        arguments = {"actions": _texts(asked.actions), "resources": _texts(asked.resources)}
    return {
        "event": "approval",
        "message": cut(asked.reason if asked else ""),
        "call": {"id": said.request, "function": "request_authorization", "arguments": arguments, "type": "function"},
        "approver": said.person or "nobody",
        "decision": decision,
        "explanation": cut(words),
    }


def _texts(texts: Iterable[str]) -> list[JsonValue]:
    return [cut(one) for one in texts]


def _change(change: Change) -> JsonValue:
    """Write a change as one of JSON Patch, over an account that is an object of ARNs."""
    path = "/" + change.arn.replace("~", "~0").replace("/", "~1")
    operation = {Effect.CREATED: "add", Effect.GONE: "remove"}.get(change.effect, "replace")
    by = "" if change.author is Author.AGENT else f" (by {change.author.value})"
    value = "" if operation == "remove" else cut(f"{change.effect.value}: {change.after}{by}")
    return {"op": operation, "path": path, "value": value}
