"""Looks into JSON of which nothing is certain: what is not there is None, [] or ''."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

PARTS = ("text", "content", "output", "result", "error")
"""Where the text of a part stands, in the order of looking."""


def at(value: JsonValue, *path: str) -> JsonValue:
    """Follow keys."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


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
