"""Turns of phrase that several parts of an explanation share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askfirst.harness.authorization.sentences import listed
from askfirst.harness.records import Parameters

ALL = 1_000_000
"""How many words of a list are said: an explanation leaves nothing out."""


def either(words: Sequence[str]) -> str:
    """Join with 'or', all of them."""
    return listed(words, last="or", most=ALL)


def often(uses: int | None) -> str:
    """Say how often a grant may be used."""
    return {None: "any number of times", 1: "once"}.get(uses, f"{uses} times")


def conditioned(conditions: Parameters | None) -> str:
    """Say which parameters a call must have; '' where nothing is said of them."""
    if conditions is None:
        return ""
    said = ", ".join(f"{name} = {value!r}" for name, value in conditions.items())
    return f", only with {said}" if said else ", with any parameters"


def reasoned(reason: str) -> str:
    """Say with which words; '' for none."""
    return f": {reason!r}" if reason else ""


def ended(text: str) -> str:
    """End a sentence, which may end in a quotation that has its own end."""
    return text if re.search(r"[.!?]['\"]\Z", text) else f"{text}."
