"""The command line. stdout is data, stderr is progress; heavy imports happen inside the commands.

Exit codes: 0 pass, 1 fail, 2 usage, 3 inconclusive, 130 interrupted.
"""

from __future__ import annotations

import json
import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from askfirst.harness.trial import Trial, Trials

STORE = Path(".askfirst") / "trials"

app = typer.Typer(
    name="askfirst",
    help="Drop an agent into a mocked AWS account and find out whether it asks before it acts, and never chooses to delete.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Isolation(Enum):
    """Where the agent of a trial runs."""

    fork = "fork"
    inline = "inline"


class Listing(Enum):
    """What `list` lists."""

    scenarios = "scenarios"
    agents = "agents"
    oracles = "oracles"


ScenarioName = Annotated[str, typer.Argument(help="Name of a scenario, or a file: incident.py or incident.py:NAME.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def main() -> None:
    """Run the command line; an error of the user's is one sentence on stderr and exit code 2."""
    from askfirst.harness.errors import AskfirstError

    try:
        # Not standalone, click returns the code of an Exit.
        sys.exit(app(standalone_mode=False) or 0)
    except AskfirstError as error:
        print(f"askfirst: {error}", file=sys.stderr)
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        print("askfirst: interrupted", file=sys.stderr)
        sys.exit(130)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        print(f"askfirst: {error.format_message()} Try 'askfirst --help'.", file=sys.stderr)
        sys.exit(2)


@app.callback(invoke_without_command=True)
def version(
    *, show: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False
) -> None:
    """Handle options that stand before the verb."""
    if show:
        import askfirst

        print(f"askfirst {askfirst.__version__}")  # type: ignore[attr-defined]
        raise typer.Exit


@app.command("list")
def list_things(
    what: Annotated[Listing, typer.Argument(help="What to list.")] = Listing.scenarios,
    *,
    arms: Annotated[bool, typer.Option("--arms", help="Show the arms of each scenario.")] = False,
    as_json: AsJson = False,
) -> None:
    """List scenarios, agents or oracles."""
    from askfirst.harness import registry
    from askfirst.harness.oracles import oracles

    listed: list[dict[str, object]] = []
    if what is Listing.scenarios:
        for one in registry.scenarios().values():
            listed.append({"name": one.name, "summary": one.summary, "arms": {"base": "as written", **_arms(one.arms)}})
    elif what is Listing.agents:
        listed = [{"name": one.name, "summary": one.summary} for one in registry.agents()]
    else:
        listed = [{"name": one.name, "summary": one.summary} for one in oracles().values()]
    if as_json:
        print(json.dumps(listed, indent=2))
        return
    width = max((len(str(one["name"])) for one in listed), default=0)
    for one in listed:
        print(f"{one['name']!s:<{width}}  {one['summary']}")
        if arms and isinstance(found := one.get("arms"), dict):
            for name, summary in found.items():
                print(f"  --arm {name}: {summary}")


def _arms(arms: object) -> dict[str, str]:
    return {name: arm.summary for name, arm in dict(arms).items()}  # type: ignore[call-overload]


@app.command()
def agents(*, as_json: AsJson = False) -> None:
    """List the agents that can be named."""
    list_things(Listing.agents, arms=False, as_json=as_json)


@app.command()
def run(  # noqa: PLR0913 - one option each
    scenario: ScenarioName,
    *,
    agent: Annotated[str, typer.Option("--agent", "-a", help="reference:NAME or python:package.module:function.")],
    seed: Annotated[int, typer.Option(help="Chooses the draw of the world and everything that looks random.")] = 0,
    arm: Annotated[str, typer.Option(help="A variation of the scenario; see `askfirst list --arms`.")] = "base",
    trials: Annotated[int, typer.Option(min=1, help="Run so many trials with the seeds that follow.")] = 1,
    seconds: Annotated[float, typer.Option(min=0, help="Real time an agent may take; default: the scenario's.")] = 0.0,
    isolation: Annotated[Isolation, typer.Option(help="fork: in a process of its own that can be killed.")] = Isolation.fork,
    store: Annotated[Path, typer.Option(help="Folder for the histories.")] = STORE,
    as_json: AsJson = False,
) -> None:
    """Drop an agent into a scenario and print what happened and the verdict."""
    import dataclasses

    from askfirst.harness import registry
    from askfirst.harness.report.progress import counting
    from askfirst.harness.trial import run_trials

    loaded = registry.load_scenario(scenario)
    loaded.with_arm(arm)
    subject = registry.agent_named(agent, loaded.with_arm(arm))
    limits = dataclasses.replace(loaded.limits, seconds=seconds) if seconds else None
    with counting("trials", trials, first="building the world") as done:
        finished = run_trials(
            loaded,
            subject,
            trials,
            seed=seed,
            isolation=isolation.value,
            arm=arm,
            limits=limits,
            store=store,
            done=lambda trial: done(trial.verdict.value),
        )
    if as_json:
        print(json.dumps(_as_data(finished), indent=2))
    else:
        _print_run(finished)
    raise typer.Exit(_exit_code(finished.verdict.value))


def _print_run(finished: Trials) -> None:
    from askfirst.harness.report.terminal import print_trial, print_trials

    if len(finished) == 1:
        print_trial(finished[0])
    else:
        print_trials(finished)


@app.command()
def show(
    trial: Annotated[str, typer.Argument(help="Id of a trial (or its beginning), or the path of its .jsonl file.")],
    *,
    store: Annotated[Path, typer.Option(help="Folder of the histories.")] = STORE,
    as_json: AsJson = False,
) -> None:
    """Judge a stored history with today's oracles, and print its timeline and findings."""
    from askfirst.harness.report.terminal import print_trial

    found = _stored(trial, store)
    if as_json:
        print(json.dumps(_trial_data(found), indent=2))
    else:
        print_trial(found)


def _stored(name: str, store: Path) -> Trial:
    from askfirst.harness.errors import UnknownName, UsageError
    from askfirst.harness.history import History
    from askfirst.harness.trial import Trial

    path = Path(name)
    if path.suffix != ".jsonl":
        known = sorted(one.stem for one in store.glob("*.jsonl"))
        fitting = [one for one in known if one.startswith(name)]
        if not fitting:
            what = f"trial in {store}"
            raise UnknownName(what, name, known)
        if len(fitting) > 1 and name not in fitting:
            msg = f"{len(fitting)} trials in {store} begin with {name!r}: {', '.join(fitting[:5])}; give one whole id"
            raise UsageError(msg)
        path = store / f"{name if name in fitting else fitting[0]}.jsonl"
    if not path.is_file():
        msg = f"there is no file {path}: give the id of a trial under {store}, or the path of a .jsonl file"
        raise UsageError(msg)
    attempt = path.stem.rpartition("-")[2]
    return Trial(History.load(path), int(attempt) if attempt.isdigit() else 1, path)


@app.command()
def certify(
    names: Annotated[list[str] | None, typer.Argument(help="Names or files of scenarios.")] = None,
    *,
    all_of_them: Annotated[bool, typer.Option("--all", help="Certify every installed scenario (the default).")] = False,
    as_json: AsJson = False,
) -> None:
    """Run the reference agents on scenarios; fails if any of them gets another verdict than it deserves."""
    from askfirst.harness import registry
    from askfirst.harness.certify import certify as certified
    from askfirst.harness.errors import UsageError
    from askfirst.harness.report.progress import counting

    if names and all_of_them:
        msg = "give names of scenarios, or --all, not both"
        raise UsageError(msg)
    chosen = [registry.load_scenario(name) for name in names] if names else list(registry.scenarios().values())
    rows = []
    with counting("reference agents", 0, first="building the world") as done:
        for scenario in chosen:
            for row in certified(scenario):
                rows.append(row)
                done(f"{row.scenario} {row.agent}")
    if as_json:
        data = [
            {
                "scenario": row.scenario,
                "agent": row.agent,
                "expected": row.expected.value,
                "got": row.got.value,
                "codes": dict(row.codes),
                "wrong": row.wrong,
            }
            for row in rows
        ]
        print(json.dumps(data, indent=2))
    else:
        from askfirst.harness.report.terminal import print_certificate

        print_certificate(rows)
    raise typer.Exit(0 if rows and all(row.fine for row in rows) else 1)


@app.command()
def classify(
    operation: Annotated[str, typer.Argument(help="service:Operation, an IAM action, or 'service operation-name'.")],
    more: Annotated[list[str] | None, typer.Argument(help="The operation, where it stands apart.", hidden=True)] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say what an AWS operation does: level, class, severity, what is lost, and where that is known from."""
    from askfirst.harness.errors import UsageError
    from askfirst.harness.operations.table import UnknownOperation, find

    try:
        found = find(" ".join([operation, *(more or [])]))
    except UnknownOperation as error:
        raise UsageError(str(error)) from None
    data = {
        "operation": found.id,
        "level": found.level.word,
        "class": found.operation_class.value,
        "severity": found.severity.value,
        "domain": found.domain.value,
        "iam": list(found.iam),
        "needs_authorization": found.changes,
        "source": found.source,
    }
    if as_json:
        print(json.dumps(data, indent=2))
        return
    for name, value in data.items():
        shown = ", ".join(value) if isinstance(value, list) else {True: "yes", False: "no"}.get(value, value)  # type: ignore[call-overload]
        print(f"{name.replace('_', ' '):<20} {shown}")


def _exit_code(verdict: str) -> int:
    return {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 3}[verdict]


def _as_data(finished: Trials) -> object:
    if len(finished) == 1:
        return _trial_data(finished[0])
    gates = finished[0].history.header.gates
    return {
        "verdict": finished.verdict.value,
        "findings": {name: _finding_data(finished.finding(name)) for name in gates},
        "trials": [_trial_data(one) for one in finished],
    }


def _finding_data(finding: object) -> dict[str, object]:
    from askfirst.harness.verdict import Finding

    if not isinstance(finding, Finding):
        raise TypeError(type(finding))
    return {
        "verdict": finding.verdict.value,
        "tested": finding.tested,
        "code": finding.code,
        "because": finding.because,
        "events": list(finding.events),
        "tainted": list(finding.tainted),
    }


def _trial_data(trial: Trial) -> dict[str, object]:
    from askfirst.harness.report.counts import counts

    identity = trial.history.header.identity
    return {
        "id": trial.id,
        "scenario": identity.scenario,
        "agent": identity.agent,
        "arm": identity.arm,
        "seed": identity.seed,
        "verdict": trial.verdict.value,
        "findings": {name: _finding_data(one) for name, one in trial.findings.items()},
        "counts": counts(trial.history),
        "troubles": [{"kind": one.trouble.value, "because": one.because} for _, one in trial.history.troubles],
        "history": str(trial.path) if trial.path else None,
    }
