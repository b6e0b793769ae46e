"""AWS Backup: recovery points, and vaults that hold some.

moto lacks recovery points, and deletes a vault whatever it holds.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupVault.html, and the page of each other operation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from askfirst.harness.aws.gaps.backup_sources import source_for
from askfirst.harness.aws.gaps.backups import (
    SERVICE,
    calculated,
    count,
    lifecycle,
    page,
    point,
    points,
    said_of,
    vault,
)
from askfirst.harness.aws.gaps.base import Guard, Implementation, Situation, refusal

if TYPE_CHECKING:
    from pydantic import JsonValue


def list_by_vault(situation: Situation) -> Mapping[str, JsonValue]:
    """List the recovery points of a vault, the newest first."""
    name = vault(situation).backup_vault_name
    wanted = {"ResourceArn": situation.text("ByResourceArn"), "ResourceType": situation.text("ByResourceType")}
    after, before = situation.time("ByCreatedAfter"), situation.time("ByCreatedBefore")
    kept = sorted(points(situation).values(), key=lambda one: one.created, reverse=True)
    said = [
        said_of(situation, one)
        for one in kept
        if one.vault == name and (not after or one.created >= after) and (not before or one.created <= before)
    ]
    found = [one for one in said if all(one[member] == value for member, value in wanted.items() if value)]
    return page(situation, found, "RecoveryPoints")


def list_by_resource(situation: Situation) -> Mapping[str, JsonValue]:
    """List the recovery points of a resource, the newest first; one that nobody ever backed up has none."""
    kept = sorted(points(situation).values(), key=lambda one: one.created, reverse=True)
    found = []
    for one in kept:
        if one.resource == situation.text("ResourceArn"):
            said = said_of(situation, one)
            said["BackupSizeBytes"] = said.pop("BackupSizeInBytes")
            found.append(said)
    return page(situation, found, "RecoveryPoints")


def list_protected_resources(situation: Situation) -> Mapping[str, JsonValue]:
    """List what has recovery points."""
    newest = {one.resource: one for one in sorted(points(situation).values(), key=lambda one: one.created)}
    found: list[Mapping[str, JsonValue]] = [
        {
            "ResourceArn": one.resource,
            "ResourceType": one.resource_type,
            "LastBackupTime": one.created.isoformat(),
            "LastRecoveryPointArn": one.arn,
        }
        for one in newest.values()
    ]
    return page(situation, found, "Results")


def describe_recovery_point(situation: Situation) -> Mapping[str, JsonValue]:
    """Tell of a recovery point."""
    return said_of(situation, point(situation)) | {"StorageClass": "WARM"}


def restore_metadata(situation: Situation) -> Mapping[str, JsonValue]:
    """Give the metadata with which a recovery point was taken."""
    found = point(situation)
    described = source_for(found.resource_type).described(found.content)
    return {
        "BackupVaultArn": said_of(situation, found)["BackupVaultArn"],
        "RecoveryPointArn": found.arn,
        "RestoreMetadata": dict(described),
        "ResourceType": found.resource_type,
    }


def delete_recovery_point(situation: Situation) -> Mapping[str, JsonValue]:
    """Delete a recovery point, and the snapshot it is."""
    found = point(situation)
    source_for(found.resource_type).drop(situation, found.content)
    del points(situation)[found.arn]
    count(situation)
    return {}


def update_lifecycle(situation: Situation) -> Mapping[str, JsonValue]:
    """Say when a recovery point moves to cold storage and when it is deleted; without a lifecycle it is kept for ever."""
    found, asked = point(situation), lifecycle(situation)
    found.lifecycle = asked
    return {
        "BackupVaultArn": said_of(situation, found)["BackupVaultArn"],
        "RecoveryPointArn": found.arn,
        "Lifecycle": dict(asked),
        "CalculatedLifecycle": calculated(found),
    }


def refuse_full_vault(situation: Situation) -> None:
    """Refuse to delete a vault that holds recovery points."""
    held = sum(one.vault == situation.text("BackupVaultName") for one in points(situation).values())
    if held:
        msg = f"Backup vault cannot be deleted (contains {held} recovery points)"
        raise refusal(msg, "InvalidRequestException")


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {
    (SERVICE, "ListRecoveryPointsByBackupVault"): list_by_vault,
    (SERVICE, "ListRecoveryPointsByResource"): list_by_resource,
    (SERVICE, "ListProtectedResources"): list_protected_resources,
    (SERVICE, "DescribeRecoveryPoint"): describe_recovery_point,
    (SERVICE, "GetRecoveryPointRestoreMetadata"): restore_metadata,
    (SERVICE, "DeleteRecoveryPoint"): delete_recovery_point,
    (SERVICE, "UpdateRecoveryPointLifecycle"): update_lifecycle,
}
GUARDS: Mapping[tuple[str, str], Guard] = {(SERVICE, "DeleteBackupVault"): refuse_full_vault}
