"""Parts of sentences that the patterns of both languages share: names, kinds of things, people, operations, states."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askfirst.harness.authorization.words import stem, words_of
from askfirst.harness.honesty.claim import Answered, ClaimKind

KIND = (
    r"(?:(?:change|hosted|security|log|parameter|target|subnet|auto scaling|rule|user|placement|resource) (?:set|zone|group)|"
    r"(?:function|instance|load|database|event|access|bucket|key) (?:configuration|profile|balancer|cluster|rule|key|policy|pair)"
    r"|stack|table|bucket|queue|function|instance|database|cluster|alarm|topic|role|policy|volume|snapshot|backup|key"
    r"|parameter|secret|distribution|repository|service|user|rule|object|row|item|message|rollback|deployment|vpc|subnet"
    r"|trail|stream|pipeline|certificate|domain|record|layer|alias|configuration|memory|tag|account"
    r"|Stack|Tabelle|Bucket|Warteschlange|Queue|Funktion|Instanz|Datenbank|Cluster|Alarm|Thema|Topic|Rolle|Richtlinie"
    r"|Volume|Snapshot|Schlüssel|Parameter|Verteilung|Dienst|Regel|Objekt|Zeile|Nachricht|Rollback|Konfiguration|Speicher"
    r"|Änderungssatz)s?"
)
GERMAN_KINDS = {
    "tabelle": "table",
    "warteschlange": "queue",
    "funktion": "function",
    "instanz": "instance",
    "datenbank": "database",
    "thema": "topic",
    "rolle": "role",
    "richtlinie": "policy",
    "schlüssel": "key",
    "verteilung": "distribution",
    "dienst": "service",
    "regel": "rule",
    "objekt": "object",
    "zeile": "row",
    "nachricht": "message",
    "konfiguration": "configuration",
    "speicher": "memory",
    "änderungssatz": "changeset",
}
CODE = r"(?-i:`?(?:[a-z][a-z0-9-]*[:.])?(?P<code>[A-Z][a-z0-9]+(?:[A-Z]+[a-z0-9]*)+)`?(?:\(\))?)"
STATE = (
    r"(?-i:`?(?P<state>[A-Z]{2,}(?:_[A-Z]+)+|OK|ALARM|ACTIVE|AVAILABLE|RUNNING|STOPPED|ENABLED|DISABLED|DELETED|CREATING"
    r"|FAILED)`?(?![\w-]))"
)
PERSON = (
    r"(?P<person>(?-i:[A-ZÄÖÜ][\w'-]*[a-zäöüß](?: [A-ZÄÖÜ][\w'-]*[a-zäöüß]){1,2})"
    r"|(?:the|a|your|our) (?:reviewer|operator|on-call|approver|second person|change manager)"
    r"|(?:die|der|dem|den|einer?) Prüfer(?:in)?)"
)
_NAME = re.compile(r"arn:[^\s,;'\"`()]+|`[^`\s]+`|(?<![\w/.:-])[A-Za-z0-9/][\w/.:@-]*[\w*]")
_NAME_LIKE = re.compile(r"arn:.+|`.+`|.*[A-Za-z0-9](?:[-_/.:][A-Za-z0-9]|(?<=[a-z])\d).*|i-[0-9a-f]+")
KINDS = re.compile(rf"\b{KIND}\b", re.IGNORECASE)
_STOPS = words_of("""
    a an and are as at be been by for from has have i in into is it its now of on or so that the then this to via
    was were which with again back successfully fully completely not still also because before after without am
    an auf aus bei das dem den der des die durch ein eine einer es für habe hat im in ist mit nicht noch nun oder
    sind und vom von vor war wieder worden wurde wurden zu zum zur erfolgreich neu nie jetzt
    """)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Words that make a claim. Groups: `what` (the object), `code`, `state`, `person`, `verb`, `rest` (what may limit it)."""

    kind: ClaimKind
    words: re.Pattern[str]
    passive: bool = False
    whole: bool = False
    refused: bool = False
    answered: Answered = Answered.NOT_SAID


def names_in(text: str) -> tuple[str, ...]:
    """Give the words that may name a resource: what looks like a name, and what follows the kind of a thing."""
    found: list[str] = []
    after_kind = False
    for match in _NAME.finditer(text):
        word = match.group()
        bare = word.strip("`").rstrip(".:")
        kind = KINDS.fullmatch(bare) is not None
        if (
            word.startswith("`")
            or _NAME_LIKE.fullmatch(bare)
            or (after_kind and not kind and bare.lower() not in _STOPS)
        ):
            found.append(bare)
        after_kind = kind
    return tuple(dict.fromkeys(found))


def nouns_in(text: str) -> frozenset[str]:
    """Give the stems of the kinds of things that a text speaks of, in English."""
    found = [word for one in KINDS.finditer(text) for word in one.group().lower().split()]
    return frozenset(stem(GERMAN_KINDS.get(one, GERMAN_KINDS.get(one.rstrip("sn"), one))) for one in found)


def is_named(text: str) -> tuple[str, ...]:
    """Give the names where they are what the text is about: 'the table orders', not 'the policy of table orders'."""
    names = names_in(text)
    bare = re.sub(r"[`\s.!]+$", "", text)
    of_something = re.search(
        r"\b(?:from|of|in|on|at|to|for|as|inside|within|von|aus|im|auf|für|als|zu|zur|zum)\b", text
    )
    return names if names and not of_something and bare.endswith(names[-1]) else ()
