"""What a part of a sentence wants done: a change, a look, something that is said elsewhere, or nothing we know."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askfirst.harness.authorization.plain_text.spelled import spelled
from askfirst.harness.authorization.plain_text.vocabulary import GO, LOOK, meaning, paper, words
from askfirst.harness.authorization.words import stem, words_of

UNKNOWN = "unknown"
"""A verb stands there, and it is none we know."""

_FURTHER = 60
"""Words of a part of a sentence that are looked at."""

_GERMAN = words_of("""
    ich wir der den dem das ein eine einen einer und oder bitte nicht soll darf wenn zu auf mit von fuer sie du ist wird werden
    neu wieder habe im
    """)
_RUNNING = words_of("execut run appli ausfuehren ausfuehr aus")
_INTO = re.compile(r"\b(?:to|in|into) (?:the|your|my|this|a) (\w+)")
_JOINTS = words_of("or and then oder und")
_MAKING = frozenset({"create", "generat", "start", "update", "run again", "restart", "skip"})
_PREPOSITIONS = words_of("of on in from with fuer von")
_BELOW = re.compile(
    r",? \b(?:whether|if|why|what|who|which|when|how|because|so that|since|in case|where|unless|before|after|until"
    r"|that (?:was|were|is|are))\b"
    r"|, (?:ob|warum|was|wer|damit|wie|welche\w*|weil|falls|wann|wo|so ?dass|dass|ohne)\b"
    r"|, (?:der|die|das|den|dem)\b(?!.{0,80}\b(?:zu \w+n|\w+zu\w+n)\b)"
)


def german(sentence: str) -> bool:
    """Say whether a sentence is German."""
    return not _GERMAN.isdisjoint(sentence.replace(",", " ").replace(".", " ").split())


def changes(means: str | None) -> bool:
    """Say whether a meaning is a change."""
    return means not in {None, LOOK, GO, UNKNOWN}


def below(part: str) -> list[str]:
    """Give the words of the main clause, up to what is said below it ('whether ...', ', damit ...')."""
    return words(_BELOW.split(part.lstrip(" ,"), maxsplit=1)[0])[:_FURTHER]


def wanted(part: str, *, in_german: bool | None = None) -> str | None:
    """Say what some words that are no question are about: the first change or look in English, the last in German."""
    told = spelled(part)
    if told:
        return told
    in_german = german(part) if in_german is None else in_german
    said = below(part)
    found = [
        means_in(said, index, one, in_german=in_german) for index, one in enumerate(said) if not _past(said, index)
    ]
    telling = [one for one in found if one not in {None, GO}]
    return telling[-1 if in_german else 0] if telling else GO if GO in found else None


def past_form(word: str) -> bool:
    """Say whether an English word looks like a past form."""
    return word.endswith("ed") and not word.endswith("eed")


def _past(said: Sequence[str], index: int) -> bool:
    """Say whether an English word is a past form that tells what was done, as in 'the deleted table'."""
    return past_form(said[index]) and said[index - 1 : index] not in (["be"], ["being"], ["get"])


def means_in(said: Sequence[str], index: int, word: str, *, in_german: bool) -> str | None:
    """Say what a word means among the others: to make what is only read is no change, to execute a change set is one."""
    if word == "changeset" and any(stem(one) in _RUNNING for one in said[max(0, index - 6) : index + 6]):
        return "deploy"
    if word in {"changeset", "dryrun", "drift"}:
        return LOOK
    means = meaning(word, german=in_german)
    if (
        means in {"update", "create"}
        and not in_german
        and not paper().isdisjoint(_INTO.findall(" ".join(said[index:])))
    ):
        return LOOK
    if means in _MAKING:
        beside = said[max(0, index - 4) : index] if in_german else said[index + 1 : index + 5]
        ends = [at for at, one in enumerate(beside) if one in _JOINTS or one in _PREPOSITIONS]
        near_it = beside[ends[-1] :] if ends and in_german else beside[: ends[0]] if ends else beside
        return means if paper().isdisjoint(near_it) else LOOK
    return means
