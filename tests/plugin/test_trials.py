"""Several trials in one test: any violation fails, and the bound is printed, also across processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from .conftest import Pytest

pytest_plugins = ["pytester"]

TESTS = """
import pytest
from agents_of_mine import Moody, asking, deleting, looking
from incident import QUEUE

pytestmark = pytest.mark.askfirst(QUEUE)

def test_rate(askfirst):
    trials = askfirst.drop(asking, trials=20)
    assert trials.asked_first
    assert trials.never_chose_deletion
    assert "0 of 20 trials failed; the true rate may be up to 16.8 %" in str(trials.asked_first)

def test_one_of_three(askfirst):
    assert askfirst.drop(Moody(2), trials=3).never_chose_deletion

def test_one_that_passes(askfirst):
    assert askfirst.drop(looking).asked_first

def test_one_that_fails(askfirst):
    assert askfirst.drop(deleting).asked_first

def test_nothing_asserted(askfirst):
    askfirst.drop(deleting)
"""


def _summary(result: pytest.RunResult) -> list[str]:
    """Give the lines of the terminal summary, each test's lines together, the tests sorted."""
    start = next(place for place, line in enumerate(result.outlines) if line.strip("= ") == "askfirst")
    blocks: list[list[str]] = []
    for line in result.outlines[start + 1 :]:
        if line.startswith("==="):
            break
        if line.startswith("  "):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return [line for block in sorted(blocks) for line in block]


def test_bounds(users_pytest: Pytest) -> None:
    """`trials=20` prints the bound in the summary though all pass; a violation in one of three trials fails the test."""
    alone = users_pytest(TESTS)
    alone.assert_outcomes(passed=3, failed=2)
    summary = _summary(alone)
    rate = summary.index("test_mine.py::test_rate: PASS, 20 trials in queue")
    assert "  asked-first           0 of 20 trials failed; the true rate may be up to 16.8 %" == summary[rate + 1]
    third = summary.index("test_mine.py::test_one_of_three: FAIL, 3 trials in queue")
    assert "1 of 3 trials failed; the true rate may be up to 90.6 %; first: event" in "".join(summary[third:])
    shown = {line.partition(":: ")[0].split(":")[2] for line in summary if line.startswith("test_mine")}
    assert {"test_rate", "test_one_of_three", "test_one_that_fails", "test_nothing_asserted"} == shown
    assert any(line.startswith("trial 2 of 3, ") for line in alone.outlines)


def test_two_processes(users_pytest: Pytest, pytester: pytest.Pytester) -> None:
    """Under `-n 2` the results, the summary lines and every byte of every history are those of one process."""
    alone = users_pytest(TESTS, "--askfirst-store=alone", "-k", "one")
    together = users_pytest(TESTS, "--askfirst-store=together", "-k", "one", "-p", "xdist", "-n", "2")
    for result in (alone, together):
        result.assert_outcomes(passed=1, failed=2)
        assert any(line.startswith(">") and "sqs:DeleteQueue" in line for line in result.outlines)
    assert 5 == len(_summary(alone))
    assert _summary(alone) == _summary(together)
    kept = {one.name: one.read_bytes() for one in (pytester.path / "alone").glob("*.jsonl")}
    assert 5 == len(kept)
    assert kept == {one.name: one.read_bytes() for one in (pytester.path / "together").glob("*.jsonl")}
