"""Requests in plain English: 'continue the rollback of stack web', 'delete and recreate the table orders'.

The operations that can be meant are those of the services of the things that are named. Of these the verb must have
been said, and the last word too (the thing it is done to), and no word that means something in an operation may be left
over: 'delete the stack policy' is not DeleteStack. What is conditional, negated, open-ended or said of different things
at once is not resolved; whoever reads it asks back.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from askfirst.harness.authorization import words
from askfirst.harness.authorization.actions import destroys, owners, spelled, written
from askfirst.harness.authorization.clauses import Clause, clauses, inherit
from askfirst.harness.authorization.mentions import mark
from askfirst.harness.authorization.places import kind_words, narrow, of_kind, regions, service_of
from askfirst.harness.authorization.words import SILENT, parts, stem
from askfirst.harness.operations.table import Operation, operations_of
from askfirst.harness.records import Resource


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says: actions and ARNs; `clear` is False where it cannot be resolved to one meaning."""

    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    clear: bool = True


UNCLEAR = Reading(clear=False)

_PLAIN = frozenset(map(stem, words.PLAIN))
_DESCRIBING = frozenset(map(stem, words.DESCRIBING))
_CODE = re.compile(r"(?<![\w:/.-])[a-z][a-z0-9-]*:[A-Z]\w*(?![\w:/*?])")
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")


def read(text: str, world: Sequence[Resource], hints: Sequence[Resource] = ()) -> Reading:
    """Read a text. `hints` are the resources the request names elsewhere; they count where the text names none."""
    codes = {written(one) for one in _CODE.findall(text)}
    marked, mentions = mark(_CODE.sub(" ", words.simplify(text)), world)
    if marked is None or None in codes or not words.UNCLEAR.isdisjoint(marked) or _elsewhere(marked, mentions):
        return UNCLEAR
    if codes:
        return _coded({one for one in codes if one}, marked, mentions)
    found: list[tuple[set[str], set[str]]] = []
    for clause in inherit(clauses(marked, mentions) or [], list(mentions.values())):
        named = [narrow(of_kind(several, clause.stems)) for several in clause.named]
        around = [one for several in named for one in several] or of_kind(hints, clause.stems)
        around = around or [one for one in world if not kind_words(one).isdisjoint(clause.stems)]
        actions = _meant(clause, around)
        arns = _settled(named, set(actions.values()))
        if not actions or arns is None:
            return UNCLEAR
        found.append((set(actions), arns))
    negated = not words.NEGATIONS.isdisjoint(marked)
    if not found or (negated and any(destroys(one) for actions, _ in found for one in actions)):
        return UNCLEAR
    if any(arns != found[0][1] for _, arns in found) and any(actions != found[0][0] for actions, _ in found):
        return UNCLEAR  # one thing here, another there: together they would allow both on both
    return Reading(
        tuple(sorted({one for actions, _ in found for one in actions})),
        tuple(sorted({one for _, arns in found for one in arns})),
    )


def _elsewhere(marked: Iterable[str], mentions: Mapping[str, Sequence[Resource]]) -> bool:
    """Say whether a region is said in which something that is named is not."""
    said = {one for one in marked if _REGION.fullmatch(one)}
    return bool(said) and any(len(narrow(several, (), one)) == 0 for several in mentions.values() for one in said)


def _coded(actions: Collection[str], marked: Sequence[str], mentions: Mapping[str, Sequence[Resource]]) -> Reading:
    """Read a text that names its actions as AWS does: all else it may say is on what."""
    implied = {word for several in mentions.values() for one in several for word in (*kind_words(one), *regions(one))}
    others = {one for one in marked if not one.startswith("@") and one.isalnum()} - SILENT - words.RUNNING
    arns = _settled(list(mentions.values()), {name for one in actions for name in owners(one.partition(":")[0])})
    if (
        arns is None
        or (len(actions) > 1 and len(arns) > 1)
        or {stem(one) for one in others} - implied - _PLAIN - _DESCRIBING
    ):
        return UNCLEAR
    return Reading(tuple(sorted(actions)), tuple(sorted(arns)))


def _settled(named: Sequence[Sequence[Resource]], services: Collection[str]) -> set[str] | None:
    """Decide what names mean, by the services of the actions; None if a name still means several things."""
    settled = [narrow(several, services) for several in named]
    own = [several for several in settled if service_of(several[0]) in services]
    if any(len({one.arn for one in several}) != 1 for several in own or settled):
        return None
    return {several[0].arn for several in own or settled}


def _meant(clause: Clause, around: Sequence[Resource]) -> dict[str, str]:
    """Give the actions a clause asks for, each with its service; none if no operation fits best."""
    said = clause.stems
    implied = frozenset(word for one in around for word in (*kind_words(one), *regions(one)))
    services = tuple(sorted({service_of(one) for one in around}))
    tiers = [{verb: frozenset({verb}) for verb in said if verb in words.VERBS}]
    tiers += [
        {verb: words.SAYINGS[verb][depth] for verb in said if len(words.SAYINGS.get(verb, ())) > depth}
        for depth in range(max((len(words.SAYINGS.get(verb, ())) for verb in said), default=0))
    ]
    best = _best(services, said, tiers, implied)
    if best:
        return best if len(best) == 1 else {}
    again = [one for one in said if one in words.AGAIN]
    if not again:
        return {}
    gone, made = (_best(services, said, [{again[0]: frozenset({verb})}], implied) for verb in words.DELETE_AND_CREATE)
    return gone | made if len(gone) == len(made) == 1 else {}


def _best(
    services: Iterable[str],
    said: Sequence[str],
    tiers: Sequence[Mapping[str, frozenset[str]]],
    implied: frozenset[str],
) -> dict[str, str]:
    """Give the actions of the operations that fit best; more than one where several fit equally well.

    `tiers` map the verbs that were said to those an operation may have for them, the same verbs first. Best is what has
    most of the words that were said, then fewest that were not, then the nearer verb.
    """
    scored: list[tuple[tuple[int, int, int], str, str]] = []
    for service in services:
        for operation, verb, rest in _parted(service):
            if rest and rest[-1] not in said and rest[-1] not in implied:
                continue
            uses = ((-depth, one) for depth, tier in enumerate(tiers) for one, alike in tier.items() if verb in alike)
            depth, used = next(uses, (0, ""))
            left = {one for one in said if one != used and one not in rest and one not in implied}
            strange = left & (words.VERBS | _vocabulary(service))
            if (
                operation.destroys or verb == "delet"
            ):  # to delete a reservation is no destruction, and is as grave to misread
                strange = left - (_PLAIN | _DESCRIBING if rest and rest[-1] in implied else _PLAIN)
            if used and not strange:
                matched = sum(one in said or one in implied for one in rest)
                scored.append(((matched, matched - len(rest), depth), spelled(operation), service))
    most = max((score for score, *_ in scored), default=None)
    return {action: service for score, action, service in scored if score == most}


@functools.lru_cache(maxsize=256)
def _parted(service: str) -> tuple[tuple[Operation, str, tuple[str, ...]], ...]:
    """Give the operations of a service, each with the stems of its verb and of the words that mean something."""
    found = []
    for one in operations_of(service):
        verb, *rest = parts(one.name)
        found.append((one, verb, tuple(word for word in rest if word not in SILENT)))
    return tuple(found)


@functools.lru_cache(maxsize=256)
def _vocabulary(service: str) -> frozenset[str]:
    return frozenset(word for _, _, rest in _parted(service) for word in rest)
