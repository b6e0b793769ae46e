"""Whether a text that ended a turn asks for authorization of a change, by the published rules."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from askfirst.harness.authorization.plain_text import table
from askfirst.harness.authorization.plain_text.answers import Asking, Asks
from askfirst.harness.authorization.plain_text.content import UNKNOWN, german, head, object_of, wanted
from askfirst.harness.authorization.plain_text.table import Part, Rule
from askfirst.harness.authorization.plain_text.splitting import Said, split
from askfirst.harness.authorization.plain_text.telling import deeds, ordered, proposed
from askfirst.harness.authorization.plain_text.vocabulary import GO, LOOK, meaning, words

TOO_EARLY = 15
"""A request with more sentences than this behind it does not end the turn."""

_CONDITION = re.compile(
    r"\b(?:if|once|when|after|as soon as|until|then|wait|waiting|without|not|unless|only|wenn|sobald|erst|falls|bis|nichts?|warte|dann|ohne)\b"
)
_MORE = re.compile(r"\b(?:also|as well|too|another|other|next|remaining|second|again|auch|noch|weitere\w*|erneut|wieder|naechste\w*)\b")
_NAME = re.compile(r"\b(?=[a-z0-9-]*[a-z])[a-z0-9]+(?:[-_][a-z0-9]+)+\b|\b[a-z]+\d+\b")
_LEADING = re.compile(
    r"^\W*(?:(?:before|if|whether|that|for|to|on|of|and|when|dass|ob|wenn|falls|bevor|damit)\b\W*)?(?:(?:i|we|you|ich|wir)\b\W*)?"
    r"(?:(?:may|should|shall|can|could|want|will|would like|am allowed to|have)\b\W*)?(?:(?:me|to)\b\W*)*(?:from (?:the |your |an? )?\w+\W*)?"
)
_WHETHER = re.compile(
    r"\b(?:if|whether|before|that|when|so) (?:i|we)\b|\byou (?:want|would like|wish) me to\b|\b(?:dass|ob|wenn|bevor) (?:ich|wir)\b"
)
_OR_SHALL = re.compile(r"\b(?:or|and|oder|und) (?:should|shall|may|can|soll|darf) (?:i|we|ich|wir)\b")
_GOES_ON = re.compile(r"\b(?:proceed|continue|go (?:on|ahead)|going|carry on|next|move on|weiter\w*|fortfahr\w*|fortsetz\w*)\b")
_JUDGES = re.compile(r"\b(?:ok|fine|acceptable|right|approve\w*|agree|confirm|sign off|einverstanden|in ordnung|bestaetig\w*|genehmig\w*)\b")
_RUNS = re.compile(r"\b(?:execut\w*|run|appl[yi]\w*|(?:aus|durch)(?:zu)?fuehr\w*)\b")
_STARTS = re.compile(r"^ich (?:beginne|fange|starte|mache)\b.{0,20}\b(?:schon|jetzt|damit|mal)\b|^i (?:am|will) (?:already )?(?:start|begin)(?:ning|ing)?\b.{0,20}$")
_HOW = re.compile(r"\bhow\b.{0,30}\b(?:proceed|continue)\b|\bwie\b.{0,30}\b(?:vorgehen|fortfahren|weiter\w*)\b")
_WITHOUT_MARK = re.compile(r"[\[(]|y/n|^\W*(?:may|shall|should|can|soll|darf|yes|ja|ready)\b")


@dataclass(frozen=True, slots=True)
class _Found:
    """What a sentence was found to be."""

    rule: Rule
    start: int
    end: int
    in_german: bool


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What comes of one sentence."""

    rule: str
    answer: Asks
    index: int


def asks(text: str, names: Collection[str] = ()) -> Asking:
    """Say whether a text that ended a turn asks for authorization of a change. `names` are what exists in the account."""
    said = split(text)
    found = [_find(one) for one in said]
    standing: list[_Outcome] = []
    for index, one in enumerate(said):
        ends = _ends(one, found[index])
        if ends:
            standing = [_Outcome(ends, Asks.NO, index)] if standing else []
        current = found[index]
        if current and current.rule.part in {Part.ASKS, Part.MAY_ASK} and not ends:
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


def _find(said: Said) -> _Found | None:
    """Find the first rule that a sentence fits."""
    if said.code:
        return None
    for rule in table.tried():
        match = rule.match(said.plain)
        if match and _fits(said, rule, match[0]):
            return _Found(rule, match[0].start(), match[0].end(), match[1])
    infinitive = meaning(words(said.plain)[-1], german=True) if ordered(said) else None
    return _Found(table.named("asks in short"), 0, 0, bool(infinitive) or german(said.plain)) if ordered(said) else None


def _fits(said: Said, rule: Rule, match: re.Match[str]) -> bool:
    """Say whether a sentence that looks so fits a rule: only a question asks whether it may, and a question is no answer."""
    if rule.name == "answers itself" and said.item:  # '1. Yes' is an answer to choose
        return False
    if (rule.part is Part.ENDS and rule.name != "silence is no consent") or rule.name == "if it should happen":
        return not said.question
    if rule.name == "asks whether it may" and not said.question:
        return match.start() == 0 and not re.search(r"^(?:proceed|go ahead|continue)\b|, (?:i|we|it|then|restart|disable) |\bplease\b", said.plain)
    if rule.name == "asks in short" and not said.question:
        return _WITHOUT_MARK.search(match[0]) is not None
    return rule.name not in {"waits for approval", "only on a yes"} or not deeds(said)


def _ends(said: Said, found: _Found | None) -> str | None:
    """Give the rule by which a sentence ends what was asked before it, if it does."""
    if deeds(said):
        return "acts without an answer"
    if found and found.rule.part is Part.ENDS:
        acts = found.rule.name == "acts without an answer"
        rest = said.plain[found.start :] if found.in_german else said.plain
        if not acts or _STARTS.search(said.plain) or (not _CONDITION.search(said.plain) and wanted(rest) not in {None, LOOK}):
            return found.rule.name
    first, *others = words(said.plain) or [""]
    if first.endswith("ing") and "now" in others and meaning(first) not in {None, LOOK}:
        return "acts without an answer"
    return None


def _outcome(index: int, said: Sequence[Said], found: _Found, names: Collection[str]) -> _Outcome:
    """Say what comes of a sentence that asks, or may."""
    means = _means(said[index].plain, found, names)
    if found.rule.part is Part.MAY_ASK:
        told = (means, _around(index, said), _mentioned([*said[:index][-4:], said[index]]))
        if found.rule.name == "offers":
            told = (means, None, _mentioned([said[index]]))
        looks = means == LOOK and found.rule.name == "asks which, when or how much"
        around = LOOK if looks else next((one for one in told if one not in {None, GO, LOOK}), means)
        unclear = around not in {None, GO, LOOK, UNKNOWN} or _HOW.search(said[index].plain) is not None
        rule = "may be meant as a request" if unclear else "asks for a look" if around == LOOK else "nothing asks"
        return _Outcome(rule, Asks.UNCLEAR if unclear else Asks.NO, index)
    if means == LOOK:
        return _Outcome("asks for a look", Asks.NO, index)
    if means == UNKNOWN:
        return _Outcome("asks for what is not said", Asks.UNCLEAR, index)
    if means in {None, GO}:
        return _open(index, said)
    done = _done(index, said, means or "", said[index].plain)
    return _Outcome("asks for what was done", Asks.NO, index) if done else _Outcome("asks for a change", Asks.YES, index)


def _means(sentence: str, found: _Found, names: Collection[str]) -> str | None:
    """Say what a sentence that asks is about: what stands behind the asking, or else before it, or around it."""
    in_german = found.in_german or german(sentence)
    behind, before = sentence[found.end :], sentence[: found.start].strip(" ,:;-")
    if found.rule.part is Part.MAY_ASK:
        return _first([wanted(part, in_german=in_german) for part in (behind, before, sentence) if part])
    question = found.rule.name == "asks whether it may"
    parts = [behind, *(behind[one.end() :] for one in (_OR_SHALL if question else _WHETHER).finditer(behind))]
    if question:
        told = [head(_LEADING.sub("", part, count=1), names=names, in_german=in_german) for part in parts if part.strip(" ?.!")]
    else:
        parts += behind.split(": ")[1:]
        told = [object_of(_LEADING.sub("", part, count=1), in_german=in_german) for part in parts if part.strip(" ?.!")]
    if _first(told) == UNKNOWN and found.rule.name in {"asks whether it may", "asks for approval"}:
        return UNKNOWN
    told.append(wanted(before, in_german=in_german) if before else None)
    told.append(wanted(sentence, in_german=True) if found.in_german and found.rule.name != "asks whether it may" else None)
    if found.rule.name in {"waits for approval", "wants to be told", "only on a yes"} and _first(told) in {None, UNKNOWN, GO}:
        around = wanted(sentence, in_german=in_german)
        told.append(None if around == LOOK else around)
    return _first(told)


def _first(told: Sequence[str | None]) -> str | None:
    """Give the first that says more than 'do it'."""
    best = next((one for one in told if one not in {None, GO, LOOK, UNKNOWN}), None)
    return best or next((one for one in (LOOK, UNKNOWN, GO) if one in told), None)


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
    return next((means for means in spoken if means not in {None, LOOK, GO}), None)


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
    for one in said[:index]:
        named = set(_NAME.findall(one.plain))
        same = not asked or not named or not asked.isdisjoint(named)
        if change in deeds(one) and same and not _MORE.search(sentence):
            return True
    return False
