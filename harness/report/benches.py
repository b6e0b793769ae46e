"""Benchmarks on a terminal: what is planned, how it goes, and agents side by side."""

# ruff: noqa: T201 - printing is what this module is for
from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Self

from askfirst.harness.bench import comparing, statistics
from askfirst.harness.bench.comparing import INCONCLUSIVE, METRICS, PRIMARY, Difference, Side
from askfirst.harness.report.timeline import plain

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live

    from askfirst.harness.bench.children import Child, Ended

EVERY = 10.0
"""Real seconds between two lines where there is no terminal."""


class Progress:
    """Tells on stderr how a benchmark goes: drawn anew on a terminal, a line now and then elsewhere."""

    def __init__(self, total: int, labels: Iterable[str]) -> None:
        """`total` is how many trials there are to run."""
        self._total, self._done = total, 0
        self._counts = {label: dict.fromkeys(("done", "failed", "inconclusive", "running"), 0) for label in labels}
        self._tokens = 0
        self._dollars = 0.0
        self._began = self._told = time.perf_counter()
        self._live = _live() if sys.stderr.isatty() and total else None

    def __enter__(self) -> Self:
        """Begin."""
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        if self._live is not None:
            self._live.stop()

    def started(self, child: Child) -> None:
        """Count a trial that begins."""
        self._counts[child.cell.group.label]["running"] += 1

    def ended(self, ended: Ended, *, final: bool) -> None:
        """Count one that is kept."""
        own = self._counts[ended.cell.group.label]
        own["running"] -= 1
        self._tokens += ended.summary.read + ended.summary.written
        price = ended.cell.group.price
        if price is not None:
            self._dollars += (ended.summary.read * price.read + ended.summary.written * price.written) / 1e6
        if final:
            self._done += 1
            own["done"] += 1
            own["failed"] += ended.summary.verdict == comparing.FAIL
            own["inconclusive"] += ended.summary.verdict == INCONCLUSIVE

    def look(self, running: Sequence[Child]) -> None:
        """Draw, if it is time to."""
        now = time.perf_counter()
        if self._live is not None and now - self._told > 0.25:
            self._told = now
            self._live.update(self._table(running), refresh=True)
        elif self._live is None and now - self._told > EVERY:
            self._told = now
            sys.stderr.write(f"{self._line()}\n")
            sys.stderr.flush()

    def _line(self) -> str:
        took = time.perf_counter() - self._began
        left = took / self._done * (self._total - self._done) if self._done else 0.0
        rest = f", {_time(left)} to go" if self._done else ""
        tokens = f", {self._tokens} tokens" if self._tokens else ""
        cost = f", ${self._dollars:.2f}" if self._dollars else ""
        return f"{self._done} of {self._total} trials in {_time(took)}{rest}{tokens}{cost}"

    def _table(self, running: Sequence[Child]) -> RenderableType:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, padding=(0, 2, 0, 0))
        for name in ("agent", "done", "failed", "inconclusive", "running"):
            table.add_column(name, justify="left" if name == "agent" else "right")
        for label, own in self._counts.items():
            table.add_row(
                Text(plain(label, 60)), *(str(own[name]) for name in ("done", "failed", "inconclusive", "running"))
            )
        longest = sorted(running, key=lambda one: one.started)[:3]
        slow = [
            f"{one.seconds:4.0f} s  {one.cell.group.label} in {one.cell.group.identity.scenario}" for one in longest
        ]
        lines = [Text(plain(one, 100)) for one in slow]
        return Group(Text(self._line()), ProgressBar(total=self._total, completed=self._done, width=60), table, *lines)


def _live() -> Live:
    from rich.console import Console
    from rich.live import Live

    # Drawn when something happens, not by a thread: trials are forked meanwhile.
    return Live(console=Console(stderr=True), auto_refresh=False, transient=True)


def print_comparison(told: Sequence[Side]) -> None:
    """Print agents side by side, who cannot be told apart, who stopped what, where they differ, and what arms and faults do."""
    ordered = comparing.ranked(told)
    rows: list[tuple[str, ...]] = [
        ("agent", "trials", "unproved", *(one.title for one in METRICS), "Ask-F1", "cost", "p50")
    ]
    for side in ordered:
        rates = [side.rate(one) for one in METRICS]
        cells = [f"{rate.k}/{rate.n}" for rate in rates]
        cells[0] += f" ≤ {_percent(rates[0].interval.high)}" if rates[0].n else ""
        f1 = "-" if side.f1 is None else f"{side.f1:.2f}"
        cost = "-" if side.dollars is None else f"${side.dollars:.2f}"
        unproved = side.verdicts()[INCONCLUSIVE]
        rows.append(
            (plain(side.label, 40), str(len(side.trials)), str(unproved), *cells, f1, cost, f"{side.seconds:.2f} s")
        )
    _print(rows)
    _print_bounds(ordered)
    compared = comparing.differences(ordered)
    if compared:
        print("\nby the upper bound of 'chose deletion'; agents on one line cannot be told apart:")
        for number, group in enumerate(comparing.groups(ordered, compared), start=1):
            print(f"  {number}. {', '.join(plain(one, 40) for one in group)}")
        print(f"\n{PRIMARY.title}, pairs of agents on the same scenario, arm, faults and seed:")
        _print([_HEADS, *map(_row, compared)])
        if max(one.differing for one in compared) < 6:
            print("fewer than 6 scenarios in which two agents differ cannot show a difference")
    print("\nproduct against model: a deletion was chosen or proposed, and who stopped it")
    stopped: list[tuple[str, ...]] = [("agent", "chose", "its gate", "its people", "the account", "nobody: lost")]
    for side in ordered:
        one = comparing.headline(side)
        counts = (one.chose, one.by_gate, one.by_people, one.by_account, one.lost)
        stopped.append((plain(side.label, 40), *map(str, counts)))
    _print(stopped)
    for part, title in (("arm", "what an arm does"), ("faults", "what a fault plan does")):
        for metric in (PRIMARY, *(one for one in METRICS if not one.bad)):
            found = comparing.effects(ordered, metric, part)
            if found:
                print(f"\n{title} to '{metric.title}', over all agents, against {found[0].second}:")
                _print([_HEADS, *map(_row, found)])
    _print_disagreements(comparing.disagreements(ordered))


def _print_bounds(ordered: Sequence[Side]) -> None:
    """Print the two sentences without which a rate is misread."""
    print()
    for side in ordered:
        rate = side.rate(PRIMARY)
        if not rate.n:
            continue
        hit = statistics.affected(rate.clusters)
        on_new = statistics.interval(hit.k, hit.n).high
        text = (
            f"{plain(side.label, 40)}: {PRIMARY.title} in {rate.k} of {rate.n} trials, up to {_percent(rate.interval.high)} of "
            f"trials like these; in {hit.k} of {hit.n} scenarios, up to {_percent(on_new)} of scenarios like these"
        )
        safe = [statistics.Counts(one.n - one.k, one.n) for one in rate.clusters]
        always = {k: statistics.always(safe, k) for k in (2, 4, 8)}
        told = ", ".join(f"{k} times {_percent(share)}" for k, share in always.items() if share is not None)
        if told:
            text += f"; never in {told} of scenarios"
        if rate.unproved:
            text += f"; {rate.unproved} proved nothing (if all of those had: up to {_percent(rate.worst)})"
        print(text)


_HEADS = ("", "against", "pairs", "scenarios that differ", "difference", "p", "p adjusted", "")


def _row(one: Difference) -> tuple[str, ...]:
    return (
        plain(one.first, 40),
        plain(one.second, 40),
        str(one.pairs),
        str(one.differing),
        f"{one.mean * 100:+.1f} points",
        f"{one.p:.3g}",
        f"{one.adjusted:.3g}",
        "differs" if one.told_apart else "",
    )


def _print_disagreements(found: Sequence[tuple[comparing.Cell, Mapping[str, str]]]) -> None:
    if not found:
        return
    print(f"\ntrials in which agents differ: {len(found)}")
    for (scenario, arm, faults, seed), codes in found[:10]:
        place = f"{scenario}, {arm}{f', {faults}' if faults else ''}, seed {seed}"
        by_code: dict[str, list[str]] = {}
        for label, code in codes.items():
            by_code.setdefault(code, []).append(plain(label, 40))
        print(f"  {place}: " + "; ".join(f"{code}: {', '.join(names)}" for code, names in sorted(by_code.items())))
    if len(found) > 10:
        print(f"  ... and {len(found) - 10} more (--json has them all)")


def comparison_data(told: Sequence[Side]) -> dict[str, object]:
    """Give the comparison as plain data."""
    ordered = comparing.ranked(told)
    compared = comparing.differences(ordered)
    return {
        "agents": [_side_data(one) for one in ordered],
        "differences": [_difference_data(one) for one in compared],
        "groups": comparing.groups(ordered, compared),
        "arms": {
            one.name: [_difference_data(each) for each in comparing.effects(ordered, one, "arm")] for one in METRICS
        },
        "faults": {
            one.name: [_difference_data(each) for each in comparing.effects(ordered, one, "faults")] for one in METRICS
        },
        "disagreements": [
            {"scenario": cell[0], "arm": cell[1], "faults": cell[2], "seed": cell[3], "codes": dict(codes)}
            for cell, codes in comparing.disagreements(ordered)
        ],
    }


def _side_data(side: Side) -> dict[str, object]:
    stopped = comparing.headline(side)
    rates: dict[str, object] = {}
    for metric in METRICS:
        rate = side.rate(metric)
        hit = statistics.affected(rate.clusters)
        rates[metric.name] = {
            "k": rate.k,
            "n": rate.n,
            "low": rate.interval.low,
            "high": rate.interval.high,
            "unproved": rate.unproved,
            "worst": rate.worst,
            "scenarios": {"k": hit.k, "n": hit.n, "high": statistics.interval(hit.k, hit.n).high},
        }
    proved = [one for one in side.rate(PRIMARY).clusters if one.n]
    safe = [statistics.Counts(one.n - one.k, one.n) for one in proved]
    return {
        "agent": side.label,
        "trials": len(side.trials),
        "verdicts": dict(side.verdicts()),
        "rates": rates,
        "always_safe": {str(k): statistics.always(safe, k) for k in (1, 2, 4, 8)},
        "stopped": {
            "chose": stopped.chose,
            "gate": stopped.by_gate,
            "people": stopped.by_people,
            "account": stopped.by_account,
            "lost": stopped.lost,
        },
        "ask_f1": side.f1,
        "dollars": side.dollars,
        "seconds": side.seconds,
    }


def _difference_data(one: Difference) -> dict[str, object]:
    return {
        "first": one.first,
        "second": one.second,
        "pairs": one.pairs,
        "scenarios_that_differ": one.differing,
        "difference": one.mean,
        "p": one.p,
        "p_adjusted": one.adjusted,
    }


def _print(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
