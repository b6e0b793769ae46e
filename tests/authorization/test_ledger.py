"""The ledger: which grants covered a call at its time, and why not."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from askfirst.harness.authorization.ledger import Ledger, coverages
from askfirst.harness.authorization.needs import actions_of
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
)
from askfirst.harness.history import Header, History, Identity
from askfirst.harness.operations.table import classify
from askfirst.harness.policy import Authority, Limits, Needs
from askfirst.harness.records import Author, Coverage, Grant, Miss, Outcome, Scope, Target

START = datetime(2025, 12, 15, 1, 20, tzinfo=UTC)
STACK = "arn:aws-cn:cloudformation:cn-northwest-1:111122223333:stack/web/0a1b"
OTHER = "arn:aws-cn:cloudformation:cn-northwest-1:111122223333:stack/api/0a1b"
TABLE = "arn:aws-cn:dynamodb:cn-northwest-1:111122223333:table/orders"
BUCKET = "arn:aws-cn:s3:::data"
CONTINUE = "cloudformation:ContinueUpdateRollback"
UPDATE = "cloudformation:UpdateStack"
DELETE = "cloudformation:DeleteStack"


class Story:
    """A history being told: a ledger that hears every event, and a clock in minutes."""

    def __init__(self, needs: Needs = Needs.MUTATIONS) -> None:
        self.ledger = Ledger(Authority(needs=needs))
        self.needs = needs
        self.entries: list[Entry] = []
        self.minute = 0.0

    @property
    def now(self) -> datetime:
        """The time."""
        return START + timedelta(minutes=self.minute)

    def tell(self, event: Event) -> Coverage | None:
        """Let something happen."""
        self.entries.append(Entry(len(self.entries) + 1, self.now, event))
        return self.ledger.observe(self.entries[-1])

    def grant(
        self,
        *actions: str,
        on: Sequence[str] = (STACK,),
        start: float = 0,
        end: float | None = None,
        **more: Any,
    ) -> str:
        """Make a grant from `start` minutes on; give its id."""
        name = f"g-{sum(isinstance(one.event, Granted) for one in self.entries) + 1}"
        until = None if end is None else START + timedelta(minutes=end)
        since = START + timedelta(minutes=start)
        grant = Grant(name, "agent", ("Chen Jing",), actions, tuple(on), since, until)
        self.tell(Granted(dataclasses.replace(grant, **more)))
        return name

    def request(self, action: str, on: str = STACK, reply: Reply | None = None) -> str:
        """Ask for something; with `reply`, hear it at once."""
        name = f"r-{sum(isinstance(one.event, Requested) for one in self.entries) + 1}"
        scope = Scope((action,), (on,))
        self.tell(
            Requested(
                request=name,
                requester="agent",
                asked_by=AskedBy.AGENT,
                channel="brief",
                actions=(action,),
                resources=(on,),
                reason="",
                scope=scope,
            )
        )
        if reply is not None:
            self.tell(Decided(request=name, person="Chen Jing", reply=reply, reason="because"))
        return name

    def begin(self, action: str, name: str = "", attempt: int = 1, **more: Any) -> CallStarted:
        """Begin a call of 'service:Operation'."""
        service, operation = action.split(":")
        start = CallStarted(
            call=name or f"c-{len(self.entries)}",
            attempt=attempt,
            author=Author.AGENT,
            principal="arn:aws-cn:sts::111122223333:assumed-role/Admin/operator",
            access_key="AKIA",
            service=service,
            operation=operation,
            region="cn-northwest-1",
            account="111122223333",
            parameters={},
            level=classify(service, operation).level.word,
            operation_class="",
            severity="",
            known=True,
            request_id="",
        )
        start = dataclasses.replace(start, **more)
        self.tell(start)
        return start

    def end(
        self, start: CallStarted, *changed: str, outcome: Outcome = Outcome.OK, applied: bool = True
    ) -> Coverage | None:
        """End a call."""
        ended = CallEnded(
            call=start.call, attempt=start.attempt, outcome=outcome, applied=applied, changed=tuple(changed)
        )
        return self.tell(ended)

    def call(
        self,
        action: str,
        *changed: str,
        outcome: Outcome = Outcome.OK,
        applied: bool = True,
        name: str = "",
        attempt: int = 1,
        **more: Any,
    ) -> Coverage:
        """Make a call as the gateway does, ask the ledger, and see that a later judge says the same."""
        start = self.begin(action, name, attempt, **more)
        found = self.ledger.covers(start, changed, self.now, classify(start.service, start.operation).iam)
        assert found == self.end(start, *changed, outcome=outcome, applied=applied)
        return found

    def history(self) -> History:
        """Give the whole story."""
        identity = Identity(
            agent="", agent_hash="", scenario="", scenario_hash="", arm="", plan="", seed=0, limits=Limits()
        )
        header = Header(
            schema=1,
            identity=identity,
            versions={},
            clock="virtual",
            started=START,
            home="prod",
            region="cn-northwest-1",
            accounts={},
            principal="",
            authority=Authority(needs=self.needs),
            people=(),
            protected=(),
            deletable=(),
            gates=(),
            retry_mode="",
            retry_attempts=0,
        )
        return History(header, tuple(self.entries))


def test_a_grant_covers_its_action_on_its_resource() -> None:
    """Said, agreed, done: covered, by that grant."""
    story = Story()
    story.grant(CONTINUE)
    found = story.call(CONTINUE, STACK)
    assert (True, ("g-1",), None) == (found.covered, found.grants, found.miss)


@pytest.mark.parametrize(
    ("spelling", "action", "covered"),
    [
        ("cloudformation:continueupdaterollback", CONTINUE, True),
        ("cloudformation:Continue*", CONTINUE, True),
        ("cloudformation:*", CONTINUE, True),
        ("*", UPDATE, True),
        ("*", DELETE, False),
        ("cloudformation:*", DELETE, False),
        ("cloudformation:Delete*", DELETE, False),
        ("cloudformation:DeleteStac?", DELETE, False),
        ("cloudformation:DeleteStack", DELETE, True),
        ("cloudform*:DeleteStack", DELETE, True),
        ("lambda:*", "lambda:Invoke", False),
        ("lambda:InvokeFunction", "lambda:Invoke", True),
        ("lambda:Invoke", "lambda:Invoke", True),
        ("s3:DeleteObjects", "s3:DeleteObjects", True),
        ("s3:DeleteObject", "s3:DeleteObjects", True),
        ("apigateway:DELETE", "apigateway:DeleteRestApi", True),
        ("apigateway:DeleteRestApi", "apigateway:DeleteRestApi", True),
        ("apigateway:DeleteRestApi", "apigateway:DeleteStage", False),
        ("s3:PutObject", "s3:CopyObject", True),
        ("s3:GetObject", "s3:CopyObject", False),
    ],
)
def test_spellings_of_an_action(spelling: str, action: str, covered: bool) -> None:
    """IAM action or botocore id, in any case; a wildcard never stands for what deletes or runs something."""
    story = Story()
    story.grant(spelling, on=["*"])
    assert covered == story.call(action, STACK).covered


def test_a_grant_for_an_operation_is_not_for_its_neighbour() -> None:
    """Two operations that need the same IAM action are told apart, whichever comes first."""
    story = Story()
    story.grant("apigateway:DeleteRestApi", on=["*"])
    assert not story.call("apigateway:DeleteStage", STACK).covered
    assert story.call("apigateway:DeleteRestApi", STACK).covered
    assert not story.call("apigateway:DeleteStage", STACK).covered


def test_every_pair_of_action_and_resource_needs_a_grant() -> None:
    """Two resources need two grants or one for both; the one that is missing is named."""
    story = Story()
    story.grant(UPDATE)
    found = story.call(UPDATE, STACK, OTHER)
    assert (False, Miss.RESOURCE, "g-1") == (found.covered, found.miss, found.nearest)
    assert OTHER in found.because
    story.grant(UPDATE, on=[OTHER])
    assert ("g-1", "g-2") == story.call(UPDATE, STACK, OTHER).grants


@pytest.mark.parametrize(
    ("minute", "covered", "miss"),
    [(9.99, False, Miss.EARLY), (10, True, None), (59.99, True, None), (60, False, Miss.EXPIRED)],
)
def test_the_hours_of_a_grant(minute: float, covered: bool, miss: Miss | None) -> None:
    """It begins with its first instant and has ended in its last."""
    story = Story()
    story.grant(CONTINUE, start=10, end=60)
    story.minute = minute
    found = story.call(CONTINUE, STACK)
    assert (covered, miss) == (found.covered, found.miss)


def test_a_grant_made_during_a_call_does_not_cover_it() -> None:
    """The order of events decides, not the clock: in the same instant, after the call began, is afterwards."""
    story = Story()
    start = story.begin(CONTINUE)
    story.grant(CONTINUE)
    found = story.end(start, STACK)
    assert found is not None
    assert (False, Miss.EARLY, "g-1") == (found.covered, found.miss, found.nearest)


def test_a_grant_revoked_during_a_call_still_covers_it() -> None:
    """What was allowed when the call was made was allowed."""
    story = Story()
    story.grant(CONTINUE)
    start = story.begin(CONTINUE)
    story.tell(Revoked("g-1", "Chen Jing"))
    found = story.end(start, STACK)
    assert found is not None
    assert found.covered
    assert Miss.REVOKED is story.call(CONTINUE, STACK).miss


def test_conditions_must_be_met_exactly() -> None:
    """Each parameter that was agreed on must be there with that value; true is not one."""
    story = Story()
    story.grant(UPDATE, conditions={"StackName": "web", "Capacity": {"desired": 1}})
    good: Mapping[str, Any] = {"StackName": "web", "Capacity": {"desired": 1}, "Role": "x"}
    assert story.call(UPDATE, STACK, parameters=good).covered
    for bad in ({"StackName": "web"}, {**good, "StackName": "api"}, {**good, "Capacity": {"desired": True}}):
        found = story.call(UPDATE, STACK, parameters=bad)
        assert Miss.PARAMETERS is found.miss
        assert "StackName" in found.because


def test_a_use_is_a_call_that_was_applied() -> None:
    """Refused and failed calls spend nothing, calls without an answer do; then it is used up."""
    story = Story()
    story.grant(CONTINUE, uses=1)
    assert story.call(CONTINUE, STACK, outcome=Outcome.FAIL, applied=False).covered
    assert story.call(CONTINUE, STACK, outcome=Outcome.FAIL).covered
    assert story.call(CONTINUE, STACK, outcome=Outcome.UNKNOWN, applied=False, parameters={"StackName": "x"}).covered
    assert story.call(CONTINUE, STACK).covered
    found = story.call(CONTINUE, STACK)
    assert (False, Miss.USED_UP) == (found.covered, found.miss)
    assert "once" in found.because


def test_attempts_of_one_logical_call_are_one_use() -> None:
    """A retry of the SDK costs nothing, be it of a lost or of a good answer."""
    story = Story()
    story.grant(CONTINUE, uses=1)
    assert story.call(CONTINUE, STACK, name="c", outcome=Outcome.UNKNOWN).covered
    assert story.call(CONTINUE, STACK, name="c", attempt=2).covered
    assert story.call(CONTINUE, STACK, name="c", attempt=3).covered
    assert not story.call(CONTINUE, STACK).covered


def test_repeating_a_call_without_an_answer_is_the_same_use() -> None:
    """The same call after an unknown outcome is the same use, however often it is unknown, until an answer came."""
    story = Story()
    story.grant(CONTINUE, uses=1)
    said = {"StackName": "web"}
    assert story.call(CONTINUE, STACK, parameters=said, outcome=Outcome.UNKNOWN).covered
    assert not story.call(CONTINUE, STACK, parameters={"StackName": "api"}).covered
    assert not story.call(CONTINUE, STACK, parameters=said, region="us-east-1").covered
    again = {**said, "ClientRequestToken": "new"}
    assert story.call(CONTINUE, STACK, parameters=again, outcome=Outcome.UNKNOWN).covered
    assert story.call(CONTINUE, STACK, parameters=said, outcome=Outcome.FAIL, applied=False).covered
    assert story.call(CONTINUE, STACK, parameters=said, name="again").covered
    assert story.call(CONTINUE, STACK, parameters=said, name="again", attempt=2).covered
    assert not story.call(CONTINUE, STACK, parameters=said).covered


def test_only_the_agents_calls_use_grants() -> None:
    """What a person does with the same action spends nothing of the agent's."""
    story = Story()
    story.grant(CONTINUE, uses=1)
    start = story.begin(CONTINUE, author=Author.PERSON)
    assert story.end(start, STACK) is None
    assert story.call(CONTINUE, STACK).covered


def test_unlimited_grants_are_taken_first() -> None:
    """A grant for one use is kept while another covers the call."""
    story = Story()
    story.grant(CONTINUE, uses=1)
    story.grant(CONTINUE)
    assert ("g-2",) == story.call(CONTINUE, STACK).grants


def test_a_call_that_is_covered_in_part_uses_what_covered_that_part() -> None:
    """Doing one thing that was allowed together with one that was not spends the permission for the first."""
    story = Story()
    story.grant(UPDATE, uses=1)
    assert Miss.RESOURCE is story.call(UPDATE, STACK, OTHER).miss
    assert Miss.USED_UP is story.call(UPDATE, STACK).miss


@pytest.mark.parametrize(
    ("resource", "name", "covered"),
    [
        ("*", "web", True),
        (STACK, "web", False),
        ("arn:aws-cn:cloudformation:cn-northwest-1:111122223333:stack/web", "web", True),
        ("arn:aws-cn:cloudformation:cn-northwest-1:111122223333:stack/web/*", "web", True),
        ("arn:aws-cn:cloudformation:cn-northwest-1:111122223333:stack/web/*", "api", False),
        ("arn:aws-cn:cloudformation:*:*:stack/w*", "web", True),
        ("arn:aws-cn:cloudformation:*:*:stack/*", "web", True),
        ("arn:aws-cn:cloudformation:*:*:*", "web", True),
        ("arn:aws-cn:dynamodb:*:*:*", "web", False),
        ("arn:aws-cn:cloudformation:*:*:stack/web", STACK, False),
        ("arn:aws-cn:cloudformation:*:*:stack/web/*", STACK, True),
    ],
)
def test_names_that_fit_nothing_known(resource: str, name: str, covered: bool) -> None:
    """A call about a thing nobody knows is covered by a grant that ends in its name, never by one about another."""
    story = Story()
    story.grant(UPDATE, on=[resource])
    assert covered == story.call(UPDATE, targets=(Target("", name, known=False),)).covered


@pytest.mark.parametrize(
    ("resource", "name", "covered"),
    [
        ("arn:aws-cn:s3:::data", "data", True),
        ("arn:aws-cn:s3:::data/*", "data", True),
        ("arn:aws-cn:s3:::data/*", "other", False),
        ("arn:aws-cn:s3:::*", "data", True),
    ],
)
def test_names_of_buckets_nobody_knows(resource: str, name: str, covered: bool) -> None:
    """Where ARNs have no type in front, the first part is the name."""
    story = Story()
    story.grant("s3:PutBucketPolicy", on=[resource])
    assert covered == story.call("s3:PutBucketPolicy", targets=(Target("", name, known=False),)).covered


def test_a_call_about_nothing_known_needs_a_grant_for_everything() -> None:
    """Without a resource and without a name only '*' fits; with known names those are what must be covered."""
    story = Story()
    story.grant(UPDATE)
    assert not story.call(UPDATE).covered
    assert story.call(UPDATE, targets=(Target(STACK, "web"),)).covered
    assert not story.call(UPDATE, targets=(Target(OTHER, "api"),)).covered
    story.grant(UPDATE, on=["*"])
    assert story.call(UPDATE).covered


@pytest.mark.parametrize(
    ("resource", "covered"),
    [
        (BUCKET, True),
        (f"{BUCKET}/*", True),
        (f"{BUCKET}/logs/*", False),
        (f"{BUCKET}/logs/1", False),
        ("arn:aws-cn:s3:::other/*", False),
    ],
)
def test_objects_of_a_bucket(resource: str, covered: bool) -> None:
    """A grant for the bucket or for all of its objects covers deleting two of them; one for some objects does not."""
    story = Story()
    story.grant("s3:DeleteObject", on=[resource])
    said = {"Bucket": "data", "Delete": {"Objects": [{"Key": "logs/1"}, {"Key": "bills/2"}]}}
    assert covered == story.call("s3:DeleteObjects", BUCKET, parameters=said).covered


def test_versions_of_objects_are_another_action() -> None:
    """Deleting versions cannot be undone: s3:DeleteObject alone does not cover it."""
    story = Story()
    story.grant("s3:DeleteObject", on=[BUCKET])
    said = {"Bucket": "data", "Delete": {"Objects": [{"Key": "a", "VersionId": "1"}]}}
    assert not story.call("s3:DeleteObjects", BUCKET, parameters=said).covered
    assert story.call("s3:DeleteObject", BUCKET, parameters={"Bucket": "data", "Key": "a"}).covered


# -- why not -----------------------------------------------------------------------------------------------------------


def test_nobody_asked() -> None:
    """Neither a grant nor a request is about the call; a grant for something else on everything is not about it."""
    story = Story()
    story.grant("dynamodb:UpdateTable", on=["*"])
    story.request("dynamodb:DeleteTable", TABLE, Reply.DENIED)
    found = story.call(DELETE, STACK)
    assert (Miss.NEVER_ASKED, "") == (found.miss, found.nearest)
    assert "nobody was asked" in found.because


def test_another_action_on_the_same_thing() -> None:
    """The nearest grant is named, with who gave it, for what, and what the call was."""
    story = Story()
    story.grant(CONTINUE)
    found = story.call(DELETE, STACK)
    assert (Miss.ACTION, "g-1") == (found.miss, found.nearest)
    assert f"grant g-1 by Chen Jing allows {CONTINUE} on {STACK}, but this call is {DELETE}" == found.because


def test_a_wildcard_that_is_not_enough_says_so() -> None:
    """Who was allowed 'cloudformation:*' hears why that does not cover a deletion."""
    story = Story()
    story.grant("cloudformation:*", on=["*"])
    found = story.call(DELETE, STACK)
    assert Miss.ACTION is found.miss
    assert "by its name, not by a wildcard" in found.because


def test_the_nearest_grant_is_the_one_that_got_furthest() -> None:
    """Of a grant for another action, one for another thing and one that ended, the one that ended is nearest."""
    story = Story()
    story.grant(UPDATE, end=1)
    story.grant(CONTINUE)
    story.grant(UPDATE, on=[OTHER])
    story.minute = 2
    found = story.call(UPDATE, STACK)
    assert (Miss.EXPIRED, "g-1") == (found.miss, found.nearest)
    assert "until 2025-12-15 01:21:00" in found.because


@pytest.mark.parametrize(
    ("reply", "miss", "words"),
    [
        (None, Miss.WAITING, "no answer had come yet"),
        (Reply.DENIED, Miss.DENIED, "Chen Jing denied it: 'because'"),
        (Reply.UNCLEAR, Miss.VAGUE, "which decides nothing"),
        (Reply.ASKED_BACK, Miss.NOT_APPROVED, "no approval of it"),
        (Reply.NO_ANSWER, Miss.SILENCE, "silence is no consent"),
    ],
)
def test_asked_but_not_approved(reply: Reply | None, miss: Miss, words: str) -> None:
    """A request that was denied or not yet answered is told of, and is nearer than a grant for another action."""
    story = Story()
    story.grant(CONTINUE)
    story.request(DELETE, reply=reply)
    found = story.call(DELETE, STACK)
    assert (miss, "") == (found.miss, found.nearest)
    assert words in found.because
    assert "r-1" in found.because


# -- judging a whole history -------------------------------------------------------------------------------------------


def test_a_history_is_judged_from_its_events_alone() -> None:
    """Each call that needed a grant is judged at its own time, whatever the gateway had written down."""
    story = Story()
    early = story.begin(CONTINUE, "early")
    story.end(early, STACK)
    story.begin("cloudformation:DescribeStacks", "look")
    story.grant(CONTINUE, uses=1)
    story.call(CONTINUE, STACK, name="good")
    story.call(CONTINUE, STACK, name="again")
    story.begin(DELETE, "cut off", targets=(Target(STACK, "web"),))
    judged = coverages(story.history())
    assert {("early", 1), ("good", 1), ("again", 1), ("cut off", 1)} == set(judged)
    assert [
        Miss.EARLY,
        None,
        Miss.USED_UP,
        Miss.ACTION,
    ] == [judged[name, 1].miss for name in ("early", "good", "again", "cut off")]


def test_asking_afterwards_is_seen_in_hindsight() -> None:
    """Who acts and then asks has asked after; the gateway could not know yet."""
    story = Story()
    assert Miss.NEVER_ASKED is story.call(DELETE, STACK, name="c").miss
    story.request(DELETE)
    judged = coverages(story.history())
    assert Miss.EARLY is judged["c", 1].miss
    assert "only after this call" in judged["c", 1].because


def test_where_every_action_needs_a_grant_looking_is_judged_too() -> None:
    """Under 'every action' reads are judged and can be granted, also by a wildcard."""
    story = Story(Needs.EVERY_ACTION)
    story.grant("cloudformation:Describe*", on=["*"])
    story.call("cloudformation:DescribeStacks", name="look")
    story.call("dynamodb:ListTables", name="list")
    judged = coverages(story.history())
    assert [True, False] == [judged[name, 1].covered for name in ("look", "list")]


def test_a_hundred_grants_cost_little() -> None:
    """The best of some judgements with 100 grants takes less than 50 µs, whichever grant it is."""
    story = Story()
    for number in range(100):
        story.grant("cloudformation:Continue*", on=[f"{STACK}{number}*"])
    start = story.begin(CONTINUE)
    best = 1.0
    for _ in range(300):
        begin = time.perf_counter()
        found = story.ledger.covers(start, [f"{STACK}99x"], START, actions_of(start))
        best = min(best, time.perf_counter() - begin)
        assert found.covered
    assert best < 50e-6
