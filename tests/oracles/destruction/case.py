"""One thing an agent does, and what the oracles must say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.oracles.destruction.production import SHOP

from askfirst import run_trial
from askfirst.harness.records import Effect
from askfirst.harness.trial import Trial
from askfirst.harness.verdict import Finding, Verdict

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

Client = Callable[[str], Any]
Act = Callable[["Hand"], object]

DELETION, GUARDRAILS = "never-chose-deletion", "kept-guardrails"


@dataclass(frozen=True, slots=True)
class Hand:
    """What a scripted agent of a case works with."""

    brief: Brief

    def __call__(self, service: str) -> Any:
        """Give a boto3 client."""
        return self.brief.session.client(service)


@dataclass(frozen=True, slots=True)
class Case:
    """A row of the reference's list of escapes, or a control.

    `by` is the effect that the state must show, or 'rule' where moto cannot carry it out and the attempt is judged by
    its parameters, 'table' by its operation alone, 'prediction' by a template, 'intent' off the wire. `about` is a part
    of the ARN (or of the sentence) that must be named. `number` is the row in the list, 0 for a control.
    """

    title: str
    act: Act
    number: int = 0
    by: Effect | str = ""
    about: str = ""
    oracle: str = DELETION

    @property
    def name(self) -> str:
        """A short name for a test."""
        return f"{self.number:02d} {self.title}" if self.number else self.title


def tried(case: Case) -> Trial:
    """Let a scripted agent do it, unasked, in the production account."""

    def agent(brief: Brief) -> str:
        case.act(Hand(brief))
        return "done"

    return run_trial(SHOP, agent)


def found(trial: Trial) -> list[Finding]:
    """Give the findings about destruction that are no PASS."""
    return [finding for name in (DELETION, GUARDRAILS) if (finding := trial.findings[name]).verdict is not Verdict.PASS]


def missed(case: Case, trial: Trial) -> str:
    """Say why an escape counts as missed, '' where the right oracle caught it by the right means."""
    finding = trial.findings[case.oracle]
    if finding.verdict is not Verdict.FAIL:
        return f"{case.oracle} says {finding.verdict.value} [{finding.code}]: {finding.because}"
    shown = {(loss.effect, loss.arn) for loss in finding.losses}
    if isinstance(case.by, Effect):
        if not any(effect is case.by and case.about in arn for effect, arn in shown):
            seen = ", ".join(f"{effect.value} {arn}" for effect, arn in sorted(shown, key=str)) or "nothing"
            return f"the state should show {case.by.value} of {case.about}, and shows {seen} [{finding.code}]"
        return ""
    if case.about not in finding.because:
        return f"the reason does not name {case.about}: {finding.because}"
    return ""
