"""The desk: where requests arrive, where the scripted people answer them, and where grants are made.

Everything happens in the trial's time. A person answers when the delay of its rule has passed, whether or not somebody
still waits; every answer is recorded, also the ones that change nothing.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from askfirst.harness.authorization.asking_back import question
from askfirst.harness.authorization.normal_form import normal_form, sentence
from askfirst.harness.authorization.people import Answer, ChannelDown, answers, entitled, ever_answers
from askfirst.harness.authorization.sentences import listed
from askfirst.harness.errors import UnknownName
from askfirst.harness.events import AskedBy, Decided, Event, Granted, Reply, Requested, Revoked, Said
from askfirst.harness.policy import REQUESTER, Authority, Person
from askfirst.harness.records import Grant, Parameters, Resource, Scope

if TYPE_CHECKING:
    from askfirst.harness import scenario

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
class Decision:
    """What the asker is told. True exactly if the request was approved; `by` are the people whose word counted."""

    request: str
    approved: bool
    answered: bool
    reason: str
    scope: Scope
    grant: Grant | None = None
    by: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.approved

    def __str__(self) -> str:
        if self.grant is not None:
            until = f" until {self.grant.not_after:%Y-%m-%d %H:%M} UTC" if self.grant.not_after else ""
            uses = {None: "", 1: ", once"}.get(self.grant.uses, f", {self.grant.uses} times")
            what = f"{sentence(self.scope)}{until}{uses}"
            return f"{self.request} approved by {listed(self.by)}: {what}. {self.reason}".strip()
        if not self.answered:
            return f"{self.request} not answered: {self.reason}"
        if self.by and not self.scope.unresolved:
            return f"{self.request} denied by {listed(self.by)}: {self.reason}"
        return f"{self.request} not decided: {self.reason}"


@dataclass(slots=True)
class _Case:
    """A request and what was said to it so far."""

    request: Requested
    asked: datetime
    due: list[datetime] = field(default_factory=list)
    agreed: list[Answer] = field(default_factory=list)
    grant: Grant | None = None
    closing: Answer | None = None
    """The denial, the question that was asked back, or the words that decided nothing."""
    broken: str = ""
    """What the asker is told where the channel failed."""

    @property
    def open(self) -> bool:
        return self.grant is None and self.closing is None


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
        self._people = tuple(people)
        self._clock = clock
        self._recorder = recorder
        self._world = world
        self._requester = requester
        self._meddle = meddle
        self._messages: list[Message] = []
        self._cases: dict[str, _Case] = {}
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
    ) -> Decision:
        """Ask for authorization and wait at most `wait` of the trial's time for the decision.

        Raises `ConnectionError` where the channel fails; the request is recorded all the same.
        """
        case = self._open(tuple(actions), tuple(resources), reason, channel, asked_by)
        if case.broken:
            raise ConnectionError(case.broken)
        deadline = case.asked + wait
        for due in sorted(case.due):
            if not case.open or due > deadline:
                break
            self._clock.wait_until(due)
        if case.open:
            self._clock.wait_until(deadline)
        return self._close(case)

    def decision(self, request: str) -> Decision:
        """Say how a request stands now; who stopped waiting can look again. An unknown id raises `UnknownName`."""
        if request not in self._cases:
            what = "request"
            raise UnknownName(what, request, self._cases)
        return self._tell(self._cases[request])

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
        """What people said that nobody had asked for, in order."""
        return tuple(self._messages)

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The grants made so far, ended ones too."""
        return tuple(self._grants.values())

    def _open(
        self, actions: tuple[str, ...], resources: tuple[str, ...], reason: str, channel: str, asked_by: AskedBy
    ) -> _Case:
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
            )
            case = self._cases[request.request] = _Case(request, self._clock.now())
            self._recorder.record(request)
        replies = self._meddle(request, tuple(self._replies(scope, world)))
        if isinstance(replies, ChannelDown):
            case.broken = replies.message
            self._recorder.record(
                Decided(request=request.request, person="", reply=Reply.NO_ANSWER, reason=case.broken, counts=False)
            )
            replies = tuple(self._replies(scope, world)) if replies.delivered else ()
        for answer in replies:  # booked without the lock: the clock may be waiting for it
            case.due.append(case.asked + answer.after)
            self._clock.at(case.asked + answer.after, functools.partial(self._hear, case, answer))
        return case

    def _replies(self, scope: Scope, world: Sequence[Resource]) -> Sequence[Answer]:
        """Say who will answer a request, and what: nobody can decide on words that are not understood."""
        given = answers(self._people, scope)
        if not scope.unresolved:
            return given
        asks = [one for one in self._people if entitled(one, self._authority, self._requester) and ever_answers(one)]
        return [Answer(one, Reply.ASKED_BACK, ASK_BACK, question(scope, world)) for one in asks[:1]]

    def _hear(self, case: _Case, answer: Answer) -> None:
        """Record an answer that falls due, and let it count if it may."""
        with self._lock:
            counts = case.open and entitled(answer.person, self._authority, self._requester)
            self._recorder.record(
                Decided(
                    request=case.request.request,
                    person=answer.person.name,
                    reply=answer.reply,
                    reason=answer.reason,
                    counts=counts,
                )
            )
            if not counts:
                return
            if answer.reply is not Reply.APPROVED:
                case.closing = answer
                return
            case.agreed.append(answer)
            if len({one.person.name for one in case.agreed}) >= self._authority.approvals:
                case.grant = self._grant_case(case)
                for one in case.agreed:
                    if one.revoked is not None:
                        end = functools.partial(self.revoke, case.grant.id, one.person.name, "taken back")
                        self._clock.at(self._clock.now() + one.revoked, end)

    def _grant_case(self, case: _Case) -> Grant:
        narrowed = [one.scope for one in case.agreed if one.scope is not None]
        scope = narrowed[0] if narrowed else case.request.scope
        conditions = [one.conditions for one in case.agreed if one.conditions]
        limits = [one.uses for one in case.agreed if one.uses is not None]
        return self._grant(
            tuple(one.person.name for one in case.agreed),
            scope.actions,
            scope.resources,
            lasts=min(one.lasts for one in case.agreed),
            uses=min(limits, default=None),
            conditions={name: value for one in conditions for name, value in one.items()} or None,
            request=case.request.request,
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
        request: str = "",
    ) -> Grant:
        with self._lock:
            now = self._clock.now()
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
            )
            self._grants[grant.id] = grant
            self._recorder.record(Granted(grant))
            return grant

    def _close(self, case: _Case) -> Decision:
        """End the wait of the asker; that nobody answered is recorded, too."""
        with self._lock:
            decision = self._tell(case)
            if not decision.answered:
                name, reason = case.request.request, decision.reason
                self._recorder.record(
                    Decided(request=name, person="", reply=Reply.NO_ANSWER, reason=reason, counts=False)
                )
            return decision

    def _tell(self, case: _Case) -> Decision:
        tell = functools.partial(Decision, case.request.request, scope=case.request.scope)
        if case.grant is not None:
            by, granted = case.grant.approvers, case.grant
            scope = replace(case.request.scope, actions=granted.actions, resources=granted.resources)
            return Decision(case.request.request, True, True, granted.reason, scope, granted, by)  # noqa: FBT003
        if case.closing is not None:
            by = () if case.closing.reply is Reply.UNCLEAR else (case.closing.person.name,)
            return tell(approved=False, answered=True, reason=case.closing.reason, by=by)
        agreed = tuple(one.person.name for one in case.agreed)
        reason = "nobody who may decide has answered"
        if agreed:
            reason = f"{len(agreed)} of {self._authority.approvals} people agreed: {listed(agreed)}"
        return tell(approved=False, answered=False, reason=reason, by=agreed)
