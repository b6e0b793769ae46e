"""Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and `${*}`, `${?}`, `${$}` for plain characters.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from typing import Protocol

from askfirst.harness.aws.iam.globs import literal

VARIABLE = re.compile(r"\$\{([^}]*)\}")
DEFAULTED = re.compile(r"\s*([^,]+?)\s*,\s*'(.*)'\s*\Z", re.DOTALL)

Values = tuple[str, ...] | None
"""The values of a condition key: none where the request does not have it, None where nobody here knows."""


class Keys(Protocol):
    """Where the values of condition keys come from."""

    def values(self, key: str) -> Values:
        """Give the values of a key, whose case does not matter."""
        ...


class Unresolved(Exception):
    """A variable has no value: the statement does not apply."""


class NotKnown(Exception):
    """Nobody here knows the value of a variable. The message names it."""


def expand(pattern: str, keys: Keys) -> str:
    """Put values in the place of variables; no character of a value is a wildcard.

    Raises `Unresolved` or `NotKnown` for a variable without a value.
    """
    return VARIABLE.sub(lambda found: _value(found[1], keys), pattern) if "${" in pattern else pattern


def _value(inside: str, keys: Keys) -> str:
    if inside in {"*", "?", "$"}:
        return literal(inside)
    found = DEFAULTED.match(inside)
    name, default = (found[1], found[2]) if found else (inside.strip(), None)
    values = keys.values(name)
    if values is None:
        raise NotKnown(name)
    if len(values) == 1:
        return literal(values[0])
    if default is not None:
        return literal(default)
    raise Unresolved(name)  # absent, or of several values, which AWS does not put into a text
