"""Kinds of Kinesis: a stream with its records, and its registered consumers."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from askfirst.harness.aws.kinds.base import Kind, Reading, digest, own_arn
from askfirst.harness.aws.kinds.policies import ways
from askfirst.harness.aws.kinds.reading import Thing, flag, overdue
from askfirst.harness.records import Part

AN_HOUR = 3600


def _read(stream: Thing, backend: Thing) -> Reading:
    parts = _records(stream)
    allowed, denied = ways(backend.resource_policies.get(stream.arn))
    return Reading(
        state="DELETE_IN_PROGRESS" if stream.status == "DELETING" else str(stream.status),
        items=len(parts),
        content=(stream.stream_mode, sorted(stream.shard_level_metrics)),
        guards={
            "record retention hours": float(stream.retention_period_hours),
            "encryption": flag(stream.encryption_type == "KMS"),
        },
        capacity={"open shards": float(sum(shard.is_open for shard in stream.shards.values()))},
        open=allowed,
        shut=denied,
        doomed=_doomed(stream),
        parts=parts,
    )


def _records(stream: Thing) -> dict[str, Part]:
    """Give the records by content: splitting and merging shards gives them other numbers in other shards."""
    found: dict[str, Part] = {}
    for shard in stream.shards.values():
        for record in shard.records.values():
            key = _key(record.partition_key, record.data)
            again = 1
            while key in found:
                again += 1
                key = f"{_key(record.partition_key, record.data)} ({again})"
            found[key] = record.data or " "
    return found


@functools.lru_cache(maxsize=16384)
def _key(partition_key: str, data: str) -> str:
    """Give a record's name; each record is asked for after every call, and never changes."""
    return f"{partition_key} {digest(data)}"


def _doomed(stream: Thing) -> tuple[str, ...]:
    """Give whether the retention cuts off records that are there: they cannot be read any more, at once.

    https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DecreaseStreamRetentionPeriod.html
    """
    oldest = [next(iter(shard.records.values())).created_at for shard in stream.shards.values() if shard.records]
    if overdue(min(oldest, default=None), stream.retention_period_hours * AN_HOUR):
        return ("records older than the retention are deleted",)
    return ()


def _consumers(backend: Thing) -> Iterable[Thing]:
    return [one for stream in backend.streams.values() for one in stream.consumers]


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="kinesis.stream",
        service="kinesis",
        members=lambda backend: backend.streams.values(),
        arn=own_arn,
        name=lambda stream: str(stream.stream_name),
        read=_read,
    ),
    Kind(
        kind="kinesis.consumer",
        service="kinesis",
        members=_consumers,
        arn=lambda consumer, _: str(consumer.consumer_arn),
        name=lambda consumer: str(consumer.consumer_name),
        read=lambda consumer, _: Reading(uses=(str(consumer.stream_arn),)),
    ),
)
