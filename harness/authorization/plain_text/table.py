"""The published rules of `rules.toml`, in the order in which they are tried on a sentence."""

from __future__ import annotations

import enum
import functools
import importlib.resources
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict, cast

from askfirst.harness.authorization.plain_text.answers import Asks


class Part(enum.Enum):
    """What a sentence that fits a rule does in the whole text."""

    ASKS = "asks"
    MAY_ASK = "may ask"
    ENDS = "ends the asking"
    SAYS = "asks nothing"
    PROPOSES = "proposes"
    WHOLE = "is about the whole text"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it says, and what a sentence looks like that fits it, in English and in German."""

    name: str
    says: str
    part: Part
    answer: Asks | None
    english: tuple[str, ...]
    german: tuple[str, ...]

    @property
    def languages(self) -> str:
        """The languages it is for."""
        return "en" if self.english and not self.german else "de" if self.german and not self.english else "en, de"

    @property
    def because(self) -> str:
        """What is given as the reason."""
        return f"{self.name}: {self.says}"

    def match(self, sentence: str) -> tuple[re.Match[str], bool] | None:
        """Find where a sentence fits, and whether in German."""
        for in_german in (False, True):
            found = self.search(sentence, in_german=in_german)
            if found:
                return found, in_german
        return None

    def search(self, sentence: str, *, in_german: bool) -> re.Match[str] | None:
        """Find where a sentence fits in one of the languages."""
        patterns = self.german if in_german else self.english
        return _compiled(patterns).search(sentence) if patterns else None

    def every(self, sentence: str, *, in_german: bool) -> Iterator[re.Match[str]]:
        """Find everywhere a sentence fits in one of the languages."""
        patterns = self.german if in_german else self.english
        return _compiled(patterns).finditer(sentence) if patterns else iter(())


class _Entry(TypedDict):
    name: str
    says: str
    part: str
    answer: NotRequired[str]
    english: NotRequired[list[str]]
    german: NotRequired[list[str]]


class _File(TypedDict):
    pieces: dict[str, str]
    rule: list[_Entry]


@functools.cache
def rules() -> tuple[Rule, ...]:
    """Give every rule, in the order in which they are tried."""
    text = importlib.resources.files(__package__ or "").joinpath("rules.toml").read_text("utf-8")
    file = cast("_File", tomllib.loads(text))
    return tuple(_rule(one, file["pieces"]) for one in file["rule"])


@functools.cache
def tried() -> tuple[Rule, ...]:
    """Give the rules that say what a sentence is."""
    return tuple(one for one in rules() if (one.english or one.german) and one.part is not Part.PROPOSES)


def named(name: str) -> Rule:
    """Find a rule by its name."""
    return next(one for one in rules() if one.name == name)


def _rule(entry: _Entry, pieces: Mapping[str, str]) -> Rule:
    answer = entry.get("answer")
    english, german = (
        tuple(_whole(one, pieces) for one in patterns)
        for patterns in (entry.get("english", []), entry.get("german", []))
    )
    return Rule(entry["name"], entry["says"], Part(entry["part"]), Asks(answer) if answer else None, english, german)


def _whole(pattern: str, pieces: Mapping[str, str]) -> str:
    """Put the pieces in where a pattern names them."""
    return re.sub(r"<([a-z-]+)>", lambda name: pieces[name[1]] if name[1] in pieces else name[0], pattern)


@functools.lru_cache(maxsize=256)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns))
