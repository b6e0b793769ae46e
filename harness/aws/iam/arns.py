"""The ARN of a thing that does not exist, by the name a call gives it: what a policy is compared with then.

Rows say how the resource part of an ARN is written for a parameter. A name without a row may stand anywhere in it.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from askfirst.harness.aws.iam.globs import UNKNOWN

ANY = UNKNOWN

SHAPES: Mapping[tuple[str, str], str] = {
    ("autoscaling", "AutoScalingGroupName"): "autoScalingGroup:*:autoScalingGroupName/{}",
    ("backup", "BackupVaultName"): "backup-vault:{}",
    ("cloudformation", "StackName"): "stack/{}/*",
    ("cloudtrail", "Name"): "trail/{}",
    ("cloudwatch", "AlarmName"): "alarm:{}",
    ("cloudwatch", "AlarmNames"): "alarm:{}",
    ("dynamodb", "TableName"): "table/{}",
    ("dynamodb", "RequestItems"): "table/{}",
    ("ec2", "KeyName"): "key-pair/{}",
    ("ecr", "repositoryName"): "repository/{}",
    ("ecs", "clusterName"): "cluster/{}",
    ("eks", "name"): "cluster/{}",
    ("elasticbeanstalk", "EnvironmentName"): "environment/*/{}",
    ("events", "Name"): "rule/{}",
    ("events", "Rule"): "rule/{}",
    ("firehose", "DeliveryStreamName"): "deliverystream/{}",
    ("iam", "GroupName"): "group/{}",
    ("iam", "InstanceProfileName"): "instance-profile/{}",
    ("iam", "PolicyName"): "policy/{}",
    ("iam", "RoleName"): "role/{}",
    ("iam", "UserName"): "user/{}",
    ("kinesis", "StreamName"): "stream/{}",
    ("kms", "KeyId"): "key/{}",
    ("lambda", "FunctionName"): "function:{}",
    ("logs", "logGroupName"): "log-group:{}",
    ("rds", "DBClusterIdentifier"): "cluster:{}",
    ("rds", "DBClusterSnapshotIdentifier"): "cluster-snapshot:{}",
    ("rds", "DBInstanceIdentifier"): "db:{}",
    ("rds", "DBSnapshotIdentifier"): "snapshot:{}",
    ("redshift", "ClusterIdentifier"): "cluster:{}",
    ("route53", "HostedZoneId"): "hostedzone/{}",
    ("route53", "Id"): "hostedzone/{}",
    ("s3", "Bucket"): "{}",
    ("secretsmanager", "Name"): "secret:{}-*",
    ("secretsmanager", "SecretId"): "secret:{}-*",
    ("sns", "Name"): "{}",
    ("sqs", "QueueName"): "{}",
    ("sqs", "QueueUrl"): "{}",
    ("ssm", "Name"): "parameter/{}",
    ("ssm", "Names"): "parameter/{}",
    ("stepfunctions", "name"): "stateMachine:{}",
}
"""The resource part by (service, member): '{}' is the name, '*' what nobody here knows."""

EC2_IDS: Mapping[str, str] = {
    "acl": "network-acl",
    "ami": "image",
    "eipalloc": "elastic-ip",
    "eni": "network-interface",
    "i": "instance",
    "igw": "internet-gateway",
    "lt": "launch-template",
    "nat": "natgateway",
    "pcx": "vpc-peering-connection",
    "rtb": "route-table",
    "sg": "security-group",
    "snap": "snapshot",
    "subnet": "subnet",
    "vol": "volume",
    "vpc": "vpc",
    "vpce": "vpc-endpoint",
}
"""What an id of EC2 names, by what stands before its '-'."""

NO_REGION = frozenset({"cloudfront", "iam", "organizations", "route53", "s3"})
NO_ACCOUNT = frozenset({"route53", "s3"})

PREFIXES: Mapping[str, str] = {
    "docdb": "rds",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "neptune": "rds",
    "opensearch": "es",
    "stepfunctions": "states",
}
"""The service part of an ARN where it is not botocore's name."""


def place(service: str, partition: str, region: str, account: str) -> str:
    """Give an ARN up to its resource part."""
    where = "" if service in NO_REGION else region
    whose = "" if service in NO_ACCOUNT else account
    return f"arn:{partition}:{PREFIXES.get(service, service)}:{where}:{whose}:"


def guessed(service: str, member: str, name: str, where: str) -> str:
    """Give the ARN that the name in a parameter stands for; `where` is the ARN up to its resource part.

    What is an ARN already is taken as it is.
    """
    if name.startswith("arn:"):
        partial = service == "secretsmanager" and not re.search(r"-\w{6}\Z", name)
        return f"{name}-{ANY}" if partial else name
    if service == "lambda" and (found := re.fullmatch(r"(?:\d{12}:)?function:(.+)", name)):
        return f"{where}function:{found[1]}"
    if service == "sqs" and name.startswith(("https://", "http://")):
        name = name.rstrip("/").rsplit("/", 1)[-1]
    known = re.fullmatch(r"([a-z]+)-[0-9a-f]+", name) if service == "ec2" else None
    if known and known[1] in EC2_IDS:
        return f"{where}{EC2_IDS[known[1]]}/{name}"
    if service == "kms" and name.startswith("alias/"):
        return where + name
    shape = SHAPES.get((service, member), "*{}*")
    return where + shape.replace("*", ANY).replace("{}", name.lstrip("/") if service == "ssm" else name)
