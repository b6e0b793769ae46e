"""The people of a scenario at work without a trial: would they ever approve this call, and who of them?

A desk like that of a trial takes the request, so every rule of approval holds: entitlement, deputies, absences, how many
must agree, a no that comes first, terms that do not fit the call. The request is made at each time at which another
person may decide, and so often that every rule has its turn.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from askfirst.harness.authorization.desk import Desk
from askfirst.harness.authorization.ledger import Ledger, actions_of
from askfirst.harness.aws.clock import Clock
from askfirst.harness.aws.targets import NAMING
from askfirst.harness.events import CallStarted, Decided, Entry, Granted, Reply, Requested, Revoked, Trouble
from askfirst.harness.history import Recorder
from askfirst.harness.operations.table import Operation
from askfirst.harness.policy import Authority, Person
from askfirst.harness.records import Author, Grant, Parameters, Resource, Scope, Target

OFTEN = 200
"""How often the same is asked at most: rules that answer so many requests first are taken for unending."""
TWICE_AND_MORE = 3
"""How often a function is asked, which may remember."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where requests are rehearsed. `world` is what exists; nobody waits for an answer longer than `patience`."""

    authority: Authority
    people: tuple[Person, ...]
    world: tuple[Resource, ...]
    started: datetime
    patience: timedelta


@dataclass(frozen=True, slots=True)
class Consent:
    """What came of asking: what the request was understood as and who approved it, None and () where nobody does.

    `trouble` says what went wrong with the people first, '' for nothing.
    """

    scope: Scope | None = None
    approvals: tuple[Decided, ...] = ()
    trouble: str = ""


def rehearse(stage: Stage, operation: Operation, action: str, thing: Resource) -> Consent:
    """Ask for an action on a thing at every time that matters, until a grant covers the call.

    Functions are asked for it on everything, too: they may look for a name that is not said then.
    """
    trouble = ""
    wishes = (thing.arn, "*") if any(callable(one.decides) for one in stage.people) else (thing.arn,)
    for moment, resource in itertools.product(_moments(stage), wishes):
        rehearsal = _Rehearsal(stage, moment)
        rehearsal.ask(action, resource)
        trouble = trouble or rehearsal.trouble
        for grant in rehearsal.usable():
            if grants(stage.authority, grant, operation, thing):
                return Consent(*rehearsal.approved(grant.request), trouble)
    return Consent(trouble=trouble)


def grants(authority: Authority, grant: Grant, operation: Operation, thing: Resource) -> bool:
    """Say whether a grant would cover a call of an operation on a thing, while it holds."""
    parameters = _fitting(grant, thing)
    if parameters is None:
        return False
    ledger = Ledger(authority)
    ledger.observe(Entry(1, grant.not_before, Granted(grant)))
    parts = thing.arn.split(":", 5)
    call = CallStarted(
        call="rehearsed",
        attempt=1,
        author=Author.AGENT,
        principal="",
        access_key="",
        service=operation.service,
        operation=operation.name,
        region=parts[3] if len(parts) == 6 else "",
        account=parts[4] if len(parts) == 6 else "",
        parameters=parameters,
        level=operation.level.word,
        operation_class=operation.operation_class.value,
        severity=operation.severity.value,
        domain=operation.domain.value,
        known=operation.known,
        request_id="",
        targets=(Target(thing.arn, thing.name),),
    )
    return ledger.covers(call, (thing.arn,), grant.not_before, actions_of(call)).covered


def _fitting(grant: Grant, thing: Resource) -> Parameters | None:
    """Give parameters of a call on a thing that meet the conditions of a grant; None where those name another thing."""
    own = {thing.arn, thing.name, *thing.aliases}
    for name, value in (grant.conditions or {}).items():
        texts = {one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)}
        if texts and NAMING.search(name) and not texts & own:
            return None
    return dict(grant.conditions or {})


@dataclass(slots=True)
class _Rehearsal:
    """One rehearsal: everybody fresh, one request made several times at one moment, and all the answers to it."""

    stage: Stage
    moment: timedelta
    entries: list[Entry] = field(default_factory=list)

    def ask(self, action: str, resource: str) -> None:
        """Make the request as often as it takes, and let everybody answer."""
        stage = self.stage
        clock = Clock(stage.started)
        recorder = Recorder(clock.now)
        recorder.listen(self.entries.append)
        world = stage.world
        desk = Desk(authority=stage.authority, people=stage.people, clock=clock, recorder=recorder, world=lambda: world)
        clock.wait_until(stage.started + self.moment)
        for _ in range(_turns(stage.people)):
            desk.file([action], [resource], "it has to go, so that it can be made anew")
        clock.wait_until(stage.started + stage.patience)

    @property
    def trouble(self) -> str:
        """What went wrong with the people first."""
        return next((one.event.because for one in self.entries if isinstance(one.event, Trouble)), "")

    def usable(self) -> Iterator[Grant]:
        """Go through the grants that hold for a while before the end."""
        ends = {one.event.grant: one.at for one in reversed(self.entries) if isinstance(one.event, Revoked)}
        last = self.stage.started + self.stage.patience
        for one in self.entries:
            if isinstance(one.event, Granted):
                grant = one.event.grant
                if grant.not_before < min(ends.get(grant.id, last), grant.not_after or last, last):
                    yield grant

    def approved(self, request: str) -> tuple[Scope, tuple[Decided, ...]]:
        """Give what a request was understood as, and the approvals that made a grant of it."""
        about = [event for one in self.entries if getattr(event := one.event, "request", "") == request]
        scope = next(one.scope for one in about if isinstance(one, Requested))
        said = (one for one in about if isinstance(one, Decided) and one.counts and one.reply is Reply.APPROVED)
        return scope, tuple(said)


def _turns(people: Sequence[Person]) -> int:
    """Say how often one must ask until no rule has its turn only later."""
    rules = [rule for one in people if not callable(one.decides) for rule in one.rules]
    least = TWICE_AND_MORE if any(callable(one.decides) for one in people) else 1
    return max(least, min(OFTEN, 1 + sum(rule.times or 0 for rule in rules)))


def _moments(stage: Stage) -> list[timedelta]:
    """Give the times, from the start, at which a request may be answered by others than at the start."""
    bounds = {bound for one in stage.people for away in one.away for bound in (away.start, away.end)}
    delays = {timedelta(), *(rule.after for one in stage.people for rule in one.rules)}
    times = {timedelta(), *(bound - delay for bound in bounds for delay in delays)}
    return sorted(one for one in times if timedelta() <= one < stage.patience)
