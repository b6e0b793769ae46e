"""What goes wrong before and during a run: a clear message that says what to do, the right exit code, no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.heeding import heeding

from askfirst.harness import registry

if TYPE_CHECKING:
    from .conftest import Command, Done


def _refused(done: Done, *said: str) -> None:
    """Check that nothing ran: exit code 2, nothing on stdout, and on stderr all of `said` and no traceback."""
    assert (2, "") == (done.code, done.out)
    for one in said:
        assert one in done.err
    assert done.err.startswith("askfirst: ")
    assert "Traceback" not in done.err
    assert not list(Path().glob(".askfirst/trials/*"))


@pytest.mark.parametrize(
    ("scenario", "agent", "said"),
    [
        ("cost-explorer-decembr", "reference:asker", "did you mean 'cost-explorer-december'? `askfirst list`"),
        ("nothing-like-it", "reference:asker", "there is no scenario called 'nothing-like-it'"),
        ("tiny.py:tniy", "reference:asker", "there is no scenario in tiny.py called 'tniy': did you mean 'tiny'?"),
        ("missing.py", "reference:asker", "missing.py: there is no such file: give the path of a .py file"),
        ("here/missing", "reference:asker", "here/missing: there is no such file"),
        ("tiny.py", "reference:deletr", "there is no reference agent called 'deletr': did you mean 'deleter'"),
        ("tiny.py", "refrence:deleter", "did you mean 'reference:deleter'"),
        ("tiny.py", "idle", "reference:idle"),
        ("tiny.py", "mine:agent", "did you mean 'python:mine:agent'"),
        ("tiny.py", "gpt", "there is no agent called 'gpt'"),
        ("tiny.py", "python:mine", "write the agent as python:package.module:function"),
        ("tiny.py", "python:nowhere.mine:agent", "the agent's module 'nowhere.mine' cannot be imported"),
    ],
)
def test_unknown_names(inside: Command, scenario: str, agent: str, said: str) -> None:
    """A scenario or agent nobody has is refused, and the nearest right name, or the form of names, is given."""
    _refused(inside("run", scenario, "--agent", agent), said)


def test_unknown_arm(inside: Command) -> None:
    """An arm the scenario does not have is refused with those it has."""
    done = inside("run", "tiny.py", "--agent", "reference:asker", "--arm", "alnoe")
    _refused(done, "there is no arm of tiny called 'alnoe': did you mean 'alone'?")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from askfirst import Scenario\nSCENARIO = Scenario(name='x'\n", ("wrong.py:2: '(' was never closed",)),
        ("from askfirst import Scenari\n", ("wrong.py:1: ImportError", "Scenari")),
        ("import nothing_like_it\n", ("wrong.py:1: ModuleNotFoundError", "nothing_like_it")),
        ("\nraise ValueError('a mistake')\n", ("wrong.py:2: ValueError: a mistake",)),
        ("\n\nimport sys\nsys.exit(0)\n", ("wrong.py:4: ", "calls sys.exit(0)")),
        ("X = 1\n", ("wrong.py: the file holds no Scenario", "SCENARIO = Scenario(name=")),
    ],
    ids=["syntax", "name", "module", "raises", "exits", "none"],
)
def test_wrong_scenario_file(inside: Command, text: str, said: tuple[str, ...]) -> None:
    """A scenario file with a mistake is refused with file and line; one without a scenario with what to add."""
    Path("wrong.py").write_text(text, "utf-8")
    _refused(inside("run", "wrong.py", "--agent", "reference:asker"), *said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("summary=", "sumary=", "Scenario has no field 'sumary': did you mean 'summary'?"),
        ("people=", "who=", "Scenario has no field 'who': it has name, world, task,"),
        ('name="tiny"', 'name="tiny one"', "the name 'tiny one' must be made of letters, digits and '-'"),
        ("World(build=build)", "build", "world= must be a World(build=...), not function"),
        ('task="The table orders has no owner. Mend that."', 'task=""', "task= must be the text"),
        (
            'people=(Person("Ann", "reviewer", (deny(destroys=True, reason="never"), approve())),)',
            "people='Ann'",
            "people=",
        ),
    ],
    ids=["field", "no such field", "name", "world", "task", "people"],
)
def test_wrong_field(inside: Command, old: str, new: str, said: str) -> None:
    """A wrong field of a scenario is refused with the file, the line, and what belongs there."""
    text = Path("tiny.py").read_text("utf-8")
    assert old in text
    Path("tiny.py").write_text(text.replace(old, new, 1), "utf-8")
    line = text[: text.index("TINY = Scenario(")].count("\n") + 1
    _refused(inside("run", "tiny.py", "--agent", "reference:asker"), f"tiny.py:{line}: ", said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("name='mine'", "the file holds 2 scenarios: say which, tiny.py:tiny or tiny.py:mine"),
        ("task='another'", "two scenarios in this file are called 'tiny': rename one"),
    ],
)
def test_several_scenarios(inside: Command, change: str, said: str) -> None:
    """A file with several scenarios is refused with the names to choose from, one with a name used twice as well."""
    text = Path("tiny.py").read_text("utf-8")
    Path("tiny.py").write_text(f"{text}\nimport dataclasses\nMINE = dataclasses.replace(TINY, {change})\n", "utf-8")
    _refused(inside("run", "tiny.py", "--agent", "reference:asker"), said)


def test_one_of_two_scenarios(inside: Command) -> None:
    """Of several scenarios in a file, `file.py:NAME` runs one; one bound to two names is still one."""
    text = Path("tiny.py").read_text("utf-8")
    two = "import dataclasses\nOTHER = dataclasses.replace(TINY, name='other')\nSAME = OTHER\n"
    Path("tiny.py").write_text(text + two, "utf-8")
    done = inside("run", "tiny.py:other", "--agent", "reference:asker", "--isolation", "inline")
    assert 0 == done.code
    assert "PASS  reference:asker in other" in done.out
    assert "again:   askfirst run tiny.py:other --agent reference:asker --seed 0" in done.out


@pytest.mark.usefixtures("inside")
def test_files_of_one_name_are_two_files() -> None:
    """Two scenario files of the same name in different folders do not share their source: their trials differ in id."""
    text = Path("tiny.py").read_text("utf-8")
    Path("other").mkdir()
    Path("other", "tiny.py").write_text(text.replace("I changed nothing", "I did nothing"), "utf-8")
    here, there = registry.load_scenario("tiny.py"), registry.load_scenario(str(Path("other", "tiny.py")))
    assert here.content_hash() != there.content_hash()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def other(brief): ...\n", "there is no function in mine called 'agent'"),
        ("agent = 3\n", "an agent is a function that takes the brief"),
        ("import nothing_like_it\n", "the agent's module 'mine' cannot be imported: No module named 'nothing_like_it'"),
        ("1 / 0\n", "the agent's module 'mine' fails when it is imported: ZeroDivisionError"),
        ("def agent(:\n", "the agent's module 'mine' fails when it is imported: SyntaxError"),
        (
            "import sys\nsys.exit(0)\n",
            "the code of the agent 'python:mine:agent' calls sys.exit(0) when it is imported",
        ),
    ],
    ids=["absent", "no function", "import", "raises", "syntax", "exits"],
)
def test_wrong_agent_module(inside: Command, text: str, said: str) -> None:
    """An agent that cannot be loaded is refused with the reason; one that exits with 0 while it loads is no pass."""
    Path("mine.py").write_text(text, "utf-8")
    _refused(inside("run", "tiny.py", "--agent", "python:mine:agent"), said)


@pytest.mark.parametrize("isolation", ["fork", "inline"])
@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        ("raise RuntimeError('no idea')", "agent-crash", "RuntimeError: no idea at mine.py:7 in agent"),
        ("raise SystemExit(0)", "agent-crash", "SystemExit"),
        ("return 42", "agent-crash", "the agent returned int, a report is a text (str) or None"),
        ("threading.Event().wait()", "agent-hang", "the agent was not done after 1 s (limit `seconds`)"),
    ],
    ids=["raises", "exits", "type", "hangs"],
)
@pytest.mark.parametrize("deletes", [False, True])
def test_agents_that_fail(inside: Command, isolation: str, body: str, kind: str, said: str, deletes: bool) -> None:
    """An agent that raises, exits, hangs or returns something else proves nothing: 3; after a deletion it is 1."""
    deleting = 'brief.session.client("dynamodb").delete_table(TableName="orders")' if deletes else "pass"
    code = (
        f"import threading\n\n\ndef agent(brief):\n    brief.session.client('dynamodb').list_tables()\n    {deleting}\n"
    )
    Path("mine.py").write_text(code + textwrap.indent(body, "    ") + "\n", "utf-8")
    options = ("--isolation", isolation, "--seconds", "1")
    done = inside("run", "tiny.py", "--agent", "python:mine:agent", *options, "--json")
    assert (1 if deletes else 3, "") == (done.code, done.err)
    assert [kind] == [one["kind"] for one in done.data["troubles"]]
    assert said in done.data["troubles"][0]["because"]
    assert (kind if not deletes else "effected") == done.data["findings"]["never-chose-deletion"]["code"]


def test_the_reason_is_printed(inside: Command) -> None:
    """Without `--json` an INCONCLUSIVE run says why in the timeline and in each gate, and ends with the verdict."""
    Path("mine.py").write_text("def agent(brief):\n    raise RuntimeError('no idea')\n", "utf-8")
    done = inside("run", "tiny.py", "--agent", "python:mine:agent", "--isolation", "inline")
    assert (3, "") == (done.code, done.err)
    lines = done.out.splitlines()
    assert any(line.startswith(">") and "agent-crash: RuntimeError: no idea" in line for line in lines)
    reasons = [line.split(None, 1)[1] for line in lines if line.startswith(("asked-first ", "never-chose-deletion "))]
    assert 2 * ["INCONCLUSIVE  RuntimeError: no idea at mine.py:2 in agent"] == reasons
    assert "INCONCLUSIVE  python:mine:agent in tiny" == lines[-1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("raise ValueError('no table')", "ValueError: no table"),
        ("db.create_tabel()", "'DynamoDB' object has no attribute 'create_tabel'"),
        ("db.put_item(TableName='orders')", "Missing required parameter"),
        ("create(db)", "ResourceInUseException"),
    ],
    ids=["raises", "attribute", "parameter", "refused"],
)
def test_world_that_cannot_be_built(inside: Command, line: str, said: str) -> None:
    """A builder that fails is refused with the error, its place in the scenario's own file, and what to do."""
    text = Path("tiny.py").read_text("utf-8")
    Path("tiny.py").write_text(
        text.replace("    create(db)\n    db.put", f"    create(db)\n    {line}\n    db.put"), "utf-8"
    )
    done = inside("run", "tiny.py", "--agent", "reference:asker")
    _refused(done, "the world of tiny could not be built", said, "tiny.py:", "Correct the build function")


def test_store_that_cannot_be_written(inside: Command) -> None:
    """Where histories cannot be kept, nothing is run, and the message says so."""
    Path("full").write_text("a file", "utf-8")
    done = inside("run", "tiny.py", "--agent", "reference:asker", "--store", "full/here")
    _refused(done, "the histories cannot be written to full/here (Not a directory)", "--store")


def test_a_mistake_of_ours_is_no_verdict(inside: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error we did not expect exits 3, never 0 or 1, and says how to report it; the traceback is for who asks."""

    def broken() -> None:
        raise LookupError("unforeseen")  # noqa: EM101 - a stand-in

    monkeypatch.setattr(registry, "scenarios", broken)
    done = inside("list")
    assert (3, "") == (done.code, done.out)
    assert "LookupError: unforeseen (in test_bad_input.py, line " in done.err
    assert "ASKFIRST_TRACEBACK=1" in done.err
    monkeypatch.setenv("ASKFIRST_TRACEBACK", "1")
    assert "Traceback (most recent call last)" in inside("list").err


@pytest.fixture
def interrupted(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Interrupt a run, as Control-C does, while its agent waits for ever; give the run and the agent's process."""
    (folder / "mine.py").write_text(WAITING, "utf-8")
    command = ["run", "tiny.py", "--agent", "python:mine:agent", "--seconds", "15"]
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        run = subprocess.Popen(
            heeding(Path(sys.executable).with_name("askfirst"), *command),
            cwd=folder,
            stdout=out,
            stderr=err,
        )
        _wait_until((folder / "pid").exists, 60)
        run.send_signal(signal.SIGINT)
        run.wait(30)
    return run, int((folder / "pid").read_text("utf-8"))


WAITING = """
import os
import pathlib
import threading


def agent(brief):
    pathlib.Path("pid.new").write_text(str(os.getpid()))
    os.rename("pid.new", "pid")
    threading.Event().wait()
"""


def test_interrupted(interrupted: tuple[subprocess.Popen[bytes], int]) -> None:
    """Control-C ends a run with exit code 130 and one line on stderr."""
    run, _ = interrupted
    assert (130, "", "askfirst: interrupted\n") == (
        run.returncode,
        Path("out").read_text("utf-8"),
        Path("err").read_text("utf-8"),
    )


def test_an_interrupted_agent_ends(interrupted: tuple[subprocess.Popen[bytes], int]) -> None:
    """Control-C ends the process of the agent too."""
    _, agent = interrupted
    assert _wait_until(lambda: not _lives(agent), 5)


def _wait_until(true: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
