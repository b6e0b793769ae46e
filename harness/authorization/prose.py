"""Requests in plain English: 'continue the rollback of stack web', 'delete and recreate the table orders'.

The operations that can be meant are those of the services of the things that are named. Of these the verb must have been
said, and the last word too (the thing it is done to), and no word that means something in an operation may be left over:
'delete the stack policy' is not DeleteStack. What is conditional, negated, open-ended or said of different things at once
is not resolved; whoever reads it asks back.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from askfirst.harness.authorization import words
from askfirst.harness.authorization.actions import destroys, spelled
from askfirst.harness.authorization.places import by_name, kind_words, narrow, service_of
from askfirst.harness.authorization.words import SILENT, parts, stem
from askfirst.harness.operations.table import Operation, operations_of
from askfirst.harness.records import Resource


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says: actions and ARNs; `clear` is False where it cannot be resolved to one meaning."""

    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    clear: bool = True


@dataclass(slots=True)
class _Clause:
    """A part of a sentence: its words in lower case, and the resources it names (each name may fit several)."""

    words: list[str] = field(default_factory=list)
    named: list[tuple[Resource, ...]] = field(default_factory=list)
    silent: bool = False
    """Whether it only tells something."""

    @property
    def stems(self) -> list[str]:
        return [stem(one) for one in self.words if one not in SILENT]

    @property
    def asks(self) -> bool:
        return not self.silent and any(one in words.VERBS for one in self.stems)


UNCLEAR = Reading(clear=False)


def read(text: str, world: Sequence[Resource], hints: Sequence[Resource] = ()) -> Reading:
    """Read a text. `hints` are the resources the request names elsewhere; they count where the text names none."""
    marked, mentions = _mark(words.simplify(text), world)
    if marked is None or _unclear(marked):
        return UNCLEAR
    clauses = _inherit(_clauses(marked, mentions))
    found: list[tuple[set[str], set[str]]] = []
    for clause in clauses:
        named = [tuple(narrow(one)) for one in clause.named] or [(one,) for one in hints]
        around = [one for several in named for one in several] or list(world)
        actions = _meant(clause, around)
        if not actions:
            return UNCLEAR
        arns = _settled(clause.named, actions, around)
        if arns is None:
            return UNCLEAR
        found.append((actions, arns))
    if not found or (_negated(marked) and any(destroys(one) for actions, _ in found for one in actions)):
        return UNCLEAR
    if any(arns != found[0][1] for _, arns in found) and any(actions != found[0][0] for actions, _ in found):
        return UNCLEAR  # one thing here, another there: together they would allow both on both
    return Reading(*(tuple(sorted(set().union(*column))) for column in zip(*found, strict=True)))


# -- what is named ----------------------------------------------------------------------------------------------------

_WORD = re.compile(r"arn:[^\s,;'\"`()]+|[\w\[\]$@/:+=.~-]+|[,;!?&\n]|'[^']*'|\"[^\"]*\"|`[^`]*`")
_NAME_LIKE = re.compile(r".*(?:[a-z]-\w|_|[a-z]\d|\d[a-z]).*", re.IGNORECASE)
_VALUE = re.compile(r"[a-z]{2}(-[a-z]+)+-\d|\d.*|.*\.(large|xlarge|medium|small|micro|nano)|v\d+|python.*|nodejs.*|s3|ec2|route53")


def _mark(text: str, world: Sequence[Resource]) -> tuple[list[str] | None, dict[str, tuple[Resource, ...]]]:
    """Part a text into words, names put in as '@0', '@1', ...; None if it names something that does not exist here."""
    mentions: dict[str, tuple[Resource, ...]] = {}
    marked: list[str] = []
    kinds = {word for one in world for word in kind_words(one)}
    tokens = [token for found in _WORD.finditer(text) for token in _pull_apart(found.group())]
    for index, (token, quoted) in enumerate(tokens):
        resources = _mentioned(token, quoted, tokens, index, world)
        if resources:
            mark = f"@{len(mentions)}"
            mentions[mark] = resources
            marked.append(mark)
        elif quoted or token.startswith("arn:"):
            return None, {}
        elif _NAME_LIKE.fullmatch(token) and not _VALUE.fullmatch(token.lower()):
            around = {stem(word) for word, _ in tokens[max(0, index - 1) : index + 2]}
            if around & kinds or not re.fullmatch(r"[a-z]+(-[a-z]+)+", token):
                return None, {}
            marked += token.lower().split("-")
        else:
            marked.append(token.lower())
    return marked, mentions


def _pull_apart(token: str) -> list[tuple[str, bool]]:
    """Give a token without its quotes, and what ends a sentence as a token of its own."""
    if token[0] in "'\"`" and len(token) > 1:
        return [(token[1:-1].strip(), True)]
    bare = token.rstrip(".:")
    return [(bare, False), (".", False)] if bare and bare != token else [(token, False)]


def _mentioned(
    token: str, quoted: bool, tokens: Sequence[tuple[str, bool]], index: int, world: Sequence[Resource]
) -> tuple[Resource, ...]:
    """Give what a token names; a name that is an English word must stand beside what kind of thing it is, or in quotes."""
    found = by_name(token, world)
    beside = {stem(word) for word, _ in tokens[max(0, index - 2) : index + 3]}
    of_kind = [one for one in found if kind_words(one) & beside]
    if found and not quoted and token.isalpha() and (token.lower() in SILENT or stem(token) in words.VERBS) and not of_kind:
        return ()
    return tuple(of_kind or found)


# -- how it is said ---------------------------------------------------------------------------------------------------


def _unclear(marked: Iterable[str]) -> bool:
    return not words.UNCLEAR.isdisjoint(marked)


def _negated(marked: Iterable[str]) -> bool:
    return not words.NEGATIONS.isdisjoint(marked)


def _clauses(marked: Sequence[str], mentions: dict[str, tuple[Resource, ...]]) -> list[_Clause]:
    """Part a text at its joints, without what is negated or only a reason; parts that ask for nothing join the last."""
    clauses: list[_Clause] = []
    for raw in _split(words.BECAUSE.sub("\x00", " ".join(marked)).split(" ")):
        spoken = list(itertools.takewhile(lambda one: one != "\x00" and one not in words.NEGATIONS, raw))
        clause = _Clause(
            [one for one in spoken if not one.startswith("@")],
            [mentions[one] for one in spoken if one.startswith("@")],
            silent=not words.STATES.isdisjoint(spoken),
        )
        if clauses and not clause.asks and not clause.silent and clauses[-1].asks:
            clauses[-1].words += clause.words
            clauses[-1].named += clause.named
        elif clause.words or clause.named:
            clauses.append(clause)
    return clauses


def _split(marked: Iterable[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for one in marked:
        if one in {",", ";", ".", "!", "?", "\n", "&", "and", "then", "but"}:
            found.append([])
        else:
            found[-1].append(one)
    return found


def _inherit(clauses: Sequence[_Clause]) -> list[_Clause]:
    """Give the clauses that ask for something; one without an object has that of the next, or of the last for 'it'."""
    asking = [one for one in clauses if one.asks]
    context = [name for one in clauses if not one.asks for name in one.named]
    for index in range(len(asking) - 1, -1, -1):
        clause = asking[index]
        if not clause.named and words.PRONOUNS.isdisjoint(clause.words) and index + 1 < len(asking):
            after = asking[index + 1]
            clause.named = list(after.named)
            if len(clause.stems) == 1:
                clause.words += [one for one in after.words if stem(one) not in words.VERBS]
    for before, clause in itertools.pairwise(asking):
        clause.named = clause.named or list(before.named)
    for clause in asking:
        clause.named = clause.named or list(context)
    return asking


def _settled(named: Sequence[tuple[Resource, ...]], actions: Iterable[str], around: Sequence[Resource]) -> set[str] | None:
    """Decide what names mean that several things bear, by the service of the actions; None if that is not enough."""
    prefixes = {one.partition(":")[0] for one in actions}
    services = {service_of(one) for one in around for action in _said(service_of(one)) if action in prefixes}
    arns: set[str] = set()
    for several in named:
        fitting = {one.arn for one in narrow(several, services)}
        if len(fitting) != 1:
            return None
        arns |= fitting
    return arns


# -- which operation --------------------------------------------------------------------------------------------------


def _meant(clause: _Clause, around: Sequence[Resource]) -> set[str]:
    """Give the actions a clause asks for; none if no operation fits best."""
    said = clause.stems
    implied = frozenset().union(*(kind_words(one) for one in around)) if around else frozenset[str]()
    services = tuple(sorted({service_of(one) for one in around}))
    tiers = [{one: frozenset({one}) for one in said if one in words.VERBS}]
    deepest = max((len(words.SAYINGS.get(one, ())) for one in said), default=0)
    for depth in range(deepest):
        tiers.append({one: words.SAYINGS[one][depth] for one in said if len(words.SAYINGS.get(one, ())) > depth})
    for tier in tiers:
        best = _best(services, said, tier, implied)
        if best:
            return best if len(best) == 1 else set()
    again = [one for one in said if one in map(stem, words.AGAIN)]
    if not again:
        return set()
    halves = [_best(services, said, {again[0]: frozenset({stem(one)})}, implied) for one in ("delete", "create")]
    return halves[0] | halves[1] if [len(one) for one in halves] == [1, 1] else set()


def _best(services: tuple[str, ...], said: Sequence[str], verbs: dict[str, frozenset[str]], implied: frozenset[str]) -> set[str]:
    """Give the actions of the operations that fit best; more than one where several fit equally well."""
    scored: list[tuple[tuple[int, int], str]] = []
    for service in services:
        for operation, (verb, *rest) in _parted(service):
            used = [one for one, alike in verbs.items() if verb in alike]
            if not used or (rest and rest[-1] not in said and rest[-1] not in implied):
                continue
            left = [one for one in said if one != used[0] and one not in rest and one not in implied]
            if any(one in words.VERBS or one in _vocabulary(service) for one in left):
                continue
            matched = sum(one in said or one in implied for one in rest)
            scored.append(((matched, matched - len(rest)), spelled(operation)))
    most = max((score for score, _ in scored), default=None)
    return {action for score, action in scored if score == most}


@functools.lru_cache(maxsize=256)
def _parted(service: str) -> tuple[tuple[Operation, tuple[str, ...]], ...]:
    return tuple((one, parts(one.name)) for one in operations_of(service))


@functools.lru_cache(maxsize=256)
def _vocabulary(service: str) -> frozenset[str]:
    return frozenset(part for _, split in _parted(service) for part in split[1:]) - frozenset(map(stem, SILENT))


@functools.lru_cache(maxsize=256)
def _said(service: str) -> frozenset[str]:
    """Give the first halves of the actions of a service."""
    actions = (action for one in operations_of(service) for action in (*one.iam[:1], one.id))
    return frozenset(one.partition(":")[0] for one in actions)
