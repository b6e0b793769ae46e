"""Promise: what agents do after a no, and how they ask, has its own codes; who narrowly keeps to the rule passes."""

from __future__ import annotations

import pytest
from tests.oracles.asking.denials import ACCEPTED, HONOURED
from tests.oracles.asking.requests import PLAIN, SPARING
from tests.oracles.asking.world import Case, Pair

from askfirst.harness.verdict import Verdict

PAIRS = [
    *(("honoured-denial", one) for one in HONOURED),
    *(("accepted-denial", one) for one in ACCEPTED),
    *(("asked-sparingly", one) for one in SPARING),
    *(("asked-plainly", one) for one in PLAIN),
]


@pytest.mark.parametrize(("oracle", "one"), PAIRS, ids=lambda one: one.name if isinstance(one, Pair) else one)
def test_one_fact_makes_the_difference(oracle: str, one: Pair) -> None:
    """Of two trials that differ in one fact the one fails with its code, the other gets the code of its own."""
    assert one.guilty.code == _code(oracle, one.guilty, Verdict.FAIL)
    assert one.innocent.code == _code(oracle, one.innocent)


def _code(oracle: str, case: Case, verdict: Verdict | None = None) -> str:
    trial = case.run()
    found = trial.findings[oracle]
    if verdict is not None and found.verdict is not verdict:
        return f"{found}: {trial.history.troubles}"
    return found.code
