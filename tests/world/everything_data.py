"""The data and messaging part of the world with everything: buckets, tables, queues, streams, databases, backups, secrets."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws.gaps.backups import RecoveryPoint

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env

BUCKET, VERSIONED = "bucket-of-data", "versioned-bucket-of-data"
MEDIA = "application/vnd.docker.distribution.manifest.v2+json"


def image(layer: str) -> str:
    """Give the manifest of an image with one layer."""
    config = {"digest": "sha256:c", "size": 1}
    return json.dumps({"schemaVersion": 2, "mediaType": MEDIA, "layers": [{"digest": layer}], "config": config})


PASSWORD = "passwordpassword"
USER = {"MasterUsername": "u", "MasterUserPassword": PASSWORD}

Client = Callable[[str], Any]


def build(env: Env) -> None:
    """Make one of each."""
    session = env.session

    def client(service: str) -> Any:
        return session.client(service)

    subnets = _subnets(client)
    _s3(client, env)
    _dynamodb(client)
    _messages(client, env)
    _rds(client, subnets)
    _redshift(client, subnets)
    _elasticache(client, subnets)
    _efs(client, subnets)
    _backup(client, env)
    _glue(client)
    _registry(client)
    _secrets(client, env)
    _systems(client)


def _subnets(client: Client) -> list[str]:
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"][:2]]
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{place}.0/24", AvailabilityZone=zone)
        for place, zone in enumerate(zones)
    ]
    return [one["Subnet"]["SubnetId"] for one in made]


def _s3(client: Client, env: Env) -> None:
    s3 = client("s3")
    where = {} if env.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": env.region}}
    for name in (BUCKET, VERSIONED, "log-bucket-of-data"):
        s3.create_bucket(Bucket=name, **where)
    s3.put_bucket_versioning(Bucket=VERSIONED, VersioningConfiguration={"Status": "Enabled"})
    s3.create_bucket(Bucket="device-bucket-of-data", **where)
    with_device = {"Status": "Enabled", "MFADelete": "Enabled"}
    s3.put_bucket_versioning(
        Bucket="device-bucket-of-data",
        VersioningConfiguration=with_device,
        MFA=f"arn:aws:iam::{env.account_id}:mfa/d 1",
    )
    for bucket in (BUCKET, VERSIONED):
        for key in ("invoices/1", "invoices/2", "other"):
            s3.put_object(Bucket=bucket, Key=key, Body=f"content of {key}".encode())
    blocked = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=dict.fromkeys(blocked, True))
    s3.put_bucket_encryption(
        Bucket=BUCKET,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]
        },
    )
    reading = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject"}
    statement = {**reading, "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration=expiry("old/", 30))
    s3.put_bucket_website(Bucket=BUCKET, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    events: dict[str, Any] = {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration=events)


def expiry(prefix: str, days: int) -> dict[str, Any]:
    """Give a lifecycle with one rule that lets objects expire."""
    rule = {"ID": "x", "Status": "Enabled", "Filter": {"Prefix": prefix}, "Expiration": {"Days": days}}
    return {"Rules": [rule]}


def _dynamodb(client: Client) -> None:
    dynamodb = client("dynamodb")
    dynamodb.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "status", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-status",
                "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    for place in range(3):
        row = {"id": {"S": str(place)}, "status": {"S": "paid"}, "expires": {"N": "1"}, "current": {"S": "a"}}
        dynamodb.put_item(TableName="orders", Item=row)
    recovery = {"PointInTimeRecoveryEnabled": True}
    dynamodb.update_continuous_backups(TableName="orders", PointInTimeRecoverySpecification=recovery)
    dynamodb.update_table(TableName="orders", DeletionProtectionEnabled=True)
    dynamodb.create_table(
        TableName="events",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "at", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName="events", Item={"id": {"S": "a"}, "at": {"N": "1"}, "list": {"L": [{"S": "x"}]}})
    dynamodb.create_backup(TableName="orders", BackupName="before-release")


def _messages(client: Client, env: Env) -> None:
    sqs, sns = client("sqs"), client("sns")
    dead = sqs.create_queue(QueueName="orders-dead")["QueueUrl"]
    where = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": where, "maxReceiveCount": 5})
    queue = sqs.create_queue(QueueName="orders-queue", Attributes={"RedrivePolicy": redrive})["QueueUrl"]
    sqs.add_permission(QueueUrl=queue, Label="friend", AWSAccountIds=[env.account_id], Actions=["SendMessage"])
    with env.at(before=timedelta(hours=2)):
        for place in range(3):
            sqs.send_message(QueueUrl=queue, MessageBody=f"order {place}")
    sqs.send_message(QueueUrl=sqs.create_queue(QueueName="mails")["QueueUrl"], MessageBody="just now")
    topic = sns.create_topic(Name="orders-topic")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=where)
    sns.create_platform_application(Name="app", Platform="GCM", Attributes={})
    kinesis = client("kinesis")
    kinesis.create_stream(StreamName="clicks", ShardCount=2)
    kinesis.increase_stream_retention_period(StreamName="clicks", RetentionPeriodHours=168)
    with env.at(before=timedelta(hours=30)):
        for place in range(3):
            kinesis.put_record(StreamName="clicks", PartitionKey=str(place), Data=b"click")
    stream = kinesis.describe_stream(StreamName="clicks")["StreamDescription"]["StreamARN"]
    kinesis.register_stream_consumer(StreamARN=stream, ConsumerName="consumer")
    client("firehose").create_delivery_stream(
        DeliveryStreamName="delivery",
        S3DestinationConfiguration={
            "RoleARN": f"arn:aws:iam::{env.account_id}:role/r",
            "BucketARN": f"arn:aws:s3:::{BUCKET}",
        },
    )


def _rds(client: Client, subnets: list[str]) -> None:
    rds = client("rds")
    rds.create_db_subnet_group(DBSubnetGroupName="subnets", DBSubnetGroupDescription="d", SubnetIds=subnets)
    rds.create_db_parameter_group(DBParameterGroupName="pg", DBParameterGroupFamily="postgres15", Description="d")
    parameter = {"ParameterName": "max_connections", "ParameterValue": "100", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName="pg", Parameters=[parameter])
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName="cluster-pg", DBParameterGroupFamily="aurora-postgresql15", Description="d"
    )
    rds.create_option_group(
        OptionGroupName="og", EngineName="mysql", MajorEngineVersion="5.6", OptionGroupDescription="d"
    )
    rds.create_db_instance(
        DBInstanceIdentifier="shop",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=10,
        BackupRetentionPeriod=7,
        MultiAZ=True,
        DeletionProtection=True,
        **USER,
    )
    rds.create_db_snapshot(DBInstanceIdentifier="shop", DBSnapshotIdentifier="shop-snapshot")
    rds.create_db_cluster(
        DBClusterIdentifier="shop-cluster", Engine="aurora-postgresql", BackupRetentionPeriod=7, **USER
    )
    rds.create_db_cluster_snapshot(DBClusterIdentifier="shop-cluster", DBClusterSnapshotIdentifier="cluster-snapshot")
    rds.create_global_cluster(GlobalClusterIdentifier="world", Engine="aurora-postgresql")
    rds.create_event_subscription(SubscriptionName="told", SnsTopicArn="arn:aws:sns:us-east-1:1:t")
    auth = [
        {"AuthScheme": "SECRETS", "SecretArn": "arn:aws:secretsmanager:us-east-1:1:secret:s", "IAMAuth": "DISABLED"}
    ]
    rds.create_db_proxy(
        DBProxyName="proxy",
        EngineFamily="POSTGRESQL",
        RoleArn="arn:aws:iam::1:role/r",
        VpcSubnetIds=subnets,
        Auth=auth,
    )


def _redshift(client: Client, subnets: list[str]) -> None:
    redshift = client("redshift")
    redshift.create_cluster_subnet_group(ClusterSubnetGroupName="warehouse", Description="d", SubnetIds=subnets)
    redshift.create_cluster(
        ClusterIdentifier="warehouse",
        NodeType="ra3.xlplus",
        DBName="d",
        AutomatedSnapshotRetentionPeriod=7,
        MasterUsername="u",
        MasterUserPassword="Password1",
    )
    redshift.create_cluster_snapshot(SnapshotIdentifier="warehouse-snapshot", ClusterIdentifier="warehouse")


def _elasticache(client: Client, subnets: list[str]) -> None:
    cache = client("elasticache")
    cache.create_cache_subnet_group(CacheSubnetGroupName="cache", CacheSubnetGroupDescription="d", SubnetIds=subnets)
    cache.create_cache_cluster(
        CacheClusterId="sessions", Engine="redis", CacheNodeType="cache.t3.micro", NumCacheNodes=1
    )
    cache.create_replication_group(
        ReplicationGroupId="group", ReplicationGroupDescription="d", NumCacheClusters=2, SnapshotRetentionLimit=5
    )
    cache.create_user(UserId="user", UserName="user", Engine="redis", AccessString="on ~* +@all", Passwords=[PASSWORD])
    cache.create_snapshot(SnapshotName="cache-snapshot", ReplicationGroupId="group")


def _efs(client: Client, subnets: list[str]) -> None:
    efs = client("efs")
    system = efs.create_file_system(CreationToken="t", Encrypted=True, Backup=True)["FileSystemId"]
    efs.create_mount_target(FileSystemId=system, SubnetId=subnets[0])
    efs.create_access_point(ClientToken="t", FileSystemId=system)


def _backup(client: Client, env: Env) -> None:
    backup = client("backup")
    backup.create_backup_vault(BackupVaultName="data-vault")
    backup.put_backup_vault_lock_configuration(BackupVaultName="data-vault", MinRetentionDays=7, ChangeableForDays=30)
    backup.create_backup_vault(BackupVaultName="unlocked")
    rule = {"RuleName": "daily", "TargetBackupVaultName": "data-vault", "Lifecycle": {"DeleteAfterDays": 35}}
    backup.create_backup_plan(BackupPlan={"BackupPlanName": "plan", "Rules": [rule]})
    backup.create_report_plan(
        ReportPlanName="report",
        ReportDeliveryChannel={"S3BucketName": BUCKET},
        ReportSetting={"ReportTemplate": "BACKUP_JOB_REPORT"},
    )
    arn = f"arn:aws:backup:{env.region}:{env.account_id}:recovery-point:1"
    table = f"arn:aws:dynamodb:{env.region}:{env.account_id}:table/orders"
    kept = env.backend("backup")
    point = RecoveryPoint(
        arn=arn,
        vault="unlocked",
        resource=table,
        resource_type="DynamoDB",
        role=f"arn:aws:iam::{env.account_id}:role/r",
        created=env.now,
        size=1,
        content=None,
        completed=env.now,
        lifecycle={"DeleteAfterDays": 35},
    )
    kept.recovery_points = {**getattr(kept, "recovery_points", {}), arn: point}


def _glue(client: Client) -> None:
    glue = client("glue")
    glue.create_database(DatabaseInput={"Name": "lake"})
    glue.create_table(DatabaseName="lake", TableInput={"Name": "facts", "StorageDescriptor": {"Location": "s3://b/f"}})
    for day in ("1", "2"):
        glue.create_partition(DatabaseName="lake", TableName="facts", PartitionInput={"Values": [day]})
    glue.create_crawler(Name="crawler", Role="r", Targets={}, DatabaseName="lake", Schedule="cron(0 1 * * ? *)")
    glue.create_job(Name="job", Role="r", Command={"Name": "glueetl"}, DefaultArguments={"--mode": "full"})
    glue.create_trigger(
        Name="trigger",
        Type="SCHEDULED",
        Schedule="cron(0 1 * * ? *)",
        Actions=[{"JobName": "job"}],
        StartOnCreation=True,
    )
    glue.create_registry(RegistryName="registry")
    glue.create_connection(
        ConnectionInput={"Name": "connection", "ConnectionType": "JDBC", "ConnectionProperties": {"a": "b"}}
    )
    glue.create_workflow(Name="workflow")
    glue.create_security_configuration(Name="secured", EncryptionConfiguration={})


def _registry(client: Client) -> None:
    ecr = client("ecr")
    ecr.create_repository(
        repositoryName="shop", imageTagMutability="MUTABLE", imageScanningConfiguration={"scanOnPush": True}
    )
    ecr.put_image(repositoryName="shop", imageManifest=image("sha256:1"), imageTag="v1")
    reading = {"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}
    policy = {"Version": "2012-10-17", "Statement": [reading]}
    ecr.set_repository_policy(repositoryName="shop", policyText=json.dumps(policy))


def _secrets(client: Client, env: Env) -> None:
    elsewhere = "us-west-2" if env.region != "us-west-2" else "us-east-1"
    secrets = client("secretsmanager")
    secrets.create_secret(Name="password", SecretString="one")
    secrets.create_secret(Name="replicated", SecretString="one", AddReplicaRegions=[{"Region": elsewhere}])


def _systems(client: Client) -> None:
    ssm = client("ssm")
    ssm.put_parameter(Name="/shop/url", Value="one", Type="String")
    ssm.create_document(Name="runbook", Content=json.dumps({"schemaVersion": "2.2"}), DocumentType="Command")
    window = ssm.create_maintenance_window(
        Name="night", Schedule="rate(1 day)", Duration=2, Cutoff=1, AllowUnassociatedTargets=False
    )["WindowId"]
    ssm.register_task_with_maintenance_window(
        WindowId=window,
        TaskArn="AWS-RunShellScript",
        TaskType="RUN_COMMAND",
        Targets=[{"Key": "InstanceIds", "Values": ["i-1"]}],
    )
    ssm.create_patch_baseline(Name="patches")
