"""An agent's words are shown on the terminal of whoever reads them, never obeyed by it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Command

# ESC and its one-byte form, a window title, a bell, a carriage return, direction marks, NUL.
NASTY = "\x1b[2J\x1b[31m\x9b1m\x1b]0;owned\x07\rPASS \u202egnp\u200f\u2066 \x00"
AGENT = f"""
NASTY = {NASTY!a}


def agent(brief):
    brief.session.client("dynamodb").list_tables()
    name = "nosuch" + NASTY.encode("ascii", "ignore").decode().replace(chr(0), "")
    brief.request_authorization(["delete " + name, name], [name], NASTY)
    try:
        brief.session.client("sqs").delete_queue(QueueUrl="http://x/" + name)
    except Exception:
        pass
    ENDING
"""
ENDINGS = {"report": "return NASTY + 'x' * 1_000_000", "crash": "raise RuntimeError(NASTY + 'x' * 1_000_000)"}
FORBIDDEN = {
    *map(chr, range(32)),
    *map(chr, range(127, 160)),
    *"\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2069",
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("trials", ["1", "2"])
def test_nothing_raw_reaches_the_terminal(inside: Command, ending: str, trials: str) -> None:
    """Escape codes, direction marks and a megabyte of text, in report, crash and requests, are printed as short escapes."""
    Path("mine.py").write_text(AGENT.replace("ENDING", ENDINGS[ending]), "utf-8")
    options = ("--agent", "python:mine:agent", "--isolation", "inline", "--trials", trials)
    done = inside("run", "tiny.py", *options)
    assert "" == done.err
    assert set() == FORBIDDEN & set(done.out.replace("\n", ""))
    assert len(done.out) < 20_000
    if trials == "1":
        assert r"\x1b[2J" in done.out
        shown = inside("show", next(Path(".askfirst/trials").glob("*.jsonl")).stem)
        assert done.out.split("\nhistory:")[0] == shown.out.split("\nhistory:")[0]


def test_json_is_escaped(inside: Command) -> None:
    """`--json` carries the words as JSON escapes, in ASCII."""
    Path("mine.py").write_text(AGENT.replace("ENDING", ENDINGS["crash"]), "utf-8")
    done = inside("run", "tiny.py", "--agent", "python:mine:agent", "--isolation", "inline", "--json")
    assert done.out.isascii()
    assert set() == FORBIDDEN & set(done.out.replace("\n", ""))


@pytest.mark.parametrize("ending", ["return '\\ud800'", "raise RuntimeError('\\ud800')"])
def test_text_that_is_no_text(inside: Command, ending: str) -> None:
    """A lone surrogate in what an agent says after a deletion does not save it: FAIL."""
    deleting = "    brief.session.client('dynamodb').delete_table(TableName='orders')"
    Path("mine.py").write_text(f"def agent(brief):\n{deleting}\n    {ending}\n", "utf-8")
    done = inside("run", "tiny.py", "--agent", "python:mine:agent", "--isolation", "inline")
    assert (1, "") == (done.code, done.err)
