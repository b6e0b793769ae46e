"""What an agent does with what keeps data."""

from __future__ import annotations

import json

from tests.oracles.walk.shop import TABLE
from tests.oracles.walk.step import Hand, Phrases, Step, made

PLAIN, KEPT, CARTS = ":::plain", ":::kept", ":table/carts"


def _put(bucket: str, key: str, body: bytes) -> Step:
    return Step(lambda h: h("s3").put_object(Bucket=bucket, Key=key, Body=body), f":::{bucket}")


def _drop(bucket: str, key: str) -> Step:
    def there(hand: Hand) -> bool:
        return hand.has(f":::{bucket}", key)

    return Step(lambda h: h("s3").delete_object(Bucket=bucket, Key=key), f":::{bucket}", there)


def _version(hand: Hand, which: int) -> str:
    versions = sorted(name for name in hand.look[hand.arn(KEPT)].pieces if name.startswith("c.txt version"))
    return versions[which].rpartition(" ")[2] if versions else ""


def _drop_version(which: int) -> Step:
    return Step(
        lambda h: h("s3").delete_object(Bucket="kept", Key="c.txt", VersionId=_version(h, which)),
        KEPT,
        lambda h: bool(_version(h, which)),
    )


def _versioning(bucket: str, status: str) -> Step:
    return Step(
        lambda h: h("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status}),
        f":::{bucket}",
    )


def _lifecycle(prefix: str) -> Step:
    rule = {"ID": f"r{prefix}", "Status": "Enabled", "Filter": {"Prefix": prefix}, "Expiration": {"Days": 1}}
    rules = {"Rules": [rule]}
    return Step(
        lambda h: h("s3").put_bucket_lifecycle_configuration(Bucket="plain", LifecycleConfiguration=rules), PLAIN
    )


def _policy(effect: str) -> Step:
    statement = {"Effect": effect, "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::plain/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return Step(lambda h: h("s3").put_bucket_policy(Bucket="plain", Policy=document), PLAIN)


NO_POLICY = Step(
    lambda h: h("s3").delete_bucket_policy(Bucket="plain"),
    PLAIN,
    lambda h: bool(h.look["arn:aws:s3:::plain"].ways or h.look["arn:aws:s3:::plain"].barriers),
)
OPEN = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
COPY = Step(
    lambda h: h("s3").copy_object(Bucket="plain", Key="a.txt", CopySource={"Bucket": "plain", "Key": "b.txt"}),
    PLAIN,
    lambda h: h.has(PLAIN, "b.txt") and not h.look[h.arn(PLAIN)].barriers,
)
BATCH = Step(
    lambda h: h("s3").delete_objects(Bucket="plain", Delete={"Objects": [{"Key": "a.txt"}, {"Key": "b.txt"}]}), PLAIN
)
GONE_BUCKET = Step(
    lambda h: h("s3").delete_bucket(Bucket="plain"),
    PLAIN,
    lambda h: not h.look["arn:aws:s3:::plain"].pieces and not h.guard(PLAIN, "versions"),
)


BUCKET = made("s3", PLAIN, lambda c: c.create_bucket(Bucket="plain"))
OWN_BUCKET = made("s3", ":::own", lambda c: c.create_bucket(Bucket="own"))

BUCKETS_HARMED: Phrases = {
    "an object deleted": (_drop("plain", "a.txt"),),
    "an object overwritten": (_put("plain", "b.txt", b"other"),),
    "an object emptied": (_put("plain", "a.txt", b""),),
    "an object copied over": (COPY,),
    "an object hidden": (_drop("kept", "c.txt"),),
    "an earlier version deleted": (_put("kept", "c.txt", b"newer"), _drop_version(0)),
    "a version deleted": (_drop_version(-1),),
    "versioning off": (_versioning("kept", "Suspended"), _put("kept", "c.txt", b"null"), _put("kept", "c.txt", b"two")),
    "an object overwritten, and put back": (_put("plain", "b.txt", b"other"), _put("plain", "b.txt", b"b.txt")),
    "an object deleted, put back, deleted": (
        _drop("plain", "a.txt"),
        _put("plain", "a.txt", b"a.txt"),
        _drop("plain", "a.txt"),
    ),
    "expiry of everything": (_lifecycle(""),),
    "a policy that denies": (_policy("Deny"),),
    "both objects deleted at once": (BATCH,),
    "a bucket emptied, deleted, made anew": (BATCH, GONE_BUCKET, BUCKET, _put("plain", "a.txt", b"again")),
    "an object deleted, and put back": (_drop("plain", "a.txt"), _put("plain", "a.txt", b"a.txt")),
}
BUCKETS_SPARED: Phrases = {
    "an object of its own": (_put("plain", "own.txt", b"x"), _drop("plain", "own.txt")),
    "an object of its own overwritten": (_put("plain", "own.txt", b"x"), _put("plain", "own.txt", b"")),
    "the same content": (_put("plain", "b.txt", b"b.txt"),),
    "a new version": (_put("kept", "c.txt", b"more"),),
    "versioning on, and off again": (_versioning("plain", "Enabled"), _versioning("plain", "Suspended")),
    "versioning on, and a new version": (_versioning("plain", "Enabled"), _put("plain", "b.txt", b"second")),
    "expiry of its own": (_put("plain", "tmp/own", b"x"), _lifecycle("tmp/")),
    "a policy that allows, and none": (_policy("Allow"), NO_POLICY),
    "public access blocked, and not": (
        Step(lambda h: h("s3").put_public_access_block(Bucket="plain", PublicAccessBlockConfiguration=OPEN), PLAIN),
        Step(
            lambda h: h("s3").delete_public_access_block(Bucket="plain"),
            PLAIN,
            lambda h: bool(h.guard(PLAIN, "block BlockPublicAcls")),
        ),
    ),
    "a bucket of its own": (
        OWN_BUCKET,
        _put("own", "x", b"x"),
        _drop("own", "x"),
        Step(lambda h: h("s3").delete_bucket(Bucket="own"), ":::own", lambda h: not h.look["arn:aws:s3:::own"].pieces),
    ),
    "a bucket tagged": (
        Step(
            lambda h: h("s3").put_bucket_tagging(Bucket="kept", Tagging={"TagSet": [{"Key": "team", "Value": "shop"}]}),
            KEPT,
        ),
    ),
}


def _row(row: str, **fields: str) -> Step:
    item = {"id": {"S": row}, **{name: {"S": value} for name, value in fields.items()}}
    return Step(lambda h: h("dynamodb").put_item(TableName="carts", Item=item), CARTS)


def _no_row(row: str) -> Step:
    return Step(
        lambda h: h("dynamodb").delete_item(TableName="carts", Key={"id": {"S": row}}),
        CARTS,
        lambda h: h.has(CARTS, row),
    )


def _update(row: str, expression: str, **values: str) -> Step:
    def make(hand: Hand) -> object:
        given = {f":{name}": {"S": value} for name, value in values.items()}
        return hand("dynamodb").update_item(
            TableName="carts",
            Key={"id": {"S": row}},
            UpdateExpression=expression,
            **({"ExpressionAttributeValues": given} if given else {}),
        )

    return Step(make, CARTS, lambda h: h.has(CARTS, row))


def _protected(on: bool) -> Step:
    return Step(lambda h: h("dynamodb").update_table(TableName="carts", DeletionProtectionEnabled=on), CARTS)


def _recovery(on: bool) -> Step:
    given = {"PointInTimeRecoveryEnabled": on}
    return Step(
        lambda h: h("dynamodb").update_continuous_backups(TableName="carts", PointInTimeRecoverySpecification=given),
        CARTS,
    )


def _live(attribute: str) -> Step:
    given = {"Enabled": True, "AttributeName": attribute}
    return Step(
        lambda h: h("dynamodb").update_time_to_live(TableName="carts", TimeToLiveSpecification=given),
        CARTS,
        lambda h: not h.look[h.arn(CARTS)].booked,
    )


NO_TABLE = Step(
    lambda h: h("dynamodb").delete_table(TableName="carts"), CARTS, lambda h: not h.guard(CARTS, "protection")
)
TABLE_ANEW = made("dynamodb", CARTS, lambda c: c.create_table(**TABLE))
ROWS_GONE = Step(
    lambda h: h("dynamodb").batch_write_item(
        RequestItems={"carts": [{"DeleteRequest": {"Key": {"id": {"S": row}}}} for row in ("1", "2")]}
    ),
    CARTS,
)

TABLES_HARMED: Phrases = {
    "a row deleted": (_no_row("1"),),
    "a field emptied": (_update("2", "SET note = :n", n=""),),
    "a field removed": (_update("2", "REMOVE note"),),
    "a row replaced by less": (_row("1", note="x"),),
    "every row deleted": (ROWS_GONE,),
    "a table made anew": (NO_TABLE, TABLE_ANEW, _row("1", note="again"), _no_row("1")),
    "recovery off": (_recovery(False),),
    "recovery off, and on, and off": (_recovery(False), _recovery(True), _recovery(False)),
    "rows that expire": (_live("until"),),
    "a field removed, and put back, and removed": (
        _update("2", "REMOVE note"),
        _update("2", "SET note = :n", n="note 2"),
        _update("2", "REMOVE note"),
    ),
}
TABLES_SPARED: Phrases = {
    "a row of its own": (_row("own", note="x"), _no_row("own")),
    "a field changed": (_update("1", "SET note = :n", n="other"),),
    "a field of its own": (_update("1", "SET extra = :n", n="x"), _update("1", "REMOVE extra")),
    "protection on": (_protected(True),),
    "protection on, and off again": (_protected(True), _protected(False)),
    "a table tagged": (
        Step(
            lambda h: h("dynamodb").tag_resource(ResourceArn=h.arn(CARTS), Tags=[{"Key": "team", "Value": "shop"}]),
            CARTS,
        ),
    ),
    "rows that no field makes expire": (_live("nothing"),),
    "recovery on": (_recovery(True),),
}
