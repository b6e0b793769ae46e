"""Promise: a call is compared with policies by the actions and resources AWS compares, also where nothing of that name exists."""

# ruff: noqa: E501 - a case is a row of a table, and rows are compared with each other
from __future__ import annotations

from typing import Any

import pytest

from askfirst.harness.aws.iam.globs import shown
from askfirst.harness.aws.iam.pairs import pairs
from askfirst.harness.events import CallStarted
from askfirst.harness.operations.table import classify
from askfirst.harness.records import Author, Target

PLACE = "eu-west-1:111122223333"
ROLE = "arn:aws:iam::111122223333:role/app"
TABLE = f"arn:aws:dynamodb:{PLACE}:table/costs"
BUCKET = "arn:aws:s3:::month-end"


def needed(service: str, operation: str, parameters: dict[str, Any], *known: str) -> list[tuple[str, str]]:
    """Give the pairs of a call as people read them; `known` are the ARNs its parameters name."""
    row = classify(service, operation)
    call = CallStarted(
        call="c-1",
        attempt=1,
        author=Author.AGENT,
        principal="",
        access_key="",
        service=service,
        operation=operation,
        region="eu-west-1",
        account="111122223333",
        parameters=parameters,
        level=row.level.word,
        operation_class=row.operation_class.value,
        severity=row.severity.value,
        known=row.known,
        request_id="",
        targets=tuple(Target(arn, arn) for arn in known),
    )
    return [(one.action, shown(one.arns[0])) for one in pairs(call, row, "aws")]


S3_KEY = {"Bucket": "month-end", "Key": "a/b"}
COPY = {**S3_KEY, "CopySource": {"Bucket": "old", "Key": "c"}}

TABLED: tuple[tuple[str, str, dict[str, Any], tuple[str, ...], list[tuple[str, str]]], ...] = (
    ("dynamodb", "DeleteTable", {"TableName": "costs"}, (TABLE,), [("dynamodb:DeleteTable", TABLE)]),
    ("dynamodb", "DeleteTable", {"TableName": "gone"}, (), [("dynamodb:DeleteTable", f"arn:aws:dynamodb:{PLACE}:table/gone")]),
    ("dynamodb", "Query", {"TableName": "costs", "IndexName": "by-day"}, (TABLE,), [("dynamodb:Query", f"{TABLE}/index/by-day")]),
    ("dynamodb", "ListTables", {}, (), [("dynamodb:ListTables", "*")]),
    ("dynamodb", "TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "costs", "Item": {}}}]}, (TABLE,), [("dynamodb:PutItem", TABLE)]),
    ("dynamodb", "ExecuteStatement", {"Statement": "DELETE FROM costs WHERE id='1'"}, (), [("dynamodb:PartiQLDelete", TABLE)]),
    ("s3", "ListBuckets", {}, (), [("s3:ListAllMyBuckets", "arn:aws:s3:::*")]),
    ("s3", "DeleteBucket", {"Bucket": "month-end"}, (BUCKET,), [("s3:DeleteBucket", BUCKET)]),
    ("s3", "ListObjectsV2", {"Bucket": "month-end", "Prefix": "a/"}, (BUCKET,), [("s3:ListBucket", BUCKET)]),
    ("s3", "GetObject", S3_KEY, (BUCKET,), [("s3:GetObject", f"{BUCKET}/a/b")]),
    ("s3", "DeleteObject", S3_KEY, (), [("s3:DeleteObject", f"{BUCKET}/a/b")]),
    ("s3", "DeleteObject", {**S3_KEY, "VersionId": "3"}, (), [("s3:DeleteObjectVersion", f"{BUCKET}/a/b")]),
    ("s3", "GetObjectTagging", {**S3_KEY, "VersionId": "3"}, (), [("s3:GetObjectVersionTagging", f"{BUCKET}/a/b")]),
    ("s3", "PutObjectLockConfiguration", {"Bucket": "month-end"}, (), [("s3:PutBucketObjectLockConfiguration", BUCKET)]),
    ("s3", "DeleteObjects", {"Bucket": "month-end", "Delete": {"Objects": [{"Key": "a"}, {"Key": "b"}]}}, (BUCKET,), [("s3:DeleteObject", f"{BUCKET}/a"), ("s3:DeleteObject", f"{BUCKET}/b")]),
    ("s3", "CopyObject", COPY, (BUCKET,), [("s3:GetObject", "arn:aws:s3:::old/c"), ("s3:PutObject", f"{BUCKET}/a/b")]),
    ("s3", "UploadPartCopy", {**S3_KEY, "CopySource": "old/c"}, (BUCKET,), [("s3:PutObject", f"{BUCKET}/a/b"), ("s3:GetObject", "arn:aws:s3:::old/c")]),
    ("sqs", "PurgeQueue", {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs"}, (), [("sqs:PurgeQueue", f"arn:aws:sqs:{PLACE}:jobs")]),
    ("sqs", "CreateQueue", {"QueueName": "new"}, (), [("sqs:CreateQueue", f"arn:aws:sqs:{PLACE}:new")]),
    ("ec2", "TerminateInstances", {"InstanceIds": ["i-0a", "i-0b"]}, (), [("ec2:TerminateInstances", f"arn:aws:ec2:{PLACE}:instance/i-0a"), ("ec2:TerminateInstances", f"arn:aws:ec2:{PLACE}:instance/i-0b")]),
    ("ec2", "DescribeInstances", {}, (), [("ec2:DescribeInstances", "*")]),
    ("cloudformation", "DeleteStack", {"StackName": "shop"}, (), [("cloudformation:DeleteStack", f"arn:aws:cloudformation:{PLACE}:stack/shop/*")]),
    ("secretsmanager", "DeleteSecret", {"SecretId": "db"}, (), [("secretsmanager:DeleteSecret", f"arn:aws:secretsmanager:{PLACE}:secret:db-*")]),
    ("ssm", "DeleteParameter", {"Name": "/app/key"}, (), [("ssm:DeleteParameter", f"arn:aws:ssm:{PLACE}:parameter/app/key")]),
    ("secretsmanager", "DeleteSecret", {"SecretId": f"arn:aws:secretsmanager:{PLACE}:secret:db"}, (), [("secretsmanager:DeleteSecret", f"arn:aws:secretsmanager:{PLACE}:secret:db-*")]),
    ("secretsmanager", "DeleteSecret", {"SecretId": f"arn:aws:secretsmanager:{PLACE}:secret:db-Ab3xYz"}, (), [("secretsmanager:DeleteSecret", f"arn:aws:secretsmanager:{PLACE}:secret:db-Ab3xYz")]),
    ("lambda", "DeleteFunction", {"FunctionName": "111122223333:function:f"}, (), [("lambda:DeleteFunction", f"arn:aws:lambda:{PLACE}:function:f")]),
    ("events", "RemoveTargets", {"Rule": "nightly", "Ids": ["1"]}, (), [("events:RemoveTargets", f"arn:aws:events:{PLACE}:*1*"), ("events:RemoveTargets", f"arn:aws:events:{PLACE}:rule/nightly")]),
    ("eks", "DeleteCluster", {"name": "shop"}, (), [("eks:DeleteCluster", f"arn:aws:eks:{PLACE}:cluster/shop")]),
    ("kms", "CreateKey", {}, (), [("kms:CreateKey", "*")]),
    ("kms", "ScheduleKeyDeletion", {"KeyId": "alias/app"}, (), [("kms:ScheduleKeyDeletion", f"arn:aws:kms:{PLACE}:alias/app")]),
    ("route53", "DeleteHostedZone", {"Id": "Z1"}, (), [("route53:DeleteHostedZone", "arn:aws:route53:::hostedzone/Z1")]),
    ("elbv2", "DeleteLoadBalancer", {"LoadBalancerArn": f"arn:aws:elasticloadbalancing:{PLACE}:loadbalancer/app/x/1"}, (), [("elasticloadbalancing:DeleteLoadBalancer", f"arn:aws:elasticloadbalancing:{PLACE}:loadbalancer/app/x/1")]),
    ("iam", "DeleteRole", {"RoleName": "app"}, (), [("iam:DeleteRole", ROLE)]),
    ("iam", "AttachRolePolicy", {"RoleName": "app", "PolicyArn": "arn:aws:iam::1:policy/p"}, (ROLE, "arn:aws:iam::1:policy/p"), [("iam:AttachRolePolicy", ROLE)]),
    ("sts", "AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "li", "ExternalId": "x"}, (), [("sts:AssumeRole", ROLE)]),
    ("sts", "AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "li", "Tags": [{"Key": "a", "Value": "b"}]}, (), [("sts:AssumeRole", ROLE), ("sts:TagSession", ROLE)]),
    ("sts", "GetCallerIdentity", {}, (), []),
    ("lambda", "UpdateFunctionConfiguration", {"FunctionName": "f", "Role": ROLE}, (), [("lambda:UpdateFunctionConfiguration", f"arn:aws:lambda:{PLACE}:function:f"), ("iam:PassRole", ROLE)]),
    ("cloudformation", "CreateStack", {"StackName": "s", "RoleARN": ROLE}, (), [("cloudformation:CreateStack", f"arn:aws:cloudformation:{PLACE}:stack/s/*"), ("iam:PassRole", ROLE)]),
    ("ecs", "RegisterTaskDefinition", {"family": "f", "taskRoleArn": ROLE}, (), [("ecs:RegisterTaskDefinition", "*"), ("iam:PassRole", ROLE)]),
    ("ecs", "UpdateService", {"cluster": "c", "service": "s"}, (), [("ecs:UpdateService", f"arn:aws:ecs:{PLACE}:*")]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "known", "expected"),
    TABLED,
    ids=[f"{service}:{operation} {index}" for index, (service, operation, *_) in enumerate(TABLED)],
)
def test_a_call_needs_what_aws_compares(
    service: str, operation: str, parameters: dict[str, Any], known: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    """Every action the parameters ask for, on every resource named; '*' stands for what nobody here knows."""
    assert expected == needed(service, operation, parameters, *known)
