"""Parts of which a thing keeps earlier versions: a mapping from version to content, and a mark for the one in use."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from askfirst.harness.records import Part

CURRENT = "current"
"""The content that is read, where putting a new version is an ordinary change: the old one stays beside it."""
IN_USE = "in use"
"""The content that is read, where replacing it is felt at once by whoever reads it, though the old one is kept."""


def marked(part: Mapping[str, str]) -> str | None:
    """Give the name of the mark of a versioned part, None for one whose attributes are no versions."""
    return next((mark for mark in (CURRENT, IN_USE) if mark in part), None)


def in_use(part: Part) -> Part:
    """Give the content in use of a versioned part, and another part as it is."""
    mark = marked(part) if isinstance(part, Mapping) else None
    return part if mark is None or not isinstance(part, Mapping) else part[mark]


def kept(part: Part) -> list[str]:
    """Give the contents of a versioned part that are still there beside the one in use."""
    if not isinstance(part, Mapping):
        return []
    mark = marked(part)
    if mark is None:
        return []
    return [content for name, content in part.items() if name != mark and content and content != part[mark]]


def replaced(old: Mapping[str, str], new: Part) -> bool:
    """Tell whether the content in use was replaced by other content, and cannot be had any more or was felt at once."""
    mark = marked(old)
    if mark is None or not isinstance(new, Mapping) or not old[mark]:
        return False
    if old[mark] == new.get(mark):
        return False
    return mark == IN_USE or old[mark] not in kept(new)


def without(part: Mapping[str, str], names: Collection[str]) -> Mapping[str, str]:
    """Give a part without some attributes or versions; where what is in use is one of these, the latest other one is."""
    left = {name: content for name, content in part.items() if name not in names}
    mark = marked(part)
    if mark is not None:
        versions = [content for name, content in left.items() if name != mark]
        if part[mark] and part[mark] not in versions:
            left[mark] = versions[-1] if versions else ""
    return left
