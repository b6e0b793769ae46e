"""Calls on what holds data, and what each is about: the ends of ARNs; '<..>' is filled in from the world."""

from __future__ import annotations

from typing import Any

Case = tuple[str, dict[str, Any], tuple[str, ...]]

LIFECYCLE = (
    '{"rules": [{"rulePriority": 1, "action": {"type": "expire"}, "selection": '
    '{"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1}}]}'
)

CASES: tuple[Case, ...] = (
    ("s3:PutObject", {"Bucket": "bucket-of-data", "Key": "new", "Body": b"x"}, (":bucket-of-data",)),
    (
        "s3:CopyObject",
        {"Bucket": "bucket-of-data", "Key": "copy", "CopySource": "versioned-bucket-of-data/other"},
        (":bucket-of-data",),
    ),
    ("s3:DeleteObject", {"Bucket": "bucket-of-data", "Key": "other"}, (":bucket-of-data",)),
    (
        "s3:DeleteObjects",
        {"Bucket": "bucket-of-data", "Delete": {"Objects": [{"Key": "invoices/1"}]}},
        (":bucket-of-data",),
    ),
    (
        "s3:PutBucketVersioning",
        {"Bucket": "versioned-bucket-of-data", "VersioningConfiguration": {"Status": "Suspended"}},
        (":versioned-bucket-of-data",),
    ),
    (
        "s3:PutBucketTagging",
        {"Bucket": "bucket-of-data", "Tagging": {"TagSet": [{"Key": "a", "Value": "bucket-of-everything"}]}},
        (":bucket-of-data",),
    ),
    (
        "s3:PutBucketLogging",
        {
            "Bucket": "bucket-of-data",
            "BucketLoggingStatus": {"LoggingEnabled": {"TargetBucket": "log-bucket-of-data", "TargetPrefix": ""}},
        },
        (":bucket-of-data",),
    ),
    ("s3:DeleteBucketPolicy", {"Bucket": "bucket-of-data"}, (":bucket-of-data",)),
    (
        "s3:PutBucketLifecycleConfiguration",
        {
            "Bucket": "bucket-of-data",
            "LifecycleConfiguration": {
                "Rules": [{"ID": "x", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}]
            },
        },
        (":bucket-of-data",),
    ),
    ("s3:CreateMultipartUpload", {"Bucket": "bucket-of-data", "Key": "k"}, (":bucket-of-data",)),
    ("s3:DeleteBucket", {"Bucket": "log-bucket-of-data"}, (":log-bucket-of-data",)),
    ("s3:CreateBucket", {"Bucket": "a-new-bucket"}, ()),
    ("dynamodb:PutItem", {"TableName": "orders", "Item": {"id": {"S": "events"}}}, (":table/orders",)),
    (
        "dynamodb:PutItem",
        {"TableName": "arn:aws:dynamodb:us-east-1:<account>:table/orders", "Item": {"id": {"S": "8"}}},
        (":table/orders",),
    ),
    (
        "dynamodb:UpdateItem",
        {
            "TableName": "orders",
            "Key": {"id": {"S": "1"}},
            "UpdateExpression": "REMOVE #s",
            "ExpressionAttributeNames": {"#s": "status"},
        },
        (":table/orders",),
    ),
    ("dynamodb:DeleteItem", {"TableName": "orders", "Key": {"id": {"S": "2"}}}, (":table/orders",)),
    (
        "dynamodb:BatchWriteItem",
        {
            "RequestItems": {
                "orders": [{"DeleteRequest": {"Key": {"id": {"S": "0"}}}}],
                "table": [{"PutRequest": {"Item": {"id": {"S": "9"}}}}],
            }
        },
        (":table/orders", ":table/table"),
    ),
    (
        "dynamodb:TransactWriteItems",
        {
            "TransactItems": [
                {"Put": {"TableName": "table", "Item": {"id": {"S": "7"}}}},
                {"Delete": {"TableName": "orders", "Key": {"id": {"S": "8"}}}},
            ]
        },
        (":table/table", ":table/orders"),
    ),
    ("dynamodb:ExecuteStatement", {"Statement": "DELETE FROM \"orders\" WHERE id='1'"}, (":table/orders",)),
    ("dynamodb:ExecuteStatement", {"Statement": "UPDATE table SET note='x' WHERE id='1'"}, (":table/table",)),
    (
        "dynamodb:BatchExecuteStatement",
        {
            "Statements": [
                {"Statement": "INSERT INTO table VALUE {'id': 'z'}"},
                {"Statement": "INSERT INTO orders VALUE {'id': 'z'}"},
            ]
        },
        (":table/table", ":table/orders"),
    ),
    (
        "dynamodb:ExecuteTransaction",
        {"TransactStatements": [{"Statement": "INSERT INTO orders VALUE {'id': 'y'}"}]},
        (":table/orders",),
    ),
    (
        "dynamodb:UpdateTimeToLive",
        {"TableName": "orders", "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "expires"}},
        (":table/orders",),
    ),
    (
        "dynamodb:UpdateContinuousBackups",
        {"TableName": "orders", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False}},
        (":table/orders",),
    ),
    ("dynamodb:UpdateTable", {"TableName": "orders", "DeletionProtectionEnabled": False}, (":table/orders",)),
    ("dynamodb:CreateBackup", {"TableName": "orders", "BackupName": "another"}, ()),
    (
        "dynamodb:RestoreTableFromBackup",
        {"TargetTableName": "restored", "BackupArn": "<arn:dynamodb.backup:before-release>"},
        (),
    ),
    ("dynamodb:DeleteBackup", {"BackupArn": "<arn:dynamodb.backup:backup>"}, ("<arn:dynamodb.backup:backup>",)),
    (
        "dynamodb:TagResource",
        {"ResourceArn": "arn:aws:dynamodb:us-east-1:<account>:table/orders", "Tags": [{"Key": "a", "Value": "table"}]},
        (":table/orders",),
    ),
    (
        "dynamodb:CreateTable",
        {
            "TableName": "brand-new",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "BillingMode": "PAY_PER_REQUEST",
        },
        (),
    ),
    ("dynamodb:DeleteTable", {"TableName": "events"}, (":table/events",)),
    (
        "sqs:SendMessage",
        {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/<account>/queue", "MessageBody": "orders-queue"},
        (":queue",),
    ),
    (
        "sqs:SetQueueAttributes",
        {
            "QueueUrl": "https://sqs.us-east-1.amazonaws.com/<account>/queue",
            "Attributes": {"MessageRetentionPeriod": "60"},
        },
        (":queue",),
    ),
    (
        "sqs:SetQueueAttributes",
        {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/<account>/orders-queue", "Attributes": {"RedrivePolicy": ""}},
        (":orders-queue",),
    ),
    (
        "sqs:RemovePermission",
        {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/<account>/orders-queue", "Label": "friend"},
        (":orders-queue",),
    ),
    (
        "sqs:TagQueue",
        {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/<account>/queue", "Tags": {"a": "b"}},
        (":queue",),
    ),
    ("sqs:PurgeQueue", {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/<account>/queue"}, (":queue",)),
    (
        "sqs:CreateQueue",
        {
            "QueueName": "fresh",
            "Attributes": {
                "RedrivePolicy": '{"deadLetterTargetArn": "arn:aws:sqs:us-east-1:<account>:orders-dead", "maxReceiveCount": 1}'
            },
        },
        (),
    ),
    ("sqs:DeleteQueue", {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/<account>/orders-dead"}, (":orders-dead",)),
    ("sns:Publish", {"TopicArn": "arn:aws:sns:us-east-1:<account>:topic", "Message": "m"}, (":topic",)),
    (
        "sns:Subscribe",
        {
            "TopicArn": "arn:aws:sns:us-east-1:<account>:topic",
            "Protocol": "sqs",
            "Endpoint": "arn:aws:sqs:us-east-1:<account>:queue",
        },
        (":topic",),
    ),
    (
        "sns:SetTopicAttributes",
        {"TopicArn": "arn:aws:sns:us-east-1:<account>:topic", "AttributeName": "DisplayName", "AttributeValue": "d"},
        (":topic",),
    ),
    (
        "sns:TagResource",
        {"ResourceArn": "arn:aws:sns:us-east-1:<account>:topic", "Tags": [{"Key": "a", "Value": "b"}]},
        (":topic",),
    ),
    ("sns:Unsubscribe", {"SubscriptionArn": "<arn:sns.subscription>"}, ("<arn:sns.subscription>",)),
    ("sns:DeleteTopic", {"TopicArn": "arn:aws:sns:us-east-1:<account>:orders-topic"}, (":orders-topic",)),
    ("kinesis:PutRecord", {"StreamName": "clicks", "PartitionKey": "1", "Data": b"d"}, (":stream/clicks",)),
    (
        "kinesis:DecreaseStreamRetentionPeriod",
        {"StreamName": "clicks", "RetentionPeriodHours": 24},
        (":stream/clicks",),
    ),
    ("kinesis:DeregisterStreamConsumer", {"ConsumerARN": "<arn:kinesis.consumer>"}, ("<arn:kinesis.consumer>",)),
    ("kinesis:AddTagsToStream", {"StreamName": "clicks", "Tags": {"a": "stream"}}, (":stream/clicks",)),
    ("kinesis:DeleteStream", {"StreamARN": "arn:aws:kinesis:us-east-1:<account>:stream/copies"}, (":stream/copies",)),
    ("firehose:PutRecord", {"DeliveryStreamName": "delivery", "Record": {"Data": b"d"}}, (":deliverystream/delivery",)),
    ("firehose:DeleteDeliveryStream", {"DeliveryStreamName": "delivery"}, (":deliverystream/delivery",)),
    (
        "rds:ModifyDBInstance",
        {
            "DBInstanceIdentifier": "shop",
            "DeletionProtection": False,
            "DBParameterGroupName": "pg",
            "ApplyImmediately": True,
        },
        (":db:shop",),
    ),
    ("rds:StopDBInstance", {"DBInstanceIdentifier": "database"}, (":db:database",)),
    ("rds:RebootDBInstance", {"DBInstanceIdentifier": "SHOP"}, (":db:shop",)),
    ("rds:CreateDBSnapshot", {"DBInstanceIdentifier": "shop", "DBSnapshotIdentifier": "by-hand"}, ()),
    (
        "rds:RestoreDBInstanceFromDBSnapshot",
        {"DBInstanceIdentifier": "restored", "DBSnapshotIdentifier": "shop-snapshot"},
        (),
    ),
    ("rds:CopyDBSnapshot", {"SourceDBSnapshotIdentifier": "shop-snapshot", "TargetDBSnapshotIdentifier": "copied"}, ()),
    ("rds:DeleteDBSnapshot", {"DBSnapshotIdentifier": "snapshot"}, (":snapshot:snapshot",)),
    (
        "rds:ModifyDBCluster",
        {"DBClusterIdentifier": "cluster", "BackupRetentionPeriod": 1, "DBClusterParameterGroupName": "cluster-pg"},
        (":cluster:cluster",),
    ),
    ("rds:StopDBCluster", {"DBClusterIdentifier": "shop-cluster"}, (":cluster:shop-cluster",)),
    (
        "rds:AddTagsToResource",
        {"ResourceName": "arn:aws:rds:us-east-1:<account>:db:shop", "Tags": [{"Key": "a", "Value": "b"}]},
        (":db:shop",),
    ),
    (
        "rds:ModifyDBParameterGroup",
        {
            "DBParameterGroupName": "pg",
            "Parameters": [{"ParameterName": "work_mem", "ParameterValue": "4", "ApplyMethod": "immediate"}],
        },
        (":pg:pg",),
    ),
    (
        "rds:DeleteDBClusterSnapshot",
        {"DBClusterSnapshotIdentifier": "cluster-snapshot"},
        (":cluster-snapshot:cluster-snapshot",),
    ),
    (
        "rds:ModifyDBSubnetGroup",
        {"DBSubnetGroupName": "subnets", "SubnetIds": ["<subnet>", "<other-subnet>"]},
        (":subgrp:subnets",),
    ),
    ("rds:DeleteOptionGroup", {"OptionGroupName": "og"}, (":og:og",)),
    ("rds:DeleteGlobalCluster", {"GlobalClusterIdentifier": "world"}, (":global-cluster:world",)),
    ("rds:DeleteDBInstance", {"DBInstanceIdentifier": "shop", "FinalDBSnapshotIdentifier": "last"}, (":db:shop",)),
    ("rds:DeleteDBCluster", {"DBClusterIdentifier": "cluster", "SkipFinalSnapshot": True}, (":cluster:cluster",)),
    (
        "redshift:ModifyCluster",
        {"ClusterIdentifier": "warehouse", "AutomatedSnapshotRetentionPeriod": 1},
        (":cluster:warehouse",),
    ),
    ("redshift:CreateClusterSnapshot", {"ClusterIdentifier": "warehouse", "SnapshotIdentifier": "by-hand"}, ()),
    ("redshift:DeleteClusterSnapshot", {"SnapshotIdentifier": "warehouse-snapshot"}, ("/warehouse-snapshot",)),
    ("redshift:PauseCluster", {"ClusterIdentifier": "warehouse"}, (":cluster:warehouse",)),
    (
        "redshift:DeleteCluster",
        {"ClusterIdentifier": "warehouse", "SkipFinalClusterSnapshot": True},
        (":cluster:warehouse",),
    ),
    ("elasticache:DeleteCacheCluster", {"CacheClusterId": "sessions"}, (":cluster:sessions",)),
    ("elasticache:DeleteReplicationGroup", {"ReplicationGroupId": "group"}, (":replicationgroup:group",)),
    ("elasticache:DeleteSnapshot", {"SnapshotName": "cache-snapshot"}, (":snapshot:cache-snapshot",)),
    ("elasticache:DeleteUser", {"UserId": "user"}, (":user:user",)),
    (
        "efs:PutBackupPolicy",
        {"FileSystemId": "<name:efs.file-system>", "BackupPolicy": {"Status": "DISABLED"}},
        ("<arn:efs.file-system>",),
    ),
    ("efs:DeleteMountTarget", {"MountTargetId": "<name:efs.mount-target>"}, ("<arn:efs.mount-target>",)),
    ("efs:DeleteAccessPoint", {"AccessPointId": "<name:efs.access-point>"}, ("<arn:efs.access-point>",)),
    (
        "efs:TagResource",
        {"ResourceId": "<name:efs.file-system>", "Tags": [{"Key": "a", "Value": "b"}]},
        ("<arn:efs.file-system>",),
    ),
    ("efs:DeleteFileSystem", {"FileSystemId": "<name:efs.file-system>"}, ("<arn:efs.file-system>",)),
    (
        "backup:UpdateBackupPlan",
        {
            "BackupPlanId": "<name:backup.plan>",
            "BackupPlan": {
                "BackupPlanName": "plan",
                "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "vault", "Lifecycle": {"DeleteAfterDays": 1}}],
            },
        },
        ("<arn:backup.plan>",),
    ),
    (
        "backup:PutBackupVaultLockConfiguration",
        {"BackupVaultName": "vault", "MinRetentionDays": 1},
        (":backup-vault:vault",),
    ),
    ("backup:DeleteBackupVaultLockConfiguration", {"BackupVaultName": "vault"}, (":backup-vault:vault",)),
    ("backup:DeleteBackupPlan", {"BackupPlanId": "<name:backup.plan>"}, ("<arn:backup.plan>",)),
    (
        "backup:UpdateRecoveryPointLifecycle",
        {
            "BackupVaultName": "vault",
            "RecoveryPointArn": "<arn:backup.recovery-point>",
            "Lifecycle": {"DeleteAfterDays": 1},
        },
        ("<arn:backup.recovery-point>",),
    ),
    (
        "backup:DeleteRecoveryPoint",
        {"BackupVaultName": "vault", "RecoveryPointArn": "<arn:backup.recovery-point>"},
        ("<arn:backup.recovery-point>",),
    ),
    ("backup:DeleteReportPlan", {"ReportPlanName": "report"}, (":report-plan:report",)),
    ("backup:DeleteBackupVault", {"BackupVaultName": "vault"}, (":backup-vault:vault",)),
    (
        "glue:UpdateTable",
        {"DatabaseName": "lake", "TableInput": {"Name": "facts", "StorageDescriptor": {"Location": "s3://x"}}},
        (":table/lake/facts",),
    ),
    (
        "glue:DeletePartition",
        {"DatabaseName": "lake", "TableName": "facts", "PartitionValues": ["1"]},
        (":table/lake/facts",),
    ),
    ("glue:CreateTable", {"DatabaseName": "lake", "TableInput": {"Name": "more"}}, ()),
    ("glue:DeleteTable", {"DatabaseName": "lake", "Name": "facts"}, (":table/lake/facts",)),
    ("glue:DeleteCrawler", {"Name": "crawler"}, (":crawler/crawler",)),
    ("glue:StopTrigger", {"Name": "trigger"}, (":trigger/trigger",)),
    ("glue:DeleteTrigger", {"Name": "trigger"}, (":trigger/trigger",)),
    ("glue:DeleteJob", {"JobName": "job"}, (":job/job",)),
    ("glue:DeleteRegistry", {"RegistryId": {"RegistryName": "registry"}}, (":registry/registry",)),
    ("glue:DeleteConnection", {"ConnectionName": "connection"}, (":connection/connection",)),
    ("glue:DeleteWorkflow", {"Name": "workflow"}, (":workflow/workflow",)),
    ("glue:DeleteSecurityConfiguration", {"Name": "secured"}, (":securityConfiguration/secured",)),
    ("glue:DeleteDatabase", {"Name": "lake"}, (":database/lake",)),
    ("ecr:PutImage", {"repositoryName": "shop", "imageManifest": "{}", "imageTag": "v2"}, (":repository/shop",)),
    (
        "ecr:PutLifecyclePolicy",
        {"repositoryName": "shop", "lifecyclePolicyText": LIFECYCLE},
        (":repository/shop",),
    ),
    ("ecr:BatchDeleteImage", {"repositoryName": "shop", "imageIds": [{"imageTag": "v1"}]}, (":repository/shop",)),
    ("ecr:DeleteRepositoryPolicy", {"repositoryName": "shop"}, (":repository/shop",)),
    ("ecr:DeleteRepository", {"repositoryName": "shop", "force": True}, (":repository/shop",)),
    ("secretsmanager:PutSecretValue", {"SecretId": "secret", "SecretString": "x"}, (":secret:secret-",)),
    (
        "secretsmanager:UpdateSecret",
        {"SecretId": "<arn:secretsmanager.secret:password>", "SecretString": "x", "KmsKeyId": "alias/orders"},
        (":secret:password-",),
    ),
    (
        "secretsmanager:TagResource",
        {"SecretId": "password", "Tags": [{"Key": "a", "Value": "b"}]},
        (":secret:password-",),
    ),
    (
        "secretsmanager:DeleteSecret",
        {"SecretId": "password", "ForceDeleteWithoutRecovery": True},
        (":secret:password-",),
    ),
    ("ssm:PutParameter", {"Name": "/shop/url", "Value": "two", "Overwrite": True}, (":parameter/shop/url",)),
    ("ssm:PutParameter", {"Name": "/shop/new", "Value": "two", "Type": "String"}, ()),
    (
        "ssm:AddTagsToResource",
        {"ResourceType": "Parameter", "ResourceId": "/shop/url", "Tags": [{"Key": "a", "Value": "b"}]},
        (":parameter/shop/url",),
    ),
    ("ssm:DeleteParameters", {"Names": ["/shop/url", "/parameter"]}, (":parameter/shop/url", ":parameter/parameter")),
    ("ssm:DeleteDocument", {"Name": "runbook"}, (":document/runbook",)),
    ("ssm:DeleteMaintenanceWindow", {"WindowId": "<name:ssm.maintenance-window>"}, ("<arn:ssm.maintenance-window>",)),
    ("ssm:DeletePatchBaseline", {"BaselineId": "<name:ssm.patch-baseline>"}, ("<arn:ssm.patch-baseline>",)),
)
