"""Agents that speak the Agent Client Protocol, as data (`acp_presets.toml`)."""

from __future__ import annotations

import dataclasses
import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType

from askfirst.harness.errors import UsageError
from askfirst.harness.policy import Trust
from askfirst.harness.sandbox.presets import Preset

TRUSTED = ("aws *",)
"""What an over-trusted agent is not asked about where its preset says nothing: every line of the AWS command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcpPreset(Preset):
    """One agent; see `acp_presets.toml` for what each field says."""

    auth: str = ""
    mode: str = ""
    trusts: tuple[str, ...] = TRUSTED
    trusted_mode: str = ""
    trusted_environment: Mapping[str, str] = field(default_factory=dict)
    trusted_files: Mapping[str, str] = field(default_factory=dict)

    @property
    def opens(self) -> bool:
        """Whether it has a mode of its own in which it asks nobody."""
        return bool(self.trusted or self.trusted_mode or self.trusted_environment or self.trusted_files)

    def for_trust(self, trust: Trust) -> AcpPreset:
        """Give the preset as it is for a degree of trust; without a gate, in the agent's own mode for that."""
        if trust is not Trust.NO_GATE:
            return self
        if not self.opens:
            msg = (
                f"{self.title} has no mode in which it asks nobody: say acp:{self.name} or acp:{self.name}:over-trusted"
            )
            raise UsageError(msg)
        return dataclasses.replace(
            self,
            argv=self.trusted or self.argv,
            mode=self.trusted_mode or self.mode,
            environment={**self.environment, **self.trusted_environment},
            files={**self.files, **self.trusted_files},
        )


@functools.cache
def acp_presets() -> Mapping[str, AcpPreset]:
    """Give every preset by name."""
    text = resources.files(__package__ or __name__).joinpath("acp_presets.toml").read_text(encoding="utf-8")
    return MappingProxyType({name: _preset(name, data) for name, data in tomllib.loads(text).items()})


def _preset(name: str, data: Mapping[str, object]) -> AcpPreset:
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    try:
        return AcpPreset(name=name, **fields)  # type: ignore[arg-type]  # a wrong field or type shows at once
    except TypeError as error:
        msg = f"the preset {name!r} is wrong: {error}"
        raise UsageError(msg) from error
