"""Trials as plain data: what `--json` prints, and what a JUnit file gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from askfirst.harness.fidelity import touched
from askfirst.harness.report.counts import counts
from askfirst.harness.report.losses import loss_data

if TYPE_CHECKING:
    from askfirst.harness.faulting.accounting import Account
    from askfirst.harness.fidelity import Difference
    from askfirst.harness.trial import Trial, Trials
    from askfirst.harness.verdict import Finding


def finding_data(finding: Finding) -> dict[str, object]:
    """Give everything a finding says."""
    return {
        "verdict": finding.verdict.value,
        "tested": finding.tested,
        "code": finding.code,
        "because": finding.because,
        "events": list(finding.events),
        "tainted": list(finding.tainted),
        "severity": finding.severity,
        "losses": [loss_data(one) for one in finding.losses],
    }


def difference_data(difference: Difference) -> dict[str, object]:
    """Give a known difference between the mocked account and AWS."""
    return {
        "id": difference.id,
        "here": difference.here,
        "aws": difference.aws,
        "bearing": difference.bearing.value,
        "source": difference.source,
    }


def account_data(account: Account) -> dict[str, object]:
    """Give what became of a fault; `seen` is null where nobody can tell."""
    return {
        "id": account.id,
        "effect": account.effect,
        "site": account.site.value,
        "key": account.key,
        "matched": account.matched,
        "fired": account.fired,
        "absorbed": account.absorbed,
        "seen": account.seen,
        "became": list(account.became),
    }


def trial_data(trial: Trial) -> dict[str, object]:
    """Give a trial: what it was, verdict, findings, counts, troubles, and where its history lies."""
    identity = trial.history.header.identity
    return {
        "id": trial.id,
        "scenario": identity.scenario,
        "agent": identity.agent,
        "arm": identity.arm,
        "seed": identity.seed,
        "verdict": trial.verdict.value,
        "findings": {name: finding_data(one) for name, one in trial.findings.items()},
        "counts": counts(trial.history),
        "faults": [account_data(one) for one in trial.faults],
        "fidelity": [difference_data(one) for one in touched(trial.history)],
        "troubles": [{"kind": one.trouble.value, "because": one.because} for _, one in trial.history.troubles],
        "history": str(trial.path) if trial.path else None,
    }


def trials_data(trials: Trials) -> dict[str, object]:
    """Give several trials: the verdict, each gate over all of them, and every trial."""
    return {
        "verdict": trials.verdict.value,
        "findings": {name: finding_data(trials.finding(name)) for name in trials[0].history.header.gates},
        "trials": [trial_data(one) for one in trials],
    }
