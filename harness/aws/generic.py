"""Things of kinds without a row: what moto keeps of them, read as far as that goes without knowing them.

Existence and identity are those of the object, the content is its plain state. A change of it is a change and never harm,
for nobody has said what it means. Of services with rows, what has an ARN of its own and no row is read too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from askfirst.harness.aws.kinds.base import Reading

VOLATILE = frozenset({"last_used", "last_used_region", "last_accessed", "last_access_time", "events", "history"})
"""Fields that moto changes by itself, on reads too."""

DEEPEST = 4
"""How far the state of an object is followed into its lists and mappings."""


@dataclass(frozen=True, slots=True)
class Found:
    """An object of a backend that no row reads: its ARN (made up where it has none), kind and name."""

    thing: object
    arn: str
    kind: str
    name: str


def things(service: str, backend: Any, *, typed: bool) -> Iterator[Found]:  # noqa: ANN401 - moto's backends have no common type
    """Go through moto's objects in the dictionaries and lists of a backend; where rows read it, only those with an ARN."""
    for attribute, kept in vars(backend).items():
        if not isinstance(kept, dict | list) or not kept or attribute.startswith("_"):
            continue
        pairs = dict.items(kept) if isinstance(kept, dict) else enumerate(kept)
        for key, thing in list(pairs):
            if not type(thing).__module__.startswith("moto."):
                continue
            own = getattr(thing, "arn", None)
            named = isinstance(own, str) and own.startswith("arn:")
            if not named and (typed or not isinstance(key, str)):
                continue
            arn = str(own) if named else _made_up(service, backend, attribute, str(key))
            name = getattr(thing, "name", None)
            last = arn.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
            yield Found(
                thing, arn, f"{service}.{type(thing).__name__.lower()}", name if isinstance(name, str) else last
            )


def reading(thing: object) -> Reading:
    """Read the plain state of an object; raises what looking at it raises."""
    return Reading(content=_plain(vars(thing), 0))


def _made_up(service: str, backend: Any, attribute: str, key: str) -> str:  # noqa: ANN401
    partition = getattr(backend, "partition", "aws")
    return f"arn:{partition}:{service}:{backend.region_name}:{backend.account_id}:{attribute}/{key}"


def _plain(value: object, depth: int) -> object:
    """Write a value without addresses and in one order; what is no plain data is its class."""
    if value is None or isinstance(value, str | int | float | bool | bytes):
        return value
    if depth >= DEEPEST:
        return type(value).__name__
    if isinstance(value, Mapping):
        kept = {str(name): one for name, one in dict.items(dict(value)) if str(name) not in VOLATILE}
        return [(name, _plain(kept[name], depth + 1)) for name in sorted(kept)]
    if isinstance(value, list | tuple):
        return [_plain(one, depth + 1) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(str(_plain(one, depth + 1)) for one in value)
    return type(value).__name__
