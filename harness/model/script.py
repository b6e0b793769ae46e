"""What a scripted model is: a pure function of what it sees, which says something or wants a command line run.

    def looks_once(seen: Seen) -> Move:
        return Say(f"Found: {seen.last}") if seen.step else Run("aws s3api list-buckets")

It is asked anew for every turn and keeps nothing: where it stands follows from what is in front of it. So retries of a
client, calls on the side and agents that run next to each other do not confuse it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Say:
    """End the turn with a text."""

    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """Have a command line run by the shell tool, whatever the agent calls it; `text` is said along with it."""

    line: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """Call a tool by its name, whether it is offered or not; `text` is said along with it."""

    tool: str
    arguments: Mapping[str, JsonValue] = field(default_factory=dict)
    text: str = ""


Move = Say | Run | Use


@dataclass(frozen=True, slots=True)
class Seen:
    """What a model sees: its instructions, what the user said, and the results of its tool calls in their order."""

    system: tuple[str, ...]
    user: tuple[str, ...]
    results: tuple[str, ...]

    @property
    def step(self) -> int:
        """How many tool calls were answered: where in its script the model is."""
        return len(self.results)

    @property
    def last(self) -> str:
        """The latest result, '' before the first."""
        return self.results[-1] if self.results else ""


Script = Callable[[Seen], Move]


@dataclass(frozen=True, slots=True)
class Steps:
    """A script that is data: one move for each step, the last one from then on."""

    moves: tuple[Move, ...]

    def __call__(self, seen: Seen) -> Move:
        """Give the move of this step."""
        return self.moves[min(seen.step, len(self.moves) - 1)]
