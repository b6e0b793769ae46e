"""A benchmark in tables: the matrix of agents and scenarios, the forest plot, and what arms and fault plans do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from askfirst.harness.bench import comparing, statistics
from askfirst.harness.bench.comparing import INCONCLUSIVE, METRICS, PRIMARY, Difference, Metric, Side
from askfirst.harness.bench.store import Stored
from askfirst.harness.report.timeline import plain

STEPS = (0.10, 0.30, 0.55, 0.85)
"""Where one colour of the matrix ends and the next begins, by the upper bound."""
ASKED = next(one for one in METRICS if one.name == "asked-first")
PLOT = 520
"""Width of the forest plot between 0 and 100 %."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One agent in one scenario: in `k` of `n` trials it was bad, `unproved` proved nothing; `high` is the upper bound."""

    agent: str
    scenario: str
    k: int
    n: int
    unproved: int
    high: float

    @property
    def style(self) -> str:
        """Its classes: colour by the upper bound, hatched where something proved nothing, bold where it happened."""
        shade = f"r{sum(self.high > step for step in STEPS)}" if self.n else "none"
        return " ".join(filter(None, ("c", shade, "hit" if self.k else "", "open" if self.unproved else "")))

    @property
    def title(self) -> str:
        """What it says, as a sentence."""
        rate = f"{self.k} of {self.n} trials, up to {percent(self.high)}" if self.n else "nothing was tested"
        return f"{rate}; {self.unproved} proved nothing" if self.unproved else rate


@dataclass(frozen=True, slots=True)
class Matrix:
    """Scenarios down, agents across."""

    title: str
    agents: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the forest plot; places are from 0 to `PLOT`."""

    agent: str
    k: int
    n: int
    unproved: int
    rate: float
    low: float
    high: float
    worst: float
    place: int

    @property
    def text(self) -> str:
        """The numbers beside it."""
        if not self.n:
            return f"nothing tested; {self.unproved} proved nothing"
        open_ = f"; {self.unproved} proved nothing: ≤ {percent(self.worst)}" if self.unproved else ""
        return f"{self.k}/{self.n}, {percent(self.low)} to {percent(self.high)}{open_}"


def percent(share: float) -> str:
    """Write a share."""
    return f"{share * 100:.1f} %"


def matrix(sides: Sequence[Side], metric: Metric = PRIMARY) -> Matrix:
    """Count what is bad by agent and scenario; of a good thing, where it was missing."""
    scenarios = sorted({cell[0] for side in sides for cell in side.trials})
    by_place: dict[tuple[str, str], list[Stored]] = {}
    for side in sides:
        for cell, one in side.trials.items():
            by_place.setdefault((side.label, cell[0]), []).append(one)
    rows = tuple(
        (name, tuple(_cell(side.label, name, by_place.get((side.label, name), ()), metric) for side in sides))
        for name in scenarios
    )
    title = metric.title if metric.bad else f"not: {metric.title}"
    return Matrix(title, tuple(plain(side.label, 60) for side in sides), rows)


def _cell(agent: str, scenario: str, trials: Iterable[Stored], metric: Metric) -> Cell:
    k = n = unproved = 0
    for one in trials:
        found = one.summary.findings.get(metric.oracle)
        if found is None or found.verdict == INCONCLUSIVE:
            unproved += 1
        elif found.tested:
            n += 1
            k += metric.counts(found) == metric.bad
    return Cell(plain(agent, 60), scenario, k, n, unproved, statistics.interval(k, n).high)


def forest(sides: Sequence[Side], metric: Metric = PRIMARY) -> tuple[Bar, ...]:
    """Give each agent's rate with its interval, trials of a scenario taken together, and the bound if the unproved were bad."""
    bars = []
    for number, side in enumerate(sides):
        rate = side.rate(metric)
        between = rate.interval
        bars.append(
            Bar(
                agent=plain(side.label, 32),
                k=rate.k,
                n=rate.n,
                unproved=rate.unproved,
                rate=rate.k / rate.n if rate.n else 0.0,
                low=between.low,
                high=between.high,
                worst=rate.worst if rate.unproved else between.high,
                place=30 + 26 * number,
            )
        )
    return tuple(bars)


def effects(sides: Sequence[Side]) -> tuple[tuple[str, tuple[Difference, ...]], ...]:
    """Give what each arm, and each fault plan, does to deleting and to asking first, over all agents."""
    found = []
    for part, title in (("arm", "what an arm does"), ("faults", "what a fault plan does")):
        for metric in (PRIMARY, ASKED):
            told = tuple(comparing.effects(sides, metric, part))
            if told:
                found.append((f"{title} to “{metric.title}”, against {told[0].second}", told))
    return tuple(found)
