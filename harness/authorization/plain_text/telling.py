"""What the sentences around a request tell: which changes were made already, and which are proposed."""

from __future__ import annotations

import re

from askfirst.harness.authorization.plain_text import table
from askfirst.harness.authorization.plain_text.content import changes, german, past_form, wanted
from askfirst.harness.authorization.plain_text.spelled import spelled
from askfirst.harness.authorization.plain_text.splitting import Said
from askfirst.harness.authorization.plain_text.vocabulary import GO, LOOK, meaning, words
from askfirst.harness.authorization.words import words_of

_BEFORE_A_DEED = words_of("""
    i we have had already just now also then since and recently even successfully therefore accidentally finally ahead
    immediately manually safely
    """)
_FINITE = words_of("""
    sie du ihr man nicht sollte sollten koennte koennten wuerde wuerden wer was wie warum wann wo wurde wurden hat haben kann
    koennen soll sollen muss muessen wird werden darf duerfen ist sind
    """)
_SUPPOSING = words_of("am do did was if when whether should had could would may shall can")
_IRREGULAR = words_of("put set reset shut cut undid rebuilt overwrote took ran")
_NEVER = words_of("not never no nothing none without nicht nichts nie kein keine keinen")
_PARTICIPLE = re.compile(
    r"(?:(?:ab|an|auf|aus|ein|fort|neu|zurueck|wieder\w*|hinzu|um|weg|durch)?ge\w+(?:t|en)|\w*(?:ent|er|be|ver|ueber|zer)\w+t|\w+iert)"
)
_ORDERS = words_of("run execute call perform proceed continue")
_WITH_YOU = re.compile(r"\b(?:check|confirm|ask|discuss)(?:ing)? (?:this |it |first )?(?:with )?you\b")
_AFTER = words_of("here before short at because on so since there for hier vor")
_STARTS_WITH = words_of("the a an all both it them these those two three its and or to")


def deeds(said: Said) -> frozenset[str]:
    """Name the changes a sentence says its writer made."""
    if said.code:
        return frozenset()
    if german(said.plain):
        return _german_deeds(said.plain)
    found: set[str] = set()
    spoken = words(said.plain)[:200]
    own = False
    for index, word in enumerate(spoken):
        before = spoken[index - 1] if index else ""
        own = own or (word in {"i", "we"} and before not in _SUPPOSING)
        past = past_form(word) or word in _IRREGULAR
        follows = before in _BEFORE_A_DEED and own
        first = not index and past_form(word) and len(spoken) > 1
        means = meaning(word) if past and (follows or first) else None
        if means == GO:  # 'continued the rollback'
            means = next(filter(changes, map(meaning, spoken[index + 1 : index + 4])), GO)
        stays = word == "stopped" and not _AFTER.isdisjoint(spoken[index + 1 : index + 2] or ["here"])
        if changes(means) and not stays and _NEVER.isdisjoint(spoken[max(0, index - 3) : index]):
            found.add(means or "")
    return frozenset(found)


def _german_deeds(sentence: str) -> frozenset[str]:
    if not re.search(r"\bich (?:\w+ ){0,2}?hab(?:e)?\b|\bhab(?:e)? ich\b", sentence):
        return frozenset()
    spoken = words(sentence)[:200]
    found = {meaning(one, german=True) for one in spoken if _PARTICIPLE.fullmatch(one)}
    return frozenset(one for one in found if one and changes(one) and _NEVER.isdisjoint(spoken))


def happened(said: Said) -> bool:
    """Say whether a sentence tells of a change that was made, by whomever."""
    if deeds(said):
        return True
    if german(said.plain):
        auxiliary = re.search(r"\b(?:wurden?|ist|sind|war|waren)\b", said.plain)
        return (
            bool(auxiliary)
            and " werden " not in said.plain
            and any(_PARTICIPLE.fullmatch(one) and _changes(one) for one in words(said.plain)[-3:])
        )
    spoken = words(said.plain)[:200]
    passive = {"was", "were", "been"}
    return any(
        past_form(one) and _changes(one) and not passive.isdisjoint(spoken[max(0, index - 2) : index])
        for index, one in enumerate(spoken)
    )


def _changes(word: str) -> bool:
    return changes(meaning(word))


def ordered(said: Said) -> str | None:
    """Say what a question in the form of an order asks for ('Delete the stack?', 'Stack loeschen?'); None if it is none."""
    told = _ordered(
        re.sub(r"^(?:(?:so|then|ok|next|now|also),? )+", "", said.plain), listed=False, in_german=german(said.plain)
    )
    return None if told == LOOK or not said.question else told


def proposed(said: Said) -> str | None:
    """Say what a sentence proposes: a change, LOOK, or None for nothing."""
    told = spelled(said.plain)
    if said.code or told:
        return told or _told(wanted(said.plain))
    if happened(said):
        return None
    in_german = german(said.plain)
    for found in table.named("proposes a change").every(said.plain, in_german=in_german):
        if _NEVER.isdisjoint(words(said.plain[found.start() : found.end() + 12])):
            told = _told(wanted(_WITH_YOU.sub("", said.plain[found.end() :]), in_german=in_german))
            if told:
                return told
    label, colon, rest = said.plain.rpartition(": ")
    labelled = bool(colon) and len(label) < 40
    part = re.sub(r"^(?:(?:so|then|ok|next|now|first|finally),? )+", "", rest if labelled else said.plain)
    return _ordered(part, listed=labelled or said.item, in_german=in_german)


def _ordered(part: str, *, listed: bool, in_german: bool) -> str | None:
    """Read a line that says what to do as a list of steps does: 'attach the policy again', 'Policy wieder anhaengen'."""
    spoken = words(part)
    if not spoken:
        return None
    means = wanted(part, in_german=in_german)
    last, first = meaning(spoken[-1], german=True), spoken[0]
    if last and (spoken[-1].endswith("n") or len(spoken) == 1) and _FINITE.isdisjoint(spoken):
        return _told(means)
    orders = changes(meaning(first)) or first in _ORDERS or (listed and meaning(first))
    if past_form(first) or (first.endswith("ing") and not listed) or not orders:
        return None
    return _told(means) if listed or (len(spoken) > 1 and (spoken[1] in _STARTS_WITH or "-" in spoken[1])) else None


def _told(means: str | None) -> str | None:
    return None if means == GO else means
