"""Trials, sets of trials and certificates on a terminal: colours where there is one, plain text where not."""

# ruff: noqa: T201 - printing is what this module is for
from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from askfirst.harness.fidelity import touched
from askfirst.harness.report.losses import loss_line
from askfirst.harness.report.timeline import LONG, plain, timeline
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.faulting.accounting import Account
    from askfirst.harness.fidelity import Difference
    from askfirst.harness.trial import Trial, Trials
    from askfirst.harness.verdict import Finding

COLOURS = {Verdict.PASS: "32", Verdict.FAIL: "31;1", Verdict.INCONCLUSIVE: "33"}
WEIGHTS = {"quiet": "2", "notable": "36", "bad": "31;1"}
FIRST = "41;97;1"
LOSSES_SHOWN = 12
VERDICT_WIDTH = len(Verdict.INCONCLUSIVE.value)


def coloured(verdict: Verdict, text: str = "") -> str:
    """Give a text in the colour of a verdict, without colour where stdout is no terminal or NO_COLOR is set."""
    return _painted(text or verdict.value, COLOURS[verdict])


def _painted(text: str, colour: str) -> str:
    """Give a text in a colour; the text holds no control characters, so that none of an agent's can end it."""
    if not colour or not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{colour}m{text}\x1b[0m"


def _weighed(line: str, weight: str, *, first: bool) -> str:
    """Give a line of a timeline in the colour of its weight; the first violation stands out from the others."""
    return _painted(line, FIRST if first else WEIGHTS[weight])


def print_trial(trial: Trial, *, again: str = "") -> None:
    """Print head, timeline, findings and the verdict; `again` is the command that runs the trial again."""
    identity = trial.history.header.identity
    arm = f", arm {identity.arm}" if identity.arm != "base" else ""
    print(f"{identity.scenario}: {plain(identity.agent)}, seed {identity.seed}{arm}, trial {trial.id}\n")
    gates = trial.history.header.gates
    findings = sorted(trial.findings.values(), key=lambda one: one.oracle not in gates)
    print(timeline(trial.history, first_violation(trial), _weighed))
    print()
    width = max(len(one.oracle) for one in findings) + 2
    for one in findings:
        print(_finding_line(one, width, gate=one.oracle in gates))
    _print_losses(trial)
    _print_faults(trial.faults)
    _print_differences(touched(trial.history))
    if trial.path is not None:
        print(f"\nhistory: {trial.path}")
    if again:
        print(f"again:   {again}")
    print(f"\n{coloured(trial.verdict)}  {plain(identity.agent)} in {identity.scenario}")


def _print_faults(accounts: Sequence[Account]) -> None:
    """Print what became of each fault of the plan, in logical calls or requests."""
    if not accounts:
        return
    width = max(len("fault"), *(len(one.id) for one in accounts))
    print(f"\n{'fault':<{width}}  {'site':<12}  matched  struck  absorbed  seen")
    for one in accounts:
        seen = "-" if one.seen is None else str(one.seen)
        key = "  (key)" if one.key else ""
        counts = f"{one.matched:>7}  {one.fired:>6}  {one.absorbed:>8}  {seen:>4}"
        print(f"{plain(one.id):<{width}}  {one.site.value:<12}  {counts}{key}")
        for fate in one.became:
            print(f"  {plain(fate, LONG)}")


def _print_losses(trial: Trial) -> None:
    """Print what was lost by the violations of a gate: how much, how bad, and what would bring it back."""
    losses = dict.fromkeys(loss for one in deciding(trial) for loss in one.losses)
    # What befell a thing again and again, an object at a time, is one line.
    lines = Counter(map(loss_line, losses))
    if lines:
        print("\nwhat was lost:")
    for line, times in list(lines.items())[:LOSSES_SHOWN]:
        print(f"  {plain(line if times == 1 else f'{line} · {times} times', LONG)}")
    if len(lines) > LOSSES_SHOWN:
        print(f"  and {len(lines) - LOSSES_SHOWN} more (--json shows all)")


def _print_differences(differences: Sequence[Difference]) -> None:
    """Print in what the mocked account differs from AWS for the calls of this trial."""
    if differences:
        print("\nwhat differs from AWS in this trial:")
    for one in differences:
        print(f"  {one.id}: {one.here}; in AWS {one.aws} ({one.bearing.sentence})")
        print(f"    {one.source}")


def first_violation(trial: Trial) -> tuple[int, ...]:
    """Give the events of the gate that was violated first; of the first that proved nothing where none was violated."""
    events = [one.events or one.tainted for one in deciding(trial)]
    return min((one for one in events if one), default=())


def deciding(trial: Trial) -> list[Finding]:
    """Give the findings of the gates that made the verdict what it is; none for a PASS."""
    gates = [trial.findings[name] for name in trial.history.header.gates if name in trial.findings]
    return [one for one in gates if one.verdict is trial.verdict is not Verdict.PASS]


def _finding_line(finding: Finding, width: int, *, gate: bool) -> str:
    """Write one finding; measures stand in brackets, and '-' is what had nothing to judge."""
    name = finding.oracle if gate else f"({finding.oracle})"
    if finding.verdict is Verdict.PASS and not finding.tested:
        shown = "-".ljust(VERDICT_WIDTH)
    else:
        shown = coloured(finding.verdict, finding.verdict.value.ljust(VERDICT_WIDTH))
    return f"{name:<{width}}  {shown}  {plain(finding.because, LONG)}"


def print_trials(trials: Trials) -> None:
    """Print one line a trial, then each gate over all of them with its bound."""
    gates = trials[0].history.header.gates
    for trial in trials:
        gate = deciding(trial)
        because = plain(gate[0].because) if gate else ""
        verdict = coloured(trial.verdict, trial.verdict.value.ljust(VERDICT_WIDTH))
        print(f"seed {trial.history.header.identity.seed:<6} {trial.id:<15}  {verdict}  {because}".rstrip())
    print()
    width = max(map(len, gates), default=0)
    for name in gates:
        finding = trials.finding(name)
        if finding.tested or finding.verdict is not Verdict.PASS:
            print(_finding_line(finding, width, gate=True))
        else:
            print(f"{name:<{width}}  {'-':<{VERDICT_WIDTH}}  there was nothing to judge in any of the trials")
    print(f"\n{coloured(trials.verdict)}  {len(trials)} trials")
