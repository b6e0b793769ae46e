"""The words of `words.toml`: which change something, which only look, and which say no more than 'do it'."""

from __future__ import annotations

import difflib
import functools
import importlib.resources
import re
import tomllib
from collections.abc import Mapping
from typing import TypedDict, cast

from askfirst.harness.authorization.words import VERBS, stem, words_of

LOOK = "look"
"""What looks, waits, plans, or writes for people: none of it is a change."""

GO = "go"
"""What says 'do it' and leaves open what."""

_WORD = re.compile(r"[a-z0-9][\w:./-]*")


class _Change(TypedDict):
    means: str
    english: str
    german: str


class _File(TypedDict):
    mistyped: str
    looking: str
    looking_german: str
    going: str
    going_german: str
    filling: str
    paper: str
    spellings: list[tuple[str, str]]
    two_parts: list[tuple[str, str]]
    changes: list[_Change]


@functools.cache
def _file() -> _File:
    text = importlib.resources.files(__package__ or "").joinpath("words.toml").read_text("utf-8")
    return cast("_File", tomllib.loads(text))


@functools.cache
def spellings() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Give what is written otherwise before the rules read a sentence, in order."""
    return tuple((re.compile(pattern), word) for pattern, word in _file()["spellings"])


@functools.cache
def mistyped() -> Mapping[str, str]:
    """Give the spellings of the words that requests hang on with two letters swapped or, in long ones, one left out."""
    keys = _file()["mistyped"].split()
    swapped = {one[:at] + one[at + 1] + one[at] + one[at + 2 :]: one for one in keys for at in range(len(one) - 1)}
    left_out = {one[:at] + one[at + 1 :]: one for one in keys if len(one) > 4 for at in range(1, len(one))}
    return {**left_out, **swapped, **{one: one for one in keys}}


@functools.cache
def filling() -> frozenset[str]:
    """Give the words that may stand between 'shall I' and its verb."""
    return words_of(_file()["filling"])


@functools.cache
def paper() -> frozenset[str]:
    """Give what is made for people to read, or only looks."""
    return words_of(_file()["paper"])


@functools.cache
def _english() -> Mapping[str, str]:
    file = _file()
    found = {one: one for one in VERBS}  # the verbs of operations, as requests use them
    found |= {stem(word): change["means"] for change in file["changes"] for word in change["english"].split()}
    return (
        found | {stem(one): LOOK for one in file["looking"].split()} | {stem(one): GO for one in file["going"].split()}
    )


@functools.cache
def _german() -> tuple[re.Pattern[str], tuple[str, ...]]:
    file = _file()
    groups = [(one["means"], one["german"]) for one in file["changes"]]
    groups += [(LOOK, file["looking_german"]), (GO, file["going_german"])]
    parts = [f"({'|'.join(german.split())})" for _, german in groups]
    return re.compile("|".join(parts)), tuple(means for means, _ in groups)


@functools.cache
def _two_parts() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), word) for pattern, word in _file()["two_parts"])


def words(sentence: str) -> list[str]:
    """Give the words of a sentence in plain spelling, German verbs in two parts as one."""
    for pattern, word in _two_parts():
        sentence = pattern.sub(word, sentence)
    return [one.rstrip(".:/-") for one in _WORD.findall(sentence)]


@functools.lru_cache(maxsize=4096)
def meaning(word: str, *, german: bool = False) -> str | None:
    """Say what a word means: LOOK, GO, the change it names, or None if it is no verb we know."""
    pattern, means = _german()
    found = pattern.search(word)
    in_german = means[(found.lastindex or 1) - 1] if found else None
    short = stem(word)
    in_english = _english().get(short) or _english().get(short + short[-1:])  # 'adding' has one letter less than 'add'
    return (in_german or in_english) if german else (in_english or in_german)


@functools.lru_cache(maxsize=4096)
def near(word: str) -> str | None:
    """Say what a mistyped verb probably means."""
    close = difflib.get_close_matches(stem(word), _english(), n=1, cutoff=0.83) if 4 < len(word) < 20 else []
    return _english()[close[0]] if close else None
