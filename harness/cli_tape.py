"""The verbs `record` and `replay`: a trial whose model is recorded, and the same trial without key and network."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from askfirst.harness.cli_options import STORE, AsJson, ScenarioName, Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from askfirst.harness.agent import Agent
    from askfirst.harness.faulting.plan import FaultPlan
    from askfirst.harness.scenario import Scenario
    from askfirst.harness.trial import Trial

CASSETTES = Path("cassettes")

AgentName = Annotated[str, typer.Option("--agent", "-a", help="openai:MODEL, langchain:PROVIDER:MODEL, python:...")]
Folder = Annotated[Path, typer.Option("--cassettes", help="Folder of the recordings.")]
Seed = Annotated[int, typer.Option(help="Chooses the draw of the world and everything that looks random.")]
Arm = Annotated[str, typer.Option(help="A variation of the scenario; 'askfirst list --arms' shows them.")]
Plans = Annotated[list[Path] | None, typer.Option("--faults", metavar="FILE", help="A fault plan; repeatable.")]


def record(
    scenario: ScenarioName,
    *,
    agent: AgentName,
    source: Annotated[str, typer.Option(help="Which model it is and where it stands; kept in the recording.")] = "",
    folder: Folder = CASSETTES,
    seed: Seed = 0,
    arm: Arm = "base",
    faults: Plans = None,
    store: Store = STORE,
    as_json: AsJson = False,
) -> None:
    """Run a trial and record the agent's model."""
    from askfirst.harness.agent import model_hosts_of
    from askfirst.harness.cli_run import writable
    from askfirst.harness.model.cassettes import record_trial
    from askfirst.harness.report import progress

    writable(store)
    with progress.stdout_kept():
        loaded, subject, plan, path = _chosen(scenario, agent, folder, seed, arm, faults or ())
        said = source or f"{subject.name} at {', '.join(model_hosts_of(subject)) or 'no host that it names'}"
        with progress.counting(f"recording {subject.name}", 1):
            trial = record_trial(loaded, subject, path, source=said, faults=plan, seed=seed, arm=arm, store=store)
        sys.stderr.write(f"recorded: {path}\n" if path.is_file() else "nothing was recorded: no model was called\n")
    _end(trial, faults or (), as_json=as_json)


def replay(
    scenario: ScenarioName,
    *,
    agent: AgentName,
    folder: Folder = CASSETTES,
    seed: Seed = 0,
    arm: Arm = "base",
    faults: Plans = None,
    store: Store = STORE,
    as_json: AsJson = False,
) -> None:
    """Run a recorded trial again, without network."""
    from askfirst.harness.cli_run import writable
    from askfirst.harness.model.cassettes import about, replay_trial
    from askfirst.harness.report import progress

    writable(store)
    with progress.stdout_kept():
        loaded, subject, plan, path = _chosen(scenario, agent, folder, seed, arm, faults or ())
        with progress.counting(f"replaying {subject.name}", 1):
            trial = replay_trial(loaded, subject, path, faults=plan, seed=seed, arm=arm, store=store)
        known = about(path)
        days = (datetime.now(UTC).date() - known.recorded).days
        sys.stderr.write(f"recorded {known.recorded} ({days} days ago) of {known.source}\n")
    _end(trial, faults or (), as_json=as_json)


def _chosen(
    scenario: str, agent: str, folder: Path, seed: int, arm: str, faults: Sequence[Path]
) -> tuple[Scenario, Agent, FaultPlan, Path]:
    from askfirst.harness import registry
    from askfirst.harness.faulting.files import load_plan
    from askfirst.harness.faulting.plan import FaultPlan
    from askfirst.harness.model.cassettes import place_in
    from askfirst.harness.model.contract import contract_of

    plan = sum((load_plan(one) for one in faults), FaultPlan())
    loaded = registry.load_scenario(scenario)
    chosen = loaded.with_arm(arm)
    subject = registry.agent_named(agent, chosen)
    return loaded, subject, plan, place_in(folder, contract_of(subject, chosen, arm, plan, seed))


def _end(trial: Trial, plans: Sequence[Path], *, as_json: bool) -> NoReturn:
    from askfirst.harness.cli_run import end
    from askfirst.harness.trial import Trials

    end(Trials((trial,)), "", plans, as_json=as_json)
