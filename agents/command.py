"""`command:COMMAND`: any program as the agent. It gets the task on stdin, or where `{task}` or `{task_file}` stands.

`command:claude-code` and the like are presets (`harness/sandbox/presets.toml`); with `:trusted` behind, the gate is open.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from askfirst.harness.agent import PATIENCE, Agent
from askfirst.harness.errors import UnknownName, UsageError
from askfirst.harness.events import Trouble, TroubleKind
from askfirst.harness.policy import Trust
from askfirst.harness.registry import Capability
from askfirst.harness.sandbox.furnishing import absolute, fill, furnish, model_of, parts_of, relays_of
from askfirst.harness.sandbox.presets import Preset, presets, version_of
from askfirst.harness.sandbox.reports import refused_commands, reported
from askfirst.harness.sandbox.shims import find_aws
from askfirst.harness.scenario import Scenario

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief
    from askfirst.harness.sandbox.sandbox import Finished


class CommandFailed(Exception):
    """The program ended in a way that no agent ends which has done its work."""


@dataclass(frozen=True, slots=True)
class CommandAgent:
    """A program as the agent. `walled` as for `Sandbox`, `aws` too; `environment` is added to the clean one."""

    argv: tuple[str, ...]
    label: str = ""
    preset: Preset | None = None
    environment: Mapping[str, str] | None = None
    seen: tuple[Path, ...] = ()
    walled: bool | None = None
    aws: Path | None = None
    served: bool = True
    patience: float = PATIENCE

    @property
    def name(self) -> str:
        """`command:` and what was asked for."""
        return f"command:{self.label or shlex.join(self.argv)}"

    @property
    def configuration(self) -> str:
        """The words, the preset, and the version of what is installed."""
        version = version_of(self.preset) if self.preset and self.preset.installed else ""
        return repr((self.argv, self.preset, version, sorted((self.environment or {}).items()), self.walled))

    def run(self, brief: Brief) -> str:
        """Run the program; give its final message. Where it could not be started, that is no crash of the agent."""
        from askfirst.harness.sandbox.sandbox import NotReady, Sandbox

        try:
            with (
                brief.model(model_of(self.preset)) as model,
                Sandbox(
                    brief,
                    relays=relays_of(self.preset, model),
                    environment=self.environment,
                    seen=(*self.seen, *parts_of(self.argv)),
                    walled=self.walled,
                    aws=self.aws,
                ) as sandbox,
            ):
                sandbox.check()
                added = furnish(self.preset, sandbox.home, model)
                argv, stdin = _with_task(self.argv, brief.task, sandbox.home)
                done = sandbox.run(argv, stdin, added=added)
                said = reported(done.stdout, self.preset.report if self.preset else "text", sandbox.home)
        except (NotReady, UsageError, OSError) as error:
            brief.witness.record(Trouble(TroubleKind.HARNESS, f"the agent was not started: {error}"))
            return ""
        return self._judged(brief, done, said)

    def _judged(self, brief: Brief, done: Finished, said: str) -> str:
        """Record how it ended; give what it said at its end."""
        preset = self.preset
        refused = refused_commands(f"{done.stdout}\n{done.stderr}", preset.gate) if preset else ()
        for command in dict.fromkeys(refused):
            brief.witness.turned_away((command,), "the gate of the agent's host refused it")
        idle = set(preset.helpers) if preset else set[str]()
        left = [one for one in done.left if one not in idle]
        if left:
            because = f"programs of the agent were still running after it returned, and were killed: {', '.join(left)}"
            brief.witness.record(Trouble(TroubleKind.HANG, because))
        if done.timed_out:
            brief.witness.record(Trouble(TroubleKind.HANG, f"{self.argv[0]} was not done when its time was up"))
        elif done.code:
            end = f"signal {-done.code}" if done.code < 0 else f"exit code {done.code}"
            last = (done.stderr.strip() or done.stdout.strip())[-300:]
            msg = f"{self.argv[0]} ended with {end}{f': {last}' if last else ''}"
            raise CommandFailed(msg)
        return said


def available() -> Iterable[tuple[str, str]]:
    """List the presets, and the form for any other program."""
    yield "COMMAND", "any program: task on stdin, or in place of {task} or {task_file}"
    for name, preset in presets().items():
        state = "installed" if preset.installed else "not installed"
        yield name, f"{preset.title} ({state}{'' if preset.live else '; not run live'})"


def capabilities() -> Iterable[Capability]:
    """Say how each preset behaves, and which version is installed."""
    for name, preset in presets().items():
        yield Capability(
            agent=f"command:{name}",
            version=(version_of(preset) or "installed") if preset.installed else "",
            headless=preset.headless,
            asks=preset.asks,
            model=preset.model_url[0] if preset.model_url else "",
            live=preset.live,
        )


def make(argument: str, scenario: Scenario) -> Agent:
    """Make the agent; a program that is not there raises `UsageError`."""
    name, _, mode = argument.partition(":")
    preset = presets().get(name)
    if preset is not None and mode in {"", "trusted"}:
        mode = mode or ("" if scenario.trust is Trust.GATE_ON else "trusted")
        if mode and not preset.trusted:
            msg = f"{preset.title} has no mode in which everything is trusted: say command:{name}"
            raise UsageError(msg)
        if not preset.installed:
            live = "" if preset.live else ", which needs an account"
            msg = f"{preset.title} is not installed: there is no {preset.program!r} on PATH{live}"
            raise UsageError(msg)
        find_aws(os.environ.get("PATH", ""))
        return CommandAgent(preset.trusted if mode else preset.argv, f"{name}:{mode}" if mode else name, preset)
    try:
        argv = tuple(shlex.split(argument))
    except ValueError as error:
        msg = f"the command {argument!r} cannot be read: {error}"
        raise UsageError(msg) from error
    if not argv:
        msg = "write the agent as command:COMMAND, such as command:'my-agent --task {task}'"
        raise UsageError(msg)
    if shutil.which(argv[0]) is None:
        what = "program or preset"
        raise UnknownName(what, argv[0], presets(), see="askfirst agents")
    find_aws(os.environ.get("PATH", ""))
    return CommandAgent(absolute(argv), argument)


def _with_task(argv: tuple[str, ...], task: str, home: Path) -> tuple[list[str], str]:
    """Put the task where the words want it; else it stands on stdin."""
    words = " ".join(argv)
    file = home / "task.md"
    if "{task_file}" in words:
        file.write_text(task, encoding="utf-8")
    given = [fill(one, {"{task}": task, "{task_file}": str(file)}) for one in argv]
    return given, "" if "{task}" in words or "{task_file}" in words else task
