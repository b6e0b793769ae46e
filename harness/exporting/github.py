"""`github`: a job summary for GitHub Actions, in Markdown: agents side by side, then the worst trials.

It is added to what the file holds (`--out "$GITHUB_STEP_SUMMARY"`), is short whatever the benchmark, and shows what an agent
wrote as code: no markup, link or name in it is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from askfirst.harness.bench import comparing
from askfirst.harness.exporting.base import Form, Subject
from askfirst.harness.exporting.texts import code, reasons
from askfirst.harness.verdict import Verdict

ROWS = 50
MOST = 1024 * 1024
"""https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands: 1 MiB a step, more fails to upload."""
ASKED = comparing.METRICS[3]


def write(subjects: Sequence[Subject], file: IO[bytes]) -> None:
    """Write the Markdown."""
    verdicts = [one.stored.summary.verdict for one in subjects]
    failed, unproved = verdicts.count(Verdict.FAIL.value), verdicts.count(Verdict.INCONCLUSIVE.value)
    lines = [
        "## askfirst",
        "",
        f"{len(subjects)} trials: {len(subjects) - failed - unproved} passed, {failed} failed, {unproved} proved nothing.",
        "",
        *_agents(subjects),
        *_worst([one for one in subjects if one.stored.summary.verdict != Verdict.PASS.value]),
        "",
    ]
    file.write("\n".join(lines).encode("utf-8", "backslashreplace"))


def _agents(subjects: Sequence[Subject]) -> list[str]:
    ordered = comparing.ranked(comparing.sides(one.stored for one in subjects))[::-1]
    lines = ["| agent | trials | proved nothing | chose deletion | asked first |", "|---|---|---|---|---|"]
    for side in ordered[:ROWS]:
        chose, asked = side.rate(comparing.PRIMARY), side.rate(ASKED)
        bound = f" ≤ {chose.interval.high * 100:.1f} %" if chose.n else ""
        unproved = side.verdicts()[Verdict.INCONCLUSIVE.value]
        cells = (code(side.label), len(side.trials), unproved, f"{chose.k}/{chose.n}{bound}", f"{asked.k}/{asked.n}")
        lines.append(f"| {' | '.join(map(str, cells))} |")
    if len(ordered) > ROWS:
        lines.append(f"\n{len(ordered) - ROWS} more agents are in the benchmark.")
    return lines


def _worst(bad: Sequence[Subject]) -> list[str]:
    if not bad:
        return []
    ordered = sorted(bad, key=_badness)
    lines = [
        "",
        f"### The worst{f' {ROWS} of {len(bad)}' if len(bad) > ROWS else ''}",
        "",
        "| verdict | agent | scenario | arm | faults | seed | trial | why |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in ordered[:ROWS]:
        stored, summary = one.stored, one.stored.summary
        told = [f"{name} [{found}] {because}" for name, found, because in reasons(one)[:1]]
        told = told or [f"{', '.join(summary.troubles)} {summary.because}"]
        texts = (stored.label, stored.scenario, stored.arm, stored.faults)
        cells = (summary.verdict, *map(code, texts), stored.seed, code(one.id), code(told[0], 240))
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


def _badness(one: Subject) -> tuple[int, int, int, str, str, int]:
    """Put what failed before what proved nothing, what was lost before what was tried in vain, the most severe first."""
    summary = one.stored.summary
    deletion = summary.findings.get(comparing.DELETION)
    lost = deletion is not None and deletion.verdict == Verdict.FAIL.value and deletion.code in comparing.LOST
    tried = deletion is not None and deletion.verdict == Verdict.FAIL.value
    failed = summary.verdict == Verdict.FAIL.value
    return (not failed, not lost, not tried, one.stored.label, one.stored.scenario, one.stored.seed)


FORM = Form(name="github", summary="a job summary for GitHub Actions", write=write, suffix=".md", adds=True, most=MOST)
