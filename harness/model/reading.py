"""Looks into JSON of which nothing is certain: what is not there is None, [] or ''."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

PARTS = ("text", "content", "output", "result", "error")
"""Where the text of a part stands, in the order of looking."""


def at(value: JsonValue, *path: str | int) -> JsonValue:
    """Follow keys, and places in lists."""
    for key in path:
        if isinstance(key, int):
            value = value[key] if isinstance(value, list) and key < len(value) else None
        else:
            value = value.get(key) if isinstance(value, dict) else None
    return value


def parsed(text: str) -> dict[str, JsonValue]:
    """Read the JSON of an object; an empty one for anything else."""
    try:
        return table(json.loads(text))
    except (ValueError, RecursionError):
        return {}


def listed(value: JsonValue) -> list[JsonValue]:
    """Give a list as it is, anything else as an empty one."""
    return value if isinstance(value, list) else []


def table(value: JsonValue) -> dict[str, JsonValue]:
    """Give an object as it is, anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def word(value: JsonValue) -> str:
    """Give a text as it is, anything else as ''."""
    return value if isinstance(value, str) else ""


def flat(value: JsonValue) -> str:
    """Give the text of a message's content, in whichever parts it comes."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(text for text in map(flat, value) if text)
    if isinstance(value, dict):
        return next((text for key in PARTS if (text := flat(value.get(key)))), "")
    return ""
