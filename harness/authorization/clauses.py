"""How a request is said: its clauses, without what is negated or only a reason, each with what it is about."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from askfirst.harness.authorization import words
from askfirst.harness.authorization.words import SILENT, stem
from askfirst.harness.records import Resource


@dataclass(slots=True)
class Clause:
    """A part of a sentence: its words in lower case, and the resources it names (each name may fit several)."""

    words: list[str] = field(default_factory=list)
    named: list[tuple[Resource, ...]] = field(default_factory=list)
    silent: bool = False
    """Whether it only tells something."""

    @property
    def stems(self) -> list[str]:
        """The stems of the words that say something."""
        return [stem(one) for one in self.words if one not in SILENT]

    @property
    def asks(self) -> bool:
        """Whether it asks for something to be done."""
        return not self.silent and any(one in words.VERBS for one in self.stems)


_STOPS = frozenset(".;!?\n")
_JOINTS = _STOPS | {",", "&", "and", "then", "but"}


def _spoken(marked: Sequence[str]) -> Iterator[str]:
    """Leave out what is negated, up to a comma, and reasons, up to the end of the sentence."""
    until: frozenset[str] = frozenset()
    fresh = True
    for index, one in enumerate(marked):
        if until and one not in until:
            continue
        until = frozenset()
        if one in words.NEGATIONS:
            until = _STOPS | {",", "but"}
        elif one in words.REASONS or " ".join(marked[index : index + 2]) in words.REASONS:
            until = _STOPS | {","} if fresh else _STOPS
        else:
            yield one
        fresh = one in _STOPS or (fresh and one in SILENT)


def clauses(marked: Sequence[str], mentions: Mapping[str, tuple[Resource, ...]]) -> list[Clause] | None:
    """Part a text at its joints; parts that ask for nothing join the last. None if a part names two things unlike."""
    found: list[Clause] = []
    for joint, part in itertools.groupby(_spoken(marked), lambda one: one in _JOINTS):
        spoken = list(part)
        if joint:
            continue
        if _two_roles(spoken, mentions):
            return None
        clause = Clause(
            [one for one in spoken if not one.startswith("@")],
            [mentions[one] for one in spoken if one.startswith("@")],
            silent=_tells(spoken),
        )
        if found and not clause.asks and not clause.silent and found[-1].asks:
            found[-1].words += clause.words
            found[-1].named += clause.named
        else:
            found.append(clause)
    return found


def _tells(spoken: Sequence[str]) -> bool:
    """Say whether a clause only tells what happened."""
    verbs = [one for one in spoken if stem(one) in words.VERBS]
    past = bool(verbs) and all(one.endswith("ed") for one in verbs) and words.PASSIVE.isdisjoint(spoken)
    return past or not words.STATES.isdisjoint(spoken)


def _two_roles(spoken: Sequence[str], mentions: Mapping[str, tuple[Resource, ...]]) -> bool:
    """Say whether two things of a kind stand in one clause with words between them ('copy table a to b')."""
    marks = [index for index, one in enumerate(spoken) if one.startswith("@")]
    for one, other in itertools.pairwise(marks):
        kinds = ({each.kind for each in mentions[spoken[index]]} for index in (one, other))
        if other > one + 1 and set.intersection(*kinds):
            return True
    return False


def inherit(told: Sequence[Clause], mentioned: Sequence[tuple[Resource, ...]]) -> list[Clause]:
    """Give the clauses that ask for something; one without an object has that of the next, or of the last for 'it'.

    Where none has one, it is what was told of, or the only thing the whole text mentions.
    """
    asking = [one for one in told if one.asks]
    context = [name for one in told if not one.asks for name in one.named]
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
        clause.named = clause.named or list(context or (mentioned if len(mentioned) == 1 else ()))
    return asking
