"""CloudTrail's names: what it calls services and operations, what is a data event, what kind of thing an ARN is.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html lists data events;
CloudTrail's event history holds management events alone.
"""

from __future__ import annotations

from types import MappingProxyType

SOURCES = MappingProxyType(
    {
        "api.ecr": "ecr",
        "api.sagemaker": "sagemaker",
        "email": "ses",
        "entitlement.marketplace": "marketplace",
        "metering.marketplace": "marketplace",
        "s3-control": "s3",
        "streams.dynamodb": "dynamodb",
    }
)
"""Endpoint prefixes that are not the name before `.amazonaws.com` in `eventSource`."""

LAMBDA_VERSIONS = MappingProxyType(
    {
        "AddPermission": "20150331v2",
        "CreateEventSourceMapping": "20150331",
        "CreateFunction": "20150331",
        "DeleteEventSourceMapping": "20150331",
        "DeleteFunction": "20150331",
        "GetEventSourceMapping": "20150331",
        "GetFunction": "20150331v2",
        "GetFunctionConfiguration": "20150331v2",
        "GetPolicy": "20150331v2",
        "ListEventSourceMappings": "20150331",
        "ListFunctions": "20150331",
        "PublishVersion": "20150331",
        "RemovePermission": "20150331v2",
        "UpdateEventSourceMapping": "20150331",
        "UpdateFunctionCode": "20150331v2",
        "UpdateFunctionConfiguration": "20150331v2",
    }
)
"""https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html: names with the version of the API."""

S3_NAMES = MappingProxyType(
    {
        "DeleteBucketLifecycle": "DeleteBucketLifecycle",
        "DeletePublicAccessBlock": "DeleteBucketPublicAccessBlock",
        "GetBucketLifecycleConfiguration": "GetBucketLifecycle",
        "GetBucketNotificationConfiguration": "GetBucketNotification",
        "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
        "PutBucketLifecycleConfiguration": "PutBucketLifecycle",
        "PutBucketNotificationConfiguration": "PutBucketNotification",
        "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    }
)
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html"""

S3_OF_BUCKETS = frozenset({"GetObjectLockConfiguration", "PutObjectLockConfiguration"})
S3_OF_OBJECTS = frozenset(
    {
        "AbortMultipartUpload",
        "CompleteMultipartUpload",
        "CreateMultipartUpload",
        "HeadBucket",
        "ListMultipartUploads",
        "ListParts",
        "UploadPart",
        "UploadPartCopy",
    }
)

DATA_EVENTS = MappingProxyType(
    {
        "cloudwatch": "GetMetricData GetMetricStatistics GetMetricWidgetImage PutMetricData",
        "dynamodb": "BatchExecuteStatement BatchGetItem BatchWriteItem DeleteItem ExecuteStatement ExecuteTransaction GetItem "
        "PutItem Query Scan TransactGetItems TransactWriteItems UpdateItem",
        "dynamodbstreams": "GetRecords GetShardIterator",
        "events": "PutEvents",
        "firehose": "PutRecord PutRecordBatch",
        "kinesis": "GetRecords GetShardIterator PutRecord PutRecords SubscribeToShard",
        "lambda": "Invoke InvokeAsync InvokeWithResponseStream",
        "logs": "PutLogEvents",
        "sns": "Publish PublishBatch",
        "sqs": "ChangeMessageVisibility ChangeMessageVisibilityBatch DeleteMessage DeleteMessageBatch ReceiveMessage "
        "SendMessage SendMessageBatch",
    }
)

TYPES = MappingProxyType(
    {
        ("autoscaling", "autoScalingGroup"): "AWS::AutoScaling::AutoScalingGroup",
        ("backup", "backup-vault"): "AWS::Backup::BackupVault",
        ("cloudformation", "stack"): "AWS::CloudFormation::Stack",
        ("cloudwatch", "alarm"): "AWS::CloudWatch::Alarm",
        ("dynamodb", "table"): "AWS::DynamoDB::Table",
        ("ec2", "instance"): "AWS::EC2::Instance",
        ("ec2", "security-group"): "AWS::EC2::SecurityGroup",
        ("ec2", "subnet"): "AWS::EC2::Subnet",
        ("ec2", "volume"): "AWS::EC2::Volume",
        ("ec2", "vpc"): "AWS::EC2::VPC",
        ("ecs", "cluster"): "AWS::ECS::Cluster",
        ("ecs", "service"): "AWS::ECS::Service",
        ("elasticbeanstalk", "environment"): "AWS::ElasticBeanstalk::Environment",
        ("elasticloadbalancing", "loadbalancer"): "AWS::ElasticLoadBalancingV2::LoadBalancer",
        ("events", "rule"): "AWS::Events::Rule",
        ("iam", "policy"): "AWS::IAM::Policy",
        ("iam", "role"): "AWS::IAM::Role",
        ("iam", "user"): "AWS::IAM::User",
        ("kinesis", "stream"): "AWS::Kinesis::Stream",
        ("kms", "key"): "AWS::KMS::Key",
        ("lambda", "function"): "AWS::Lambda::Function",
        ("logs", "log-group"): "AWS::Logs::LogGroup",
        ("rds", "cluster"): "AWS::RDS::DBCluster",
        ("rds", "db"): "AWS::RDS::DBInstance",
        ("rds", "snapshot"): "AWS::RDS::DBSnapshot",
        ("s3", ""): "AWS::S3::Bucket",
        ("secretsmanager", "secret"): "AWS::SecretsManager::Secret",
        ("sns", ""): "AWS::SNS::Topic",
        ("sqs", ""): "AWS::SQS::Queue",
        ("ssm", "parameter"): "AWS::SSM::Parameter",
        ("states", "stateMachine"): "AWS::StepFunctions::StateMachine",
    }
)


def is_data_event(service: str, operation: str) -> bool:
    """Tell whether a call is about what a resource holds, and so in no event history."""
    if service == "s3":
        return ("Object" in operation and operation not in S3_OF_BUCKETS) or operation in S3_OF_OBJECTS
    return operation in DATA_EVENTS.get(service, "").split()


def event_name(service: str, operation: str) -> str:
    """Give CloudTrail's name of an operation."""
    if service == "lambda":
        return operation + LAMBDA_VERSIONS.get(operation, "")
    return S3_NAMES.get(operation, operation) if service == "s3" else operation


def event_source(service: str) -> str:
    """Give CloudTrail's name of a service."""
    from moto.core.utils import get_service_model

    prefix = str(get_service_model(service).endpoint_prefix)
    return f"{SOURCES.get(prefix, prefix)}.amazonaws.com"


def resource_type(arn: str) -> str:
    """Give CloudFormation's name of the kind of thing an ARN names, '' where it is none of those known here."""
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return ""
    place = parts[5].replace(":", "/")
    return TYPES.get((parts[2], place.partition("/")[0]), TYPES.get((parts[2], ""), ""))
