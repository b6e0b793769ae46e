"""The ledger against a slow model that reads the rules off the page, over random grants, calls and clocks."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from askfirst.harness.authorization.ledger import Ledger
from askfirst.harness.authorization.matching import action_matches, arn_matches
from askfirst.harness.events import CallEnded, CallStarted, Entry, Granted, Revoked
from askfirst.harness.operations.table import classify
from askfirst.harness.records import Author, Coverage, Grant, Outcome

START = datetime(2025, 12, 15, 1, 20, tzinfo=UTC)
ARNS = tuple(f"arn:aws:cloudformation:eu-west-1:111122223333:stack/{name}/1" for name in ("a", "b", "ab"))
PATTERNS = (*ARNS, "*", "arn:aws:cloudformation:*:*:stack/a*", "arn:aws:cloudformation:eu-west-1:*:stack/?/1")
SPELLINGS = (
    "cloudformation:DeleteStack",
    "cloudformation:UpdateStack",
    "CLOUDFORMATION:updatestack",
    "cloudformation:*",
    "cloudformation:Delete*",
    "*",
)
OPERATIONS = ("DeleteStack", "UpdateStack", "SignalResource")
PARAMETERS = ({"StackName": "a"}, {"StackName": "b"}, {"StackName": "a", "ClientRequestToken": "t"})


@dataclass(frozen=True)
class Allow:
    """A step: a grant begins to exist."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    start: int
    lasts: int | None
    uses: int | None
    conditions: dict[str, str] | None
    id: str = ""


@dataclass(frozen=True)
class Revoke:
    """A step: the grant that was made as the n-th ends."""

    number: int


@dataclass(frozen=True)
class Call:
    """A step: a call, its outcome, and whether it is another attempt at the last one; `wait` minutes later."""

    operation: str
    changed: tuple[str, ...]
    parameters: dict[str, str]
    outcome: Outcome
    applied: bool
    retry: bool
    wait: int


Step = Allow | Revoke | Call

ALLOW = st.builds(
    Allow,
    actions=st.lists(st.sampled_from(SPELLINGS), min_size=1, max_size=2).map(tuple),
    resources=st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=2).map(tuple),
    start=st.integers(0, 3),
    lasts=st.none() | st.integers(0, 5),
    uses=st.none() | st.integers(1, 2),
    conditions=st.none() | st.just({"StackName": "a"}),
)
CALL = st.builds(
    Call,
    operation=st.sampled_from(OPERATIONS),
    changed=st.lists(st.sampled_from(ARNS), min_size=1, max_size=2, unique=True).map(tuple),
    parameters=st.sampled_from(PARAMETERS),
    outcome=st.sampled_from(Outcome),
    applied=st.booleans(),
    retry=st.booleans(),
    wait=st.integers(0, 2),
)
REVOKE = st.builds(Revoke, number=st.integers(0, 4))
STEPS = st.lists(ALLOW | CALL | CALL | REVOKE, max_size=14)


@dataclass
class Told:
    """A history made of steps, with what the ledger said of each call that ended."""

    entries: list[Entry] = field(default_factory=list)
    said: list[Coverage] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)


def tell(steps: Sequence[Step]) -> Told:
    """Turn steps into a history and let the ledger hear it."""
    told, ledger, now, last = Told(), Ledger(), START, (0, 0)

    def say(event: Granted | Revoked | CallStarted | CallEnded) -> Coverage | None:
        told.entries.append(Entry(len(told.entries) + 1, now, event))
        return ledger.observe(told.entries[-1])

    for step in steps:
        if isinstance(step, Allow):
            since = START + timedelta(minutes=step.start)
            grant = Grant(
                id=step.id or f"g-{len(told.grants)}",
                requester="agent",
                approvers=("Chen Jing",),
                actions=step.actions,
                resources=step.resources,
                not_before=since,
                not_after=None if step.lasts is None else since + timedelta(minutes=step.lasts),
                uses=step.uses,
                conditions=step.conditions,
            )
            told.grants.append(grant)
            say(Granted(grant))
        elif isinstance(step, Revoke):
            say(Revoked(f"g-{step.number}", "Chen Jing"))
        else:
            now += timedelta(minutes=step.wait)
            last = (last[0], last[1] + 1) if step.retry and last[0] else (last[0] + 1, 1)
            start = begun(step, *last)
            say(start)
            found = say(ended(step, *last))
            assert found is not None
            told.said.append(found)
    return told


def begun(step: Call, name: int, attempt: int) -> CallStarted:
    """Make the start of a call."""
    return CallStarted(
        call=f"c-{name}",
        attempt=attempt,
        author=Author.AGENT,
        principal="",
        access_key="",
        service="cloudformation",
        operation=step.operation,
        region="eu-west-1",
        account="111122223333",
        parameters=dict(step.parameters),
        level=classify("cloudformation", step.operation).level.word,
        operation_class="",
        severity="",
        known=True,
        request_id="",
    )


def ended(step: Call, name: int, attempt: int) -> CallEnded:
    """Make the end of a call."""
    return CallEnded(
        call=f"c-{name}", attempt=attempt, outcome=step.outcome, applied=step.applied, changed=step.changed
    )


def model(entries: Sequence[Entry]) -> list[tuple[bool, frozenset[str]]]:
    """Say for each call, by the rules alone, whether it was covered and which grants were taken for it."""
    judged: list[tuple[bool, frozenset[str]]] = []
    taken_by_use: list[tuple[str, frozenset[str]]] = []  # every applied call: its use, and the grants taken
    use_of: dict[str, str] = {}
    for index, entry in enumerate(entries):
        if not isinstance(entry.event, CallStarted):
            continue
        call = entry.event
        end = entries[index + 1].event
        assert isinstance(end, CallEnded)
        use = use_of.get(call.call) or unanswered(entries[:index], call, use_of) or call.call
        taken: set[str] = set()
        whole = True
        for arn in end.changed:
            fitting = [one for one in living(entries[:index]) if allows(one, call, arn, entry.at)]
            fitting = [one for one in fitting if left(one, use, taken_by_use)]
            fitting.sort(key=lambda one: one.uses is not None)  # stable: the older ones first
            taken |= {fitting[0].id} if fitting else set()
            whole = whole and bool(fitting)
        judged.append((whole, frozenset(taken)))
        if end.applied and end.outcome in {Outcome.OK, Outcome.UNKNOWN}:
            taken_by_use.append((use, frozenset(taken)))
            use_of[call.call] = use
    return judged


def living(before: Sequence[Entry]) -> list[Grant]:
    """Give the grants that existed and were not revoked."""
    revoked = [one.event.grant for one in before if isinstance(one.event, Revoked)]
    made = [(index, one.event.grant) for index, one in enumerate(before) if isinstance(one.event, Granted)]
    return [grant for index, grant in made if grant.id not in later_than(before, index, revoked)]


def later_than(before: Sequence[Entry], index: int, revoked: Sequence[str]) -> set[str]:
    """Give the grants that were revoked after they had been made."""
    ends = {one.event.grant for one in before[index:] if isinstance(one.event, Revoked)}
    return ends & set(revoked)


def allows(grant: Grant, call: CallStarted, arn: str, at: datetime) -> bool:
    """Say whether a grant is about a change, at its time and with its parameters."""
    named = call.level in {"destroy", "execute"}
    by_action = any(
        action_matches(one, call.action) and not (named and set("*?") & set(one.partition(":")[2] or one))
        for one in grant.actions
    )
    by_arn = any(arn_matches(one, arn) for one in grant.resources)
    in_time = grant.not_before <= at and (grant.not_after is None or at < grant.not_after)
    as_agreed = all(call.parameters.get(key) == value for key, value in (grant.conditions or {}).items())
    return by_action and by_arn and in_time and as_agreed


def left(grant: Grant, use: str, taken: Sequence[tuple[str, frozenset[str]]]) -> bool:
    """Say whether a grant has a use left, or this use already is one of its."""
    uses = {one for one, grants in taken if grant.id in grants}
    return grant.uses is None or use in uses or len(uses) < grant.uses


def unanswered(before: Sequence[Entry], call: CallStarted, use_of: dict[str, str]) -> str:
    """Give the use of the last such call that was applied, if its answer was lost."""
    found = ""
    for one, other in itertools.pairwise(before):
        if isinstance(one.event, CallStarted) and isinstance(other.event, CallEnded):
            said = {key: value for key, value in one.event.parameters.items() if key != "ClientRequestToken"}
            mine = {key: value for key, value in call.parameters.items() if key != "ClientRequestToken"}
            if (one.event.operation, said) == (call.operation, mine) and other.event.applied:
                if other.event.outcome is Outcome.UNKNOWN:
                    found = use_of[one.event.call]
                elif other.event.outcome is Outcome.OK:
                    found = ""
    return found


@settings(deadline=None)
@given(steps=STEPS)
def test_the_ledger_says_what_the_rules_say(steps: list[Step]) -> None:
    """For any story, each call is covered exactly when the model says so, and by the same grants."""
    told = tell(steps)
    expected = model(told.entries)
    assert [covered for covered, _ in expected] == [one.covered for one in told.said]
    assert [grants for covered, grants in expected if covered] == [
        frozenset(one.grants) for one in told.said if one.covered
    ]
    assert all((one.miss is None) == one.covered and one.because for one in told.said)


@settings(deadline=None)
@given(steps=STEPS, more=ALLOW, call=CALL)
def test_one_grant_more_never_uncovers_a_call(steps: list[Step], more: Allow, call: Call) -> None:
    """Whatever had happened, what is covered without a further grant is covered with it."""
    without = tell([*steps, call]).said[-1]
    with_it = tell([*steps, dataclasses.replace(more, id="more"), call]).said[-1]
    assert with_it.covered or not without.covered


@settings(deadline=None)
@given(steps=st.lists(ALLOW | CALL, max_size=12), more=ALLOW, place=st.integers(0, 12))
def test_one_grant_more_uncovers_no_later_call_either(steps: list[Step], more: Allow, place: int) -> None:
    """Nor does it take away a use that a later call needs, as long as no answer is lost."""
    steps = [
        dataclasses.replace(one, outcome=Outcome.OK)
        if isinstance(one, Call) and one.outcome is Outcome.UNKNOWN
        else one
        for one in steps
    ]
    without = tell(steps).said
    with_it = tell([*steps[:place], dataclasses.replace(more, id="more"), *steps[place:]]).said
    assert all(other.covered or not one.covered for one, other in zip(without, with_it, strict=True))


@settings(deadline=None)
@given(steps=STEPS, revoke=REVOKE, call=CALL)
def test_a_revocation_never_covers_a_call(steps: list[Step], revoke: Revoke, call: Call) -> None:
    """What is not covered before a grant is revoked is not covered after."""
    without = tell([*steps, call]).said[-1]
    with_it = tell([*steps, revoke, call]).said[-1]
    assert without.covered or not with_it.covered
