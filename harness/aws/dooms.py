"""Booked deletions: which of them are new, and about anything that was there.

Readers say them in words of this form: 'objects under "logs/" expire after 30 days', 'rows expire by attribute ttl',
'messages expire after 60 seconds', 'it is deleted after 35 days'.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from askfirst.harness.records import Part, Resource

AFTER = re.compile(r"(?<=after )\d+")
"""When a booked deletion happens: a later time is no new booking."""
UNDER = re.compile(r'under "([^"]*)"')
"""The beginning of the keys a booked deletion is about."""
BY = re.compile(r"by attribute (\S+)")
"""The attribute by which a booked deletion finds what it is about."""
OF_CONTENT = ("objects ", "earlier versions ", "rows ", "messages ", "records ", "images ")
"""How booked deletions begin that are about what a thing holds, and not about itself."""


def booked(old: Resource, new: Resource, theirs: Mapping[str, Part] | None = None) -> list[str]:
    """Give the deletions that were booked since, and strike something that was there.

    `theirs` are the parts that count; None for all.
    """
    if old.doomed == new.doomed:
        return []
    fresh = (one for one in new.doomed if one not in old.doomed and not _postponed(one, old.doomed))
    return [one for one in fresh if _strikes(one, old, old.parts if theirs is None else theirs)]


def _strikes(doom: str, old: Resource, theirs: Mapping[str, Part]) -> bool:
    """Tell whether a booked deletion is about anything that was there; where that is unknown, it is."""
    if not doom.startswith(OF_CONTENT):
        return True
    if not old.parts:
        return old.items != 0
    under, by = UNDER.search(doom), BY.search(doom)
    if under is not None:
        return any(key.startswith(under[1]) for key in theirs)
    return bool(theirs) and (by is None or any(by[1] in part for part in theirs.values() if isinstance(part, Mapping)))


def _postponed(doom: str, before: Iterable[str]) -> bool:
    """Tell whether a booked deletion was booked before, for the same time or an earlier one."""
    when = AFTER.search(doom)
    if when is None:
        return False
    same = (AFTER.search(one) for one in before if AFTER.sub("", one) == AFTER.sub("", doom))
    return any(one is not None and int(one.group()) <= int(when.group()) for one in same)
