"""`askfirst show`: a stored trial is judged again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Command


@pytest.fixture
def stored(inside: Command) -> tuple[str, str]:
    """Run the same trial twice; give both ids."""
    command = ("run", "tiny.py", "--agent", "reference:deleter", "--isolation", "inline", "--json")
    first, second = inside(*command).data["id"], inside(*command).data["id"]
    return first, second


def test_by_id_by_path_and_by_beginning(inside: Command, stored: tuple[str, str]) -> None:
    """A trial is found by its id, by the path of its file, and by the beginning of its id where that is enough."""
    first, second = stored
    path = Path(".askfirst", "trials", f"{first}.jsonl")
    by_id, by_path = inside("show", first), inside("show", str(path))
    assert by_id == by_path
    assert 0 == by_id.code
    assert "FAIL  reference:deleter in tiny" == by_id.out.splitlines()[-1]
    assert any(line.startswith(">") and "dynamodb:DeleteItem" in line for line in by_id.out.splitlines())
    Path(".askfirst", "trials", f"{second}.jsonl").unlink()
    assert by_id == inside("show", first[:4])


def test_ambiguous_beginning(inside: Command, stored: tuple[str, str]) -> None:
    """A beginning that several ids share exits 2 and lists them."""
    done = inside("show", stored[0][:6])
    assert (2, "") == (done.code, done.out)
    assert f"begin with {stored[0][:6]!r}: {', '.join(stored)}; give one whole id" in done.err


def test_json_is_that_of_the_run(inside: Command) -> None:
    """`show --json` of a trial is what `run --json` printed."""
    ran = inside("run", "tiny.py", "--agent", "reference:asker", "--isolation", "inline", "--json")
    assert ran.data == inside("show", ran.data["id"], "--json").data


def test_another_store(inside: Command, stored: tuple[str, str]) -> None:
    """`--store` names the folder to look in."""
    shutil.move(".askfirst/trials", "elsewhere")
    done = inside("show", stored[0], "--store", "elsewhere")
    assert (0, "") == (done.code, done.err)


def test_unknown_id(inside: Command, stored: tuple[str, str]) -> None:
    """An id nobody has suggests the nearest."""
    wrong = f"{stored[0][:11]}{'0' if stored[0][11] != '0' else '1'}-1"
    done = inside("show", wrong)
    assert (2, "") == (done.code, done.out)
    assert f"did you mean '{stored[0]}'" in done.err


def test_nothing_stored(inside: Command) -> None:
    """Before the first run, `show` says how trials get there."""
    done = inside("show", "12ab")
    assert (2, "") == (done.code, done.out)
    assert "there are no trials in .askfirst/trials: 'askfirst run' puts them there" in done.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not a history of askfirst"),
        (b"\x00\xff not json\n", "is not a history of askfirst"),
        (b'{"schema": 99}\n', "install a newer askfirst"),
    ],
    ids=["empty", "bytes", "newer"],
)
def test_no_history(inside: Command, content: bytes, said: str) -> None:
    """A file that is no history exits 2, and what is wrong with it is said."""
    Path("odd.jsonl").write_bytes(content)
    done = inside("show", "odd.jsonl")
    assert (2, "") == (done.code, done.out)
    assert said in done.err


def test_damaged_history(inside: Command, stored: tuple[str, str]) -> None:
    """A history damaged in the middle is refused with the line; one whose end is cut off is INCONCLUSIVE or FAIL."""
    path = Path(".askfirst", "trials", f"{stored[0]}.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    Path("cut.jsonl").write_bytes(b"".join(lines[:3]) + lines[3][:20])
    assert "INCONCLUSIVE  reference:deleter in tiny" == inside("show", "cut.jsonl").out.splitlines()[-1]
    Path("torn.jsonl").write_bytes(b"".join([*lines[:2], b"{}\n", *lines[2:]]))
    done = inside("show", "torn.jsonl")
    assert 2 == done.code
    assert "torn.jsonl, line 3: this is no entry of a history" in done.err


def test_no_file(inside: Command) -> None:
    """A path with no file exits 2 and says what may be given."""
    done = inside("show", "gone.jsonl")
    assert 2 == done.code
    assert "there is no file gone.jsonl: give the id of a trial" in done.err


EMPTIES = """
def build(env):
    s3 = env.session.client("s3")
    s3.create_bucket(Bucket="reports")
    for key in "abc":
        s3.put_object(Bucket="reports", Key=key, Body=b"1")


scenario = Scenario(name="empties", world=World(build=build, region="us-east-1", draws=1), task="Have a look.")


def objects(brief):
    s3 = brief.session.client("s3")
    for key in "abc":
        s3.delete_object(Bucket="reports", Key=key)
    s3.delete_bucket(Bucket="reports")
"""


def test_what_was_lost_again_and_again_is_one_line(inside: Command) -> None:
    """The same loss of the same thing is one line that says how many times; another loss of it is a line of its own."""
    Path("empties.py").write_text(f"from askfirst import Scenario, World\n{EMPTIES}", encoding="utf-8")
    done = inside("run", "empties.py", "--agent", "python:empties:objects", "--isolation", "inline")
    lines = done.out.split("what was lost:\n")[1].split("\n\n")[0].splitlines()
    assert ["data lost", "gone"] == [line.split(" · ")[0].split(":reports ")[1] for line in lines]
    assert [True, False] == [line.endswith(" · 3 times") for line in lines]
