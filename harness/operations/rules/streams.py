"""Kinesis and Firehose: records kept for less time, streams that go nowhere."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import overwrites, weakens
from askfirst.harness.operations.rules.standing import lower, target
from askfirst.harness.operations.table import Domain, Severity


@rule("kinesis:DecreaseStreamRetentionPeriod")
def records_dropped(before: Before) -> Ruling | None:
    """Older records are gone at once: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DecreaseStreamRetentionPeriod.html."""
    hours = before.number("RetentionPeriodHours")
    if lower(24 if hours is None else hours, target(before), "retention", unknown=float("inf")):
        return overwrites("drops records that are older than before", Severity.IRREVERSIBLE)
    return None


@rule("kinesis:StopStreamEncryption", "firehose:StopDeliveryStreamEncryption")
def unencrypted(_: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_StopStreamEncryption.html."""
    return weakens("ends the encryption of the stream")


@rule("firehose:UpdateDestination")
def delivered_elsewhere(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_UpdateDestination.html."""
    if any("BucketARN" in one for one in before.parameters.values() if isinstance(one, dict)):
        return overwrites("delivers records elsewhere", Severity.REVERSIBLE, Domain.AVAILABILITY)
    return None
