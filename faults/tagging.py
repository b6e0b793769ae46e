"""Reading and writing the tags of things: each service has its own operations for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from askfirst.faults.scene_words import client
from askfirst.faults.stack_history import stack_of
from askfirst.harness.faulting.contexts import Scene
from askfirst.harness.records import Resource

Tags = dict[str, str]


@dataclass(frozen=True, slots=True)
class Way:
    """How the tags of a kind are read, and replaced by others, with a client of its service."""

    service: str
    read: Callable[[Any, Resource], Tags]
    add: Callable[[Any, Resource, Tags], object]
    remove: Callable[[Any, Resource, list[str]], object]


def _pairs(tags: Tags) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _tags(pairs: list[dict[str, str]]) -> Tags:
    return {one["Key"]: one["Value"] for one in pairs}


def _bucket_tags(buckets: Any, thing: Resource) -> Tags:  # noqa: ANN401 - clients are made by name
    from botocore.exceptions import ClientError

    try:
        return _tags(buckets.get_bucket_tagging(Bucket=thing.name)["TagSet"])
    except ClientError:  # NoSuchTagSet
        return {}


def _put_bucket_tags(buckets: Any, thing: Resource, tags: Tags) -> None:  # noqa: ANN401
    buckets.put_bucket_tagging(Bucket=thing.name, Tagging={"TagSet": _pairs({**_bucket_tags(buckets, thing), **tags})})


def _cut_bucket_tags(buckets: Any, thing: Resource, keys: list[str]) -> None:  # noqa: ANN401
    left = {key: value for key, value in _bucket_tags(buckets, thing).items() if key not in keys}
    buckets.delete_bucket_tagging(Bucket=thing.name)
    if left:
        _put_bucket_tags(buckets, thing, left)


def _url(sqs: Any, thing: Resource) -> str:  # noqa: ANN401
    return str(sqs.get_queue_url(QueueName=thing.name)["QueueUrl"])


_EC2 = Way(
    "ec2",
    lambda ec2, one: _tags(ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [one.name]}])["Tags"]),
    lambda ec2, one, tags: ec2.create_tags(Resources=[one.name], Tags=_pairs(tags)),
    lambda ec2, one, keys: ec2.delete_tags(Resources=[one.name], Tags=[{"Key": key} for key in keys]),
)
_RDS = Way(
    "rds",
    lambda rds, one: _tags(rds.list_tags_for_resource(ResourceName=one.arn)["TagList"]),
    lambda rds, one, tags: rds.add_tags_to_resource(ResourceName=one.arn, Tags=_pairs(tags)),
    lambda rds, one, keys: rds.remove_tags_from_resource(ResourceName=one.arn, TagKeys=keys),
)

WAYS: Mapping[str, Way] = {
    "dynamodb.table": Way(
        "dynamodb",
        lambda tables, one: _tags(tables.list_tags_of_resource(ResourceArn=one.arn)["Tags"]),
        lambda tables, one, tags: tables.tag_resource(ResourceArn=one.arn, Tags=_pairs(tags)),
        lambda tables, one, keys: tables.untag_resource(ResourceArn=one.arn, TagKeys=keys),
    ),
    "s3.bucket": Way("s3", _bucket_tags, _put_bucket_tags, _cut_bucket_tags),
    "sqs.queue": Way(
        "sqs",
        lambda sqs, one: dict(sqs.list_queue_tags(QueueUrl=_url(sqs, one)).get("Tags", {})),
        lambda sqs, one, tags: sqs.tag_queue(QueueUrl=_url(sqs, one), Tags=tags),
        lambda sqs, one, keys: sqs.untag_queue(QueueUrl=_url(sqs, one), TagKeys=keys),
    ),
    "sns.topic": Way(
        "sns",
        lambda sns, one: _tags(sns.list_tags_for_resource(ResourceArn=one.arn)["Tags"]),
        lambda sns, one, tags: sns.tag_resource(ResourceArn=one.arn, Tags=_pairs(tags)),
        lambda sns, one, keys: sns.untag_resource(ResourceArn=one.arn, TagKeys=keys),
    ),
    "lambda.function": Way(
        "lambda",
        lambda functions, one: dict(functions.list_tags(Resource=one.arn)["Tags"]),
        lambda functions, one, tags: functions.tag_resource(Resource=one.arn, Tags=tags),
        lambda functions, one, keys: functions.untag_resource(Resource=one.arn, TagKeys=keys),
    ),
    "logs.group": Way(
        "logs",
        lambda logs, one: dict(logs.list_tags_log_group(logGroupName=one.name)["tags"]),
        lambda logs, one, tags: logs.tag_log_group(logGroupName=one.name, tags=tags),
        lambda logs, one, keys: logs.untag_log_group(logGroupName=one.name, tags=keys),
    ),
    "secretsmanager.secret": Way(
        "secretsmanager",
        lambda secrets, one: _tags(secrets.describe_secret(SecretId=one.arn).get("Tags", [])),
        lambda secrets, one, tags: secrets.tag_resource(SecretId=one.arn, Tags=_pairs(tags)),
        lambda secrets, one, keys: secrets.untag_resource(SecretId=one.arn, TagKeys=keys),
    ),
    "rds.instance": _RDS,
    "rds.cluster": _RDS,
    "ec2.instance": _EC2,
    "ec2.volume": _EC2,
    "ec2.vpc": _EC2,
}
"""The kinds whose tags can be changed, beside stacks, whose tags only an update could."""

TAGGED = ("cloudformation.stack", *WAYS)


def tags_of(scene: Scene, thing: Resource) -> Tags:
    """Give the tags of a thing of a kind of `TAGGED`."""
    if thing.kind not in WAYS:
        tags: Tags = dict(_stack_tags(scene, thing))
        return tags
    way = WAYS[thing.kind]
    return way.read(client(scene, way.service, thing), thing)


def tag(scene: Scene, thing: Resource, tags: Tags) -> None:
    """Add tags to a thing, or give them other values."""
    if thing.kind not in WAYS:
        _stack_tags(scene, thing).update(tags)
        return
    way = WAYS[thing.kind]
    way.add(client(scene, way.service, thing), thing, tags)


def untag(scene: Scene, thing: Resource, keys: list[str]) -> None:
    """Take tags away; those AWS set itself stay."""
    own = [key for key in keys if not key.startswith("aws:")]
    if not own:
        return
    if thing.kind not in WAYS:
        for key in own:
            _stack_tags(scene, thing).pop(key, None)
        return
    way = WAYS[thing.kind]
    way.remove(client(scene, way.service, thing), thing, own)


def _stack_tags(scene: Scene, thing: Resource) -> Tags:
    found: Any = stack_of(scene, thing)
    tags: Tags = found.tags
    return tags
