"""How things stand right before a call: what rules ask of the resources it names.

Kinds name their guardrails in words ('deletion protection', 'backup retention days'); a rule knows the word that counts.
"""

from __future__ import annotations

from collections.abc import Iterable

from askfirst.harness.operations.rules.base import Before
from askfirst.harness.records import Resource


def target(before: Before, kind: str = "") -> Resource | None:
    """Give the first resource a call names, of a kind that begins so."""
    return next((one for one in before.targets if one.kind.startswith(kind)), None)


def guard(resource: Resource | None, *words: str) -> float | None:
    """Give a guardrail by words its name holds, the highest of several, None where nothing is known."""
    return None if resource is None else _found(resource.guards.items(), words)


def capacity(resource: Resource | None, *words: str) -> float | None:
    """Give a capacity by words its name holds, None where nothing is known of it."""
    return None if resource is None else _found(resource.capacity.items(), words)


def stood(resource: Resource | None, *words: str) -> bool:
    """Tell whether a guardrail is up, or may be: only what is known to be down is down."""
    return guard(resource, *words) != 0


def served(resource: Resource | None, *words: str) -> bool:
    """Tell whether a capacity is there, or may be."""
    return capacity(resource, *words) != 0


def lower(value: float | None, resource: Resource | None, *words: str, unknown: float) -> bool:
    """Tell whether a number is lower than a guardrail is; where that is unknown, than `unknown`."""
    if value is None:
        return False
    was = guard(resource, *words)
    return value < (unknown if was is None else was)


def _found(named: Iterable[tuple[str, float]], words: tuple[str, ...]) -> float | None:
    return max((value for name, value in named if all(word in name.lower() for word in words)), default=None)
