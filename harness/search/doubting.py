"""Whether a storm makes an agent fail that may do otherwise each time: a sequential test, as short as the answers allow.

Wald's test of two rates (Annals of Mathematical Statistics 16, 1945): three quarters of the rate at which the storm failed
that is made smaller, against the rate at which agents fail in this very way by chance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

PILOT = 5
"""How often a storm is run to learn how often it fails."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """How sure one wants to be. `rate` is how often the storm fails that is made smaller: 1 for an agent that is steady.

    `chance` is how often the same failure comes about without a cause, `error` how often each answer may be wrong.
    """

    rate: float = 1.0
    chance: float = 0.01
    error: float = 0.05

    def fails(self, failed: int, runs: int) -> bool | None:
        """Tell whether so many failures in so many runs mean that it fails; None: run it again."""
        if self.rate >= 1:
            return failed == runs if runs else None
        high = max(2 * self.chance, 0.75 * self.rate)
        evidence = failed * math.log(high / self.chance) + (runs - failed) * math.log((1 - high) / (1 - self.chance))
        bound = math.log((1 - self.error) / self.error)
        return None if abs(evidence) < bound else evidence > 0


def doubt_after(failed: int, runs: int) -> Doubt:
    """Give the doubt to have after a pilot; five failures in five are no proof that the sixth is one."""
    return Doubt(rate=min(0.95, max(failed, 1) / max(runs, 1)))
