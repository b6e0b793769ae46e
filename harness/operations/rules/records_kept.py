"""What is recorded of what happens: log groups, trails, recorders, detectors, alarms."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import blinds, deletes, harmless, stops, weakens
from askfirst.harness.operations.rules.standing import guard, stood, target
from askfirst.harness.operations.rules.values import at, flag, mappings, texts
from askfirst.harness.operations.table import Domain, Severity

SHORT = 30
"""Days of retention below which, where nothing is known of before, events are taken to be deleted."""


@rule("logs:PutRetentionPolicy")
def events_dropped(before: Before) -> Ruling | None:
    """Events older than that are deleted: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html.

    Without a policy they never are, so that the first one shortens. Down to one day it is a deletion, whoever allowed it.
    """
    days, group = before.number("retentionInDays"), target(before, "logs.group")
    was = guard(group, "retention")
    if days is None or days >= (SHORT if group is None or was is None else was):
        return None
    if days <= 1 and (group is None or group.items != 0):
        return deletes("has events deleted after one day", domain=Domain.AUDIT)
    return blinds(f"has events deleted after {days:g} days, which is earlier than before", Severity.IRREVERSIBLE)


@rule("logs:DeleteRetentionPolicy")
def kept_for_ever(_: Before) -> Ruling | None:
    """Without a policy events never expire: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteRetentionPolicy.html."""
    return harmless("keeps events for ever")


@rule("logs:PutLogGroupDeletionProtection")
def group_unprotected(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogGroupDeletionProtection.html."""
    if flag(before.parameters.get("deletionProtectionEnabled")) is False and stood(target(before), "deletion"):
        return weakens("takes the deletion protection of the log group away")
    return None


@rule("logs:DeleteSubscriptionFilter", "logs:DeleteMetricFilter")
def filter_deleted(_: Before) -> Ruling | None:
    """The group and its events stay: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteSubscriptionFilter.html."""
    return blinds("ends what is made of the events of the group")


@rule("cloudtrail:StopLogging")
def trail_stopped(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StopLogging.html."""
    return stops("stops the trail", domain=Domain.AUDIT) if stood(target(before), "logging") else None


@rule("cloudtrail:PutEventSelectors")
def less_recorded(before: Before) -> Ruling | None:
    """What no selector takes is not recorded: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html."""
    selectors = mappings(before.parameters.get("EventSelectors"))
    advanced = mappings(before.parameters.get("AdvancedEventSelectors"))
    management = any(
        flag(one.get("IncludeManagementEvents")) is not False and one.get("ReadWriteType") in {None, "All"}
        for one in selectors
    ) or any(
        _takes_management(texts(field.get("Equals")))
        for one in advanced
        for field in mappings(one.get("FieldSelectors"))
    )
    if not management:
        return blinds("records fewer calls than before")
    if any(texts(one.get("ExcludeManagementEventSources")) for one in selectors):
        return blinds("leaves services out of the record")
    return None


def _takes_management(values: tuple[str, ...]) -> bool:
    return "Management" in values


@rule("cloudtrail:UpdateTrail")
def trail_weaker(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_UpdateTrail.html."""
    trail = target(before, "cloudtrail.")
    checks = (
        ("IsMultiRegionTrail", "multi", "records one region only"),
        ("EnableLogFileValidation", "validation", "proves its log files unchanged no more"),
        ("IncludeGlobalServiceEvents", "global", "leaves global services out"),
        ("IsOrganizationTrail", "organization", "records one account only"),
    )
    for name, word, because in checks:
        if flag(before.parameters.get(name)) is False and stood(trail, word):
            return blinds(because)
    if before.parameters.get("KmsKeyId") == "" and stood(trail, "encrypt"):
        return blinds("encrypts its log files no more")
    return None


@rule("config:StopConfigurationRecorder")
def recorder_stopped(_: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/config/latest/APIReference/API_StopConfigurationRecorder.html."""
    return stops("stops the recorder of configurations", domain=Domain.AUDIT)


@rule("config:PutConfigurationRecorder")
def recorder_narrowed(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html."""
    group = at(before.parameters, "ConfigurationRecorder", "recordingGroup")
    if flag(at(group, "allSupported")) is False or mappings(at(group, "exclusionByResourceTypes")):
        return blinds("records some kinds of resources only")
    return None


@rule("guardduty:UpdateDetector")
def detector_off(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_UpdateDetector.html."""
    return stops("stops the detector", domain=Domain.AUDIT) if flag(before.parameters.get("Enable")) is False else None


@rule("securityhub:DisableSecurityHub", "macie2:DisableMacie", "inspector2:Disable", "accessanalyzer:DeleteAnalyzer")
def watch_off(_: Before) -> Ruling | None:
    """What it found so far goes with it: https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-disable.html."""
    return stops("ends the watch over the account", Severity.IRREVERSIBLE, Domain.AUDIT)


@rule("cloudwatch:DisableAlarmActions")
def alarms_muted(_: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DisableAlarmActions.html."""
    return weakens("mutes alarms")


@rule("cloudwatch:PutMetricAlarm", "cloudwatch:PutCompositeAlarm")
def alarm_muted(before: Before) -> Ruling | None:
    """A put replaces the whole alarm: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html."""
    alarm = target(before, "cloudwatch.")
    if (
        flag(before.parameters.get("ActionsEnabled")) is False
        and (alarm is not None or not before.state)
        and stood(alarm, "tells")
    ):
        return weakens("mutes the alarm")
    return None
