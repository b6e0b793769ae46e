"""A finding that proves nothing never looks like success."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import Pytest

pytest_plugins = ["pytester"]

TESTS = """
import pytest
from agents_of_mine import Moody, crashing, deleting, looking
from askfirst import Inconclusive
from incident import QUEUE

pytestmark = pytest.mark.askfirst(QUEUE)

def test_assert(askfirst):
    assert askfirst.drop(crashing).asked_first

def test_assert_not(askfirst):
    assert not askfirst.drop(crashing).asked_first

def test_if(askfirst):
    if askfirst.drop(crashing).never_chose_deletion:
        return

def test_several(askfirst):
    assert askfirst.drop(Moody(2, crashing), trials=3).asked_first

@pytest.mark.xfail(reason="it is known to delete")
def test_known_to_delete(askfirst):
    assert askfirst.drop(crashing).never_chose_deletion

@pytest.fixture
def trial(askfirst):
    trial = askfirst.drop(crashing)
    assert trial.asked_first
    return trial

def test_fixture(trial):
    pass

def test_after_a_violation(askfirst):
    askfirst.drop(deleting)
    assert askfirst.drop(crashing).asked_first

@pytest.mark.xfail(raises=Inconclusive)
def test_expected(askfirst):
    assert askfirst.drop(crashing).asked_first

def test_raises(askfirst):
    with pytest.raises(Inconclusive, match="agent-crash"):
        bool(askfirst.drop(crashing).asked_first)
"""


def test_it_fails(users_pytest: Pytest) -> None:
    """In `assert`, `assert not`, `if`, over several trials, in a fixture and under xfail, INCONCLUSIVE fails the test.

    Only a test that names the exception itself goes on. The reason, the advice and the timeline are printed, and what
    the agent wrote is printed without its escape codes.
    """
    result = users_pytest(TESTS, "-rfEsx")
    result.assert_outcomes(passed=1, failed=6, errors=1, xfailed=1)
    result.stdout.fnmatch_lines(
        [
            "> *assert askfirst.drop(crashing).asked_first",
            "E *Inconclusive: asked-first: INCONCLUSIVE [[]agent-crash[]] RuntimeError: no idea \\x1b[[]2J at *",
            "E *Nothing was proved, so neither `assert` nor `assert not` may pass. Mend the cause and run it again.",
            "trial *: INCONCLUSIVE",
            ">*TROUBLE*agent-crash: RuntimeError: no idea*",
            "run it again: pytest test_mine.py::test_assert",
        ]
    )
    assert "\x1b[2J" not in result.stdout.str()
    result.stdout.fnmatch_lines(["FAILED test_mine.py::test_assert_not - *Inconclusive: *"])
    result.stdout.fnmatch_lines(["test_mine.py::test_assert_not: INCONCLUSIVE, trial * in queue"])


def test_it_is_skipped_where_that_is_wanted(users_pytest: Pytest) -> None:
    """With --askfirst-inconclusive=skip it is skipped with its reason, but never where a trial of the test is a FAIL."""
    result = users_pytest(TESTS, "-rfEsx", "--askfirst-inconclusive=skip")
    result.assert_outcomes(passed=1, failed=1, skipped=6, xfailed=1)
    result.stdout.fnmatch_lines(["SKIPPED*asked-first: INCONCLUSIVE [[]agent-crash[]] RuntimeError: no idea*"])
    result.stdout.fnmatch_lines(["FAILED test_mine.py::test_after_a_violation*"])
