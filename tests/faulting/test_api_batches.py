"""Promise: of a batch done in part, the account holds the first entries, and the answer says so of the others."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from askfirst.faults import api
from askfirst.harness.records import Effect

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

FIVE = tuple("abcde")
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
KEY = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
BYTES = bytes(range(256)) * 2  # longer than what the history keeps of bytes


def build(env: Env) -> None:
    """Make what batches are about: tables with rows, a bucket with objects, a queue, a topic, a stream, a bus."""
    dynamodb, s3, sqs, sns = (env.session.client(name) for name in ("dynamodb", "s3", "sqs", "sns"))
    s3.create_bucket(Bucket="goods", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    dynamodb.create_table(TableName="rows", **KEY)
    dynamodb.create_table(TableName="more", **KEY)
    for one in FIVE:
        s3.put_object(Bucket="goods", Key=f"{one} & so on", Body=b"x")
        dynamodb.put_item(TableName="rows", Item={"id": {"S": one}, "raw": {"B": BYTES}})
    queue = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    topic = sns.create_topic(Name="news")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=_queue_arn(env))
    env.note("queue", queue)
    env.note("topic", topic)
    env.session.client("kinesis").create_stream(StreamName="flow", ShardCount=1)
    role = env.session.client("iam").create_role(RoleName="pipe", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    env.session.client("firehose").create_delivery_stream(
        DeliveryStreamName="hose", S3DestinationConfiguration={"RoleARN": role, "BucketARN": "arn:aws:s3:::goods"}
    )
    events = env.session.client("events")
    events.put_rule(Name="all", EventPattern=json.dumps({"source": ["shop"]}))
    events.put_targets(Rule="all", Targets=[{"Id": "1", "Arn": _queue_arn(env)}])


def _queue_arn(env: Env) -> str:
    return f"arn:aws:sqs:{env.region}:{env.account_id}:jobs"


def _messages(env: Env) -> list[str]:
    sqs = env.session.client("sqs")
    url = sqs.get_queue_url(QueueName="jobs")["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return sorted(one["Body"] for one in found)


def _objects(env: Env) -> list[str]:
    found = env.session.client("s3").list_objects_v2(Bucket="goods", Prefix="").get("Contents", [])
    return [one["Key"][0] for one in found if one["Key"].endswith("so on")]


def _rows(env: Env) -> list[str]:
    scanned = [env.session.client("dynamodb").scan(TableName=name)["Items"] for name in ("rows", "more")]
    return sorted(one["id"]["S"] for items in scanned for one in items)


# -- DynamoDB ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keep", [1, 3, 4])
def test_written_items_are_there_and_the_others_come_back(strike: Callable[..., Any], keep: int) -> None:
    """BatchWriteItem: the first requests are done, over tables; the others come back in UnprocessedItems as they were."""
    asked: dict[str, Any] = {
        "more": [{"PutRequest": {"Item": {"id": {"S": one}, "raw": {"B": BYTES}}}} for one in "xyz"],
        "rows": [{"DeleteRequest": {"Key": {"id": {"S": one}}}} for one in "ab"],
    }

    def act(brief: Brief) -> Any:
        return brief.session.client("dynamodb").batch_write_item(RequestItems=asked)["UnprocessedItems"]

    struck = strike(act, api.partial(keep=keep).on("dynamodb:BatchWriteItem"), build=build, look=_rows)
    flat = [(table, entry) for table, entries in asked.items() for entry in entries]
    left = [(table, entry) for table, entries in struck.given.items() for entry in entries]

    assert flat[keep:] == left
    assert sorted(set(FIVE[:5]) - set("ab"[: max(0, keep - 3)]) | set("xyz"[:keep])) == struck.seen
    assert (1, 1, 0, 1) == struck.counts("partial")


def test_the_batch_writer_of_boto3_gets_everything_done(strike: Callable[..., Any]) -> None:
    """boto3's batch writer sends again what came back: in the end all is written, and the history says how."""

    def act(brief: Brief) -> None:
        with brief.session.resource("dynamodb").Table("more").batch_writer() as writer:
            for one in "vwxyz":
                writer.put_item(Item={"id": one})

    struck = strike(act, api.partial(keep=2).on("dynamodb:BatchWriteItem").first(1), build=build, look=_rows)
    calls = struck.calls("BatchWriteItem")

    assert sorted([*FIVE, *"vwxyz"]) == struck.seen
    assert [5, 3] == [len(call.start.parameters["RequestItems"]["more"]) for call in calls]
    assert (2, 1, 0, 1) == struck.counts("partial")


def test_read_items_are_given_and_the_others_named(strike: Callable[..., Any]) -> None:
    """BatchGetItem: the first keys are answered, the others come back in UnprocessedKeys with what else was asked."""
    asked: dict[str, Any] = {"rows": {"Keys": [{"id": {"S": one}} for one in FIVE], "ProjectionExpression": "id"}}

    def act(brief: Brief) -> Any:
        answer = brief.session.client("dynamodb").batch_get_item(RequestItems=asked)
        return answer["Responses"]["rows"], answer["UnprocessedKeys"]

    struck = strike(act, api.partial(keep=2).on("dynamodb:BatchGetItem"), build=build)
    given, left = struck.given

    assert [{"id": {"S": "a"}}, {"id": {"S": "b"}}] == given
    assert {"rows": {**asked["rows"], "Keys": asked["rows"]["Keys"][2:]}} == left


# -- S3 ---------------------------------------------------------------------------------------------------------------


def test_deleted_objects_are_gone_and_the_others_are_errors(strike: Callable[..., Any]) -> None:
    """DeleteObjects: the first keys are gone, the others are listed under Errors and there; two are the agent's doing."""

    def act(brief: Brief) -> Any:
        keys = [{"Key": f"{one} & so on"} for one in FIVE]
        return brief.session.client("s3").delete_objects(Bucket="goods", Delete={"Objects": keys})

    struck = strike(act, api.partial(keep=2).on("s3:DeleteObjects"), build=build, look=_objects)
    (call,) = struck.calls("DeleteObjects")

    assert ["c", "d", "e"] == struck.seen
    assert ["a & so on", "b & so on"] == [one["Key"] for one in struck.given["Deleted"]]
    assert [(f"{one} & so on", "InternalError") for one in "cde"] == [
        (one["Key"], one["Code"]) for one in struck.given["Errors"]
    ]
    assert [("5 items", "3 items; lost: a & so on, b & so on", Effect.DATA_LOST)] == [
        (one.before, one.after, one.effect) for one in call.end.changes
    ]
    assert 5 == len(call.start.parameters["Delete"]["Objects"])


def test_versions_stay_named(strike: Callable[..., Any]) -> None:
    """An entry with a version is reported with its version."""

    def versioned(env: Env) -> None:
        build(env)
        s3 = env.session.client("s3")
        s3.put_bucket_versioning(Bucket="goods", VersioningConfiguration={"Status": "Enabled"})
        for body in (b"1", b"2"):
            s3.put_object(Bucket="goods", Key="f", Body=body)

    def act(brief: Brief) -> Any:
        s3 = brief.session.client("s3")
        versions = [
            {"Key": "f", "VersionId": one["VersionId"]}
            for one in s3.list_object_versions(Bucket="goods", Prefix="f")["Versions"]
        ]
        return versions, s3.delete_objects(Bucket="goods", Delete={"Objects": versions, "Quiet": True})

    struck = strike(act, api.partial().on("s3:DeleteObjects"), build=versioned)
    versions, answer = struck.given

    assert versions[1:] == [{name: one[name] for name in ("Key", "VersionId")} for one in answer["Errors"]]


# -- entries with ids -------------------------------------------------------------------------------------------------


def _sent(client: Any, url: str) -> Any:
    return client.send_message_batch(QueueUrl=url, Entries=[{"Id": f"id-{one}", "MessageBody": one} for one in FIVE])


def _received(client: Any, url: str) -> list[dict[str, str]]:
    for one in FIVE:
        client.send_message(QueueUrl=url, MessageBody=one)
    messages = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    return [{"Id": f"id-{one['Body']}", "ReceiptHandle": one["ReceiptHandle"]} for one in messages]


BY_ID: Mapping[str, Callable[[Brief], Any]] = {
    "sqs:SendMessageBatch": lambda brief: _sent(brief.session.client("sqs"), _url(brief)),
    "sqs:DeleteMessageBatch": lambda brief: brief.session.client("sqs").delete_message_batch(
        QueueUrl=_url(brief), Entries=_received(brief.session.client("sqs"), _url(brief))
    ),
    "sqs:ChangeMessageVisibilityBatch": lambda brief: brief.session.client("sqs").change_message_visibility_batch(
        QueueUrl=_url(brief),
        Entries=[{**one, "VisibilityTimeout": 0} for one in _received(brief.session.client("sqs"), _url(brief))],
    ),
    "sns:PublishBatch": lambda brief: brief.session.client("sns").publish_batch(
        TopicArn=brief.session.client("sns").list_topics()["Topics"][0]["TopicArn"],
        PublishBatchRequestEntries=[{"Id": f"id-{one}", "Message": one} for one in FIVE],
    ),
}
LEFT = {
    "sqs:SendMessageBatch": ["a", "b"],
    "sqs:DeleteMessageBatch": [],  # those that stay are hidden for a while, see below
    "sqs:ChangeMessageVisibilityBatch": ["a", "b"],
    "sns:PublishBatch": ["a", "b"],
}
"""The messages that can be received afterwards."""


def _url(brief: Brief) -> str:
    url: str = brief.session.client("sqs").get_queue_url(QueueName="jobs")["QueueUrl"]
    return url


@pytest.mark.parametrize("operation", BY_ID)
def test_entries_with_ids_succeed_or_fail_by_id(strike: Callable[..., Any], operation: str) -> None:
    """The first two entries succeeded and were done, the other three are under Failed by their ids, and were not."""
    act = BY_ID[operation]

    def at_once(brief: Brief) -> Any:
        answer = act(brief)
        sqs = brief.session.client("sqs")
        url = _url(brief)
        counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        visible = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        bodies = [one["Body"] for one in visible]
        return (
            answer,
            sorted(json.loads(one)["Message"] if one.startswith("{") else one for one in bodies),
            int(counts["ApproximateNumberOfMessages"]) + int(counts["ApproximateNumberOfMessagesNotVisible"]),
        )

    struck = strike(at_once, api.partial(keep=2).on(operation), build=build)
    answer, visible, total = struck.given

    assert ["id-a", "id-b"] == [one["Id"] for one in answer["Successful"]]
    assert ["id-c", "id-d", "id-e"] == [one["Id"] for one in answer["Failed"]]
    assert {False} == {one["SenderFault"] for one in answer["Failed"]}
    assert all(one["Code"].startswith("Internal") and one["Message"] for one in answer["Failed"])
    assert LEFT[operation] == visible
    assert {"sqs:DeleteMessageBatch": 3, "sqs:ChangeMessageVisibilityBatch": 5}.get(operation, 2) == total


# -- answers in order -------------------------------------------------------------------------------------------------


def test_records_of_a_stream_keep_their_places(strike: Callable[..., Any]) -> None:
    """PutRecords: five answers in order, of which the last three are errors that name account and stream; two records arrive."""

    def act(brief: Brief) -> Any:
        records = [{"Data": one.encode() + BYTES, "PartitionKey": one} for one in FIVE]
        return brief.session.client("kinesis").put_records(StreamName="flow", Records=records)

    def look(env: Env) -> list[bytes]:
        kinesis = env.session.client("kinesis")
        shard = kinesis.get_shard_iterator(
            StreamName="flow", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        return [one["Data"] for one in kinesis.get_records(ShardIterator=shard)["Records"]]

    struck = strike(act, api.partial(keep=2).on("kinesis:PutRecords"), build=build, look=look)
    answer = struck.given

    assert [b"a" + BYTES, b"b" + BYTES] == struck.seen
    assert 3 == answer["FailedRecordCount"]
    assert [True, True, False, False, False] == ["SequenceNumber" in one for one in answer["Records"]]
    assert ["ProvisionedThroughputExceededException"] * 3 == [one["ErrorCode"] for one in answer["Records"][2:]]
    account = struck.calls("PutRecords")[0].start.account
    assert f"in stream flow under account {account}." in answer["Records"][2]["ErrorMessage"]


def test_events_keep_their_places(strike: Callable[..., Any]) -> None:
    """PutEvents: five answers in order, of which the last three are errors; two events arrive at the rule's target."""

    def act(brief: Brief) -> Any:
        entries = [{"Source": "shop", "DetailType": one, "Detail": "{}"} for one in FIVE]
        return brief.session.client("events").put_events(Entries=entries)

    struck = strike(act, api.partial(keep=2).on("events:PutEvents"), build=build, look=_messages)
    answer = struck.given

    assert ["a", "b"] == sorted(json.loads(one)["detail-type"] for one in struck.seen)
    assert 3 == answer["FailedEntryCount"]
    assert ["EventId"] * 2 + ["ErrorCode"] * 3 == [min(one.keys() - {"ErrorMessage"}) for one in answer["Entries"]]


def test_records_of_a_delivery_stream_keep_their_places(strike: Callable[..., Any]) -> None:
    """PutRecordBatch: five answers in order, of which the last three are errors; the bucket gets two records."""

    def act(brief: Brief) -> Any:
        records = [{"Data": one.encode()} for one in FIVE]
        return brief.session.client("firehose").put_record_batch(DeliveryStreamName="hose", Records=records)

    def look(env: Env) -> bytes:
        s3 = env.session.client("s3")
        found = [one["Key"] for one in s3.list_objects_v2(Bucket="goods")["Contents"] if "so on" not in one["Key"]]
        data: bytes = b"".join(s3.get_object(Bucket="goods", Key=one)["Body"].read() for one in found)
        return data

    struck = strike(act, api.partial(keep=2).on("firehose:PutRecordBatch"), build=build, look=look)
    answer = struck.given

    assert b"ab" == struck.seen
    assert 3 == answer["FailedPutCount"]
    assert ["ServiceUnavailableException"] * 3 == [one["ErrorCode"] for one in answer["RequestResponses"][2:]]


# -- how much, and what passes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "kept"), [(0.5, 2), (0.01, 1), (0.8, 4), (0.99, 4)])
def test_a_share_keeps_at_least_one_and_loses_at_least_one(strike: Callable[..., Any], share: float, kept: int) -> None:
    """A share of five entries is rounded down, but neither to none nor to all."""
    struck = strike(
        lambda brief: len(_sent(brief.session.client("sqs"), _url(brief))["Successful"]),
        api.partial(share=share).on("sqs:SendMessageBatch"),
        build=build,
    )

    assert kept == struck.given


def test_what_cannot_be_done_in_part_passes(strike: Callable[..., Any]) -> None:
    """A batch of one, one that is short enough, and a call that is no batch are done whole; the fault has not struck."""

    def act(brief: Brief) -> Any:
        sqs, url = brief.session.client("sqs"), _url(brief)
        sqs.send_message(QueueUrl=url, MessageBody="whole")
        one = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "one"}])
        short = sqs.send_message_batch(
            QueueUrl=url, Entries=[{"Id": str(number), "MessageBody": str(number)} for number in range(3)]
        )
        return len(one["Successful"]), len(short["Successful"])

    struck = strike(act, api.partial(keep=3).on("sqs:Send*"), build=build, look=_messages)

    assert (1, 3) == struck.given
    assert ["0", "1", "2", "one", "whole"] == struck.seen
    assert (3, 0, 0, 0) == struck.counts("partial")
