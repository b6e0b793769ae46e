"""Policies of resources as ways and barriers: what each statement allows stays, what it denies must not grow.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from typing import Any

Ways = tuple[tuple[str, ...], tuple[str, ...]]
"""What is allowed, and what is denied."""


@functools.lru_cache(maxsize=512)
def document_ways(document: str | None) -> Ways:
    """Give the ways of a policy document in JSON text; of one that cannot be read, nothing."""
    try:
        policy = json.loads(document or "{}")
    except ValueError:
        return (), ()
    statements = policy.get("Statement", []) if isinstance(policy, dict) else []
    return statement_ways(statements if isinstance(statements, list) else [statements])


def statement_ways(statements: Iterable[Mapping[str, Any]]) -> Ways:
    """Give the ways of statements; their names and their order say nothing."""
    allowed, denied = set[str](), set[str]()
    for one in statements:
        (denied if one.get("Effect") == "Deny" else allowed).add(_said(one))
    return tuple(sorted(allowed)), tuple(sorted(denied))


def _said(statement: Mapping[str, Any]) -> str:
    """Say a statement: 'allow lambda:InvokeFunction for Service events.amazonaws.com'."""
    effect = str(statement.get("Effect", "Allow")).lower()
    words = [effect, _values("Action", statement), "for", _values("Principal", statement)]
    if "Condition" in statement:
        words += ["if", json.dumps(statement["Condition"], sort_keys=True)]
    return " ".join(words)


def _values(member: str, statement: Mapping[str, Any]) -> str:
    for name, word in ((member, ""), (f"Not{member}", "all but ")):
        value = statement.get(name)
        if value is None:
            continue
        if isinstance(value, Mapping):
            return word + ", ".join(f"{key} {_listed(one)}" for key, one in sorted(value.items()))
        return word + _listed(value)
    return "*"


def _listed(value: object) -> str:
    return ", ".join(sorted(str(one) for one in value)) if isinstance(value, list | tuple) else str(value)
