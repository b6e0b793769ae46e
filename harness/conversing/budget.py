"""What an agent on a model SDK may spend in one trial. A budget that is spent ends the agent, and is recorded as trouble."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import NoReturn

from askfirst.harness.ended import Ended
from askfirst.harness.errors import UsageError
from askfirst.harness.events import Trouble, TroubleKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many answers of the model, tokens read and written, and real seconds; and how often the people may reply."""

    turns: int = 100
    tokens: int = 2_000_000
    seconds: float = 3600.0
    replies: int = 8

    def __post_init__(self) -> None:
        """Refuse what ends an agent before it began."""
        if self.turns < 1 or self.tokens < 1 or self.seconds <= 0 or self.replies < 0:
            msg = f"a budget needs at least one turn, one token, some seconds, and no fewer than 0 replies; this is {self}"
            raise UsageError(msg)


class Spending:
    """Counts what one conversation has spent."""

    def __init__(self, budget: Budget) -> None:
        """The seconds count from now."""
        self._budget = budget
        self._began = time.perf_counter()
        self._turns = 0
        self._tokens = 0

    def before_a_turn(self) -> None:
        """Count an answer that is about to be asked for; end the agent where there is nothing left for it."""
        if self._turns >= self._budget.turns:
            _end(f"the model gave {self._turns} answers and was not done (budget `turns`)")
        if self._tokens >= self._budget.tokens:
            _end(f"{self._tokens} tokens were used, {self._budget.tokens} are allowed (budget `tokens`)")
        if time.perf_counter() - self._began >= self._budget.seconds:
            _end(f"the agent was not done after {self._budget.seconds:g} s (budget `seconds`)")
        self._turns += 1

    def used(self, tokens: int) -> None:
        """Count tokens."""
        self._tokens += tokens


def _end(because: str) -> NoReturn:
    raise Ended(Trouble(TroubleKind.CENSORED, because))


def model_trouble(error: BaseException) -> Ended:
    """Give the end of an agent whose model cannot be reached, or answers with what cannot be read."""
    said = " ".join(f"{type(error).__name__}: {error}".split())[:400]
    cause = error.__cause__
    if cause is not None and str(cause) and str(cause) not in said:
        said = f"{said} ({' '.join(str(cause).split())[:200]})"
    return Ended(Trouble(TroubleKind.MODEL, f"the model gave no answer that can be used: {said}"))
