"""Safeguards in front of moto: refusals of AWS that moto forgets, and those it has, each switchable for a world.

A file per service; adding a file adds its safeguards (constants of type `Safeguard`).
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from askfirst.harness.aws.safeguards.base import Check, Enforcement, Remember, Safeguard

__all__ = ["Check", "Enforcement", "Remember", "Safeguard", "checks", "remembering", "safeguards", "unusable"]


@functools.cache
def safeguards() -> Mapping[str, Safeguard]:
    """Give every safeguard by name."""
    modules = [importlib.import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__)]
    found = {one.name: one for module in modules for one in vars(module).values() if isinstance(one, Safeguard)}
    return MappingProxyType(dict(sorted(found.items())))


def checks(modes: Mapping[str, Enforcement]) -> Mapping[str, tuple[tuple[Check, bool], ...]]:
    """Give what is asked before a call, by 'service:Operation', each with whether it is forced."""
    found: dict[str, list[tuple[Check, bool]]] = {}
    for name, one in safeguards().items():
        mode = modes.get(name, Enforcement.AS_SET)
        if mode is Enforcement.OFF or (one.by_mock and mode is Enforcement.AS_SET):
            continue
        for operation, check in one.checks.items():
            found.setdefault(operation, []).append((check, mode is Enforcement.FORCED))
    return MappingProxyType({operation: tuple(those) for operation, those in found.items()})


@functools.cache
def remembering() -> Mapping[str, tuple[Remember, ...]]:
    """Give what keeps a setting after a call, by 'service:Operation'."""
    found: dict[str, list[Remember]] = {}
    for one in safeguards().values():
        for operation, remember in one.remembers.items():
            found.setdefault(operation, []).append(remember)
    return MappingProxyType({operation: tuple(those) for operation, those in found.items()})


def unusable(modes: Mapping[str, Enforcement]) -> str:
    """Say what is wrong with the modes of a world, '' where nothing is."""
    for name, mode in modes.items():
        one = safeguards().get(name)
        if one is None:
            import difflib

            near = difflib.get_close_matches(name, safeguards(), n=1)
            hint = f"did you mean {near[0]!r}?" if near else "`askfirst list safeguards` shows them."
            return f"there is no safeguard {name!r}: {hint}"
        if not isinstance(mode, Enforcement):
            return f"{name}: {mode!r} is no mode; say Enforcement.OFF, Enforcement.AS_SET or Enforcement.FORCED"
        if one.by_mock and mode is Enforcement.OFF:
            return (
                f"{name} cannot be switched off, for the mock enforces it: build the world without the setting instead"
            )
    return ""
