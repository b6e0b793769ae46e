"""CloudFormation: stack policies, which say what an update may do to which member. moto keeps them and heeds none.

The update is accepted and fails at the member it may not touch, so the question is asked by the implementation of updates
(`gaps/stack_updating.py`) and not before the call.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws.safeguards.base import Enforcement, Safeguard, Situation

if TYPE_CHECKING:
    from askfirst.harness.aws.gaps.stacks import Stack
    from askfirst.harness.operations.templates import Entry

PREFIX = "LogicalResourceId/"
FORCED: Mapping[str, Any] = {
    "Statement": [
        {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": ["Update:Delete", "Update:Replace"], "Principal": "*", "Resource": "*"},
    ]
}
STACK_POLICY = Safeguard(
    name="cloudformation-stack-policy",
    summary="an update of a stack stops at a member that its stack policy does not let it touch",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html",
    checks={},
)


def denied(situation: Situation, stack: Stack, entries: Sequence[Entry]) -> tuple[Entry, str] | None:
    """Give the first member that the update may not touch, and AWS's reason; None where it may all it wants."""
    policy = _policy(situation, stack)
    if policy is None:
        return None
    for entry in entries:
        action = _action(entry)
        reason = _reason(policy, action, entry) if action else ""
        if reason:
            return entry, reason
    return None


def _policy(situation: Situation, stack: Stack) -> Mapping[str, Any] | None:
    mode = situation.modes.get(STACK_POLICY.name, Enforcement.AS_SET)
    if mode is not Enforcement.AS_SET:
        return FORCED if mode is Enforcement.FORCED else None
    body = situation.text("StackPolicyDuringUpdateBody") or getattr(stack, "policy", "")
    if not body:
        return None
    try:
        policy = json.loads(body)
    except ValueError:
        return None
    return policy if isinstance(policy, dict) else None


def _action(entry: Entry) -> str:
    # By name: importing the template diff costs more than the rest of a start.
    return {
        "modified": "Update:Modify",
        "replaced": "Update:Replace",
        "may be replaced": "Update:Replace",
        "removed": "Update:Delete",
        "may be removed": "Update:Delete",
    }.get(entry.kind.value, "")


def _reason(policy: Mapping[str, Any], action: str, entry: Entry) -> str:
    """Say why a member may not be touched, '' if it may: as in IAM a denial wins, and what nobody allows is denied."""
    statements = policy.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    allowed = False
    for number, one in enumerate(listed, start=1):
        if not isinstance(one, Mapping) or not _fits(one, action, entry):
            continue
        if one.get("Effect") == "Deny":
            return f"Action denied by stack policy: Statement [#{number}] does not allow [{action}] for resource [{_id(entry)}];"
        allowed = True
    return (
        ""
        if allowed
        else f"Action not allowed by stack policy: no statement allows [{action}] for resource [{_id(entry)}];"
    )


def _fits(statement: Mapping[str, Any], action: str, entry: Entry) -> bool:
    from askfirst.harness.authorization.matching import text_matcher

    def among(name: str, value: str) -> bool:
        if f"Not{name}" in statement:
            return not any(text_matcher(one)(value) for one in _texts(statement[f"Not{name}"]))
        return any(text_matcher(one)(value) for one in _texts(statement.get(name)))

    return among("Action", action) and among("Resource", _id(entry)) and _of_type(statement.get("Condition"), entry)


def _of_type(condition: object, entry: Entry) -> bool:
    """Tell whether the one condition there is holds: StringEquals or StringLike on ResourceType."""
    from askfirst.harness.authorization.matching import text_matcher

    if not isinstance(condition, Mapping):
        return True
    types = [
        kind for test in condition.values() if isinstance(test, Mapping) for kind in _texts(test.get("ResourceType"))
    ]
    return any(text_matcher(one)(entry.resource_type) for one in types)


def _id(entry: Entry) -> str:
    return f"{PREFIX}{entry.logical_id}"


def _texts(value: object) -> list[str]:
    if isinstance(value, list):
        return [one for one in value if isinstance(one, str)]
    return [value] if isinstance(value, str) else []
