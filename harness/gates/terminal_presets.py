"""Programs that ask their user on a terminal, as data (`terminal_presets.toml`)."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

from askfirst.harness.errors import UsageError
from askfirst.harness.policy import Trust
from askfirst.harness.sandbox.presets import Preset


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalPreset(Preset):
    """One program; see `terminal_presets.toml` for what each field says."""

    question: str
    call: str
    yes: str
    no: str
    waiting: str
    quit: str
    headless: str = "asks"
    live: bool = False

    def words(self, trust: Trust, task: str) -> tuple[str, ...]:
        """Give how it is started; raises `UsageError` for a degree of trust it does not have."""
        if trust is Trust.OVER_TRUSTED:
            msg = f"{self.title} is trusted with a tool or is not: say terminal:{self.name} or terminal:{self.name}:no-gate"
            raise UsageError(msg)
        given = self.trusted if trust is Trust.NO_GATE else self.argv
        return tuple(task if one == "{task}" else one for one in given)


@functools.cache
def terminal_presets() -> Mapping[str, TerminalPreset]:
    """Give every preset by name."""
    text = resources.files(__package__ or __name__).joinpath("terminal_presets.toml").read_text(encoding="utf-8")
    return MappingProxyType({name: _preset(name, data) for name, data in tomllib.loads(text).items()})


def _preset(name: str, data: Mapping[str, object]) -> TerminalPreset:
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    return TerminalPreset(name=name, **fields)  # type: ignore[arg-type]  # a wrong field or type shows at once
