"""What the verb of a question means, that stands behind 'shall I' or 'soll ich'."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence

from askfirst.harness.authorization.plain_text.content import UNKNOWN, below, changes, means_in, wanted
from askfirst.harness.authorization.plain_text.spelled import spelled
from askfirst.harness.authorization.plain_text.vocabulary import GO, LOOK, filling, meaning, near, words
from askfirst.harness.authorization.words import words_of

_TAIL = words_of(
    "oder nicht nich jetzt jetz bitte so dann was auch noch wieder ja ok heute nun erstmal gleich sofort kurz"
)
_VERB = re.compile(r".*(?:en|ern|eln|e)")
_NOTHING = words_of("nichts kein keine keinen")
_JOINTS = words_of("or and then oder und")
_BARE = words_of("with now right immediately by here again")
_STANDS_FOR = re.compile(r"\b(?:this|that|these|it|both|steps?|plan|actions?|operation|following|first|one|so)\b")
_THIS = words_of("this the that my above")
_IT = words_of("das dies dieses es")
_STRANGE = 4
"""Words that are no verbs may stand between 'do' and what is to be done."""


def head(part: str, *, names: Collection[str] = (), in_german: bool) -> str | None:
    """Say what the verb of a question means, of which `part` stands behind 'shall I' or 'soll ich'; None if none does."""
    told = spelled(part)
    if told:
        return told
    said = below(part)
    if in_german:
        main = words(part.lstrip(" ,").partition(",")[0])
        told = _last_verb(main, names)
        return told if told not in {None, UNKNOWN} else _last_verb(said, names)
    return _first_verb(said, names)


def _first_verb(said: Sequence[str], names: Collection[str]) -> str | None:
    going, strange = False, 0
    for index, word in enumerate(said):
        means = means_in(said, index, word, in_german=False)
        if going and word in {"plan", "proposal"} and said[index - 1] in _THIS:
            return GO
        if means == LOOK:
            return _joined(said[index:]) or LOOK
        if changes(means):
            bare = means in {"start", "stop"} and said[index + 1 : index + 2] in ([], *([one] for one in _BARE))
            return GO if bare else means
        if means == GO:
            going = True
        elif going and strange < _STRANGE:
            strange += 1
        elif word not in filling() and not word.endswith("ly"):
            return GO if going else near(word) or _named(said[index:], names)
    return GO if going else None


def _joined(said: Sequence[str]) -> str | None:
    """Give the change that is asked for beside a look ('look at the logs or restart it')."""
    kinds = (meaning(word) for joint, word in itertools.pairwise(said) if joint in _JOINTS and not word.endswith("ed"))
    return next(filter(changes, kinds), None)


def _last_verb(said: Sequence[str], names: Collection[str]) -> str | None:
    if "blick" in said or not _NOTHING.isdisjoint(said):
        return LOOK
    spoken = list(said)
    while spoken and spoken[-1] in _TAIL:
        spoken.pop()
    going = False
    for index in range(len(spoken) - 1, max(-1, len(spoken) - 7), -1):
        means = means_in(spoken, index, spoken[index], in_german=True)
        if means == LOOK:
            kinds = (meaning(one, german=True) for one, joint in itertools.pairwise(spoken) if joint in _JOINTS)
            return next(filter(changes, kinds), LOOK)
        if means == GO:
            going = True
        elif means:
            return means
        elif not going and _VERB.fullmatch(spoken[index]):
            return _named(spoken[::-1], names)
    return GO if going else None if _IT.issuperset(spoken) else UNKNOWN


def object_of(part: str, *, in_german: bool) -> str | None:
    """Say what an approval is wanted for, of which `part` stands behind the word: a verb or a noun, and nothing before it."""
    told = spelled(part)
    if told or in_german:
        return told or wanted(part, in_german=in_german)
    means = head(part, in_german=False)
    return GO if means == UNKNOWN and _STANDS_FOR.search(" ".join(words(part)[:6])) else means


def _named(said: Sequence[str], names: Collection[str]) -> str:
    """A verb that is not known, said of something that exists ('zap billing-api'), is taken for a change."""
    known = {one.casefold() for one in names}
    return "unknown change" if said[0] not in known and not known.isdisjoint(said[1:4]) else UNKNOWN
