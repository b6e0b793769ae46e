"""Spellings of an action: IAM action, botocore id, glob, and what each stands for."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from askfirst.harness.authorization.matching import action_matcher, is_glob
from askfirst.harness.operations.table import Operation, UnknownOperation, by_iam_action, find, operations_of, services

SHARED = 3
"""An IAM action that more operations than this need says less than the name of one of them."""


@functools.lru_cache(maxsize=4096)
def reach(action: str) -> tuple[str, ...]:
    """List the IAM actions that a glob covers; what has no wildcard, or covers nothing, stays as it is."""
    if not is_glob(action):
        return (action,)
    fits = action_matcher(action)
    return tuple(sorted({one for one in _iam_actions() if fits(one)})) or (action,)


def names(action: str) -> set[str]:
    """Give every name an action goes by: itself, the operations that need it, and what it needs as an operation."""
    found = {action, *(one.id for one in by_iam_action(action))}
    operation = by_id(action)
    return found | set(operation.iam) if operation else found


def by_id(name: str) -> Operation | None:
    """Find the operation that a botocore id names, in any case."""
    service, _, operation = name.partition(":")
    return next((one for one in operations_of(service.lower()) if one.name.lower() == operation.lower()), None)


def spelled(operation: Operation) -> str:
    """Give the action that says exactly this operation: its IAM action, or its id where that would say more."""
    if len(operation.iam) != 1:
        return operation.id
    action = operation.iam[0]
    if action.lower() == operation.id.lower():
        return action
    others = by_iam_action(action)
    alike = all((one.level, one.operation_class) == (operation.level, operation.operation_class) for one in others)
    return action if alike and len(others) <= SHARED else operation.id


@functools.lru_cache(maxsize=4096)
def destroys(action: str) -> bool:
    """Say whether an action, or anything its glob covers, deletes."""
    fits = action_matcher(action)
    if not is_glob(action):
        operation = by_id(action)
        return any(one.destroys for one in (*by_iam_action(action), *([operation] if operation else ())))
    return any(fits(one.id) or any(map(fits, one.iam)) for one in _operations() if one.destroys)


def written(text: str) -> str | None:
    """Read an action written as IAM action, botocore id or glob, in any case, with ':' or '.'; None if it is none."""
    service, mark, rest = text.strip().partition(":" if ":" in text else ".")
    if text.strip() == "*":
        return "*"
    if not mark or not service or not rest or not rest.replace("*", "a").replace("?", "a").replace("-", "a").isalnum():
        return None
    if is_glob(text):
        glob = f"{service.lower()}:{rest}"
        fits = action_matcher(glob)
        return glob if any(map(fits, _iam_actions())) else None
    owners = by_iam_action(f"{service}:{rest}")
    if owners:
        folded = f"{service}:{rest}".lower()
        return next(one for one in owners[0].iam if one.lower() == folded)
    try:
        return spelled(find(f"{service}:{rest}"))
    except UnknownOperation:
        return None


@functools.cache
def _operations() -> tuple[Operation, ...]:
    return tuple(one for service in services() for one in operations_of(service))


@functools.cache
def _iam_actions() -> tuple[str, ...]:
    return tuple(sorted({action for one in _operations() for action in _said_by(one)}))


def _said_by(operation: Operation) -> Iterable[str]:
    return operation.iam or (operation.id,)
