"""Policies: read from the JSON that IAM keeps, or made from the statements of a scenario, ready to be compared.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from askfirst.harness.aws.iam.conditions import Condition
from askfirst.harness.scenario import Statement

WITH_VARIABLES = "2012-10-17"
"""The version of the policy language that has variables; in an older one `${...}` is text."""

ELEMENTS = frozenset(
    "Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition".split()  # noqa: SIM905 - as AWS lists them
)


class BadPolicy(ValueError):
    """A text that is no policy. The message says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One statement of a policy, read.

    `principals` and `not_principals` hold (kind, name) pairs ('AWS', '*'); None where the statement does not have the
    element. `resources` is empty where the statement names none, as those of trust policies. `odd` says what of the
    statement nobody here can judge.
    """

    allows: bool
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    principals: tuple[tuple[str, str], ...] | None = None
    not_principals: tuple[tuple[str, str], ...] | None = None
    conditions: tuple[Condition, ...] = ()
    variables: bool = True
    sid: str = ""
    odd: tuple[str, ...] = ()

    @property
    def unconditional(self) -> bool:
        """Whether it is about every action on every resource, whoever asks."""
        everything = "*" in self.actions and "*" in self.resources
        return everything and not (self.not_actions or self.not_resources or self.conditions or self.odd)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document, read; `name` is what a reader knows it by."""

    rules: tuple[Rule, ...] = field(default=())
    name: str = ""


def unreadable(name: str, because: str) -> Policy:
    """Give the policy that stands for one nobody here can read: it allows nothing, and may deny anything."""
    return Policy((Rule(allows=False, actions=("*",), resources=("*",), odd=(because,)),), name)


def of_statements(statements: Iterable[Statement], name: str = "") -> Policy:
    """Make a policy of a scenario's statements; one that cannot be right raises `BadPolicy`, which says what to change."""
    return Policy(tuple(_of_statement(one) for one in statements), name)


def _of_statement(one: Statement) -> Rule:
    if not isinstance(one, Statement):
        msg = f"{one!r} must be a Statement(...)"
        raise BadPolicy(msg)
    if one.effect not in {"Allow", "Deny"}:
        msg = f"effect={one.effect!r} of a Statement must be 'Allow' or 'Deny'"
        raise BadPolicy(msg)
    return Rule(
        allows=one.effect == "Allow",
        actions=() if one.not_actions else tuple(one.actions),
        not_actions=tuple(one.not_actions),
        resources=() if one.not_resources else tuple(one.resources),
        not_resources=tuple(one.not_resources),
        conditions=tuple(_conditions(one.conditions)),
        sid=one.sid,
    )


def read(document: str | Mapping[str, object], name: str = "") -> Policy:
    """Read a policy document; one that is none gives an `unreadable` policy."""
    if isinstance(document, str):
        return _read_text(document, name)
    try:
        return _policy(document, name)
    except BadPolicy as error:
        return unreadable(name, f"the policy {name or 'document'}, in which {error}")


@functools.lru_cache(maxsize=1024)
def _read_text(text: str, name: str) -> Policy:
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, Mapping):
        return unreadable(name, f"the policy {name or 'document'}, which is no JSON object")
    return read(document, name)


def _policy(document: Mapping[str, object], name: str) -> Policy:
    found = document.get("Statement", ())
    statements = found if isinstance(found, list) else [found] if found else []
    variables = document.get("Version") == WITH_VARIABLES
    return Policy(tuple(_rule(one, variables=variables) for one in statements), name)


def _rule(statement: object, *, variables: bool) -> Rule:
    if not isinstance(statement, Mapping):
        msg = "a statement is no object"
        raise BadPolicy(msg)
    effect = statement.get("Effect")
    if effect not in {"Allow", "Deny"}:
        msg = f"an Effect is {effect!r}"
        raise BadPolicy(msg)
    if ("Action" in statement) == ("NotAction" in statement):
        msg = "a statement needs either Action or NotAction"
        raise BadPolicy(msg)
    return Rule(
        allows=effect == "Allow",
        actions=_texts(statement.get("Action")),
        not_actions=_texts(statement.get("NotAction")),
        resources=_texts(statement.get("Resource")),
        not_resources=_texts(statement.get("NotResource")),
        principals=_principals(statement.get("Principal")),
        not_principals=_principals(statement.get("NotPrincipal")),
        conditions=tuple(_conditions(statement.get("Condition", {}))),
        variables=variables,
        sid=str(statement.get("Sid", "")),
        odd=tuple(f"the element {one}" for one in statement if one not in ELEMENTS),
    )


def _conditions(block: object) -> Iterable[Condition]:
    if not isinstance(block, Mapping):
        msg = "a Condition is no object"
        raise BadPolicy(msg)
    for operator, keys in block.items():
        if not isinstance(keys, Mapping):
            msg = (
                f"the condition {operator} must map keys to values: {{'{operator}': {{'aws:RequestedRegion': [...]}}}}"
            )
            raise BadPolicy(msg)
        for key, values in keys.items():
            yield Condition(str(operator), str(key), _texts(values))


def _principals(element: object) -> tuple[tuple[str, str], ...] | None:
    if element is None:
        return None
    if isinstance(element, Mapping):
        return tuple((str(kind), name) for kind, names in element.items() for name in _texts(names))
    return tuple(("AWS", name) for name in _texts(element))


def _texts(value: object) -> tuple[str, ...]:
    """Give a value, or a list of them, as texts: numbers and truth values are written as JSON has them."""
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return tuple(text for one in value for text in _texts(one))
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, str | int | float):
        return (str(value),)
    msg = f"{value!r} is neither text nor list"
    raise BadPolicy(msg)
