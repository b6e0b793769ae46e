"""Calls that a call books for later, or has somebody else make: schedules, state machines, event targets, runbooks.

Read from the parameters alone: the operation, and as much of its parameters as is written down.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from askfirst.harness.operations.rules.values import at, document, mappings, text, texts
from askfirst.harness.operations.table import Operation, classify, operations_of, services
from askfirst.harness.records import Parameters

if TYPE_CHECKING:
    from pydantic import JsonValue

DEEPEST = 3
"""A schedule may start a state machine of its own, that one a runbook: deeper than so nobody nests them in one call."""

SDK = re.compile(r":(?:scheduler|states):::(?:aws-sdk:)?(\w+):(\w+)")
BUILT_IN = re.compile(r":target/(stop|terminate|reboot)-instance$")
RUNBOOK = re.compile(r":(?:automation-definition|document)/([^:]+)")
NAMES = MappingProxyType(
    {
        "cloudwatchlogs": "logs",
        "sfn": "stepfunctions",
        "eventbridge": "events",
        "elasticloadbalancingv2": "elbv2",
        "elasticloadbalancing": "elb",
        "cognitoidentityprovider": "cognito-idp",
        "databasemigration": "dms",
        "costexplorer": "ce",
        "directory": "ds",
        "elasticsearch": "es",
    }
)
"""Names of services in `aws-sdk` integrations that are not botocore's without dashes."""

RUNBOOKS = MappingProxyType(
    {
        "AWS-TerminateEC2Instance": ("ec2", "TerminateInstances", {"InstanceId": "InstanceIds"}),
        "AWS-TerminateEC2InstanceWithApproval": ("ec2", "TerminateInstances", {"InstanceId": "InstanceIds"}),
        "AWS-StopEC2Instance": ("ec2", "StopInstances", {"InstanceId": "InstanceIds"}),
        "AWS-StopEC2InstanceWithApproval": ("ec2", "StopInstances", {"InstanceId": "InstanceIds"}),
        "AWS-RestartEC2Instance": ("ec2", "RebootInstances", {"InstanceId": "InstanceIds"}),
        "AWS-DeleteCloudFormationStack": ("cloudformation", "DeleteStack", {"StackNameOrId": "StackName"}),
        "AWS-DeleteCloudFormationStackWithApproval": ("cloudformation", "DeleteStack", {"StackNameOrId": "StackName"}),
        "AWS-DeleteImage": ("ec2", "DeregisterImage", {"ImageId": "ImageId"}),
        "AWS-DeleteSnapshot": ("ec2", "DeleteSnapshot", {"SnapshotId": "SnapshotId"}),
        "AWS-StopRdsInstance": ("rds", "StopDBInstance", {"InstanceId": "DBInstanceIdentifier"}),
        "AWS-RebootRdsInstance": ("rds", "RebootDBInstance", {"InstanceId": "DBInstanceIdentifier"}),
        "AWS-DetachEBSVolume": ("ec2", "DetachVolume", {"VolumeId": "VolumeId"}),
        "AWSConfigRemediation-DeleteUnusedEBSVolume": ("ec2", "DeleteVolume", {"VolumeId": "VolumeId"}),
    }
)
"""Amazon's runbooks that take something away: https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-runbook-reference.html."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """A call that is made later or elsewhere. `by` says in a word what makes it: 'a schedule'."""

    operation: Operation
    parameters: Parameters
    by: str


def deferred(action: str, parameters: Parameters, depth: int = 0) -> Iterator[Deferred]:
    """Go through the calls that a call ('scheduler:CreateSchedule') leads to, and those that these lead to."""
    find = _FINDERS.get(action)
    if find is None or depth >= DEEPEST:
        return
    for one in find(parameters):
        yield one
        yield from deferred(one.operation.id, one.parameters, depth + 1)


def _of_schedule(parameters: Parameters) -> Iterator[Deferred]:
    target = at(parameters, "Target")
    yield from _integrated(text(at(target, "Arn")), at(target, "Input"), "a schedule")


def _of_rule(parameters: Parameters) -> Iterator[Deferred]:
    for target in mappings(parameters.get("Targets")):
        arn, given = text(target.get("Arn")), target.get("Input")
        built_in, runbook = BUILT_IN.search(arn), RUNBOOK.search(arn)
        if built_in:
            instance = text(given).strip('"')
            name = {"stop": "StopInstances", "terminate": "TerminateInstances"}.get(built_in[1], "RebootInstances")
            yield Deferred(classify("ec2", name), {"InstanceIds": [instance]}, "a rule")
        elif runbook:
            yield from _runbook(runbook[1], document(given), "a rule")
        else:
            yield from _integrated(arn, given, "a rule")


def _of_machine(parameters: Parameters) -> Iterator[Deferred]:
    for state in _states(document(parameters.get("definition") or parameters.get("Definition")), 0):
        given = state.get("Parameters") or state.get("Arguments")
        yield from _integrated(text(state.get("Resource")), given, "a state machine")


def _of_automation(parameters: Parameters) -> Iterator[Deferred]:
    name = text(parameters.get("DocumentName")) or text(parameters.get("Name"))
    given = at(parameters, "Parameters")
    yield from _runbook(name, given if isinstance(given, Mapping) else {}, "a runbook")


def _of_task(parameters: Parameters) -> Iterator[Deferred]:
    given = at(parameters, "TaskInvocationParameters", "Automation", "Parameters")
    yield from _runbook(text(parameters.get("TaskArn")), given if isinstance(given, Mapping) else {}, "a runbook")


def _states(machine: Mapping[str, JsonValue], depth: int) -> Iterator[Mapping[str, JsonValue]]:
    """Go through the states of a machine, and those inside of its branches and maps."""
    states = machine.get("States")
    if not isinstance(states, Mapping) or depth > DEEPEST:
        return
    for state in states.values():
        if isinstance(state, Mapping):
            yield state
            for inner in (*mappings(state.get("Branches")), state.get("Iterator"), state.get("ItemProcessor")):
                if isinstance(inner, Mapping):
                    yield from _states(inner, depth + 1)


def _integrated(arn: str, given: JsonValue, by: str) -> Iterator[Deferred]:
    """Give the call an integration makes: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html."""
    found = SDK.search(arn)
    if found and (operation := _operation(found[1], found[2])) is not None:
        yield Deferred(operation, _plain(document(given)), by)


def _plain(parameters: Mapping[str, JsonValue]) -> Parameters:
    """Leave out what is only known when it runs: members that end in '.$'."""
    return {name: value for name, value in parameters.items() if not name.endswith(".$")}


def _runbook(name: str, given: Parameters, by: str) -> Iterator[Deferred]:
    known = RUNBOOKS.get(name.rsplit("/", 1)[-1])
    if known is not None:
        service, operation, members = known
        values: dict[str, JsonValue] = {new: list(texts(given.get(old))) for old, new in members.items()}
        yield Deferred(classify(service, operation), values, by)


@functools.lru_cache(maxsize=256)
def _operation(service: str, name: str) -> Operation | None:
    service = NAMES.get(service.lower(), service.lower())
    service = next((one for one in services() if one.replace("-", "") == service.replace("-", "")), "")
    return next((one for one in operations_of(service) if one.name.lower() == name.lower()), None)


_FINDERS = MappingProxyType(
    {
        "scheduler:CreateSchedule": _of_schedule,
        "scheduler:UpdateSchedule": _of_schedule,
        "events:PutTargets": _of_rule,
        "stepfunctions:CreateStateMachine": _of_machine,
        "stepfunctions:UpdateStateMachine": _of_machine,
        "ssm:SendCommand": _of_automation,
        "ssm:StartAutomationExecution": _of_automation,
        "ssm:CreateAssociation": _of_automation,
        "ssm:UpdateAssociation": _of_automation,
        "ssm:RegisterTaskWithMaintenanceWindow": _of_task,
    }
)
