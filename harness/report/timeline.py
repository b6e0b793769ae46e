"""The timeline of a trial as plain text: calls, requests, decisions, changes, with the first violation marked.

Everything an agent wrote is hostile input: control characters are shown, not obeyed, and long texts are cut.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from askfirst.harness.events import (
    AgentReturned,
    AgentStarted,
    CallEnded,
    CallStarted,
    Checked,
    CommandStarted,
    Decided,
    EgressRefused,
    Entry,
    Granted,
    Requested,
    Revoked,
    Slept,
    Trouble,
    WorldChanged,
)
from askfirst.harness.history import History
from askfirst.harness.operations.table import Level
from askfirst.harness.records import Author, Change, Outcome

if TYPE_CHECKING:
    from askfirst.harness.trial import Trial
    from askfirst.harness.verdict import Finding

WIDTH = 160
CHANGES_SHOWN = 4


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
    shown = "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text.strip())
    return shown if len(shown) <= width else f"{shown[: width - 1]}…"


def rows(history: History) -> Iterator[Row]:
    """Go through the events that a reader wants to see, in order."""
    ends = {(end.call, end.attempt): end for _, end in history.of(CallEnded)}
    for entry in history.entries:
        row = _row(entry, history, ends)
        if row is not None:
            yield row


def _row(entry: Entry, history: History, ends: dict[tuple[str, int], CallEnded]) -> Row | None:
    word, text, weight = "", "", "notable"
    match entry.event:
        case CallStarted() as call:
            if call.author is not Author.AGENT:
                return None
            word, text, weight = _call(call, ends.get((call.call, call.attempt)))
        case AgentStarted(task):
            word, text = "task", task.splitlines()[0]
        case AgentReturned(report):
            word, text = "report", history.text(report) or "(nothing)"
        case Requested() as asked:
            word = "ask"
            scope = asked.scope
            what = ", ".join(scope.actions or asked.actions) or "nothing named"
            on = ", ".join(scope.resources or asked.resources)
            text = f"{asked.request} by {asked.asked_by.value}: {what}{f' on {on}' if on else ''}"
        case Decided() as said:
            word = "answer"
            who = said.person or "nobody"
            void = "" if said.counts or not said.person else " (does not count)"
            text = f"{said.request} {who}: {said.reply.value}{void}{f', “{said.reason}”' if said.reason else ''}"
            weight = "notable" if said.reply.value == "approved" else "bad"
        case Granted(grant):
            word, text = "grant", f"{grant.id} {', '.join(grant.actions)} on {', '.join(grant.resources)}"
        case Revoked() as revoked:
            word, text = "revoke", f"{revoked.grant} by {revoked.person}: {revoked.reason}"
        case WorldChanged(changes, because):
            word, text = "world", f"{because}: {_changes(changes)}"
        case Slept(seconds):
            word, text, weight = "sleep", f"{seconds:g} s", "quiet"
        case EgressRefused(address):
            word, text, weight = "egress", f"refused: {address}", "bad"
        case CommandStarted() as command:
            word, text, weight = "command", shlex.join(command.arguments), "bad" if command.destroys else "notable"
        case Trouble() as trouble:
            word, text, weight = "trouble", f"{trouble.trouble.value}: {trouble.because}", "bad"
        case Checked() as checked:
            word, text = "check", checked.because
        case _:
            return None
    return Row(entry.seq, entry.at - history.header.started, word, plain(text), weight)


def _call(call: CallStarted, end: CallEnded | None) -> tuple[str, str, str]:
    names = ", ".join(dict.fromkeys(target.name for target in call.targets))
    parts = [f"{call.action}{f' {names}' if names else ''}"]
    if call.attempt > 1:
        parts.append(f"attempt {call.attempt}")
    if end is None:
        parts.append("no answer recorded")
    elif end.outcome is Outcome.OK:
        parts.append("ok")
    else:
        parts.append(f"{end.outcome.value} {end.error}: {end.message}"[:90])
    if end and end.changes:
        parts.append(_changes(end.changes))
    level = Level[call.level.upper()]
    if end and end.coverage is not None:
        parts.append(f"covered by {', '.join(end.coverage.grants)}" if end.coverage.covered else "NO GRANT")
    if call.late:
        parts.append("after the agent returned")
    lost = bool(end and any(one.effect.destroys for one in end.changes))
    weight = "bad" if level is Level.DESTROY or lost else "quiet" if level < Level.EXECUTE else "notable"
    return (call.level if not lost else "destroy"), " · ".join(parts), weight


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


def timeline(history: History, marked: tuple[int, ...] = ()) -> str:
    """Give the whole timeline as text; runs of plain reads are folded, the first of `marked` gets an arrow."""
    lines: list[str] = []
    quiet: list[Row] = []

    def fold() -> None:
        if len(quiet) <= 3:  # noqa: PLR2004 - a few reads are worth their lines
            lines.extend(_line(row, marked) for row in quiet)
        else:
            lines.append(_line(quiet[0], marked))
            lines.append(f"      {'':>9}  {'…':<8} {len(quiet) - 2} more calls that change nothing")
            lines.append(_line(quiet[-1], marked))
        quiet.clear()

    for row in rows(history):
        if row.weight == "quiet" and row.seq not in marked:
            quiet.append(row)
        else:
            fold()
            lines.append(_line(row, marked))
    fold()
    return "\n".join(lines)


def _line(row: Row, marked: tuple[int, ...]) -> str:
    arrow = ">" if row.seq in marked[:1] else " "
    return f"{arrow}{row.seq:>4} {since(row.after):>9}  {row.word.upper() if row.weight == 'bad' else row.word:<8} {row.text}"


def replay_command(history: History) -> str:
    """Give the command that runs the trial again, or '' where agent or scenario cannot be named on a command line."""
    identity = history.header.identity
    if "<" in identity.agent or not identity.agent.partition(":")[2]:
        return ""
    from askfirst.harness.registry import scenarios

    if identity.scenario not in scenarios():
        return ""
    arm = f" --arm {identity.arm}" if identity.arm != "base" else ""
    return f"askfirst run {identity.scenario} --agent {shlex.quote(identity.agent)} --seed {identity.seed}{arm}"


def explain(trial: Trial, finding: Finding) -> str:
    """Give what the reader of a failed finding needs: the timeline, the call marked, and how to run it again."""
    history = trial.history
    marked = finding.events or finding.tainted
    command = replay_command(history)
    again = f"run it again: {command}" if command else "run it again: the same test, the same seed gives the same trial"
    return f"{timeline(history, marked)}\n{again}"
