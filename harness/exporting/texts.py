"""What an agent wrote, made fit for a table, a page or a file that other programs read: shown, and never obeyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from askfirst.harness.errors import UsageError
from askfirst.harness.report.timeline import plain, timeline
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.exporting.base import Subject

FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20|%")
"""How a cell begins that some spreadsheet calculates, in both widths."""
DELETION = "never-chose-deletion"
REASON = 600
LINES = 400


def cell(text: str, most: int = REASON) -> str:
    """Give a text for a cell of a table of values: a spreadsheet that opens it calculates nothing."""
    shown = plain(text, most)
    return f"'{shown}" if shown[:1] in FORMULA else shown


def code(text: str, most: int = 120) -> str:
    """Give a text as code in Markdown, in a table too: nothing in it is markup, a link or somebody's name.

    A code span ends at a backtick and a cell at a bar, whatever stands before them; so both are drawn otherwise.
    """
    shown = plain(text, most).replace("`", "\u02cb").replace("|", "\u00a6")
    return f"`{shown}`" if shown.strip() else ""


def reasons(one: Subject) -> list[tuple[str, str, str]]:
    """Give what kept a trial from passing: oracle, code and sentence, the worst first.

    Sentences come from the history. Where today's oracles see it otherwise than what was concluded, the code stands alone.
    """
    summary = one.stored.summary
    bad = {
        name: found for name, found in summary.findings.items() if found.verdict != Verdict.PASS.value and found.tested
    }
    if not bad:
        return []
    try:
        trial = one.trial
        sentences = {name: trial.findings[name] for name in bad if name in trial.findings}
        gates = trial.history.header.gates
    except UsageError:
        sentences, gates = {}, tuple(bad)
    told = []
    for name, found in bad.items():
        now = sentences.get(name)
        because = ""
        if now is not None and (now.verdict.value, now.code) == (found.verdict, found.code):
            because = now.because
        told.append((name, found.code, because))
    order = {Verdict.FAIL.value: 0, Verdict.INCONCLUSIVE.value: 1}
    told = [each for each in told if each[0] in gates]
    return sorted(told, key=lambda each: (order.get(bad[each[0]].verdict, 2), each[0] != DELETION, each[0]))


def story(one: Subject) -> str:
    """Give the timeline of a trial, cut where it is long; '' where no history was kept."""
    try:
        history = one.read()
    except UsageError:
        return ""
    lines = timeline(history).splitlines()
    left = [f"({len(lines) - LINES} more lines)"] if len(lines) > LINES else []
    return "\n".join([*lines[:LINES], *left])
