"""What readers of several kinds have in common."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading

Thing = Any
"""An object of moto's, or one of its backends: they have no common type."""


def flag(value: object) -> float:
    """Give 1 for what is on, 0 for what is off or absent."""
    return 1.0 if value else 0.0


def number(value: object) -> float:
    """Give a number that moto keeps as a number, as text, or not at all."""
    return float(value) if isinstance(value, int | float | str) and value != "" else 0.0


def arn_in_region(service: str, path: str, name: Callable[[Thing], str]) -> Callable[[Thing, Thing], str]:
    """Give the ARN of what moto keeps without one: `path` goes right before the name ('table/', 'fleet:')."""

    def arn(thing: Thing, backend: Thing) -> str:
        return f"arn:{backend.partition}:{service}:{backend.region_name}:{backend.account_id}:{path}{name(thing)}"

    return arn


def overdue(oldest: float | None, retention: float) -> bool:
    """Tell whether content of that age (seconds since the epoch) is older than what is kept for `retention` seconds."""
    return oldest is not None and time.time() - oldest > retention


def simple(
    kind: str,
    service: str,
    kept: str,
    name: str,
    *,
    content: Iterable[str] = (),
    arn: Callable[[Thing, Thing], str] | None = None,
) -> Kind:
    """Give the row of a kind that is only configuration: `kept` is the backend's dictionary, `content` are attributes."""
    names = tuple(content)

    def read(thing: Thing, _: Thing) -> Reading:
        return Reading(content=tuple(getattr(thing, one) for one in names))

    return Kind(
        kind=kind,
        service=service,
        members=lambda backend: getattr(backend, kept).values(),
        arn=arn or (lambda thing, _: str(thing.arn)),
        name=lambda thing: str(getattr(thing, name)),
        read=read,
    )
