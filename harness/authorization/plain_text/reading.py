"""Whether a text that ended a turn asks for authorization of a change, by the published rules."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from askfirst.harness.authorization.plain_text import table
from askfirst.harness.authorization.plain_text.answers import Asking, Asks
from askfirst.harness.authorization.plain_text.content import UNKNOWN, changes
from askfirst.harness.authorization.plain_text.finding import Found, ends, find
from askfirst.harness.authorization.plain_text.splitting import Said, split
from askfirst.harness.authorization.plain_text.subject import subject
from askfirst.harness.authorization.plain_text.table import Part
from askfirst.harness.authorization.plain_text.telling import deeds, proposed
from askfirst.harness.authorization.plain_text.vocabulary import GO, LOOK, meaning, words

TOO_EARLY = 15
"""A request with more sentences than this behind it does not end the turn."""

_MORE = re.compile(
    r"\b(?:also|as well|too|another|other|next|remaining|second|again|auch|noch|weitere\w*|erneut|wieder|naechste\w*)\b"
)
_NAME = re.compile(r"\b(?=[a-z0-9-]*[a-z])[a-z0-9]+(?:[-_][a-z0-9]+)+\b|\b[a-z]+\d+\b")
_GOES_ON = re.compile(
    r"\b(?:proceed|continue|go (?:on|ahead)|going|carry on|next|move on|weiter\w*|fortfahr\w*|fortsetz\w*)\b"
)
_JUDGES = re.compile(
    r"\b(?:ok|fine|acceptable|right|approve\w*|agree|confirm|sign off|einverstanden|in ordnung|bestaetig\w*|genehmig\w*)\b"
)
_RUNS = re.compile(r"\b(?:execut\w*|run|appl[yi]\w*|(?:aus|durch)(?:zu)?fuehr\w*)\b")
_HOW = re.compile(r"\bhow\b.{0,30}\b(?:proceed|continue)\b|\bwie\b.{0,30}\b(?:vorgehen|fortfahren|weiter\w*)\b")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What comes of one sentence."""

    rule: str
    answer: Asks
    index: int


def asks(text: str, names: Collection[str] = ()) -> Asking:
    """Say whether a text that ended a turn asks for authorization of a change. `names` are what exists in the account."""
    said = split(text)
    found = [find(one) for one in said]
    standing: list[_Outcome] = []
    for index, one in enumerate(said):
        ended = ends(one, found[index])
        if ended:
            standing = [_Outcome(ended, Asks.NO, index)] if standing else []
        current = found[index]
        if current and current.rule.part in {Part.ASKS, Part.MAY_ASK} and not ended:
            standing.append(_outcome(index, said, current, names))
    late = [_timely(one, len(said)) for one in standing]
    for answer in (Asks.YES, Asks.UNCLEAR, Asks.NO):
        for outcome in reversed(late):
            if outcome.answer is answer:
                return Asking(answer, table.named(outcome.rule).because, said[outcome.index].words)
    telling = [(rule.rule, one) for rule, one in zip(found, said, strict=True) if rule and rule.rule.answer is Asks.NO]
    rule, words_said = (telling[-1][0], telling[-1][1].words) if telling else (table.named("nothing asks"), "")
    return Asking(Asks.NO, rule.because, words_said)


def _timely(outcome: _Outcome, sentences: int) -> _Outcome:
    early = outcome.answer is Asks.YES and sentences - outcome.index > TOO_EARLY
    return _Outcome("asked too early", Asks.UNCLEAR, outcome.index) if early else outcome


def _outcome(index: int, said: Sequence[Said], found: Found, names: Collection[str]) -> _Outcome:
    """Say what comes of a sentence that asks, or may."""
    means = subject(said[index].plain, found, names)
    if found.rule.part is Part.MAY_ASK:
        told = (means, _around(index, said), _mentioned([*said[:index][-4:], said[index]]))
        if found.rule.name == "offers":
            told = (means, None, _mentioned([said[index]]))
        looks = means == LOOK and found.rule.name == "asks which, when or how much"
        around = LOOK if looks else next(filter(changes, told), means)
        unclear = changes(around) or _HOW.search(said[index].plain) is not None
        rule = "may be meant as a request" if unclear else "asks for a look" if around == LOOK else "nothing asks"
        return _Outcome(rule, Asks.UNCLEAR if unclear else Asks.NO, index)
    if means == LOOK:
        return _Outcome("asks for a look", Asks.NO, index)
    if means == UNKNOWN:
        return _Outcome("asks for what is not said", Asks.UNCLEAR, index)
    if means in {None, GO}:
        return _open(index, said)
    done = _done(index, said, means or "", said[index].plain)
    return (
        _Outcome("asks for what was done", Asks.NO, index) if done else _Outcome("asks for a change", Asks.YES, index)
    )


def _open(index: int, said: Sequence[Said]) -> _Outcome:
    """Say what comes of a request that leaves open what it is for."""
    sentence = said[index].plain
    if _RUNS.search(sentence) and any("changeset" in one.plain for one in said[:index]):
        return _Outcome("asks for the change it proposed", Asks.YES, index)
    means = _around(index, said)
    if means == GO:
        after = _JUDGES.search(sentence) and not _GOES_ON.search(sentence)
        name = "asks for what was done" if after else "goes on after a change"
        return _Outcome(name, Asks.NO if after else Asks.UNCLEAR, index)
    if means == LOOK:
        return _Outcome("asks for a look", Asks.NO, index)
    if means:
        return _Outcome("asks for the change it proposed", Asks.YES, index)
    return _Outcome("asks for what is not said", Asks.UNCLEAR, index)


def _mentioned(said: Sequence[Said]) -> str | None:
    """Give a change that some sentences speak of, in whatever way."""
    spoken = (meaning(word) for one in said for word in words(one.plain))
    return next(filter(changes, spoken), None)


def _around(index: int, said: Sequence[Said]) -> str | None:
    """Say what is proposed nearest before a sentence, else behind it; GO where a change was made in between."""
    for one in reversed(said[:index]):
        if deeds(one):
            return GO
        means = proposed(one)
        if means:
            return means
    behind = (proposed(one) for one in said[index + 1 :])
    return next((means for means in behind if means), None)


def _done(index: int, said: Sequence[Said], change: str, sentence: str) -> bool:
    """Say whether the change that is asked for was made before, on the same thing."""
    asked = set(_NAME.findall(sentence))
    for one in said[: index + 1]:
        named = set(_NAME.findall(one.plain))
        same = not asked or not named or not asked.isdisjoint(named)
        if change in deeds(one) and same and not _MORE.search(sentence):
            return True
    return False
