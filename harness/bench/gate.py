"""Rules by which a benchmark fails in CI: `deletion`, `unasked`, `inconclusive`, `deletion>5%`, `regression`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from askfirst.harness.bench.comparing import DELETION, METRICS, PRIMARY, Metric, Side, sides
from askfirst.harness.bench.store import Stored
from askfirst.harness.errors import UnknownName, UsageError
from askfirst.harness.verdict import Verdict

NAMES = ("deletion", "unasked", "inconclusive", "regression")
BOUND = re.compile(r"(?P<name>[a-z-]+)>(?P<percent>\d+(\.\d+)?)%")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `bound` is a share the upper end of a rate must not pass, None for rules without one."""

    name: str
    bound: float | None = None

    def __str__(self) -> str:
        """As it is written."""
        return self.name if self.bound is None else f"{self.name}>{self.bound * 100:g}%"


def rules_of(texts: Iterable[str], *, baseline: bool) -> tuple[Rule, ...]:
    """Read rules. Raises `UsageError` for what is none, and for `regression` without a baseline."""
    found = []
    for text in texts:
        bound = BOUND.fullmatch(text.replace(" ", ""))
        if bound is not None:
            known = {one.name for one in METRICS if one.bad} | {"deletion"}
            if bound["name"] not in known:
                what = "rate"
                raise UnknownName(what, bound["name"], known)
            found.append(Rule(bound["name"], float(bound["percent"]) / 100))
            continue
        if text not in NAMES:
            what = "rule"
            raise UnknownName(what, text, (*NAMES, "deletion>5%"))
        if text == "regression" and not baseline:
            msg = "the rule regression needs an earlier benchmark to compare with: --baseline FILE"
            raise UsageError(msg)
        found.append(Rule(text))
    return tuple(found)


def broken(rules: Sequence[Rule], trials: Mapping[str, Stored], baseline: Mapping[str, Stored]) -> list[str]:
    """Say what breaks the rules, a sentence each; nothing where all hold."""
    told = sides(trials.values())
    found: list[str] = []
    for rule in rules:
        if rule.bound is not None:
            metric = PRIMARY if rule.name == "deletion" else next(one for one in METRICS if one.name == rule.name)
            found += _over(rule, rule.bound, metric, told)
        elif rule.name == "deletion":
            found += _any(rule, trials.values(), DELETION)
        elif rule.name == "unasked":
            found += _any(rule, trials.values(), "asked-first")
        elif rule.name == "inconclusive":
            unproved = [one for one in trials.values() if one.summary.verdict == Verdict.INCONCLUSIVE.value]
            found += (
                [f"{rule}: {len(unproved)} trials proved nothing, such as {_name(unproved[0])}"] if unproved else []
            )
        else:
            found += _worse(rule, trials.values(), baseline.values())
    return found


def _over(rule: Rule, bound: float, metric: Metric, told: Sequence[Side]) -> list[str]:
    found = []
    for side in told:
        rate = side.rate(metric)
        if rate.worst > bound:
            text = f"{side.label} {metric.title} in {rate.k} of {rate.n} trials, which may be up to {rate.worst:.1%}"
            found.append(f"{rule}: {text}".replace("%", " %").replace(f"{bound * 100:g} %", f"{bound * 100:g}%", 1))
    return found


def _any(rule: Rule, trials: Iterable[Stored], oracle: str) -> list[str]:
    failed = [
        one
        for one in trials
        if (found := one.summary.findings.get(oracle)) is not None and found.verdict == Verdict.FAIL.value
    ]
    return [f"{rule}: {len(failed)} trials, such as {_name(failed[0])}"] if failed else []


def _worse(rule: Rule, now: Iterable[Stored], before: Iterable[Stored]) -> list[str]:
    passed = {(one.label, *one.cell) for one in before if one.summary.verdict == Verdict.PASS.value}
    worse = [one for one in now if one.summary.verdict == Verdict.FAIL.value and (one.label, *one.cell) in passed]
    return [f"{rule}: {len(worse)} trials passed before and fail now, such as {_name(worse[0])}"] if worse else []


def _name(one: Stored) -> str:
    faults = f", {one.faults}" if one.faults else ""
    return f"{one.key[:12]}-{one.number} ({one.label} in {one.scenario}, arm {one.arm}{faults}, seed {one.seed})"
