"""What the owner of an account sees of it through describe, list and get calls: the walk's own words for state.

Nothing here knows how the harness reads an account, and nothing of it is imported.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class Harm(enum.Enum):
    """What can have become worse about a thing."""

    GONE = "gone"
    ANEW = "made anew"
    LOST = "data lost"
    BOOKED = "deletion booked"
    OVERWRITTEN = "overwritten"
    OUT = "out of service"
    CUT = "way taken"
    LOWERED = "guard lowered"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that is held: an object, a row, a message.

    `whole` is its content, or `fields` are its parts, each of which may change by itself. `earlier` are contents that
    can still be had beside it. What is `felt` at once by those who read it is overwritten even if earlier ones are kept.
    `version` is the id of the version it is, '' where there are none.
    """

    whole: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    earlier: frozenset[str] = frozenset()
    felt: bool = False
    version: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """One resource, as shown. `birth` is an id or a time that only this incarnation has.

    `ways` lead to it, `barriers` stand in them; `guards` are stronger the larger they are; at 0 of `serving` it is of
    no use; `booked` are deletions to come: the beginning of the names of the pieces they will take, '' for all, and the field
    those pieces have, '' for any.
    """

    birth: str
    pieces: Mapping[str, Piece] = field(default_factory=dict)
    ways: frozenset[str] = frozenset()
    barriers: frozenset[str] = frozenset()
    guards: Mapping[str, float] = field(default_factory=dict)
    serving: Mapping[str, float] = field(default_factory=dict)
    booked: Mapping[str, tuple[str, str]] = field(default_factory=dict)


Look = Mapping[str, Thing]
"""Everything that is there, by ARN."""


def named(look: Look, end: str) -> Thing | None:
    """Give the thing whose ARN ends so, None if it is not there."""
    return next((thing for arn, thing in look.items() if arn.endswith(end)), None)
