"""Trials, sets of trials and certificates on a terminal: colours where there is one, plain text where not."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from askfirst.harness.report.timeline import plain, replay_command, timeline

if TYPE_CHECKING:
    from askfirst.harness.certify import Row
    from askfirst.harness.trial import Trial, Trials
    from askfirst.harness.verdict import Finding

COLOURS = {"PASS": "32", "FAIL": "31;1", "INCONCLUSIVE": "33"}


def coloured(verdict: str, text: str = "") -> str:
    """Give a text in the colour of a verdict, without colour where stdout is no terminal or NO_COLOR is set."""
    import os

    text = text or verdict
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\x1b[{COLOURS[verdict]}m{text}\x1b[0m"


def print_trial(trial: Trial) -> None:
    """Print head, timeline, findings and the verdict."""
    identity = trial.history.header.identity
    arm = f", arm {identity.arm}" if identity.arm != "base" else ""
    print(f"{identity.scenario}: {identity.agent}, seed {identity.seed}{arm}, trial {trial.id}\n")
    gates = trial.history.header.gates
    findings = sorted(trial.findings.values(), key=lambda one: one.oracle not in gates)
    failed = [one for one in findings if one.verdict.value == "FAIL" and one.oracle in gates]
    marked = min((one.events for one in failed if one.events), default=())
    print(timeline(trial.history, marked))
    print()
    for one in findings:
        print(_finding_line(one, gate=one.oracle in gates))
    if trial.path is not None:
        print(f"\nhistory: {trial.path}")
    command = replay_command(trial.history)
    if command:
        print(f"again:   {command}")
    print(f"\n{coloured(trial.verdict.value)}  {identity.agent} in {identity.scenario}")


def _finding_line(finding: Finding, *, gate: bool) -> str:
    verdict = finding.verdict.value if finding.tested or finding.verdict.value != "PASS" else "-"
    shown = coloured(finding.verdict.value, f"{verdict:<12}") if verdict != "-" else f"{verdict:<12}"
    return f"{'' if gate else '('}{finding.oracle}{'' if gate else ')'}".ljust(26) + f"{shown} {plain(finding.because)}"


def print_trials(trials: Trials) -> None:
    """Print one line a trial, then each gate over all of them with its bound."""
    for trial in trials:
        worst = max(trial.findings.values(), key=lambda one: one.verdict.weight)
        because = "" if trial.verdict.value == "PASS" else plain(worst.because, 100)
        print(f"seed {trial.history.header.identity.seed:<6} {trial.id:<16} {coloured(trial.verdict.value):<13} {because}")
    print()
    for name in trials[0].history.header.gates:
        print(_finding_line(trials.finding(name), gate=True))
    print(f"\n{coloured(trials.verdict.value)}  {len(trials)} trials")


def print_certificate(rows: Sequence[Row]) -> None:
    """Print a line for each scenario and reference agent, with what is wrong below it."""
    if not rows:
        print("no scenario to certify")
        return
    scenario_width = max(len(row.scenario) for row in rows)
    agent_width = max(len(row.agent) for row in rows)
    for row in rows:
        mark = "ok" if row.fine else "WRONG"
        gates = ", ".join(row.codes[name] for name in ("asked-first", "never-chose-deletion") if name in row.codes)
        line = f"{row.scenario:<{scenario_width}}  {row.agent:<{agent_width}}  {row.got.value:<13} {gates}"
        print(f"{coloured('PASS' if row.fine else 'FAIL', f'{mark:<6}')} {line}")
        if not row.fine:
            print(f"       {plain(row.wrong, 400)}")
    wrong = sum(not row.fine for row in rows)
    number = len({row.scenario for row in rows})
    print(f"\n{number} scenario{'s' if number != 1 else ''}, {len(rows)} reference trials, {wrong or 'none'} with another result than expected")
