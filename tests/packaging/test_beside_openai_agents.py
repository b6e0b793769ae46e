"""askfirst and openai-agents live in one environment."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def _run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    # -P is no default: a user starts python in a folder of his own.
    return subprocess.run([str(part) for part in command], cwd=cwd, check=False, capture_output=True, text=True)


def test_agents_stays_with_openai_agents(tree: Path, tmp_path: Path) -> None:
    """Beside askfirst, `from agents import Runner` works; after uninstalling askfirst it still does."""
    wheels, elsewhere = tmp_path / "wheels", tmp_path / "elsewhere"
    wheels.mkdir()
    elsewhere.mkdir()
    built = _run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", wheels, tree, cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    (wheel,) = wheels.iterdir()
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env/bin/python"

    # openai-agents first and askfirst last: the order in which the loss would happen.
    first = _run(python, "-m", "pip", "install", "-q", "openai-agents", cwd=elsewhere)
    if first.returncode != 0 and "No matching distribution" in first.stderr:
        pytest.skip("no package registry can be reached: pip found no openai-agents")
    assert first.returncode == 0, first.stderr
    then = _run(python, "-m", "pip", "install", "-q", wheel, cwd=elsewhere)
    assert then.returncode == 0, then.stderr

    both = _run(python, "-c", "import askfirst.harness; from agents import Runner; print(Runner)", cwd=elsewhere)
    assert both.returncode == 0, both.stderr
    gone = _run(python, "-m", "pip", "uninstall", "-q", "-y", "askfirst", cwd=elsewhere)
    assert gone.returncode == 0, gone.stderr
    after = _run(python, "-c", "from agents import Runner; print(Runner)", cwd=elsewhere)
    assert after.returncode == 0, after.stderr
    assert _run(python, "-c", "import askfirst", cwd=elsewhere).returncode != 0


def test_the_repository_does_not_shadow_openai_agents(root: Path, tmp_path: Path) -> None:
    """`python -m pytest` in the repository puts its root first on sys.path; `agents` is openai-agents all the same."""
    site = tmp_path / "site"
    (site / "agents").mkdir(parents=True)
    (site / "agents/__init__.py").write_text("class Runner: ...\n", "utf-8")
    program = f"import sys; sys.path.append({str(site)!r}); from agents import Runner"
    done = _run(sys.executable, "-c", program, cwd=root)
    assert done.returncode == 0, done.stderr
