"""CloudFormation: changing in place what keeps data: queues, topics, tables, buckets, logs, keys, parameters, databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from askfirst.harness.aws.gaps.updating import Backend, Properties, Thing, Updater, document, true, updater

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
    protected = true(wanted.get("DeletionProtectionEnabled", False)) if "DeletionProtectionEnabled" in changed else None
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
        dynamodb.update_continuous_backups(table.name, {"PointInTimeRecoveryEnabled": true(said)})
    return table


def _bucket(backend: Backend, bucket: Thing, wanted: Properties, _: frozenset[str]) -> object:
    # Versioning cannot be switched off again: a bucket whose template says nothing more of it stays suspended.
    status = wanted.get("VersioningConfiguration", {}).get("Status", "Suspended")
    backend("s3").put_bucket_versioning(bucket.name, status)
    return bucket


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
        kms.put_key_policy(key.id, document(wanted["KeyPolicy"]))
    if "Enabled" in changed:
        (kms.enable_key if true(wanted.get("Enabled", True)) else kms.disable_key)(key.id)
    if "EnableKeyRotation" in changed:
        key.key_rotation_status = true(wanted.get("EnableKeyRotation", False))
    return key


def _database(backend: Backend, database: Thing, wanted: Properties, changed: frozenset[str]) -> object:
    readings: Mapping[str, tuple[str, Callable[[Any], object], object]] = {
        "AllocatedStorage": ("allocated_storage", int, None),
        "BackupRetentionPeriod": ("backup_retention_period", int, 1),
        "DBInstanceClass": ("db_instance_class", str, None),
        "DeletionProtection": ("deletion_protection", true, False),
        "EngineVersion": ("engine_version", str, None),
        "MultiAZ": ("multi_az", true, False),
    }
    given = {}
    for name, (keyword, kind, default) in readings.items():
        value = wanted.get(name, default)
        if name in changed and value is not None:
            given[keyword] = kind(value)
    return backend("rds").modify_db_instance(database.db_instance_identifier, given)


def _stream(_: Backend, stream: Thing, wanted: Properties, __: frozenset[str]) -> object:
    stream.retention_period_hours = int(wanted.get("RetentionPeriodHours", 24))
    return stream


UPDATERS: Mapping[str, Updater] = MappingProxyType(
    {
        "AWS::DynamoDB::Table": updater(
            _table,
            "AttributeDefinitions",
            "BillingMode",
            "DeletionProtectionEnabled",
            "PointInTimeRecoverySpecification",
            "ProvisionedThroughput",
        ),
        "AWS::KMS::Key": updater(_key, "Description", "Enabled", "EnableKeyRotation", "KeyPolicy"),
        "AWS::Kinesis::Stream": updater(_stream, "RetentionPeriodHours"),
        "AWS::Logs::LogGroup": updater(_log_group, "RetentionInDays"),
        "AWS::RDS::DBInstance": updater(
            _database,
            "AllocatedStorage",
            "BackupRetentionPeriod",
            "DBInstanceClass",
            "DeletionProtection",
            "EngineVersion",
            "MultiAZ",
        ),
        "AWS::S3::Bucket": updater(_bucket, "VersioningConfiguration"),
        "AWS::SNS::Topic": updater(_topic, "DisplayName"),
        "AWS::SQS::Queue": updater(_queue, *QUEUE_DEFAULTS, "RedrivePolicy"),
        "AWS::SSM::Parameter": updater(
            _parameter, "AllowedPattern", "DataType", "Description", "Tier", "Type", "Value"
        ),
    }
)
"""The types that are changed here, with the properties that come true."""
