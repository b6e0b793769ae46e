"""What a safeguard is: a refusal that AWS gives by itself, which a world can enforce, leave off, or force on everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from askfirst.harness.aws.gaps.base import Refused, Situation
from askfirst.harness.policy import Enforcement

__all__ = ["Check", "Enforcement", "Refused", "Remember", "Safeguard", "Situation"]


Check = Callable[[Situation, bool], None]
"""Raises `Refused` where the safeguard stops the call; the second argument is True where it is forced."""

Remember = Callable[[Situation, Mapping[str, object]], None]
"""Keeps on moto's object a setting that moto forgets; is given the call and its output after it succeeded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Safeguard:
    """A control of AWS that refuses calls.

    `checks` is asked before a call, by 'service:Operation'; `remembers` keeps settings that moto drops. `by_mock` is True
    where moto itself refuses what is set: then OFF cannot be had, and the world is built without the setting instead.
    `source` is where AWS documents it.
    """

    name: str
    summary: str
    source: str
    checks: Mapping[str, Check]
    remembers: Mapping[str, Remember] = field(default_factory=dict)
    by_mock: bool = False
