"""What a property comes to: plain data, and in it whatever cannot be known before the update runs.

Plain data is compared as CloudFormation does it: `180` and `"180"`, `true` and `"true"` are the same value.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """What another resource of the template gives: its `Ref` (attribute '') or an attribute."""

    logical_id: str
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A function that cannot be evaluated: its name and its arguments, evaluated as far as possible.

    `fresh` is True where the same function may give something else at each update (a parameter of the type
    `AWS::SSM::Parameter::Value`), so that an equal text says nothing.
    """

    function: str
    arguments: Value
    fresh: bool = False


class Absent(enum.Enum):
    """`AWS::NoValue`: the property is as if it were not there."""

    NO_VALUE = "AWS::NoValue"


Value = None | str | list["Value"] | dict[str, "Value"] | Reference | Unknown | Absent
"""Numbers and booleans are their text."""


def scalar(value: object) -> str:
    """Give the text a number or a boolean is compared by."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def leaves(value: Value) -> Iterator[Reference | Unknown]:
    """Go through everything in a value that is not plain data, what stands in the arguments of a function included."""
    if isinstance(value, Reference):
        yield value
    elif isinstance(value, Unknown):
        yield value
        yield from leaves(value.arguments)
    elif isinstance(value, dict):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)


def is_plain(value: Value) -> bool:
    """Tell whether everything in a value is known."""
    return next(leaves(value), None) is None


def plain_text(value: Value) -> str:
    """Give the JSON text of a value, keys in order; what is unknown in it appears by its form."""
    return json.dumps(value, sort_keys=True, default=repr)
