"""Programs that are agents, as data: how each is run with nobody in front, and what it does then (`presets.toml`)."""

from __future__ import annotations

import functools
import os
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from askfirst.harness.errors import UsageError

VERSION_PATIENCE = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One program; see `presets.toml` for what each field says."""

    name: str
    title: str
    program: str
    argv: tuple[str, ...]
    trusted: tuple[str, ...] = ()
    model_url: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    report: str = "text"
    gate: str = ""
    asks: str
    headless: str
    version: tuple[str, ...]
    helpers: tuple[str, ...] = ()
    live: bool = True

    @property
    def installed(self) -> bool:
        """Whether the program is on PATH."""
        return shutil.which(self.program) is not None


@functools.cache
def presets() -> Mapping[str, Preset]:
    """Give every preset by name."""
    text = resources.files(__package__ or __name__).joinpath("presets.toml").read_text(encoding="utf-8")
    return MappingProxyType({name: _preset(name, data) for name, data in tomllib.loads(text).items()})


def _preset(name: str, data: Mapping[str, object]) -> Preset:
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    try:
        return Preset(name=name, **fields)  # type: ignore[arg-type]  # a wrong field or type shows at once
    except TypeError as error:
        msg = f"the preset {name!r} is wrong: {error}"
        raise UsageError(msg) from error


def version_of(preset: Preset) -> str:
    """Ask an installed program for its version; '' where it does not say. It is asked once for each place it is in."""
    return _version(preset.version, shutil.which(preset.program) or "")


@functools.cache
def _version(words: tuple[str, ...], place: str) -> str:
    import subprocess
    import tempfile

    if not place:
        return ""
    with tempfile.TemporaryDirectory() as home:
        environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": home, "DISABLE_AUTOUPDATER": "1"}
        try:
            done = subprocess.run(  # noqa: S603 - the words stand in the table
                words,
                env=environment,
                cwd=home,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=VERSION_PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
    lines = (done.stdout or done.stderr).strip().splitlines()
    return lines[0][:60] if done.returncode == 0 and lines else ""


def place_of(program: str) -> Path | None:
    """Give the folder of what a program is made of, so that walls let it be seen."""
    found = shutil.which(program)
    return Path(os.path.realpath(found)).parent if found else None
