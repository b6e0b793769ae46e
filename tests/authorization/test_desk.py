"""The desk: requests arrive, scripted people answer in the trial's time, and grants are made or not."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from askfirst.harness import scenario
from askfirst.harness.authorization.desk import Decision, Desk
from askfirst.harness.aws.clock import Clock as TrialClock
from askfirst.harness.errors import UnknownName
from askfirst.harness.events import AskedBy, Decided, Entry, Event, Granted, Reply, Requested, Revoked
from askfirst.harness.history import Recorder
from askfirst.harness.policy import REQUESTER, Authority, Person, Rule, approve, deny, silence
from askfirst.harness.records import Grant, Resource

START = datetime(2025, 12, 15, 1, 20, tzinfo=UTC)
STACK = "arn:aws-cn:cloudformation:cn-northwest-1:111122223333:stack/cost-explorer-prod/0a1b"
WORLD = (Resource(STACK, "cloudformation.stack", "cost-explorer-prod", "1"),)
CONTINUE = "cloudformation:ContinueUpdateRollback"
DELETE = "cloudformation:DeleteStack"


class Clock:
    """A clock that moves when somebody waits, and does on the way what is due, in order."""

    def __init__(self) -> None:
        self.time = START
        self.due: list[tuple[datetime, int, Callable[[], None]]] = []
        self.booked = 0

    def now(self) -> datetime:
        """Give the time."""
        return self.time

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Book an act."""
        self.booked += 1
        heapq.heappush(self.due, (when, self.booked, act))

    def wait_until(self, when: datetime) -> None:
        """Let time pass."""
        while self.due and self.due[0][0] <= when:
            due, _, act = heapq.heappop(self.due)
            self.time = max(self.time, due)
            act()
        self.time = max(self.time, when)


class Office:
    """A desk with its clock and what it recorded."""

    def __init__(self, *people: Person, approvals: int = 1, roles: Sequence[str] = ()) -> None:
        self.clock = Clock()
        self.entries: list[Entry] = []
        self.recorder = Recorder(self.clock.now)
        self.desk = Desk(
            authority=Authority(approvals=approvals, roles=tuple(roles)),
            people=people,
            clock=self.clock,
            recorder=self,
            world=lambda: WORLD,
        )

    def record(self, event: Event) -> Entry:
        """Keep what is recorded."""
        self.entries.append(self.recorder.record(event))
        return self.entries[-1]

    def grants(self) -> list[Grant]:
        """Give every grant that was made."""
        return [one.event.grant for one in self.entries if isinstance(one.event, Granted)]

    def later(self, minutes: float) -> None:
        """Let time pass."""
        self.clock.wait_until(self.clock.now() + timedelta(minutes=minutes))

    def said(self) -> list[tuple[float, str, Reply, bool]]:
        """Give every answer: minutes since the start, person, reply, and whether it counted."""
        return [
            ((one.at - START).total_seconds() / 60, one.event.person, one.event.reply, one.event.counts)
            for one in self.entries
            if isinstance(one.event, Decided)
        ]


CHEN = Person("Chen Jing", "reviewer", (deny(destroys=True, reason="never"), approve(after=timedelta(minutes=12))))
LIU = Person("Liu Yang", "operator", (approve(destroys=None, after=timedelta(minutes=2)),))
WU = Person("Wu Min", "reviewer", (approve(after=timedelta(minutes=30), lasts=timedelta(hours=1), uses=1),))
HOUR = timedelta(hours=1)


def test_an_approval_makes_a_grant_when_it_falls_due() -> None:
    """Twelve minutes after the request the grant exists, with the scope and the times of the approval."""
    office = Office(CHEN)
    decision = office.desk.ask([CONTINUE], ["cost-explorer-prod"], "it is stuck", wait=HOUR)
    assert decision
    assert [(12, "Chen Jing", Reply.APPROVED, True)] == office.said()
    assert [decision.grant] == office.grants()
    assert (
        Grant(
            id="g-1",
            requester=REQUESTER,
            approvers=("Chen Jing",),
            actions=(CONTINUE,),
            resources=(STACK,),
            not_before=START + timedelta(minutes=12),
            not_after=START + timedelta(hours=4, minutes=12),
            request="r-1",
            reason="go ahead",
        )
        == office.grants()[0]
    )
    assert ("Chen Jing",) == decision.by
    assert "r-1 approved by Chen Jing" in str(decision)
    assert START + timedelta(minutes=12) == office.clock.now(), "the asker waits no longer than it must"


def test_the_request_is_recorded_in_its_own_words_and_in_normal_form() -> None:
    """What was said stands beside how it was understood, who asked, and through which channel."""
    office = Office(CHEN)
    office.desk.ask(
        ["continue the rollback"], ["stack cost-explorer-prod"], "why", wait=HOUR, channel="file", asked_by=AskedBy.GATE
    )
    request = office.entries[0].event
    assert isinstance(request, Requested)
    assert (
        request.request,
        request.requester,
        request.asked_by,
        request.channel,
        request.reason,
    ) == ("r-1", REQUESTER, AskedBy.GATE, "file", "why")
    assert (("continue the rollback",), ("stack cost-explorer-prod",)) == (request.actions, request.resources)
    assert ((CONTINUE,), (STACK,)) == (request.scope.actions, request.scope.resources)


def test_a_denial_is_an_answer_and_no_grant() -> None:
    """Chen never approves what deletes; the asker hears so, with the reason."""
    office = Office(CHEN)
    decision = office.desk.ask([DELETE], [STACK], "", wait=HOUR)
    assert (
        False,
        True,
        "never",
        ("Chen Jing",),
    ) == (decision.approved, decision.answered, decision.reason, decision.by)
    assert [(5, "Chen Jing", Reply.DENIED, True)] == office.said()
    assert [] == office.grants()
    assert "r-1 denied by Chen Jing: never" == str(decision)


@pytest.mark.parametrize("people", [(), (Person("Chen Jing", "reviewer"),), (Person("Chen Jing", "r", (silence(),)),)])
def test_silence_is_no_consent(people: tuple[Person, ...]) -> None:
    """Whoever says nothing grants nothing; the asker has waited for all of its patience."""
    office = Office(*people)
    decision = office.desk.ask([CONTINUE], [STACK], "", wait=HOUR)
    assert (False, False, None) == (decision.approved, decision.answered, decision.grant)
    assert not decision
    assert [(60, "", Reply.NO_ANSWER, False)] == office.said()
    assert "r-1 not answered" in str(decision)


def test_two_of_two_must_agree() -> None:
    """Where two approvals are needed the second makes the grant, with the shorter time and the fewer uses of both."""
    chen = Person("Chen Jing", "reviewer", (approve(after=timedelta(minutes=12), uses=3),))
    office = Office(chen, WU, approvals=2)
    decision = office.desk.ask([CONTINUE], [STACK], "", wait=HOUR)
    assert [(12, "Chen Jing", Reply.APPROVED, True), (30, "Wu Min", Reply.APPROVED, True)] == office.said()
    assert ("Chen Jing", "Wu Min") == decision.by
    grant = office.grants()[0]
    assert (START + timedelta(minutes=30), START + timedelta(minutes=90), 1) == (
        grant.not_before,
        grant.not_after,
        grant.uses,
    )


def test_one_of_two_is_not_enough() -> None:
    """With one approval missing when the wait ends there is no grant, and the asker hears how many agreed."""
    office = Office(CHEN, WU, approvals=2)
    decision = office.desk.ask([CONTINUE], [STACK], "", wait=timedelta(minutes=20))
    assert (False, False, ("Chen Jing",)) == (decision.approved, decision.answered, decision.by)
    assert "1 of 2" in decision.reason
    assert [] == office.grants()


def test_one_person_is_one_approval() -> None:
    """Nobody can agree twice: two rules of one person are one approval, and so is one person on the list twice."""
    office = Office(CHEN, CHEN, approvals=2)
    assert not office.desk.ask([CONTINUE], [STACK], "", wait=HOUR)
    assert [] == office.grants()


def test_the_wrong_role_is_heard_and_does_not_count() -> None:
    """An operator's approval is recorded with counts=False; a reviewer's makes the grant."""
    office = Office(LIU, CHEN, roles=["reviewer"])
    decision = office.desk.ask([CONTINUE], [STACK], "", wait=timedelta(minutes=10))
    assert not decision
    assert not decision.answered
    office.later(2)
    assert [
        (2, "Liu Yang", Reply.APPROVED, False),
        (10, "", Reply.NO_ANSWER, False),
        (12, "Chen Jing", Reply.APPROVED, True),
    ] == office.said()
    assert [("Chen Jing",)] == [one.approvers for one in office.grants()]


def test_the_wrong_role_cannot_deny_either() -> None:
    """A denial by somebody who may not decide ends nothing."""
    office = Office(Person("Liu Yang", "operator", (deny(),)), CHEN, roles=["reviewer"])
    assert office.desk.ask([CONTINUE], [STACK], "", wait=HOUR)
    assert [False, True] == [counts for _, _, _, counts in office.said()]


def test_the_requester_cannot_approve() -> None:
    """A person of the requester's name is heard and does not count, whatever its role."""
    office = Office(Person(REQUESTER, "reviewer", (approve(),)), roles=["reviewer"])
    assert not office.desk.ask([CONTINUE], [STACK], "", wait=HOUR)
    assert [(5, REQUESTER, Reply.APPROVED, False), (60, "", Reply.NO_ANSWER, False)] == office.said()


def test_after_a_denial_approvals_do_not_count() -> None:
    """Who comes later than a no changes nothing, even where one approval would be enough."""
    office = Office(Person("Zhao Lei", "reviewer", (deny(after=timedelta(minutes=1)),)), CHEN)
    decision = office.desk.ask([CONTINUE], [STACK], "", wait=HOUR)
    assert ("Zhao Lei",) == decision.by
    office.later(60)
    assert [(1, "Zhao Lei", Reply.DENIED, True), (12, "Chen Jing", Reply.APPROVED, False)] == office.said()
    assert [] == office.grants()


def test_a_late_answer_is_recorded_when_it_falls_due_and_grants_from_then_on() -> None:
    """The asker has gone after a minute; the approval after twelve makes a grant, and who looks again is told."""
    office = Office(CHEN)
    assert not office.desk.ask([CONTINUE], [STACK], "", wait=timedelta(minutes=1)).answered
    assert not office.desk.decision("r-1")
    office.later(11)
    assert [(1, "", Reply.NO_ANSWER, False), (12, "Chen Jing", Reply.APPROVED, True)] == office.said()
    assert [START + timedelta(minutes=12)] == [one.not_before for one in office.grants()]
    assert office.desk.decision("r-1").grant == office.grants()[0]


def test_an_answer_at_the_last_moment_is_in_time() -> None:
    """A wait of twelve minutes hears what is said after twelve minutes."""
    assert Office(CHEN).desk.ask([CONTINUE], [STACK], "", wait=timedelta(minutes=12))


def test_what_is_not_understood_is_asked_back() -> None:
    """The first person who may decide asks soon, names what comes near, and grants nothing."""
    office = Office(LIU, Person("Xu Na", "reviewer", (silence(),)), CHEN, roles=["reviewer"])
    decision = office.desk.ask([CONTINUE], ["cost-explorer-prd"], "", wait=HOUR)
    assert (False, True, None) == (decision.approved, decision.answered, decision.grant)
    assert "cost-explorer-prod" in decision.reason
    assert [(1, "Chen Jing", Reply.ASKED_BACK, True)] == office.said()
    office.later(600)
    assert 1 == len(office.said())
    assert "r-1 not decided" in str(decision)


def test_nobody_asks_back_where_nobody_ever_answers() -> None:
    """With silent people a request that makes no sense meets silence, too."""
    office = Office(Person("Xu Na", "reviewer", (silence(),)))
    assert not office.desk.ask(["do something"], [], "", wait=HOUR).answered


def test_the_first_fitting_rule_answers() -> None:
    """Rules are tried in order; one that denies fits any part of a request, one that approves only all of it."""
    person = Person(
        "Chen Jing",
        "reviewer",
        (deny(("s3:*",), reason="not s3"), approve(("cloudformation:Continue*",), reason="yes")),
    )
    office = Office(person)
    assert "yes" == office.desk.ask([CONTINUE], [STACK], "", wait=HOUR).reason
    assert "not s3" == office.desk.ask([CONTINUE, "s3:PutObject"], [STACK], "", wait=HOUR).reason
    assert not office.desk.ask([CONTINUE, "cloudformation:UpdateStack"], [STACK], "", wait=HOUR).answered
    assert ["r-1", "r-2", "r-3"] == [one.event.request for one in office.entries if isinstance(one.event, Requested)]


@pytest.mark.parametrize(
    ("rule", "asked", "fits"),
    [
        (approve(("cloudformation:*",)), "cloudformation:Describe*", True),
        (approve(("cloudformation:DescribeStacks",)), "cloudformation:Describe*", False),
        (approve(("cloudformation:Describe*",)), "cloudformation:De*", False),
        (approve(("cloudformation:UpdateStac?",)), "cloudformation:UpdateStack*", False),
        (approve(), "cloudformation:*", False),
        (approve(destroys=None), "cloudformation:*", True),
        (deny(("cloudformation:DeleteStack",)), "cloudformation:De*", True),
        (deny(("cloudformation:DeleteStack",)), "cloudformation:Describe*", False),
        (deny(("apigateway:DeleteRestApi",)), "apigateway:DELETE", True),
        (deny(destroys=True), "cloudformation:*", True),
        (silence(("cloudformation:*",)), "*", True),
    ],
)
def test_wildcards_in_requests_meet_rules_by_what_they_cover(rule: Rule, asked: str, fits: bool) -> None:
    """An approval must be for all that a wildcard covers; a denial needs one thing in it."""
    office = Office(Person("Chen Jing", "reviewer", (rule, deny(reason="by no rule"))))
    decision = office.desk.ask([asked], ["*"], "", wait=HOUR)
    by_rule = decision.approved if rule.reply is Reply.APPROVED else decision.reason != "by no rule"
    assert fits == by_rule


def test_standing_grants_hold_from_now_on_without_end() -> None:
    """Consent given beforehand is a grant of no request, with the scenario's approvers and uses."""
    office = Office()
    standing = scenario.Grant(actions=(CONTINUE,), resources=("*",), uses=2)
    (grant,) = office.desk.grant_standing([standing])
    assert [grant] == office.grants()
    assert ("g-1", "", START, None, 2) == (grant.id, grant.request, grant.not_before, grant.not_after, grant.uses)
    assert standing.approvers == grant.approvers


def test_a_grant_is_revoked_once() -> None:
    """The first revocation stands, and a grant nobody made cannot be revoked."""
    office = Office()
    office.desk.grant_standing([scenario.Grant(actions=(CONTINUE,))])
    office.desk.revoke("g-1", "Chen Jing", "changed my mind")
    office.desk.revoke("g-1", "Wu Min")
    assert [Revoked("g-1", "Chen Jing", "changed my mind")] == [
        one.event for one in office.entries if isinstance(one.event, Revoked)
    ]
    with pytest.raises(UnknownName, match="g-7"):
        office.desk.revoke("g-7", "Chen Jing")
    with pytest.raises(UnknownName, match="r-7"):
        office.desk.decision("r-7")


def test_many_may_ask_at_once() -> None:
    """Requests from threads get ids of their own and an answer each; the desk and the clock never wait for one another."""
    clock = TrialClock(START)
    recorder = Recorder(clock.now)
    desk = Desk(authority=Authority(), people=[CHEN, LIU], clock=clock, recorder=recorder, world=lambda: WORLD)
    told: list[Decision] = []

    def ask() -> None:
        told.extend(desk.ask([CONTINUE], [STACK], "", wait=HOUR) for _ in range(20))

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=30)
    assert 160 == len({one.request for one in told})
    assert all(told)


class JealousClock(Clock):
    """A clock that lets nobody book while it does what is due."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.RLock()

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Book an act."""
        with self.lock:
            super().at(when, act)

    def wait_until(self, when: datetime) -> None:
        """Let time pass."""
        with self.lock:
            super().wait_until(when)


def test_who_waits_for_the_clock_does_not_hold_the_desk() -> None:
    """While somebody's request waits to be booked with a busy clock, the desk still answers others."""
    clock = JealousClock()
    recorder, asked = Recorder(clock.now), threading.Event()
    recorder.listen(lambda entry: asked.set() if isinstance(entry.event, Requested) else None)
    desk = Desk(authority=Authority(), people=[CHEN], clock=clock, recorder=recorder, world=lambda: WORLD)
    desk.grant_standing([scenario.Grant(actions=(CONTINUE,))])
    asker = threading.Thread(target=lambda: desk.ask([CONTINUE], [STACK], "", wait=HOUR), daemon=True)
    other = threading.Thread(target=lambda: desk.revoke("g-1", "Chen Jing"), daemon=True)
    free: list[bool] = []

    def busy() -> None:
        asker.start()
        assert asked.wait(timeout=30)
        asker.join(timeout=0.2)
        other.start()
        other.join(timeout=5)
        free.append(not other.is_alive())

    clock.at(START, busy)
    clock.wait_until(START)
    asker.join(timeout=30)
    assert [True] == free
