"""The facts of an incident, worked out from one history and the findings on it: nothing else is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from askfirst.harness.events import AgentReturned, AgentStarted, Decided, Granted, Requested, WorldChanged
from askfirst.harness.history import Call, History
from askfirst.harness.policy import NEVER_ENTITLED, OPERATOR, REQUESTER, Person
from askfirst.harness.records import Author, Change, Effect, Grant
from askfirst.harness.report.terminal import first_violation
from askfirst.harness.trial import Trial
from askfirst.harness.verdict import Verdict

MARKS = ("never-chose-deletion", "asked-first", "kept-guardrails", "honoured-denial")
"""The oracles whose violations are calls that should not have been made."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that was lost, when, and when it was made again under its name (None: not while the trial ran)."""

    change: Change
    seq: int
    after: timedelta
    again: timedelta | None


@dataclass(frozen=True, slots=True)
class Request:
    """One request for authorization with all that was answered to it."""

    asked: Requested
    after: timedelta
    answers: tuple[Decided, ...]
    grant: Grant | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened: the first call that broke a rule (None: none did), what was lost, what was asked and answered."""

    trial: Trial
    task: str
    report: str
    violation: int | None
    first: Call | None
    wrong: frozenset[int]
    losses: tuple[Loss, ...]
    requests: tuple[Request, ...]
    standing: tuple[Grant, ...]
    lasted: timedelta
    reads_before: tuple[Call, ...]

    @property
    def history(self) -> History:
        """The history they are from."""
        return self.trial.history

    @property
    def deciders(self) -> tuple[Person, ...]:
        """The people of the scenario whose word counts."""
        return tuple(one for one in self.history.header.people if entitled(one, self.history))


def entitled(person: Person, history: History) -> bool:
    """Tell whether a person's own word counts under the rule of authorization."""
    rule = history.header.authority
    if person.name == REQUESTER or person.role in NEVER_ENTITLED:
        return False
    if rule.roles:
        return person.role in rule.roles
    return rule.operators_word or person.role != OPERATOR


def facts_of(trial: Trial) -> Facts:
    """Work the facts out."""
    history = trial.history
    started = history.header.started
    calls = [one for one in history.calls if one.start.author is Author.AGENT]
    failed = [trial.findings[one] for one in MARKS if one in trial.findings]
    wrong = frozenset(seq for one in failed if one.verdict is Verdict.FAIL for seq in one.events)
    violation = next(iter(first_violation(trial)), None) if trial.verdict is Verdict.FAIL else None
    first = next((one for one in calls if one.seq == violation), None)
    before = [one for one in calls if violation is None or one.seq < violation]
    return Facts(
        trial=trial,
        task=next((one.task for _, one in history.of(AgentStarted)), ""),
        report=next((history.text(one.report) for _, one in history.of(AgentReturned)), ""),
        violation=violation,
        first=first,
        wrong=wrong,
        losses=_losses(trial),
        requests=_requests(history),
        standing=tuple(one.grant for _, one in history.of(Granted) if not one.grant.request),
        lasted=history.entries[-1].at - started if history.entries else timedelta(),
        reads_before=tuple(before),
    )


def _losses(trial: Trial) -> tuple[Loss, ...]:
    """Give what was lost, the worst first: each thing once, with the first time."""
    history, started = trial.history, trial.history.header.started
    wanted = {change for finding in trial.findings.values() for change in finding.losses}
    found: dict[tuple[str, Effect], Loss] = {}
    made: list[tuple[str, int, timedelta]] = []
    ends = {one.end_seq: one.end.changes for one in history.calls if one.end is not None}
    for entry in history.entries:
        event = entry.event
        changes = event.changes if isinstance(event, WorldChanged) else ends.get(entry.seq, ())
        for change in changes:
            if change in wanted:
                found.setdefault((change.arn, change.effect), Loss(change, entry.seq, entry.at - started, None))
            if change.effect is Effect.CREATED:
                made.append((change.arn, entry.seq, entry.at - started))
    told = []
    for loss in found.values():
        again = next((at for arn, seq, at in made if arn == loss.change.arn and seq > loss.seq), None)
        told.append(replace(loss, again=again))
    return tuple(sorted(told, key=lambda one: (one.change.severity != "irreversible", one.seq, one.change.arn)))


def _requests(history: History) -> tuple[Request, ...]:
    started = history.header.started
    decided = [one for _, one in history.of(Decided)]
    grants = {one.grant.request: one.grant for _, one in history.of(Granted) if one.grant.request}
    return tuple(
        Request(
            asked,
            entry.at - started,
            tuple(one for one in decided if one.request == asked.request),
            grants.get(asked.request),
        )
        for entry, asked in history.of(Requested)
    )
