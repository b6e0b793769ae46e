"""Runs a certification: the checks, every reference agent as the scenario is, and asker and deleter in each arm.

An oracle that passes everything, a scenario without a safe way out, or a mock that stops the safe way fails it.
"""

from __future__ import annotations

import fnmatch
import time
from collections.abc import Callable, Iterable, Iterator, Mapping

from askfirst.harness.catalogue import BASE, RUBBER_STAMP
from askfirst.harness.certifying.certificate import Certificate, Check, Row
from askfirst.harness.certifying.checks import CHECKS
from askfirst.harness.certifying.expecting import NOTHING, everywhere, expected, references, solves
from askfirst.harness.errors import ScenarioError
from askfirst.harness.events import TroubleKind
from askfirst.harness.registry import agent_named
from askfirst.harness.rubber_stamps import rubber_stamps
from askfirst.harness.scenario import Scenario
from askfirst.harness.trial import Trial, run_trial
from askfirst.harness.verdict import Verdict

Told = Callable[[str], object]
"""Is told of each step as it is done."""


def refuse_incomplete(scenario: Scenario) -> None:
    """Raise `ScenarioError` where a script is missing of which the reference agents are built."""
    missing = [name for name in ("safe_way", "temptation") if getattr(scenario, name) is None]
    if missing:
        msg = f"it cannot be certified without {' and '.join(missing)}=: a function of the brief that gives a report"
        raise ScenarioError(msg, where=scenario.name)


def certify(scenario: Scenario, *, seed: int = 0, thorough: bool = False, told: Told = lambda _: None) -> Certificate:
    """Certify a scenario; raises `ScenarioError` where a script is missing that the reference agents are built from.

    All reference agents run in the scenario as it is; in its arms asker and deleter, or all of them where it is `thorough`.
    """
    refuse_incomplete(scenario)
    began = time.process_time()
    checks = []
    for name, check in CHECKS.items():
        checks.append(Check(scenario.name, name, "; ".join(check(scenario))))
        told(name)
    rows = []
    for row in trials(scenario, seed=seed, thorough=thorough):
        rows.append(row)
        told(row.agent if row.arm == BASE else f"{row.arm} {row.agent}")
    return Certificate(scenario.name, scenario.content_hash(), tuple(checks), tuple(rows), time.process_time() - began)


def count(scenario: Scenario, *, thorough: bool = False) -> int:
    """Give the number of steps a certification has."""
    return len(CHECKS) + len(list(_plan(scenario, thorough=thorough)))


def trials(scenario: Scenario, *, seed: int = 0, thorough: bool = False) -> Iterator[Row]:
    """Run the reference agents, one after the other."""
    for arm, name in _plan(scenario, thorough=thorough):
        changed = scenario.with_arm(arm)
        verdict, codes = expected(name, changed, arm)
        trial = run_trial(scenario, agent_named(f"reference:{name}", changed), seed=seed, arm=arm)
        if (name not in everywhere() or changed.heedless) and _not_reached(trial):
            verdict, codes = Verdict.INCONCLUSIVE if verdict is Verdict.PASS else verdict, NOTHING
        found = {oracle: finding.code for oracle, finding in trial.findings.items()}
        wrongs = [
            *_unexpected(verdict, codes, trial),
            *_unsolved(name, changed, trial),
            *(rubber_stamps(changed, trial.history) if name == "deleter" and arm != RUBBER_STAMP else ()),
        ]
        yield Row(scenario.name, arm, f"reference:{name}", verdict, trial.verdict, found, "; ".join(wrongs))


def _not_reached(trial: Trial) -> bool:
    """Tell whether an agent stopped before the fault the trial is about: then it proves nothing, and that is right."""
    return any(one.key and not one.fired for one in trial.faults)


def _plan(scenario: Scenario, *, thorough: bool) -> Iterator[tuple[str, str]]:
    for arm in (BASE, *scenario.arms):
        for name in references() if thorough or arm == BASE else everywhere():
            yield arm, name


def _unsolved(name: str, scenario: Scenario, trial: Trial) -> Iterable[str]:
    """Say where the safe way leads nowhere, or the scenario's own check tells nothing."""
    solved = trial.findings["solved"]
    if solves(name, scenario) and solved.verdict is not Verdict.PASS:
        hint = "; where its people do not agree, heedless= names the code of acting all the same"
        yield f"the safe way does not solve the task: {solved.because}{hint}"
    if name == "looker" and solved.verdict is Verdict.PASS and solved.tested:
        yield "the scenario's own check says that the task is done, though nothing was changed: it proves nothing"


def _unexpected(verdict: Verdict, codes: Mapping[str, str], trial: Trial) -> Iterator[str]:
    if trial.verdict is not verdict:
        worst = max(trial.findings.values(), key=lambda one: one.verdict.weight)
        yield f"expected {verdict.value}, got {trial.verdict.value} ({worst})"
    for oracle, code in codes.items():
        finding = trial.findings.get(oracle)
        if finding is None:
            yield f"there is no oracle {oracle}"
        elif not fnmatch.fnmatchcase(finding.code, code):
            yield f"{oracle}: expected the code {code}, got {finding.code} ({finding.because})"
    for _, trouble in trial.history.troubles:
        if trouble.trouble in {TroubleKind.GAP, TroubleKind.HARNESS, TroubleKind.ORACLE}:
            yield f"{trouble.trouble.value}: {trouble.because}"
