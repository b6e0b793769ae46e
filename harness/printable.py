"""Text that an agent may have written, made safe to print: shown as it is, never obeyed by a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """Give the text with control, direction and unpaired surrogate characters as escapes; line breaks too."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def storable(value: object) -> object:
    """Give a value of JSON's kind with every text fit for UTF-8: unpaired surrogates become escapes."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {storable(name): storable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [storable(one) for one in value]
    return value
