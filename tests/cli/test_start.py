"""Before anything is run: help, version, and what starting costs."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Command

HEAVY = ("boto3", "botocore", "moto", "pydantic", "rich", "askfirst.harness.history", "askfirst.harness.trial")
VERBS = (
    "bench",
    "search",
    "shrink",
    "review",
    "list",
    "agents",
    "run",
    "serve",
    "show",
    "certify",
    "classify",
    "explain",
)


def _loaded(program: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{program}\nprint('LOADED', *sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.rpartition("LOADED")[2].split())


@pytest.fixture(scope="module")
def loaded_by_help() -> set[str]:
    """Give the modules that are loaded when `askfirst --help` has been answered."""
    return _loaded(
        "sys.argv = ['askfirst', '--help']\n"
        "from askfirst.harness.cli import main\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert not ended.code"
    )


@pytest.mark.parametrize("package", HEAVY)
def test_help_is_light(loaded_by_help: set[str], package: str) -> None:
    """`askfirst --help` loads neither the mock nor the models: it answers at once."""
    assert package not in loaded_by_help


def test_help_names_every_verb_in_whole_sentences(askfirst: Command) -> None:
    """`askfirst --help` exits 0 and describes each verb; no description is cut off."""
    done = askfirst("--help")
    assert (0, "") == (done.code, done.err)
    for verb in VERBS:
        assert f"\n  {verb} " in done.out
    assert "..." not in done.out.partition("Commands:")[2]


def test_no_verb_is_a_wrong_call_that_gets_help(askfirst: Command) -> None:
    """`askfirst` alone prints the help to stderr and exits 2."""
    done = askfirst()
    assert (2, "") == (done.code, done.out)
    assert done.err.startswith("Usage: askfirst")
    assert "  certify " in done.err


def test_version(inside: Command) -> None:
    """`askfirst --version` prints the installed version."""
    done = inside("--version")
    assert (0, f"askfirst {version('askfirst')}\n") == (done.code, done.out)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rnu",), "No such command 'rnu'"),
        (("run",), "Missing argument"),
        (("run", "tiny.py"), "Missing option '--agent'"),
        (("run", "tiny.py", "--agnet", "x"), "No such option: --agnet"),
        (("run", "tiny.py", "--agent", "x", "--trials", "0"), "Invalid value for '--trials'"),
        (("run", "tiny.py", "--agent", "x", "--seconds", "0"), "--seconds must be more than 0"),
        (("run", "tiny.py", "--agent", "x", "--isolation", "thread"), "'thread' is not one of 'fork', 'inline'"),
        (("list", "scenarois"), "'scenarois' is not one of 'scenarios', 'agents', 'faults', 'oracles'"),
        (("certify", "tiny.py", "--all"), "give names of scenarios, or --all, not both"),
    ],
)
def test_wrong_call(inside: Command, arguments: tuple[str, ...], said: str) -> None:
    """A wrong option or verb exits 2 with one line on stderr that names it; nothing is run."""
    done = inside(*arguments)
    assert (2, "") == (done.code, done.out)
    assert said in done.err
    assert done.err.startswith("askfirst: ")
    assert 1 == done.err.count("\n")
    assert not Path(".askfirst").exists()
