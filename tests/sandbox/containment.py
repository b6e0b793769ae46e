"""What the sandbox holds in, as a table: `python -m tests.sandbox.containment`."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

from tests.sandbox.ways_out import WAYS, Way

import askfirst
from askfirst.harness.agent import CallableAgent, Served
from askfirst.harness.events import EgressRefused, Granted, Sandboxed
from askfirst.harness.history import History
from askfirst.harness.policy import Limits
from askfirst.harness.sandbox.sandbox import Sandbox
from askfirst.harness.sandbox.shims import find_aws
from askfirst.harness.scenario import Scenario, World
from askfirst.harness.trial import run_trial

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief
    from askfirst.harness.sandbox.sandbox import Finished

MARKED = str(100_000 + os.getpid())
"""Seconds that the program sleeps which is left behind: found again by them."""

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one way: `said` is what the program printed, `recorded` what the history says was refused."""

    way: Way
    got_out: bool
    said: str
    recorded: str

    def holds(self, *, walls: bool) -> bool:
        """Tell whether the sandbox held, as far as it is said to."""
        if not walls and self.way.gets_out_without_walls:
            return True
        return not self.got_out and (bool(self.recorded) or not _expected(self.way, walls=walls))


def _expected(way: Way, *, walls: bool) -> str:
    if walls or way.recorded_without_walls is None:
        return way.recorded
    return way.recorded_without_walls


@contextlib.contextmanager
def outside() -> Generator[Mapping[str, str]]:
    """Put what a program would like to get around the sandbox; gives where everything is."""
    with contextlib.ExitStack() as undo:
        # One beside the code, where nothing is covered that need not be; one where paths of sockets are short.
        folder = undo.enter_context(tempfile.TemporaryDirectory(prefix=".outside-", dir=Path.cwd()))
        short = undo.enter_context(tempfile.TemporaryDirectory())
        home, store = Path(folder, "user"), Path(folder, "store")
        (home / ".aws").mkdir(parents=True)
        (home / ".aws" / "credentials").write_text("[default]\naws_access_key_id = CANARY\n")
        store.mkdir()
        docker, abstract = str(Path(short, "docker.sock")), f"canary-{os.getpid()}"
        listeners = [socket.socket(socket.AF_UNIX) for _ in range(2)]
        for listener, address in zip(listeners, (docker, f"\0{abstract}"), strict=True):
            undo.enter_context(listener)
            listener.bind(address)
            listener.listen()
        port = undo.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
        undo.enter_context(mock.patch.dict(os.environ, {"HOME": str(home)}))
        # It stands for the harness, whose environment holds the user's own keys.
        parent = subprocess.Popen(["sleep", "600"], env={"SECRET": "CANARY", "PATH": os.environ["PATH"]})
        undo.callback(parent.wait)
        undo.callback(parent.kill)
        yield {
            "python": sys.executable,
            "aws": str(find_aws(os.environ["PATH"])),
            "port": str(port),
            "abstract": abstract,
            "docker": docker,
            "home": str(home),
            "history": str(store),
            "harness": str(Path(askfirst.__file__).resolve().parent / "harness" / "events.py"),
            "pid": str(os.getpid()),
            "seconds": MARKED,
            "outside": folder,
        }


def outcomes(*, walls: bool) -> tuple[list[Outcome], History]:
    """Try every way whose program is installed, in one sandbox."""
    ways = [one for one in WAYS if not one.needs or shutil.which(one.needs)]
    found: dict[str, Finished] = {}
    refused: dict[str, list[str]] = {}
    with outside() as where:

        def agent(brief: Brief) -> str:
            seen: list[str] = []
            witness = brief.witness
            tell = witness.refused

            def refused_too(address: str, aws: bool) -> None:
                seen.append(address)
                tell(address, aws)

            brief.witness = dataclasses.replace(witness, refused=refused_too)
            with Sandbox(brief, walled=walls) as sandbox:
                for way in ways:
                    before = len(seen)
                    text = _filled(way.text, where)
                    argv = ["bash", "-c", text] if way.by_shell else [sys.executable, "-c", text]
                    found[way.name] = sandbox.run(argv, limit=PATIENCE)
                    refused[way.name] = [*seen[before:], *seen[:before]]
            return "tried everything"

        scenario = Scenario(name="contained", world=World(build=_build), task="Get out.", limits=Limits(seconds=600))
        trial = run_trial(scenario, Served(CallableAgent(agent)), store=Path(where["history"]))
        results = [_outcome(way, found[way.name], refused[way.name], where, walls=walls) for way in ways]
    return results, trial.history


def _outcome(way: Way, done: Finished, refused: list[str], where: Mapping[str, str], *, walls: bool) -> Outcome:
    wanted = _filled(_expected(way, walls=walls), where)
    # A place is recorded once, maybe for an earlier way.
    recorded = next((one for one in refused if wanted and wanted in one), "")
    left = way.name == "setsid and double fork" and _runs(f"sleep\0{MARKED}")
    return Outcome(way, "OUT" in done.stdout or left, f"{done.stdout} {done.stderr}".strip(), recorded)


def _runs(words: str) -> bool:
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if words.encode() in file.read_bytes():
                return True
    return False


def _filled(text: str, where: Mapping[str, str]) -> str:
    for name, value in where.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _build(env: Env) -> None:
    env.session.client("sqs").create_queue(QueueName="jobs")


def main() -> int:
    """Print the table; 1 where something does not hold."""
    broken = 0
    for walls in (True, False):
        results, history = outcomes(walls=walls)
        opened = next(one for _, one in history.of(Sandboxed))
        print(f"\n{'walls' if opened.walls else f'no walls ({opened.because})'}")  # noqa: T201
        for one in results:
            state = "OUT" if one.got_out else "kept"
            how = (
                f"recorded: {one.recorded}" if one.recorded else f"impossible: {one.way.impossible or one.said[-60:]!r}"
            )
            if one.got_out:
                how = one.way.gets_out_without_walls or one.said[-100:]
            broken += not one.holds(walls=opened.walls)
            print(f"  {'  ' if one.holds(walls=opened.walls) else '!!'} {state:<5} {one.way.name:<36} {how}")  # noqa: T201
        kept = sum(not one.got_out for one in results)
        grants, tries = len(list(history.of(Granted))), len(list(history.of(EgressRefused)))
        print(f"  {kept} of {len(results)} ways kept in, {tries} attempts recorded, {grants} grants")  # noqa: T201
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
