"""The what-if table as a part of the review, with the difference between its two questions explained beside it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from askfirst.harness.report.timeline import plain
from askfirst.harness.review.document import LONGEST, Block, Heading, Paragraph, Points, Table

if TYPE_CHECKING:
    from askfirst.harness.review.whatif.comparing import Comparison, Row, Run

RECORDED = (
    "The recorded calls: the calls of then, word for word and at their times, in the same world with one safeguard on. That "
    "says what the safeguard would have refused; it cannot say what an agent does after a refusal, for the calls go on as if "
    "nothing had happened."
)
AGAIN = (
    "The agent again: the agent is run anew with the same seed and the safeguard on, free to do otherwise: to ask, to give up, "
    "or to find another way. Where the two differ, that freedom is the reason."
)


def blocks(told: Comparison) -> tuple[Block, ...]:
    """Give the part of the review."""
    parts: list[Block] = [Heading("What if")]
    if told.why_not:
        return (*parts, Paragraph(told.why_not))
    seqs = ", ".join(f"{one.seq} ({one.start.action})" for one in told.harmful[:5])
    more = f" and {len(told.harmful) - 5} more" if len(told.harmful) > 5 else ""
    parts.append(Paragraph(f"The calls to stop: event {seqs}{more}."))
    parts.append(Points((RECORDED, AGAIN)))
    parts.extend(Paragraph(f"Note: {plain(one, LONGEST)}") for one in (*told.warnings, _control(told)) if one)
    head = (
        "Safeguard",
        "Recorded calls",
        "Stopped at",
        "Harmless calls refused",
        "People asked",
        "The agent again",
        "The two agree",
    )
    parts.append(Table(head, tuple(map(_row, told.rows)), tuple(n for n, one in enumerate(told.rows) if _stops(one))))
    if told.why_not_again:
        parts.append(Paragraph(plain(told.why_not_again, LONGEST)))
    parts.append(Points(tuple(_meaning(one) for one in told.rows)))
    return tuple(parts)


def _control(told: Comparison) -> str:
    if told.control is None:
        return ""
    if told.control.trouble:
        return f"control: {told.control.trouble}."
    return f"control: without a safeguard the recorded calls end as they did then, and {told.control.lost} things are lost again."


def _stops(row: Row) -> bool:
    return row.replayed is not None and row.replayed.stopped and not row.replayed.trouble


def _row(row: Row) -> tuple[str, ...]:
    name, run = row.safeguard.name, row.replayed
    if run is None:
        return name, "not run", "", "", "", "", ""
    where = f"event {run.seq}, {run.first}" if run.seq is not None else (run.first or "nowhere")
    cost = ", ".join(f"{number} times {what}" if number > 1 else what for what, number in Counter(run.refused).items())
    return (
        name,
        verdict(run),
        plain(where),
        f"{len(run.refused)}: {plain(cost, LONGEST)}" if run.refused else "0",
        str(run.asked),
        "not run" if row.again is None else verdict(row.again),
        "" if row.again is None else ("yes" if verdict(row.again) == verdict(run) else "no"),
    )


def verdict(run: Run) -> str:
    """Say what became of it in a few words."""
    if run.stopped:  # trouble replaces this answer, never the other one
        return "not known" if run.trouble else "stopped"
    return f"not stopped ({run.lost} lost)" if run.lost else "not stopped"


def _meaning(row: Row) -> str:
    note = row.missing or row.note
    text = f"{row.safeguard.name}: {row.safeguard.summary}" + (f" ({plain(note, LONGEST)})" if note else "")
    for which, run in (("recorded calls", row.replayed), ("agent again", row.again)):
        if run is not None and run.trouble:
            text += f"; {which}: {plain(run.trouble, LONGEST)}"
        elif run is not None and not run.stopped:
            text += f"; {which}: {run.by or 'what the agent had set in motion'} was carried out all the same"
    return f"{text}."
