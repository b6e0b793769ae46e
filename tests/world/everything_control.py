"""The part of the world with everything that governs and watches the rest: rights, trails, alarms, schedules, pools."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env

READS = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]})
LAMBDA = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def build(env: Env) -> None:
    """Make them."""

    def client(service: str) -> Any:
        return env.session.client(service)

    _rights(client("iam"))
    _watching(client, env.account_id)
    _schedules(client, env.account_id)
    cognito = client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="people", DeletionProtection="ACTIVE")["UserPool"]["Id"]
    cognito.create_user_pool_client(UserPoolId=pool, ClientName="shop")
    for name in ("an", "bo"):
        cognito.admin_create_user(UserPoolId=pool, Username=name)
    kms = client("kms")
    key = kms.create_key(Description="orders")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/orders", TargetKeyId=key)
    kms.enable_key_rotation(KeyId=key)
    client("cloudformation").create_stack_set(
        StackSetName="baseline", TemplateBody='{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}'
    )


def _rights(iam: Any) -> None:
    iam.create_role(RoleName="runner", AssumeRolePolicyDocument=LAMBDA)
    iam.put_role_policy(RoleName="runner", PolicyName="reads", PolicyDocument=READS)
    policy = iam.create_policy(PolicyName="readers", PolicyDocument=READS)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="runner", PolicyArn=policy)
    iam.create_group(GroupName="operators")
    iam.create_user(UserName="mei")
    iam.add_user_to_group(GroupName="operators", UserName="mei")
    iam.create_access_key(UserName="mei")
    iam.create_instance_profile(InstanceProfileName="runner")
    iam.add_role_to_instance_profile(InstanceProfileName="runner", RoleName="runner")
    iam.create_open_id_connect_provider(Url="https://ci.example.com", ClientIDList=["ci"], ThumbprintList=["a" * 40])


def _watching(client: Any, account: str) -> None:
    client("s3").create_bucket(Bucket="trails-of-everything")
    trail = client("cloudtrail")
    trail.create_trail(
        Name="trail", S3BucketName="trails-of-everything", IsMultiRegionTrail=True, EnableLogFileValidation=True
    )
    trail.start_logging(Name="trail")
    client("cloudwatch").put_dashboard(DashboardName="board", DashboardBody='{"widgets": []}')
    client("cloudwatch").put_metric_alarm(
        AlarmName="loud",
        MetricName="m",
        Namespace="n",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[f"arn:aws:sns:us-east-1:{account}:topic"],
    )
    logs = client("logs")
    logs.create_log_group(logGroupName="/audit")
    logs.create_log_stream(logGroupName="/audit", logStreamName="one")
    at = 1_765_000_000_000
    logs.put_log_events(
        logGroupName="/audit",
        logStreamName="one",
        logEvents=[{"timestamp": at + one, "message": "m"} for one in (1, 2)],
    )
    client("kinesis").create_stream(StreamName="copies", ShardCount=1)
    target = f"arn:aws:kinesis:us-east-1:{account}:stream/copies"
    logs.put_destination(destinationName="copies", targetArn=target, roleArn=f"arn:aws:iam::{account}:role/runner")
    config = client("config")
    role = f"arn:aws:iam::{account}:role/runner"
    config.put_configuration_recorder(
        ConfigurationRecorder={"name": "default", "roleARN": role, "recordingGroup": {"allSupported": True}}
    )
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "trails-of-everything"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    client("guardduty").create_detector(Enable=True)


def _schedules(client: Any, account: str) -> None:
    events = client("events")
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    events.put_targets(Rule="nightly", Targets=[{"Id": "1", "Arn": f"arn:aws:sqs:us-east-1:{account}:queue"}])
    events.create_archive(ArchiveName="kept", EventSourceArn=f"arn:aws:events:us-east-1:{account}:event-bus/default")
    scheduler = client("scheduler")
    scheduler.create_schedule_group(Name="jobs")
    scheduler.create_schedule(
        Name="report",
        ScheduleExpression="rate(1 hour)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": f"arn:aws:sqs:us-east-1:{account}:queue",
            "RoleArn": f"arn:aws:iam::{account}:role/runner",
            "Input": "{}",
        },
    )
    machines = client("stepfunctions")
    machines.create_activity(name="by-hand")
