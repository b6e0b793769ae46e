"""CloudFormation: drift detection, which moto lacks.

Only properties that the template sets are compared, and only those of types that can be read (`stack_actual`):
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws.gaps.base import Guard, Implementation, Situation, invalid
from askfirst.harness.aws.gaps.stack_actual import READERS
from askfirst.harness.aws.gaps.stack_keeping import evaluated
from askfirst.harness.aws.gaps.stacks import Stack, find_stack, members, no_such_stack, physical_id
from askfirst.harness.operations.templates.values import scalar

if TYPE_CHECKING:
    from pydantic import JsonValue

CHECKABLE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"})
"""States of a stack in which drift can be detected."""

PACE = timedelta(seconds=12)
"""How long a detection takes, by the member (a few seconds) and for the stack as a whole."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How one member differs: JSON texts of what the template says and what there is."""

    status: str
    expected: str = "{}"
    actual: str = "{}"
    differences: tuple[tuple[str, str, str, str], ...] = ()
    """Path, what is expected, what there is ('' where nothing is), type of difference."""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Detection:
    """One run over a stack. `drifted` is None while it goes on."""

    stack_id: str
    started: datetime
    drifted: int | None = None


def detect_stack_drift(situation: Situation) -> Mapping[str, JsonValue]:
    """Start to compare; what there is at the end counts."""
    stack = _stack(situation)
    found = situation.uuid("detection")
    wanted = situation.texts("LogicalResourceIds")
    detection = Detection(stack.stack_id, situation.now)
    stack.detections = {**_detections(stack), found: detection}

    def finish() -> None:
        at = situation.now + PACE
        drifts = {
            logical_id: replace(drift, at=at)
            for logical_id, drift in _compared(situation, stack)
            if not wanted or logical_id in wanted
        }
        stack.drifts = {**_drifts(stack), **drifts}
        count = sum(one.status in {"MODIFIED", "DELETED"} for one in drifts.values())
        stack.detections = {**_detections(stack), found: replace(detection, drifted=count)}
        status = "DRIFTED" if count else "IN_SYNC"
        stack.drift_information = {"stack_drift_status": status, "last_check_timestamp": at.replace(tzinfo=None)}

    situation.later(PACE, "CloudFormation has compared the stack with its template", finish)
    return {"StackDriftDetectionId": found}


def describe_stack_drift_detection_status(situation: Situation) -> Mapping[str, JsonValue]:
    """Tell how far a detection is, and what it found."""
    wanted = situation.text("StackDriftDetectionId")
    stacks: Mapping[str, Stack] = situation.backend("cloudformation").stacks
    found = next((one for stack in stacks.values() if (one := _detections(stack).get(wanted))), None)
    if found is None:
        msg = f"Drift detection id {wanted} does not exist"
        raise invalid(msg)
    said: dict[str, JsonValue] = {
        "StackId": found.stack_id,
        "StackDriftDetectionId": wanted,
        "DetectionStatus": "DETECTION_IN_PROGRESS" if found.drifted is None else "DETECTION_COMPLETE",
        "Timestamp": found.started.isoformat(),
    }
    if found.drifted is None:
        return said
    return {
        **said,
        "StackDriftStatus": "DRIFTED" if found.drifted else "IN_SYNC",
        "DriftedStackResourceCount": found.drifted,
    }


def describe_stack_resource_drifts(situation: Situation) -> Mapping[str, JsonValue]:
    """Tell what the last detections found of the members that were checked."""
    stack = find_stack(situation)
    if stack is None:
        raise no_such_stack(situation)
    wanted = situation.texts("StackResourceDriftStatusFilters")
    return {
        "StackResourceDrifts": [
            _said(stack, logical_id, thing, kind, drift)
            for logical_id, thing, kind in members(stack)
            if (drift := _drifts(stack).get(logical_id)) is not None
            and drift.status != "NOT_CHECKED"
            and (not wanted or drift.status in wanted)
        ]
    }


def detect_stack_resource_drift(situation: Situation) -> Mapping[str, JsonValue]:
    """Compare one member, at once."""
    stack, wanted = _stack(situation), situation.text("LogicalResourceId")
    for logical_id, thing, kind in members(stack):
        if logical_id == wanted:
            drift = replace(_compare(situation, stack, logical_id, thing, kind), at=situation.now)
            stack.drifts = {**_drifts(stack), logical_id: drift}
            return {"StackResourceDrift": _said(stack, logical_id, thing, kind, drift)}
    msg = f"Resource {wanted} does not exist for stack {stack.name}"
    raise invalid(msg)


def _stack(situation: Situation) -> Stack:
    stack = find_stack(situation)
    if stack is None:
        msg = f"Stack [{situation.text('StackName')}] does not exist"
        raise invalid(msg)
    if stack.status not in CHECKABLE:
        msg = f"Drift detection cannot be performed on stack {stack.stack_id} while it is in status {stack.status}"
        raise invalid(msg)
    return stack


def _detections(stack: Stack) -> Mapping[str, Detection]:
    return getattr(stack, "detections", {})


def _drifts(stack: Stack) -> Mapping[str, Drift]:
    return getattr(stack, "drifts", {})


def _compared(situation: Situation, stack: Stack) -> Iterator[tuple[str, Drift]]:
    for logical_id, thing, kind in members(stack):
        yield logical_id, _compare(situation, stack, logical_id, thing, kind)


def _compare(situation: Situation, stack: Stack, logical_id: str, thing: object, kind: str) -> Drift:
    reader = READERS.get(kind)
    if reader is None:
        return Drift("NOT_CHECKED")
    actual = reader(situation.backend, thing)
    said = evaluated(stack, logical_id)
    if actual is None:
        return Drift("DELETED", json.dumps(_plain(dict(said)), sort_keys=True))
    # A property that cannot be read is no difference; one that the resource could have and has not is.
    expected = {name: _plain(said[name]) for name in said if name in actual or name in ABSENT_IF_UNSET}
    real = {name: _plain(actual[name]) for name in expected if name in actual}
    differences = tuple(_differences(expected, real, ""))
    texts = [json.dumps(one, sort_keys=True) for one in (expected, real)]
    return Drift("MODIFIED" if differences else "IN_SYNC", texts[0], texts[1], differences)


ABSENT_IF_UNSET = frozenset({"RedrivePolicy", "RetentionInDays"})
"""Properties that readers leave out where the resource has none."""


def _differences(expected: Any, actual: Any, path: str) -> Iterator[tuple[str, str, str, str]]:  # noqa: ANN401 - JSON
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name in sorted(expected.keys() | actual.keys()):
            if name not in actual:
                yield f"{path}/{name}", _text(expected[name]), "null", "REMOVE"
            elif name not in expected:
                yield f"{path}/{name}", "null", _text(actual[name]), "ADD"
            else:
                yield from _differences(expected[name], actual[name], f"{path}/{name}")
    elif expected != actual:
        yield path, _text(expected), _text(actual), "NOT_EQUAL"


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return scalar(value)


def _text(value: Any) -> str:  # noqa: ANN401 - JSON
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _said(stack: Stack, logical_id: str, thing: object, kind: str, drift: Drift) -> dict[str, JsonValue]:
    return {
        "StackId": stack.stack_id,
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": physical_id(thing),
        "ResourceType": kind,
        "ExpectedProperties": drift.expected,
        "ActualProperties": drift.actual,
        "PropertyDifferences": [
            {"PropertyPath": path, "ExpectedValue": expected, "ActualValue": actual, "DifferenceType": difference}
            for path, expected, actual, difference in drift.differences
        ],
        "StackResourceDriftStatus": drift.status,
        "Timestamp": drift.at.isoformat() if drift.at else "",
    }


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {
    ("cloudformation", "DetectStackDrift"): detect_stack_drift,
    ("cloudformation", "DescribeStackDriftDetectionStatus"): describe_stack_drift_detection_status,
    ("cloudformation", "DescribeStackResourceDrifts"): describe_stack_resource_drifts,
    ("cloudformation", "DetectStackResourceDrift"): detect_stack_resource_drift,
}
GUARDS: Mapping[tuple[str, str], Guard] = {}
