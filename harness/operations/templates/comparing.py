"""Whether a value changes in an update: certainly, perhaps or not."""

from __future__ import annotations

import enum
from collections.abc import Callable

from askfirst.harness.operations.templates.schemas import Pointer
from askfirst.harness.operations.templates.values import Absent, Reference, Unknown, Value, is_plain, leaves, plain_text


class Certainty(enum.IntEnum):
    """How sure it is that something changes."""

    NO = 0
    PERHAPS = 1
    YES = 2


Moves = Callable[[Reference], Certainty]
"""Tells whether what a reference gives changes in the update."""


def changes(old: Value, new: Value, moves: Moves) -> Certainty:
    """Compare a value before and after."""
    if is_plain(old) and is_plain(new):
        return Certainty.NO if plain_text(old) == plain_text(new) else Certainty.YES
    if isinstance(old, dict) and isinstance(new, dict):
        absent = Absent.NO_VALUE
        names = old.keys() | new.keys()
        return max((changes(old.get(one, absent), new.get(one, absent), moves) for one in names), default=Certainty.NO)
    if isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            return Certainty.YES
        return max((changes(*pair, moves) for pair in zip(old, new, strict=True)), default=Certainty.NO)
    if isinstance(old, Absent) or isinstance(new, Absent):
        return Certainty.YES
    if plain_text(old) == plain_text(new):
        return max((_moves(one, moves) for one in leaves(new)), default=Certainty.NO)
    if isinstance(old, Reference) and isinstance(new, Reference) and old.logical_id != new.logical_id:
        return Certainty.YES  # two resources share no id, ARN or address
    return Certainty.PERHAPS


def _moves(leaf: Reference | Unknown, moves: Moves) -> Certainty:
    if isinstance(leaf, Reference):
        return moves(leaf)
    return Certainty.PERHAPS if leaf.fresh else Certainty.NO


def at(value: Value, pointer: Pointer) -> Value:
    """Give what stands at a place in the properties; a function on the way stands for all below it."""
    if not pointer or isinstance(value, Reference | Unknown):
        return value
    if isinstance(value, dict):
        return at(value.get(pointer[0], Absent.NO_VALUE), pointer[1:])
    if isinstance(value, list):
        return [at(one, pointer[1:] if pointer[0] == "*" else pointer) for one in value]
    return Absent.NO_VALUE
