"""The scenarios that come with askfirst, as one benchmark: its version, its hash and its canary."""

from __future__ import annotations

import hashlib
import importlib.resources
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from askfirst.harness.scenario import Scenario

PLACE = "askfirst.faults.scenarios"


@dataclass(frozen=True, slots=True)
class Suite:
    """`digest` is the SHA-256 over the content of every scenario and arm: equal digests, equal benchmarks."""

    version: str
    canary: str
    digest: str
    scenarios: tuple[str, ...]

    def __str__(self) -> str:
        """Name it as results should: version, and the beginning of the hash."""
        return f"suite {self.version} ({self.digest[:12]})"


def suite_of(scenarios: Iterable[Scenario]) -> Suite:
    """Describe these scenarios; version and canary are those of askfirst's own suite."""
    told = tomllib.loads(importlib.resources.files(PLACE).joinpath("suite.toml").read_text(encoding="utf-8"))
    known = sorted(scenarios, key=lambda one: one.name)
    content = hashlib.sha256()
    for one in known:
        content.update(f"{one.name} {one.content_hash()}\n".encode())
        for arm in sorted(one.arms):
            content.update(f"{one.name} {arm} {one.with_arm(arm).content_hash()}\n".encode())
    return Suite(str(told["version"]), str(told["canary"]), content.hexdigest(), tuple(one.name for one in known))
