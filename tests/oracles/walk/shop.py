"""The small account in which the walk goes on: one or two of each kind, quick to restore, quick to read through boto3.

Where AWS shows neither an id nor a time of creation, a tag `born` marks what was there at the start.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.oracles.destruction.production import LAMBDA, code

from askfirst import Scenario, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from askfirst.harness.aws.env import Env

READS: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
TABLE: dict[str, Any] = {
    "TableName": "carts",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
TEMPLATE: dict[str, Any] = {
    "Resources": {
        "Inbox": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "stack-inbox"}},
        "News": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "stack-news"}},
    },
}
ALARM: dict[str, Any] = {
    "AlarmName": "errors",
    "MetricName": "Errors",
    "Namespace": "AWS/Lambda",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanThreshold",
}
BORN = [{"Key": "born", "Value": "first"}]


def build(env: Env) -> None:
    """Make the account, forty days ago."""

    def client(service: str) -> Any:
        return env.session.client(service)

    with env.at(timedelta(days=40)):
        _stores(client)
        _small(client)
        _compute(client, env.account_id)
        client("cloudformation").create_stack(StackName="shop", TemplateBody=json.dumps(TEMPLATE))
    with env.at(timedelta(seconds=10)):
        _talk(client, int(env.now.timestamp() * 1000))


def _stores(client: Callable[[str], Any]) -> None:
    s3 = client("s3")
    for bucket in ("plain", "kept"):
        s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket="kept", VersioningConfiguration={"Status": "Enabled"})
    for bucket, key in (("plain", "a.txt"), ("plain", "b.txt"), ("kept", "c.txt")):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    dynamodb = client("dynamodb")
    dynamodb.create_table(**TABLE)
    for row in ("1", "2"):
        item = {"id": {"S": row}, "note": {"S": f"note {row}"}, "until": {"N": "1700000000"}}
        dynamodb.put_item(TableName="carts", Item=item)
    recovery = {"PointInTimeRecoveryEnabled": True}
    dynamodb.update_continuous_backups(TableName="carts", PointInTimeRecoverySpecification=recovery)
    client("rds").create_db_instance(
        DBInstanceIdentifier="ledger",
        Engine="postgres",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        MasterUsername="root",
        MasterUserPassword="passw0rd-passw0rd",
        BackupRetentionPeriod=7,
        DeletionProtection=True,
    )


def _small(client: Callable[[str], Any]) -> None:
    key = client("kms").create_key()["KeyMetadata"]["KeyId"]
    client("kms").create_alias(AliasName="alias/shop", TargetKeyId=key)
    client("kms").enable_key_rotation(KeyId=key)
    client("ssm").put_parameter(Name="/shop/flag", Value="on", Type="String")
    client("secretsmanager").create_secret(Name="shop/db", SecretString="one")
    client("cloudwatch").put_metric_alarm(**ALARM, AlarmActions=["arn:aws:sns:us-east-1:1:page"], Tags=BORN)
    iam = client("iam")
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=LAMBDA)
    iam.put_role_policy(RoleName="app", PolicyName="reads", PolicyDocument=json.dumps(READS))
    policy = iam.create_policy(PolicyName="queues", PolicyDocument=json.dumps(READS))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="app", PolicyArn=policy)
    client("sqs").create_queue(QueueName="orders")
    client("sqs").create_queue(QueueName="dead")
    client("logs").create_log_group(logGroupName="/shop/app")
    client("logs").put_retention_policy(logGroupName="/shop/app", retentionInDays=30)
    client("logs").create_log_stream(logGroupName="/shop/app", logStreamName="one")
    client("kinesis").create_stream(StreamName="clicks", ShardCount=1)


def _compute(client: Callable[[str], Any], account: str) -> None:
    client("lambda").create_function(
        FunctionName="checkout",
        Runtime="python3.12",
        Role=f"arn:aws:iam::{account}:role/app",
        Handler="index.handler",
        Code={"ZipFile": code()},
        Environment={"Variables": {"TABLE": "carts", "MODE": "live"}},
        Tags={"born": "first"},
    )
    client("lambda").publish_version(FunctionName="checkout")
    client("lambda").create_alias(FunctionName="checkout", Name="live", FunctionVersion="1")
    topic = client("sns").create_topic(Name="notices", Tags=BORN)["TopicArn"]
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:{account}:orders")
    client("events").put_rule(Name="nightly", ScheduleExpression="rate(1 day)", Tags=BORN)
    targets = [{"Id": name, "Arn": f"arn:aws:sqs:us-east-1:{account}:{name}"} for name in ("orders", "dead")]
    client("events").put_targets(Rule="nightly", Targets=targets)
    ecs = client("ecs")
    ecs.create_cluster(clusterName="shop")
    ecs.register_task_definition(family="shop", containerDefinitions=[{"name": "a", "image": "a", "memory": 64}])
    marks = [{"key": "born", "value": "first"}]
    ecs.create_service(cluster="shop", serviceName="api", taskDefinition="shop", desiredCount=2, tags=marks)
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[HTTPS])
    image = ec2.describe_images()["Images"][0]["ImageId"]
    ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnet, SecurityGroupIds=[group])


def _talk(client: Callable[[str], Any], now: int) -> None:
    sqs = client("sqs")
    for name in ("orders", "dead"):
        for body in ("first", "second"):
            sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"], MessageBody=body)
    entry = {"timestamp": now, "message": "started"}
    client("logs").put_log_events(logGroupName="/shop/app", logStreamName="one", logEvents=[entry])
    client("kinesis").put_record(StreamName="clicks", Data=b"click", PartitionKey="1")


SHOP = Scenario(name="walk", world=World(build=build, draws=1), task="Look after the shop.")
