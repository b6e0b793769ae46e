"""Random stories of authorization: steps, the history they make, and what a ledger that hears it says of each call."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from askfirst.harness.authorization.ledger import Key, Ledger
from askfirst.harness.authorization.plans import digest
from askfirst.harness.events import (
    AskedBy,
    CallEnded,
    CallStarted,
    Decided,
    Entry,
    Event,
    Granted,
    Reply,
    Requested,
    Revoked,
    Void,
    WorldChanged,
)
from askfirst.harness.history import Header, History, Identity
from askfirst.harness.operations.table import classify
from askfirst.harness.policy import Authority, Limits
from askfirst.harness.records import (
    Answer as Body,
)
from askfirst.harness.records import (
    Author,
    Change,
    Coverage,
    Effect,
    Grant,
    Miss,
    Outcome,
    Parameters,
    Prediction,
    Scope,
    Target,
)

START = datetime(2025, 12, 15, 1, 20, tzinfo=UTC)
REGION, ACCOUNT = "eu-west-1", "111122223333"

PLANS: Mapping[str, tuple[str, ...]] = {
    "one queue": ('{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}', "Resources:\n  Q: {Type: 'AWS::SQS::Queue'}\n"),
    "one topic": ('{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}',),
}
"""What a plan says, and ways to write it down: the layout does not matter."""


@dataclass(frozen=True)
class Allow:
    """A step: a grant begins to exist, of the n-th request if one is given."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    start: int = 0
    lasts: int | None = None
    uses: int | None = None
    conditions: Mapping[str, str] | None = None
    plan: str = ""
    request: int | None = None
    id: str = ""


@dataclass(frozen=True)
class Revoke:
    """A step: the grant that was made as the n-th ends."""

    number: int


@dataclass(frozen=True)
class Ask:
    """A step: somebody asks."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    by: AskedBy = AskedBy.AGENT


@dataclass(frozen=True)
class Answer:
    """A step: something is said to the n-th request. A void makes it count for nothing, and so does nobody's word."""

    request: int
    reply: Reply
    void: Void | None = None


@dataclass(frozen=True)
class Move:
    """A step: somebody else's doing changes a thing, by a call of their own or without one."""

    arn: str
    author: Author
    by_call: bool = False


@dataclass(frozen=True)
class Call:
    """A step: a call `wait` minutes later, its outcome, whether it is another attempt at the last one, what goes on meanwhile."""

    action: str
    changed: tuple[str, ...]
    parameters: Parameters
    outcome: Outcome = Outcome.OK
    applied: bool = True
    retry: bool = False
    wait: int = 0
    predicted: tuple[str, ...] = ()
    named: bool = False
    meanwhile: tuple[Allow | Revoke | Answer | Move, ...] = ()


Step = Allow | Revoke | Ask | Answer | Move | Call


@dataclass
class Told:
    """A history made of steps, with what the ledger said of each call that ended."""

    authority: Authority
    ledger: Ledger
    entries: list[Entry] = field(default_factory=list)
    said: dict[Key, Coverage] = field(default_factory=dict)
    now: datetime = START
    last: Key = ("c-0", 0)
    calls: int = 0

    @property
    def codes(self) -> list[Miss | None]:
        """What was wrong with each call that was judged, in order."""
        return [one.miss for one in self.said.values()]

    def add(self, event: Event) -> Coverage | None:
        """Let something happen."""
        self.entries.append(Entry(len(self.entries) + 1, self.now, event))
        return self.ledger.observe(self.entries[-1])

    @property
    def grants(self) -> int:
        """How many grants were made, without those that have a name of their own."""
        return sum(isinstance(one.event, Granted) and one.event.grant.id.startswith("g-") for one in self.entries)

    @property
    def requests(self) -> int:
        """How many requests were made."""
        return sum(isinstance(one.event, Requested) for one in self.entries)

    def history(self) -> History:
        """Give the whole story."""
        limits = Limits()
        identity = Identity(
            agent="", agent_hash="", scenario="", scenario_hash="", arm="", plan="", seed=0, limits=limits
        )
        header = Header(
            schema=1,
            identity=identity,
            versions={},
            clock="virtual",
            started=START,
            home="prod",
            region=REGION,
            accounts={},
            principal="",
            authority=self.authority,
            people=(),
            protected=(),
            deletable=(),
            gates=(),
            retry_mode="",
            retry_attempts=0,
        )
        return History(header, tuple(self.entries))


def tell(steps: Sequence[Step], authority: Authority = Authority()) -> Told:  # noqa: B008 - it is frozen
    """Turn steps into a history and let a ledger hear it."""
    told = Told(authority, Ledger(authority))
    for step in steps:
        _take(told, step)
    return told


def _take(told: Told, step: Step) -> None:
    match step:
        case Call():
            _call(told, step)
        case Move():
            _move(told, step)
        case Allow():
            told.add(Granted(_grant(step, told.grants)))
        case Revoke():
            told.add(Revoked(f"g-{step.number}", "Chen Jing"))
        case Ask():
            request = Requested(
                request=f"r-{told.requests}",
                requester="agent",
                asked_by=step.by,
                channel="brief",
                actions=step.actions,
                resources=step.resources,
                reason="",
                scope=Scope(step.actions, step.resources),
            )
            told.add(request)
        case Answer():
            nobody = step.reply is Reply.NO_ANSWER
            told.add(
                Decided(
                    request=f"r-{step.request}",
                    person="" if nobody else "Chen Jing",
                    reply=step.reply,
                    counts=step.void is None and not nobody,
                    void=step.void,
                )
            )


def change_set(step: Call) -> str:
    """Give the ARN of the change set that a call makes."""
    return f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:changeSet/{step.parameters['ChangeSetName']}/0a1b-2c"


def _grant(step: Allow, number: int) -> Grant:
    since = START + timedelta(minutes=step.start)
    return Grant(
        id=step.id or f"g-{number}",
        requester="agent",
        approvers=("Chen Jing",),
        actions=step.actions,
        resources=step.resources,
        not_before=since,
        not_after=None if step.lasts is None else since + timedelta(minutes=step.lasts),
        uses=step.uses,
        conditions=step.conditions,
        request="" if step.request is None else f"r-{step.request}",
        plan=digest(PLANS[step.plan][0]) if step.plan else "",
    )


def _move(told: Told, step: Move) -> None:
    changes = (Change(step.arn, "thing", Effect.CHANGED, step.author),)
    if not step.by_call:
        told.add(WorldChanged(changes, "it happened"))
        return
    start = _start(Call("dynamodb:TagResource", (step.arn,), {}), (f"p-{len(told.entries)}", 1))
    told.add(dataclasses.replace(start, author=step.author))
    told.add(CallEnded(call=start.call, attempt=1, outcome=Outcome.OK, applied=True, changes=changes))


def _call(told: Told, step: Call) -> None:
    told.now += timedelta(minutes=step.wait)
    if step.retry and told.calls:
        told.last = (told.last[0], told.last[1] + 1)
    else:
        told.calls += 1
        told.last = (f"c-{told.calls}", 1)
    key = told.last
    told.add(_start(step, key))
    for one in step.meanwhile:
        _take(told, one)
    changed = () if step.named else step.changed
    effect = Effect.CREATED if step.action.split(":")[1].startswith("Create") else Effect.CHANGED
    end = CallEnded(
        call=key[0],
        attempt=key[1],
        outcome=step.outcome,
        applied=step.applied,
        changed=changed,
        answer=Body(200, f"<Id>{change_set(step)}</Id>") if step.action.endswith(":CreateChangeSet") else None,
        changes=tuple(Change(one, "thing", effect, Author.AGENT) for one in changed if step.applied),
    )
    found = told.add(end)
    if found is not None:
        told.said[key] = found


def _start(step: Call, key: Key) -> CallStarted:
    service, _, operation = step.action.partition(":")
    row = classify(service, operation)
    return CallStarted(
        call=key[0],
        attempt=key[1],
        author=Author.AGENT,
        principal="",
        access_key="",
        service=service,
        operation=operation,
        region=REGION,
        account=ACCOUNT,
        parameters=dict(step.parameters),
        level=row.level.word,
        operation_class=row.operation_class.value,
        severity=row.severity.value,
        known=True,
        request_id="",
        targets=tuple(Target(one, one.rpartition("/")[2]) for one in step.changed if step.named),
        domain=row.domain.value,
        predicted=tuple(Prediction(one, "", Effect.REPLACED, "it is replaced") for one in step.predicted),
    )
