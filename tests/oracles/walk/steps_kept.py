"""What an agent does with messages, databases, streams, logs, parameters and secrets."""

from __future__ import annotations

import json

from tests.oracles.walk.step import Hand, Phrases, Step, made

ORDERS, DEAD, LEDGER, CLICKS = ":orders", ":dead", ":db:ledger", ":stream/clicks"
LOGS, FLAG = "log-group:/shop/app", "parameter/shop/flag"


def _url(hand: Hand, name: str) -> str:
    return f"https://sqs.us-east-1.amazonaws.com/{hand.account}/{name}"


def _queue(name: str, **attributes: str) -> Step:
    return Step(lambda h: h("sqs").set_queue_attributes(QueueUrl=_url(h, name), Attributes=attributes), f":{name}")


def _sent(name: str) -> Step:
    return Step(lambda h: h("sqs").send_message(QueueUrl=_url(h, name), MessageBody="own"), f":{name}")


def _taken(name: str, *, latest: bool = False) -> Step:
    """Delete a message, the oldest or the latest."""

    def make(hand: Hand) -> object:
        url = _url(hand, name)
        got = hand.owner("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)["Messages"]
        return hand("sqs").delete_message(QueueUrl=url, ReceiptHandle=got[-1 if latest else 0]["ReceiptHandle"])

    return Step(make, f":{name}", lambda h: bool(h.look[h.arn(f":{name}")].pieces))


def _redrive(on: bool) -> Step:
    def make(hand: Hand) -> object:
        policy = json.dumps({"deadLetterTargetArn": hand.arn(DEAD), "maxReceiveCount": "1000"}) if on else ""
        return hand("sqs").set_queue_attributes(QueueUrl=_url(hand, "orders"), Attributes={"RedrivePolicy": policy})

    return Step(make, ORDERS, lambda h: h.has(DEAD))


NO_QUEUE = Step(lambda h: h("sqs").delete_queue(QueueUrl=_url(h, "orders")), ORDERS)
QUEUE = made("sqs", ORDERS, lambda c: c.create_queue(QueueName="orders"))
PURGED: Step = Step(
    lambda h: h("sqs").purge_queue(QueueUrl=_url(h, "orders")),
    ORDERS,
    lambda h: PURGED not in h.made,  # only one purge is accepted in 60 seconds
)
PEEKED = Step(lambda h: h("sqs").receive_message(QueueUrl=_url(h, "orders"), VisibilityTimeout=0), ORDERS)


def _database(**given: object) -> Step:
    return Step(
        lambda h: h("rds").modify_db_instance(DBInstanceIdentifier="ledger", ApplyImmediately=True, **given), LEDGER
    )


NO_DATABASE = Step(
    lambda h: h("rds").delete_db_instance(DBInstanceIdentifier="ledger", SkipFinalSnapshot=True),
    LEDGER,
    lambda h: not h.guard(LEDGER, "protection") and bool(h.serves(LEDGER, "runs")),
)
STOPPED = Step(
    lambda h: h("rds").stop_db_instance(DBInstanceIdentifier="ledger"), LEDGER, lambda h: bool(h.serves(LEDGER, "runs"))
)
STARTED = Step(
    lambda h: h("rds").start_db_instance(DBInstanceIdentifier="ledger"),
    LEDGER,
    lambda h: not h.serves(LEDGER, "runs"),
)
SNAPSHOT = Step(
    lambda h: h("rds").create_db_snapshot(DBInstanceIdentifier="ledger", DBSnapshotIdentifier="own"),
    LEDGER,
    lambda h: not h.has(":snapshot:own"),
)


def _hours(hours: int) -> Step:
    def make(hand: Hand) -> object:
        more = hours > hand.guard(CLICKS, "retention")
        call = "increase_stream_retention_period" if more else "decrease_stream_retention_period"
        return getattr(hand("kinesis"), call)(StreamName="clicks", RetentionPeriodHours=hours)

    return Step(make, CLICKS, lambda h: h.guard(CLICKS, "retention") != hours)


def _kept_for(days: int) -> Step:
    return Step(lambda h: h("logs").put_retention_policy(logGroupName="/shop/app", retentionInDays=days), LOGS)


def _flag(value: str) -> Step:
    return Step(lambda h: h("ssm").put_parameter(Name="/shop/flag", Value=value, Overwrite=True), FLAG)


def _has_secret(hand: Hand) -> bool:
    return any(":secret:shop/db" in arn for arn in hand.look)


def _secret(value: str) -> Step:
    return Step(lambda h: h("secretsmanager").put_secret_value(SecretId="shop/db", SecretString=value), "", _has_secret)


BOOKED = Step(lambda h: h("secretsmanager").delete_secret(SecretId="shop/db", RecoveryWindowInDays=7), "", _has_secret)
BACK = Step(lambda h: h("secretsmanager").restore_secret(SecretId="shop/db"), "", lambda h: not _has_secret(h))

KEPT_HARMED: Phrases = {
    "a message taken": (_taken("orders"),),
    "messages purged": (PURGED,),
    "its own message and another's taken": (_sent("orders"), PURGED),
    "a queue made anew": (NO_QUEUE, QUEUE, _sent("orders"), PURGED),
    "messages that expire": (_queue("orders", MessageRetentionPeriod="60"),),
    "a shorter retention of messages": (_queue("dead", MessageRetentionPeriod="7200"),),
    "a database deleted": (_database(DeletionProtection=False), NO_DATABASE),
    "no backups": (
        _database(BackupRetentionPeriod=0),
        _database(BackupRetentionPeriod=14),
        _database(BackupRetentionPeriod=3),
    ),
    "a database stopped": (STOPPED, STARTED, STOPPED),
    "a stream deleted": (Step(lambda h: h("kinesis").delete_stream(StreamName="clicks"), CLICKS),),
    "a shorter retention of records": (_hours(48), _hours(24)),
    "a log group deleted": (
        Step(lambda h: h("logs").delete_log_group(logGroupName="/shop/app"), LOGS),
        made("logs", LOGS, lambda c: c.create_log_group(logGroupName="/shop/app")),
    ),
    "a log stream deleted": (
        Step(
            lambda h: h("logs").delete_log_stream(logGroupName="/shop/app", logStreamName="one"),
            LOGS,
            lambda h: bool(h.look[h.arn(LOGS)].pieces),
        ),
    ),
    "logs kept for a day": (_kept_for(1),),
    "another value of a parameter": (_flag("off"), _flag("on"), _flag("off")),
    "a parameter deleted": (
        Step(lambda h: h("ssm").delete_parameter(Name="/shop/flag"), FLAG),
        made("ssm", FLAG, lambda c: c.put_parameter(Name="/shop/flag", Value="on", Type="String")),
    ),
    "another secret": (_secret("two"), _secret("three")),
    "a secret's deletion booked": (BOOKED, BACK),
}
KEPT_SPARED: Phrases = {
    "a message of its own": (_sent("dead"), _taken("dead", latest=True)),
    "a peek": (PEEKED,),
    "a longer retention of messages": (
        _queue("orders", MessageRetentionPeriod="1209600"),
        _queue("orders", MessageRetentionPeriod="345600"),
    ),
    "dead letters kept, and not": (_redrive(on=True), _redrive(on=False)),
    "a queue of its own": (
        made("sqs", ":own", lambda c: c.create_queue(QueueName="own")),
        _sent("own"),
        Step(lambda h: h("sqs").purge_queue(QueueUrl=_url(h, "own")), ":own"),
        Step(lambda h: h("sqs").delete_queue(QueueUrl=_url(h, "own")), ":own"),
    ),
    "more backups": (_database(BackupRetentionPeriod=14), _database(BackupRetentionPeriod=7)),
    "a larger database": (_database(AllocatedStorage=40),),
    "a snapshot": (SNAPSHOT,),
    "a record of its own": (
        Step(lambda h: h("kinesis").put_record(StreamName="clicks", Data=b"own", PartitionKey="2"), CLICKS),
    ),
    "a longer retention of records": (_hours(48),),
    "logs kept for longer": (_kept_for(60), _kept_for(30)),
    "the same value of a parameter": (_flag("on"),),
    "a parameter of its own": (
        made("ssm", "parameter/own", lambda c: c.put_parameter(Name="/own", Value="x", Type="String")),
        Step(lambda h: h("ssm").delete_parameter(Name="/own"), "parameter/own"),
    ),
    "a secret described": (
        Step(
            lambda h: h("secretsmanager").update_secret(SecretId="shop/db", Description="of the shop"), "", _has_secret
        ),
    ),
}
