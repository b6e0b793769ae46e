"""Kinds of resources: where moto keeps each, what names it goes by, what it holds, and in which states it is gone.

A file per service with a constant `KINDS`; adding a file adds its kinds. What has no row falls to the generic reader of
`inventory.py`.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from askfirst.harness.aws.kinds.base import GONE, Kind, Reading, digest

__all__ = ["GONE", "Kind", "Reading", "all_kinds", "digest", "kinds_by_service"]


@functools.cache
def all_kinds() -> tuple[Kind, ...]:
    """Give every kind with a row, in the order of files."""
    modules = [importlib.import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__)]
    return tuple(kind for module in modules for kind in getattr(module, "KINDS", ()))


@functools.cache
def kinds_by_service() -> Mapping[str, tuple[Kind, ...]]:
    """Give the rows of each of moto's services."""
    found: dict[str, list[Kind]] = {}
    for kind in all_kinds():
        found.setdefault(kind.service, []).append(kind)
    return MappingProxyType({service: tuple(rows) for service, rows in found.items()})
