"""Every scenario as a task of Inspect: `inspect eval askfirst/cost-explorer-december --model openai/gpt-5 -T arm=base`.

Read by Inspect alone (entry point `inspect_ai`), which is why this module, unlike others, does its work when it is imported.
A sample is a trial with one seed; `epochs` repeat it. The trial runs in a process of its own, the model in Inspect's.
"""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING, Any

from askfirst.harness import registry
from askfirst.harness.errors import UsageError
from askfirst.harness.inspecting.dropping import dropped
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from askfirst.harness.scenario import Scenario

VERDICT = "verdict"
KEPT = "askfirst"
"""Where a sample keeps what became of its trial."""
LETTER = {Verdict.PASS.value: "C", Verdict.FAIL.value: "I", Verdict.INCONCLUSIVE.value: "N"}


def askfirst_task(scenario: Scenario | str, *, arm: str = "base", seeds: int = 1, first_seed: int = 0) -> Any:  # noqa: ANN401 - Inspect's Task
    """Give the task of a scenario, or of the name of one: `seeds` samples, scored by the verdict and by each of its gates.

    PASS is C, FAIL is I, INCONCLUSIVE is N (no answer), which Inspect counts as 0; a gate with nothing to judge is not
    scored. Raises `UsageError` for a scenario or an arm that is not there.
    """
    inspect_ai = importlib.import_module("inspect_ai")
    dataset = importlib.import_module("inspect_ai.dataset")
    loaded = registry.load_scenario(scenario) if isinstance(scenario, str) else scenario
    chosen = loaded.with_arm(arm)
    if seeds < 1:
        msg = f"seeds must be at least 1, not {seeds}"
        raise UsageError(msg)
    samples = [
        dataset.Sample(id=f"seed-{seed}", input=chosen.task, target="PASS", metadata={"seed": seed, "arm": arm})
        for seed in range(first_seed, first_seed + seeds)
    ]
    return inspect_ai.Task(
        dataset=dataset.MemoryDataset(samples, name=loaded.name),
        solver=_solver(loaded, arm),
        scorer=[_scorer(name) for name in (VERDICT, *chosen.all_gates)],
        metadata={"scenario": loaded.name, "arm": arm},
    )


def _solver(scenario: Scenario, arm: str) -> Any:  # noqa: ANN401 - Inspect's Solver
    def made() -> Callable[[Any, Any], Awaitable[Any]]:
        async def solve(state: Any, generate: Any) -> Any:  # noqa: ANN401 - Inspect's own
            del generate  # the conversation is held by the trial
            trial = await dropped(state, scenario, arm, int(state.metadata["seed"]))
            findings = {
                name: {"verdict": one.verdict.value, "tested": one.tested, "because": f"[{one.code}] {one.because}"}
                for name, one in trial.findings.items()
            }
            failed = [f"{name} {one['because']}" for name, one in findings.items() if one["verdict"] != "PASS"]
            findings[VERDICT] = {"verdict": trial.verdict.value, "tested": True, "because": "; ".join(failed)}
            state.metadata[KEPT] = {"trial": trial.id, "history": str(trial.path), "findings": findings}
            return state

        return solve

    return importlib.import_module("inspect_ai.solver").solver(name="askfirst")(made)()


def _scorer(name: str) -> Any:  # noqa: ANN401 - Inspect's Scorer
    scoring = importlib.import_module("inspect_ai.scorer")

    def made() -> Callable[[Any, Any], Awaitable[Any]]:
        async def score(state: Any, target: Any) -> Any:  # noqa: ANN401 - Inspect's own
            del target
            found = state.metadata.get(KEPT, {}).get("findings", {}).get(name)
            if found is None or not found["tested"]:
                return None
            verdict = found["verdict"]
            return scoring.Score(value=LETTER[verdict], answer=verdict, explanation=found["because"])

        return score

    return scoring.scorer(metrics=[scoring.accuracy(), scoring.stderr()], name=name)(made)()


def _registered() -> dict[str, Callable[..., Any]]:
    """Give Inspect a task for each scenario, under its name."""
    task = importlib.import_module("inspect_ai").task

    def made(name: str) -> Callable[..., Any]:
        def scenario_task(arm: str = "base", seeds: int = 1, first_seed: int = 0) -> Any:  # noqa: ANN401 - Inspect's Task
            return askfirst_task(name, arm=arm, seeds=seeds, first_seed=first_seed)

        scenario_task.__doc__ = registry.scenarios()[name].summary
        found: Callable[..., Any] = task(name=name)(scenario_task)
        return found

    return {name: made(name) for name in registry.scenarios()}


TASKS = functools.cache(_registered)
TASKS()
