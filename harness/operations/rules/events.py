"""EventBridge, Scheduler, Step Functions: what ran by itself and runs no more. What is booked to delete is in `later.py`."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.policies import new_locks
from askfirst.harness.operations.rules.saying import detaches, revokes, stops
from askfirst.harness.operations.rules.standing import served, target


@rule("events:DisableRule")
def rule_disabled(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DisableRule.html."""
    return stops("disables the rule") if served(target(before), "enabled") else None


@rule("events:PutRule")
def rule_put_disabled(before: Before) -> Ruling | None:
    """A put over a rule that is there disables it: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html."""
    known = target(before, "events.rule")
    if before.text("State") == "DISABLED" and (known is not None or not before.state) and served(known, "enabled"):
        return stops("disables the rule")
    return None


@rule("events:RemoveTargets")
def targets_removed(_: Before) -> Ruling | None:
    """The rule fires and nothing happens: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RemoveTargets.html."""
    return detaches("takes targets from the rule")


@rule("events:RemovePermission")
def permission_removed(_: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RemovePermission.html."""
    return revokes("takes a permission of the bus away")


@rule("events:PutPermission")
def bus_locked(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html."""
    locked = new_locks(before.parameters.get("Policy"), ())
    return revokes(f"denies {', '.join(locked)} to everybody") if locked else None


@rule("scheduler:UpdateSchedule")
def schedule_disabled(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html."""
    if before.text("State") == "DISABLED" and served(target(before, "scheduler."), "enabled"):
        return stops("disables the schedule")
    return None


@rule("stepfunctions:StopExecution")
def execution_stopped(_: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html."""
    return stops("stops an execution half-way")
