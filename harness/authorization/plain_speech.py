"""What the words of a request say about destruction, in English and German: that it is meant, or that it is ruled out.

Read strictly: a word of taking away counts as open speech wherever it stands and is not negated, even as the reason or
the story; a claim that nothing goes counts only if it is said of everything and without condition; a deed counts as what
is asked for only if the request begins with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from askfirst.harness.authorization.plain_words import (
    BEHIND,
    CONDITION,
    GERMAN_PURPOSE,
    GERMAN_WISH,
    LEAD,
    MILD,
    MILD_GERMAN,
    MILD_NOUNS,
    NEGATORS,
    NO_DATA_GOES,
    NOT_TAKING,
    NOTHING_GOES,
    OBJECT,
    ONLY_LOOKS,
    SMALL,
    STATE,
    TAKING,
    TAKING_PHRASES,
    WINDOW,
    WISH,
)


@dataclass(frozen=True, slots=True)
class Speech:
    """What words say: `taking` openly that something goes, the three claims that it does not, `mild` the deed asked for.

    `about` are the words that follow the deed: what it is to be done to.
    """

    taking: bool
    nothing_goes: bool
    no_data_goes: bool
    only_looks: bool
    mild: str = ""
    about: frozenset[str] = frozenset()


def speech(texts: Sequence[str]) -> Speech:
    """Read the words of a request: those that say what is to be done, and why."""
    sentences = [one for text in texts for one in _sentences(text)]
    claims = [one for one in sentences if not CONDITION.search(one)]
    firsts = [next(_sentences(text), "") for text in texts]
    deed, about = next((told for one in firsts if (told := _deed(one))[0]), ("", ()))
    return Speech(
        taking=any(map(_takes, sentences)),
        nothing_goes=any(NOTHING_GOES.search(one) for one in claims),
        no_data_goes=any(NO_DATA_GOES.search(one) for one in claims),
        only_looks=any(ONLY_LOOKS.search(one) for one in claims),
        mild=deed,
        about=frozenset(one.removesuffix("'s") for one in about),
    )


def _sentences(text: str) -> Iterator[str]:
    plain = " ".join(text.lower().replace("\u2019", "'").replace("n't", " n't").split(" "))
    for one in re.split(r"[.!?;\n]+(?:\s|$)|\n", plain):
        if one.strip():
            yield " ".join(one.split())


def _words(sentence: str) -> list[str]:
    return re.findall(r"n't|[^\W_][\w'-]*|[,:]", sentence)


def _takes(sentence: str) -> bool:
    """Tell whether a sentence says openly that something is taken away."""
    if TAKING_PHRASES.search(sentence) and not _negated(_words(sentence), len(_words(sentence))):
        return True
    words = _words(sentence)
    return any(
        one.startswith(TAKING) and not one.startswith(NOT_TAKING) and not _negated(words, index)
        for index, one in enumerate(words)
    )


def _negated(words: Sequence[str], index: int) -> bool:
    """Tell whether the word at a place is negated: once before it or right behind it, not twice."""
    before = 0
    for one in reversed(words[max(0, index - WINDOW) : index]):
        if one in {",", ":"}:
            break
        before += one in NEGATORS or one == "n't"
    behind = any(one in BEHIND for one in words[index + 1 : index + 3])
    return before == 1 or (before == 0 and behind)


Deed = tuple[str, Sequence[str]]
"""A deed in the form of an order, and the words that say to what; '' for none."""

NO_DEED: Deed = ("", ())


def _deed(sentence: str) -> Deed:
    """Give the harmless deed a sentence asks for, if it begins with one."""
    words = _words(re.sub(r"\b(?:have|take) an? (?:\w+ )?look\b", "look", sentence))
    skipped = next((index for index, one in enumerate(words) if one not in LEAD), len(words))
    rest = _clause(words, skipped)
    if len(rest) > 1 and STATE.isdisjoint(rest):
        verb = _base(rest[0])
        wished = not WISH.isdisjoint(words[:skipped])
        if verb in MILD and (wished or rest[1] in OBJECT):
            return verb, rest[1:]
        if wished and rest[0] in MILD_NOUNS and rest[1] == "of":
            return rest[0], rest[1:]
    small = _small_deed(_clause(words, 0))
    return small if small[0] else _german_deed(sentence, words)


def _clause(words: Sequence[str], start: int) -> Sequence[str]:
    """Give the words from a place up to the next comma or colon."""
    return words[start : next((index for index in range(start, len(words)) if words[index] in {",", ":"}), len(words))]


def _base(word: str) -> str:
    """Bring '-ing' to the form of an order: 'updating' to 'update', 'running' to 'run'."""
    stem = word.removesuffix("ing")
    forms = (word, stem, f"{stem}e", stem[:-1]) if stem != word else (word,)
    return next((one for one in forms if one in MILD), word)


def _small_deed(clause: Sequence[str]) -> Deed:
    """Give the deed that is called a small one: 'just a quick restart', 'a minor change of the settings'."""
    for index, one in enumerate(clause[: 2 * WINDOW]):
        if one in MILD_NOUNS:
            small = not SMALL.isdisjoint(clause[:index]) and STATE.isdisjoint(clause[: index + 3])
            return (one, clause[index + 1 :]) if small else NO_DEED
    return NO_DEED


def _german_deed(sentence: str, words: Sequence[str]) -> Deed:
    """Give the deed of a German wish ('ich möchte den Dienst neu starten'), or of one said as shortly as an order."""
    plain = [one for one in words if one not in {",", ":"}]
    wished = GERMAN_WISH.match(sentence) or plain[:1] == ["bitte"] or len(plain) <= WINDOW
    if not wished or not GERMAN_PURPOSE.isdisjoint(plain):
        return NO_DEED
    last = " ".join(plain[-2:])
    told = last == "neu starten" or (bool(plain) and plain[-1].startswith(MILD_GERMAN))
    return (last, plain) if told else NO_DEED
