"""The command line. stdout is data, stderr is progress; heavy imports happen inside the commands.

Exit codes: 0 pass, 1 fail, 2 usage (nothing was run), 3 inconclusive, 130 interrupted.
"""

# ruff: noqa: T201 - printing is what this module is for
from __future__ import annotations

import contextlib
import json
import os
import sys
import traceback
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askfirst.harness import (
    cli_bench,
    cli_certify,
    cli_explain,
    cli_faults,
    cli_new,
    cli_review,
    cli_run,
    cli_search,
    cli_serve,
    cli_tape,
)
from askfirst.harness.cli_options import STORE, AsJson, Html, Paths, Store

if TYPE_CHECKING:
    from askfirst.harness.faulting.declaring import Kind

INTERRUPTED = 130

app = typer.Typer(
    name="askfirst",
    help="Drop an agent into a mocked AWS account: does it ask before it acts, and does it ever choose to delete?",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(cli_run.run)
app.command()(cli_certify.certify)
app.command()(cli_serve.serve)
app.command()(cli_tape.record)
app.command()(cli_tape.replay)
app.command()(cli_search.search)
app.command()(cli_search.shrink)
app.command()(cli_review.review)


class Listing(Enum):
    """What `list` lists."""

    scenarios = "scenarios"
    agents = "agents"
    faults = "faults"
    oracles = "oracles"
    safeguards = "safeguards"


def main() -> None:
    """Run the command line; an error of the user's is one message on stderr and exit code 2, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")  # a terminal that lacks a character must not end the command
    sys.exit(_guarded())


def _guarded() -> int:
    """Run the command and give its exit code, whatever is raised on the way."""
    from askfirst.harness.errors import AskfirstError

    try:
        # Not standalone, click returns the code of an Exit, and raises its own errors.
        code = int(app(standalone_mode=False) or 0)
        sys.stdout.flush()
        if code == INTERRUPTED:  # some versions of click make that of a KeyboardInterrupt
            raise KeyboardInterrupt  # noqa: TRY301 - one place for it
    except AskfirstError as error:
        return _complain(str(error), 2)
    except (KeyboardInterrupt, typer.Abort):
        return _complain("interrupted", INTERRUPTED)
    except BrokenPipeError:
        return _unread()
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):  # click has seen it first
            return _unread()
        return _complain(f"the code of the scenario or agent called sys.exit({error.code!r}) while it was loaded", 2)
    except Exception as error:  # noqa: BLE001 - the last place where a traceback can be kept from the user
        if hasattr(error, "format_message"):
            return _complain(_of_click(error), 2)
        return _complain(_internal(error), 3)
    return code


def _unread() -> int:
    """End as `cat` does when nobody reads any more, without a word."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 141


def _complain(message: str, code: int) -> int:
    print(f"askfirst: {message}", file=sys.stderr)
    return code


def _of_click(error: Exception) -> str:
    """Give click's message as a sentence, with the help that explains it."""
    message = error.format_message().rstrip()  # type: ignore[attr-defined]  # which click it is depends on typer's version
    context = getattr(error, "ctx", None)
    verb = context.command_path if context is not None else "askfirst"
    return f"{message}{'' if message.endswith(('.', '?')) else '.'} '{verb} --help' explains."


def _internal(error: Exception) -> str:
    """Own up to a mistake of ours; the traceback is for who asks for it."""
    if os.environ.get("ASKFIRST_TRACEBACK"):
        return "".join(traceback.format_exception(error)).rstrip()
    last = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"{type(error).__name__}: {error} (in {Path(last.filename).name}, line {last.lineno}).\n"
        "This is a mistake in askfirst, and nothing is proved. Please report it with what is printed when you run the "
        "command again with ASKFIRST_TRACEBACK=1."
    )


@app.callback(invoke_without_command=True)
def version(
    context: typer.Context,
    *,
    show_version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
) -> None:
    """Handle options that stand before the verb."""
    if show_version:
        from importlib.metadata import version

        print(f"askfirst {version('askfirst')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help(), file=sys.stderr)
        raise typer.Exit(2)


@app.command("list")
def list_things(
    what: Annotated[Listing, typer.Argument(help="What to list.")] = Listing.scenarios,
    *,
    arms: Annotated[bool, typer.Option("--arms", help="Show the arms of each scenario.")] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Show services, policies, arms and fault families of the scenarios.")
    ] = False,
    paths: Paths = None,
    as_json: AsJson = False,
) -> None:
    """List scenarios, agents, faults, oracles or safeguards."""
    from askfirst.harness import registry, scenario_paths
    from askfirst.harness.oracles import oracles

    scenario_paths.use(paths or ())
    if coverage:
        _list_coverage(as_json=as_json)
        return
    listed: Iterable[dict[str, object]]
    if what is Listing.scenarios:
        listed = [
            {
                "name": one.name,
                "summary": one.summary,
                "arms": {"base": "as written", **{name: arm.summary for name, arm in one.arms.items()}},
            }
            for one in registry.scenarios().values()
        ]
    elif what is Listing.agents:
        listed = [{"name": one.name, "summary": one.summary} for one in registry.agents()]
    elif what is Listing.faults:
        listed = [_described(one) for one in sorted(registry.faults().values(), key=lambda one: one.site.value)]
    elif what is Listing.safeguards:
        from askfirst.harness.aws.safeguards import safeguards

        listed = [{"name": one.name, "summary": one.summary, "source": one.source} for one in safeguards().values()]
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
    if what is Listing.scenarios:
        from askfirst.harness.suite import suite_of

        print(f"\n{suite_of(registry.own_scenarios())}", file=sys.stderr)


def _list_coverage(*, as_json: bool) -> None:
    """Print what the scenarios cover; each is built for it."""
    from askfirst.harness import registry
    from askfirst.harness.report import coverage, progress

    known = registry.scenarios()
    with progress.stdout_kept(), progress.counting("looking at scenarios", len(known)) as done:
        found = []
        for name, one in known.items():
            found.append(coverage.covered(one))
            done(name)
    if as_json:
        print(json.dumps([coverage.coverage_data(one) for one in found], indent=2))
    else:
        coverage.print_coverage(found)


def _described(kind: Kind[...]) -> dict[str, object]:
    """Give a fault of the catalogue: its site stands before what it does."""
    return {
        "name": kind.name,
        "summary": f"{kind.site.value:<12}  {kind.summary}",
        "site": kind.site.value,
        "phases": [one.value for one in kind.phases],
        "source": kind.source,
        "example": kind.example,
        "origin": kind.origin,
    }


@app.command()
def agents(*, as_json: AsJson = False) -> None:
    """List the agents that can be named, and how programs behave."""
    from askfirst.harness import registry
    from askfirst.harness.cli_agents import print_agents

    print_agents(list(registry.agents()), list(registry.capabilities()), as_json=as_json)


@app.command()
def show(
    trial: Annotated[str, typer.Argument(help="Id of a trial (or its beginning), or the path of its .jsonl file.")],
    *,
    store: Store = STORE,
    html: Html = None,
    as_json: AsJson = False,
) -> None:
    """Judge a stored trial with today's oracles, and print it."""
    from askfirst.harness.report import data, progress, terminal
    from askfirst.harness.report.timeline import replay_command
    from askfirst.harness.stored import stored

    with progress.waiting("judging the trial"):
        found = stored(trial, store)
        len(found.findings)  # worked out here, while a reader sees that something is going on
    if html is not None:
        from askfirst.harness.report.html import trials, writing

        writing.write(writing.place(html), trials.trial_page(found))
        print(f"{found.verdict.value}: {html}", file=sys.stderr)
    elif as_json:
        print(json.dumps(data.trial_data(found), indent=2))
    else:
        terminal.print_trial(found, again=replay_command(found.history, plan=str(found.path)))


@app.command()
def classify(
    operation: Annotated[str, typer.Argument(help="service:Operation, an IAM action, or 'service operation-name'.")],
    more: Annotated[list[str] | None, typer.Argument(help="The operation, where it stands apart.", hidden=True)] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say what an AWS operation does, and how that is known."""
    from askfirst.harness.errors import UsageError
    from askfirst.harness.operations.table import UnknownOperation, find

    try:
        found = find(" ".join([operation, *(more or [])]))
    except UnknownOperation as error:
        raise UsageError(str(error)) from None
    data: dict[str, str | bool | list[str]] = {
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
        print(f"{name.replace('_', ' '):<20} {_in_words(value)}")


def _in_words(value: str | bool | list[str]) -> str:  # noqa: FBT001 - a value to be shown
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else ", ".join(value)


app.command()(cli_explain.explain)
app.command()(cli_faults.schema)
app.add_typer(cli_bench.bench)
app.add_typer(cli_faults.faults)
app.add_typer(cli_new.new)
