"""What the desk makes of odd answers: each rule by itself, with answers given as they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from askfirst.harness.authorization.desk import Decision, Desk
from askfirst.harness.authorization.people import Answer
from askfirst.harness.aws.clock import Clock
from askfirst.harness.events import Decided, Event, Granted, Reply, Revoked, Said
from askfirst.harness.history import Recorder
from askfirst.harness.policy import Authority, Person
from askfirst.harness.records import Resource, Scope

STACK = "arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/0a1b"
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/carts"
WORLD = (Resource(STACK, "cloudformation.stack", "shop", "1"), Resource(TABLE, "dynamodb.table", "carts", "2"))
PUT, UPDATE = "dynamodb:PutItem", "dynamodb:UpdateItem"
CHEN, WU = Person("Chen Jing", "reviewer"), Person("Wu Min", "reviewer")


class Room:
    """A desk whose people give these answers to every request, and what it recorded."""

    def __init__(self, *answers: Answer, approvals: int = 1) -> None:
        self.clock = Clock(datetime(2025, 12, 15, 1, 20, tzinfo=UTC))
        self.events: list[Event] = []
        recorder = Recorder(self.clock.now)
        recorder.listen(lambda entry: self.events.append(entry.event))
        self.desk = Desk(
            authority=Authority(approvals=approvals),
            people=(CHEN, WU),
            clock=self.clock,
            recorder=recorder,
            world=lambda: WORLD,
            meddle=lambda _, __: answers,
        )

    def ask(self, *actions: str) -> Decision:
        """Ask for two writes on the table."""
        return self.desk.ask(actions or (PUT, UPDATE), ["carts"], "", wait=timedelta(hours=1))

    def of(self, kind: type[Any]) -> list[Any]:
        """Give the events of a kind."""
        return [one for one in self.events if isinstance(one, kind)]

    def later(self, minutes: float) -> None:
        """Let time pass."""
        self.clock.advance(minutes * 60)


def says(person: Person = CHEN, reply: Reply = Reply.APPROVED, at: float = 5, **more: Any) -> Answer:
    """Give an answer after so many minutes."""
    return Answer(person, reply, timedelta(minutes=at), f"{reply.value}!", lasts=timedelta(hours=4), **more)


def test_the_same_word_twice_is_one_word() -> None:
    """Of two needed approvals one that came twice is one, also in what the asker is told."""
    room = Room(says(), says(at=6), approvals=2)
    decision = room.ask()
    assert (False, ("Chen Jing",)) == (decision.approved, decision.by)
    assert "1 of 2 people agreed: Chen Jing" == decision.reason
    both = Room(says(), says(at=6), says(WU, at=7), approvals=2)
    assert ("Chen Jing", "Wu Min") == both.ask().by == both.of(Granted)[0].grant.approvers


def test_the_same_approval_twice_is_one_grant() -> None:
    """An approval that comes again after the grant makes no other, and changes nothing."""
    room = Room(says(uses=1), says(at=6, uses=1))
    room.ask()
    room.later(10)
    assert ([True, False], 1) == ([one.counts for one in room.of(Decided)], len(room.of(Granted)))


def test_a_no_after_the_yes_ends_the_grant() -> None:
    """The grant is revoked by whoever said no, the denial counts, the asker is told, and a second no changes nothing."""
    room = Room(says(), says(WU, Reply.DENIED, 8), says(CHEN, Reply.DENIED, 9))
    assert room.ask().approved
    room.later(10)
    assert [Revoked("g-1", "Wu Min", "denied!")] == room.of(Revoked)
    assert [True, True, False] == [one.counts for one in room.of(Decided)]
    assert [Said("Wu Min", "r-1: denied!")] == room.of(Said)
    assert "Wu Min took the approval back: denied!" == room.desk.decision("r-1").reason
    assert not room.desk.decision("r-1")


@pytest.mark.parametrize("odd", [says(Person("Sam", "outsider"), Reply.DENIED, 8), says(WU, Reply.UNCLEAR, 8)])
def test_other_words_after_the_yes_end_nothing(odd: Answer) -> None:
    """A no from outside and vague words leave a grant as it is."""
    room = Room(says(), odd)
    room.ask()
    room.later(10)
    assert ([], True) == (room.of(Revoked), room.desk.decision("r-1").approved)


def test_an_answer_to_another_request_decides_nothing() -> None:
    """What was said in another thread neither approves nor denies here; in its own it does."""
    for reply in (Reply.APPROVED, Reply.DENIED):
        decision = Room(says(reply=reply, thread="r-7")).ask()
        assert (False, False) == (decision.approved, decision.answered)
        assert "Chen Jing wrote" in decision.reason
    assert Room(says(thread="r-1")).ask().approved


def test_a_yes_to_what_was_not_understood_decides_nothing() -> None:
    """Nobody can approve words without a meaning, be they a part of a request; a no can be said to anything."""
    for wish in (("frobnicate",), (PUT, "frobnicate")):
        assert not Room(says()).ask(*wish).approved
    assert Room(says(reply=Reply.DENIED)).ask("frobnicate").answered


def test_asides_are_told_beside_the_denial() -> None:
    """An approval that came with the denial is told as what it is."""
    decision = Room(says(reply=Reply.DENIED), says(WU)).ask()
    assert "denied!; Wu Min wrote 'approved!', which decides nothing here" == decision.reason
    assert ("Chen Jing",) == decision.by


def narrow(*actions: str) -> Scope:
    """Give a scope on the table."""
    return Scope(actions, (TABLE,))


def test_all_approvers_narrow_a_request() -> None:
    """Granted is what every one of them allows: an approval of all adds nothing, two parts give what they share."""
    alone = Room(says(scope=narrow(PUT)), says(WU, at=6), approvals=2).ask()
    assert (PUT,) == alone.scope.actions
    shared = Room(says(scope=narrow(PUT, "dynamodb:BatchWriteItem")), says(WU, at=6, scope=narrow(PUT)), approvals=2)
    assert (PUT,) == shared.ask().scope.actions
    nothing = Room(says(scope=narrow(PUT)), says(WU, at=6, scope=narrow(UPDATE)), approvals=2)
    decision = nothing.ask()
    assert (False, True, []) == (decision.approved, decision.answered, nothing.of(Granted))


def test_what_is_granted_instead_is_worked_out_when_it_is_granted() -> None:
    """The approver's own reading gets what was asked for and what exists, and is what the decision says."""
    seen: list[tuple[Scope, int]] = []

    def instead(scope: Scope, world: Any) -> Scope:
        seen.append((scope, len(world)))
        return Scope(("cloudformation:UpdateStack",), (STACK,))

    decision = Room(says(instead=instead)).ask()
    assert (("cloudformation:UpdateStack",), (STACK,)) == (decision.scope.actions, decision.scope.resources)
    assert [(2, 2)] == [(len(scope.actions), size) for scope, size in seen]


@pytest.mark.parametrize(("text", "said"), [("sorry", [Said("Chen Jing", "r-1: sorry")]), ("", [])])
def test_taking_back_is_told_if_there_are_words(text: str, said: list[Said]) -> None:
    """Ten minutes after the grant it ends; who takes it back may say so."""
    room = Room(says(revoked=timedelta(minutes=10), retraction=text))
    room.ask()
    room.later(9.9)
    assert [] == room.of(Revoked)
    room.later(0.2)
    assert ([Revoked("g-1", "Chen Jing", "")], said) == (room.of(Revoked), room.of(Said))
    assert not room.desk.decision("r-1")


def test_an_ended_grant_ends_once() -> None:
    """What was withdrawn already is not taken back again, and nothing more is said about it."""
    room = Room(says(revoked=timedelta(minutes=10), retraction="sorry"))
    room.ask()
    room.desk.revoke_all("Wu Min", "freeze")
    room.later(20)
    assert ([Revoked("g-1", "Wu Min", "freeze")], []) == (room.of(Revoked), room.of(Said))


def test_who_looks_at_messages_sees_what_is_due() -> None:
    """What is booked for this very moment has been said when somebody looks, without any call in between."""
    room = Room()

    room.clock.at(room.clock.now(), lambda: room.desk.say("Wu Min", "STOP"))
    assert [("Wu Min", "STOP")] == [(one.person, one.text) for one in room.desk.messages]


def test_whose_word_counts_is_known() -> None:
    """The people who may decide, in their order; outsiders and agents never."""
    clock = Clock(datetime(2025, 12, 15, tzinfo=UTC))
    people = (Person("Sam", "outsider"), Person("agent", "reviewer"), WU, CHEN, Person("Liu", "operator"))
    desk = Desk(
        authority=Authority(roles=("reviewer", "outsider")),
        people=people,
        clock=clock,
        recorder=Recorder(clock.now),
        world=lambda: WORLD,
    )
    assert ("Wu Min", "Chen Jing") == desk.deciders
