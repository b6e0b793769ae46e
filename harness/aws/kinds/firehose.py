"""Kinds of Firehose: delivery streams and where they deliver to."""

from __future__ import annotations

from collections.abc import Iterator

from askfirst.harness.aws.kinds.base import Kind, Reading
from askfirst.harness.aws.kinds.reading import Thing, flag

PLACES = ("BucketARN", "ClusterJDBCURL", "DomainARN", "Url")


def _read(stream: Thing, _: Thing) -> Reading:
    encryption = stream.delivery_stream_encryption_configuration or {}
    source = (stream.source or {}).get("KinesisStreamARN", "")
    return Reading(
        state=str(stream.delivery_stream_status),
        content=stream.version_id,
        guards={"encryption": flag(encryption.get("Status", encryption.get("KeyType")) not in {None, "DISABLED"})},
        open=tuple(_destinations(stream.destinations)),
        uses=(str(source),) if source else (),
    )


def _destinations(destinations: Thing) -> Iterator[str]:
    for destination in destinations:
        for name, settings in sorted(destination.items()):
            if isinstance(settings, dict):
                yield from (f"{name} -> {settings[place]}" for place in PLACES if settings.get(place))


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="firehose.delivery-stream",
        service="firehose",
        members=lambda backend: backend.delivery_streams.values(),
        arn=lambda stream, _: str(stream.delivery_stream_arn),
        name=lambda stream: str(stream.delivery_stream_name),
        read=_read,
    ),
)
