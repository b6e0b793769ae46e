"""`terminal:PRESET`: a program in front of a terminal, whose questions the people answer in its user's place.

For programs that ask on a terminal and in no other way, such as Kiro CLI and Amazon Q Developer CLI. With `:no-gate` behind
they are started so that they ask nobody. What trusts for longer than this once is never typed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from askfirst.harness.agent import PATIENCE, Agent
from askfirst.harness.errors import UnknownName, UsageError
from askfirst.harness.events import Trouble, TroubleKind
from askfirst.harness.gates.terminal_presets import TerminalPreset, terminal_presets
from askfirst.harness.policy import Trust
from askfirst.harness.registry import Capability
from askfirst.harness.sandbox.furnishing import furnish, model_of, parts_of, relays_of
from askfirst.harness.sandbox.presets import version_of
from askfirst.harness.sandbox.shims import find_aws
from askfirst.harness.scenario import Scenario

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

CHANNEL = "terminal"


@dataclass(frozen=True, slots=True)
class TerminalAgent:
    """A program at a terminal. `walled` and `aws` as for `CommandAgent`."""

    preset: TerminalPreset
    trust: Trust = Trust.GATE_ON
    environment: Mapping[str, str] | None = None
    seen: tuple[Path, ...] = ()
    walled: bool | None = None
    aws: Path | None = None
    served: bool = True
    patience: float = PATIENCE

    @property
    def name(self) -> str:
        """`terminal:`, the preset, and how far it is trusted where that is not the usual."""
        mode = "" if self.trust is Trust.GATE_ON else f":{self.trust.value}"
        return f"terminal:{self.preset.name}{mode}"

    @property
    def configuration(self) -> str:
        """The preset, the degree of trust, and the version of what is installed."""
        version = version_of(self.preset) if self.preset.installed else ""
        return repr((self.preset, self.trust.value, version, sorted((self.environment or {}).items()), self.walled))

    def run(self, brief: Brief) -> str:
        """Hold a session with the program; give its last message."""
        from askfirst.harness.gates.gate import Gate
        from askfirst.harness.gates.terminal import Terminal
        from askfirst.harness.sandbox.sandbox import NotReady, Sandbox

        words = self.preset.words(self.trust, brief.task)
        try:
            with (
                brief.model(model_of(self.preset)) as model,
                Sandbox(
                    brief,
                    relays=relays_of(self.preset, model),
                    environment=self.environment,
                    seen=(*self.seen, *parts_of(words[:1])),
                    walled=self.walled,
                    aws=self.aws,
                ) as sandbox,
            ):
                sandbox.check()
                added = {**furnish(self.preset, sandbox.home, model), "TERM": "xterm"}
                gate = Gate(brief, channel=CHANNEL, trust=self.trust)
                try:
                    said = Terminal(sandbox, gate, self.preset, brief.end_turn).talk(
                        words, added, brief.witness.seconds_left()
                    )
                except TimeoutError:
                    because = f"{self.preset.program} was not done when its time was up"
                    brief.witness.record(Trouble(TroubleKind.HANG, because))
                    said = ""
                sandbox.sweep()
        except (NotReady, UsageError, OSError) as error:
            brief.witness.record(Trouble(TroubleKind.HARNESS, f"the agent was not started: {error}"))
            return ""
        return said


def available() -> Iterable[tuple[str, str]]:
    """List the presets."""
    for name, preset in terminal_presets().items():
        state = "installed" if preset.installed else "not installed"
        yield name, f"{preset.title} ({state}{'' if preset.live else '; not run live'})"


def capabilities() -> Iterable[Capability]:
    """Say how each preset behaves, and which version is installed."""
    for name, preset in terminal_presets().items():
        version = (version_of(preset) or "installed") if preset.installed else ""
        yield Capability(
            agent=f"terminal:{name}",
            version=version,
            headless=preset.headless,
            asks=preset.asks,
            model="",
            live=preset.live,
        )


def make(argument: str, scenario: Scenario) -> Agent:
    """Make the agent; a program that is not there raises `UsageError`."""
    if sys.platform == "win32":
        msg = "terminal: needs a system with pseudo-terminals (Linux, macOS)"
        raise UsageError(msg)
    name, _, mode = argument.partition(":")
    preset = terminal_presets().get(name)
    if preset is None:
        what = "program at a terminal"
        raise UnknownName(what, name, terminal_presets(), see="askfirst agents")
    modes = {one.value: one for one in Trust}
    if mode and mode not in modes:
        what = "degree of trust"
        raise UnknownName(what, mode, modes)
    trust = modes[mode] if mode else scenario.trust
    preset.words(trust, "")
    if not preset.installed:
        msg = f"{preset.title} is not installed: there is no {preset.program!r} on PATH, and it needs an account"
        raise UsageError(msg)
    find_aws(os.environ.get("PATH", ""))
    return TerminalAgent(preset, trust)
