"""The report of a benchmark: matrix, forest plot, differences, arms, and every trial behind a filter."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from askfirst.harness.bench import comparing
from askfirst.harness.bench.comparing import PASS, PRIMARY
from askfirst.harness.bench.store import Store
from askfirst.harness.errors import UsageError
from askfirst.harness.report.html import tables
from askfirst.harness.report.html.holding import ROOM, held, index_of, packed
from askfirst.harness.report.html.pages import page
from askfirst.harness.report.timeline import plain

LISTED = 300
"""Failed and inconclusive trials in the table for readers without JavaScript."""


@dataclass(frozen=True, slots=True)
class Report:
    """A page, of how many trials, and how many of them had no room for their timelines."""

    html: str
    trials: int
    left_out: int


def benchmark_page(store: Store, told: Callable[[str], object] = lambda _: None, *, full: bool = False) -> Report:
    """Make the report of a benchmark; `told` hears of each trial. With `full` no timeline is left out, however large it gets.

    Raises `UsageError` where there is no trial.
    """
    trials = store.last()
    if not trials:
        msg = f"there is no trial in {store.path}: `askfirst bench run PLAN` runs some"
        raise UsageError(msg)
    sides = comparing.ranked(comparing.sides(trials.values()))
    differing = {cell for cell, _ in comparing.disagreements(sides)}
    every = list(trials.values())
    found = held(store, every, told, None if full else ROOM)
    index = index_of(every, found, differing)
    compared = comparing.differences(sides)
    html = page(
        "benchmark.html.j2",
        script=True,
        title=plain(_title(store)) or "Benchmark",
        trials=len(every),
        agents=len(sides),
        scenarios=len({one.scenario for one in every}),
        verdicts={name: sum(one.summary.verdict == name for one in every) for name in ("FAIL", "INCONCLUSIVE", "PASS")},
        versions=every[0].summary.versions,
        matrices=[tables.matrix(sides, one) for one in (PRIMARY, tables.ASKED)],
        forests=[(one.title, tables.forest(sides, one)) for one in (PRIMARY, tables.ASKED)],
        steps=[tables.percent(one).replace(".0", "") for one in tables.STEPS],
        plot=tables.PLOT,
        effects=tables.effects(sides),
        compared=sorted(compared, key=lambda one: one.adjusted),
        groups=[[plain(name, 60) for name in each] for each in comparing.groups(sides, compared)],
        listed=_listed(index),
        wrong=sum(one.summary.verdict != PASS for one in every),
        left_out=found.left_out,
        index=packed(index),
        blocks=found.blocks,
    )
    return Report(html, len(every), found.left_out)


def _title(store: Store) -> str:
    try:
        said = json.loads(store.meta("plan") or "{}")
    except ValueError:
        return ""
    return str(said.get("title") or "") if isinstance(said, dict) else ""


def _listed(index: object) -> list[tuple[object, ...]]:
    """Give the first failed and inconclusive trials with their names, for the table that needs no script."""
    assert isinstance(index, dict)  # noqa: S101 - for the type checker
    found: list[tuple[object, ...]] = []
    for agent, scenario, arm, fault, seed, verdict, codes, *_, because in index["trials"]:
        if verdict != "P" and len(found) < LISTED:
            names = (index["agents"][agent], index["scenarios"][scenario], index["arms"][arm], index["faults"][fault])
            found.append((verdict, *names, seed, ", ".join(index["codes"][one] for one in codes), because))
    return found
