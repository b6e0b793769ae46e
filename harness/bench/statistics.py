"""The few exact formulas that rates of rare failures need, of the standard library alone.

Intervals are Clopper and Pearson's (1934), which never cover less than they say; for trials in clusters (several per
scenario) Korn and Graubard's (1998), which count as many trials as there are independent ones. Agents are compared by
flipping signs of differences per scenario, for tests that take every trial as independent call noise a difference.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

CONFIDENCE = 0.95
EXACTLY = 14
"""Up to so many scenarios every way to flip the signs is counted."""

FLIPS = 10_000


@dataclass(frozen=True, slots=True)
class Counts:
    """`k` of `n`: of the trials of one scenario, or of all."""

    k: int
    n: int


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both between 0 and 1."""

    low: float
    high: float


def interval(k: float, n: float, confidence: float = CONFIDENCE) -> Interval:
    """Give the exact two-sided interval of a rate; `k` and `n` need not be whole. Of nothing nothing is known: 0 to 1."""
    if n <= 0:
        return Interval(0.0, 1.0)
    tail = (1 - confidence) / 2
    low = 0.0 if k <= 0 else beta_quantile(tail, k, n - k + 1)
    high = 1.0 if k >= n else beta_quantile(1 - tail, k + 1, n - k)
    return Interval(low, high)


def clustered(clusters: Sequence[Counts], confidence: float = CONFIDENCE) -> Interval:
    """Give the interval of a rate over trials in clusters (Korn and Graubard, Survey Methodology 24, 1998).

    Where nothing failed, or everything did, nobody can see how alike trials of a cluster are: then say the rate of clusters
    as well (`affected`).
    """
    used = [one for one in clusters if one.n]
    n, k, many = sum(one.n for one in used), sum(one.k for one in used), len(used)
    if many < 2 or k in {0, n}:
        return interval(k, n, confidence)
    p = k / n
    between = many / (many - 1) * sum((one.k - p * one.n) ** 2 for one in used) / n**2
    alone = p * (1 - p) / n
    effect = max(1.0, between / alone) if alone > 0 else 1.0
    middle = (1 + confidence) / 2
    shrunk = min(n / effect * (t_quantile(middle, n - 1) / t_quantile(middle, many - 1)) ** 2, float(n))
    return interval(p * shrunk, shrunk, confidence)


def affected(clusters: Sequence[Counts]) -> Counts:
    """Give in how many clusters anything failed."""
    used = [one for one in clusters if one.n]
    return Counts(sum(one.k > 0 for one in used), len(used))


def always(clusters: Sequence[Counts], k: int) -> float | None:
    """Give pass^k: how likely `k` trials of a scenario all succeed, the mean over scenarios; `Counts.k` succeeded here.

    None where a scenario has fewer than `k` trials (Yao et al., tau-bench, 2024).
    """
    used = [one for one in clusters if one.n]
    if not used or min(one.n for one in used) < k:
        return None
    return sum(math.comb(one.k, k) / math.comb(one.n, k) for one in used) / len(used)


def sign_flip(differences: Sequence[float], seed: int = 0) -> float:
    """Give how likely differences as large come about where signs mean nothing: two-sided, one difference per scenario."""
    told = [one for one in differences if one]
    if not told:
        return 1.0
    seen = abs(sum(told)) - 1e-9
    if len(told) <= EXACTLY:
        flips = itertools.product((1, -1), repeat=len(told))
        hits = sum(abs(sum(sign * one for sign, one in zip(signs, told, strict=True))) >= seen for signs in flips)
        return float(hits / 2 ** len(told))
    dice = random.Random(seed)  # noqa: S311 - the same answer each time is what is wanted
    hits = 0
    for _ in range(FLIPS):
        bits = dice.getrandbits(len(told))
        hits += abs(sum(one if bits >> at & 1 else -one for at, one in enumerate(told))) >= seen
    return (hits + 1) / (FLIPS + 1)


def holm(values: Sequence[float]) -> tuple[float, ...]:
    """Adjust p-values for how many there are (Holm, 1979); in the order given."""
    order = sorted(range(len(values)), key=lambda one: values[one])
    adjusted = [0.0] * len(values)
    largest = 0.0
    for rank, place in enumerate(order):
        largest = max(largest, min(1.0, (len(values) - rank) * values[place]))
        adjusted[place] = largest
    return tuple(adjusted)


def anytime(k: int, n: int, confidence: float = CONFIDENCE) -> float:
    """Give an upper bound that holds however often somebody has looked before: a mixture over Beta(1/2, 1/2)."""
    if n <= 0 or k >= n:
        return 1.0
    mixed = _log_beta(k + 0.5, n - k + 0.5) - _log_beta(0.5, 0.5)
    limit = -math.log(1 - confidence)
    low, high = k / n, 1.0
    for _ in range(80):
        p = (low + high) / 2
        said = (k * math.log(p) if k else 0.0) + (n - k) * math.log1p(-p)
        low, high = (p, high) if mixed - said < limit else (low, p)
    return high


def power(first: float, second: float, scenarios: int, trials: int, rounds: int = 400, seed: int = 0) -> float:
    """Give how likely a true difference of two rates is found at 5 %, with so many paired scenarios and trials of each.

    Simulated, trials independent; the test is `sign_flip` in its normal approximation.
    """
    dice = random.Random(seed)  # noqa: S311 - the same answer each time is what is wanted
    found = 0
    for _ in range(rounds):
        told = [_drawn(dice, first, trials) - _drawn(dice, second, trials) for _ in range(scenarios)]
        spread = math.sqrt(sum(one * one for one in told))
        enough = sum(one != 0 for one in told) >= 6  # five scenarios that agree give 0.0625
        found += enough and abs(sum(told)) / spread > 1.96 if spread else 0
    return found / rounds


def _drawn(dice: random.Random, rate: float, trials: int) -> int:
    return sum(dice.random() < rate for _ in range(trials))


# -- the functions behind them -----------------------------------------------------------------------------------------------


def beta_quantile(share: float, a: float, b: float) -> float:
    """Give below which value so large a share of a beta distribution lies."""
    low, high = 0.0, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if beta_below(middle, a, b) < share else (low, middle)
        if high - low < 1e-13:
            break
    return (low + high) / 2


def beta_below(x: float, a: float, b: float) -> float:
    """Give which share of a beta distribution lies below `x`."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - _log_beta(a, b))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1.0 - front * _fraction(1 - x, b, a) / b


def t_quantile(share: float, freedom: float) -> float:
    """Give below which value so large a share of Student's distribution lies; for shares above one half."""
    low, high = 0.0, 1.0
    while t_below(high, freedom) < share and high < 1e9:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if t_below(middle, freedom) < share else (low, middle)
    return (low + high) / 2


def t_below(t: float, freedom: float) -> float:
    """Give which share of Student's distribution lies below `t`, which is not negative."""
    return 1 - 0.5 * beta_below(freedom / (freedom + t * t), freedom / 2, 0.5)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _fraction(x: float, a: float, b: float) -> float:
    """Work out the continued fraction of the incomplete beta function, from the front (Lentz)."""
    tiny = 1e-300
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    value = d
    for m in range(1, 1000):
        for part in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + part * d
            c = 1 + part / c
            d = 1 / (d if abs(d) > tiny else tiny)
            c = c if abs(c) > tiny else tiny
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value
