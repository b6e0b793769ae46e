"""What adapters tell the trial: the side of a brief that agents have no use for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from askfirst.harness.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Made by the trial. Safe to call from any thread while the agent works; `record` appends to the history."""

    record: Callable[[Event], object]
