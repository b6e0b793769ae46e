"""CloudFormation: changing in place what does the work: functions, services, groups of instances, rules, state machines."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from types import MappingProxyType

from askfirst.harness.aws.gaps.updating import Backend, Properties, Thing, Updater, updater


def _function(_: Backend, function: Thing, wanted: Properties, changed: frozenset[str]) -> object:
    defaults = {"Description": "", "Environment": {"Variables": {}}, "Layers": [], "MemorySize": 128, "Timeout": 3}
    settings = {name: wanted.get(name, defaults.get(name)) for name in changed - {"Code"}}
    settings.update({name: int(settings[name]) for name in ("MemorySize", "Timeout") if name in settings})
    function.update_configuration(settings)
    if "Code" in changed:
        code = dict(wanted["Code"])
        if "ZipFile" in code:  # the source of one file, not a base64 of an archive as in the operation
            archive = function._create_zipfile_from_plaintext_code(code["ZipFile"])  # noqa: SLF001
            code["ZipFile"] = base64.b64encode(archive).decode()
        function.update_function_code(code)
    return function


def _rule(backend: Backend, rule: Thing, wanted: Properties, _: frozenset[str]) -> object:
    pattern = wanted.get("EventPattern")
    made = backend("events").put_rule(
        rule.name,
        description=wanted.get("Description"),
        event_bus_arn=wanted.get("EventBusName"),
        event_pattern=json.dumps(pattern) if pattern else None,
        role_arn=wanted.get("RoleArn"),
        scheduled_expression=wanted.get("ScheduleExpression"),
        state=wanted.get("State", "ENABLED"),
    )
    targets = wanted.get("Targets", [])
    named = {one["Id"] for one in targets}
    made.remove_targets([one["Id"] for one in made.targets if one["Id"] not in named])
    made.put_targets(targets)
    return made


def _instance(backend: Backend, instance: Thing, wanted: Properties, _: frozenset[str]) -> object:
    return backend("ec2").modify_instance_attribute(instance.id, "instance_type", wanted["InstanceType"])


def _group(backend: Backend, group: Thing, wanted: Properties, changed: frozenset[str]) -> object:
    least = int(wanted["MinSize"]) if "MinSize" in changed else group.min_size
    most = int(wanted["MaxSize"]) if "MaxSize" in changed else group.max_size
    desired = group.desired_capacity or 0
    if "DesiredCapacity" in changed and "DesiredCapacity" in wanted:
        desired = int(wanted["DesiredCapacity"])
    return backend("autoscaling").update_auto_scaling_group(
        group.name,
        availability_zones=[],
        desired_capacity=min(max(desired, least), most),
        max_size=most,
        min_size=least,
        launch_config_name=wanted.get("LaunchConfigurationName") if "LaunchConfigurationName" in changed else None,
        launch_template={},
        vpc_zone_identifier="",
        health_check_period=group.health_check_period,
        health_check_type=group.health_check_type,
    )


def _machine(backend: Backend, machine: Thing, wanted: Properties, _: frozenset[str]) -> object:
    definition = wanted.get("DefinitionString")
    return backend("stepfunctions").update_state_machine(machine.arn, definition, wanted.get("RoleArn"))


def _mapping(backend: Backend, mapping: Thing, wanted: Properties, changed: frozenset[str]) -> object:
    given = {
        name: wanted.get(name, default) for name, default in (("BatchSize", 100), ("Enabled", True)) if name in changed
    }
    return backend("lambda").update_event_source_mapping(mapping.uuid, given) or mapping


def _service(backend: Backend, service: Thing, wanted: Properties, changed: frozenset[str]) -> object:
    given: dict[str, object] = {"cluster": service.cluster_name, "service": service.name}
    if "DesiredCount" in changed:
        given["desired_count"] = int(wanted.get("DesiredCount", 1))
    if "TaskDefinition" in changed:
        given["task_definition"] = getattr(wanted["TaskDefinition"], "arn", wanted["TaskDefinition"])
    return backend("ecs").update_service(given)


UPDATERS: Mapping[str, Updater] = MappingProxyType(
    {
        "AWS::AutoScaling::AutoScalingGroup": updater(
            _group, "DesiredCapacity", "LaunchConfigurationName", "MaxSize", "MinSize"
        ),
        "AWS::EC2::Instance": updater(_instance, "InstanceType"),
        "AWS::ECS::Service": updater(_service, "DesiredCount", "TaskDefinition"),
        "AWS::Events::Rule": updater(
            _rule, "Description", "EventPattern", "RoleArn", "ScheduleExpression", "State", "Targets"
        ),
        "AWS::Lambda::EventSourceMapping": updater(_mapping, "BatchSize", "Enabled"),
        "AWS::Lambda::Function": updater(
            _function,
            "Code",
            "Description",
            "Environment",
            "Handler",
            "Layers",
            "MemorySize",
            "Role",
            "Runtime",
            "Timeout",
        ),
        "AWS::StepFunctions::StateMachine": updater(_machine, "DefinitionString", "RoleArn"),
    }
)
"""The types that are changed here, with the properties that come true."""
