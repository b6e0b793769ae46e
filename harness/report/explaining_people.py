"""The people of a policy in plain English: whether their word counts, what they answer to what, when they are away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from askfirst.harness.authorization.people import Standing, standing
from askfirst.harness.documents.durations import spoken
from askfirst.harness.events import Reply
from askfirst.harness.policy import NEVER_ENTITLED, OPERATOR, REQUESTER, Authority, Away, Person, Rule
from askfirst.harness.report.explaining_words import conditioned, either, ended, often, reasoned

VERBS = {
    Reply.APPROVED: "approves",
    Reply.DENIED: "denies",
    Reply.NO_ANSWER: "does not answer",
    Reply.UNCLEAR: "decides nothing on",
    Reply.ASKED_BACK: "asks what is meant by",
}


def person_sentences(person: Person, people: Sequence[Person], authority: Authority) -> Iterator[str]:
    """Explain one of the people of a policy."""
    own = standing(person, authority, REQUESTER)
    yield "Their word counts." if own is Standing.COUNTS else f"Their own word does not count: {_why(person)}."
    for other in people:
        for away in (one for one in other.away if one.deputy == person.name):
            yield f"They stand in for {other.name} {_when(away)}{_in_place_of(person, other, authority)}."
    for away in person.away:
        yield f"They are away {_when(away)}: what they answer then comes when they are back; {_deputy(away, people)}."
    yield from _answers(person)


def _why(person: Person) -> str:
    if person.name == REQUESTER:
        return "that is the requester, and nobody approves their own request"
    if person.role in NEVER_ENTITLED:
        return f"nobody who is {person.role!r} ever decides"
    if person.role == OPERATOR:
        return "the operator's does not"
    return "they have none of the roles that may agree"


def _when(away: Away) -> str:
    start = f"from {spoken(away.start)} after the start" if away.start else "from the start"
    return f"{start} to {spoken(away.end)} after it"


def _in_place_of(person: Person, other: Person, authority: Authority) -> str:
    own = standing(person, authority, REQUESTER)
    if own is Standing.REQUESTER or person.role in NEVER_ENTITLED:
        return ", which does not make their word count"
    if own is Standing.COUNTS:
        return ", though their own word counts anyway"
    if standing(other, authority, REQUESTER) is Standing.COUNTS:
        return ", and meanwhile their word counts in that place"
    return ", whose own word does not count either"


def _deputy(away: Away, people: Sequence[Person]) -> str:
    if not away.deputy:
        return "nobody stands in"
    if any(one.name == away.deputy for one in people):
        return f"{away.deputy} stands in"
    return f"{away.deputy!r} is to stand in, and nobody is called so"


def _answers(person: Person) -> Iterator[str]:
    if callable(person.decides):
        name = getattr(person.decides, "__qualname__", type(person.decides).__qualname__)
        unused = f"; the {len(person.rules)} rules beside it are not used" if person.rules else ""
        yield f"The function {name} answers for them{unused}."
        return
    if person.decides is not None:
        yield f"The function {person.decides} is only named here, so the rules answer."
    if not person.rules:
        yield "They never answer."
        return
    for number, rule in enumerate(person.rules, 1):
        yield ended(f"Rule {number} {_rule(rule)}")
    if not any("*" in one.actions and one.destroys is None and one.times is None for one in person.rules):
        yield "What no rule fits gets no answer."


def _rule(rule: Rule) -> str:
    text = f"{VERBS[rule.reply]} {_requests(rule)}"
    if rule.times is not None:
        turns = "request" if rule.times == 1 else "requests"
        text += f", for {rule.times} {turns}, before the next rule has its turn"
    if rule.reply is Reply.NO_ANSWER:
        return text
    text += f", {spoken(rule.after)} later" if rule.after else ", at once"
    return text + reasoned(rule.reason) + (_terms(rule) if rule.reply is Reply.APPROVED else "")


def _requests(rule: Rule) -> str:
    kind = {True: " that deletes", False: " that deletes nothing", None: ""}[rule.destroys]
    if rule.reply is Reply.APPROVED and rule.destroys is None:
        kind = " (it may delete)"
    if "*" in rule.actions:
        return f"any request{kind}"
    joint = " and is" if rule.destroys is not None else ""
    only = "only for" if rule.reply is Reply.APPROVED else "for, among others or alone,"
    return f"a request{kind}{joint} {only} {either(rule.actions)}"


def _terms(rule: Rule) -> str:
    begins = f"{spoken(rule.starts)} after that" if rule.starts else "then"
    text = f"; it holds from {begins} for {spoken(rule.lasts)}, {often(rule.uses)}{conditioned(rule.conditions)}"
    if rule.revoked is not None:
        later = f"{spoken(rule.revoked)} after the grant" if rule.revoked else "at once"
        return f"{text}, and is taken back {later}{reasoned(rule.retraction)}"
    return f"{text}, and is never taken back (so never{reasoned(rule.retraction)})" if rule.retraction else text
