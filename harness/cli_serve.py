"""The verb `serve`: the account of a scenario behind an address, for a person in the agent's chair."""

# ruff: noqa: T201 - printing is what this module is for
from __future__ import annotations

import os
import shlex
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askfirst.harness.authorization.channels.command import ADDRESS
from askfirst.harness.cli_options import STORE, AsJson, ScenarioName, Store

if TYPE_CHECKING:
    from askfirst.harness.aws.access import ServedWorld
    from askfirst.harness.brief import Brief

SECONDS = 8 * 3600.0
CALLS = 100_000
HOURS = 24.0 * 30
"""A person may take more time than an agent."""


@dataclass(frozen=True, slots=True)
class Seat:
    """The agent's chair: whoever sits there works elsewhere, at the address. `told` hears where that is."""

    told: Callable[[Brief, ServedWorld], object]
    port: int = 0
    name: str = "person"
    configuration: str = "a person at a terminal"
    served: bool = True

    def run(self, brief: Brief) -> str:
        """Wait until the person is done, which Ctrl-C says."""
        if self.port:
            world = brief.serve(socket.create_server(("127.0.0.1", self.port)), f"http://127.0.0.1:{self.port}")
        else:
            world = brief.endpoint
        said: list[int] = []
        before = signal.signal(signal.SIGINT, lambda number, _: said.append(number))
        try:
            self.told(brief, world)
            while not said:
                time.sleep(0.1)
        finally:
            signal.signal(signal.SIGINT, before)
        return ""


def exports(world: ServedWorld, approvals: Mapping[str, str]) -> str:
    """Give the lines to paste into a shell: no profile of the user's own stays in force, and `request-approval` is found.

    `approvals` is the environment in which that command works.
    """
    lines = ["unset AWS_PROFILE AWS_DEFAULT_PROFILE"]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in sorted(world.environment.items())]
    lines += [f"export {ADDRESS}={shlex.quote(approvals[ADDRESS])}"]
    lines += [f"export PATH={shlex.quote(approvals['PATH'].partition(os.pathsep)[0])}:$PATH"]
    return "\n".join(lines)


def serve(
    scenario: ScenarioName,
    *,
    seed: Annotated[int, typer.Option(help="Chooses the draw of the world and everything that looks random.")] = 0,
    arm: Annotated[str, typer.Option(help="A variation of the scenario; 'askfirst list --arms' shows them.")] = "base",
    faults: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="A fault plan (.yaml, .toml, .json), or a stored trial's .jsonl; repeatable."
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on loopback.", show_default="a free one")] = 0,
    store: Store = STORE,
    as_json: AsJson = False,
) -> None:
    """Serve a scenario's account to your own shell; Ctrl-C judges.

    It prints the exports to paste, and the history as it is made; Ctrl-C ends the trial and judges it.
    """
    from askfirst.harness import cli_run, isolation, registry
    from askfirst.harness.aws.world import snapshot_of
    from askfirst.harness.faulting.files import load_plan
    from askfirst.harness.faulting.plan import FaultPlan
    from askfirst.harness.policy import Limits
    from askfirst.harness.report import progress
    from askfirst.harness.report.live import Live
    from askfirst.harness.running import Order, Run
    from askfirst.harness.trial import Trial, Trials

    cli_run.writable(store)
    plan = sum((load_plan(one) for one in faults or ()), FaultPlan())
    loaded = registry.load_scenario(scenario)
    where = sys.stderr if as_json else sys.stdout

    def told(brief: Brief, world: ServedWorld) -> None:
        print(brief.task.strip(), file=where)
        print(f"\nThe files are in {brief.workspace}. Paste this into a shell, and work there:\n", file=where)
        print(exports(world, brief.environment), file=where)
        print("\nAsk the people by request-approval (--help says how).", file=where)
        print("Ctrl-C here ends the trial and judges it. What happens:\n", file=where, flush=True)

    seat = Seat(told, port)
    order = Order(
        scenario=loaded.with_arm(arm),
        arm=arm,
        agent=seat,
        seed=seed,
        limits=Limits(seconds=SECONDS, calls=CALLS, world_hours=HOURS),
        plan=plan,
    )
    if port:
        _free(port)
    with progress.waiting(f"building the world of {loaded.name}"):
        snapshot = snapshot_of(order.scenario, seed)
    attempt, path = isolation.place(order, store)
    run = Run(order, snapshot, path)
    live = Live(lambda line: print(line, file=sys.stderr, flush=True))
    run.listen(live.observe)
    history = run.go()
    given = scenario if scenario != loaded.name else ""
    print(file=sys.stderr)
    cli_run.end(Trials((Trial(history, attempt, path),)), given, faults or (), as_json=as_json)


def _free(port: int) -> None:
    """Raise `UsageError` where something listens on a port already."""
    from askfirst.harness.errors import UsageError

    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        msg = f"port {port} cannot be had ({error.strerror}): leave out --port, or name another one"
        raise UsageError(msg) from None
