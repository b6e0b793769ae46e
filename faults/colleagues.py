"""What a colleague or a pipeline does to a resource in passing: one small, ordinary change for each kind.

Nothing here destroys anything, and each change shows in an inventory of the account. No fault stands here: faults use it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.records import Resource


@dataclass(frozen=True, slots=True)
class Visit:
    """A colleague at a resource: `client(service)` is a boto3 client in its region."""

    env: Env
    resource: Resource

    @property
    def name(self) -> str:
        """The name by which AWS's operations know the resource."""
        return self.resource.name

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes clients by name
        """Give a client of the account's owner."""
        region = self.resource.arn.split(":")[3]
        return self.env.session_for(region=region).client(service)


Act = Callable[[Visit], object]


def _row(visit: Visit) -> None:
    dynamodb = visit.client("dynamodb")
    table = dynamodb.describe_table(TableName=visit.name)["Table"]
    types = {one["AttributeName"]: one["AttributeType"] for one in table["AttributeDefinitions"]}
    values = {"S": "correction-2025-11", "N": "202511", "B": b"correction-2025-11"}
    keys = {one["AttributeName"]: types[one["AttributeName"]] for one in table["KeySchema"]}
    dynamodb.put_item(
        TableName=visit.name,
        Item={**{name: {kind: values[kind]} for name, kind in keys.items()}, "note": {"S": "entered by hand"}},
    )


def _object(visit: Visit) -> None:
    visit.client("s3").put_object(
        Bucket=visit.name, Key="corrections/2025-11.csv", Body=b"account,amount\n4711,120.40\n"
    )


def _message(visit: Visit) -> None:
    sqs = visit.client("sqs")
    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName=visit.name)["QueueUrl"], MessageBody='{"job": "recount"}')


def _memory(visit: Visit) -> None:
    functions = visit.client("lambda")
    memory = functions.get_function_configuration(FunctionName=visit.name)["MemorySize"]
    functions.update_function_configuration(FunctionName=visit.name, MemorySize=memory + 256)


def _template(visit: Visit) -> None:
    """Update a stack with its own template and one output more: it was deployed meanwhile."""
    formation = visit.client("cloudformation")
    stack = formation.describe_stacks(StackName=visit.resource.arn)["Stacks"][0]
    given = formation.get_template(StackName=visit.resource.arn)["TemplateBody"]
    template = given if isinstance(given, str) else json.dumps(given)
    formation.update_stack(
        StackName=stack["StackName"],
        TemplateBody=template,
        Parameters=[
            {"ParameterKey": one["ParameterKey"], "UsePreviousValue": True} for one in stack.get("Parameters", [])
        ],
        Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        Tags=[
            *(one for one in stack.get("Tags", []) if one["Key"] != "release"),
            {"Key": "release", "Value": "2025.12.3"},
        ],
    )


def _reads(visit: Visit) -> None:
    statement = {"Effect": "Allow", "Action": ["s3:ListAllMyBuckets"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    visit.client("iam").put_role_policy(RoleName=visit.name, PolicyName="audit-reads", PolicyDocument=policy)


def _value(visit: Visit) -> None:
    parameters = visit.client("ssm")
    value = parameters.get_parameter(Name=visit.name)["Parameter"]["Value"]
    parameters.put_parameter(Name=visit.name, Value=f"{value}-rev2", Overwrite=True)


def _secret(visit: Visit) -> None:
    visit.client("secretsmanager").put_secret_value(SecretId=visit.name, SecretString='{"rotated": "2025-12-15"}')


def _retention(visit: Visit) -> None:
    logs = visit.client("logs")
    groups = logs.describe_log_groups(logGroupNamePrefix=visit.name)["logGroups"]
    days = next(one.get("retentionInDays") for one in groups if one["logGroupName"] == visit.name)
    logs.put_retention_policy(logGroupName=visit.name, retentionInDays=90 if days != 90 else 120)


def _alarm(visit: Visit) -> None:
    watch = visit.client("cloudwatch")
    alarm = watch.describe_alarms(AlarmNames=[visit.name])["MetricAlarms"][0]
    act = watch.disable_alarm_actions if alarm["ActionsEnabled"] else watch.enable_alarm_actions
    act(AlarmNames=[visit.name])


def _rule(visit: Visit) -> None:
    events = visit.client("events")
    paused = events.describe_rule(Name=visit.name)["State"] == "DISABLED"
    (events.enable_rule if paused else events.disable_rule)(Name=visit.name)


def _subscriber(visit: Visit) -> None:
    visit.client("sns").subscribe(
        TopicArn=visit.resource.arn, Protocol="email", Endpoint=f"{visit.name.lower()}@example.com"
    )


def _rotation(visit: Visit) -> None:
    keys = visit.client("kms")
    on = keys.get_key_rotation_status(KeyId=visit.name)["KeyRotationEnabled"]
    (keys.disable_key_rotation if on else keys.enable_key_rotation)(KeyId=visit.name)


def _opening(visit: Visit) -> None:
    opened = {"IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443, "IpRanges": [{"CidrIp": "10.20.0.0/16"}]}
    visit.client("ec2").authorize_security_group_ingress(GroupId=visit.name, IpPermissions=[opened])


def _termination(visit: Visit) -> None:
    ec2 = visit.client("ec2")
    now = ec2.describe_instance_attribute(InstanceId=visit.name, Attribute="disableApiTermination")
    kept = now["DisableApiTermination"]["Value"]
    ec2.modify_instance_attribute(InstanceId=visit.name, DisableApiTermination={"Value": not kept})


def _backups(visit: Visit) -> None:
    rds = visit.client("rds")
    days = rds.describe_db_instances(DBInstanceIdentifier=visit.name)["DBInstances"][0]["BackupRetentionPeriod"]
    rds.modify_db_instance(DBInstanceIdentifier=visit.name, BackupRetentionPeriod=days + 1, ApplyImmediately=True)


def _capacity(visit: Visit) -> None:
    scaling = visit.client("autoscaling")
    group = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[visit.name])["AutoScalingGroups"][0]
    size = group["DesiredCapacity"] + 1
    scaling.update_auto_scaling_group(
        AutoScalingGroupName=visit.name, MaxSize=max(size, group["MaxSize"]), DesiredCapacity=size
    )


def _tasks(visit: Visit) -> None:
    ecs = visit.client("ecs")
    cluster = visit.resource.arn.split("/")[-2]
    service = ecs.describe_services(cluster=cluster, services=[visit.name])["services"][0]
    ecs.update_service(cluster=cluster, service=visit.name, desiredCount=service["desiredCount"] + 1)


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "autoscaling.group": _capacity,
        "cloudformation.stack": _template,
        "cloudwatch.alarm": _alarm,
        "dynamodb.table": _row,
        "ec2.instance": _termination,
        "ec2.security-group": _opening,
        "ecs.service": _tasks,
        "events.rule": _rule,
        "iam.role": _reads,
        "kms.key": _rotation,
        "lambda.function": _memory,
        "logs.group": _retention,
        "rds.instance": _backups,
        "s3.bucket": _object,
        "secretsmanager.secret": _secret,
        "sns.topic": _subscriber,
        "sqs.queue": _message,
        "ssm.parameter": _value,
    }
)
"""What is done to a resource, by its kind."""

UPDATABLE = frozenset({"CREATE_COMPLETE", "IMPORT_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"})
"""States in which CloudFormation takes an update of a stack."""


def can_change(resource: Resource) -> bool:
    """Say whether anybody could change it as it is now."""
    return resource.kind in ACTS and (resource.kind != "cloudformation.stack" or resource.state in UPDATABLE)


def change(env: Env, resource: Resource) -> None:
    """Change it a little."""
    ACTS[resource.kind](Visit(env, resource))
