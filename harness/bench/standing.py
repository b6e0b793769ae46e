"""How far a plan is, and which part of their identity keeps stored trials from standing for planned ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from askfirst.harness.bench.cells import Cell

if TYPE_CHECKING:
    from askfirst.harness.bench.store import Store

PARTS = {
    "agent": "the agent's name",
    "agent_hash": "the agent (its code, prompt, tools, model or version)",
    "scenario_hash": "the scenario",
    "plan": "the fault plan",
    "limits": "the limits",
    "record_version": "the version of histories",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One agent."""

    agent: str
    planned: int
    done: int
    verdicts: Mapping[str, int]
    tried_again: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole. `stale` says for how many stored trials which part of the identity differs."""

    planned: int
    done: int
    open: int
    rows: tuple[Row, ...]
    stale: Mapping[str, int]
    foreign: int


def standing(cells: Sequence[Cell], store: Store) -> Standing:
    """Compare a plan with a store."""
    known, identities = store.last(), store.identities()
    by_label: dict[str, list[Cell]] = {}
    for cell in cells:
        by_label.setdefault(cell.group.label, []).append(cell)
    rows = []
    for label, own in by_label.items():
        found = [known[cell.key] for cell in own if cell.key in known]
        verdicts = Counter(one.summary.verdict for one in found)
        rows.append(
            Row(label, len(own), sum(one.ended for one in found), dict(verdicts), sum(one.number > 1 for one in found))
        )
    planned = {cell.key for cell in cells}
    wanted = {
        (cell.group.label, cell.identity.scenario, cell.identity.arm, cell.group.faults, cell.seed): cell
        for cell in cells
    }
    stale: Counter[str] = Counter()
    foreign = 0
    for key, one in known.items():
        if key in planned:
            continue
        meant = wanted.get((one.label, *one.cell))
        if meant is None or meant.key in known:
            foreign += 1
            continue
        stale[" and ".join(_differing(meant, identities[key]))] += 1
    done = sum(one.done for one in rows)
    return Standing(len(cells), done, len(cells) - done, tuple(rows), dict(stale), foreign)


def _differing(cell: Cell, stored: Mapping[str, object]) -> list[str]:
    now = asdict(cell.identity)
    return [words for name, words in PARTS.items() if stored.get(name) != now.get(name)] or ["something"]


def lines(told: Standing) -> list[str]:
    """Give it as text."""
    found = [f"{told.done} of {told.planned} trials are done, {told.open} are to be run"]
    for row in told.rows:
        verdicts = ", ".join(f"{number} {verdict}" for verdict, number in sorted(row.verdicts.items()))
        again = f", {row.tried_again} tried again" if row.tried_again else ""
        found.append(f"  {row.agent}: {row.done} of {row.planned}{f' ({verdicts})' if verdicts else ''}{again}")
    for words, number in sorted(told.stale.items()):
        found.append(
            f"{number} stored trials are of an earlier state: {words} changed since (run --accept-stale lets them stand)"
        )
    if told.foreign:
        found.append(f"{told.foreign} stored trials are of no cell of this plan")
    return found


def data(told: Standing) -> dict[str, object]:
    """Give it as plain data."""
    return asdict(told)
