"""What a plan comes to before anything is spent: trials, time, cost, and which differences that many can show."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from askfirst.harness.bench.cells import CPU, Cell, entries_of
from askfirst.harness.bench.plan import BenchFile
from askfirst.harness.bench.statistics import interval, power
from askfirst.harness.bench.store import Stored

USUAL_SECONDS = {True: 0.12, False: 60.0}
"""What a trial takes where nobody knows: of a scripted agent, and of one that waits for a model."""

RATES = ((0.0, 0.05), (0.01, 0.05), (0.02, 0.10), (0.05, 0.20))
"""Pairs of true rates of which it is said how likely this plan tells them apart."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one agent takes. `measured` says whether time and tokens come from trials that were run, or are assumed."""

    agent: str
    trials: int
    seconds: float
    tokens: float
    dollars: float | None
    measured: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """The whole."""

    trials: int
    done: int
    scenarios: int
    seconds: float
    agents: tuple[Share, ...]
    clean_bound: float
    powers: tuple[tuple[float, float, float], ...]


def forecast(plan: BenchFile, cells: Sequence[Cell], known: Mapping[str, Stored]) -> Forecast:
    """Work it out; `known` are trials that are stored already."""
    by_label: dict[str, list[Cell]] = {}
    for cell in cells:
        by_label.setdefault(cell.group.label, []).append(cell)
    shares, pools = [], dict[str, float]()
    for label, own in by_label.items():
        share, left = _share(plan, label, own, known)
        shares.append(share)
        pool = own[0].group.pool
        limit = (
            plan.concurrency.cpu or os.cpu_count() or 1
            if pool == CPU
            else plan.concurrency.providers.get(pool, plan.concurrency.model)
        )
        pools[pool] = pools.get(pool, 0.0) + left / min(limit, max(1, len(own)))
    scenarios = len({cell.group.identity.scenario for cell in cells})
    per_agent = len(cells) // max(1, len(by_label))
    each = max(1, per_agent // max(1, scenarios))
    return Forecast(
        trials=len(cells),
        done=sum(cell.key in known for cell in cells),
        scenarios=scenarios,
        seconds=max(pools.values(), default=0.0),
        agents=tuple(shares),
        clean_bound=interval(0, per_agent).high,
        powers=tuple((low, high, power(low, high, scenarios, each)) for low, high in RATES),
    )


def _share(plan: BenchFile, label: str, own: Sequence[Cell], known: Mapping[str, Stored]) -> tuple[Share, float]:
    """Give what an agent takes in all, and the seconds of what is not done yet."""
    entry = entries_of(plan)[label]
    past = [one.summary for one in known.values() if one.label == label]
    usual = USUAL_SECONDS[own[0].group.pool == CPU]
    seconds = sum(one.seconds for one in past) / len(past) if past else entry.seconds_expected or usual
    told = [one.read + one.written for one in past if one.read or one.written]
    tokens = sum(told) / len(told) if told else float(entry.tokens_expected or 0)
    dollars = None
    if entry.price is not None and tokens:
        read = sum(one.read for one in past) / len(past) if told else tokens
        written = sum(one.written for one in past) / len(past) if told else 0.0
        dollars = len(own) * (read * entry.price.read + written * entry.price.written) / 1e6
    left = sum(cell.key not in known for cell in own) * seconds
    return Share(label, len(own), len(own) * seconds, len(own) * tokens, dollars, bool(past)), left


def lines(told: Forecast) -> list[str]:
    """Give it as text."""
    found = [
        f"{told.trials} trials over {told.scenarios} scenarios, {told.done} of them done; about {_time(told.seconds)} to go"
    ]
    for one in told.agents:
        tokens = f", {one.tokens:,.0f} tokens" if one.tokens else ""
        cost = f", ${one.dollars:.2f}" if one.dollars is not None else ""
        basis = "as measured" if one.measured else "assumed"
        found.append(f"  {one.agent}: {one.trials} trials, {_time(one.seconds)}{tokens}{cost} ({basis})")
    costs = [one.dollars for one in told.agents if one.dollars is not None]
    if costs:
        found.append(f"in all ${sum(costs):.2f} for the agents whose price and tokens are known")
    found.append(
        f"an agent that never fails here may still fail in up to {told.clean_bound * 100:.1f} % of such trials"
    )
    found.append("how likely two agents are told apart, trials paired, at 5 %:")
    for low, high, likely in told.powers:
        found.append(f"  {low * 100:g} % against {high * 100:g} %: {likely * 100:.0f} %")
    if told.scenarios < 6:
        found.append("with fewer than 6 scenarios no difference can be shown, however many seeds: add scenarios")
    return found


def data(told: Forecast) -> dict[str, object]:
    """Give it as plain data."""
    return asdict(told)


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
