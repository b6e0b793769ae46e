"""The timeline of a trial as plain text: calls, requests, decisions, changes, with the first violation marked.

Everything an agent wrote is hostile input: control characters are shown, not obeyed, and long texts are cut.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from askfirst.harness.events import (
    AgentReturned,
    AgentSaid,
    AgentStarted,
    CallEnded,
    CallStarted,
    Checked,
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
    Reply,
    Requested,
    Revoked,
    Said,
    Sandboxed,
    Slept,
    Trouble,
    TurnEnded,
    WorkspaceChanged,
    WorldChanged,
)
from askfirst.harness.history import History
from askfirst.harness.operations.table import Level
from askfirst.harness.policy import Limits
from askfirst.harness.printable import printable
from askfirst.harness.records import Author, Blob, Change, Coverage, Outcome

if TYPE_CHECKING:
    from askfirst.harness.trial import Trial
    from askfirst.harness.verdict import Finding

WIDTH = 160
LONG = 600
"""For what must not be cut: the reason of a finding, the report of an agent."""
CHANGES_SHOWN = 4
WORD_WIDTH = len("permission")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: the event's number, the time since the start, a short word for what it is, and the text."""

    seq: int
    after: timedelta
    word: str
    text: str
    weight: str
    """'quiet' for reads, 'notable' for changes and talk, 'bad' for deletions, refusals and trouble."""


def plain(text: str, width: int = WIDTH) -> str:
    """Make a text fit for one line of a terminal: control and direction characters as escapes, the rest cut."""
    start = text.strip()[: width + 1]
    shown = printable(start)
    return shown if len(shown) <= width else f"{shown[: width - 1]}…"


def rows(history: History) -> Iterator[Row]:
    """Go through the events that a reader wants to see, in order."""
    ends = {(end.call, end.attempt): end for _, end in history.of(CallEnded)}
    for entry in history.entries:
        row = row_of(entry, ends, history.header.started, history.text)
        if row is not None:
            yield row


Told = tuple[str, str, str]
"""The word, the text and the weight of a line."""


Text = Callable[[str | Blob], str]
"""Gives a text that may be kept by digest."""


def row_of(entry: Entry, ends: Mapping[tuple[str, int], CallEnded], started: datetime, text_of: Text) -> Row | None:
    """Give the row of one event, None for what a reader does not want to see; `ends` are the calls that have ended."""
    event = entry.event
    if isinstance(event, CallStarted):
        told = _call(event, ends.get((event.call, event.attempt))) if event.author is Author.AGENT else None
    else:
        told = _of_agent(event, text_of) or _of_people(event) or _of_trial(event)
    if told is None:
        return None
    word, text, weight = told
    shown = plain(text, LONG if word == "report" else WIDTH)
    return Row(entry.seq, entry.at - started, word, shown, weight)


def _of_agent(event: Event, text_of: Text) -> Told | None:
    match event:
        case AgentStarted(task):
            return "task", task.strip().splitlines()[0], "notable"
        case AgentReturned(report):
            return "report", text_of(report).strip() or "(nothing)", "notable"
        case TurnEnded(text, asks):
            said = text_of(text).strip()
            return ("turn", f"asks: {asks} · {said}", "quiet") if said else None
        case Requested(scope=scope) as asked:
            what = ", ".join(scope.actions or asked.actions) or "nothing named"
            on = ", ".join(scope.resources or asked.resources)
            text = f"{asked.request} by {asked.asked_by.value}: {what}{f' on {on}' if on else ''}"
            return "ask", text, "notable"
        case AgentSaid(text):
            return "said", text_of(text).strip(), "quiet"
        case Slept(seconds):
            return "sleep", f"{seconds:g} s", "quiet"
        case EgressRefused(address):
            return "egress", f"refused: {address}", "bad"
        case Sandboxed(walls, watched, because):
            seen = "every program that is started is read" if watched else "programs are not read"
            return (
                "sandbox",
                f"walls; {seen}" if walls else f"no walls ({because}); {seen}",
                "quiet" if walls else "notable",
            )
        case CommandStarted() as command:
            return "command", shlex.join(command.arguments), "bad" if command.destroys else "notable"
        case NeverSent() as call:
            text = f"{call.action} was refused by the client: {call.error}"
            return "unsent", text, "bad" if call.operation_class == "delete" else "quiet"
        case WorkspaceChanged(changes, because):
            lost = any(one.effect.destroys for one in changes)
            return "files", f"{because}: {_changes(changes)}", "bad" if lost else "notable"
        case _:
            return None


def _of_people(event: Event) -> Told | None:
    match event:
        case ModelUsed(read, written):
            return "model", f"{read} tokens read, {written} written", "quiet"
        case ModelTurn(turn, attempt, api, model, outcome, fault):
            again = f", attempt {attempt}" if attempt > 1 else ""
            text = f"turn {turn}{again} of {model} ({api}): {outcome}{f' · {fault}' if fault else ''}"
            return "model", text, "bad" if fault else "quiet"
        case MessageRefused(channel, because, text):
            return "refused", f"no request, by {channel}: {because}: {text}", "bad"
        case Decided() as said:
            who = said.person or "nobody"
            void = "" if said.counts or not said.person else " (does not count)"
            reason = f", “{said.reason}”" if said.reason else ""
            weight = "notable" if said.reply is Reply.APPROVED else "bad"
            return "answer", f"{said.request} {who}: {said.reply.value}{void}{reason}", weight
        case GateAnswered() as answered:
            verdict = "let through" if answered.allowed else "refused"
            return "gate", f"{verdict}: {answered.words} · {answered.because}", "quiet" if answered.allowed else "bad"
        case Granted(grant):
            return "grant", f"{grant.id} {', '.join(grant.actions)} on {', '.join(grant.resources)}", "notable"
        case Said(person, text):
            return "said", f"{person}: “{text}”", "notable"
        case Revoked() as revoked:
            return "revoke", f"{revoked.grant} by {revoked.person}: {revoked.reason}", "notable"
        case _:
            return None


def _of_trial(event: Event) -> Told | None:
    match event:
        case FaultFired() as fired:
            return "fault", f"{fired.fault} ({fired.site}): {fired.what}", "notable"
        case WorldChanged(changes, because):
            return "world", f"{because}: {_changes(changes)}", "notable"
        case Trouble() as trouble:
            return "trouble", f"{trouble.trouble.value}: {trouble.because}", "bad"
        case Checked() as checked:
            return "check", checked.because, "notable"
        case _:
            return None


def _call(call: CallStarted, end: CallEnded | None) -> Told:
    names = ", ".join(dict.fromkeys(target.name for target in call.targets))
    parts = [f"{call.action}{f' {names}' if names else ''}"]
    if call.attempt > 1:
        parts.append(f"attempt {call.attempt}")
    if end is None:
        parts.append("no answer recorded")
    elif end.outcome is Outcome.OK:
        parts.append("ok" if end.applied else "ok, though it was not applied")
    else:
        parts.append(f"{end.outcome.value} {end.error}: {end.message}"[:90])
    if end and end.coverage is not None:
        parts.append(_coverage(end.coverage))
    if call.late:
        parts.append("after the agent returned")
    if end and end.changes:
        parts.append(_changes(end.changes))
    level = Level[call.level.upper()]
    lost = bool(end and any(one.effect.destroys for one in end.changes))
    weight = "bad" if level is Level.DESTROY or lost else "quiet" if level < Level.EXECUTE else "notable"
    return (call.level if not lost else "destroy"), " · ".join(parts), weight


def _coverage(coverage: Coverage) -> str:
    """Say which grants covered a call, or that none did, with the code of the nearest miss."""
    if coverage.covered:
        return f"covered by {', '.join(coverage.grants)}"
    return f"NO GRANT ({coverage.miss.value})" if coverage.miss else "NO GRANT"


def _changes(changes: tuple[Change, ...]) -> str:
    """Say what changed: the worst first, a few by name, the rest by number."""
    ordered = sorted(changes, key=lambda one: (not one.effect.destroys, one.arn))
    shown = [f"{one.arn.rsplit(':', 1)[-1]} {one.effect.value}" for one in ordered[:CHANGES_SHOWN]]
    more = [f"and {len(ordered) - CHANGES_SHOWN} more"] if len(ordered) > CHANGES_SHOWN else []
    return "[" + ", ".join([*shown, *more]) + "]"


def since(passed: timedelta) -> str:
    """Write a time since the start: '+3.2s', '+12m05s', '+2h00m'."""
    seconds = passed.total_seconds()
    if seconds < 60:
        return f"+{seconds:.1f}s"
    if seconds < 3600:
        return f"+{int(seconds // 60)}m{int(seconds % 60):02d}s"
    return f"+{int(seconds // 3600)}h{int(seconds % 3600 // 60):02d}m"


class Paint(Protocol):
    """Gives a line in the colour of its weight, or as it is; `first` is the first violation."""

    def __call__(self, line: str, weight: str, *, first: bool) -> str:
        """Paint it."""
        ...


def unpainted(line: str, weight: str, *, first: bool) -> str:
    """Give a line as it is."""
    del weight, first
    return line


def timeline(history: History, marked: tuple[int, ...] = (), paint: Paint = unpainted) -> str:
    """Give the whole timeline as text; runs of plain reads are folded, the first of `marked` gets an arrow."""
    lines: list[str] = []
    quiet: list[Row] = []

    def add(row: Row) -> None:
        lines.append(paint(line_of(row, marked), row.weight, first=row.seq in marked[:1]))

    def fold() -> None:
        if len(quiet) <= 3:  # a few reads are worth their lines
            for row in quiet:
                add(row)
        else:
            add(quiet[0])
            folded = f"      {'':>9}  {'…':<{WORD_WIDTH}} {len(quiet) - 2} more calls that change nothing"
            lines.append(paint(folded, "quiet", first=False))
            add(quiet[-1])
        quiet.clear()

    for row in rows(history):
        if row.weight == "quiet" and row.seq not in marked:
            quiet.append(row)
        else:
            fold()
            add(row)
    fold()
    return "\n".join(lines)


def line_of(row: Row, marked: tuple[int, ...] = ()) -> str:
    """Write a row; the first of `marked` gets an arrow."""
    arrow = ">" if row.seq in marked[:1] else " "
    word = row.word.upper() if row.weight == "bad" else row.word
    return f"{arrow}{row.seq:>4} {since(row.after):>9}  {word:<{WORD_WIDTH}} {row.text}"


def replay_command(history: History, given: str = "", plan: str = "") -> str:
    """Give the command that runs the trial again, or '' where agent, scenario or plan cannot be named on a command line.

    `given` is how the scenario was named, where that was a file; `plan` the file of the fault plan or of the history.
    """
    identity = history.header.identity
    scheme, _, argument = identity.agent.partition(":")
    if not argument or (scheme == "python" and not _importable(argument)):
        return ""
    from askfirst.harness.registry import scenarios

    if not given and identity.scenario not in scenarios():
        return ""
    words = ["askfirst", "run", given or identity.scenario, "--agent", identity.agent, "--seed", str(identity.seed)]
    if identity.arm != "base":
        words += ["--arm", identity.arm]
    if identity.plan:
        if not plan:
            return ""
        words += ["--faults", plan]
    if identity.limits.seconds != Limits().seconds:
        words += ["--seconds", f"{identity.limits.seconds:g}"]
    return shlex.join(words)


def _importable(argument: str) -> bool:
    """Tell whether `python:module:function` would find its function from the folder one stands in."""
    module, _, function = argument.rpartition(":")
    if not function.isidentifier() or not module:
        return False
    beside = Path(*module.split("."))
    if beside.with_suffix(".py").is_file() or (beside / "__init__.py").is_file():
        return True
    loaded = sys.modules.get(module)
    return "site-packages" in (getattr(loaded, "__file__", None) or "")


def explain(trial: Trial, finding: Finding) -> str:
    """Give what the reader of a failed finding needs: the timeline, the call marked, and how to run it again."""
    history = trial.history
    marked = finding.events or finding.tainted
    again = replay_command(history, plan=str(trial.path or "")) or "the same test; the same seed gives the same trial"
    return f"{timeline(history, marked)}\nrun it again: {again}"
