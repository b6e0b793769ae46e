"""The trials a plan asks for, each with the identity by which it is stored and found again."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from askfirst.harness.agent import is_served, model_hosts_of
from askfirst.harness.bench.plan import AgentEntry, BenchFile, PriceEntry
from askfirst.harness.catalogue import BASE
from askfirst.harness.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from askfirst.harness.faulting.plan import FaultPlan
    from askfirst.harness.history import Identity
    from askfirst.harness.policy import Limits
    from askfirst.harness.running import Order
    from askfirst.harness.scenario import Scenario

CPU = "cpu"
MODEL = "model"


@dataclass(frozen=True, slots=True)
class Group:
    """The trials of one agent in one arm of a scenario under one fault plan: all but the seed. `pool` is whose limit holds."""

    label: str
    order: Order
    identity: Identity
    pool: str
    price: PriceEntry | None = None
    faults: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One trial to run. `key` is the digest of its identity."""

    key: str
    seed: int
    group: Group

    @property
    def order(self) -> Order:
        """What makes the trial."""
        return dataclasses.replace(self.group.order, seed=self.seed)

    @property
    def identity(self) -> Identity:
        """By what it is found again."""
        return dataclasses.replace(self.group.identity, seed=self.seed)


def cells_of(plan: BenchFile, folder: Path) -> tuple[Cell, ...]:
    """Give every trial of a plan; fault files are relative to `folder`. Names that mean nothing raise `UsageError`."""
    seeds = plan.numbers
    found = []
    for group in groups_of(plan, folder):
        for seed in seeds:
            identity = dataclasses.replace(group.identity, seed=seed)
            found.append(Cell(identity.digest(), seed, group))
    known: dict[str, Cell] = {}
    for cell in found:
        other = known.setdefault(cell.key, cell)
        if other is not cell:
            msg = f"{other.group.label} and {cell.group.label} are the same agent in the same trials: leave one of them out"
            raise UsageError(msg)
    return tuple(found)


def groups_of(plan: BenchFile, folder: Path) -> Iterator[Group]:
    """Go through the plan, the agents of one arm of a scenario together: they share a world."""
    from askfirst.harness import registry
    from askfirst.harness.trial import order_of

    known = registry.scenarios()
    names = list(known) if plan.scenarios == "all" else list(plan.scenarios)
    scenarios = [registry.load_scenario(one) for one in names]
    plans = _fault_plans(plan, folder)
    unused = set() if plan.arms == "all" else set(plan.arms) - {BASE} - {arm for one in scenarios for arm in one.arms}
    for arm in sorted(unused):
        what = "arm"
        known_arms = {BASE} | {arm for one in scenarios for arm in one.arms}
        raise UnknownName(what, arm, known_arms, see="askfirst list --arms")
    for scenario in scenarios:
        for arm in _arms(plan, scenario):
            chosen = scenario.with_arm(arm)
            for entry in plan.entries:
                agent = registry.agent_named(entry.name, chosen)
                for name, faults in plans:
                    order = order_of(scenario, agent, faults, arm=arm, limits=_limits(plan, scenario))
                    hosts = model_hosts_of(agent)
                    pool = entry.provider or (hosts[0] if hosts else MODEL if is_served(agent) else CPU)
                    yield Group(entry.label or entry.name, order, order.identity(), pool, entry.price, name)


def entries_of(plan: BenchFile) -> dict[str, AgentEntry]:
    """Give the agents of a plan by the names that tables call them."""
    return {one.label or one.name: one for one in plan.entries}


def _arms(plan: BenchFile, scenario: Scenario) -> list[str]:
    """Give the arms to run of a scenario; one that it does not have is left out there."""
    if plan.arms == "all":
        return [BASE, *scenario.arms]
    return [one for one in plan.arms if one == BASE or one in scenario.arms]


def _fault_plans(plan: BenchFile, folder: Path) -> list[tuple[str, FaultPlan | None]]:
    from askfirst.harness.faulting.files import load_plan

    return [("", None), *((one, load_plan(folder / one)) for one in plan.faults)]


def _limits(plan: BenchFile, scenario: Scenario) -> Limits | None:
    said = {name: value for name, value in plan.limits.model_dump().items() if value is not None}
    return dataclasses.replace(scenario.limits, **said) if said else None


@functools.cache
def usual_cpu() -> int:
    """Give how many scripted agents run at a time unless the plan says otherwise."""
    import os

    return os.cpu_count() or 1
