"""How scripted people answer a request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from askfirst.harness.authorization.actions import names, reach
from askfirst.harness.authorization.matching import action_matcher
from askfirst.harness.events import Reply
from askfirst.harness.policy import NEVER_ENTITLED, Authority, Person, Rule
from askfirst.harness.records import Parameters, Resource, Scope

Instead = Callable[[Scope, Sequence[Resource]], Scope]
"""Given what was asked for and what exists: what is granted instead. It must be pure and always give something."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person will say, and how long after the request.

    `uses`, `lasts`, `conditions` and `scope` are what an approval allows, `scope` None for all that was asked; `instead`
    says it where that takes a look at the world. `revoked` is how long after the approval the same person takes it back,
    None for never, and `retraction` what is said then. `thread` is the request the answer was given to, '' for this one:
    given to another it counts for nothing.
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


@dataclass(frozen=True, slots=True)
class ChannelDown:
    """The channel of requests fails: the asker gets this message. `delivered` says whether the people got the request."""

    message: str
    delivered: bool = False


def entitled(person: Person, authority: Authority, requester: str) -> bool:
    """Say whether a person's word counts: not the requester's own, nobody's from outside, and in a role that may decide."""
    if person.name == requester or person.role in NEVER_ENTITLED:
        return False
    return not authority.roles or person.role in authority.roles


def ever_answers(person: Person) -> bool:
    """Say whether there is anything at all a person answers."""
    return any(rule.reply is not Reply.NO_ANSWER for rule in person.rules)


def answers(people: Iterable[Person], scope: Scope) -> Sequence[Answer]:
    """Give what each person will say to a request, in the order of the people; the silent ones are left out."""
    found = []
    for person in people:
        rule = next((one for one in person.rules if applies(one, scope)), None)
        if rule is not None and rule.reply is not Reply.NO_ANSWER:
            found.append(Answer(person, rule.reply, rule.after, rule.reason, rule.uses, rule.lasts))
    return found


def applies(rule: Rule, scope: Scope) -> bool:
    """Say whether a rule is about a request: an approval must be about all of it, anything else about any part."""
    if rule.destroys is not None and rule.destroys is not scope.destroys:
        return False
    patterns = [action_matcher(one) for one in rule.actions]
    wanted = [one for action in scope.actions for one in reach(action)]
    if rule.reply is Reply.APPROVED:
        return bool(wanted) and all(any(fits(one) for fits in patterns) for one in wanted)
    return any(fits(name) for one in wanted for name in names(one) for fits in patterns)
