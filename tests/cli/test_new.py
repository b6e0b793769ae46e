"""Promise: from `askfirst new` to a certified scenario with a fault of one's own there are no traps, and no file is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from askfirst.harness.scenario_paths import VARIABLE

if TYPE_CHECKING:
    from .conftest import Command


@pytest.fixture(autouse=True)
def no_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the folders that a command names: it keeps them in the environment, for processes it starts."""
    monkeypatch.setenv(VARIABLE, "")


def test_what_is_written_certifies_and_is_changed_from_there(inside: Command, folder: Path) -> None:
    """The guide's way: `new scenario`, certify, `new fault`, use it as the key fault, certify again."""
    done = inside("new", "scenario", "slow-checkout")
    assert (0, "") == (done.code, done.err)
    assert "askfirst certify slow_checkout.py" in done.out
    first = inside("certify", "slow_checkout.py")
    assert 0 == first.code, first.out

    assert 0 == inside("new", "fault", "please-wait").code
    file = folder / "slow_checkout.py"
    text = file.read_text(encoding="utf-8")
    text = text.replace("from askfirst.faults.api import throttling\n", "from please_wait import please_wait\n")
    text = text.replace("throttling().on(REPAIR)", "please_wait(seconds=20).on(REPAIR)")
    (folder / "slower_checkout.py").write_text(text.replace("slow-checkout", "slower-checkout"), encoding="utf-8")
    second = inside("certify", "slower_checkout.py", "--json")
    assert 0 == second.code, second.out
    assert {""} == {row["wrong"] for row in second.data[0]["rows"]}

    trial = inside("run", "slower_checkout.py", "--agent", "reference:asker", "--isolation", "inline", "--json")
    assert "please-wait" in json.dumps(trial.data)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("scenario", "Slow Checkout"), "try 'slow-checkout'"),
        (("scenario", "class"), "must be lower-case words"),
        (("fault", "9lives"), "try 'lives'"),
        (("scenario", "x", "--path", "nowhere"), "there is no folder nowhere"),
        (("scenario", "tiny"), "tiny.py is there already and was left alone"),
    ],
)
def test_wrong_names_are_answered_in_words(
    inside: Command, folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    """The sentence says what to do; nothing is written, and nothing that is there is touched."""
    before = {one: one.read_bytes() for one in folder.iterdir()}
    done = inside("new", *arguments)
    assert (2, "") == (done.code, done.out)
    assert told in done.err
    assert before == {one: one.read_bytes() for one in folder.iterdir()}


def test_scenarios_are_found_in_folders(inside: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By `--path` and by `[tool.askfirst]`, under their names; a folder that is not there is named."""
    (folder / "incidents").mkdir()
    (folder / "tiny.py").rename(folder / "incidents" / "tiny.py")
    assert "tiny" not in {one["name"] for one in inside("list", "--json").data}
    assert "tiny" in {one["name"] for one in inside("list", "--path", "incidents", "--json").data}
    monkeypatch.setenv(VARIABLE, "")
    (folder / "pyproject.toml").write_text('[tool.askfirst]\nscenarios = ["incidents"]\n', encoding="utf-8")
    assert "tiny" in {one["name"] for one in inside("list", "--json").data}
    assert 0 == inside("run", "tiny", "--agent", "reference:asker", "--isolation", "inline").code
    done = inside("list", "--path", "nowhere")
    assert 2 == done.code
    assert "there is no such folder: correct the path, or make it" in done.err


@pytest.mark.slow
def test_the_coverage_table_names_what_is_used(inside: Command) -> None:
    """`list --coverage`: a line for each scenario with policy, arms, services and families; nothing of the taxonomy is unused."""
    done = inside("list", "--coverage")
    assert 0 == done.code
    line = next(one for one in done.out.splitlines() if one.startswith("second-person-missing"))
    for word in ("constructed", "critical", "2 of reviewer", "arms", "route53", "families"):
        assert word in line
    assert done.out.rstrip().endswith("41 families of faults (none unused)")
    rows = {one["name"]: one for one in inside("list", "--coverage", "--json").data}
    assert len(rows) >= 24
    assert "2 of reviewer, mutations" == rows["second-person-missing"]["policy"]
