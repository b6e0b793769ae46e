"""CloudWatch Logs: log groups, what is in them, who gets a copy, and how long it is kept."""

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name

FOR_EVER = 36_500.0
"""Days that stand for a group without a retention: its events never expire."""


def _group(group: Any, _: Any) -> Reading:  # noqa: ANN401 - moto's log group
    copies = [
        f"subscription {name} -> {one.destination_arn}" for name, one in sorted(group.subscription_filters.items())
    ]
    return Reading(
        items=sum(len(stream.events) for stream in group.streams.values()),
        content=(group.retention_in_days, group.kms_key_id, sorted(group.streams)),
        guards={
            "retention in days": float(group.retention_in_days or FOR_EVER),
            "encryption with a key": float(bool(group.kms_key_id)),
        },
        open=tuple(copies),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="logs.group",
        service="logs",
        members=lambda backend: backend.groups.values(),
        arn=own_arn,
        name=own_name,
        read=_group,
    ),
    Kind(
        kind="logs.destination",
        service="logs",
        members=lambda backend: backend.destinations.values(),
        arn=own_arn,
        name=lambda destination: str(destination.destination_name),
        read=lambda destination, _: Reading(content=(destination.role_arn, destination.target_arn)),
        # PutDestination over an existing one makes a new object in moto; in AWS it is an update.
        physical=lambda destination: str(destination.destination_name),
    ),
)
