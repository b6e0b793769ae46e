"""Policy documents read as ways and barriers: what they allow must stay, what they deny must not grow."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from typing import Any

Ways = tuple[tuple[str, ...], tuple[str, ...]]
"""What is allowed, and what is denied, one text for each principal, action and resource."""

NONE: Ways = ((), ())


@functools.lru_cache(maxsize=4096)
def ways(document: str | None) -> Ways:
    """Read a policy document (JSON text); one that cannot be read is one opaque way, so that any change of it shows."""
    if not document:
        return NONE
    try:
        statements = json.loads(document).get("Statement", [])
    except (ValueError, AttributeError):
        return ((f"policy {document[:40]}",), ())
    listed = statements if isinstance(statements, list) else [statements]
    allowed: set[str] = set()
    denied: set[str] = set()
    for one in listed:
        if isinstance(one, Mapping):
            (denied if one.get("Effect") == "Deny" else allowed).update(_texts(one))
    return tuple(sorted(allowed)), tuple(sorted(denied))


def joined(documents: Iterable[str | None]) -> Ways:
    """Read several documents as one."""
    read = [ways(one) for one in documents]
    return (
        tuple(sorted({way for allowed, _ in read for way in allowed})),
        tuple(sorted({way for _, denied in read for way in denied})),
    )


def _texts(statement: Mapping[str, Any]) -> Iterable[str]:
    word = "deny" if statement.get("Effect") == "Deny" else "allow"
    condition = statement.get("Condition")
    only = f" if {json.dumps(condition, sort_keys=True)}" if condition else ""
    for action in _listed(statement, "Action"):
        for principal in _principals(statement):
            for resource in _listed(statement, "Resource") or [""]:
                place = f" on {resource}" if resource else ""
                yield f"{word} {action}{principal}{place}{only}"


def _listed(statement: Mapping[str, Any], name: str) -> list[str]:
    for member, prefix in ((name, ""), (f"Not{name}", "all but ")):
        if member in statement:
            value = statement[member]
            return [prefix + str(one) for one in (value if isinstance(value, list) else [value])]
    return []


def _principals(statement: Mapping[str, Any]) -> list[str]:
    for member, prefix in (("Principal", " for "), ("NotPrincipal", " for all but ")):
        if member not in statement:
            continue
        value = statement[member]
        if not isinstance(value, Mapping):
            return [f"{prefix}{value}"]
        return [
            f"{prefix}{one}"
            for kind in sorted(value)
            for one in (value[kind] if isinstance(value[kind], list) else [value[kind]])
        ]
    return [""]
