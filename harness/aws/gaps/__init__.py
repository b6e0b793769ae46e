"""Operations moto lacks or answers wrongly, done by us, and refusals moto forgets.

A file per service, or per part of a large one, at the top level of this folder; adding a file adds what it declares.
A part is a module with constants keyed by botocore's names of service and operation: `IMPLEMENTATIONS`, `GUARDS`, and
`AFTERWARDS` for what moto leaves undone; a module with none is shared by others. Several parts may guard one operation:
any of them may refuse it.

A world's builder gets moto where moto has the operation, and ours where it has nothing; a part may name in a third
constant, `FOR_BUILDERS`, the operations of its own that a builder gets although moto answers them. Importing the parts
does not import moto: they meet it through `Situation.backend` alone.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType, ModuleType

from askfirst.harness.aws.gaps.base import Afterwards, Guard, Implementation, Refused, Situation

__all__ = [
    "Afterwards",
    "Guard",
    "Implementation",
    "Refused",
    "Situation",
    "afterwards",
    "for_builders",
    "guards",
    "implementations",
]

Key = tuple[str, str]


@functools.cache
def implementations() -> Mapping[Key, Implementation]:
    """Map (service, operation) to what is done instead of moto. An operation that two parts declare is an error."""
    found: dict[Key, Implementation] = {}
    for part in _parts():
        declared: Mapping[Key, Implementation] = getattr(part, "IMPLEMENTATIONS", {})
        twice = sorted(declared.keys() & found.keys())
        if twice:
            msg = f"{part.__name__}: another part implements {':'.join(twice[0])} too; keep one of them"
            raise ValueError(msg)
        found |= declared
    return MappingProxyType(found)


@functools.cache
def guards() -> Mapping[Key, Guard]:
    """Map (service, operation) to what may refuse before moto is asked, asked in the order of the parts' names."""
    found: dict[Key, list[Guard]] = {}
    for part in _parts():
        declared: Mapping[Key, Guard] = getattr(part, "GUARDS", {})
        for key, guard in declared.items():
            found.setdefault(key, []).append(guard)
    return MappingProxyType({key: functools.partial(_ask_all, tuple(asked)) for key, asked in found.items()})


@functools.cache
def afterwards() -> Mapping[Key, Afterwards]:
    """Map (service, operation) to what is done after it was carried out, by moto or by ours."""
    return MappingProxyType({key: one for part in _parts() for key, one in getattr(part, "AFTERWARDS", {}).items()})


@functools.cache
def for_builders() -> frozenset[Key]:
    """Give the operations for which a world's builder gets our implementation although moto has one."""
    return frozenset(key for part in _parts() for key in getattr(part, "FOR_BUILDERS", ()))


@functools.cache
def _parts() -> tuple[ModuleType, ...]:
    return tuple(importlib.import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__))


def _ask_all(asked: tuple[Guard, ...], situation: Situation) -> None:
    for guard in asked:
        guard(situation)
