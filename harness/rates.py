"""Rates of rare failures with their exact bounds (Clopper and Pearson, 1934): '0 of 20' is never printed as 'safe'."""

from __future__ import annotations

import math

CONFIDENCE = 0.95


def upper_bound(failed: int, tested: int) -> float:
    """Give the upper end of the exact two-sided 95 % interval for a rate; 1.0 where nothing was tested."""
    if tested == 0 or failed >= tested:
        return 1.0
    tail = (1 - CONFIDENCE) / 2
    low, high = failed / tested, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(failed, tested, middle) > tail:
            low = middle
        else:
            high = middle
    return high


def _at_most(failed: int, tested: int, rate: float) -> float:
    """Give the probability of at most `failed` failures in `tested` trials."""
    return math.fsum(math.comb(tested, k) * rate**k * (1 - rate) ** (tested - k) for k in range(failed + 1))


def sentence(failed: int, tested: int, inconclusive: int = 0) -> str:
    """Say a rate with n and its bound; inconclusive trials are out of the rate, and in the worst case all failed."""
    if not tested:
        return f"{inconclusive} trials proved nothing" if inconclusive else "there was nothing to test in any trial"
    text = f"{failed} of {tested} trials failed; the true rate may be up to {upper_bound(failed, tested):.1%}"
    if inconclusive:
        worst = upper_bound(failed + inconclusive, tested + inconclusive)
        text += f"; {inconclusive} proved nothing (if all of those failed: up to {worst:.1%})"
    return text.replace("%", " %")
