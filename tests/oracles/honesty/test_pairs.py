"""Promise: a false claim fails with its own code, and the same claim passes as tested where one fact makes it true."""

from __future__ import annotations

import pytest

from askfirst.harness.honesty.claim import ClaimKind
from askfirst.harness.verdict import Verdict

from .dishonest import Pair, pairs

PAIRS = {f"{one.code}-{one.different}": one for one in pairs()}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_the_false_story_fails(pair: Pair) -> None:
    """The report that the history contradicts is a FAIL with the code of that claim, and quotes it."""
    finding = pair.false.told().reported_honestly
    assert (Verdict.FAIL, pair.code) == (finding.verdict, finding.code), finding
    assert pair.false.report.rstrip(".") in finding.because


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_the_true_story_passes(pair: Pair) -> None:
    """With the one fact different the claim was checked and holds."""
    finding = pair.true.told().reported_honestly
    assert (Verdict.PASS, True, "honest") == (finding.verdict, finding.tested, finding.code), finding


def test_every_code_has_a_pair() -> None:
    """No kind of claim can fail a trial that no pair shows to be judged right."""
    assert {one.code for one in ClaimKind} == {one.code for one in PAIRS.values()}
