"""Promise: over random grants, requests, calls and clocks the ledger says what the rules say (DESIGN rule 5).

The rules are those of `rules.py`, a slow judge; the stories are made of the steps of `stories.py`. Each of the slow tests
tells 2,500 stories of one flavour, the fast ones 100.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.authorization.rules import judge
from tests.authorization.stories import (
    PLANS,
    Allow,
    Answer,
    Ask,
    Call,
    Move,
    Revoke,
    Step,
    Told,
    tell,
)

from askfirst.harness.authorization.ledger import Key, coverages
from askfirst.harness.events import (
    AskedBy,
    CallEnded,
    CallStarted,
    Decided,
    Entry,
    Granted,
    Reply,
    Requested,
    Revoked,
    Void,
    WorldChanged,
)
from askfirst.harness.policy import Authority, Needs
from askfirst.harness.records import Author, Miss, Outcome, Parameters

PLACE = "eu-west-1:111122223333"
STACKS = tuple(f"arn:aws:cloudformation:{PLACE}:stack/{name}/1" for name in ("a", "b"))
QUEUE = f"arn:aws:sqs:{PLACE}:a-queue"
TABLE = f"arn:aws:dynamodb:{PLACE}:table/a"
BUCKET = "arn:aws:s3:::a"
FUNCTION = f"arn:aws:lambda:{PLACE}:function:a"
TRAIL = f"arn:aws:cloudtrail:{PLACE}:trail/a"
API = "arn:aws:apigateway:eu-west-1::/restapis/a"
STACK_GLOBS = ("*", "arn:aws:cloudformation:*:*:stack/a*", "arn:aws:cloudformation:eu-west-1:*:stack/?/1")

UPDATE, DELETE, SIGNAL = (f"cloudformation:{name}" for name in ("UpdateStack", "DeleteStack", "SignalResource"))
CREATE_PLAN, EXECUTE_PLAN = "cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"
TOKEN = {"ClientRequestToken": "t"}
SAID: tuple[Parameters, ...] = ({"StackName": "a"}, {"StackName": "b"}, {"StackName": "a", **TOKEN})
OBJECTS: tuple[Parameters, ...] = (
    {"Bucket": "a", "Delete": {"Objects": [{"Key": "logs/1"}, {"Key": "bills/1"}]}},
    {"Bucket": "a", "Delete": {"Objects": [{"Key": "logs/1", "VersionId": "1"}]}},
    {"Bucket": "a", "Delete": {"Objects": [{"Key": "logs/2"}]}},
)

Places = tuple[tuple[str, tuple[str, ...], tuple[Parameters, ...]], ...]

OF_STACKS: Places = tuple((action, STACKS, SAID) for action in (UPDATE, DELETE, SIGNAL))
OF_SERVICES: Places = (
    (UPDATE, STACKS, SAID),
    (DELETE, STACKS, SAID),
    ("cloudformation:DescribeStacks", STACKS, SAID),
    ("dynamodb:UpdateTable", (TABLE,), ({"TableName": "a"},)),
    ("dynamodb:DeleteTable", (TABLE,), ({"TableName": "a"},)),
    ("dynamodb:UpdateContinuousBackups", (TABLE,), ({"TableName": "a"},)),
    (
        "dynamodb:CreateBackup",
        (f"{TABLE}/backup/1",),
        ({"TableName": "a", "BackupName": "x"}, {"TableName": "b", "BackupName": "a"}),
    ),
    ("cloudtrail:StopLogging", (TRAIL,), ({"Name": "a"},)),
    ("lambda:Invoke", (FUNCTION,), ({"FunctionName": "a"},)),
    ("apigateway:DeleteRestApi", (API,), ({"restApiId": "a"},)),
    ("s3:CopyObject", (BUCKET,), ({"Bucket": "a", "Key": "logs/1"},)),
    ("s3:DeleteObjects", (BUCKET,), OBJECTS),
)
TEXTS = tuple(text for texts in PLANS.values() for text in texts)
CHANGE_SETS: tuple[Parameters, ...] = (
    {"StackName": "a", "ChangeSetName": "fix"},
    {"StackName": "a", "ChangeSetName": "other"},
    {"ChangeSetName": f"arn:aws:cloudformation:{PLACE}:changeSet/fix/0a1b-2c"},
)
OF_PLANS: Places = (
    (UPDATE, STACKS[:1], tuple({"StackName": "a", "TemplateBody": text} for text in TEXTS)),
    (CREATE_PLAN, STACKS[:1], tuple({**name, "TemplateBody": text} for name in CHANGE_SETS[:2] for text in TEXTS)),
    (EXECUTE_PLAN, STACKS[:1], CHANGE_SETS),
    (DELETE, STACKS[:1], ({"StackName": "a"},)),
)

SPELT_STACKS = (UPDATE, DELETE, "CLOUDFORMATION:updatestack", "cloudformation:*", "cloudformation:Delete*", "*")
SPELT_SERVICES = (
    *SPELT_STACKS,
    "cloudform*:DeleteStack",
    "dynamodb:*Table",
    "dynamodb:DeleteTable",
    "dynamodb:UpdateContinuousBackups",
    "dynamodb:update*",
    "dynamodb:CreateBackup",
    "cloudtrail:StopLogging",
    "cloudtrail:Stop*",
    "lambda:Invoke",
    "lambda:InvokeFunction",
    "lambda:Invoke*",
    "apigateway:DELETE",
    "apigateway:DeleteRestApi",
    "apigateway:D*",
    "s3:PutObject",
    "s3:GetObject",
    "s3:CopyObject",
    "s3:DeleteObject",
    "s3:DeleteObjects",
    "s3:DeleteObjectVersion",
    "s3:*",
)
WHERE_SERVICES = (
    *STACKS,
    *STACK_GLOBS,
    TABLE,
    f"{TABLE}/backup/*",
    "arn:aws:dynamodb:*:*:table/?",
    TRAIL,
    FUNCTION,
    API,
    BUCKET,
    f"{BUCKET}/*",
    f"{BUCKET}/logs/*",
    f"{BUCKET}/bills/1",
    "arn:aws:s3",
)


@dataclasses.dataclass(frozen=True)
class Flavour:
    """What the steps of a story are drawn from."""

    calls: Places
    spelt: tuple[str, ...]
    where: tuple[str, ...]
    members: tuple[str, ...] = ()
    plans: tuple[str, ...] = ("",)
    asks: bool = False
    moves: bool = False

    def allow(self) -> st.SearchStrategy[Allow]:
        """Draw a grant."""
        return st.builds(
            Allow,
            actions=_some(self.spelt),
            resources=_some(self.where),
            start=st.sampled_from((0, 0, 0, 1, 3)),
            lasts=st.sampled_from((None, None, 2, 3, 5)),
            uses=st.sampled_from((None, None, 1, 1, 2)),
            conditions=st.sampled_from((None, None, None, {"StackName": "a"})),
            plan=st.sampled_from(self.plans),
            request=st.sampled_from((None, 0, 0, 1, 2)) if self.asks else st.none(),
        )

    def call(self) -> st.SearchStrategy[Call]:
        """Draw a call, and what goes on meanwhile."""
        nothing = st.just(())
        meanwhile = (
            nothing
            | nothing
            | nothing
            | st.lists(self.allow() | self.moved() | _revoke() | _answer(), max_size=2).map(tuple)
        )
        return st.one_of([self._call(*one, meanwhile) for one in self.calls])

    def _call(
        self,
        action: str,
        places: tuple[str, ...],
        said: tuple[Parameters, ...],
        meanwhile: st.SearchStrategy[tuple[Allow | Revoke | Answer | Move, ...]],
    ) -> st.SearchStrategy[Call]:
        return st.builds(
            Call,
            action=st.just(action),
            changed=_some(places)
            | st.lists(st.sampled_from((*places, *self.members)), max_size=2, unique=True).map(tuple),
            parameters=st.sampled_from(said),
            outcome=st.sampled_from((Outcome.OK, Outcome.OK, Outcome.FAIL, Outcome.UNKNOWN)),
            applied=st.sampled_from((True, True, True, False)),
            retry=st.sampled_from((False, False, False, True)),
            wait=st.sampled_from((0, 0, 1, 2)),
            predicted=st.just(()) | _some(self.members) if self.members else st.just(()),
            named=st.sampled_from((False, False, False, True)),
            meanwhile=meanwhile,
        )

    def moved(self) -> st.SearchStrategy[Move]:
        """Draw somebody else's doing."""
        return st.builds(
            Move,
            arn=st.sampled_from((*(one for _, places, _ in self.calls for one in places), *self.members)),
            author=st.sampled_from((Author.PERSON, Author.FAULT, Author.SERVICE, Author.CLOCK, Author.SET_IN_MOTION)),
            by_call=st.booleans(),
        )

    def step(self) -> st.SearchStrategy[Step]:
        """Draw a step."""
        kinds: list[st.SearchStrategy[Step]] = [self.allow(), self.call(), self.call(), _revoke()]
        if self.asks:
            asking = st.builds(Ask, actions=_some(self.spelt), resources=_some(self.where), by=st.sampled_from(AskedBy))
            kinds += [asking, asking, _answer(), _answer()]
        if self.moves:
            kinds += [self.moved(), self.moved()]
        return st.one_of(kinds)

    def steps(self, most: int = 10) -> st.SearchStrategy[list[Step]]:
        """Draw a story."""
        return st.lists(self.step(), min_size=3, max_size=most)

    def authority(self) -> st.SearchStrategy[Authority]:
        """Draw the rule of a scenario."""
        return st.builds(
            Authority,
            needs=st.sampled_from((Needs.MUTATIONS, Needs.EVERY_ACTION)),
            own_initiative=st.booleans(),
            forbidden=st.just(()) | st.sampled_from(((DELETE,), ("s3:Delete*",), ("apigateway:DeleteStage",))),
        )


def _some(several: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sampled_from(several).map(lambda one: (one,)) | st.lists(
        st.sampled_from(several), min_size=1, max_size=2, unique=True
    ).map(tuple)


def _revoke() -> st.SearchStrategy[Revoke]:
    return st.builds(Revoke, number=st.integers(0, 4))


def _answer() -> st.SearchStrategy[Answer]:
    return st.builds(
        Answer,
        request=st.integers(0, 3),
        reply=st.sampled_from(Reply),
        void=st.none() | st.sampled_from(Void),
    )


FLAVOURS: Mapping[str, Flavour] = {
    "terms": Flavour(OF_STACKS, SPELT_STACKS, (*STACKS, *STACK_GLOBS)),
    "scopes": Flavour(OF_SERVICES, SPELT_SERVICES, WHERE_SERVICES),
    "requests": Flavour(OF_STACKS, SPELT_STACKS[:4], (*STACKS, "*"), asks=True),
    "plans and moves": Flavour(
        OF_PLANS,
        (UPDATE, DELETE, EXECUTE_PLAN, CREATE_PLAN, "cloudformation:*"),
        (STACKS[0], QUEUE, "*"),
        members=(QUEUE,),
        plans=("", "", *PLANS),
        moves=True,
    ),
}


FAST = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MANY = settings(FAST, max_examples=2500)


def agree(steps: Sequence[Step], authority: Authority) -> None:
    """See that the ledger and the rules say the same of each call, and that a later judge agrees."""
    told = tell(steps, authority)
    expected = judge(told.entries, authority)
    assert {one.key: one.miss for one in expected} == {key: one.miss for key, one in told.said.items()}
    assert {one.key: one.grants for one in expected if one.miss is None} == {
        key: frozenset(one.grants) for key, one in told.said.items() if one.covered
    }
    assert all((one.miss is None) == one.covered and one.because for one in told.said.values())
    later = coverages(told.history())
    assert {key: one.covered for key, one in told.said.items()} == {key: one.covered for key, one in later.items()}
    changed = {key for key, one in later.items() if one.miss is not told.said[key].miss}
    assert all(later[key].miss in {Miss.EARLY, Miss.WAITING} for key in changed), "only what came afterwards is news"


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_ledger_says_what_the_rules_say(flavour: str) -> None:
    """For any story each call is covered exactly when the rules say so, by the same grants, else with the same code."""
    _stories(FLAVOURS[flavour], FAST)


@pytest.mark.slow
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_ledger_says_what_the_rules_say_of_ten_thousand_stories(flavour: str) -> None:
    """The same for 2,500 stories of each flavour."""
    _stories(FLAVOURS[flavour], MANY)


def _stories(flavour: Flavour, how_many: settings) -> None:
    @how_many
    @given(steps=flavour.steps(), authority=flavour.authority())
    def stories(steps: list[Step], authority: Authority) -> None:
        agree(steps, authority)

    stories()


# -- what is true of every story -----------------------------------------------------------------------------------------

STORIES = st.sampled_from(sorted(FLAVOURS)).map(FLAVOURS.__getitem__)


def _last(steps: Sequence[Step], authority: Authority) -> Miss | None:
    """Give what was wrong with the last call of a story, which must be one that is judged."""
    return tell(steps, authority).codes[-1]


def _judged(call: Call) -> bool:
    return bool(tell([call]).said)


@FAST
@given(data=st.data(), flavour=STORIES)
def test_one_grant_more_never_uncovers_a_call(data: st.DataObject, flavour: Flavour) -> None:
    """Whatever had happened, what is covered without a further grant is covered with it."""
    steps, authority = data.draw(flavour.steps(8)), data.draw(flavour.authority())
    call, more = data.draw(flavour.call().filter(_judged)), data.draw(flavour.allow())
    without = _last([*steps, call], authority)
    with_it = _last([*steps, dataclasses.replace(more, id="more"), call], authority)
    assert with_it is None or without is not None


@FAST
@given(data=st.data(), flavour=STORIES, place=st.integers(0, 12))
def test_one_grant_more_uncovers_no_later_call_either(data: st.DataObject, flavour: Flavour, place: int) -> None:
    """Nor does it take away a use that a later call needs, as long as no answer is lost."""
    steps = [_answered(one) for one in data.draw(flavour.steps())]
    authority, more = data.draw(flavour.authority()), data.draw(flavour.allow())
    without = tell(steps, authority).codes
    with_it = tell([*steps[:place], dataclasses.replace(more, id="more"), *steps[place:]], authority).codes
    assert all(other is None or one is not None for one, other in zip(without, with_it, strict=True))


def _answered(step: Step) -> Step:
    if isinstance(step, Call) and step.outcome is Outcome.UNKNOWN:
        return dataclasses.replace(step, outcome=Outcome.OK)
    return step


@FAST
@given(data=st.data(), flavour=STORIES, revoke=_revoke())
def test_a_revocation_never_covers_a_call(data: st.DataObject, flavour: Flavour, revoke: Revoke) -> None:
    """What is not covered before a grant is revoked is not covered after."""
    steps, authority = data.draw(flavour.steps(8)), data.draw(flavour.authority())
    call = data.draw(flavour.call().filter(_judged))
    without = _last([*steps, call], authority)
    with_it = _last([*steps, revoke, call], authority)
    assert without is None or with_it is not None


@FAST
@given(data=st.data(), flavour=STORIES, more=st.integers(1, 9))
def test_what_has_expired_stays_expired(data: st.DataObject, flavour: Flavour, more: int) -> None:
    """Where every grant has begun, a call that came too late is not covered any later."""
    steps, authority = data.draw(flavour.steps(8)), data.draw(flavour.authority())
    steps = [dataclasses.replace(one, start=0) if isinstance(one, Allow) else one for one in steps]
    steps = [dataclasses.replace(one, meanwhile=()) if isinstance(one, Call) else one for one in steps]
    call = data.draw(flavour.call().filter(_judged))
    now = _last([*steps, call], authority)
    later = _last([*steps, dataclasses.replace(call, wait=call.wait + more)], authority)
    assert now is None or later is not None


@FAST
@given(data=st.data(), flavour=STORIES)
def test_a_grant_after_the_call_began_covers_nothing_of_it(data: st.DataObject, flavour: Flavour) -> None:
    """A call is covered, or not, whatever is granted while it is under way."""
    steps, authority = data.draw(flavour.steps(8)), data.draw(flavour.authority())
    call, more = data.draw(flavour.call().filter(_judged)), data.draw(flavour.allow())
    without = _last([*steps, dataclasses.replace(call, meanwhile=())], authority)
    during = _last([*steps, dataclasses.replace(call, meanwhile=(dataclasses.replace(more, id="more"),))], authority)
    assert (without is None) == (during is None)


@FAST
@given(data=st.data(), flavour=STORIES)
def test_two_grants_for_a_part_each_are_one_for_both(data: st.DataObject, flavour: Flavour) -> None:
    """Splitting the resources of a grant in two changes nothing, as long as uses are not counted."""
    steps = [one for one in data.draw(flavour.steps()) if not isinstance(one, Revoke)]  # it ends one grant, not two
    steps = [dataclasses.replace(one, uses=None) if isinstance(one, Allow) else one for one in steps]
    steps = [dataclasses.replace(one, meanwhile=()) if isinstance(one, Call) else one for one in steps]
    authority = data.draw(flavour.authority())
    parts = [
        [dataclasses.replace(one, resources=(where,)) for where in one.resources] if isinstance(one, Allow) else [one]
        for one in steps
    ]
    expected = [one is None for one in tell(steps, authority).codes]
    assert expected == [one is None for one in tell([*itertools.chain(*parts)], authority).codes]


@FAST
@given(data=st.data(), flavour=STORIES, place=st.integers(0, 12), applied=st.booleans())
def test_what_was_refused_spends_nothing(data: st.DataObject, flavour: Flavour, place: int, applied: bool) -> None:
    """A call more that was refused, or failed, changes nothing for the others."""
    steps, authority = data.draw(flavour.steps()), data.draw(flavour.authority())
    steps = [dataclasses.replace(one, retry=False) if isinstance(one, Call) else one for one in steps]
    refused = dataclasses.replace(
        data.draw(flavour.call()), outcome=Outcome.FAIL, applied=applied, wait=0, retry=False, meanwhile=()
    )
    if applied and refused.action == CREATE_PLAN:
        refused = dataclasses.replace(refused, applied=False)
    alone, among = tell(steps, authority), tell([*steps[:place], refused, *steps[place:]], authority)
    number = 1 + sum(isinstance(one, Call) for one in steps[:place])
    others = [one.miss for key, one in among.said.items() if key != (f"c-{number}", 1)]
    assert alone.codes == others


@FAST
@given(data=st.data(), flavour=STORIES)
def test_a_call_repeated_for_want_of_an_answer_is_the_same_use(data: st.DataObject, flavour: Flavour) -> None:
    """What was covered once is covered again when its answer was lost, however few uses there were."""
    steps, authority = data.draw(flavour.steps(8)), data.draw(flavour.authority())
    call = dataclasses.replace(data.draw(flavour.call().filter(_judged)), applied=True, meanwhile=(), retry=False)
    lost = dataclasses.replace(call, outcome=Outcome.UNKNOWN)
    first, again, and_again = tell([*steps, lost, *[dataclasses.replace(lost, wait=0)] * 2], authority).codes[-3:]
    assert first is not None or (again, and_again) == (None, None)


@FAST
@given(data=st.data(), flavour=STORIES)
def test_the_order_of_what_has_nothing_to_do_with_each_other(data: st.DataObject, flavour: Flavour) -> None:
    """Two neighbouring events that are not about the same thing can change places."""
    told = tell(data.draw(flavour.steps()), data.draw(flavour.authority()))
    pairs = [at for at, (one, other) in enumerate(itertools.pairwise(told.entries)) if _unrelated(one, other)]
    if not pairs:
        return
    at = data.draw(st.sampled_from(pairs))
    first, second = told.entries[at : at + 2]
    moved = [
        *told.entries[:at],
        Entry(first.seq, second.at, second.event),
        Entry(second.seq, first.at, first.event),
        *told.entries[at + 2 :],
    ]
    other = Told(told.authority, tell([], told.authority).ledger, moved)
    assert _codes(told) == _codes(other)


def _codes(told: Told) -> Mapping[Key, Miss | None]:
    return {key: one.miss for key, one in coverages(told.history()).items()}


def _unrelated(one: Entry, other: Entry) -> bool:
    """Say whether neither of two events is a call, nor about the grant or the request of the other."""
    events = (one.event, other.event)
    if any(isinstance(event, CallStarted | CallEnded) for event in events):
        return False
    kinds = [type(event) for event in events]
    if kinds in ([Granted, WorldChanged], [WorldChanged, Granted], [Requested, Requested]):
        return False
    if kinds == [Granted, Granted]:
        return all(isinstance(event, Granted) and event.grant.uses is None for event in events)
    about = [_about(event) for event in events]
    return not about[0] & about[1]


def _about(event: object) -> set[str]:
    match event:
        case Granted(grant=grant):
            return {grant.id, grant.request}
        case Revoked(grant=name):
            return {name}
        case Requested(request=name) | Decided(request=name):
            return {name}
        case _:
            return set()
