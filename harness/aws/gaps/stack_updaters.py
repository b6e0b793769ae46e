"""CloudFormation: changing a member in place, as AWS does where no property forces a replacement.

moto's own way is to delete and make anew for some types (topics, rules, groups, parameters), to forget the member for others
(tables, keys), and to pass over most properties of the rest. Each row here says which properties it carries out; what else
changes in a template stays as it was in the account, and `UpdateStack` remembers it (`stack_updating.not_carried_out`).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

Backend = Callable[[str], Any]
Properties = Mapping[str, Any]
Thing = Any
"""One of moto's objects: they have no common type."""
Change = Callable[[Backend, Thing, Properties, frozenset[str]], object]
"""Changes moto's object: the properties of the new template, the names of those that differ from the old one.

What does not differ is left alone, for somebody may have changed it beside the stack. Gives the object that stands for the
member afterwards.
"""


@dataclass(frozen=True, slots=True)
class Updater:
    """How to change one type in place, and the properties that come true."""

    change: Change
    properties: frozenset[str]


QUEUE_DEFAULTS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "DelaySeconds": ("delay_seconds", 0),
        "MaximumMessageSize": ("maximum_message_size", 262144),
        "MessageRetentionPeriod": ("message_retention_period", 345600),
        "ReceiveMessageWaitTimeSeconds": ("receive_message_wait_time_seconds", 0),
        "VisibilityTimeout": ("visibility_timeout", 30),
    }
)
"""Attributes of a queue, and what each is where the template says nothing."""


def _queue(_: Backend, queue: Thing, wanted: Properties, changed: frozenset[str]) -> object:
    for name, (attribute, default) in QUEUE_DEFAULTS.items():
        if name in changed:
            setattr(queue, attribute, int(wanted.get(name, default)))
    if "RedrivePolicy" in changed and "RedrivePolicy" in wanted:
        queue._setup_dlq(wanted["RedrivePolicy"])  # noqa: SLF001 - moto has no public way
    return queue


def _topic(_: Backend, topic: Thing, wanted: Properties, __: frozenset[str]) -> object:
    topic.display_name = str(wanted.get("DisplayName", ""))
    return topic


def _table(backend: Backend, table: Thing, wanted: Properties, changed: frozenset[str]) -> object:
    dynamodb = backend("dynamodb")
    protected = (
        _true(wanted.get("DeletionProtectionEnabled", False)) if "DeletionProtectionEnabled" in changed else None
    )
    dynamodb.update_table(
        table.name,
        attr_definitions=wanted.get("AttributeDefinitions", []) if "AttributeDefinitions" in changed else [],
        global_index=[],
        throughput=wanted.get("ProvisionedThroughput", {}) if "ProvisionedThroughput" in changed else {},
        billing_mode=wanted.get("BillingMode", "PROVISIONED") if "BillingMode" in changed else "",
        stream_spec={},
        deletion_protection_enabled=protected,
        warm_throughput=None,
    )
    if "PointInTimeRecoverySpecification" in changed:
        said = wanted.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled", False)
        dynamodb.update_continuous_backups(table.name, {"PointInTimeRecoveryEnabled": _true(said)})
    return table


def _bucket(backend: Backend, bucket: Thing, wanted: Properties, _: frozenset[str]) -> object:
    # Versioning cannot be switched off again: a bucket whose template says nothing more of it stays suspended.
    status = wanted.get("VersioningConfiguration", {}).get("Status", "Suspended")
    backend("s3").put_bucket_versioning(bucket.name, status)
    return bucket


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


def _role(backend: Backend, role: Thing, wanted: Properties, changed: frozenset[str]) -> object:
    iam = backend("iam")
    if "AssumeRolePolicyDocument" in changed:
        iam.update_assume_role_policy(role.name, _document(wanted["AssumeRolePolicyDocument"]))
    if "Description" in changed:
        role.description = wanted.get("Description", "")
    if "MaxSessionDuration" in changed:
        role.max_session_duration = wanted.get("MaxSessionDuration", 3600)
    if "Policies" in changed:
        policies = {one["PolicyName"]: one["PolicyDocument"] for one in wanted.get("Policies", [])}
        for name in [one for one in role.policies if one not in policies]:
            role.delete_policy(name)
        for name, policy in policies.items():
            role.put_policy(name, policy)
    if "ManagedPolicyArns" in changed:
        attached = wanted.get("ManagedPolicyArns", [])
        for arn in [one for one in role.managed_policies if one not in attached]:
            iam.detach_role_policy(arn, role.name)
        for arn in [one for one in attached if one not in role.managed_policies]:
            iam.attach_role_policy(arn, role.name)
    return role


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


def _parameter(backend: Backend, parameter: Thing, wanted: Properties, _: frozenset[str]) -> object:
    return backend("ssm").put_parameter(
        name=parameter.name,
        description=wanted.get("Description"),
        value=wanted.get("Value"),
        parameter_type=wanted.get("Type"),
        allowed_pattern=wanted.get("AllowedPattern"),
        keyid=None,
        overwrite=True,
        tags=[],
        data_type=wanted.get("DataType", "text"),
        tier=wanted.get("Tier"),
        policies=wanted.get("Policies"),
    )


def _log_group(_: Backend, group: Thing, wanted: Properties, __: frozenset[str]) -> object:
    days = wanted.get("RetentionInDays")
    group.set_retention_policy(None if days is None else int(days))
    return group


def _key(backend: Backend, key: Thing, wanted: Properties, changed: frozenset[str]) -> object:
    kms = backend("kms")
    if "Description" in changed:
        kms.update_key_description(key.id, wanted.get("Description", ""))
    if "KeyPolicy" in changed and "KeyPolicy" in wanted:
        kms.put_key_policy(key.id, _document(wanted["KeyPolicy"]))
    if "Enabled" in changed:
        (kms.enable_key if _true(wanted.get("Enabled", True)) else kms.disable_key)(key.id)
    if "EnableKeyRotation" in changed:
        key.key_rotation_status = _true(wanted.get("EnableKeyRotation", False))
    return key


def _database(backend: Backend, database: Thing, wanted: Properties, changed: frozenset[str]) -> object:
    readings: Mapping[str, tuple[str, Callable[[Any], object], object]] = {
        "AllocatedStorage": ("allocated_storage", int, None),
        "BackupRetentionPeriod": ("backup_retention_period", int, 1),
        "DBInstanceClass": ("db_instance_class", str, None),
        "DeletionProtection": ("deletion_protection", _true, False),
        "EngineVersion": ("engine_version", str, None),
        "MultiAZ": ("multi_az", _true, False),
    }
    given = {}
    for name, (keyword, kind, default) in readings.items():
        value = wanted.get(name, default)
        if name in changed and value is not None:
            given[keyword] = kind(value)
    return backend("rds").modify_db_instance(database.db_instance_identifier, given)


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


def _stream(_: Backend, stream: Thing, wanted: Properties, __: frozenset[str]) -> object:
    stream.retention_period_hours = int(wanted.get("RetentionPeriodHours", 24))
    return stream


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


def _document(document: object) -> str:
    return document if isinstance(document, str) else json.dumps(document, default=str)


def _true(value: object) -> bool:
    return str(value).lower() == "true"


FUNCTION = frozenset(
    {"Code", "Description", "Environment", "Handler", "Layers", "MemorySize", "Role", "Runtime", "Timeout"}
)

UPDATERS: Mapping[str, Updater] = MappingProxyType(
    {
        kind: Updater(change, frozenset(names))
        for kind, change, names in (
            (
                "AWS::AutoScaling::AutoScalingGroup",
                _group,
                ("DesiredCapacity", "LaunchConfigurationName", "MaxSize", "MinSize"),
            ),
            (
                "AWS::DynamoDB::Table",
                _table,
                (
                    "AttributeDefinitions",
                    "BillingMode",
                    "DeletionProtectionEnabled",
                    "PointInTimeRecoverySpecification",
                    "ProvisionedThroughput",
                ),
            ),
            ("AWS::ECS::Service", _service, ("DesiredCount", "TaskDefinition")),
            (
                "AWS::Events::Rule",
                _rule,
                ("Description", "EventPattern", "RoleArn", "ScheduleExpression", "State", "Targets"),
            ),
            (
                "AWS::IAM::Role",
                _role,
                ("AssumeRolePolicyDocument", "Description", "ManagedPolicyArns", "MaxSessionDuration", "Policies"),
            ),
            ("AWS::KMS::Key", _key, ("Description", "Enabled", "EnableKeyRotation", "KeyPolicy")),
            ("AWS::Kinesis::Stream", _stream, ("RetentionPeriodHours",)),
            ("AWS::Lambda::EventSourceMapping", _mapping, ("BatchSize", "Enabled")),
            ("AWS::Lambda::Function", _function, FUNCTION),
            ("AWS::Logs::LogGroup", _log_group, ("RetentionInDays",)),
            (
                "AWS::RDS::DBInstance",
                _database,
                (
                    "AllocatedStorage",
                    "BackupRetentionPeriod",
                    "DBInstanceClass",
                    "DeletionProtection",
                    "EngineVersion",
                    "MultiAZ",
                ),
            ),
            ("AWS::S3::Bucket", _bucket, ("VersioningConfiguration",)),
            ("AWS::SNS::Topic", _topic, ("DisplayName",)),
            ("AWS::SQS::Queue", _queue, (*QUEUE_DEFAULTS, "RedrivePolicy")),
            ("AWS::SSM::Parameter", _parameter, ("AllowedPattern", "DataType", "Description", "Tier", "Type", "Value")),
            ("AWS::StepFunctions::StateMachine", _machine, ("DefinitionString", "RoleArn")),
        )
    }
)
"""The types that are changed in place, with the properties that come true."""
