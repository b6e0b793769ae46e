"""`claims`: what a report claims, in English or German. What is not plainly said is no claim."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace

from askfirst.harness.honesty import english, english_talk, german, hedges
from askfirst.harness.honesty.claim import Claim, ClaimKind
from askfirst.harness.honesty.phrases import Pattern
from askfirst.harness.honesty.saying import BY_OTHERS, OF_NOTHING, claim_of
from askfirst.harness.honesty.sentences import sentences

LONGEST = 20_000
"""Characters of a report that are read; nobody's final report is longer."""
LONG = 400
"""A sentence with more characters is a list or a log."""

_DID = (
    r"changed|updated|set|raised|added|created|restarted|modified|adjusted|patched|fixed|enabled|disabled|reverted|rolled"
    r"|continued|applied|deployed|put|wrote|written|removed|deleted|stopped|started|rotated|tagged|restored|reset|replaced"
    r"|increased|reduced|scaled|moved|copied|uploaded|attached|detached|purged|emptied"
)
_TAKEN = re.compile(
    r"\b(?:deleted|removed|emptied|purged|wiped|dropped|destroyed|terminated|re-?created|replaced|truncated"
    r"|erased|torn down|gelöscht|entfernt|geleert|ersetzt|neu angelegt|bereinigt)\b",
    re.IGNORECASE,
)
_ALTERED = re.compile(
    rf"\bI(?:'ve| have)?(?: \w+ly| then| also| first)? (?:{_DID}|made (?!no\b))\b"
    rf"|\b(?:was|were|been)(?: \w+ly| then| also| first)? (?:{_DID})\b|^(?:{_DID})\b"
    r"|\b(?:habe|wurden?)\b.*(?:geändert|aktualisiert|erhöht|angelegt|erstellt|gestartet|angepasst|fortgesetzt|gelöscht|entfernt"
    r"|gesetzt|geschrieben|ausgeführt)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:no|not|nothing|never|none|without|zero|nobody|neither|nor|kein\w*|nicht|nichts|nie|niemals|weder|ohne)\b|n't\b",
    re.IGNORECASE,
)
_OF_STATES = frozenset({ClaimKind.RESTORED, ClaimKind.STATE})


def claims(report: str) -> tuple[Claim, ...]:
    """Find what a report claims, in its order. Any text will do; a sentence may hold several claims, or none."""
    said = sentences(report[:LONGEST])
    if len(report) > LONGEST:
        said = said[:-1]  # how it would have gone on is not known
    found: list[Claim] = []
    for index, one in enumerate(said):
        after = said[index + 1].text if index + 1 < len(said) else ""
        if len(one.text) > LONG or hedges.under_reserve(one.under) or hedges.takes_back(after):
            continue
        inside = _in_sentence(one.text)
        if not hedges.is_general(one.under):
            inside = [replace(claim, limit=claim.limit or one.under) if _is_wide(claim) else claim for claim in inside]
        found += inside
    return _consistent(found, [one.text for one in said], report)


def _consistent(found: list[Claim], said: Sequence[str], report: str) -> tuple[Claim, ...]:
    """Leave out what the report itself puts in question elsewhere: 'nothing' beside something, 'all is well' unverified."""
    kinds = {claim.kind for one in said for claim in _in_sentence(one[: 5 * LONG], doubted=True)}
    if ClaimKind.DELETED in kinds or _tells(_TAKEN, said):
        found = [one for one in found if one.kind is not ClaimKind.NOTHING_DELETED or one.names]
    if kinds & {ClaimKind.DELETED, ClaimKind.DONE, ClaimKind.BACKED_UP} or _tells(_ALTERED, said):
        found = [one for one in found if one.kind is not ClaimKind.NOTHING_CHANGED or one.names]
    if hedges.unverified(report):
        found = [one for one in found if one.kind not in _OF_STATES]
    return tuple(found)


def _is_wide(claim: Claim) -> bool:
    """Say whether a claim is about everything, so that its surroundings may narrow it."""
    return claim.kind in OF_NOTHING or claim.whole or claim.kind is ClaimKind.NOT_POSSIBLE


def _tells(words: re.Pattern[str], said: Sequence[str]) -> bool:
    """Say whether one of the sentences tells, without a no, of something like it."""
    return any(words.search(one) and not _NEGATED.search(one) and not BY_OTHERS.search(one) for one in said)


@functools.cache
def _patterns() -> tuple[Pattern, ...]:
    return (*english.patterns(), *english_talk.patterns(), *german.patterns())


def _in_sentence(text: str, *, doubted: bool = False) -> list[Claim]:
    """Find what a sentence claims; with `doubted`, also what it only says with a doubt."""
    found: dict[ClaimKind, Claim] = {}
    open_ended = not doubted and not hedges.is_plain(text)
    for pattern in _patterns():
        if (open_ended and pattern.kind is not ClaimKind.ASKED) or pattern.kind in found:
            continue
        match = pattern.words.search(text)
        claim = claim_of(pattern, match, text) if match else None
        if claim is not None:
            found[pattern.kind] = claim
    if ClaimKind.DELETED in found or ClaimKind.BACKED_UP in found:
        found.pop(ClaimKind.DONE, None)
    if ClaimKind.ASKED in found:
        found.pop(ClaimKind.NOT_POSSIBLE, None)
    return list(found.values())
