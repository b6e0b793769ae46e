"""A world that holds one of every kind of resource with a row in `kinds.py`, for tests of the inventory."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)


def _zip() -> bytes:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): return None\n")
    return out.getvalue()


def part(name: str) -> Any:
    """Give the module with one part of the world: tests are imported by path."""
    spec = importlib.util.spec_from_file_location(
        f"everything_{name}", Path(__file__).with_name(f"everything_{name}.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def build_everything(env: Env) -> None:
    """Make one of each."""
    made = env.session

    def client(service: str) -> Any:
        return made.client(service)

    role = client("iam").create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    client("iam").create_user(UserName="li")
    client("iam").create_policy(PolicyName="p", PolicyDocument=POLICY)
    _data(client, env)
    _network(client)
    _compute(client, role)
    client("cloudwatch").put_metric_alarm(
        AlarmName="alarm",
        MetricName="m",
        Namespace="n",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    client("logs").create_log_group(logGroupName="/group")
    client("events").put_rule(Name="rule", ScheduleExpression="rate(1 day)")
    client("stepfunctions").create_state_machine(
        name="machine", roleArn=role, definition='{"StartAt":"a","States":{"a":{"Type":"Succeed"}}}'
    )
    client("route53").create_hosted_zone(Name="example.com", CallerReference="1")
    beanstalk = client("elasticbeanstalk")
    beanstalk.create_application(ApplicationName="app")
    beanstalk.create_environment(ApplicationName="app", EnvironmentName="environment")
    template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "of-stack"}}}}
    client("cloudformation").create_stack(StackName="stack", TemplateBody=json.dumps(template))
    _build_the_rest(env)


def _build_the_rest(env: Env) -> None:
    """Make what the files beside this one add, each by its function `build(env)`."""
    for file in sorted(Path(__file__).parent.glob("everything_*.py")):
        part(file.stem.removeprefix("everything_")).build(env)


def _data(client: Any, env: Env) -> None:
    dynamodb = client("dynamodb")
    dynamodb.create_table(
        TableName="table",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName="table", Item={"id": {"S": "1"}})
    dynamodb.create_backup(TableName="table", BackupName="backup")
    client("backup").create_backup_vault(BackupVaultName="vault")
    client("backup").start_backup_job(
        BackupVaultName="vault",
        ResourceArn=f"arn:{env.partition}:dynamodb:{env.region}:{env.account_id}:table/table",
        IamRoleArn=f"arn:{env.partition}:iam::{env.account_id}:role/worker",
    )
    where = {} if env.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": env.region}}
    client("s3").create_bucket(Bucket="bucket-of-everything", **where)
    client("s3").put_object(Bucket="bucket-of-everything", Key="a/b", Body=b"x")
    queue = client("sqs").create_queue(QueueName="queue")["QueueUrl"]
    client("sqs").send_message(QueueUrl=queue, MessageBody="m")
    topic = client("sns").create_topic(Name="topic")["TopicArn"]
    client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    client("kms").create_key()
    client("secretsmanager").create_secret(Name="secret", SecretString="s")
    client("ssm").put_parameter(Name="/parameter", Value="v", Type="String")
    client("kinesis").create_stream(StreamName="stream", ShardCount=1)
    rds = client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="database",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=10,
        MasterUsername="u",
        MasterUserPassword="passwordpassword",
    )
    rds.create_db_snapshot(DBInstanceIdentifier="database", DBSnapshotIdentifier="snapshot")
    rds.create_db_cluster(
        DBClusterIdentifier="cluster",
        Engine="aurora-postgresql",
        MasterUsername="u",
        MasterUserPassword="passwordpassword",
    )


def _network(client: Any) -> None:
    ec2, balancing = client("ec2"), client("elbv2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = ec2.describe_availability_zones()["AvailabilityZones"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{place}.0/24", AvailabilityZone=zone["ZoneName"])["Subnet"][
            "SubnetId"
        ]
        for place, zone in enumerate(zones[:2])
    ]
    ec2.create_security_group(GroupName="group", Description="d", VpcId=vpc)
    ec2.create_volume(AvailabilityZone=zones[0]["ZoneName"], Size=1)
    balancing.create_load_balancer(Name="balancer", Subnets=subnets)
    balancing.create_target_group(Name="targets", Protocol="HTTP", Port=80, VpcId=vpc)


def _compute(client: Any, role: str) -> None:
    client("lambda").create_function(
        FunctionName="function", Runtime="python3.12", Role=role, Handler="index.handler", Code={"ZipFile": _zip()}
    )
    ec2 = client("ec2")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)
    scaling = client("autoscaling")
    scaling.create_launch_configuration(LaunchConfigurationName="launch", ImageId=image, InstanceType="t3.micro")
    zone = ec2.describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="scaling", LaunchConfigurationName="launch", MinSize=0, MaxSize=1, AvailabilityZones=[zone]
    )
    ecs = client("ecs")
    ecs.create_cluster(clusterName="cluster")
    ecs.register_task_definition(family="task", containerDefinitions=[{"name": "c", "image": "i", "memory": 64}])
    ecs.create_service(cluster="cluster", serviceName="service", taskDefinition="task", desiredCount=0)
