"""The verb `bench`: many trials planned, run, kept, judged and compared."""

# ruff: noqa: T201 - printing is what this module is for
from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askfirst.harness import cli_export
from askfirst.harness.cli_options import AsJson, Html, Paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from askfirst.harness.bench.cells import Cell
    from askfirst.harness.bench.plan import BenchFile
    from askfirst.harness.bench.store import Store, Stored

bench = typer.Typer(name="bench", no_args_is_help=True, help="Run many trials, keep them, compare agents.")
bench.command()(cli_export.export)
FOLDER = Path(".askfirst") / "bench"

PlanFile = Annotated[
    Path, typer.Argument(metavar="PLAN", help="A plan: .yaml, .toml or .json ('askfirst schema bench').")
]
StoreFile = Annotated[Path, typer.Argument(metavar="FILE", help="A benchmark that was run: .sqlite.")]
StoreOption = Annotated[
    Path | None,
    typer.Option("--store", metavar="FILE", help="Where the benchmark is kept.", show_default=f"{FOLDER}/PLAN.sqlite"),
]
Shard = Annotated[str, typer.Option(metavar="I/N", help="Only part I of N of the trials, on one machine of N.")]
FailOn = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on", metavar="RULE", help="deletion, unasked, inconclusive, regression, deletion>5%; repeatable."
    ),
]
Ray = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Run on every machine of a Ray cluster ('auto' finds it); extra ray."),
]
Baseline = Annotated[Path | None, typer.Option(metavar="FILE", help="An earlier benchmark, for the rule regression.")]


@bench.command()
def plan(file: PlanFile, *, store: StoreOption = None, paths: Paths = None, as_json: AsJson = False) -> None:
    """Say what a plan comes to: trials, time, cost, and what it can show."""
    from askfirst.harness.bench import forecast
    from askfirst.harness.bench.store import Store
    from askfirst.harness.report import progress

    said, cells = _planned(file, paths)
    place = _place(file, store)
    known: dict[str, Stored] = {}
    if place.is_file():
        with Store(place) as opened:
            known = opened.last()
    with progress.waiting("working out what it can show"):
        told = forecast.forecast(said, cells, known)
    if as_json:
        print(json.dumps(forecast.data(told), indent=2))
    else:
        print("\n".join(forecast.lines(told)))


@bench.command()
def run(
    file: PlanFile,
    *,
    store: StoreOption = None,
    shard: Shard = "1/1",
    accept_stale: Annotated[
        bool, typer.Option("--accept-stale", help="Let stored trials of an older agent or scenario stand.")
    ] = False,
    ray: Ray = None,
    fail_on: FailOn = None,
    baseline: Baseline = None,
    paths: Paths = None,
    as_json: AsJson = False,
) -> None:
    """Run what is missing of a plan, and compare."""
    from askfirst.harness.bench import gate
    from askfirst.harness.bench.store import Store
    from askfirst.harness.bench.supervisor import Supervisor, to_run
    from askfirst.harness.report import progress
    from askfirst.harness.report.benches import Progress

    said, cells = _planned(file, paths)
    cells = _sharded(cells, shard)
    rules = gate.rules_of([*said.fail_on, *(fail_on or ())], baseline=baseline is not None)
    place = _place(file, store)
    again = (
        f"askfirst bench resume {file}"
        + (f" --store {store}" if store else "")
        + (f" --shard {shard}" if shard != "1/1" else "")
    )
    with Store(place, write=True) as opened, progress.stdout_kept():
        opened.set_meta("plan", said.model_dump_json())
        known = opened.last()
        todo = to_run(cells, known, list(known.values()) if accept_stale else ())
        if len(todo) < len(cells):
            sys.stderr.write(f"{len(cells) - len(todo)} of {len(cells)} trials are done already, in {place}\n")
        labels = dict.fromkeys(cell.group.label for cell in cells)
        try:
            if ray is not None:
                _on_cluster(ray, file, todo, opened, again)
            else:
                with Progress(len(todo), labels) as shown:
                    Supervisor(opened, said.concurrency, shown).run(todo)
        except KeyboardInterrupt:
            sys.stderr.write(f"\nstopped; what is done is kept. Go on with: {again}\n")
            raise
        wanted = {cell.key for cell in cells}
        names = {
            (cell.group.label, cell.identity.scenario, cell.identity.arm, cell.group.faults, cell.seed)
            for cell in cells
        }
        trials = {
            key: one
            for key, one in opened.last().items()
            if key in wanted or (accept_stale and (one.label, *one.cell) in names)
        }
    sys.stderr.write(f"{len(trials)} trials in {place}\n")
    _show(list(trials.values()), as_json=as_json)
    _end(rules, trials, baseline)


@bench.command()
def resume(
    file: PlanFile,
    *,
    store: StoreOption = None,
    shard: Shard = "1/1",
    ray: Ray = None,
    fail_on: FailOn = None,
    baseline: Baseline = None,
    paths: Paths = None,
    as_json: AsJson = False,
) -> None:
    """Go on with a benchmark that was broken off."""
    from askfirst.harness.errors import UsageError

    place = _place(file, store)
    if not place.is_file():
        msg = f"there is no benchmark {place} to go on with: `askfirst bench run {file}` begins one"
        raise UsageError(msg)
    run(file, store=store, shard=shard, ray=ray, fail_on=fail_on, baseline=baseline, paths=paths, as_json=as_json)


@bench.command()
def status(file: PlanFile, *, store: StoreOption = None, paths: Paths = None, as_json: AsJson = False) -> None:
    """Say how much of a plan is done, and why stored trials do not fit."""
    from askfirst.harness.bench import standing
    from askfirst.harness.bench.store import Store

    _, cells = _planned(file, paths)
    with Store(_place(file, store)) as opened:
        told = standing.standing(cells, opened)
    if as_json:
        print(json.dumps(standing.data(told), indent=2))
    else:
        print("\n".join(standing.lines(told)))


@bench.command()
def judge(
    file: StoreFile,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Judge stored histories by today's oracles; no agent is run."""
    from askfirst.harness.bench.judging import judged_again
    from askfirst.harness.bench.store import Store
    from askfirst.harness.report import progress

    with Store(file):  # what is not there is not made
        pass
    with Store(file, write=True) as opened, progress.counting("judging") as step:
        changes = judged_again(opened, write=not dry_run, told=step)
    if as_json:
        print(json.dumps([one.data for one in changes], indent=2))
        return
    for one in changes:
        print(one)
    what = "would change" if dry_run else "changed"
    print(f"{len(changes)} attempts {what}" if changes else "nothing changes")


@bench.command()
def compare(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Benchmarks that were run: .sqlite.")],
    *,
    fail_on: FailOn = None,
    baseline: Baseline = None,
    as_json: AsJson = False,
) -> None:
    """Put agents side by side, with intervals and paired differences."""
    from askfirst.harness.bench import gate
    from askfirst.harness.bench.store import Store

    rules = gate.rules_of(fail_on or (), baseline=baseline is not None)
    trials: dict[str, Stored] = {}
    for file in files:
        with Store(file) as opened:
            trials |= opened.last()
    _show(list(trials.values()), as_json=as_json)
    _end(rules, trials, baseline)


@bench.command()
def report(
    file: StoreFile,
    *,
    html: Html = None,
    full: Annotated[
        bool, typer.Option("--full", help="Keep every timeline in the page, however large it gets.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print a benchmark as 'compare' does, or write it as a page with every trial."""
    from askfirst.harness.bench.store import Store
    from askfirst.harness.report import progress

    if html is None:
        with Store(file) as opened:
            _show(list(opened.last().values()), as_json=as_json)
        return
    from askfirst.harness.report.html import benchmark, writing

    place = writing.place(html)
    with Store(file) as opened, progress.counting("pages", len(opened.last())) as step:
        made = benchmark.benchmark_page(opened, step, full=full)
    writing.write(place, made.html)
    facts = {
        "html": str(place),
        "trials": made.trials,
        "without_timeline": made.left_out,
        "bytes": place.stat().st_size,
    }
    if as_json:
        print(json.dumps(facts, indent=2))
    else:
        left = f", {made.left_out} of them without their timelines (--full keeps all)" if made.left_out else ""
        print(f"{place}: {made.trials} trials{left}, {facts['bytes']} bytes")


@bench.command()
def merge(
    into: StoreFile,
    others: Annotated[list[Path], typer.Argument(metavar="OTHER...", help="What the other machines wrote.")],
) -> None:
    """Take the trials of other machines into one file."""
    from askfirst.harness.bench.store import Store

    with Store(into, write=True) as opened:
        for other in others:
            new, old = opened.merge(other)
            print(f"{other}: {new} attempts taken over, {old} were here already")


@bench.command("import")
def take_in(
    into: StoreFile,
    files: Annotated[list[Path], typer.Argument(metavar="TRIAL...", help="Histories that `run` wrote: .jsonl.")],
) -> None:
    """Take trials that `run` has recorded into a benchmark."""
    from askfirst.harness.bench.judging import imported
    from askfirst.harness.bench.store import Store

    with Store(into, write=True) as opened:
        for file in files:
            print(f"{file}: {imported(opened, file)}")


def _on_cluster(address: str, file: Path, todo: Sequence[tuple[Cell, int]], store: Store, again: str) -> None:
    """Run on a cluster; leave with 3 where machines were lost and something is missing."""
    from askfirst.harness.bench.on_ray import Lost, run_on_ray
    from askfirst.harness.report import progress

    lost: list[Lost] = []
    with progress.counting("trials", len(todo)) as step:
        for one in run_on_ray(address, file, todo, store):
            if isinstance(one, Lost):
                lost.append(one)
            else:
                step(one.key[:12])
    if lost:
        for one in lost:
            sys.stderr.write(f"askfirst: {one}\n")
        sys.stderr.write(f"what was delivered is kept. Run the rest with: {again} --ray {address}\n")
        raise typer.Exit(3)


def _planned(file: Path, paths: list[Path] | None) -> tuple[BenchFile, tuple[Cell, ...]]:
    from askfirst.harness import scenario_paths
    from askfirst.harness.bench.cells import cells_of
    from askfirst.harness.bench.plan import load_bench

    scenario_paths.use(paths or ())
    said = load_bench(file)
    return said, cells_of(said, file.parent)


def _place(file: Path, store: Path | None) -> Path:
    return store or FOLDER / f"{file.stem}.sqlite"


def _sharded(cells: tuple[Cell, ...], shard: str) -> tuple[Cell, ...]:
    from askfirst.harness.errors import UsageError

    part, _, of = shard.partition("/")
    if not (part.isdigit() and of.isdigit() and 1 <= int(part) <= int(of)):
        msg = f"--shard is {shard!r}: write which part of how many, such as 2/4"
        raise UsageError(msg)
    return tuple(one for one in cells if int(one.key[:12], 16) % int(of) == int(part) - 1)


def _show(trials: Sequence[Stored], *, as_json: bool) -> None:
    from askfirst.harness.bench.comparing import sides
    from askfirst.harness.errors import UsageError
    from askfirst.harness.report import benches

    if not trials:
        msg = "there is no trial in it: `askfirst bench run PLAN` runs some"
        raise UsageError(msg)
    told = sides(trials)
    if as_json:
        print(json.dumps(benches.comparison_data(told), indent=2))
    else:
        benches.print_comparison(told)


def _end(rules: Sequence[object], trials: dict[str, Stored], baseline: Path | None) -> None:
    from askfirst.harness.bench import gate
    from askfirst.harness.bench.store import Store

    before: dict[str, Stored] = {}
    if baseline is not None:
        with Store(baseline) as opened:
            before = opened.last()
    found = gate.broken([one for one in rules if isinstance(one, gate.Rule)], trials, before)
    for sentence in found:
        sys.stderr.write(f"askfirst: {sentence}\n")
    raise typer.Exit(1 if found else 0)
