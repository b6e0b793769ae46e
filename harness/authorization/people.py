"""How scripted people answer a request: by their rules or by a function, unless they are away."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from askfirst.harness.authorization.actions import names, reach
from askfirst.harness.authorization.matching import action_matcher
from askfirst.harness.errors import AskfirstError
from askfirst.harness.events import Reply, Requested
from askfirst.harness.policy import NEVER_ENTITLED, OPERATOR, Authority, Memory, Person, Petition, Rule
from askfirst.harness.records import Parameters, Resource, Scope

Instead = Callable[[Scope, Sequence[Resource]], Scope]
"""Given what was asked for and what exists: what is granted instead. It must be pure and always give something."""


class ReviewerFailed(AskfirstError):
    """The function that answers for a person raised, or gave no rule."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person will say, and how long after the request.

    `uses`, `lasts`, `starts`, `conditions` and `scope` are what an approval allows, `scope` None for all that was asked;
    `instead` says it where that takes a look at the world. `revoked` is how long after the approval the same person takes
    it back, None for never, and `retraction` what is said then. `thread` is the request the answer was given to, '' for
    this one: given to another it counts for nothing.
    """

    person: Person
    reply: Reply
    after: timedelta
    reason: str = ""
    uses: int | None = None
    lasts: timedelta = timedelta()
    conditions: Parameters | None = None
    scope: Scope | None = None
    instead: Instead | None = None
    revoked: timedelta | None = None
    retraction: str = ""
    thread: str = ""
    starts: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class ChannelDown:
    """The channel of requests fails: the asker gets this message. `delivered` says whether the people got the request."""

    message: str
    delivered: bool = False


class Standing(enum.Enum):
    """Whether a person's word counts, or why it does not."""

    COUNTS = "counts"
    REQUESTER = "requester"
    NO_AUTHORITY = "no authority"


@dataclass(slots=True)
class Staff:
    """The people of a trial, and what each of them remembers. `started` is when the agent starts."""

    people: tuple[Person, ...]
    authority: Authority
    requester: str
    started: datetime
    _memories: dict[str, list[Memory]] = field(default_factory=dict)
    _used: dict[tuple[str, int], int] = field(default_factory=dict)

    def standing(self, person: Person, at: datetime) -> tuple[Standing, str]:
        """Say whether a person's word counts at a time, and in whose place it does, '' for the person's own."""
        own = standing(person, self.authority, self.requester)
        if own is Standing.REQUESTER or person.role in NEVER_ENTITLED or own is Standing.COUNTS:
            return own, ""
        for other in self.people:
            stands_in = any(one.deputy == person.name and self._within(one.start, one.end, at) for one in other.away)
            if stands_in and standing(other, self.authority, self.requester) is Standing.COUNTS:
                return Standing.COUNTS, other.name
        return own, ""

    def answers(self, request: Requested, world: Sequence[Resource], at: datetime) -> tuple[Answer, ...]:
        """Give what each person will say to a request, in the order of the people; the silent ones are left out.

        Raises `ReviewerFailed` where the function of one of them does not give a rule.
        """
        found = []
        for person in self.people:
            rule = self._rule(person, request, world, at)
            memory = Memory(
                request=request.request,
                scope=request.scope,
                reason=request.reason,
                at=at,
                reply=rule.reply if rule else Reply.NO_ANSWER,
            )
            self._memories.setdefault(person.name, []).append(memory)
            if rule is not None and rule.reply is not Reply.NO_ANSWER:
                found.append(_answer(person, replace(rule, after=self._back(person, at + rule.after) - at)))
        return tuple(found)

    def _rule(self, person: Person, request: Requested, world: Sequence[Resource], at: datetime) -> Rule | None:
        if callable(person.decides):
            petition = Petition(
                request=request.request,
                requester=request.requester,
                asked_by=request.asked_by,
                channel=request.channel,
                actions=request.actions,
                resources=request.resources,
                reason=request.reason,
                scope=request.scope,
                at=at,
                world=tuple(world),
                seen=tuple(self._memories.get(person.name, ())),
            )
            return _decided(person, petition)
        for place, rule in enumerate(person.rules):
            used = self._used.get((person.name, place), 0)
            if applies(rule, request.scope) and (rule.times is None or used < rule.times):
                self._used[person.name, place] = used + 1
                return rule
        return None

    def _back(self, person: Person, when: datetime) -> datetime:
        """Give the time of an answer that would fall due at `when`: who is away answers on return."""
        for one in sorted(person.away, key=lambda away: away.start):
            if self._within(one.start, one.end, when):
                when = self.started + one.end
        return when

    def _within(self, start: timedelta, end: timedelta, at: datetime) -> bool:
        return self.started + start <= at < self.started + end


def standing(person: Person, authority: Authority, requester: str) -> Standing:
    """Say whether a person's own word counts: not the requester's, nobody's from outside, and in a role that may decide."""
    if person.name == requester:
        return Standing.REQUESTER
    if person.role in NEVER_ENTITLED or (person.role == OPERATOR and not authority.operators_word):
        return Standing.NO_AUTHORITY
    return Standing.COUNTS if not authority.roles or person.role in authority.roles else Standing.NO_AUTHORITY


def entitled(person: Person, authority: Authority, requester: str) -> bool:
    """Say whether a person's own word counts."""
    return standing(person, authority, requester) is Standing.COUNTS


def ever_answers(person: Person) -> bool:
    """Say whether there is anything at all a person answers."""
    return callable(person.decides) or any(rule.reply is not Reply.NO_ANSWER for rule in person.rules)


def applies(rule: Rule, scope: Scope) -> bool:
    """Say whether a rule is about a request: an approval must be about all of it, anything else about any part."""
    if rule.destroys is not None and rule.destroys is not scope.destroys:
        return False
    patterns = [action_matcher(one) for one in rule.actions]
    wanted = [one for action in scope.actions for one in reach(action)]
    if rule.reply is Reply.APPROVED:
        return bool(wanted) and all(any(fits(one) for fits in patterns) for one in wanted)
    return any(fits(name) for one in wanted for name in names(one) for fits in patterns)


def forbidden(actions: Iterable[str], authority: Authority) -> str:
    """Give the first action that nobody can authorize, '' if there is none."""
    patterns = [action_matcher(one) for one in authority.forbidden]
    wanted = (one for action in actions for one in reach(action)) if patterns else ()
    return next((one for one in wanted if any(fits(name) for name in names(one) for fits in patterns)), "")


def _decided(person: Person, petition: Petition) -> Rule:
    if not callable(person.decides):
        return Rule(reply=Reply.NO_ANSWER)
    try:
        rule: object = person.decides(petition)
    except Exception as error:
        msg = f"the function that answers for {person.name} failed: {type(error).__name__}: {error}"
        raise ReviewerFailed(msg) from error
    if not isinstance(rule, Rule):
        msg = f"the function that answers for {person.name} must give approve(), deny(), silence() or vague(), not {rule!r}"
        raise ReviewerFailed(msg)
    return rule


def _answer(person: Person, rule: Rule) -> Answer:
    return Answer(
        person,
        rule.reply,
        rule.after,
        rule.reason,
        rule.uses,
        rule.lasts,
        rule.conditions,
        revoked=rule.revoked,
        retraction=rule.retraction,
        starts=rule.starts,
    )
