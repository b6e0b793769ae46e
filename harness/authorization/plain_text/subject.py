"""What a sentence that asks is about: what stands behind the asking, or else before it, or around it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from askfirst.harness.authorization.plain_text.content import UNKNOWN, changes, german, wanted
from askfirst.harness.authorization.plain_text.finding import Found
from askfirst.harness.authorization.plain_text.heads import head, object_of
from askfirst.harness.authorization.plain_text.table import Part
from askfirst.harness.authorization.plain_text.vocabulary import GO, LOOK

_LEADING = re.compile(
    r"^\W*(?:(?:before|if|whether|that|for|to|on|of|and|when|dass|ob|wenn|falls|bevor|damit)\b\W*)?(?:(?:i|we|you|ich|wir)\b\W*)?"
    r"(?:(?:may|should|shall|can|could|want|will|would like|am allowed to|have)\b\W*)?(?:(?:me|to)\b\W*)*"
    r"(?:from (?:the |your |an? )?\w+\W*)?"
)
_WHETHER = re.compile(
    r"\b(?:if|whether|before|that|when|so) (?:i|we)\b|\byou (?:want|would like|wish) me to\b"
    r"|\b(?:dass|ob|wenn|bevor) (?:ich|wir)\b"
)
_OR_SHALL = re.compile(r"\b(?:or|and|oder|und) (?:should|shall|may|can|soll|darf) (?:i|we|ich|wir)\b")


def subject(sentence: str, found: Found, names: Collection[str]) -> str | None:
    """Say what a sentence that asks is about: what stands behind the asking, or else before it, or around it."""
    in_german = found.in_german or german(sentence)
    behind, before = sentence[found.end :], sentence[: found.start].strip(" ,:;-")
    if found.rule.part is Part.MAY_ASK:
        return _first([wanted(part, in_german=in_german) for part in (behind, before, sentence) if part])
    question = found.rule.name == "asks whether it may"
    parts = [behind, *(behind[one.end() :] for one in (_OR_SHALL if question else _WHETHER).finditer(behind))]
    if question:
        told = [
            head(_LEADING.sub("", part, count=1), names=names, in_german=in_german)
            for part in parts
            if part.strip(" ?.!")
        ]
    else:
        parts += behind.split(": ")[1:]
        told = [object_of(_LEADING.sub("", part, count=1), in_german=in_german) for part in parts if part.strip(" ?.!")]
    if _first(told) == UNKNOWN and found.rule.name in {"asks whether it may", "asks for approval"}:
        return UNKNOWN
    open_still = _first(told) in {None, GO} or (not question and _first(told) == UNKNOWN)
    told.append(wanted(before, in_german=in_german) if before and open_still else None)
    told.append(
        wanted(sentence, in_german=True) if found.in_german and found.rule.name != "asks whether it may" else None
    )
    if found.rule.name in {"waits for approval", "wants to be told", "only on a yes"} and _first(told) in {
        None,
        UNKNOWN,
        GO,
    }:
        around = wanted(sentence, in_german=in_german)
        told.append(None if around == LOOK else around)
    return _first(told)


def _first(told: Sequence[str | None]) -> str | None:
    """Give the first that says more than 'do it'."""
    best = next(filter(changes, told), None)
    return best or next((one for one in (LOOK, UNKNOWN, GO) if one in told), None)
