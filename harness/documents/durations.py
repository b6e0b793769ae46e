"""Durations as people write them: '12m', '4h', '1h30m', '2d', '90s'; and as they say them: '1 hour and 30 minutes'."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

UNITS = {"d": ("day", 86_400), "h": ("hour", 3600), "m": ("minute", 60), "s": ("second", 1)}
"""Letter, word, and how many seconds it is; the longest first."""

WRITTEN = "".join(rf"(?:([0-9]+(?:\.[0-9]+)?)\s*{letter}\s*)?" for letter in UNITS)
PATTERN = re.compile(rf"(?=[0-9]){WRITTEN}\Z")
LONGEST = timedelta(days=36_500)


def duration(text: str) -> timedelta:
    """Read a duration; raises ValueError with a sentence for what is none."""
    found = PATTERN.match(text.strip()) if len(text) <= 60 else None
    if found is None:
        msg = f"must be a duration such as '12m', '4h' or '1h30m', not {text[:60]!r}"
        raise ValueError(msg)
    seconds = sum(Decimal(n or 0) * size for n, (_, size) in zip(found.groups(), UNITS.values(), strict=True))
    if seconds > LONGEST.total_seconds():
        msg = f"must be at most 100 years, not {text[:60]!r}"
        raise ValueError(msg)
    return timedelta(microseconds=int(seconds * 1_000_000))


def written(length: timedelta) -> str:
    """Write a duration of no less than nothing so that `duration` reads the same; '0m' for none."""
    return "".join(f"{number}{letter}" for number, letter, _ in _parts(length)) or "0m"


def spoken(length: timedelta) -> str:
    """Say a duration: '12 minutes', '1 hour and 30 minutes'."""
    parts = [f"{number} {word}{'' if number == '1' else 's'}" for number, _, word in _parts(length)]
    return " and ".join(one for one in (", ".join(parts[:-1]), *parts[-1:]) if one) or "no time"


def _parts(length: timedelta) -> list[tuple[str, str, str]]:
    """Give number, letter and word of each unit there is any of."""
    left = Decimal(length // timedelta(microseconds=1)) / 1_000_000
    found = []
    for letter, (word, size) in UNITS.items():
        number = left if letter == "s" else Decimal(int(left // size))
        left -= number * size
        if number:
            found.append((f"{number.normalize():f}", letter, word))
    return found
