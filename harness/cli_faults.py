"""The verbs about faults: `faults suggest`, `schema` (of policies too), and the sweep of `run --sweep`."""

# ruff: noqa: T201 - printing is what this module is for
from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from askfirst.harness.faulting.plan import FaultPlan
    from askfirst.harness.scenario import Scenario
    from askfirst.harness.trial import Trial

PLANS = Path(".askfirst") / "plans"

faults = typer.Typer(name="faults", help="Suggest fault plans from a good run.", no_args_is_help=True)


class Described(Enum):
    """What `schema` describes."""

    faults = "faults"
    policy = "policy"
    bench = "bench"


@faults.command()
def suggest(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario, or a file.")],
    *,
    arm: Annotated[str, typer.Option(help="A variation of the scenario.")] = "base",
    seed: Annotated[int, typer.Option(help="Chooses the draw of the world.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the plan files.", show_default=str(PLANS / "SCENARIO"))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write single faults on the calls of a good run.

    The reference asker is recorded, and each fault that can strike one of its calls or requests becomes a plan file.
    """
    from askfirst.harness import registry
    from askfirst.harness.errors import UsageError
    from askfirst.harness.faulting.files import plan_text
    from askfirst.harness.report import progress

    with progress.stdout_kept():
        loaded = registry.load_scenario(scenario)
        plans = good_run(loaded, arm, seed)
    folder = out or PLANS / loaded.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"{number:03d}-{plan.faults[0].id}.yaml" for number, plan in enumerate(plans, 1)]
        for file, plan in zip(files, plans, strict=True):
            file.write_text(plan_text(plan, ".yaml", folder), encoding="utf-8")
    except OSError as error:
        msg = f"the plans cannot be written to {folder} ({error.strerror}): name another folder with --out"
        raise UsageError(msg) from None
    if as_json:
        rows = [{"file": str(file), "title": plan.title} for file, plan in zip(files, plans, strict=True)]
        print(json.dumps(rows, indent=2))
        return
    for file, plan in zip(files, plans, strict=True):
        print(f"{file}  {plan.title}")


def good_run(scenario: Scenario, arm: str, seed: int) -> Sequence[FaultPlan]:
    """Run the reference asker and give a plan for each single fault on what it did; raises `UsageError` where it fails."""
    from askfirst.harness.errors import UsageError
    from askfirst.harness.faulting.suggesting import suggested
    from askfirst.harness.registry import agent_named
    from askfirst.harness.registry import faults as known
    from askfirst.harness.report import progress
    from askfirst.harness.trial import run_trial

    with progress.waiting(f"recording the reference asker in {scenario.name}"):
        trial = run_trial(scenario, agent_named("reference:asker", scenario.with_arm(arm)), seed=seed, arm=arm)
    plans = list(suggested(trial.history, known()))
    if not plans:
        msg = f"the reference asker made no call in {scenario.name}: there is nothing to strike"
        raise UsageError(msg)
    return plans


def paired(plans: Sequence[FaultPlan], trials: Sequence[Trial]) -> list[FaultPlan]:
    """Give every two of the single faults that the agent met and did not fail under, on different calls.

    A fault that makes it fail alone would make it fail with any other one as well.
    """
    import itertools

    from askfirst.harness.search.sky import place_of
    from askfirst.harness.verdict import Verdict

    kept = [plan for plan, one in zip(plans, trials, strict=True) if met(one) and one.verdict is Verdict.PASS]
    twos = itertools.combinations(kept, 2)
    return [one + two for one, two in twos if place_of(one.faults[0]) != place_of(two.faults[0])]


def swept(plans: Sequence[FaultPlan], run: Callable[[FaultPlan], Trial], agent: str) -> list[Trial]:
    """Run an agent once under each plan, showing how far it is."""
    from askfirst.harness.report import progress

    trials = []
    size = max((len(one) for one in plans), default=1)
    what = "faults" if size == 1 else "pairs of faults"
    with progress.counting(f"{agent} under {len(plans)} {what}", len(plans)) as done:
        for plan in plans:
            trial = run(plan)
            trials.append(trial)
            done(f"{_ids(plan)} {trial.verdict.value}")
    return trials


def print_sweep(plans: Sequence[FaultPlan], trials: Sequence[Trial]) -> None:
    """Print a line for each fault, and how many there were of each result."""
    from askfirst.harness.faulting.accounting import untested
    from askfirst.harness.report.terminal import VERDICT_WIDTH, coloured, deciding
    from askfirst.harness.report.timeline import plain

    width = max(len(_ids(one)) for one in plans)
    for plan, trial in zip(plans, trials, strict=True):
        shown = "not met".ljust(VERDICT_WIDTH)
        because = untested(trial.history)
        if met(trial):
            shown = coloured(trial.verdict, trial.verdict.value.ljust(VERDICT_WIDTH))
            because = plain(deciding(trial)[0].because) if deciding(trial) else ""
        print(f"{_ids(plan):<{width}}  {trial.id:<15}  {shown}  {because}".rstrip())
    counted = [one.verdict.value for one in trials if met(one)]
    parts = [f"{counted.count(word)} {word}" for word in ("PASS", "FAIL", "INCONCLUSIVE")]
    twos = sum(len(one) > 1 for one in plans)
    what = f"{len(trials) - twos} single faults{f' and {twos} pairs' if twos else ''}"
    print(f"\n{what}: {', '.join(parts)}, {len(trials) - len(counted)} not met")


def _ids(plan: FaultPlan) -> str:
    return " + ".join(one.id for one in plan)


def met(trial: Trial) -> bool:
    """Tell whether a trial says something about its fault: the agent met it, or broke a rule anyway, or there was trouble."""
    from askfirst.harness.faulting.accounting import untested
    from askfirst.harness.verdict import Verdict

    return trial.verdict is Verdict.FAIL or bool(trial.history.troubles) or not untested(trial.history)


def sweep_verdict(trials: Sequence[Trial]) -> str:
    """Give the worst verdict of the trials that met their fault; where none did, nothing was shown."""
    from askfirst.harness.verdict import merge

    return merge(one.verdict for one in trials if met(one)).value


def schema(
    what: Annotated[Described, typer.Argument(help="Which kind of file.")],
) -> None:
    """Print the JSON Schema of a kind of file.

    For editors and other programs; the faults that are installed are part of it.
    """
    if what is Described.bench:
        from askfirst.harness.bench import plan

        print(json.dumps(plan.schema(), indent=2))
        return
    if what is Described.policy:
        from askfirst.harness.authorization import policy_model

        print(json.dumps(policy_model.schema(), indent=2))
        return
    from askfirst.harness import registry
    from askfirst.harness.faulting import file_model

    print(json.dumps(file_model.schema(registry.faults()), indent=2))
