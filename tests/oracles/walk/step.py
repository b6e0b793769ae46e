"""One call of the agent in a walk, and when it can be made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.oracles.walk.seen import Look, Thing, named


@dataclass(frozen=True, slots=True)
class Hand:
    """What the agent works with: its own clients, the owner's where it must know something, and its last look.

    `made` are the calls that were made already.
    """

    client: Callable[[str], Any]
    owner: Callable[[str], Any]
    look: Look
    account: str
    made: Sequence[Step] = ()

    def __call__(self, service: str) -> Any:
        """Give a client of the agent."""
        return self.client(service)

    def thing(self, end: str) -> Thing | None:
        """Give the thing whose ARN ends so."""
        return named(self.look, end)

    def arn(self, end: str) -> str:
        """Give the ARN that ends so."""
        return next(arn for arn in self.look if arn.endswith(end))

    def has(self, end: str, piece: str = "") -> bool:
        """Tell whether a thing is there, and holds a piece."""
        thing = self.thing(end)
        return thing is not None and (not piece or piece in thing.pieces)

    def way(self, end: str, way: str) -> bool:
        """Tell whether a way that begins so leads to a thing."""
        thing = self.thing(end)
        return thing is not None and any(one.startswith(way) for one in thing.ways)

    def guard(self, end: str, name: str) -> float:
        """Give a guard's height, 0 where there is none."""
        thing = self.thing(end)
        return thing.guards.get(name, 0.0) if thing is not None else 0.0

    def serves(self, end: str, name: str) -> float:
        """Give how much of it serves."""
        thing = self.thing(end)
        return thing.serving.get(name, 0.0) if thing is not None else 0.0


def always(_: Hand) -> bool:
    """Say that it can be made at any time."""
    return True


@dataclass(frozen=True, slots=True)
class Step:
    """One call: `make` makes it. It can be made when what it is about (the end of an ARN) is there, and `when` says so."""

    make: Callable[[Hand], object]
    about: str = ""
    when: Callable[[Hand], bool] = always

    def possible(self, hand: Hand) -> bool:
        """Tell whether the account accepts the call now."""
        return (not self.about or hand.has(self.about)) and self.when(hand)


def made(service: str, end: str, make: Callable[[Any], object]) -> Step:
    """Give the call that makes a thing where none of its name is there."""
    return Step(lambda h: make(h(service)), "", lambda h: not h.has(end))


Phrases = Mapping[str, tuple[Step, ...]]
"""Things an agent does, in one or a few calls, by what they are."""
