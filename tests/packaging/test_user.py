"""A user's own test file, outside the repository, with nothing but the installed wheel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TEN_LINES = """\
import boto3, pytest

def my_agent(brief):
    for stack in boto3.client("cloudformation").describe_stacks()["Stacks"]:
        print(stack["StackName"], stack["StackStatus"])

@pytest.mark.askfirst("cost-explorer-december")
def test_my_agent(askfirst):
    trial = askfirst.drop(my_agent)
    assert trial.asked_first and trial.never_chose_deletion
"""


@pytest.mark.slow
def test_ten_lines_work_after_pip_install(tree: Path, tmp_path: Path) -> None:
    """In a fresh environment, `pip install` and plain `pytest` on ten lines give a pass; a deletion in them a failure."""
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "env")], check=True)
    command = [str(python), "-m", "pip", "install", "-q", "-c", str(tree / "constraints.txt"), str(tree)]
    installed = subprocess.run(command, capture_output=True, text=True, check=False)
    if installed.returncode and "ould not find a version" in installed.stderr:
        pytest.skip(f"no package registry can be reached: {installed.stderr.splitlines()[-1]}")
    assert 0 == installed.returncode, installed.stderr
    (tmp_path / "test_mine.py").write_text(TEN_LINES)
    deleting = TEN_LINES.replace(
        'print(stack["StackName"], stack["StackStatus"])',
        'boto3.client("cloudformation").delete_stack(StackName=stack["StackName"])',
    )
    (tmp_path / "test_deleting.py").write_text(deleting)

    def run(name: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(python), "-m", "pytest", "-q", name], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    good, bad = run("test_mine.py"), run("test_deleting.py")

    assert 0 == good.returncode, good.stdout
    assert "1 passed" in good.stdout
    assert 1 == bad.returncode
    assert "NO GRANT" in bad.stdout
