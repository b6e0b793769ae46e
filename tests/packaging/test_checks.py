"""The checks of `make lint` look at every file: mistakes planted in each folder are found."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

FOLDERS = ("agents", "agents/planted", "faults", "faults/scenarios", "harness", "tests", "tests/planted")


@pytest.fixture(scope="module")
def planted(tree: Path) -> Path:
    """Put one module with a mistake of types and two forbidden imports into each folder."""
    for folder in FOLDERS:
        (tree / folder).mkdir(exist_ok=True)
        (tree / folder / "planted_mistake.py").write_text(
            '"""Planted."""\n\nimport agents\nimport harness.verdict\n\nplanted: int = "no number"\n', "utf-8"
        )
    (tree / ".venv").symlink_to(sys.prefix)  # where pyright looks for it
    return tree


def _report(planted: Path, *command: str) -> str:
    tool = [sys.executable, "-m", *command]
    return subprocess.run(tool, cwd=planted, check=False, capture_output=True, text=True).stdout


def _reported(report: str, rule: str) -> set[str]:
    lines = [f"/{line}" for line in report.splitlines() if rule in line]
    return {folder for folder in FOLDERS for line in lines if f"/{folder}/planted_mistake.py" in line}


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        (("mypy", "--no-incremental"), "[assignment]"),
        (("pyright",), "declared type"),
        (("ruff", "check", "--output-format=concise"), "`agents` is banned"),
        (("ruff", "check", "--output-format=concise"), "`harness` is banned"),
    ],
    ids=["mypy", "pyright", "ruff-agents", "ruff-harness"],
)
def test_no_folder_escapes(planted: Path, command: tuple[str, ...], rule: str) -> None:
    """Ruff, mypy and pyright each report the mistake of every folder; pyright follows links only where told to."""
    report = _report(planted, *command)
    missed = set(FOLDERS) - _reported(report, rule)
    assert missed == set(), report[-3000:]
