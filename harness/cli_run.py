"""The verb `run`: one trial, several with other seeds, or one under each single fault of a good run."""

# ruff: noqa: T201 - printing is what this module is for
from __future__ import annotations

import json
import os
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from askfirst.harness.cli_options import STORE, AsJson, ScenarioName, Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from askfirst.harness.faulting.plan import FaultPlan
    from askfirst.harness.trial import Trial, Trials

EXIT_CODES = {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 3}


class Isolation(Enum):
    """Where the agent of a trial runs."""

    fork = "fork"
    inline = "inline"


def run(
    scenario: ScenarioName,
    *,
    agent: Annotated[str, typer.Option("--agent", "-a", help="reference:NAME or python:package.module:function.")],
    seed: Annotated[int, typer.Option(help="Chooses the draw of the world and everything that looks random.")] = 0,
    arm: Annotated[str, typer.Option(help="A variation of the scenario; 'askfirst list --arms' shows them.")] = "base",
    trials: Annotated[int, typer.Option(min=1, help="How many to run, with the seeds that follow.")] = 1,
    faults: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="A fault plan (.yaml, .toml, .json), or a stored trial's .jsonl; repeatable."
        ),
    ] = None,
    sweep: Annotated[
        bool, typer.Option("--sweep", help="Run once under each single fault on the calls of a good run.")
    ] = False,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="With --sweep: then under every two faults neither of which made it fail.")
    ] = False,
    seconds: Annotated[
        float | None,
        typer.Option(help="Real time the agent may take.", show_default="the scenario's, or 600 for a program"),
    ] = None,
    isolation: Annotated[
        Isolation, typer.Option(help="fork: in a process of its own, which can be killed.")
    ] = Isolation.fork,
    store: Store = STORE,
    as_json: AsJson = False,
) -> None:
    """Drop an agent into a scenario and print the verdict."""
    import dataclasses

    from askfirst.harness import cli_faults, registry
    from askfirst.harness.aws.world import snapshot_of
    from askfirst.harness.errors import UsageError
    from askfirst.harness.faulting.files import load_plan
    from askfirst.harness.faulting.plan import FaultPlan
    from askfirst.harness.report import progress
    from askfirst.harness.trial import Trials, run_trial

    if sweep and (faults or trials != 1):
        msg = "--sweep brings its own plans, one trial each: leave out --faults and --trials"
        raise UsageError(msg)
    if pairs and not sweep:
        msg = "--pairs is a part of --sweep: give both"
        raise UsageError(msg)
    if seconds is not None and not seconds > 0:
        msg = f"--seconds must be more than 0, not {seconds:g}"
        raise UsageError(msg)
    writable(store)
    with progress.stdout_kept():
        plan = sum((load_plan(one) for one in faults or ()), FaultPlan())
        loaded = registry.load_scenario(scenario)
        chosen = loaded.with_arm(arm)
        subject = registry.agent_named(agent, chosen)
        limits = dataclasses.replace(loaded.limits, seconds=seconds) if seconds else None
        with progress.waiting(f"building the world of {loaded.name}"):
            snapshot_of(chosen, seed)

        def one(plan: FaultPlan, number: int) -> Trial:
            return run_trial(loaded, subject, plan, number, isolation.value, arm=arm, limits=limits, store=store)

        plans = cli_faults.good_run(loaded, arm, seed) if sweep else (plan,)
        if sweep:
            finished = cli_faults.swept(plans, lambda single: one(single, seed), agent)
            if pairs:
                twos = cli_faults.paired(plans, finished)
                finished += cli_faults.swept(twos, lambda two: one(two, seed), agent)
                plans = [*plans, *twos]
        else:
            with progress.counting(agent, trials) as done:
                finished = []
                for number in range(seed, seed + trials):
                    finished.append(one(plan, number))
                    done(finished[-1].verdict.value)
    if sweep:
        _end_sweep(plans, finished, as_json=as_json)
    given = scenario if scenario != loaded.name else ""
    end(Trials(tuple(finished)), given, faults or (), as_json=as_json)


def end(finished: Trials, given: str, plans: Sequence[Path], *, as_json: bool) -> NoReturn:
    """Print one trial, or several, and leave with the code of the verdict."""
    from askfirst.harness.report import data, terminal
    from askfirst.harness.report.timeline import replay_command

    first = finished[0]
    if as_json:
        print(json.dumps(data.trial_data(first) if len(finished) == 1 else data.trials_data(finished), indent=2))
    elif len(finished) == 1:
        plan = str(plans[0]) if len(plans) == 1 else str(first.path)
        terminal.print_trial(first, again=replay_command(first.history, given, plan))
    else:
        terminal.print_trials(finished)
    raise typer.Exit(EXIT_CODES[finished.verdict.value])


def _end_sweep(plans: Sequence[FaultPlan], trials: Sequence[Trial], *, as_json: bool) -> NoReturn:
    """Print the results of a sweep, and leave with the code of the worst verdict."""
    from askfirst.harness import cli_faults
    from askfirst.harness.report import data

    if as_json:
        rows = [{**data.trial_data(one), "met": cli_faults.met(one)} for one in trials]
        print(json.dumps({"verdict": cli_faults.sweep_verdict(trials), "trials": rows}, indent=2))
    else:
        cli_faults.print_sweep(plans, trials)
    raise typer.Exit(EXIT_CODES[cli_faults.sweep_verdict(trials)])


def writable(store: Path) -> None:
    """Make the folder of the histories, before anything is run whose history could then not be kept."""
    from askfirst.harness.errors import UsageError

    try:
        store.mkdir(parents=True, exist_ok=True)
        reason = "" if os.access(store, os.W_OK) else "Permission denied"
    except OSError as error:
        reason = error.strerror or str(error)
    if reason:
        msg = f"the histories cannot be written to {store} ({reason}): name another folder with --store"
        raise UsageError(msg)
