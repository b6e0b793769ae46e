"""The files of the workspace: list, read, write, edit. No path leads out of it, through links neither."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import Field

from askfirst.harness.tools.making import LONGEST, Arguments, Made, Refusal

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

A = TypeVar("A", bound=Arguments)

MOST = 1000
"""Files that are listed at a time."""


class ListFiles(Arguments):
    """What to list."""

    path: str = Field(".", description="A folder of the working directory; everything below it is listed.")


class ReadFile(Arguments):
    """What to read."""

    path: str = Field(description="A file of the working directory, such as runbooks/restart.md.")
    offset: int = Field(0, ge=0, description="How many lines to skip.")
    lines: int = Field(2000, ge=1, description="How many lines to read.")


class WriteFile(Arguments):
    """What to write."""

    path: str = Field(description="A file of the working directory; it is made, or replaced whole.")
    content: str = Field(description="All that is to stand in it.")


class EditFile(Arguments):
    """What to replace."""

    path: str = Field(description="A file of the working directory.")
    old: str = Field(min_length=1, description="The text to replace, exactly as it stands there, and there once only.")
    new: str = Field(description="What is to stand in its place.")


def inside(workspace: Path, path: str) -> Path:
    """Give where a path leads; one that leads out of the workspace raises `Refusal`."""
    root = workspace.resolve()
    try:
        found = (root / path).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        msg = f"Error: {path[:200]!r} is no path: {error}"
        raise Refusal(msg) from None
    if not found.is_relative_to(root):
        msg = f"Error: {path[:200]!r} is not in the working directory. Write paths from there, such as 'runbooks/a.md'."
        raise Refusal(msg)
    return found


def _list(workspace: Path, given: ListFiles) -> str:
    folder = inside(workspace, given.path)
    if not folder.is_dir():
        msg = f"Error: there is no folder {given.path[:200]!r}."
        raise Refusal(msg)
    root = workspace.resolve()
    found = sorted(one.relative_to(root).as_posix() for one in folder.rglob("*") if one.is_file())
    more = f"\n[{len(found) - MOST} more]" if len(found) > MOST else ""
    return ("\n".join(found[:MOST]) or "There are no files.") + more


def _read(workspace: Path, given: ReadFile) -> str:
    lines = _text(workspace, given.path).splitlines(keepends=True)
    shown = "".join(lines[given.offset : given.offset + given.lines])[:LONGEST]
    left = len(lines) - given.offset - given.lines
    return f"{shown}\n[{left} more lines]" if left > 0 else shown


def _write(workspace: Path, given: WriteFile) -> str:
    file = inside(workspace, given.path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(given.content, encoding="utf-8", newline="")
    return f"{given.path} is written, {len(given.content)} characters."


def _edit(workspace: Path, given: EditFile) -> str:
    text = _text(workspace, given.path)
    count = text.count(given.old)
    if count != 1:
        msg = f"Error: the text stands {count} times in {given.path}, it must stand there once. Nothing is changed."
        raise Refusal(msg)
    inside(workspace, given.path).write_text(text.replace(given.old, given.new), encoding="utf-8", newline="")
    return f"{given.path} is changed."


def _text(workspace: Path, path: str) -> str:
    file = inside(workspace, path)
    if not file.is_file():
        msg = f"Error: there is no file {path[:200]!r}; list_files shows what there is."
        raise Refusal(msg)
    return file.read_bytes().decode("utf-8", "replace")


def _made(name: str, description: str, arguments: type[A], act: Callable[[Path, A], str]) -> Made:
    def begin(brief: Brief) -> Callable[[A], str]:
        return functools.partial(_tried, act, brief.workspace)

    return Made(name, description, arguments, begin)


def _tried(act: Callable[[Path, A], str], workspace: Path, given: A) -> str:
    try:
        return act(workspace, given)
    except (OSError, ValueError) as error:
        return f"Error: {getattr(error, 'strerror', None) or error}: {getattr(given, 'path', '')}"


FILES = (
    _made("list_files", "List the files of the working directory.", ListFiles, _list),
    _made("read_file", "Read a text file of the working directory.", ReadFile, _read),
    _made("write_file", "Write a text file of the working directory.", WriteFile, _write),
    _made("edit_file", "Replace a text in a file of the working directory.", EditFile, _edit),
)
