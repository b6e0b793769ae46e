"""The words of a request in normal form: IAM actions and ARNs, or the words nothing could be found for.

A scope allows each of its actions on each of its resources. So nothing is resolved that would allow more than was said:
two actions each on its own resource are two requests.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from askfirst.harness.authorization import command_line, prose
from askfirst.harness.authorization.actions import by_name, destroys, owners, written
from askfirst.harness.authorization.matching import arn_matches
from askfirst.harness.authorization.places import place, service_of, stranger
from askfirst.harness.authorization.sentences import listed
from askfirst.harness.records import Resource, Scope

WHICH_ACTION = "which action?"
WHICH_RESOURCE = "which resource?"


@dataclass(frozen=True, slots=True)
class _Part:
    """What one text of a request was understood as. `unknown` are the words that were not; `spoken`: it is prose."""

    words: str
    actions: frozenset[str] = frozenset()
    resources: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()
    spoken: bool = False


def normal_form(
    actions: Sequence[str],
    resources: Sequence[str],
    reason: str,
    world: Sequence[Resource],
    services: Collection[str] = (),
) -> Scope:
    """Bring the words of a request to normal form. What cannot be resolved to one meaning stays in `unresolved`.

    `world` is what exists. `services` are those to look for an operation in where no resource is named; without them,
    those of everything that exists. `reason` is for people: nothing in it is asked for.
    """
    del reason
    parts = [part for text in actions if text.strip() for part in _parts(text, resources, world, services)]
    wanted = {action for part in parts for action in part.actions}
    unresolved = [word for part in parts for word in part.unknown]
    said, strange = _places(resources, world, {name for one in wanted for name in owners(one.partition(":")[0])})
    unresolved += strange
    unresolved += _at_odds([one for one in parts if not one.unknown], said if resources else None)
    arns = said or {arn for part in parts for arn in part.resources}
    if not wanted and not unresolved:
        unresolved.append(WHICH_ACTION)
    if not arns and not unresolved:
        unresolved += [part.words for part in parts if part.spoken] or [WHICH_RESOURCE]
    if "cloudformation:CreateStack" in wanted:
        arns |= {f"{_stack(arn)}/*" for arn in arns if ":stack/" in arn}  # the new one will have another id
    return Scope(
        tuple(sorted(wanted)), tuple(sorted(arns)), any(map(destroys, wanted)), tuple(dict.fromkeys(unresolved))
    )


def sentence(scope: Scope) -> str:
    """Say a scope in words."""
    text = f"{listed(scope.actions, most=8)} on {listed(scope.resources, most=8)}"
    return f"{text} (not understood: {listed(scope.unresolved)})" if scope.unresolved else text


def _parts(
    text: str, resources: Sequence[str], world: Sequence[Resource], services: Collection[str]
) -> Iterable[_Part]:
    """Understand one text that says what is to be done; a text of several commands has several parts."""
    words = text.strip()
    action = written(words)
    if action is not None:
        return [_Part(text, frozenset({action}))]
    lines = list(command_line.lines(words, world))
    if lines:
        return [_Part(text, frozenset(one.actions), frozenset(one.resources), one.unknown) for one in lines]
    hints = _hints(resources, world)
    among = services or {service_of(one) for one in hints or world}
    if " " not in words:
        found = by_name(words, among) if words else set()
        return [_Part(text, frozenset(found)) if len(found) == 1 else _Part(text, unknown=(text,))]
    reading = prose.read(words, world, hints)
    if not reading.clear:
        return [_Part(text, unknown=(text,))]
    return [_Part(text, frozenset(reading.actions), frozenset(reading.resources), spoken=True)]


def _hints(resources: Iterable[str], world: Sequence[Resource]) -> list[Resource]:
    """Give the resources that are named beside the text, as far as they are known before the actions are."""
    known = {one.arn: one for one in world}
    arns = [arn for words in resources for arn in place(words, world) if arn.startswith("arn:")]
    return [known.get(arn) or stranger(arn) for arn in arns]


def _places(
    resources: Iterable[str], world: Sequence[Resource], services: Collection[str]
) -> tuple[set[str], list[str]]:
    arns: set[str] = set()
    unknown = []
    for words in resources:
        found = place(words, world, services)
        if len(found) == 1:
            arns |= set(found)
        else:
            unknown.append(words)
    return arns, unknown


def _at_odds(parts: Sequence[_Part], said: Collection[str] | None) -> list[str]:
    """Give the texts that name other resources than the rest of the request does."""
    naming = [part for part in parts if part.resources]
    if said is not None:
        odd = [part for part in naming if not all(any(arn_matches(one, arn) for one in said) for arn in part.resources)]
    else:
        named = {action for part in naming for action in part.actions}
        odd = [part for part in parts if naming and not part.resources and not part.actions <= named]
    if not odd and len({part.resources for part in naming}) > 1 and len({part.actions for part in naming}) > 1:
        odd = list(naming)
    return [part.words for part in odd]


def _stack(arn: str) -> str:
    """Give the ARN of a stack up to its name."""
    return "/".join(arn.split("/")[:2])
