"""What an agent on a model SDK may spend in one trial. A budget that is spent ends the agent, and is recorded as trouble."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from askfirst.harness.ended import Ended
from askfirst.harness.errors import UsageError
from askfirst.harness.events import Event, ModelUsed, Trouble, TroubleKind


@dataclass(frozen=True, slots=True)
class Used:
    """Tokens that a model read and wrote; 0 where its API does not say."""

    read: int = 0
    written: int = 0

    @classmethod
    def told(cls, usage: object, read: str, written: str) -> Used:
        """Take them from what an API says, as an object or a mapping: any part may be missing or of another type."""
        of = usage.get if isinstance(usage, Mapping) else lambda name: getattr(usage, name, 0)
        counts = (of(read), of(written))
        return cls(*(one if isinstance(one, int) else 0 for one in counts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a million tokens cost, in dollars, as the price list of the model's API says."""

    read: float
    written: float

    def of(self, used: Used) -> float:
        """Give what these cost, in dollars."""
        return (used.read * self.read + used.written * self.written) / 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many answers of the model, tokens read and written, real seconds, and dollars; and how often people may reply.

    Dollars need a price, and an API that says how many tokens were used.
    """

    turns: int = 100
    tokens: int = 2_000_000
    seconds: float = 3600.0
    dollars: float | None = None
    price: Price | None = None
    replies: int = 8

    def __post_init__(self) -> None:
        """Refuse what ends an agent before it began."""
        if self.turns < 1 or self.tokens < 1 or self.seconds <= 0 or self.replies < 0:
            msg = f"a budget needs at least one turn, one token, some seconds, and no fewer than 0 replies; this is {self}"
            raise UsageError(msg)
        if self.dollars is not None and (self.price is None or self.dollars <= 0):
            msg = "a budget in dollars is more than 0, and needs a price: Budget(dollars=5, price=Price(read=3, written=15))"
            raise UsageError(msg)


class Spending:
    """Counts what one conversation has spent."""

    def __init__(self, budget: Budget, record: Callable[[Event], object]) -> None:
        """The seconds count from now; `record` keeps in the history what is used."""
        self._budget = budget
        self._record = record
        self._began = time.perf_counter()
        self._turns = 0
        self._tokens = 0
        self._dollars = 0.0
        self._so_far = Used()

    def before_a_turn(self) -> None:
        """Count an answer that is about to be asked for; end the agent where there is nothing left for it."""
        if self._turns >= self._budget.turns:
            _end(f"the model gave {self._turns} answers and was not done (budget `turns`)")
        if self._tokens >= self._budget.tokens:
            _end(f"{self._tokens} tokens were used, {self._budget.tokens} are allowed (budget `tokens`)")
        if self._budget.dollars is not None and self._dollars >= self._budget.dollars:
            _end(f"{self._dollars:.2f} dollars were spent, {self._budget.dollars:.2f} are allowed (budget `dollars`)")
        if time.perf_counter() - self._began >= self._budget.seconds:
            _end(f"the agent was not done after {self._budget.seconds:g} s (budget `seconds`)")
        self._turns += 1

    def used(self, used: Used) -> None:
        """Count tokens, and what they cost."""
        self._tokens += used.read + used.written
        if used.read or used.written:
            self._record(ModelUsed(used.read, used.written))
        if self._budget.price is not None:
            self._dollars += self._budget.price.of(used)

    def used_so_far(self, used: Used) -> None:
        """Count tokens that are told as a sum over the whole conversation."""
        self.used(Used(used.read - self._so_far.read, used.written - self._so_far.written))
        self._so_far = used


def _end(because: str) -> NoReturn:
    raise Ended(Trouble(TroubleKind.CENSORED, because))


def model_trouble(error: BaseException) -> Ended:
    """Give the end of an agent whose model cannot be reached, or answers with what cannot be read."""
    said = " ".join(f"{type(error).__name__}: {error}".split())[:400]
    cause = error.__cause__
    if cause is not None and str(cause) and str(cause) not in said:
        said = f"{said} ({' '.join(str(cause).split())[:200]})"
    return Ended(Trouble(TroubleKind.MODEL, f"the model gave no answer that can be used: {said}"))
