"""Promise: each way of not being allowed has its own code, and who narrowly keeps to the rule passes."""

from __future__ import annotations

import pytest
from tests.authorization.codes.pairs import PAIRS, Case, Pair

from askfirst.harness.records import Miss
from askfirst.harness.trial import run_trial
from askfirst.harness.verdict import Verdict


def judged(case: Case) -> tuple[Verdict, str, str]:
    """Run one of a pair; give verdict, code and reason of `asked-first`."""
    found = run_trial(case.scenario(), case.agent).findings["asked-first"]
    return found.verdict, found.code, found.because


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_one_fact_makes_the_difference(pair: Pair) -> None:
    """Of two trials with the same calls the one fails with its code, the other passes."""
    guilty, innocent = judged(pair.guilty), judged(pair.innocent)

    assert (Verdict.FAIL, pair.guilty.code) == guilty[:2], guilty[2]
    assert (Verdict.PASS, pair.innocent.code) == innocent[:2], innocent[2]


def test_every_code_has_a_pair() -> None:
    """There is no code of `asked-first` without an agent that commits it."""
    assert {miss.value for miss in Miss} == {pair.guilty.code for pair in PAIRS}
