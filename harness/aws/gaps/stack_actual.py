"""CloudFormation: what the properties of a member really are, for the types whose state moto keeps under the same names.

Each reader gives the properties it can read, or None where the resource is not there any more. A type without a reader is
not checked for drift, as in AWS those are not that its list leaves out:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from askfirst.harness.aws.gaps.updating_data import QUEUE_DEFAULTS

Backend = Callable[[str], Any]
Thing = Any
"""One of moto's objects: they have no common type."""

Actual = Mapping[str, Any]
Reader = Callable[[Backend, Thing], Actual | None]


def _queue(backend: Backend, queue: Thing) -> Actual | None:
    found = backend("sqs").queues.get(queue.name)
    if found is None:
        return None
    policy = found.redrive_policy or None
    return {
        "QueueName": found.name,
        **{name: getattr(found, attribute) for name, (attribute, _) in QUEUE_DEFAULTS.items()},
        **({"RedrivePolicy": policy} if policy else {}),
    }


def _topic(backend: Backend, topic: Thing) -> Actual | None:
    found = backend("sns").topics.get(topic.arn)
    return None if found is None else {"TopicName": found.name, "DisplayName": found.display_name}


def _table(backend: Backend, table: Thing) -> Actual | None:
    found = backend("dynamodb").tables.get(table.name)
    if found is None:
        return None
    return {
        "TableName": found.name,
        "AttributeDefinitions": found.attr,
        "BillingMode": found.billing_mode,
        "DeletionProtectionEnabled": found.deletion_protection_enabled,
        "KeySchema": found.schema,
    }


def _bucket(backend: Backend, bucket: Thing) -> Actual | None:
    found = backend("s3").buckets.get(bucket.name)
    return None if found is None else {"BucketName": found.name}


def _function(backend: Backend, function: Thing) -> Actual | None:
    named = {one.function_name: one for one in backend("lambda").list_functions()}
    found = named.get(function.function_name)
    if found is None:
        return None
    return {
        "FunctionName": found.function_name,
        "Environment": {"Variables": found.environment_vars},
        "Handler": found.handler,
        "MemorySize": found.memory_size,
        "Role": found.role,
        "Runtime": found.run_time,
        "Timeout": found.timeout,
    }


def _role(backend: Backend, role: Thing) -> Actual | None:
    named = {one.name: one for one in backend("iam").roles.values()}
    found = named.get(role.name)
    if found is None:
        return None
    document = found.assume_role_policy_document
    return {
        "RoleName": found.name,
        "AssumeRolePolicyDocument": json.loads(document) if isinstance(document, str) else document,
        "MaxSessionDuration": found.max_session_duration or 3600,
        "Path": found.path,
    }


def _log_group(backend: Backend, group: Thing) -> Actual | None:
    found = backend("logs").groups.get(group.name)
    if found is None:
        return None
    days = {} if found.retention_in_days is None else {"RetentionInDays": found.retention_in_days}
    return {"LogGroupName": found.name, **days}


def _parameter(backend: Backend, parameter: Thing) -> Actual | None:
    found = backend("ssm").get_parameter(parameter.name)
    return None if found is None else {"Name": found.name, "Type": found.parameter_type, "Value": found.value}


def _key(backend: Backend, key: Thing) -> Actual | None:
    found = backend("kms").keys.get(key.id)
    if found is None:
        return None
    rotation = bool(found.key_rotation_status)
    return {"Description": found.description, "Enabled": found.enabled, "EnableKeyRotation": rotation}


def _database(backend: Backend, database: Thing) -> Actual | None:
    found = backend("rds").databases.get(database.db_instance_identifier)
    if found is None:
        return None
    return {
        "AllocatedStorage": found.allocated_storage,
        "BackupRetentionPeriod": found.backup_retention_period,
        "DBInstanceClass": found.db_instance_class,
        "DeletionProtection": found.deletion_protection,
        "MultiAZ": found.multi_az,
    }


def _group(backend: Backend, group: Thing) -> Actual | None:
    found = backend("autoscaling").autoscaling_groups.get(group.name)
    if found is None:
        return None
    return {"DesiredCapacity": found.desired_capacity, "MaxSize": found.max_size, "MinSize": found.min_size}


def _rule(backend: Backend, rule: Thing) -> Actual | None:
    buses = backend("events").event_buses.values()
    found = next((bus.rules[rule.name] for bus in buses if rule.name in bus.rules), None)
    if found is None:
        return None
    schedule = {"ScheduleExpression": found.scheduled_expression} if found.scheduled_expression else {}
    return {"Name": found.name, "State": found.state, **schedule}


def _stream(backend: Backend, stream: Thing) -> Actual | None:
    found = backend("kinesis").streams.get(stream.stream_name)
    return None if found is None else {"Name": found.stream_name, "RetentionPeriodHours": found.retention_period_hours}


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "AWS::AutoScaling::AutoScalingGroup": _group,
        "AWS::DynamoDB::Table": _table,
        "AWS::Events::Rule": _rule,
        "AWS::IAM::Role": _role,
        "AWS::KMS::Key": _key,
        "AWS::Kinesis::Stream": _stream,
        "AWS::Lambda::Function": _function,
        "AWS::Logs::LogGroup": _log_group,
        "AWS::RDS::DBInstance": _database,
        "AWS::S3::Bucket": _bucket,
        "AWS::SNS::Topic": _topic,
        "AWS::SQS::Queue": _queue,
        "AWS::SSM::Parameter": _parameter,
    }
)
"""How to read what there is, by resource type."""
