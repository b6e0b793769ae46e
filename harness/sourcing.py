"""The text of a scenario's content, equal in every process: data by its fields, functions by their source.

Its digest is a part of a trial's identity: whatever makes trials differ must change it, and nothing else may.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import inspect
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import CellType, ModuleType
from typing import Any

TOLD = frozenset(
    {
        "arms",
        "summary",
        "source",
        "standing",
        "stakes",
        "difficulty",
        "archetypes",
        "families",
        "heedless",
        "tells_rule",
    }
)
"""What is said of a scenario and changes no trial of it. Its arms are scenarios of their own."""


def canonical(value: Any) -> str:  # noqa: ANN401 - any field of any scenario
    """Write a value as text that is equal in every process: functions by source, data by fields in their order."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ", ".join(
            f"{one.name}={canonical(getattr(value, one.name))}"
            for one in dataclasses.fields(value)
            if not hasattr(value, "arms") or one.name not in TOLD
        )
        return f"{type(value).__name__}({fields})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{canonical(key)}: {canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(canonical, value)) + "]"
    if callable(value):
        return source_text(value)
    return repr(value)


def source_text(function: Callable[..., object]) -> str:
    """Give a text that changes with the function: the files of its module and of what that uses of its own package.

    Of the package `askfirst` only the scenarios' own files count; a change of the harness is a change of its version.
    """
    if isinstance(function, functools.partial):
        return f"{source_text(function.func)}({canonical(function.args)}, {canonical(function.keywords)})"
    target = inspect.unwrap(function)
    name = getattr(target, "__qualname__", type(target).__qualname__) + _captured(target)
    module = inspect.getmodule(target)
    if module is not None and getattr(module, "__file__", None):
        return f"{name}: " + "\n".join(_sources(module, _own_package(module.__name__)))
    try:
        return f"{name}: {inspect.getsource(target)}"
    except (OSError, TypeError):
        code = getattr(target, "__code__", None)
        return f"{name}: {code.co_code.hex() if code else ''}"


DEEPEST = 4
"""Functions may have caught each other."""


def _captured(function: Callable[..., object], deep: int = 0) -> str:
    """Give what a function has caught of the function it was made in: two with other values build other worlds."""
    closure = (getattr(function, "__closure__", None) or ()) if deep < DEEPEST else ()
    caught = [value for cell in closure if (value := _content(cell)) is not function]
    return f"[{', '.join(_plain(one, deep) for one in caught)}]" if caught else ""


def _content(cell: CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _plain(value: object, deep: int) -> str:
    """Write a caught value by its content where that is data, else by its type: an address would differ in every process."""
    if inspect.isfunction(value):
        return f"{value.__qualname__}{_captured(value, deep + 1)}"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_plain(key, deep)}: {_plain(one, deep)}' for key, one in value.items())}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(_plain(one, deep) for one in value)}]"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(_plain(one, deep) for one in value))}}}"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ", ".join(_plain(getattr(value, one.name), deep) for one in dataclasses.fields(value))
        return f"{type(value).__qualname__}({fields})"
    plain = isinstance(value, str | bytes | int | float | enum.Enum | datetime | timedelta) or value is None
    return repr(value) if plain else type(value).__qualname__


def _own_package(module: str) -> str:
    return "askfirst.faults" if module.startswith("askfirst.") else module.partition(".")[0]


def _sources(module: ModuleType, package: str) -> list[str]:
    """Give the sources of a module and of the modules of a package it takes names from, each once, in order of name."""
    found: dict[str, str] = {}
    waiting = [module]
    while waiting:
        one = waiting.pop()
        if one.__name__ in found:
            continue
        try:
            found[one.__name__] = inspect.getsource(one)
        except (OSError, TypeError):
            found[one.__name__] = ""
        used = {sys.modules.get(getattr(value, "__module__", None) or "") for value in list(vars(one).values())}
        used |= {value for value in list(vars(one).values()) if isinstance(value, ModuleType)}
        waiting += [other for other in used if other and f"{other.__name__}.".startswith(f"{package}.")]
    return [text for _, text in sorted(found.items())]
