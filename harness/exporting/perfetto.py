"""`perfetto`: one trial as a trace of Chrome, for ui.perfetto.dev: a lane each for calls, people, faults, talk and the world.

Times are the trial's own. What takes no time is shown as an instant, a request lasts until its last answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import IO, TYPE_CHECKING

from askfirst.harness.events import CallStarted, Decided, Requested
from askfirst.harness.exporting.base import Form, Subject
from askfirst.harness.report.timeline import plain, rows

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import JsonValue

    from askfirst.harness.history import History

LANES = (
    "AWS calls of the agent",
    "AWS calls of others",
    "requests",
    "answers and gates",
    "faults",
    "agent",
    "world",
    "trouble",
)
CALLS, OTHERS, REQUESTS = 1, 2, 3
LANE_OF = {
    "answer": 4, "grant": 4, "said": 6, "gate": 4, "revoke": 4, "refused": 4,
    "fault": 5, "world": 7, "check": 7, "trouble": 8, "egress": 8,
}  # fmt: skip
"""The lane of a word of the timeline; all others are the agent's."""


def write(subjects: Sequence[Subject], file: IO[bytes]) -> None:
    """Write the trace."""
    one = subjects[0]
    events = [*_names(one), *_spans(one.read()), *_instants(one.read())]
    verdict = {"verdict": one.stored.summary.verdict, "trial": one.id}
    file.write(json.dumps({"traceEvents": events, "displayTimeUnit": "ms", "otherData": verdict}).encode())
    file.write(b"\n")


Told = dict[str, "JsonValue"]


def _names(one: Subject) -> Iterator[Told]:
    stored = one.stored
    title = plain(f"{stored.label} in {stored.scenario}, seed {stored.seed}: {stored.summary.verdict}")
    yield {"ph": "M", "pid": 1, "tid": 0, "name": "process_name", "args": {"name": title}}
    for lane, name in enumerate(LANES, start=1):
        yield {"ph": "M", "pid": 1, "tid": lane, "name": "thread_name", "args": {"name": name}}
        yield {"ph": "M", "pid": 1, "tid": lane, "name": "thread_sort_index", "args": {"sort_index": lane}}


def _spans(history: History) -> Iterator[Told]:
    started = history.header.started
    at = {entry.seq: entry.at for entry in history.entries}
    for call in history.calls:
        end = call.end
        outcome = f"{end.outcome.value} {end.error}".strip() if end else "no answer recorded"
        yield {
            "ph": "X",
            "pid": 1,
            "tid": CALLS if call.start.author.of_agent else OTHERS,
            "ts": _micro(call.at, started),
            "dur": _micro(at.get(call.end_seq, call.at), call.at),
            "cat": call.start.level,
            "name": plain(call.start.action),
            "args": {
                "event": call.seq,
                "author": call.start.author.value,
                "targets": [plain(one.arn or one.name) for one in call.start.targets],
                "outcome": plain(outcome),
                "granted": end.coverage.covered if end and end.coverage else None,
                "changes": [plain(f"{one.arn} {one.effect.value}") for one in end.changes[:20]] if end else [],
            },
        }
    answered = {said.request: entry.at for entry, said in history.of(Decided)}
    for entry, asked in history.of(Requested):
        yield {
            "ph": "X",
            "pid": 1,
            "tid": REQUESTS,
            "ts": _micro(entry.at, started),
            "dur": _micro(answered.get(asked.request, entry.at), entry.at),
            "cat": "request",
            "name": plain(f"{asked.request}: {', '.join(asked.scope.actions or asked.actions)}"),
            "args": {"event": entry.seq, "by": asked.asked_by.value, "reason": plain(asked.reason, 600)},
        }


def _instants(history: History) -> Iterator[Told]:
    drawn = {entry.seq for entry in history.entries if isinstance(entry.event, CallStarted | Requested)}
    for row in rows(history):
        if row.seq not in drawn:
            yield {
                "ph": "i",
                "s": "t",
                "pid": 1,
                "tid": LANE_OF.get(row.word, 6),
                "ts": row.after.total_seconds() * 1e6,
                "cat": row.weight,
                "name": f"{row.word}: {plain(row.text, 80)}",
                "args": {"event": row.seq, "text": row.text},
            }


def _micro(at: datetime, since: datetime) -> float:
    return max((at - since).total_seconds() * 1e6, 0.0)


FORM = Form(
    name="perfetto", summary="one trial as a trace, for ui.perfetto.dev", write=write, suffix=".json", single=True
)
