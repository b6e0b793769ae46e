"""Kinds of DynamoDB: a table with its rows, and backups of tables."""

from __future__ import annotations

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name
from askfirst.harness.aws.kinds.policies import ways
from askfirst.harness.aws.kinds.reading import Thing, flag, number
from askfirst.harness.aws.kinds.versions import CURRENT, IN_USE
from askfirst.harness.records import Part

MARKS = (CURRENT, IN_USE)


def _table(table: Thing, backend: Thing) -> Reading:
    parts = _rows(table)
    recovery = table.continuous_backups["PointInTimeRecoveryDescription"]
    sse = table.sse_specification or {}
    policy = backend.resource_policies.get(table.table_arn)
    allowed, denied = ways(policy.policy_doc) if policy else ((), ())
    streams = bool(table.stream_specification and table.stream_specification.get("StreamEnabled"))
    return Reading(
        items=len(parts),
        content=(table.attr, table.billing_mode, table.throughput, table.stream_specification),
        guards={
            "deletion protection": flag(table.deletion_protection_enabled),
            "point-in-time recovery": flag(recovery["PointInTimeRecoveryStatus"] == "ENABLED"),
            "point-in-time recovery days": number(recovery.get("RecoveryPeriodInDays")),
            "encryption by an own key": flag(sse.get("Enabled")),
        },
        capacity={"stream": flag(streams)},
        open=(*(f"index {index.name}" for index in table.global_indexes), *allowed),
        shut=denied,
        doomed=_doomed(table.ttl),
        parts=parts,
    )


def _doomed(ttl: Thing) -> tuple[str, ...]:
    """Give what time to live deletes: rows within days of the time in that attribute.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
    """
    if ttl["TimeToLiveStatus"] != "ENABLED":
        return ()
    return (f"rows expire by attribute {ttl['AttributeName']}",)


def _rows(table: Thing) -> dict[str, Part]:
    """Give the attributes of every row. Called for every row after every call: texts are kept as they are."""
    found: dict[str, Part] = {}
    if table.range_key_attr is None:
        for row in table.items.values():
            found[str(row.hash_key.value)] = _attributes(row)
        return found
    for rows in table.items.values():
        for row in rows.values():
            found[f"{row.hash_key.value}|{row.range_key.value}"] = _attributes(row)
    return found


def _attributes(row: Thing) -> dict[str, str]:
    found = {
        name: value if type(value := one.value) is str else _text(one.type, value) for name, one in row.attrs.items()
    }
    for mark in MARKS:
        if mark in found:  # an attribute of this name is no mark of a version, see `kinds/versions.py`
            found[f"{mark} "] = found.pop(mark)
    return found


def _text(kind: str, value: object) -> str:
    """Give a value that moto keeps as no text as text, '' where it says nothing."""
    if kind == "NULL" or (kind != "BOOL" and not value):
        return ""
    return repr(value)


def _born(table: Thing) -> str:
    # A transaction that is refused puts a copy of the table back: the object is no identity, its birth is.
    return f"{table.name} {table.created_at.isoformat()}"


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="dynamodb.table",
        service="dynamodb",
        members=lambda backend: backend.tables.values(),
        arn=lambda table, _: str(table.table_arn),
        name=own_name,
        read=_table,
        physical=_born,
    ),
    Kind(
        kind="dynamodb.backup",
        service="dynamodb",
        members=lambda backend: backend.backups.values(),
        arn=own_arn,
        name=own_name,
        read=lambda backup, _: Reading(state=str(backup.status), backs_up=str(backup.table.table_arn)),
    ),
)
