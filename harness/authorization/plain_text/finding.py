"""Which rule a sentence fits, and whether it ends what was asked before it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askfirst.harness.authorization.plain_text import table
from askfirst.harness.authorization.plain_text.content import german, wanted
from askfirst.harness.authorization.plain_text.splitting import Said
from askfirst.harness.authorization.plain_text.table import Part, Rule
from askfirst.harness.authorization.plain_text.telling import deeds, ordered
from askfirst.harness.authorization.plain_text.vocabulary import LOOK, meaning, words

_CONDITION = re.compile(
    r"\b(?:if|once|when|after|as soon as|until|then|wait|waiting|without|not|unless|only"
    r"|wenn|sobald|erst|falls|bis|nichts?|warte|dann|ohne)\b"
)
_STARTS = re.compile(
    r"^ich (?:beginne|fange|starte|mache)\b.{0,20}\b(?:schon|jetzt|damit|mal)\b"
    r"|^i (?:am|will) (?:already )?(?:start|begin)(?:ning|ing)?\b.{0,20}$"
)
_NO_QUESTION = re.compile(r"^(?:proceed|go ahead|continue)\b|, (?:i|we|it|then|restart|disable) |\bplease\b")
_ANNOUNCES = re.compile(
    r"^(?:(?:so|then|ok|and),? )*(?:please|you|i am(?: now)? \w+ing|i will|\w+ing\b|going to"
    r"|bitte|sie|du|ich (?!will|wuerde|moechte)\w+e)\b"
)
_ASKS_WHAT = re.compile(
    r"(?:(?:and|but|so|und|aber),? )?(?:who|why|how|where|which|wer|warum|wieso|weshalb|wo|wie|welche\w*)\b"
)
_WITHOUT_MARK = re.compile(r"[\[(]|y/n|^\W*(?:may|shall|should|can|soll|darf|yes|ja|ready)\b")


@dataclass(frozen=True, slots=True)
class Found:
    """What a sentence was found to be."""

    rule: Rule
    start: int
    end: int
    in_german: bool


def find(said: Said) -> Found | None:
    """Find the first rule that a sentence fits."""
    if said.code:
        return None
    for rule in table.tried():
        match = rule.match(said.plain)
        if match and _fits(said, rule, match[0]):
            return Found(rule, match[0].start(), match[0].end(), match[1])
    infinitive = meaning(words(said.plain)[-1], german=True) if ordered(said) else None
    return Found(table.named("asks in short"), 0, 0, bool(infinitive) or german(said.plain)) if ordered(said) else None


def _fits(said: Said, rule: Rule, match: re.Match[str]) -> bool:
    """Say whether a sentence that looks so fits a rule: only a question asks whether it may, and a question is no answer."""
    if rule.name == "answers itself" and said.item:  # '1. Yes' is an answer to choose
        return False
    if (rule.part is Part.ENDS and rule.name != "silence is no consent") or rule.name == "if it should happen":
        return not said.question
    if rule.name == "asks whether it may" and _ASKS_WHAT.match(said.plain):
        return said.plain[: match.start()].rstrip()[-1:] in {",", ":", ";", "-"}  # 'What I would do is this: may I?'
    if rule.name == "asks whether it may" and not said.question:
        return match.start() == 0 and _NO_QUESTION.search(said.plain) is None
    if rule.name == "asks in short" and match.start() and _ANNOUNCES.search(said.plain):  # 'I am restarting it, ok?'
        return False
    if rule.name == "asks in short" and not said.question:
        return _WITHOUT_MARK.search(match[0]) is not None
    return rule.name not in {"waits for approval", "only on a yes"} or not deeds(said)


def ends(said: Said, found: Found | None) -> str | None:
    """Give the rule by which a sentence ends what was asked before it, if it does."""
    if deeds(said):
        return "acts without an answer"
    if found and found.rule.part is Part.ENDS:
        acts = found.rule.name == "acts without an answer"
        rest = said.plain[found.start :] if found.in_german else said.plain
        if (
            not acts
            or _STARTS.search(said.plain)
            or (not _CONDITION.search(said.plain) and wanted(rest) not in {None, LOOK})
        ):
            return found.rule.name
    first, *others = words(said.plain) or [""]
    if first.endswith("ing") and "now" in others and meaning(first) not in {None, LOOK}:
        return "acts without an answer"
    return None
