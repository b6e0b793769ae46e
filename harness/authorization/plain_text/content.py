"""What a part of a sentence wants done: a change, a look, something that is said elsewhere, or nothing we know."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from askfirst.harness.authorization.plain_text.spelled import spelled
from askfirst.harness.authorization.plain_text.vocabulary import GO, LOOK, filling, meaning, near, paper, words
from askfirst.harness.authorization.words import stem, words_of

UNKNOWN = "unknown"
"""A verb stands there, and it is none we know."""

_FURTHER = 60
"""Words of a part of a sentence that are looked at."""

_GERMAN = words_of("""
    ich wir der den dem das ein eine einen einer und oder bitte nicht soll darf wenn zu auf mit von fuer sie du ist wird werden
    neu wieder habe im
    """)
_TAIL = words_of("oder nicht nich jetzt jetz bitte so dann was auch noch wieder ja ok heute nun erstmal gleich sofort kurz")
_VERB = re.compile(r".*(?:en|ern|eln|e)")
_NOTHING = words_of("nichts kein keine keinen")
_RUNNING = words_of("execut run appli ausfuehren ausfuehr aus")
_STANDS_FOR = re.compile(r"\b(?:this|that|these|it|both|steps?|plan|actions?|operation|following|first|one|so|these)\b")
_INTO = re.compile(r"\b(?:to|in|into) (?:the|your|my|this|a) (\w+)")
_JOINTS = words_of("or and then oder und")
_BARE = words_of("with now right immediately by here again")
_BELOW = re.compile(
    r",? \b(?:whether|if|why|what|who|which|when|how|because|so that|since|in case|where|unless|before|after|until|that (?:was|were|is|are))\b"
    r"|, (?:ob|warum|was|wer|damit|wie|welche\w*|weil|falls|wann|wo|so ?dass|dass|ohne)\b"
    r"|, (?:der|die|das|den|dem)\b(?!.{0,80}\b(?:zu \w+n|\w+zu\w+n)\b)"
)


def german(sentence: str) -> bool:
    """Say whether a sentence is German."""
    return not _GERMAN.isdisjoint(sentence.replace(",", " ").replace(".", " ").split())


def head(part: str, *, names: Collection[str] = (), in_german: bool) -> str | None:
    """Say what the verb of a question means, of which `part` stands behind 'shall I' or 'soll ich'; None if none does."""
    told = spelled(part)
    if told:
        return told
    said = words(_BELOW.split(part.lstrip(" ,"), maxsplit=1)[0])[:_FURTHER]
    if in_german:
        main = words(part.lstrip(" ,").partition(",")[0])[:_FURTHER]
        told = _last_verb(main, names)
        return told if told not in {None, UNKNOWN} else _last_verb(said, names)
    return _first_verb(said, names)


def _first_verb(said: Sequence[str], names: Collection[str]) -> str | None:
    going, strange = False, 0
    for index, word in enumerate(said):
        means = _meaning(said, index, word, in_german=False)
        if means == LOOK:
            return _joined(said[index:]) or LOOK
        if means not in {None, GO}:
            bare = means in {"start", "stop"} and said[index + 1 : index + 2] in ([], *([one] for one in _BARE))
            return GO if bare else means
        if means == GO:
            going = True
        elif going and strange < 4:
            strange += 1
        elif word not in filling() and not word.endswith("ly"):
            return GO if going else near(word) or _named(said[index:], names)
    return GO if going else None


def _joined(said: Sequence[str]) -> str | None:
    """Give the change that is asked for beside a look ('look at the logs or restart it')."""
    pairs = zip(said, said[1:], strict=False)
    kinds = (meaning(word) for joint, word in pairs if joint in _JOINTS and not word.endswith("ed"))
    return next((one for one in kinds if one not in {None, LOOK, GO}), None)


def _last_verb(said: Sequence[str], names: Collection[str]) -> str | None:
    if "blick" in said or not _NOTHING.isdisjoint(said):
        return LOOK
    spoken = list(said)
    while spoken and spoken[-1] in _TAIL:
        spoken.pop()
    going = False
    for index in range(len(spoken) - 1, max(-1, len(spoken) - 7), -1):
        means = _meaning(spoken, index, spoken[index], in_german=True)
        if means == LOOK:
            changes = (meaning(one, german=True) for one, joint in zip(spoken, spoken[1:], strict=False) if joint in _JOINTS)
            return next((one for one in changes if one not in {None, LOOK, GO}), LOOK)
        if means == GO:
            going = True
        elif means:
            return means
        elif not going and _VERB.fullmatch(spoken[index]):
            return _named(spoken[::-1], names)
    return GO if going else (UNKNOWN if spoken else None)


def wanted(part: str, *, in_german: bool | None = None) -> str | None:
    """Say what some words that are no question are about: the first change or look in English, the last in German."""
    told = spelled(part)
    if told:
        return told
    in_german = german(part) if in_german is None else in_german
    said = words(_BELOW.split(part.lstrip(" ,"), maxsplit=1)[0])[:_FURTHER]
    found = [_meaning(said, index, one, in_german=in_german) for index, one in enumerate(said) if not _past(said, index)]
    telling = [one for one in found if one not in {None, GO}]
    return telling[-1 if in_german else 0] if telling else GO if GO in found else None


def object_of(part: str, *, in_german: bool) -> str | None:
    """Say what an approval is wanted for, of which `part` stands behind the word: a verb or a noun, and nothing before it."""
    told = spelled(part)
    if told or in_german:
        return told or wanted(part, in_german=in_german)
    means = head(part, in_german=False)
    return GO if means == UNKNOWN and _STANDS_FOR.search(" ".join(words(part)[:6])) else means


def past_form(word: str) -> bool:
    """Say whether an English word looks like a past form."""
    return word.endswith("ed") and not word.endswith("eed")


def _past(said: Sequence[str], index: int) -> bool:
    """Say whether an English word is a past form that tells what was done, as in 'the deleted table'."""
    return past_form(said[index]) and said[index - 1 : index] not in (["be"], ["being"], ["get"])


def _meaning(said: Sequence[str], index: int, word: str, *, in_german: bool) -> str | None:
    if word == "changeset" and any(stem(one) in _RUNNING for one in said[max(0, index - 6) : index + 6]):
        return "deploy"
    if word in {"changeset", "dryrun", "drift"}:
        return LOOK
    means = meaning(word, german=in_german)
    if means in {"update", "create"} and not in_german and not paper().isdisjoint(_INTO.findall(" ".join(said[index:]))):
        return LOOK
    if means not in {None, LOOK, GO, "deploy"}:
        beside = said[max(0, index - 4) : index] if in_german else said[index + 1 : index + 5]
        ends = [at for at, one in enumerate(beside) if one in _JOINTS or one in {"of", "on", "in", "from", "with", "fuer", "von"}]
        near_it = beside[ends[-1] :] if ends and in_german else beside[: ends[0]] if ends else beside
        return means if paper().isdisjoint(near_it) else LOOK
    return means


def _named(said: Sequence[str], names: Collection[str]) -> str:
    """A verb that is not known, said of something that exists ('zap billing-api'), is taken for a change."""
    known = {one.casefold() for one in names}
    return "unknown change" if said[0] not in known and not known.isdisjoint(said[1:4]) else UNKNOWN
