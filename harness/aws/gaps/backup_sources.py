"""What AWS Backup can take and put back: one `Source` per kind of resource.

A recovery point of a table is AWS Backup's own; those of databases and volumes are snapshots of their services, and are
there too. https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-a-backup.html names the metadata of a restore.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

from askfirst.harness.aws.backend import NotInMock
from askfirst.harness.aws.gaps.backups import missing, wrong
from askfirst.harness.aws.gaps.base import Situation

GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Taken:
    """What a backup job took: the recovery point's ARN, what it is restored from, how many bytes."""

    arn: str
    content: object
    size: int


Metadata = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """How resources of one type are taken, made from what was taken, and how that is given up.

    `pattern` finds the resource's name in its ARN. `take` is given the name and the job's id.
    """

    type: str
    pattern: re.Pattern[str]
    take: Callable[[Situation, str, str], Taken]
    make: Callable[[Situation, Any, Metadata], str]
    drop: Callable[[Situation, Any], object]
    described: Callable[[Any], Metadata]


def source_of(resource: str) -> tuple[Source, str]:
    """Give the source of a resource and its name; refuse what is no ARN. `NotInMock` for what cannot be taken here."""
    if not resource.startswith("arn:"):
        msg = f"Invalid ARN: {resource}"
        raise wrong(msg)
    for source in SOURCES:
        found = source.pattern.match(resource)
        if found:
            return source, found["name"]
    msg = f"backup of {resource}"
    raise NotInMock(msg)


def source_for(resource_type: str) -> Source:
    """Give the source of a type."""
    return next(one for one in SOURCES if one.type == resource_type)


def _own_arn(situation: Situation, job: str) -> str:
    return f"arn:{situation.partition}:backup:{situation.region}:{situation.account}:recovery-point:{job}"


def _wanted(metadata: Metadata, *names: str) -> str:
    for name in names:
        if metadata.get(name):
            return metadata[name]
    msg = f"Restore metadata is missing: {names[0]}"
    raise wrong(msg)


def _not_here(name: str) -> Exception:
    return missing(f"Resource not found: {name}")


def _take_table(situation: Situation, name: str, job: str) -> Taken:
    dynamodb = situation.backend("dynamodb")
    if name not in dynamodb.tables:
        raise _not_here(name)
    copy = dynamodb.create_backup(name, job)
    del dynamodb.backups[copy.arn]  # a copy of AWS Backup's own is in no list of DynamoDB's
    return Taken(_own_arn(situation, job), copy, len(list(copy.table.all_items())) * 100)


def _make_table(situation: Situation, copy: Any, metadata: Metadata) -> str:  # noqa: ANN401 - moto's copy of a table
    dynamodb = situation.backend("dynamodb")
    dynamodb.backups[copy.arn] = copy
    try:
        return str(dynamodb.restore_table_from_backup(_wanted(metadata, "targetTableName"), copy.arn).table_arn)
    finally:
        del dynamodb.backups[copy.arn]


def _take_database(situation: Situation, name: str, job: str) -> Taken:
    rds = situation.backend("rds")
    if name not in rds.databases:
        raise _not_here(name)
    made = rds.create_db_snapshot(name, f"awsbackup:job-{job}", snapshot_type="awsbackup")
    return Taken(
        made.db_snapshot_arn, made.db_snapshot_identifier, int(rds.databases[name].allocated_storage or 20) * GIB
    )


def _make_database(situation: Situation, snapshot: str, metadata: Metadata) -> str:
    overrides = {
        "db_instance_identifier": _wanted(metadata, "DBInstanceIdentifier"),
        "db_instance_class": metadata.get("DBInstanceClass"),
    }
    rds = situation.backend("rds")
    with _found_by_moto(rds.database_snapshots.get(snapshot)):
        return str(rds.restore_db_instance_from_db_snapshot(snapshot, overrides).db_instance_arn)


def _take_cluster(situation: Situation, name: str, job: str) -> Taken:
    rds = situation.backend("rds")
    if name not in rds.clusters:
        raise _not_here(name)
    made = rds.create_db_cluster_snapshot(name, f"awsbackup:job-{job}", snapshot_type="awsbackup")
    return Taken(made.db_cluster_snapshot_arn, made.db_cluster_snapshot_identifier, GIB)


def _make_cluster(situation: Situation, snapshot: str, metadata: Metadata) -> str:
    name, rds = _wanted(metadata, "DBClusterIdentifier"), situation.backend("rds")
    if name in rds.clusters:  # moto would put the restored one in its place
        msg = "DB Cluster already exists"
        raise wrong(msg)
    overrides = {"db_cluster_identifier": name}
    with _found_by_moto(rds.cluster_snapshots.get(snapshot)):
        return str(rds.restore_db_cluster_from_snapshot(snapshot, overrides).db_cluster_arn)


@contextlib.contextmanager
def _found_by_moto(snapshot: Any) -> Generator[None]:  # noqa: ANN401 - moto's, of an instance or a cluster
    """Let moto find a snapshot by its name alone: it looks among manual and automated ones only."""
    if snapshot is None:
        msg = "The snapshot of the recovery point does not exist."
        raise missing(msg)
    kept, snapshot.snapshot_type = snapshot.snapshot_type, "manual"
    try:
        yield
    finally:
        snapshot.snapshot_type = kept


def _take_volume(situation: Situation, name: str, job: str) -> Taken:
    ec2 = situation.backend("ec2")
    if name not in ec2.volumes:
        raise _not_here(name)
    made = ec2.create_snapshot(name, f"This snapshot is created by the AWS Backup service. ({job})")
    arn = f"arn:{situation.partition}:ec2:{situation.region}::snapshot/{made.id}"
    return Taken(arn, made.id, int(ec2.volumes[name].size) * GIB)


def _make_volume(situation: Situation, snapshot: str, metadata: Metadata) -> str:
    ec2 = situation.backend("ec2")
    if snapshot not in ec2.snapshots:
        raise _not_here(snapshot)
    size = int(metadata.get("volumeSize") or ec2.snapshots[snapshot].volume.size)
    made = ec2.create_volume(size, _wanted(metadata, "availabilityZone"), snapshot_id=snapshot)
    return f"arn:{situation.partition}:ec2:{situation.region}:{situation.account}:volume/{made.id}"


def _take_bucket(situation: Situation, name: str, job: str) -> Taken:
    bucket = situation.backend("s3").buckets.get(name)
    if bucket is None:
        raise _not_here(name)
    return Taken(_own_arn(situation, job), None, sum(one.size for one in bucket.keys.values()))


def _cannot_make(_: Situation, __: object, ___: Metadata) -> str:
    msg = "a restore of a bucket"
    raise NotInMock(msg)


SOURCES = (
    Source(
        "DynamoDB",
        re.compile(r"arn:[^:]+:dynamodb:[^:]+:\d+:table/(?P<name>[^/]+)$"),
        _take_table,
        _make_table,
        lambda _, __: None,
        lambda copy: {"originalTableName": copy.table.name, "encryptionType": "Default"},
    ),
    Source(
        "RDS",
        re.compile(r"arn:[^:]+:rds:[^:]+:\d+:db:(?P<name>.+)$"),
        _take_database,
        _make_database,
        lambda situation, snapshot: situation.backend("rds").database_snapshots.pop(snapshot, None),
        lambda snapshot: {"DBSnapshotIdentifier": snapshot},
    ),
    Source(
        "Aurora",
        re.compile(r"arn:[^:]+:rds:[^:]+:\d+:cluster:(?P<name>.+)$"),
        _take_cluster,
        _make_cluster,
        lambda situation, snapshot: situation.backend("rds").cluster_snapshots.pop(snapshot, None),
        lambda snapshot: {"SnapshotIdentifier": snapshot},
    ),
    Source(
        "EBS",
        re.compile(r"arn:[^:]+:ec2:[^:]+:\d*:volume/(?P<name>.+)$"),
        _take_volume,
        _make_volume,
        lambda situation, snapshot: situation.backend("ec2").snapshots.pop(snapshot, None),
        lambda snapshot: {"snapshotId": snapshot},
    ),
    Source(
        "S3",
        re.compile(r"arn:[^:]+:s3:::(?P<name>[^/]+)$"),
        _take_bucket,
        _cannot_make,
        lambda _, __: None,
        lambda _: {},
    ),
)
