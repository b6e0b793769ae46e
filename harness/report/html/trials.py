"""The page of one trial: one renderer, for a file of its own and for the drawer of a benchmark."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from askfirst.harness.fidelity import touched
from askfirst.harness.report.html.lines import LANES, timeline_of
from askfirst.harness.report.html.pages import page, rendered
from askfirst.harness.report.html.texts import WHOLE, Detail
from askfirst.harness.report.html.world import world_of
from askfirst.harness.report.losses import loss_line
from askfirst.harness.report.terminal import LOSSES_SHOWN, deciding, first_violation
from askfirst.harness.report.timeline import LONG, plain, replay_command

if TYPE_CHECKING:
    from askfirst.harness.trial import Trial


def trial_part(trial: Trial, *, again: str = "", detail: Detail = WHOLE) -> str:
    """Give what a page shows of a trial, as HTML without head; everything an agent wrote is escaped.

    `again` is the command that runs the trial again, '' where it cannot be named on a command line.
    """
    from markupsafe import Markup

    history, gates = trial.history, trial.history.header.gates
    marked = first_violation(trial)
    losses = Counter(
        plain(loss_line(loss), LONG) for loss in dict.fromkeys(x for one in deciding(trial) for x in one.losses)
    )
    findings = sorted(trial.findings.values(), key=lambda one: one.oracle not in gates)
    timeline = timeline_of(history, marked, detail)
    text = rendered(
        "trial_part.html.j2",
        trial=trial,
        identity=history.header.identity,
        agent=plain(history.header.identity.agent),
        versions=history.header.versions if detail.whole else {},
        findings=[(one, plain(one.because, LONG if detail.whole else 280), one.oracle in gates) for one in findings],
        first=marked[0] if marked else 0,
        lanes=LANES,
        timeline=timeline,
        world=world_of(history, detail),
        losses=list(losses.items())[:LOSSES_SHOWN],
        losses_more=max(0, len(losses) - LOSSES_SHOWN),
        faults=[(one, [plain(fate, LONG) for fate in one.became]) for one in trial.faults],
        differences=touched(history) if detail.whole else (),
        again=plain(again, LONG),
        whole=detail.whole,
    )
    return Markup(text)  # noqa: S704 - comes out of a template that has escaped all of it


def trial_page(trial: Trial) -> str:
    """Give a whole file for one trial. It has no script, so there is nothing in it that could run."""
    again = replay_command(trial.history, plan=str(trial.path or ""))
    title = f"{trial.verdict.value}: {plain(trial.history.header.identity.agent)} in {trial.history.header.identity.scenario}"
    return page("trial.html.j2", script=False, title=title, part=trial_part(trial, again=again))
