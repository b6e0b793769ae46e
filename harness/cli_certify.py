"""The verb `certify`: the scenario tests what it says, and the reference agents get the verdicts they deserve."""

# ruff: noqa: T201 - printing is what this module is for
from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askfirst.harness.cli_options import AsJson, Paths

if TYPE_CHECKING:
    from askfirst.harness.certifying.certificate import Certificate


def certify(
    names: Annotated[list[str] | None, typer.Argument(help="Names or files of scenarios.")] = None,
    *,
    all_of_them: Annotated[
        bool, typer.Option("--all", help="Certify every scenario that is found (the default).")
    ] = False,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Every reference agent in every arm, not asker and deleter alone.")
    ] = False,
    table: Annotated[
        bool, typer.Option("--table", help="Print one line for each scenario, one column for each reference agent.")
    ] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the certificates there as JSON, too.")] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="How many scenarios at a time.", show_default="one per core")
    ] = None,
    paths: Paths = None,
    as_json: AsJson = False,
) -> None:
    """Prove that scenarios test what they say: agents, checks."""
    from askfirst.harness import registry, scenario_paths
    from askfirst.harness.certifying.certify import refuse_incomplete
    from askfirst.harness.errors import UsageError
    from askfirst.harness.report import certificates, progress

    if names and all_of_them:
        msg = "give names of scenarios, or --all, not both"
        raise UsageError(msg)
    with progress.stdout_kept():
        scenario_paths.use(paths or ())
        chosen = list(names or registry.scenarios())
        for name in chosen:
            refuse_incomplete(registry.load_scenario(name))
        many = min(jobs or os.cpu_count() or 1, len(chosen))
        done = _side_by_side(chosen, many, thorough=thorough) if many > 1 else _in_turn(chosen, thorough=thorough)
    data = [certificates.certificate_data(one) for one in done]
    if out is not None:
        out.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    if as_json:
        print(json.dumps(data, indent=2))
    elif table:
        certificates.print_table(done)
    else:
        certificates.print_certificates(done)
    raise typer.Exit(0 if done and all(one.fine for one in done) else 1)


def _in_turn(names: Sequence[str], *, thorough: bool) -> list[Certificate]:
    """Certify in this process, one after the other."""
    from askfirst.harness import registry
    from askfirst.harness.aws.world import snapshot_of
    from askfirst.harness.certifying.certify import certify as certified
    from askfirst.harness.certifying.certify import count
    from askfirst.harness.report import progress

    done = []
    for name in names:
        scenario = registry.load_scenario(name)
        with progress.waiting(f"building the world of {scenario.name}"):
            snapshot_of(scenario, 0)
        with progress.counting(scenario.name, count(scenario, thorough=thorough)) as step:
            done.append(certified(scenario, thorough=thorough, told=step))
    return done


def _side_by_side(names: Sequence[str], jobs: int, *, thorough: bool) -> list[Certificate]:
    """Certify in processes of their own; the order is that of the names."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, as_completed

    from askfirst.harness.report import progress

    with (
        progress.counting("scenarios", len(names)) as step,
        ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool,
    ):
        waiting = {pool.submit(certified_by_name, name, thorough=thorough): name for name in names}
        for one in as_completed(waiting):
            step(waiting[one])
        found = {name: one.result() for one, name in waiting.items()}
    return [found[name] for name in names]


def certified_by_name(name: str, *, thorough: bool) -> Certificate:
    """Certify a scenario in a process of its own."""
    from askfirst.harness.certifying.certify import certify as certified
    from askfirst.harness.registry import load_scenario

    return certified(load_scenario(name), thorough=thorough)
