"""What a program said at its end, read from what it wrote: the final message, and the commands its own gate refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import JsonValue

LARGEST = 64 * 1024 * 1024
COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")


def final_message(output: str, how: str) -> str:
    """Give the final message. What cannot be read so is given whole: a report must not get lost over its form."""
    text = COLOURS.sub("", output).strip()
    kind, _, key = how.partition(":")
    match kind:
        case "last-line":
            return text.splitlines()[-1] if text else ""
        case "json" | "jsonl":
            found = [one for one in _values(text, key) if one.strip()]
            return found[-1] if found else text
        case _:
            return text


def reported(output: str, how: str, home: Path) -> str:
    """Give the final message, out of what was printed or out of a file in HOME (`file:NAME:KEY`).

    The file is whatever programs of the agent left there: a link that leads out of HOME, a pipe or anything too large is
    not read, and what was printed counts.
    """
    kind, _, rest = how.partition(":")
    if kind != "file":
        return final_message(output, how)
    name, _, key = rest.partition(":")
    file = (home / name).resolve()
    try:
        known = file.is_relative_to(home.resolve()) and file.is_file() and file.stat().st_size <= LARGEST
        text = file.read_text(encoding="utf-8", errors="replace") if known else ""
    except OSError:
        text = ""
    found = [one for one in _values(text, key) if one.strip()]
    return found[-1] if found else final_message(output, "text")


def refused_commands(output: str, how: str) -> tuple[str, ...]:
    """Give the commands that the program's own gate refused."""
    kind, _, what = how.partition(":")
    text = COLOURS.sub("", output)
    if kind == "json":
        return tuple(_values(text, what))
    if kind == "text":
        return tuple(
            next((one for one in found.groups() if one), found.group().strip()) for found in re.finditer(what, text)
        )
    return ()


def _values(text: str, key: str) -> Iterator[str]:
    for document in _documents(text):
        yield from _find(document, key.split("."))


def _documents(text: str) -> Iterator[JsonValue]:
    try:
        yield json.loads(text)
    except ValueError:
        for line in text.splitlines():
            if line.lstrip().startswith(("{", "[")):
                try:
                    yield json.loads(line)
                except ValueError:
                    continue


def _find(value: JsonValue, path: list[str]) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _find(one, path)
    elif not path:
        if isinstance(value, str):
            yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from _find(value[path[0]], path[1:])
