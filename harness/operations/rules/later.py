"""Deletion that is booked: schedules, rules, state machines and runbooks whose calls take something away."""

from __future__ import annotations

from collections.abc import Iterator

from askfirst.harness.operations import deferred
from askfirst.harness.operations.rules.base import HARMFUL, Before, Ruling, rule
from askfirst.harness.operations.table import Operation, OperationClass

TAKES = frozenset({OperationClass.DELETE, OperationClass.STOP, OperationClass.DETACH, OperationClass.REVOKE})
ACTIONS = (
    "scheduler:CreateSchedule",
    "scheduler:UpdateSchedule",
    "events:PutTargets",
    "stepfunctions:CreateStateMachine",
    "stepfunctions:UpdateStateMachine",
    "ssm:SendCommand",
    "ssm:StartAutomationExecution",
    "ssm:CreateAssociation",
    "ssm:UpdateAssociation",
    "ssm:RegisterTaskWithMaintenanceWindow",
)


@rule(*ACTIONS)
def booked(before: Before) -> Ruling | None:
    """What is booked counts as what it does, judged by its own row and rules."""
    return max(_said(before), key=lambda one: one.weight, default=None)


def _said(before: Before) -> Iterator[Ruling]:
    from askfirst.harness.operations.rules import ruling_on

    for one in deferred.deferred(before.action, before.parameters):
        ruling = ruling_on(one.operation, Before(one.parameters, before.targets, before.state, one.operation.id))
        found = ruling or _by_row(one.operation)
        if found is not None and found.operation_class in HARMFUL:
            because = f"books {one.operation.id} by {one.by}"
            yield Ruling(found.operation_class, found.severity, found.domain, because)


def _by_row(operation: Operation) -> Ruling | None:
    if operation.operation_class not in TAKES:
        return None
    return Ruling(operation.operation_class, operation.severity, operation.domain, "")
