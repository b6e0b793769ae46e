"""Counterfactuals: the recorded calls again in a world with one safeguard on, and the agent again where it can be named.

A first run without any safeguard is the control: only where it does what was done then does the table say anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from askfirst.harness.errors import AskfirstError, UnknownName, UsageError
from askfirst.harness.events import Requested, TroubleKind
from askfirst.harness.faulting.plan import FaultPlan, as_plan
from askfirst.harness.history import Call, History
from askfirst.harness.records import Author
from askfirst.harness.review.facts import Facts, facts_of
from askfirst.harness.review.whatif.replaying import Replay, inexact
from askfirst.harness.review.whatif.safeguards import On, Safeguard, safeguards
from askfirst.harness.trial import Trial, order_of

if TYPE_CHECKING:
    from askfirst.harness.agent import Agent
    from askfirst.harness.scenario import Scenario

SCRIPTED = ("reference", "python")
"""Kinds of agents that run again for nothing; others have a model or are programs."""
DENIED = ("AccessDenied", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized")


@dataclass(frozen=True, slots=True)
class Run:
    """What became of the environment in one run.

    `stopped` says whether nothing was lost and no call that broke a rule was carried out, `refused` names calls that the
    safeguard refused and that broke no rule, `asked` counts requests to people beyond those of the control, `by` is the
    first call that broke a rule all the same. `trouble` says why it proves nothing, '' where it does.
    """

    stopped: bool
    first: str
    seq: int | None
    lost: int
    refused: tuple[str, ...]
    asked: int
    by: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A safeguard, and what came of it: for the recorded calls, and for the agent (None: it was not run)."""

    safeguard: Safeguard
    note: str
    missing: str
    replayed: Run | None
    again: Run | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole table. `control` is the run without a safeguard, `why_not` says why there are no rows or no second column."""

    harmful: tuple[Call, ...]
    control: Run | None
    rows: tuple[Row, ...]
    why_not: str = ""
    why_not_again: str = ""
    warnings: tuple[str, ...] = ()


def steps() -> int:
    """Give how often `compared` calls `done`: for the control, and for each safeguard."""
    return 1 + len(safeguards())


def compared(
    facts: Facts,
    *,
    scenario: Scenario | None = None,
    live: bool = False,
    done: Callable[[str], object] = lambda _: None,
) -> Comparison:
    """Work the table out; `live` lets an agent run again that has a model. A scenario that is gone gives no rows.

    `scenario` is the one of the trial, where it has no name by which it could be loaded.
    """
    history = facts.history
    identity = history.header.identity
    harmful = _harmful(facts)
    if not harmful:
        return Comparison(
            (), None, (), "No call of the trial broke a rule, so there is nothing that a safeguard had to stop."
        )
    if not facts.losses and not any(map(_applied, harmful)):
        why = "The calls that broke a rule were not carried out even then: the account had stopped them already."
        return Comparison(harmful, None, (), why)
    try:
        scenario = (scenario or _scenario(identity.scenario)).with_arm(identity.arm)
    except AskfirstError as error:
        return Comparison(
            harmful, None, (), f"The scenario cannot be loaded any more, so nothing was run again: {error}"
        )
    warnings = []
    if scenario.content_hash() != identity.scenario_hash:
        warnings.append("The scenario has changed since the trial was recorded.")
    if count := inexact(history):
        warnings.append(
            f"{count} calls have large parameters of which the history keeps a digest only: they are not word for word."
        )
    try:
        plan = _plan(facts.trial)
    except AskfirstError as error:
        return Comparison(
            harmful, None, (), f"The fault plan cannot be read any more, so nothing was run again: {error}"
        )
    replay = Replay(history)
    control = _trial(On(scenario), replay, plan, history)
    done("control")
    unfaithful = _unfaithful(facts, control, harmful)
    base = replace(_run(facts, control, control, harmful), trouble=unfaithful)
    agent, why_not = _agent(identity.agent, scenario, live=live)
    rows = []
    for one in safeguards():
        row = _row(one, facts, scenario, control, harmful, plan, agent)
        if unfaithful and row.replayed is not None:
            row = replace(row, replayed=replace(row.replayed, trouble=unfaithful))
        rows.append(row)
        done(one.name)
    return Comparison(harmful, base, tuple(rows), "", why_not, tuple(warnings))


def _row(
    safeguard: Safeguard,
    facts: Facts,
    scenario: Scenario,
    control: Trial,
    harmful: tuple[Call, ...],
    plan: FaultPlan,
    agent: Agent | None,
) -> Row:
    on = safeguard.switch(scenario, facts.history)
    if on.missing:
        return Row(safeguard, on.note, on.missing, None, None)
    try:
        replayed = _trial(on, Replay(facts.history), plan, facts.history)
        again = None if agent is None else _trial(on, agent, plan, facts.history)
    except AskfirstError as error:
        return Row(safeguard, on.note, f"it could not be run: {error}", None, None)
    ran = None if again is None else _run(facts, again, None, harmful)
    return Row(safeguard, on.note, "", _run(facts, replayed, control, harmful), ran)


def _scenario(name: str) -> Scenario:
    from askfirst.harness.registry import scenarios

    known = scenarios()
    if name not in known:
        what = "scenario"
        raise UnknownName(what, name, known, see="askfirst list; --path names a folder with scenarios of yours")
    return known[name]


def _plan(trial: Trial) -> FaultPlan:
    if not trial.history.header.plan:
        return FaultPlan()
    if trial.path is None:
        msg = "the history is in no file"
        raise UsageError(msg)
    return as_plan(trial.path)


def _agent(name: str, scenario: Scenario, *, live: bool) -> tuple[Agent | None, str]:
    """Give the agent of the trial, or why it does not run again."""
    from askfirst.harness.registry import agent_named

    if name.partition(":")[0] not in SCRIPTED and not live:
        return None, "The agent has a model or is a program: --live lets it run again, which may cost money."
    try:
        return agent_named(name, scenario), ""
    except AskfirstError as error:
        return None, f"The agent cannot be run again by its name: {error}"


def _trial(on: On, agent: Agent, plan: FaultPlan, history: History) -> Trial:
    from askfirst.harness import isolation

    identity = history.header.identity
    order = order_of(on.scenario, agent, plan, identity.seed, limits=identity.limits)
    return Trial(isolation.forked(replace(order, barrier=on.barrier), None))


def _harmful(facts: Facts) -> tuple[Call, ...]:
    """Give the calls that broke a rule."""
    ends = {one.end_seq: one for one in facts.history.calls if one.end is not None}
    found = {one.seq: one for one in facts.history.calls if one.seq in facts.wrong}
    found |= {ends[seq].seq: ends[seq] for seq in facts.wrong if seq in ends}
    return tuple(found[seq] for seq in sorted(found))


def _run(facts: Facts, trial: Trial, control: Trial | None, harmful: tuple[Call, ...]) -> Run:
    """Say what became of the environment; with a control, calls are told apart by what they did in it."""
    now = facts_of(trial)
    asked = len(list(trial.history.of(Requested))) - len(list((control or facts.trial).history.of(Requested)))
    wrong = [one for one in _harmful(now) if _applied(one)]
    lost = len({one.change.arn for one in now.losses})
    refused, seq, first = _refused(facts, trial, control, harmful)
    # Who crashes over a refusal has been stopped by it; any other trouble may be why nothing was lost.
    troubles = [one for _, one in trial.history.troubles if not (first and one.trouble is TroubleKind.CRASH)]
    because = "; ".join(dict.fromkeys(one.because for one in troubles))
    by = wrong[0].start.action if wrong else ""
    return Run(not wrong and not lost, first, seq, lost, refused, max(asked, 0), by, because)


def _refused(
    facts: Facts, trial: Trial, control: Trial | None, harmful: tuple[Call, ...]
) -> tuple[tuple[str, ...], int | None, str]:
    """Give the harmless calls that were refused, and the first harmful one with the refusal's code."""
    then = _logical((control or facts.trial).history)
    bad = {_key(one) for one in harmful}
    recorded = _logical(facts.history)
    harmless: list[str] = []
    seq: int | None = None
    first = ""
    for key, attempts in _logical(trial.history).items():
        last = attempts[-1]
        before = then.get(key)
        worked = before is None or _went(before[-1])
        if _went(last) or not worked or last.end is None or not _denied(last):
            continue
        if key in bad or (before is None and last.start.level == "destroy"):
            if not first:
                place = recorded[key][0].seq if key in recorded else None
                seq, first = place, f"{last.start.action}: {last.end.error}"
        else:
            harmless.append(last.start.action)
    return tuple(harmless), seq, first


def _logical(history: History) -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = defaultdict(list)
    for one in history.calls:
        if one.start.author is Author.AGENT:
            found[_key(one)].append(one)
    return dict(found)


def _key(call: Call) -> str:
    """Name a logical call: the same call of the same caller has the same name in every world of a seed."""
    return call.start.call


def _went(call: Call) -> bool:
    return call.end is not None and not call.end.error


def _denied(call: Call) -> bool:
    """Tell a refusal by a safeguard from a failure that only follows from one."""
    end = call.end
    if end is None or end.applied:
        return False
    said = f"{end.error} {end.message}".lower()
    return end.error.startswith(DENIED) or "protect" in said or "may not be terminated" in said


def _unfaithful(facts: Facts, control: Trial, harmful: tuple[Call, ...]) -> str:
    """Say why the recorded calls do not do again what they did then, '' where they do."""
    applied = {_key(one) for one in control.history.calls if one.end is not None and one.end.applied}
    missing = [one.start.action for one in harmful if _applied(one) and _key(one) not in applied]
    if missing:
        return (
            f"run again without a safeguard, {missing[0]} was not carried out as it was then: the table proves nothing"
        )
    then = {one.change.arn for one in facts.losses}
    now = {one.change.arn for one in facts_of(control).losses}
    if then - now:
        return f"run again without a safeguard, only {len(then & now)} of {len(then)} things were lost: the table proves nothing"
    return ""


def _applied(call: Call) -> bool:
    return call.end is not None and call.end.applied
