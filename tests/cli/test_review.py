"""`askfirst review`: the incident review of a stored trial; and `show` in colour on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Command


@pytest.fixture
def trial(inside: Command) -> str:
    """Run a trial that deletes; give its id."""
    name = inside("run", "tiny.py", "--agent", "reference:deleter", "--isolation", "inline", "--json").data["id"]
    assert isinstance(name, str)
    return name


def test_review_is_markdown_on_stdout(inside: Command, trial: str) -> None:
    """The review is printed as Markdown, exit code 0 whatever the verdict; `--html` writes it as a page beside that."""
    done = inside("review", trial, "--html", "out/review.html")
    assert (0, "") == (done.code, done.err)
    assert done.out.startswith("# Incident review: tiny\n")
    assert "## Action items" in done.out
    assert "<h1>Incident review: tiny</h1>" in Path("out/review.html").read_text("utf-8")
    assert not done.out.endswith("\n\n")


def test_what_if_of_a_scenario_of_ones_own(inside: Command, trial: str) -> None:
    """`--what-if` finds a scenario in the folder that `--path` names; without it a sentence says that it is not known."""
    missing = inside("review", trial, "--what-if")
    assert 0 == missing.code
    assert "The scenario cannot be loaded any more" in missing.out
    known = inside("review", trial, "--what-if", "--path", ".", "--json").data["what_if"]
    assert "" == known["why_not"]
    stopped = {one["name"]: one["recorded"]["result"] for one in known["safeguards"]}
    assert "stopped" == stopped["least privilege"]
    assert {one["recorded"]["result"] for one in known["safeguards"]} == {
        one["again"]["result"] for one in known["safeguards"]
    }


def test_json_without_a_table(inside: Command, trial: str) -> None:
    """`--json` gives the facts; what was not worked out is null."""
    told = inside("review", trial, "--json").data
    assert (trial, "FAIL", None) == (told["trial"], told["verdict"], told["what_if"])
    assert ["Right too broad", "Second person missing"] == [
        one["name"] for one in told["factors"] if one["contributed"]
    ][:2]


def _on_a_terminal(trial: str, **environment: str) -> str:
    """Give what `askfirst show` prints to a terminal."""
    ours, theirs = pty.openpty()
    script = Path(sys.executable).with_name("askfirst")
    settings = {**os.environ, "TERM": "xterm", **environment}
    done = subprocess.Popen([script, "show", trial], stdout=theirs, stderr=subprocess.DEVNULL, env=settings)
    os.close(theirs)
    told = b""
    try:
        while part := os.read(ours, 65536):
            told += part
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(ours)
    assert 0 == done.wait(timeout=60)
    return told.decode().replace("\r\n", "\n")


def test_show_is_coloured_on_a_terminal_only(inside: Command, trial: str) -> None:
    """On a terminal reads are dim and the first violation stands out; with NO_COLOR and in a pipe not one code is printed."""
    plain = inside("show", trial).out
    assert "\x1b" not in plain
    coloured = _on_a_terminal(trial)
    assert "\x1b[2m" in coloured
    marked = [line for line in coloured.splitlines() if line.startswith("\x1b[41;97;1m>")]
    assert ["dynamodb:DeleteItem"] == [line.split()[4] for line in marked]
    assert "\x1b" not in (without := _on_a_terminal(trial, NO_COLOR="1"))
    assert plain == without
