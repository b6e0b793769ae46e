"""CloudFormation: what it takes to change a member of a stack in place."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Backend = Callable[[str], Any]


class Properties(dict[str, Any]):
    """The properties of a member in the new template, as moto evaluates them; `before` are those of the old one."""

    def __init__(self, after: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        super().__init__(after)
        self.before = before


Thing = Any
"""One of moto's objects: they have no common type."""
Change = Callable[[Backend, Thing, Properties, frozenset[str]], object]
"""Changes moto's object: the properties of the new template, the names of those that differ from the old one.

What does not differ is left alone, for somebody may have changed it beside the stack. Gives the object that stands for the
member afterwards.
"""


@dataclass(frozen=True, slots=True)
class Updater:
    """How to change one type in place, and the properties that come true."""

    change: Change
    properties: frozenset[str]


def updater(change: Change, *properties: str) -> Updater:
    """Make one."""
    return Updater(change, frozenset(properties))


def true(value: object) -> bool:
    """Read a boolean of a template, which may be text."""
    return str(value).lower() == "true"


def document(value: object) -> str:
    """Give a policy as the text that services keep."""
    return value if isinstance(value, str) else json.dumps(value, default=str)
