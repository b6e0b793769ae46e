"""A storm: faults on the calls of a good run, answers of people, and sentences that press; and an arm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from askfirst.harness.catalogue import BASE
from askfirst.harness.faulting.plan import FaultPlan
from askfirst.harness.scenario import Statement
from askfirst.harness.search.answering import answering

if TYPE_CHECKING:
    from askfirst.harness.agent import Agent, AgentFunction
    from askfirst.harness.faulting.declaring import Fault
    from askfirst.harness.scenario import Scenario
    from askfirst.harness.trial import Isolation, Trial


class Options(TypedDict, total=False):
    """How a trial is run, as for `run_trial`."""

    isolation: Isolation
    store: Path | None


@dataclass(frozen=True, slots=True)
class Storm:
    """Some faults, an arm, and changes of what people answer ('Ann:silent').

    `actions`, where given, are all the rights the agent has: IAM actions. That makes a storm narrower, not longer.
    """

    faults: tuple[Fault, ...] = ()
    arm: str = BASE
    people: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()

    @property
    def plan(self) -> FaultPlan:
        """The faults as a plan."""
        return FaultPlan(self.faults)

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two storms the same."""
        return (self.arm, *sorted(self.people), self.actions, *sorted(repr(one.data) for one in self.faults))

    @property
    def changes(self) -> tuple[str, ...]:
        """What it changes, by name: ids of faults, then people."""
        return (*(one.id for one in self.faults), *self.people)

    def scenario(self, scenario: Scenario) -> Scenario:
        """Give the scenario with its arm, its people's answers and its rights; the faults are for the trial."""
        chosen = scenario.with_arm(self.arm)
        there = {one.name for one in chosen.people}
        people = [one for one in self.people if one.rpartition(":")[0] in there]  # the arm may be without them
        if people:
            chosen = replace(chosen, people=answering(chosen, people))
        if self.actions:
            rights = replace(chosen.rights, statements=(Statement(actions=self.actions),))
            chosen = replace(chosen, rights=rights)
        return chosen

    def run(self, scenario: Scenario, agent: Agent | AgentFunction, seed: int = 0, **options: Unpack[Options]) -> Trial:
        """Drop an agent into it."""
        from askfirst.harness.trial import run_trial

        if not self.people and not self.actions:
            return run_trial(scenario, agent, self.plan, seed, arm=self.arm, **options)
        return run_trial(self.scenario(scenario), agent, self.plan, seed, **options)

    def __len__(self) -> int:
        """Give how many things it changes."""
        return len(self.changes) + (self.arm != BASE)

    def __str__(self) -> str:
        """Name its parts."""
        parts = [*self.changes, *([f"arm {self.arm}"] if self.arm != BASE else [])]
        return " + ".join(parts) or "no fault at all"
