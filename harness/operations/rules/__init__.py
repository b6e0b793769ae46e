"""Parameter rules: what a call does by its parameters and by the state before it, where the operation's row is not enough.

A file per service or family; adding a file adds its rules (functions declared with `@rule`).
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from askfirst.harness.operations.rules.base import Before, Declared, Rule, Ruling, rule
from askfirst.harness.operations.rules.saying import plans
from askfirst.harness.operations.table import Operation

__all__ = ["Before", "Declared", "Rule", "Ruling", "rule", "rules", "ruling_on"]

DRY_RUN = plans("is a dry run, which changes nothing")


@functools.cache
def rules() -> Mapping[str, tuple[Declared, ...]]:
    """Give the rules of each operation, by 'service:Operation'."""
    modules = [importlib.import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__)]
    found: dict[str, list[Declared]] = {}
    for declared in [one for module in modules for one in vars(module).values() if isinstance(one, Declared)]:
        for operation in declared.operations:
            found.setdefault(operation, []).append(declared)
    return MappingProxyType({operation: tuple(dict.fromkeys(those)) for operation, those in found.items()})


def ruling_on(operation: Operation, before: Before) -> Ruling | None:
    """Give the gravest of what the rules say of a call, or None where they say nothing; a dry run is always a plan."""
    if before.parameters.get("DryRun") is True or before.parameters.get("dryRun") is True:
        return DRY_RUN
    if before.action != operation.id:
        before = replace(before, action=operation.id)
    said = [ruling for one in rules().get(operation.id, ()) if (ruling := one(before)) is not None]
    return max(said, key=lambda one: one.weight, default=None)
