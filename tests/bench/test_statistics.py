"""Promise: printed intervals and comparisons are right: they agree with scipy and statsmodels, and hold under clustering."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.harness.bench import statistics as ours
from askfirst.harness.bench.statistics import Counts
from askfirst.harness.rates import upper_bound

GRID = [
    (k, n) for n in (1, 2, 5, 20, 50, 300, 2000) for k in sorted({0, 1, 2, n // 7, n // 2, n - 1, n}) if 0 <= k <= n
]
RARE = [(0.3, 9.7), (3.0, 97.0), (0.05, 4.95)]
"""Rates per scenario: strongly and mildly clustered around 3 %, and rare ones around 1 %."""


def test_intervals_are_those_of_scipy() -> None:
    """Clopper and Pearson's over a grid, to nine digits, and of numbers that are not whole by the quantiles of beta."""
    stats = pytest.importorskip("scipy.stats", reason="scipy is not installed (group dev)")
    for k, n in GRID:
        theirs = stats.binomtest(k, n).proportion_ci(0.95, "exact")
        mine = ours.interval(k, n)
        assert (theirs.low, theirs.high) == pytest.approx((mine.low, mine.high), abs=1e-9), (k, n)
    for part, whole in [(0.4, 11.3), (2.7, 90.1), (31.9, 33.0)]:
        mine = ours.interval(part, whole)
        assert stats.beta.ppf(0.025, part, whole - part + 1) == pytest.approx(mine.low, abs=1e-9)
        assert stats.beta.ppf(0.975, part + 1, whole - part) == pytest.approx(mine.high, abs=1e-9)


def test_quantiles_are_those_of_scipy() -> None:
    """Of Student's distribution and of beta, near and far in the tails."""
    stats = pytest.importorskip("scipy.stats", reason="scipy is not installed (group dev)")
    for share, freedom in itertools.product((0.6, 0.9, 0.975, 0.999), (1, 2, 7, 19, 399, 5000)):
        assert stats.t.ppf(share, freedom) == pytest.approx(ours.t_quantile(share, freedom), rel=1e-7)
    for share, a, b in itertools.product((0.001, 0.025, 0.5, 0.975), (0.5, 3, 140), (0.5, 9, 3000)):
        assert stats.beta.ppf(share, a, b) == pytest.approx(ours.beta_quantile(share, a, b), abs=1e-9)


def test_holm_is_that_of_statsmodels() -> None:
    """Over random p-values, in the order given."""
    multiple = pytest.importorskip("statsmodels.stats.multitest", reason="statsmodels is not installed (group dev)")
    dice = random.Random(7)
    for size in (1, 2, 5, 30):
        values = [dice.random() ** 3 for _ in range(size)]
        assert list(multiple.multipletests(values, method="holm")[1]) == pytest.approx(list(ours.holm(values)))


def test_sign_flips_are_those_of_scipy() -> None:
    """Counted in full where there are few scenarios, and drawn where there are many."""
    stats = pytest.importorskip("scipy.stats", reason="scipy is not installed (group dev)")
    dice = random.Random(3)
    for size in (2, 4, 9, 12, 40):
        told = [dice.choice([-0.4, -0.2, 0.2, 0.6, 1.0]) for _ in range(size)]
        theirs = stats.permutation_test((told,), sum, permutation_type="samples", vectorized=False, n_resamples=10**4)
        assert theirs.pvalue == pytest.approx(ours.sign_flip(told), abs=0.02 if size > ours.EXACTLY else 1e-9)


def test_the_figures_of_the_papers() -> None:
    """Twenty clean trials show up to 16.8 %; watched all along, 22.4 %; pass^k is unbiased; five scenarios are too few."""
    assert 0.1684 == pytest.approx(ours.interval(0, 20).high, abs=1e-4)
    assert 0.224 == pytest.approx(ours.anytime(0, 20), abs=5e-4)
    assert 0.0070 == pytest.approx(ours.anytime(0, 1000), abs=5e-5)
    assert [0.75, 0.536, 0.214, 0.0] == pytest.approx([ours.always([Counts(6, 8)], k) for k in (1, 2, 4, 8)], abs=5e-4)
    assert None is ours.always([Counts(6, 8), Counts(1, 3)], 4)
    assert (0.0625, 0.03125) == (ours.sign_flip([1.0] * 5), ours.sign_flip([1.0] * 6))
    assert 1.0 == ours.sign_flip([0.0, 0.0])


@given(st.integers(0, 60), st.integers(1, 60))
def test_one_bound_is_printed_everywhere(k: int, more: int) -> None:
    """What `run` prints for trials is the upper end of the same interval, and the interval holds the rate."""
    n = k + more
    mine = ours.interval(k, n)
    assert upper_bound(k, n) == pytest.approx(mine.high, abs=1e-6)
    assert mine.low <= k / n <= mine.high
    assert ours.anytime(k, n) >= mine.low


@pytest.mark.parametrize("shape", RARE)
def test_intervals_hold_under_clustering(shape: tuple[float, float]) -> None:
    """Of 400 simulated benchmarks of 20 scenarios and 15 seeds the interval holds the true rate in 93 % or more."""
    dice, held, rounds = random.Random(11), 0, 400
    truth = shape[0] / sum(shape)
    for _ in range(rounds):
        clusters = []
        for _scenario in range(20):
            rate = dice.betavariate(*shape)
            clusters.append(Counts(sum(dice.random() < rate for _ in range(15)), 15))
        found = ours.clustered(clusters)
        held += found.low <= truth <= found.high
    assert held / rounds >= 0.93


def test_equal_agents_are_rarely_told_apart() -> None:
    """Of 300 pairs that are the same on average, clustered by scenario, no more than 5 % look different at 5 %."""
    dice, told, rounds = random.Random(5), 0, 300
    for _ in range(rounds):
        differences = []
        for _scenario in range(20):
            first, second = (dice.betavariate(0.3, 9.7) for _ in range(2))
            differences.append(sum((dice.random() < first) - (dice.random() < second) for _ in range(10)) / 10)
        told += ours.sign_flip(differences) <= 0.05
    assert told / rounds <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / rounds)


def test_power_grows_with_what_there_is_to_see() -> None:
    """More trials, more scenarios, a larger difference: each shows more; without a difference it stays at 5 % or less."""
    assert ours.power(0.01, 0.05, 20, 5) < ours.power(0.01, 0.05, 20, 20)
    assert ours.power(0.01, 0.10, 10, 10) < ours.power(0.01, 0.10, 30, 10)
    assert ours.power(0.0, 0.10, 29, 5) > 0.6
    assert ours.power(0.03, 0.03, 29, 10) <= 0.06


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=12))
def test_clusters_are_never_narrower_than_one_trial_each(pairs: list[tuple[int, int]]) -> None:
    """Whatever the counts: between 0 and 1, around the rate, and no narrower than if all trials were independent."""
    clusters = [Counts(min(k, n), n) for k, n in pairs]
    k, n = sum(one.k for one in clusters), sum(one.n for one in clusters)
    found, alone = ours.clustered(clusters), ours.interval(k, n)
    assert 0 <= found.low <= found.high <= 1
    assert found.high >= alone.high - 1e-9
    assert found.low <= alone.low + 1e-9
