"""The verbs `search` and `shrink`: the storm in which an agent breaks a rule, and the smallest part of it that does."""

# ruff: noqa: T201 - printing is what this module is for
from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from askfirst.harness.cli_options import STORE, AsJson, ScenarioName, Store

if TYPE_CHECKING:
    from askfirst.harness.agent import Agent
    from askfirst.harness.scenario import Scenario
    from askfirst.harness.search.running import Laboratory
    from askfirst.harness.search.shrinking import Smallest
    from askfirst.harness.search.signature import Signature
    from askfirst.harness.search.sky import Sky
    from askfirst.harness.search.storms import Storm

STORMS = Path(".askfirst") / "storms"

Budget = Annotated[int, typer.Option(min=1, help="How many trials, at most.")]
Out = Annotated[Path, typer.Option(help="Folder for the plan that is found.")]
AgentName = Annotated[
    str, typer.Option("--agent", "-a", help="reference:NAME, python:package.module:function, openai:MODEL ...")
]


def search(
    scenario: ScenarioName,
    *,
    agent: AgentName,
    budget: Budget = 200,
    arms: Annotated[
        list[str] | None, typer.Option("--arm", help="An arm that may be part of the storm; repeatable.")
    ] = None,
    people: Annotated[
        bool, typer.Option("--people", help="Each person may also answer otherwise than is written for them.")
    ] = False,
    oracle: Annotated[str, typer.Option(help="The rule to break.", show_default="any gate")] = "",
    seed: Annotated[int, typer.Option(help="Chooses the draw of the world, and the search.")] = 0,
    out: Out = STORMS,
    store: Store = STORE,
    as_json: AsJson = False,
) -> None:
    """Look for a storm in which an agent breaks a rule.

    Of faults on the calls of a good run, answers of people, and pressure; its smallest part is given.
    """
    from askfirst.harness import registry
    from askfirst.harness.cli_run import writable
    from askfirst.harness.report import progress
    from askfirst.harness.search.searching import search as searched
    from askfirst.harness.search.sky import sky_of
    from askfirst.harness.search.storms import Storm

    writable(store)
    _known_oracle(oracle)
    with progress.stdout_kept():
        loaded = registry.load_scenario(scenario)
        for arm in arms or ():
            loaded.with_arm(arm)
        subject = registry.agent_named(agent, loaded)
        with progress.waiting(f"recording the reference asker in {loaded.name}"):
            sky = sky_of(loaded, seed, tuple(arms or ()), people=people)
        with progress.counting(agent, budget) as step:
            laboratory = _laboratory(loaded, subject, seed, budget, store, step)
            smallest = None
            try:
                found = searched(laboratory, sky, wanted=oracle, seed=seed)
                if found is not None and found.storm != Storm():
                    laboratory.most = laboratory.runs + budget
                    smallest = _shrunk(laboratory, found.storm, found.signature, found.sky, subject)
            except KeyboardInterrupt:
                _kept(laboratory, out)
                raise
    if found is None:
        _nothing(laboratory, sky, as_json=as_json)
    if smallest is None:
        print(f"{agent} needs no storm: without any fault it fails by {found.signature} (trial {found.trial})")
        raise typer.Exit(1)
    _end(smallest, loaded, agent, seed, out, as_json=as_json)


def shrink(
    trial: Annotated[Path, typer.Argument(metavar="TRIAL", help="The history of a trial that failed: .jsonl.")],
    *,
    agent: Annotated[str, typer.Option("--agent", "-a", help="The agent, if it cannot be named by the history.")] = "",
    budget: Budget = 200,
    out: Out = STORMS,
    store: Store = STORE,
    as_json: AsJson = False,
) -> None:
    """Find the smallest cause of a trial's failure."""
    from askfirst.harness import registry
    from askfirst.harness.cli_run import writable
    from askfirst.harness.errors import UsageError
    from askfirst.harness.faulting.files import plan_of_trial
    from askfirst.harness.history import History
    from askfirst.harness.report import progress
    from askfirst.harness.search.signature import signatures
    from askfirst.harness.search.sky import sky_of
    from askfirst.harness.search.storms import Storm
    from askfirst.harness.trial import Trial

    writable(store)
    if not trial.is_file():
        msg = f"there is no file {trial}: give the .jsonl file of a stored trial"
        raise UsageError(msg)
    history = History.load(trial)
    identity = history.header.identity
    failed = signatures(Trial(history))
    if not failed:
        msg = f"{trial} did not fail: its verdict is {Trial(history).verdict.value}, so there is no cause to look for"
        raise UsageError(msg)
    if history.header.recording:
        msg = "a recorded conversation cannot answer for another storm than its own: shrink a trial whose model answers"
        raise UsageError(msg)
    with progress.stdout_kept():
        loaded = registry.load_scenario(identity.scenario)
        subject = registry.agent_named(_name(agent or identity.agent), loaded.with_arm(identity.arm))
        sky = sky_of(loaded, identity.seed)
        storm = Storm(tuple(plan_of_trial(trial)), identity.arm)
        with progress.counting(identity.agent, budget) as step:
            laboratory = _laboratory(loaded, subject, identity.seed, budget, store, step)
            if not _again(laboratory, storm, failed[0], subject):
                msg = (
                    f"run again, the trial does not fail by {failed[0]}: its agent or scenario has changed, or fails by chance "
                    "only. `askfirst run --trials 20 --faults TRIAL` shows how often"
                )
                raise UsageError(msg)
            smallest = _shrunk(laboratory, storm, failed[0], sky, subject)
    _end(smallest, loaded, agent or identity.agent, identity.seed, out, as_json=as_json)


def _laboratory(scenario: Scenario, agent: Agent, seed: int, budget: int, store: Path, step: object) -> Laboratory:
    from askfirst.harness.search.running import Came, Laboratory
    from askfirst.harness.trial import Trial

    def run(storm: Storm) -> Trial:
        return storm.run(scenario, agent, seed, isolation="fork", store=store)

    def told(came: Came) -> None:
        assert callable(step)  # noqa: S101 - for the type checker
        step(f"{len(came.storm)} changes: {came.signatures[0] if came.signatures else 'no rule broken'}")

    return Laboratory(run, budget, told)


def _steady(agent: Agent) -> bool:
    """Tell whether an agent may be taken to do the same each time: no model is asked, and no programs are run."""
    from askfirst.harness.agent import is_served, model_hosts_of

    return not is_served(agent) and not model_hosts_of(agent)


def _again(laboratory: Laboratory, storm: Storm, signature: Signature, agent: Agent) -> bool:
    """Tell whether the storm makes the agent fail once more, in one try or, where it may do otherwise, in some."""
    from askfirst.harness.search.doubting import PILOT

    tries = range(1 if _steady(agent) else PILOT)
    return any(signature in laboratory.see(storm, again=True).signatures for _ in tries)


def _shrunk(laboratory: Laboratory, storm: Storm, signature: Signature, sky: Sky, agent: Agent) -> Smallest:
    from askfirst.harness.search.shrinking import shrink as shrunk

    return shrunk(laboratory, storm, signature, sky=sky, steady=_steady(agent))


def _known_oracle(name: str) -> None:
    from askfirst.harness.errors import UnknownName
    from askfirst.harness.oracles import oracles

    if name and name not in oracles():
        what = "oracle"
        raise UnknownName(what, name, oracles(), see="askfirst list oracles")


def _name(agent: str) -> str:
    from askfirst.harness.errors import UsageError

    if agent.startswith("python:") and "<locals>" in agent:
        msg = (
            f"{agent} was made inside a function and cannot be found again: name it with --agent python:module:function"
        )
        raise UsageError(msg)
    return agent


def _kept(laboratory: Laboratory, out: Path) -> None:
    """Interrupted, keep the smallest storm that failed so far."""
    failing = [each[0] for each in laboratory.known.values() if each[0].signatures]
    if failing:
        best = min(failing, key=lambda one: len(one.storm))
        sys.stderr.write(f"\nso far: {best.storm} fails by {best.signatures[0]}; plan: {_write(best.storm, out)}\n")


def _nothing(laboratory: Laboratory, sky: Sky, *, as_json: bool) -> NoReturn:
    text = (
        f"no storm found: in {laboratory.runs} trials over {len(sky)} single changes the agent broke no rule. "
        "That is no proof that there is none; a larger --budget looks further"
    )
    print(json.dumps({"found": False, "runs": laboratory.runs, "changes": len(sky)}, indent=2) if as_json else text)
    raise typer.Exit(0)


def _end(smallest: Smallest, scenario: Scenario, agent: str, seed: int, out: Path, *, as_json: bool) -> NoReturn:
    from askfirst.harness.search.telling import data, lines

    file = _write(smallest.storm, out)
    if as_json:
        print(json.dumps(data(smallest, scenario.name, agent, seed, file), indent=2))
    else:
        print("\n".join(lines(smallest, scenario.name, agent, seed, file)))
    raise typer.Exit(1)


def _write(storm: Storm, out: Path) -> Path:
    from askfirst.harness.errors import UsageError
    from askfirst.harness.faulting.files import plan_text

    name = "-".join(one.id for one in storm.faults)[:80].strip("-") or "no-fault"
    file = out / f"{name}.yaml"
    try:
        out.mkdir(parents=True, exist_ok=True)
        file.write_text(plan_text(storm.plan, ".yaml", out) if storm.faults else "faults: []\n", encoding="utf-8")
    except OSError as error:
        msg = f"the plan cannot be written to {out} ({error.strerror}): name another folder with --out"
        raise UsageError(msg) from None
    return file
