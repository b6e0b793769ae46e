"""Counts rules and rows of their tables: `python tests/operations/rules/counting.py`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent


def module(name: str) -> ModuleType:
    """Load a file of this folder: tests are imported by path."""
    spec = importlib.util.spec_from_file_location(f"rules_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def rows() -> list[tuple[str, dict[str, Any], dict[str, Any] | None, str | None]]:
    """Give the rows of all tables."""
    return [row for file in sorted(HERE.glob("test_*.py")) for row in getattr(module(file.stem), "ROWS", ())]


def harms(words: str | None) -> bool:
    """Tell whether what a row expects takes something away."""
    return words is not None and words.split()[0] in {"delete", "stop", "detach", "revoke", "overwrite", "execute"}


def lines() -> list[str]:
    """Give the counts in words."""
    from askfirst.harness.operations.rules import rules

    declared = {one for several in rules().values() for one in several}
    found = rows()
    harmful = sum(harms(expected) for *_, expected in found)
    return [
        f"parameter rules: {len(declared)}, on {len(rules())} operations",
        f"rows: {len(found)}, of which {harmful} take something away and {len(found) - harmful} do not",
    ]


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines()) + "\n")
