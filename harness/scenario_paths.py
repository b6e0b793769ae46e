"""Folders in which a user keeps scenarios: given by `--path`, by ASKFIRST_PATH, or in pyproject.toml.

    [tool.askfirst]
    scenarios = ["incidents"]

The folder of pyproject.toml is the working directory or the nearest above it; relative folders are relative to it.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from pathlib import Path

from askfirst.harness.errors import UsageError

VARIABLE = "ASKFIRST_PATH"


def use(folders: Iterable[Path]) -> None:
    """Let this process and those it starts look into these folders as well; raises `UsageError` for one that is not there."""
    added = [str(_folder(one.absolute(), "--path")) for one in folders]
    if added:
        before = os.environ.get(VARIABLE)
        os.environ[VARIABLE] = os.pathsep.join([*added, *([before] if before else [])])


def folders() -> tuple[Path, ...]:
    """Give the folders that are named, each once; raises `UsageError` for one that is not there."""
    named = [_folder(Path(one).absolute(), VARIABLE) for one in os.environ.get(VARIABLE, "").split(os.pathsep) if one]
    return tuple(dict.fromkeys([*named, *_configured()]))


def files() -> tuple[Path, ...]:
    """Give the Python files in these folders that may hold scenarios, in the order of their names."""
    return tuple(
        one for folder in folders() for one in sorted(folder.glob("*.py")) if not one.name.startswith(("_", "test_"))
    )


def _configured() -> list[Path]:
    here = Path.cwd()
    found = next((one / "pyproject.toml" for one in (here, *here.parents) if (one / "pyproject.toml").is_file()), None)
    if found is None:
        return []
    try:
        own = tomllib.loads(found.read_text(encoding="utf-8")).get("tool", {}).get("askfirst", {})
    except (OSError, ValueError):
        return []  # somebody else's file; who maintains it finds out from other tools
    named = own.get("scenarios", []) if isinstance(own, dict) else []
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        msg = f"{found}: [tool.askfirst] scenarios must be a list of folders, such as scenarios = ['incidents']"
        raise UsageError(msg)
    return [_folder(found.parent / one, f"{found}: [tool.askfirst] scenarios") for one in named]


def _folder(path: Path, where: str) -> Path:
    if not path.is_dir():
        msg = f"{where} names {path}, and there is no such folder: correct the path, or make it"
        raise UsageError(msg)
    return path
