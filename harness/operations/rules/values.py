"""Reading of parameters that may be anything: a rule asks, and gets what is there or nothing, never an error."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

DEPTH = 40
"""Deeper than this no AWS parameter is nested."""


def at(value: JsonValue | Mapping[str, JsonValue], *path: str) -> JsonValue:
    """Give what is at a path of member names, None where there is nothing."""
    found: object = value
    for name in path:
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found  # type: ignore[return-value]  # what is inside of JSON is JSON


def text(value: JsonValue) -> str:
    """Give a text, '' for anything else."""
    return value if isinstance(value, str) else ""


def texts(value: JsonValue) -> tuple[str, ...]:
    """Give the texts of a list; one text alone counts as a list of it."""
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def mappings(value: JsonValue) -> tuple[Mapping[str, JsonValue], ...]:
    """Give the mappings of a list; one mapping alone counts as a list of it."""
    if isinstance(value, Mapping):
        return (value,)
    return tuple(one for one in value if isinstance(one, Mapping)) if isinstance(value, list) else ()


def number(value: JsonValue) -> float | None:
    """Give a number, also one written as text, as attributes of queues are."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    if isinstance(value, str) and len(value) < DEPTH:
        try:
            found = float(value)
        except ValueError:
            return None
        return found if math.isfinite(found) else None
    return None


def flag(value: JsonValue) -> bool | None:
    """Give a truth, also one written as text, as attributes of load balancers are, or as EC2's {'Value': False}."""
    if isinstance(value, Mapping):
        value = value.get("Value")
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None


def document(value: JsonValue) -> Mapping[str, JsonValue]:
    """Give a document that is a JSON object, as text or as it is; an empty one for anything else."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, Mapping) else {}


def strings(value: object, depth: int = 0) -> Iterator[str]:
    """Go through all texts inside of a value."""
    if isinstance(value, str):
        yield value
    elif depth < DEPTH and isinstance(value, Mapping):
        for one in value.values():
            yield from strings(one, depth + 1)
    elif depth < DEPTH and isinstance(value, list):
        for one in value:
            yield from strings(one, depth + 1)


def attributes(value: JsonValue) -> Mapping[str, JsonValue]:
    """Give attributes by name, from a mapping or from a list of {'Key' or 'Name': .., 'Value': ..}."""
    if isinstance(value, Mapping):
        return value
    return {text(one.get("Key")) or text(one.get("Name")): one.get("Value") for one in mappings(value)}
