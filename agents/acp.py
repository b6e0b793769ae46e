"""`acp:COMMAND`: any agent that speaks the Agent Client Protocol. Its permission requests are answered by the people.

`acp:kiro` and the like are presets (`harness/gates/acp_presets.toml`). With `:over-trusted` behind, lines that the user of
the host trusts are let through; with `:no-gate`, the agent's own mode is used in which it asks nobody.
"""

from __future__ import annotations

import concurrent.futures
import importlib.util
import os
import shlex
import shutil
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from askfirst.harness.agent import PATIENCE, Agent
from askfirst.harness.errors import UnknownName, UsageError
from askfirst.harness.events import Trouble, TroubleKind
from askfirst.harness.gates.acp_presets import TRUSTED, AcpPreset, acp_presets
from askfirst.harness.gates.gate import Gate
from askfirst.harness.policy import Trust
from askfirst.harness.registry import Capability
from askfirst.harness.sandbox.furnishing import absolute, furnish, model_of, parts_of, relays_of
from askfirst.harness.sandbox.presets import version_of
from askfirst.harness.sandbox.shims import find_aws
from askfirst.harness.scenario import Scenario

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief
    from askfirst.harness.sandbox.sandbox import Sandbox

CHANNEL = "acp"
GRACE = 3.0
"""Real seconds that programs may go on which the agent has left behind."""


@dataclass(frozen=True, slots=True)
class AcpAgent:
    """A program that speaks ACP, as the agent. `walled`, `aws` and `environment` as for `CommandAgent`."""

    argv: tuple[str, ...]
    label: str = ""
    trust: Trust = Trust.GATE_ON
    preset: AcpPreset | None = None
    environment: Mapping[str, str] | None = None
    seen: tuple[Path, ...] = ()
    walled: bool | None = None
    aws: Path | None = None
    served: bool = True
    patience: float = PATIENCE

    @property
    def name(self) -> str:
        """`acp:` and what was asked for."""
        mode = "" if self.trust is Trust.GATE_ON else f":{self.trust.value}"
        return f"acp:{self.label or shlex.join(self.argv) + mode}"

    @property
    def configuration(self) -> str:
        """The words, the degree of trust, the preset, and the version of what is installed."""
        version = version_of(self.preset) if self.preset and self.preset.installed else ""
        added = sorted((self.environment or {}).items())
        return repr((self.argv, self.trust.value, self.preset, version, added, self.walled))

    def run(self, brief: Brief) -> str:
        """Run the program and talk with it; give its last message. What is not its doing is no crash of the agent."""
        from askfirst.harness.sandbox.sandbox import NotReady, Sandbox

        preset = self.preset.for_trust(self.trust) if self.preset else None
        try:
            with (
                brief.model(model_of(preset)) as model,
                Sandbox(
                    brief,
                    relays=relays_of(preset, model),
                    environment=self.environment,
                    seen=(*self.seen, *parts_of(self.argv)),
                    walled=self.walled,
                    aws=self.aws,
                ) as sandbox,
            ):
                sandbox.check()
                return self._talked(brief, sandbox, preset, furnish(preset, sandbox.home, model))
        except (NotReady, UsageError) as error:
            brief.witness.record(Trouble(TroubleKind.HARNESS, f"the agent was not started: {error}"))
            return ""

    def _talked(self, brief: Brief, sandbox: Sandbox, preset: AcpPreset | None, added: Mapping[str, str]) -> str:
        from askfirst.harness.gates.acp_program import Program, Started
        from askfirst.harness.gates.acp_talk import AgentFailed, Opening

        gate = Gate(brief, channel=CHANNEL, trust=self.trust, trusts=preset.trusts if preset else TRUSTED)
        program = Program(sandbox, gate, brief.end_turn, brief.witness)
        opening = Opening(
            workspace=str(brief.workspace), auth=preset.auth if preset else "", mode=preset.mode if preset else ""
        )
        argv = preset.argv if preset else self.argv
        started = Started(argv=argv, added=added, opening=opening, task=brief.task)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:  # a limit of the trial rings in this thread
            talk = pool.submit(program.run, started)
            try:
                said = talk.result()
            except AgentFailed as error:
                raise AgentFailed(*error.args) from None  # it says how; where in our own code is nobody's matter
            finally:
                if not talk.done():
                    sandbox.sweep()
        itself = {Path(argv[0]).name[:15]} if program.goes_on else set[str]()
        _look_behind(brief, sandbox, {*itself, *(preset.helpers if preset else ())})
        return said


def _look_behind(brief: Brief, sandbox: Sandbox, idle: set[str]) -> None:
    """Record programs that go on: nobody knows what they would have done. The agent itself may wait for more to do."""
    until, pause = time.perf_counter() + GRACE, threading.Event()
    while (left := [one for one in sandbox.left() if one not in idle]) and time.perf_counter() < until:
        pause.wait(0.05)
    if left:
        because = f"programs of the agent were still running after it returned, and were killed: {', '.join(left)}"
        brief.witness.record(Trouble(TroubleKind.HANG, because))


def available() -> Iterable[tuple[str, str]]:
    """List the presets, and the form for any other program."""
    yield "COMMAND", "any program that speaks the Agent Client Protocol on stdin and stdout"
    for name, preset in acp_presets().items():
        state = "installed" if preset.installed else "not installed"
        yield name, f"{preset.title} ({state}{'' if preset.live else '; not run live'})"


def capabilities() -> Iterable[Capability]:
    """Say how each preset behaves, and which version is installed."""
    for name, preset in acp_presets().items():
        yield Capability(
            agent=f"acp:{name}",
            version=(version_of(preset) or "installed") if preset.installed else "",
            headless=preset.headless,
            asks=preset.asks,
            model=preset.model_url[0] if preset.model_url else "",
            live=preset.live,
        )


def make(argument: str, scenario: Scenario) -> Agent:
    """Make the agent; a program that is not there, or a missing package, raises `UsageError`."""
    if importlib.util.find_spec("acp") is None:
        msg = "agents that speak the Agent Client Protocol need the package agent-client-protocol: pip install 'askfirst[acp]'"
        raise UsageError(msg)
    words, said = _trust(argument)
    trust = said or scenario.trust
    label = argument if said or trust is Trust.GATE_ON else f"{words}:{trust.value}"
    preset = acp_presets().get(words)
    if preset is not None:
        preset.for_trust(trust)
        if not preset.installed:
            live = "" if preset.live else ", which needs an account"
            msg = f"{preset.title} is not installed: there is no {preset.program!r} on PATH{live}"
            raise UsageError(msg)
        find_aws(os.environ.get("PATH", ""))
        return AcpAgent(preset.argv, label, trust, preset)
    try:
        argv = tuple(shlex.split(words))
    except ValueError as error:
        msg = f"the command {words!r} cannot be read: {error}"
        raise UsageError(msg) from error
    if not argv:
        msg = "write the agent as acp:COMMAND, such as acp:'my-agent --acp'"
        raise UsageError(msg)
    if shutil.which(argv[0]) is None:
        what = "program or preset"
        raise UnknownName(what, argv[0], acp_presets(), see="askfirst agents")
    find_aws(os.environ.get("PATH", ""))
    return AcpAgent(absolute(argv), label, trust)


def _trust(argument: str) -> tuple[str, Trust | None]:
    """Part what is to be run from how far it is trusted; None where that is for the scenario to say."""
    words, mark, last = argument.rpartition(":")
    for one in Trust:
        if mark and last == one.value:
            return words, one
    return argument, None
