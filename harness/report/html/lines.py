"""The timeline of a trial as lines in lanes, each with what the agent saw of it and what really happened."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askfirst.harness.events import (
    AgentReturned,
    AgentSaid,
    AgentStarted,
    CallEnded,
    CallStarted,
    CommandStarted,
    Decided,
    EgressRefused,
    Entry,
    Event,
    FaultFired,
    GateAnswered,
    Granted,
    MessageRefused,
    ModelTurn,
    ModelUsed,
    NeverSent,
    Requested,
    Revoked,
    Said,
    Slept,
    TurnEnded,
    WorkspaceChanged,
    WorldChanged,
)
from askfirst.harness.records import Answer, Author, Change, Outcome
from askfirst.harness.report.html.texts import Detail, Shown, shown
from askfirst.harness.report.timeline import plain, row_of, since

if TYPE_CHECKING:
    from askfirst.harness.history import History

LANES = ("agent and model", "tools", "AWS calls", "faults", "requests and decisions", "state")
AGENT, TOOLS, AWS, FAULTS, PEOPLE, STATE = range(len(LANES))

_LANE_OF: Mapping[type[Event], int] = {
    CommandStarted: TOOLS,
    NeverSent: TOOLS,
    Slept: TOOLS,
    EgressRefused: TOOLS,
    CallStarted: AWS,
    FaultFired: FAULTS,
    Requested: PEOPLE,
    MessageRefused: PEOPLE,
    Decided: PEOPLE,
    GateAnswered: PEOPLE,
    Granted: PEOPLE,
    Revoked: PEOPLE,
    Said: PEOPLE,
    WorldChanged: STATE,
    WorkspaceChanged: STATE,
}
_TOLD = (AgentStarted, AgentReturned, AgentSaid, Slept, EgressRefused, CommandStarted, NeverSent, ModelUsed, Said)
"""What the agent did or was told itself: it saw of these all there is to see."""
_OWN = (AgentStarted, AgentReturned, TurnEnded)
"""Everything else that has no lane of its own, trouble above all, is of the trial: it stands under 'state'."""


@dataclass(frozen=True, slots=True)
class Part:
    """More about a line, behind a click. `view` is 'saw', 'real', or '' for both."""

    title: str
    text: Shown
    view: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One event. `saw` is what the agent knew of it, '' for nothing; `marked` says that it is the first violation."""

    seq: int
    after: str
    lane: int
    word: str
    text: str
    saw: str
    weight: str
    marked: bool
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """The lines that are shown, in order, and how many are not."""

    lines: tuple[Line, ...]
    left_out: int = 0


def timeline_of(history: History, marked: tuple[int, ...], detail: Detail) -> Timeline:
    """Give the timeline; where there are too many lines, reads go first, and the first violation never."""
    found = list(_lines(history, marked, detail))
    if len(found) <= detail.lines:
        return Timeline(tuple(found))
    by_worth = sorted(found, key=lambda one: (not one.marked, one.weight == "quiet", one.seq))
    kept = sorted(by_worth[: detail.lines], key=lambda one: one.seq)
    return Timeline(tuple(kept), len(found) - len(kept))


def _lines(history: History, marked: tuple[int, ...], detail: Detail) -> Iterator[Line]:
    ends = {(end.call, end.attempt): end for _, end in history.of(CallEnded)}
    for entry in history.entries:
        event = entry.event
        row = row_of(entry, ends, history.header.started, history.text)
        if row is not None:
            end = ends.get((event.call, event.attempt)) if isinstance(event, CallStarted) else None
            parts = tuple(_parts(history, event, end, detail)) + _seen_at(entry, detail)
            lane = _LANE_OF.get(type(event), AGENT if isinstance(event, (*_TOLD, *_OWN, ModelTurn)) else STATE)
            yield Line(
                seq=entry.seq,
                after=since(row.after),
                lane=lane,
                word=row.word,
                text=row.text,
                saw=plain(_saw(history, event, end, row.text)),
                weight=row.weight,
                marked=row.seq in marked[:1],
                parts=parts,
            )
        elif isinstance(event, CallEnded) and event.changes and _of_agent(event.changes):
            yield _state_line(entry, event.changes, since(entry.at - history.header.started), detail)


def _of_agent(changes: Sequence[Change]) -> bool:
    return any(one.author.of_agent for one in changes)


def _state_line(entry: Entry, changes: tuple[Change, ...], after: str, detail: Detail) -> Line:
    harmed = sum(one.effect.harms for one in changes)
    text = f"{len(changes)} thing{'' if len(changes) == 1 else 's'} changed"
    text += f", {harmed} for the worse" if harmed else ""
    parts = (Part("changes", shown("\n".join(map(change_line, changes)), detail.text), "real"),)
    weight = "bad" if any(one.effect.destroys for one in changes) else "notable"
    return Line(entry.seq, after, STATE, "state", text, "", weight, marked=False, parts=parts)


def change_line(change: Change) -> str:
    """Say in one line what became of a thing, by whom."""
    became = " → ".join(filter(None, (change.before, change.after)))
    by = "" if change.author is Author.AGENT else f" (by: {change.author.value})"
    return f"{change.arn} {change.effect.value}{f': {became}' if became else ''}{by}"


def _saw(history: History, event: Event, end: CallEnded | None, text: str) -> str:
    """Say what the agent knew of an event, '' for nothing: no grant, no reading of ours, no fault."""
    match event:
        case CallStarted():
            return _call_seen(event, end)
        case TurnEnded(said):
            return history.text(said).strip()
        case Requested() as asked:
            what, on = ", ".join(asked.actions) or "nothing named", ", ".join(asked.resources)
            return f"{asked.request}: {what}{f' on {on}' if on else ''}"
        case Decided() as said:
            reason = f", “{said.reason}”" if said.reason else ""
            return f"{said.request} {said.person or 'nobody'}: {said.reply.value}{reason}"
        case GateAnswered() as answered:
            return f"{'let through' if answered.allowed else 'refused'}: {answered.words}"
        case MessageRefused() as refused:
            return f"refused, by {refused.channel}: {refused.text}"
        case ModelTurn() as turn:
            return f"turn {turn.turn} of {turn.model}: {turn.outcome}"
        case _:
            return text if isinstance(event, _TOLD) else ""


def _call_seen(call: CallStarted, end: CallEnded | None) -> str:
    names = ", ".join(dict.fromkeys(target.name for target in call.targets))
    what = f"{call.action}{f' {names}' if names else ''}"
    if end is None:
        return f"{what} · no answer"
    became = "ok" if end.outcome is Outcome.OK else f"{end.outcome.value} {end.error}: {end.message}"
    return f"{what} · {became}"


def _parts(history: History, event: Event, end: CallEnded | None, detail: Detail) -> Iterator[Part]:
    def part(title: str, text: str, view: str = "") -> Iterator[Part]:
        if text:
            yield Part(title, shown(text, detail.text), view)

    match event:
        case CallStarted():
            if event.parameters:
                yield from part("parameters", json.dumps(event.parameters, ensure_ascii=False, default=str))
            if end is not None:
                yield from _answers(history, end, detail)
        case NeverSent():
            yield from part("parameters", json.dumps(event.parameters, ensure_ascii=False, default=str))
        case AgentStarted(text):
            yield from part("the task", text)
        case AgentReturned(report):
            yield from part("the whole report", history.text(report))
        case AgentSaid(text) | TurnEnded(text):
            yield from part("the whole text", history.text(text))
        case Requested():
            yield from part("reason", event.reason)
            yield from part(
                "understood as", f"{', '.join(event.scope.actions)} on {', '.join(event.scope.resources)}", "real"
            )
        case WorldChanged(changes) | WorkspaceChanged(changes):
            yield from part("changes", "\n".join(map(change_line, changes)), "real")
        case _:
            return


def _answers(history: History, end: CallEnded, detail: Detail) -> Iterator[Part]:
    """Give the answers to a call; where a fault changed one, the false one as it was told beside the true one."""
    if end.delivered is not None:
        yield Part("what the agent was told", shown(_body(history, end.delivered), detail.text), "saw")
    if end.answer is not None and (detail.whole or end.delivered is not None):
        title, view = ("answer", "") if end.delivered is None else ("what the account answered", "real")
        yield Part(title, shown(_body(history, end.answer), detail.text), view)
    if end.coverage is not None and end.coverage.because:
        yield Part("grants", shown(end.coverage.because, detail.text), "real")


def _body(history: History, answer: Answer) -> str:
    body = history.text(answer.body)
    return f"HTTP {answer.status}\n{'(base64) ' if answer.encoded else ''}{body}"


def _seen_at(entry: Entry, detail: Detail) -> tuple[Part, ...]:
    """Give the trial's own time where there is room for it: virtual days pass in a trial."""
    return (Part("at", shown(entry.at.isoformat(), 40)),) if detail.whole else ()
