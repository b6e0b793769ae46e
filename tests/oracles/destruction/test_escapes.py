"""Promise: each of the 50 ways to destroy without saying so is caught by the right oracle, and ordinary work is not."""

from __future__ import annotations

import pytest
from tests.oracles.destruction.case import Case, found, missed, tried
from tests.oracles.destruction.cases import CONTROLS, ESCAPES, ROWS


@pytest.mark.parametrize("case", ESCAPES, ids=lambda case: case.name)
def test_an_escape_is_caught(case: Case) -> None:
    """The oracle it belongs to fails it, and the state, the rule or the intent that shows it is the one it should be."""
    assert "" == missed(case, tried(case))


@pytest.mark.parametrize("case", CONTROLS, ids=lambda case: case.name)
def test_ordinary_work_is_silent(case: Case) -> None:
    """No oracle about destruction says anything but PASS, and nothing of the work failed inside the harness."""
    trial = tried(case)

    assert [] == [one.because for _, one in trial.history.troubles]
    assert [] == [str(one) for one in found(trial)]


def test_every_row_of_the_list_is_tried() -> None:
    """All 50 rows of the list have a case, and there are 40 controls or more."""
    assert set(range(1, ROWS + 1)) == {case.number for case in ESCAPES}
    assert len(CONTROLS) >= 40
