"""Resource policies in a normal form: who is let in by which statement, and who is kept out."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Any

Ways = tuple[tuple[str, ...], tuple[str, ...]]
"""What is allowed, and what is denied: the `open` and the `shut` of a resource."""

NO_WAYS: Ways = ((), ())


def ways(policy: object) -> Ways:
    """Give what a policy allows and denies; '' and None are no policy, and a text that is no JSON says nothing."""
    if not policy:
        return NO_WAYS
    if isinstance(policy, dict):
        return _parsed(json.dumps(policy, sort_keys=True)) if policy.get("Statement") else NO_WAYS
    return _parsed(policy if isinstance(policy, str | bytes) else str(policy))


@functools.lru_cache(maxsize=1024)
def _parsed(text: str | bytes) -> Ways:
    """Read a policy once; the same text has the same meaning for ever."""
    try:
        policy = json.loads(text)
    except ValueError:
        return NO_WAYS
    if not isinstance(policy, dict):
        return NO_WAYS
    allowed: list[str] = []
    denied: list[str] = []
    for statement in _list(policy.get("Statement")):
        if isinstance(statement, dict):
            (denied if statement.get("Effect") == "Deny" else allowed).extend(_sentences(statement))
    return tuple(dict.fromkeys(sorted(allowed))), tuple(dict.fromkeys(sorted(denied)))


def joined(policies: Iterable[object]) -> Ways:
    """Give what several policies together allow and deny."""
    read = [ways(one) for one in policies]
    return (
        tuple(sorted({way for allowed, _ in read for way in allowed})),
        tuple(sorted({way for _, denied in read for way in denied})),
    )


def _sentences(statement: dict[str, Any]) -> Iterator[str]:
    verb = "deny" if statement.get("Effect") == "Deny" else "allow"
    condition = statement.get("Condition")
    when = f" if {json.dumps(condition, sort_keys=True)}" if condition else ""
    whom, what, where = (_all(statement, one) for one in ("Principal", "Action", "Resource"))
    for principal, action, resource in itertools.product(whom, what, where):
        on = f" on {resource}" if resource else ""
        yield f"{verb} {principal or '*'} {action}{on}{when}"


def _all(statement: dict[str, Any], name: str) -> list[str]:
    """Give the values of one element, also in its negated form."""
    if f"Not{name}" in statement:
        return [f"all but {', '.join(_names(statement[f'Not{name}']))}"]
    return _names(statement[name]) if name in statement else [""]


def _names(value: object) -> list[str]:
    if isinstance(value, dict):
        return sorted(str(one) for group in value.values() for one in _list(group))
    return sorted(str(one) for one in _list(value))


def _list(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
