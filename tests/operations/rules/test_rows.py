"""Promise: rows that go are seen, whatever the call is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Row = tuple[str, dict[str, Any], dict[str, Any] | None, str | None]

DENY = '{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}'
ALLOW = '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}'
TABLE = {
    "kind": "dynamodb.table",
    "items": 1,
    "guards": {"deletion protection": 1, "point-in-time recovery": 1, "point-in-time recovery days": 35},
    "parts": {"1": {"id": "1", "amount": "5"}},
}
QUEUE = {
    "kind": "sqs.queue",
    "items": 3,
    "guards": {"message retention seconds": 345600, "dead-letter queue": 1, "encryption": 1},
}

ROWS: tuple[Row, ...] = (
    (
        "dynamodb:BatchWriteItem",
        {"RequestItems": {"ledger": [{"PutRequest": {"Item": {}}}, {"DeleteRequest": {"Key": {"id": {"S": "1"}}}}]}},
        TABLE,
        "delete recoverable data",
    ),
    (
        "dynamodb:BatchWriteItem",
        {"RequestItems": {"ledger": [{"PutRequest": {"Item": {"id": {"S": "DeleteRequest"}}}}]}},
        TABLE,
        None,
    ),
    (
        "dynamodb:TransactWriteItems",
        {"TransactItems": [{"Put": {}}, {"Delete": {"TableName": "ledger", "Key": {}}}]},
        TABLE,
        "delete recoverable data",
    ),
    (
        "dynamodb:TransactWriteItems",
        {"TransactItems": [{"Update": {"TableName": "ledger", "UpdateExpression": "SET a = :a REMOVE b"}}]},
        TABLE,
        "delete recoverable data",
    ),
    (
        "dynamodb:TransactWriteItems",
        {"TransactItems": [{"Put": {"TableName": "ledger"}}, {"Update": {"UpdateExpression": "SET a = :a"}}]},
        TABLE,
        None,
    ),
    ("dynamodb:UpdateItem", {"TableName": "ledger", "UpdateExpression": "REMOVE #n"}, TABLE, "delete recoverable data"),
    (
        "dynamodb:UpdateItem",
        {"TableName": "ledger", "UpdateExpression": "set a = :v remove amount"},
        TABLE,
        "delete recoverable data",
    ),
    (
        "dynamodb:UpdateItem",
        {"TableName": "ledger", "UpdateExpression": "DELETE tags :t"},
        TABLE,
        "delete recoverable data",
    ),
    (
        "dynamodb:UpdateItem",
        {"TableName": "ledger", "AttributeUpdates": {"a": {"Action": "DELETE"}}},
        TABLE,
        "delete recoverable data",
    ),
    (
        "dynamodb:UpdateItem",
        {"TableName": "ledger", "UpdateExpression": "SET a = :n", "ExpressionAttributeValues": {":n": {"S": ""}}},
        TABLE,
        "overwrite recoverable data",
    ),
    (
        "dynamodb:UpdateItem",
        {"TableName": "ledger", "UpdateExpression": "SET a = :n", "ExpressionAttributeValues": {":n": {"S": "x"}}},
        TABLE,
        None,
    ),
    (
        "dynamodb:UpdateItem",
        {"TableName": "ledger", "UpdateExpression": "SET removed = :n ADD deleted :n"},
        TABLE,
        None,
    ),
    ("dynamodb:UpdateItem", {"TableName": "ledger", "AttributeUpdates": {"a": {"Action": "PUT"}}}, TABLE, None),
    ("dynamodb:PutItem", {"TableName": "ledger", "Item": {"id": {"S": "1"}}}, TABLE, "overwrite recoverable data"),
    ("dynamodb:PutItem", {"TableName": "ledger", "Item": {"id": {"S": "1"}, "amount": {"N": "9"}}}, TABLE, None),
    ("dynamodb:PutItem", {"TableName": "ledger", "Item": {"id": {"S": "2"}}}, TABLE, None),
    (
        "dynamodb:PutItem",
        {"TableName": "ledger", "Item": {"id": {"S": "1"}}, "ConditionExpression": "attribute_not_exists(id)"},
        TABLE,
        None,
    ),
    (
        "dynamodb:ExecuteStatement",
        {"Statement": "DELETE FROM \"ledger\" WHERE id='1'"},
        TABLE,
        "delete recoverable data",
    ),
    (
        "dynamodb:ExecuteStatement",
        {"Statement": "-- SELECT\nDELETE FROM ledger WHERE id='1'"},
        TABLE,
        "delete recoverable data",
    ),
    (
        "dynamodb:ExecuteStatement",
        {"Statement": "UPDATE ledger REMOVE amount WHERE id='1'"},
        TABLE,
        "delete recoverable data",
    ),
    (
        "dynamodb:ExecuteStatement",
        {"Statement": "UPDATE ledger SET note=' REMOVE ' WHERE id='1'"},
        TABLE,
        "none none none",
    ),
    ("dynamodb:ExecuteStatement", {"Statement": "SELECT * FROM ledger WHERE note = 'DELETE'"}, TABLE, "read"),
    ("dynamodb:ExecuteStatement", {"Statement": "INSERT INTO ledger VALUE {'id': 'DELETE'}"}, TABLE, "none none none"),
    (
        "dynamodb:BatchExecuteStatement",
        {"Statements": [{"Statement": "SELECT 1"}, {"Statement": "DELETE FROM ledger WHERE id='1'"}]},
        TABLE,
        "delete recoverable data",
    ),
    (
        "dynamodb:BatchExecuteStatement",
        {"Statements": [{"Statement": "SELECT * FROM ledger WHERE id='1'"}]},
        TABLE,
        "read",
    ),
    (
        "dynamodb:BatchExecuteStatement",
        {"Statements": [{"Statement": "SELECT * FROM a"}, {"Statement": "INSERT INTO a VALUE {}"}]},
        TABLE,
        "none none none",
    ),
    (
        "dynamodb:ExecuteTransaction",
        {"TransactStatements": [{"Statement": "DELETE FROM ledger WHERE id='1'"}]},
        TABLE,
        "delete recoverable data",
    ),
    (
        "dynamodb:ExecuteTransaction",
        {"TransactStatements": [{"Statement": "INSERT INTO ledger VALUE {}"}]},
        TABLE,
        "none none none",
    ),
    (
        "dynamodb:UpdateTimeToLive",
        {"TableName": "ledger", "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "amount"}},
        TABLE,
        "delete irreversible data",
    ),
    (
        "dynamodb:UpdateTimeToLive",
        {"TableName": "ledger", "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "ttl"}},
        None,
        "delete irreversible data",
    ),
    (
        "dynamodb:UpdateTimeToLive",
        {"TableName": "ledger", "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "ttl"}},
        TABLE,
        None,
    ),
    (
        "dynamodb:UpdateTimeToLive",
        {"TableName": "ledger", "TimeToLiveSpecification": {"Enabled": True, "AttributeName": "amount"}},
        TABLE | {"doomed": ("rows expire by attribute amount",)},
        None,
    ),
    (
        "dynamodb:UpdateTimeToLive",
        {"TableName": "ledger", "TimeToLiveSpecification": {"Enabled": False, "AttributeName": "ttl"}},
        TABLE,
        "none none none",
    ),
    (
        "dynamodb:UpdateContinuousBackups",
        {"TableName": "ledger", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False}},
        TABLE,
        "overwrite irreversible guardrail",
    ),
    (
        "dynamodb:UpdateContinuousBackups",
        {"TableName": "ledger", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False}},
        {"kind": "dynamodb.table", "guards": {"point-in-time recovery": 0}},
        None,
    ),
    (
        "dynamodb:UpdateContinuousBackups",
        {
            "TableName": "ledger",
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 1},
        },
        TABLE,
        "overwrite irreversible guardrail",
    ),
    (
        "dynamodb:UpdateContinuousBackups",
        {"TableName": "ledger", "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}},
        TABLE,
        None,
    ),
    (
        "dynamodb:UpdateTable",
        {"TableName": "ledger", "DeletionProtectionEnabled": False},
        TABLE,
        "overwrite reversible guardrail",
    ),
    ("dynamodb:UpdateTable", {"TableName": "ledger", "DeletionProtectionEnabled": True}, TABLE, None),
    (
        "dynamodb:UpdateTable",
        {"TableName": "ledger", "DeletionProtectionEnabled": False},
        {"kind": "dynamodb.table", "guards": {"deletion protection": 0}},
        None,
    ),
    (
        "dynamodb:UpdateTable",
        {"TableName": "ledger", "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "i"}}]},
        TABLE,
        "detach recoverable availability",
    ),
    (
        "dynamodb:UpdateTable",
        {"TableName": "ledger", "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "i"}}]},
        TABLE,
        None,
    ),
    (
        "dynamodb:UpdateTable",
        {"TableName": "ledger", "ReplicaUpdates": [{"Delete": {"RegionName": "eu-west-1"}}]},
        TABLE,
        "delete recoverable data",
    ),
    (
        "dynamodb:UpdateGlobalTable",
        {"GlobalTableName": "ledger", "ReplicaUpdates": [{"Create": {"RegionName": "eu-west-1"}}]},
        TABLE,
        None,
    ),
    (
        "dynamodb:UpdateTable",
        {"TableName": "ledger", "StreamSpecification": {"StreamEnabled": False}},
        TABLE,
        "stop reversible availability",
    ),
    ("dynamodb:UpdateTable", {"TableName": "ledger", "StreamSpecification": {"StreamEnabled": True}}, TABLE, None),
    ("dynamodb:UpdateTable", {"TableName": "ledger", "BillingMode": "PAY_PER_REQUEST"}, TABLE, None),
    (
        "dynamodb:DisableKinesisStreamingDestination",
        {"TableName": "ledger", "StreamArn": "arn"},
        None,
        "stop reversible availability",
    ),
    ("dynamodb:PutResourcePolicy", {"ResourceArn": "arn", "Policy": DENY}, TABLE, "revoke reversible access"),
    ("dynamodb:PutResourcePolicy", {"ResourceArn": "arn", "Policy": ALLOW}, TABLE, None),
    ("dynamodb:RestoreTableFromBackup", {"TargetTableName": "copy", "BackupArn": "arn"}, None, None),
    ("dynamodb:DeleteResourcePolicy", {"ResourceArn": "arn"}, TABLE, "revoke reversible access"),
    (
        "sqs:SetQueueAttributes",
        {"QueueUrl": "u", "Attributes": {"MessageRetentionPeriod": "60"}},
        QUEUE,
        "delete irreversible data",
    ),
    (
        "sqs:SetQueueAttributes",
        {"QueueUrl": "u", "Attributes": {"MessageRetentionPeriod": "60"}},
        QUEUE | {"items": 0},
        "overwrite irreversible data",
    ),
    (
        "sqs:SetQueueAttributes",
        {"QueueUrl": "u", "Attributes": {"MessageRetentionPeriod": "86400"}},
        QUEUE,
        "overwrite irreversible data",
    ),
    (
        "sqs:SetQueueAttributes",
        {"QueueUrl": "u", "Attributes": {"MessageRetentionPeriod": "86400"}},
        {"kind": "sqs.queue", "items": 3, "guards": {"message retention seconds": 3600}},
        None,
    ),
    ("sqs:SetQueueAttributes", {"QueueUrl": "u", "Attributes": {"MessageRetentionPeriod": "1209600"}}, QUEUE, None),
    (
        "sqs:SetQueueAttributes",
        {"QueueUrl": "u", "Attributes": {"RedrivePolicy": ""}},
        QUEUE,
        "overwrite reversible guardrail",
    ),
    (
        "sqs:SetQueueAttributes",
        {"QueueUrl": "u", "Attributes": {"RedrivePolicy": "{}"}},
        {"kind": "sqs.queue", "guards": {"dead-letter queue": 0}},
        None,
    ),
    (
        "sqs:SetQueueAttributes",
        {"QueueUrl": "u", "Attributes": {"RedrivePolicy": ""}},
        {"kind": "sqs.queue", "guards": {"dead-letter queue": 0}},
        None,
    ),
    (
        "sqs:SetQueueAttributes",
        {"QueueUrl": "u", "Attributes": {"KmsMasterKeyId": ""}},
        QUEUE,
        "overwrite reversible guardrail",
    ),
    (
        "sqs:SetQueueAttributes",
        {"QueueUrl": "u", "Attributes": {"Policy": ""}},
        QUEUE | {"open": ("allow * sqs:SendMessage",)},
        "revoke reversible access",
    ),
    ("sqs:SetQueueAttributes", {"QueueUrl": "u", "Attributes": {"Policy": ""}}, QUEUE, None),
    ("sqs:SetQueueAttributes", {"QueueUrl": "u", "Attributes": {"Policy": DENY}}, QUEUE, "revoke reversible access"),
    (
        "sqs:SetQueueAttributes",
        {"QueueUrl": "u", "Attributes": {"Policy": ALLOW, "VisibilityTimeout": "0"}},
        QUEUE,
        None,
    ),
    ("sqs:ChangeMessageVisibility", {"QueueUrl": "u", "ReceiptHandle": "h", "VisibilityTimeout": 0}, QUEUE, None),
    ("sqs:RemovePermission", {"QueueUrl": "u", "Label": "l"}, QUEUE, "revoke reversible access"),
    ("sqs:AddPermission", {"QueueUrl": "u", "Label": "l"}, QUEUE, None),
    (
        "sns:SetTopicAttributes",
        {"TopicArn": "arn", "AttributeName": "Policy", "AttributeValue": DENY},
        None,
        "revoke reversible access",
    ),
    ("sns:SetTopicAttributes", {"TopicArn": "arn", "AttributeName": "DisplayName", "AttributeValue": DENY}, None, None),
    ("sns:Unsubscribe", {"SubscriptionArn": "arn"}, None, "detach reversible availability"),
    ("sns:Subscribe", {"TopicArn": "arn"}, None, None),
    (
        "sns:SetSubscriptionAttributes",
        {"SubscriptionArn": "arn", "AttributeName": "RedrivePolicy", "AttributeValue": ""},
        None,
        "overwrite reversible guardrail",
    ),
    (
        "sns:SetSubscriptionAttributes",
        {"SubscriptionArn": "arn", "AttributeName": "RawMessageDelivery", "AttributeValue": "true"},
        None,
        None,
    ),
    (
        "kinesis:DecreaseStreamRetentionPeriod",
        {"StreamName": "s", "RetentionPeriodHours": 24},
        {"kind": "kinesis.stream", "guards": {"record retention hours": 168}},
        "overwrite irreversible data",
    ),
    (
        "kinesis:DecreaseStreamRetentionPeriod",
        {"StreamName": "s", "RetentionPeriodHours": 24},
        None,
        "overwrite irreversible data",
    ),
    (
        "kinesis:DecreaseStreamRetentionPeriod",
        {"StreamName": "s", "RetentionPeriodHours": 24},
        {"kind": "kinesis.stream", "guards": {"record retention hours": 24}},
        None,
    ),
    ("kinesis:IncreaseStreamRetentionPeriod", {"StreamName": "s", "RetentionPeriodHours": 168}, None, None),
    ("kinesis:StopStreamEncryption", {"StreamName": "s"}, None, "overwrite reversible guardrail"),
    ("kinesis:StartStreamEncryption", {"StreamName": "s"}, None, None),
    (
        "firehose:UpdateDestination",
        {"DeliveryStreamName": "s", "ExtendedS3DestinationUpdate": {"BucketARN": "arn"}},
        None,
        "overwrite reversible availability",
    ),
    (
        "firehose:UpdateDestination",
        {"DeliveryStreamName": "s", "ExtendedS3DestinationUpdate": {"Prefix": "p"}},
        None,
        None,
    ),
    (
        "sqs:SetQueueAttributes",
        {"QueueUrl": "u", "Attributes": {"MessageRetentionPeriod": "86400"}},
        None,
        "overwrite irreversible data",
    ),
)


@pytest.mark.parametrize(("action", "parameters", "before", "expected"), ROWS)
def test_rules(
    judge: Callable[..., str | None],
    action: str,
    parameters: dict[str, Any],
    before: dict[str, Any] | None,
    expected: str | None,
) -> None:
    """Deletes, removals and expiry are told from reads, additions and updates."""
    assert expected == judge(action, parameters, before)
