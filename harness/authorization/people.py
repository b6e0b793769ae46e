"""How scripted people answer a request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from askfirst.harness.authorization.actions import names, reach
from askfirst.harness.authorization.matching import action_matcher
from askfirst.harness.events import Reply
from askfirst.harness.policy import Authority, Person, Rule
from askfirst.harness.records import Scope


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person will say, and how long after the request. `uses` and `lasts` are what an approval allows."""

    person: Person
    reply: Reply
    after: timedelta
    reason: str = ""
    uses: int | None = None
    lasts: timedelta = timedelta()


def entitled(person: Person, authority: Authority, requester: str) -> bool:
    """Say whether a person's word counts: not the requester's own, and in a role that may decide."""
    return person.name != requester and (not authority.roles or person.role in authority.roles)


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
