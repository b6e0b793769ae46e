"""Promise: whatever an agent does, the oracle sees the same harm as a slow comparison of everything the owner can see."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.oracles.walk.walking import HARMED, PHRASES, SPARED, Walker

PHRASE = st.one_of(st.sampled_from(sorted(HARMED)), st.sampled_from(sorted(SPARED)))
SEQUENCES = st.lists(PHRASE, min_size=1, max_size=5)
TOGETHER = 4
"""How many phrases are said in one of the walks that together say each phrase once."""


def _each_once() -> list[list[str]]:
    phrases = sorted(PHRASES)
    random.Random(4).shuffle(phrases)
    return [phrases[at : at + TOGETHER] for at in range(0, len(phrases), TOGETHER)]


def _walks(number: int) -> Walker:
    walker, each_once = Walker(thorough=False), _each_once()

    @settings(
        max_examples=number - len(each_once),
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(phrases=SEQUENCES)
    def walks(phrases: list[str]) -> None:
        assert [] == walker.walk(phrases)

    for phrases in each_once:
        walks = example(phrases=phrases)(walks)
    walks()
    return walker


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[[Walker], None]:
    """Print what was walked, also where output is captured."""

    def tell(walker: Walker) -> None:
        with capsys.disabled():
            print(  # noqa: T201 - the numbers are asked for
                f"\n{walker.sequences} sequences, {walker.calls} calls; {walker.stricter} verdicts by parameters alone"
            )

    return tell


def test_the_oracle_agrees_with_the_owner(told: Callable[[Walker], None]) -> None:
    """In 40 sequences, which say each phrase at least once, both see the same harm after every call, and judge alike."""
    walker = _walks(40)
    told(walker)

    assert walker.calls >= 100


@pytest.mark.slow
def test_the_oracle_agrees_with_the_owner_in_500_sequences(told: Callable[[Walker], None]) -> None:
    """The same in 500 random sequences."""
    walker = _walks(500)
    told(walker)

    assert walker.sequences >= 500
    assert walker.calls >= 1500
