"""What a policy file may not say though each of its fields could be right: names nobody has, actions AWS does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from askfirst.harness.authorization.actions import UNTABLED, covered, written
from askfirst.harness.authorization.matching import action_matcher, is_glob
from askfirst.harness.documents import Place
from askfirst.harness.documents.wants import nearest
from askfirst.harness.operations.table import UnknownOperation, find
from askfirst.harness.policy import NEVER_ENTITLED, Authority, Person
from askfirst.harness.scenario import Grant

Problems = Iterator[tuple[Place, str]]
SERVICE = re.compile(r"[a-z0-9*?{}_-]+")
"""What may stand third in an ARN glob."""


def problems(
    authority: Authority, people: Sequence[Person], grants: Sequence[Grant], words: Sequence[Sequence[str]]
) -> Problems:
    """Go through what is wrong, each with its place; `words` are those the rules of each person begin with."""
    yield from _authority(authority, people)
    for number, (person, named) in enumerate(zip(people, words, strict=True)):
        yield from _person(number, person, people)
        for at, (rule, word) in enumerate(zip(person.rules, named, strict=True)):
            place = ("people", number, "rules", at, word, "actions")
            yield from _actions(place, rule.actions, asked=word == "approve")
    for number, grant in enumerate(grants):
        yield from _actions(("grants", number, "actions"), grant.actions)
        yield from _arns(("grants", number, "resources"), grant.resources)


def _authority(authority: Authority, people: Sequence[Person]) -> Problems:
    yield from _actions(("authority", "forbidden"), authority.forbidden)
    yield from _arns(("authority", "production"), authority.production)
    held = {one.role for one in people}
    for at, role in enumerate(authority.roles):
        near = nearest(role, held) if role not in held else None
        if role in NEVER_ENTITLED:
            yield ("authority", "roles", at), f"nobody who is {role!r} ever decides: name roles of the team."
        elif near is not None:
            yield ("authority", "roles", at), f"nobody here is {role!r}: did you mean {near!r}?"


def _person(number: int, person: Person, people: Sequence[Person]) -> Problems:
    place = ("people", number)
    names = [one.name for one in people]
    if person.name in names[:number]:
        yield (*place, "name"), f"two people are called {person.name!r}: give each a name of their own."
    for at, away in enumerate(person.away):
        if away.end <= away.start:
            yield (*place, "away", at, "end"), "the absence ends before it begins: 'end' is counted from the start too."
        if away.deputy == person.name:
            yield (*place, "away", at, "deputy"), f"{person.name} cannot stand in for {person.name}."
        elif away.deputy and away.deputy not in names:
            near = nearest(away.deputy, names)
            hint = f"did you mean {near!r}?" if near else f"known: {', '.join(names)}."
            yield (*place, "away", at, "deputy"), f"there is nobody called {away.deputy!r} here: {hint}"


def _actions(place: Place, actions: Sequence[str], *, asked: bool = False) -> Problems:
    """Check actions; those of an approval are compared with what requests come to, and must be spelled so."""
    for at, action in enumerate(actions):
        if "{" in action:
            continue  # the scenario fills it
        known = action == "*" or covered(action) or any(map(action_matcher(action), UNTABLED))
        if not known:
            yield (*place, at), _unknown(action)
        elif asked and not is_glob(action) and (spelled := written(action)) and spelled.lower() != action.lower():
            yield (*place, at), f"a request for {action} comes to {spelled!r}: write that."


def _unknown(action: str) -> str:
    if is_glob(action):
        return f"{action!r} fits no action of AWS: write 'service:Operation' with '*' and '?' in it."
    try:
        return f"{action!r} is no action of AWS by that name: write {find(action).id!r}."
    except UnknownOperation as error:
        return f"{error}{'' if str(error).endswith('?') else '.'}"


def _arns(place: Place, patterns: Sequence[str]) -> Problems:
    for at, pattern in enumerate(patterns):
        service = pattern.split(":")[2:3]
        if pattern != "*" and not pattern.startswith("{") and (service == [] or not SERVICE.fullmatch(service[0])):
            yield (
                (*place, at),
                f"{pattern!r} fits nothing: write an ARN glob such as 'arn:*:dynamodb:*:*:table/costs', or '*'.",
            )
