"""The lowest versions that `make test-lowest` installs are those that pyproject.toml declares."""

import subprocess
import sys
from pathlib import Path

import pytest


def _lowest(root: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "tools/lowest.py")]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)


def test_every_floor_becomes_an_exact_version(root: Path) -> None:
    """Build requirements, dependencies and extras are all in the list, each as name==floor."""
    lines = _lowest(root, root).stdout.splitlines()
    assert {"moto[all]", "openai", "langchain-core", "setuptools", "pytest"} <= {
        line.partition("==")[0] for line in lines
    }


@pytest.mark.parametrize("requirement", ["boto3", "boto3<2", "boto3>=1,<2", "boto3~=1.43", "boto3==1.43.0"])
def test_a_dependency_without_a_plain_floor_is_refused(root: Path, tmp_path: Path, requirement: str) -> None:
    """A floor that cannot be read cannot be tested: the list names the line and is not made."""
    (tmp_path / "pyproject.toml").write_text(
        f'[build-system]\nrequires = []\n[project]\ndependencies = ["{requirement}"]\noptional-dependencies = {{}}\n',
        "utf-8",
    )
    done = _lowest(root, tmp_path)
    assert done.returncode == 1
    assert requirement in done.stderr
