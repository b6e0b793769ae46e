"""The environment that make builds on a machine of which nothing is known."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def _environment(tree: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["tools/environment.sh", ".venv-of-test", "dev"],
        cwd=tree,
        env=os.environ | variables,
        check=False,
        capture_output=True,
        text=True,
    )


def test_an_interpreter_that_does_not_run_is_not_used(tree: Path, tmp_path: Path) -> None:
    """A python3.13 that is there but fails when run (a shim of pyenv) is not used; the refusal says what to do."""
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n", "utf-8")
    shim.chmod(0o755)
    done = _environment(tree, PYTHON=str(shim))
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr
    assert "make PYTHON=" in done.stderr


@pytest.mark.slow
def test_a_failed_installation_is_not_taken_for_a_good_one(tree: Path) -> None:
    """When pip can fetch nothing, make stops at the first failed step, shows what pip said and tries anew."""
    for _ in range(2):
        done = _environment(
            tree, PYTHON=sys.executable, PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull, PIP_FIND_LINKS=""
        )
        assert done.returncode == 1
        assert "ERROR: " in done.stderr
        assert "--group" not in done.stderr, "it went on after the failed step"
        assert "The installation failed" in done.stderr
    assert not (tree / ".venv-of-test/askfirst.stamp").exists()
