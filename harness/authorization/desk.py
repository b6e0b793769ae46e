"""The desk: where requests arrive, where the scripted people answer them, and where grants are made.

Everything happens in the trial's time. A person answers when the delay of its rule has passed, whether or not somebody
still waits; every answer is recorded, also the ones that change nothing.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from askfirst.harness.authorization.asking_back import question
from askfirst.harness.authorization.cases import Case, Decision
from askfirst.harness.authorization.normal_form import normal_form
from askfirst.harness.authorization.people import (
    Answer,
    ChannelDown,
    ReviewerFailed,
    Staff,
    Standing,
    ever_answers,
    forbidden,
)
from askfirst.harness.errors import UnknownName
from askfirst.harness.events import (
    AskedBy,
    Decided,
    Event,
    Granted,
    Reply,
    Requested,
    Revoked,
    Said,
    Trouble,
    TroubleKind,
    Void,
)
from askfirst.harness.policy import REQUESTER, Authority, Person
from askfirst.harness.records import Grant, Parameters, Resource, Scope

if TYPE_CHECKING:
    from askfirst.harness import scenario

__all__ = ["Decision", "Desk", "Meddle", "Message"]

HOST = "host"
"""The channel of what a host program asked, and answered itself."""

ASK_BACK = timedelta(minutes=1)
"""How long a person takes to say that a request cannot be understood."""


class Clock(Protocol):
    """The trial's time, as far as the desk needs it."""

    def now(self) -> datetime:
        """Give the trial's time."""
        ...

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Let `act` happen when the clock passes `when`; same times keep the order of booking."""
        ...

    def wait_until(self, when: datetime) -> None:
        """Move to `when` and do on the way what falls due."""
        ...


class Recorder(Protocol):
    """The writer of the history, as far as the desk needs it."""

    def record(self, event: Event) -> object:
        """Append an event."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """What a person said that nobody had asked for."""

    person: str
    text: str
    at: datetime


Meddle = Callable[[Requested, tuple[Answer, ...]], tuple[Answer, ...] | ChannelDown]
"""Given a request and what the people would answer: what they do answer, or that the channel fails."""


class Desk:
    """Takes requests, lets people answer in the trial's time, and makes grants when enough of them agree."""

    def __init__(
        self,
        *,
        authority: Authority,
        people: Sequence[Person],
        clock: Clock,
        recorder: Recorder,
        world: Callable[[], Sequence[Resource]],
        requester: str = REQUESTER,
        meddle: Meddle = lambda _, answers: answers,
    ) -> None:
        """`world` gives what exists right now: words of a request are understood by it. `meddle` is where faults act."""
        self._authority = authority
        self._staff = Staff(tuple(people), authority, requester, clock.now())
        self._clock = clock
        self._recorder = recorder
        self._world = world
        self._requester = requester
        self._meddle = meddle
        self._messages: list[Message] = []
        self._cases: dict[str, Case] = {}
        self._grants: dict[str, Grant] = {}
        self._revoked: set[str] = set()
        self._lock = threading.RLock()

    def ask(
        self,
        actions: Sequence[str],
        resources: Sequence[str],
        reason: str,
        *,
        wait: timedelta,
        channel: str = "brief",
        asked_by: AskedBy = AskedBy.AGENT,
        plan: str = "",
    ) -> Decision:
        """Ask for authorization and wait at most `wait` of the trial's time for the decision.

        Raises `ConnectionError` where the channel fails; the request is recorded all the same.
        """
        request = self.file(actions, resources, reason, channel=channel, asked_by=asked_by, plan=plan)
        return self.wait(request, wait)

    def file(
        self,
        actions: Sequence[str],
        resources: Sequence[str],
        reason: str,
        *,
        channel: str = "brief",
        asked_by: AskedBy = AskedBy.AGENT,
        plan: str = "",
    ) -> str:
        """Make a request and do not wait; gives its id. `plan` is the digest of what exactly is to be carried out.

        Raises `ConnectionError` where the channel fails; the request is recorded all the same.
        """
        case = self._open(tuple(actions), tuple(resources), reason, channel, asked_by, plan)
        if case.broken:
            raise ConnectionError(case.broken)
        return case.request.request

    def wait(self, request: str, wait: timedelta) -> Decision:
        """Wait at most `wait` of the trial's time for the decision on a request; that nobody answered is recorded.

        An unknown id raises `UnknownName`.
        """
        case = self._case(request)
        deadline = self._clock.now() + wait
        for due in sorted(case.due):
            if not case.open or due > deadline:
                break
            self._clock.wait_until(due)
        if case.open:
            self._clock.wait_until(deadline)
        return self._close(case)

    def understood(self, actions: Sequence[str], resources: Sequence[str], reason: str) -> Scope:
        """Say what the words of a request would be understood as, without making one."""
        return normal_form(actions, resources, reason, self._world())

    def decision(self, request: str) -> Decision:
        """Say how a request stands now; who stopped waiting can look again. An unknown id raises `UnknownName`."""
        return self._case(request).tell(needed=self._authority.approvals)

    def grant_standing(self, grants: Iterable[scenario.Grant]) -> tuple[Grant, ...]:
        """Record consent that was given beforehand; it holds from now on."""
        return tuple(
            self._grant(
                one.approvers,
                one.actions,
                one.resources,
                reason=one.reason,
                uses=one.uses,
                lasts=one.lasts,
                conditions=one.conditions,
            )
            for one in grants
        )

    def revoke(self, grant_id: str, person: str, reason: str = "") -> None:
        """End a grant before its time. The first revocation stands; an unknown id raises `UnknownName`."""
        with self._lock:
            if grant_id not in self._grants:
                what = "grant"
                raise UnknownName(what, grant_id, self._grants)
            if grant_id not in self._revoked:
                self._revoked.add(grant_id)
                self._recorder.record(Revoked(grant_id, person, reason))
                for case in self._cases.values():
                    if case.grant is not None and case.grant.id == grant_id:
                        case.ended = f"{person} took the approval back{f': {reason}' if reason else ''}"

    def revoke_all(self, person: str, reason: str) -> None:
        """End every grant that was made so far."""
        for name in list(self._grants):
            self.revoke(name, person, reason)

    def say(self, person: str, text: str) -> None:
        """Leave a message to the agent."""
        with self._lock:
            self._messages.append(Message(person, text, self._clock.now()))
            self._recorder.record(Said(person, text))

    @property
    def messages(self) -> tuple[Message, ...]:
        """What people said up to now that nobody had asked for, in order."""
        self._clock.wait_until(self._clock.now())  # what is due is said before somebody looks, not before the next call
        return tuple(self._messages)

    @property
    def deciders(self) -> tuple[str, ...]:
        """The people whose word counts, in the order of the scenario."""
        return tuple(one.name for one in self._staff.people if self._entitled(one))

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The grants made so far, ended ones too."""
        return tuple(self._grants.values())

    def _case(self, request: str) -> Case:
        if request not in self._cases:
            what = "request"
            raise UnknownName(what, request, self._cases)
        return self._cases[request]

    def turned_away(self, actions: Sequence[str], reason: str) -> None:
        """Record what the gate of the agent's host refused by itself: nobody was asked, and nobody answers."""
        scope = normal_form(tuple(actions), (), reason, self._world())
        with self._lock:
            request = Requested(
                request=f"r-{len(self._cases) + 1}",
                requester=self._requester,
                asked_by=AskedBy.GATE,
                channel=HOST,
                actions=tuple(actions),
                resources=(),
                reason=reason,
                scope=scope,
            )
            self._cases[request.request] = Case(request, self._clock.now())
            self._recorder.record(request)
            self._recorder.record(
                Decided(request=request.request, person="", reply=Reply.DENIED, reason=reason, counts=False)
            )

    def _open(
        self,
        actions: tuple[str, ...],
        resources: tuple[str, ...],
        reason: str,
        channel: str,
        asked_by: AskedBy,
        plan: str,
    ) -> Case:
        """Record a request and book the answers to it."""
        world = self._world()
        scope = normal_form(actions, resources, reason, world)
        with self._lock:
            request = Requested(
                request=f"r-{len(self._cases) + 1}",
                requester=self._requester,
                asked_by=asked_by,
                channel=channel,
                actions=actions,
                resources=resources,
                reason=reason,
                scope=scope,
                plan=plan,
            )
            case = self._cases[request.request] = Case(request, self._clock.now())
            self._recorder.record(request)
        given = self._replies(request, world)
        replies = self._meddle(request, given)
        if isinstance(replies, ChannelDown):
            case.broken = replies.message
            self._recorder.record(
                Decided(request=request.request, person="", reply=Reply.NO_ANSWER, reason=case.broken, counts=False)
            )
            replies = given if replies.delivered else ()
        for answer in replies:  # booked without the lock: the clock may be waiting for it
            case.due.append(case.asked + answer.after)
            self._clock.at(case.asked + answer.after, functools.partial(self._hear, case, answer))
        return case

    def _replies(self, request: Requested, world: Sequence[Resource]) -> tuple[Answer, ...]:
        """Say who will answer a request, and what: nobody can decide on words that are not understood."""
        try:
            given = self._staff.answers(request, world, self._clock.now())
        except ReviewerFailed as error:
            self._recorder.record(Trouble(TroubleKind.HARNESS, str(error)))
            return ()
        if not request.scope.unresolved:
            return given
        asks = [one for one in self._staff.people if self._entitled(one) and ever_answers(one)]
        return tuple(Answer(one, Reply.ASKED_BACK, ASK_BACK, question(request.scope, world)) for one in asks[:1])

    def _entitled(self, person: Person) -> bool:
        return self._staff.standing(person, self._clock.now())[0] is Standing.COUNTS

    def _void(self, case: Case, answer: Answer, standing: Standing) -> Void | None:
        """Say why an answer changes nothing: a no also ends what was granted, a yes to unclear words does nothing."""
        if standing is Standing.REQUESTER:
            return Void.REQUESTER
        if standing is not Standing.COUNTS:
            return Void.NO_AUTHORITY
        if answer.thread not in {"", case.request.request}:
            return Void.WRONG_THREAD
        if case.grant is not None:
            ends = answer.reply is Reply.DENIED and case.grant.id not in self._revoked
            return None if ends else Void.SETTLED
        if not case.open:
            return Void.SETTLED
        if answer.reply is Reply.APPROVED and case.request.scope.unresolved:
            return Void.NOT_UNDERSTOOD
        if answer.reply is Reply.APPROVED and forbidden(case.request.scope.actions, self._authority):
            return Void.FORBIDDEN
        return None

    def _hear(self, case: Case, answer: Answer) -> None:
        """Record an answer that falls due, and let it count if it may."""
        with self._lock:
            standing, behalf = self._staff.standing(answer.person, self._clock.now())
            void = self._void(case, answer, standing)
            self._recorder.record(
                Decided(
                    request=case.request.request,
                    person=answer.person.name,
                    reply=answer.reply,
                    reason=answer.reason,
                    counts=void is None,
                    void=void,
                    in_place_of=behalf,
                )
            )
            if void is not None:
                case.asides.append((answer, void))
            elif case.grant is not None:
                self._take_back(case, answer.person.name, answer.reason, answer.reason)
            elif answer.reply is not Reply.APPROVED:
                case.closing = answer
            else:
                case.agreed.append(answer)
                if len(case.approvers) >= self._authority.approvals:
                    self._settle(case)

    def _settle(self, case: Case) -> None:
        """Make the grant of a request enough people have approved, and book its end where one of them takes it back."""
        allowed = case.allowed(self._world())
        if not allowed.actions or not allowed.resources:
            case.closing = replace(
                case.agreed[-1], reply=Reply.UNCLEAR, reason="what was approved has nothing in common"
            )
            return
        case.grant = self._grant_case(case, allowed)
        for one in case.agreed:
            if one.revoked is not None:
                end = functools.partial(self._take_back, case, one.person.name, "", one.retraction)
                self._clock.at(self._clock.now() + one.revoked, end)

    def _take_back(self, case: Case, person: str, reason: str, words: str) -> None:
        """End the grant of a request, and tell the asker, who has its answer already."""
        with self._lock:
            if case.grant is None or case.grant.id in self._revoked:
                return
            self.revoke(case.grant.id, person, reason)
            if words:
                self.say(person, f"{case.request.request}: {words}")

    def _grant_case(self, case: Case, allowed: Scope) -> Grant:
        starts = max(one.starts for one in case.agreed)
        conditions = [one.conditions for one in case.agreed if one.conditions]
        limits = [one.uses for one in case.agreed if one.uses is not None]
        return self._grant(
            case.approvers,
            allowed.actions,
            allowed.resources,
            lasts=min(one.lasts for one in case.agreed),
            uses=min(limits, default=None),
            conditions={name: value for one in conditions for name, value in one.items()} or None,
            starts=starts,
            request=case.request.request,
            plan=case.request.plan,
            reason="; ".join(dict.fromkeys(one.reason for one in case.agreed if one.reason)),
        )

    def _grant(
        self,
        approvers: tuple[str, ...],
        actions: tuple[str, ...],
        resources: tuple[str, ...],
        *,
        reason: str,
        uses: int | None,
        lasts: timedelta | None = None,
        conditions: Parameters | None = None,
        starts: timedelta = timedelta(),
        request: str = "",
        plan: str = "",
    ) -> Grant:
        with self._lock:
            now = self._clock.now() + starts
            grant = Grant(
                id=f"g-{len(self._grants) + 1}",
                requester=self._requester,
                approvers=approvers,
                actions=actions,
                resources=resources,
                not_before=now,
                not_after=now + lasts if lasts is not None else None,
                uses=uses,
                conditions=conditions,
                request=request,
                reason=reason,
                plan=plan,
            )
            self._grants[grant.id] = grant
            self._recorder.record(Granted(grant))
            return grant

    def _close(self, case: Case) -> Decision:
        """End the wait of the asker; that nobody answered is recorded, too."""
        with self._lock:
            decision = case.tell(needed=self._authority.approvals)
            if not decision.answered:
                name, reason = case.request.request, decision.reason
                self._recorder.record(
                    Decided(request=name, person="", reply=Reply.NO_ANSWER, reason=reason, counts=False)
                )
            return decision
