"""Which words of a text name something that exists."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askfirst.harness.authorization import words
from askfirst.harness.authorization.places import by_name, kind_words
from askfirst.harness.authorization.words import SILENT, stem
from askfirst.harness.records import Resource

_WORD = re.compile(r"arn:[^\s,;'\"`()]+|[\w\[\]$@/:+=.~-]+|[,;!?&\n]|'[^']*'|\"[^\"]*\"|`[^`]*`")
_NAME_LIKE = re.compile(r".*(?:[a-z]-\w|_|[a-z]\d|\d[a-z]).*", re.IGNORECASE)
_VALUE = re.compile(
    r"[a-z]{2}(-[a-z]+)+-\d|\d.*|\w+\.(\d*xlarge|large|medium|small|micro|nano)|v\d+|s3|ec2|route53|[A-Z]+(_[A-Z]+)+"
)
_HYPHENATED = re.compile(r"[a-z]+(-[a-z]+)+", re.IGNORECASE)


def mark(text: str, world: Sequence[Resource]) -> tuple[list[str] | None, dict[str, tuple[Resource, ...]]]:
    """Part a text into words, names put in as '@0', '@1', ...; None if it names something that does not exist here."""
    mentions: dict[str, tuple[Resource, ...]] = {}
    marked: list[str] = []
    kinds = {word for one in world for word in kind_words(one)}
    tokens = [token for found in _WORD.finditer(text) for token in _pull_apart(found.group())]
    for index, (token, quoted) in enumerate(tokens):
        resources = _mentioned(token, tokens, index, world)
        if resources:
            mark = f"@{len(mentions)}"
            mentions[mark] = resources
            marked.append(mark)
        elif quoted or token.startswith("arn:"):
            return None, {}
        elif _NAME_LIKE.fullmatch(token) and not _VALUE.fullmatch(token):
            beside = {stem(word) for word, _ in tokens[max(0, index - 1) : index + 2]}
            if beside & kinds or not _HYPHENATED.fullmatch(token):
                return None, {}
            marked += token.lower().split("-")
        else:
            marked += [token.lower()] if _VALUE.fullmatch(token) else _camel(token)
    return marked, mentions


def _camel(token: str) -> list[str]:
    """Part the name of an operation ('DeleteStack') into its words; any other word stays one."""
    if re.fullmatch(r"(?:[A-Z][a-z]+)(?:[A-Z]+[a-z]*)+", token):
        return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", token).lower().split()
    return [token.lower()]


def _pull_apart(token: str) -> list[tuple[str, bool]]:
    """Give a token without its quotes, and what ends a sentence as a token of its own."""
    if token[0] in "'\"`" and len(token) > 1:
        return [(token[1:-1].strip(), True)]
    bare = token.rstrip(".:")
    return [(bare, False), (".", False)] if bare and bare != token else [(token, False)]


def _mentioned(
    token: str, tokens: Sequence[tuple[str, bool]], index: int, world: Sequence[Resource]
) -> tuple[Resource, ...]:
    """Give what a token names; an English word must stand in quotes, or beside what kind of thing it names."""
    found = by_name(token, world)
    beside = {stem(word) for word, _ in tokens[max(0, index - 2) : index + 3]}
    quoted = tokens[index][1]
    of_kind = [one for one in found if kind_words(one) & beside]
    if (
        found
        and not quoted
        and token.isalpha()
        and (token.lower() in SILENT or stem(token) in words.VERBS)
        and not of_kind
    ):
        return ()
    return tuple(of_kind or found)
