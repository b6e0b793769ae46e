"""DynamoDB: protection of tables. What is done to rows is in `dynamodb_rows.py`."""

from __future__ import annotations

from collections.abc import Mapping

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import deletes, detaches, harmless, stops, weakens
from askfirst.harness.operations.rules.standing import lower, served, stood, target
from askfirst.harness.operations.rules.values import at, flag, mappings, number, text
from askfirst.harness.operations.table import Severity


@rule("dynamodb:UpdateTimeToLive")
def rows_expire(before: Before) -> Ruling | None:
    """Rows whose attribute lies in the past are deleted within days: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html."""
    wanted = at(before.parameters, "TimeToLiveSpecification")
    table, attribute = target(before, "dynamodb.table"), text(at(wanted, "AttributeName"))
    if not flag(at(wanted, "Enabled")):
        return harmless("lets no row expire any more")
    if table is not None and any(f"attribute {attribute}" in one for one in table.doomed):
        return None
    rows = [part for part in table.parts.values() if isinstance(part, Mapping)] if table is not None else []
    if rows and not any(attribute in row for row in rows):
        return None
    return deletes(f"lets rows expire by {attribute}: those whose time is over are deleted by themselves")


@rule("dynamodb:UpdateContinuousBackups")
def recovery_off(before: Before) -> Ruling | None:
    """Turning it off ends all points in time: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html."""
    wanted = at(before.parameters, "PointInTimeRecoverySpecification")
    table = target(before, "dynamodb.table")
    if flag(at(wanted, "PointInTimeRecoveryEnabled")) is False and stood(table, "recovery"):
        return weakens("ends point-in-time recovery, with all earlier points", Severity.IRREVERSIBLE)
    if lower(number(at(wanted, "RecoveryPeriodInDays")), table, "recovery", "days", unknown=0):
        return weakens("keeps fewer days of points in time", Severity.IRREVERSIBLE)
    return None


@rule("dynamodb:UpdateTable")
def protection_off(before: Before) -> Ruling | None:
    """Protection: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html."""
    if flag(before.parameters.get("DeletionProtectionEnabled")) is False and stood(target(before), "deletion"):
        return weakens("takes the deletion protection of the table away")
    return None


@rule("dynamodb:UpdateTable", "dynamodb:UpdateGlobalTable")
def copies_deleted(before: Before) -> Ruling | None:
    """A replica is a table in another region: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html."""
    if any("Delete" in one for one in mappings(before.parameters.get("ReplicaUpdates"))):
        return deletes("deletes a replica of the table", Severity.RECOVERABLE)
    if any("Delete" in one for one in mappings(before.parameters.get("GlobalSecondaryIndexUpdates"))):
        return detaches("deletes an index of the table", Severity.RECOVERABLE)
    return None


@rule("dynamodb:UpdateTable", "dynamodb:DisableKinesisStreamingDestination")
def stream_off(before: Before) -> Ruling | None:
    """Readers of a stream see no more changes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html."""
    wanted = at(before.parameters, "StreamSpecification", "StreamEnabled")
    if ("StreamArn" in before.parameters or flag(wanted) is False) and served(target(before), "stream"):
        return stops("ends the stream of changes of the table")
    return None
