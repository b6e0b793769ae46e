"""CloudFormation: the three operations that tell of a stack's members.

moto answers them with the stack's own state, or always with CREATE_COMPLETE, and a date in 2010; and when it lists the
members of a deleted stack it creates them anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING

from askfirst.harness.aws.gaps.base import Guard, Implementation, Situation, invalid
from askfirst.harness.aws.gaps.stacks import Stack, find_stack, members, no_such_stack, physical_id, state_of

if TYPE_CHECKING:
    from pydantic import JsonValue


def describe_stack_resource(situation: Situation) -> Mapping[str, JsonValue]:
    """Tell of one member."""
    stack = _stack(situation)
    wanted = situation.text("LogicalResourceId")
    for logical_id, member, kind in members(stack):
        if logical_id == wanted:
            said = _described(stack, logical_id, member, kind, time="LastUpdatedTimestamp")
            return {"StackResourceDetail": {**said, "Metadata": "{}"}}
    msg = f"Resource {wanted} does not exist for stack {stack.name}"
    raise invalid(msg)


def describe_stack_resources(situation: Situation) -> Mapping[str, JsonValue]:
    """Tell of the members of a stack, or of the stack a physical id belongs to."""
    by_id = situation.text("PhysicalResourceId")
    stack = _owner(situation, by_id) if by_id else _stack(situation)
    wanted = situation.text("LogicalResourceId")
    return {
        "StackResources": [
            _described(stack, logical_id, member, kind, time="Timestamp")
            for logical_id, member, kind in members(stack)
            if wanted in {"", logical_id}
        ]
    }


def list_stack_resources(situation: Situation) -> Mapping[str, JsonValue]:
    """List the members of a stack."""
    stack = _stack(situation)
    return {
        "StackResourceSummaries": [
            _summary(stack, logical_id, member, kind, time="LastUpdatedTimestamp")
            for logical_id, member, kind in members(stack)
        ]
    }


def _stack(situation: Situation) -> Stack:
    stack = find_stack(situation, deleted=True)
    if stack is None:
        raise no_such_stack(situation)
    return stack


def _owner(situation: Situation, wanted: str) -> Stack:
    stacks: Mapping[str, Stack] = situation.backend("cloudformation").stacks
    for stack in stacks.values():
        if any(physical_id(member) == wanted for _, member, _ in members(stack)):
            return stack
    msg = f"Stack for {wanted} does not exist"
    raise invalid(msg)


def _described(stack: Stack, logical_id: str, member: object, kind: str, *, time: str) -> dict[str, JsonValue]:
    return {
        "StackName": stack.name,
        "StackId": stack.stack_id,
        **_summary(stack, logical_id, member, kind, time=time),
    }


def _summary(stack: Stack, logical_id: str, member: object, kind: str, *, time: str) -> dict[str, JsonValue]:
    status, reason, since = state_of(stack, logical_id)
    said: dict[str, JsonValue] = {
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": physical_id(member),
        "ResourceType": kind,
        time: since.replace(tzinfo=UTC).isoformat(),
        "ResourceStatus": status,
        "DriftInformation": _drift(stack, logical_id),
    }
    return {**said, "ResourceStatusReason": reason} if reason else said


def _drift(stack: Stack, logical_id: str) -> JsonValue:
    drift = getattr(stack, "drifts", {}).get(logical_id)
    if drift is None or drift.at is None:
        return {"StackResourceDriftStatus": "NOT_CHECKED"}
    return {"StackResourceDriftStatus": drift.status, "LastCheckTimestamp": drift.at.isoformat()}


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {
    ("cloudformation", "DescribeStackResource"): describe_stack_resource,
    ("cloudformation", "DescribeStackResources"): describe_stack_resources,
    ("cloudformation", "ListStackResources"): list_stack_resources,
}
GUARDS: Mapping[tuple[str, str], Guard] = {}
