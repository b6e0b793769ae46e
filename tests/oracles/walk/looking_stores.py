"""What the owner sees of what keeps data: buckets, tables, queues, databases, streams, logs, parameters, secrets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.oracles.walk.owner import Owner, asked, said
from tests.oracles.walk.seen import Piece, Thing

FOR_EVER = 1e6
"""Days that stand for a retention without an end."""


def buckets(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at every bucket: each key, each version of it, policy, lifecycle, versioning, access blocks."""
    s3 = owner.client("s3")
    for one in s3.list_buckets()["Buckets"]:
        name = one["Name"]
        versions = s3.list_object_versions(Bucket=name)
        block = asked(s3.get_public_access_block, Bucket=name).get("PublicAccessBlockConfiguration", {})
        guards = {f"block {key}": float(value) for key, value in block.items()}
        guards["versions"] = float(s3.get_bucket_versioning(Bucket=name).get("Status") == "Enabled")
        allowed, denied = said(asked(s3.get_bucket_policy, Bucket=name).get("Policy", {}))
        rules = asked(s3.get_bucket_lifecycle_configuration, Bucket=name).get("Rules", [])
        booked = {
            f"{rule['ID']} {rule['Expiration']}": (rule["Filter"].get("Prefix", ""), "")
            for rule in rules
            if rule["Status"] == "Enabled" and "Expiration" in rule
        }
        yield (
            f"arn:aws:s3:::{name}",
            Thing(
                birth=str(one["CreationDate"]),
                pieces=_objects(versions.get("Versions", [])),
                ways=allowed,
                barriers=denied,
                guards=guards,
                booked=booked,
            ),
        )


def _objects(versions: list[dict[str, Any]]) -> dict[str, Piece]:
    """Give each key that can be read, and each version that is there; an empty one is nothing that could be lost."""
    found: dict[str, Piece] = {}
    for one in versions:
        content = one["ETag"] if one["Size"] else ""
        name = f"{one['Key']} version {one['VersionId']}"
        if one["VersionId"] != "null" and content:
            found[name] = Piece(content)
        if one["IsLatest"]:
            others = (other for other in versions if other["Key"] == one["Key"] and other is not one)
            earlier = frozenset(other["ETag"] for other in others)
            found[one["Key"]] = Piece(content, earlier=earlier, version=one["VersionId"])
    return found


def tables(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at every table: its rows, protection, recovery, time to live."""
    dynamodb = owner.client("dynamodb")
    for name in dynamodb.list_tables()["TableNames"]:
        table = dynamodb.describe_table(TableName=name)["Table"]
        backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
        live = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        rows = dynamodb.scan(TableName=name)["Items"]
        yield (
            table["TableArn"],
            Thing(
                birth=str(table["CreationDateTime"]),
                pieces={row["id"]["S"]: Piece(fields={key: _value(one) for key, one in row.items()}) for row in rows},
                guards={"protection": float(table["DeletionProtectionEnabled"]), "recovery": float(recovery)},
                booked={"rows": ("", live["AttributeName"])} if live["TimeToLiveStatus"] == "ENABLED" else {},
            ),
        )


def _value(one: dict[str, Any]) -> str:
    return "" if one in ({"S": ""}, {"NULL": True}) else str(one)


def queues(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at every queue; messages are peeked at, so that they stay where they are."""
    sqs = owner.client("sqs")
    for url in sqs.list_queues().get("QueueUrls", []):
        shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        peeked = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages", [])
        allowed, denied = said(shown.get("Policy") or {})
        seconds = int(shown["MessageRetentionPeriod"])
        yield (
            shown["QueueArn"],
            Thing(
                birth=shown["CreatedTimestamp"],
                pieces={one["MessageId"]: Piece(one["MD5OfBody"]) for one in peeked},
                ways=allowed,
                barriers=denied,
                guards={"retention": float(seconds), "dead letters": float("RedrivePolicy" in shown)},
                booked={f"after {seconds} s": ("", "")} if seconds < 3600 else {},
            ),
        )


def databases(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at every database, and every copy of one."""
    rds = owner.client("rds")
    for one in rds.describe_db_snapshots()["DBSnapshots"]:
        yield one["DBSnapshotArn"], Thing(birth=str(one["SnapshotCreateTime"]))
    for one in rds.describe_db_instances()["DBInstances"]:
        guards = {
            "protection": float(one["DeletionProtection"]),
            "backups": float(one["BackupRetentionPeriod"]),
            "two places": float(one["MultiAZ"]),
        }
        serving = {"runs": float(one["DBInstanceStatus"] not in {"stopped", "stopping"})}
        yield one["DBInstanceArn"], Thing(birth=str(one["InstanceCreateTime"]), guards=guards, serving=serving)


def streams(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at every stream, and read it from its beginning."""
    kinesis = owner.client("kinesis")
    for name in kinesis.list_streams()["StreamNames"]:
        one = kinesis.describe_stream(StreamName=name)["StreamDescription"]
        pieces: dict[str, Piece] = {}
        for shard in one["Shards"]:
            start = kinesis.get_shard_iterator(
                StreamName=name, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )
            for record in kinesis.get_records(ShardIterator=start["ShardIterator"])["Records"]:
                pieces[record["SequenceNumber"]] = Piece(str(record["Data"]))
        guards = {
            "retention": float(one["RetentionPeriodHours"]),
            "encryption": float(one.get("EncryptionType") == "KMS"),
        }
        yield one["StreamARN"], Thing(birth=str(one["StreamCreationTimestamp"]), pieces=pieces, guards=guards)


def logs(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at every log group, and read its events."""
    client = owner.client("logs")
    for one in client.describe_log_groups()["logGroups"]:
        name = one["logGroupName"]
        events = client.filter_log_events(logGroupName=name)["events"]
        yield (
            one["logGroupArn"] if "logGroupArn" in one else one["arn"].removesuffix(":*"),
            Thing(
                birth=str(one["creationTime"]),
                pieces={event["eventId"]: Piece(event["message"]) for event in events},
                guards={"retention": float(one.get("retentionInDays", FOR_EVER))},
            ),
        )


def parameters(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at every parameter and its history, whose first version says when it was made."""
    ssm = owner.client("ssm")
    for one in ssm.get_parameters_by_path(Path="/", Recursive=True)["Parameters"]:
        history = ssm.get_parameter_history(Name=one["Name"])["Parameters"]
        versions = {f"version {old['Version']}": Piece(old["Value"]) for old in history}
        value = Piece(one["Value"], earlier=frozenset(old["Value"] for old in history), felt=True)
        yield one["ARN"], Thing(birth=str(history[0]["LastModifiedDate"]), pieces={"value": value, **versions})


def secrets(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at every secret that is not going to be deleted, and read it."""
    client = owner.client("secretsmanager")
    for one in client.list_secrets()["SecretList"]:
        value = Piece(client.get_secret_value(SecretId=one["ARN"])["SecretString"], felt=True)
        allowed, denied = said(client.get_resource_policy(SecretId=one["ARN"]).get("ResourcePolicy") or {})
        yield (
            one["ARN"],
            Thing(birth=str(one["CreatedDate"]), pieces={"value": value}, ways=allowed, barriers=denied),
        )
