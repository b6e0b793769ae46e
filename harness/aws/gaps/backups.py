"""What the AWS Backup parts share: recovery points, jobs, and where they are kept.

moto has vaults and plans. Jobs and recovery points are kept on its backend of the region, so that a world's snapshot
holds them. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DescribeRecoveryPoint.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws.gaps.base import Refused, Situation, refusal

if TYPE_CHECKING:
    from pydantic import JsonValue

SERVICE = "backup"
COLD_FOR_AT_LEAST = 90
"""Days a recovery point stays in cold storage at the least."""


@dataclass(slots=True)
class RecoveryPoint:
    """One recovery point. `content` is what it can be restored from, as its kind of resource keeps it."""

    arn: str
    vault: str
    resource: str
    resource_type: str
    role: str
    created: datetime
    size: int
    content: object
    completed: datetime | None = None
    status: str = "COMPLETED"
    lifecycle: dict[str, int] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    restored: datetime | None = None

    @property
    def name(self) -> str:
        """The last part of its ARN."""
        return self.arn.rpartition(":")[2].rpartition("/")[2]

    @property
    def own(self) -> bool:
        """Whether it is a thing of AWS Backup alone: those of RDS and EBS are snapshots of these services as well."""
        return ":recovery-point:" in self.arn


@dataclass(slots=True)
class Job:
    """One backup job, or one restore job: then `made` is the ARN of what it made."""

    id: str
    point: RecoveryPoint
    created: datetime
    state: str = "CREATED"
    completed: datetime | None = None
    message: str = ""
    made: str = ""


def points(situation: Situation) -> dict[str, RecoveryPoint]:
    """Give the recovery points of the region by ARN, as they are kept on the backend."""
    found: dict[str, RecoveryPoint] = _kept(situation, "recovery_points")
    return found


def jobs(situation: Situation) -> dict[str, Job]:
    """Give the backup jobs of the region by id."""
    found: dict[str, Job] = _kept(situation, "backup_jobs")
    return found


def restores(situation: Situation) -> dict[str, Job]:
    """Give the restore jobs of the region by id."""
    found: dict[str, Job] = _kept(situation, "restore_jobs")
    return found


def _kept(situation: Situation, name: str) -> Any:  # noqa: ANN401 - three kinds of things, each typed by its caller
    backend = situation.backend(SERVICE)
    if not hasattr(backend, name):
        setattr(backend, name, {})
    return getattr(backend, name)


def vault(situation: Situation) -> Any:  # noqa: ANN401 - moto's vault
    """Give moto's vault that a call names, or refuse."""
    name = situation.text("BackupVaultName")
    found = situation.backend(SERVICE).vaults.get(name)
    if found is None:
        msg = f"Backup vault {name} not found"
        raise missing(msg)
    return found


def point(situation: Situation) -> RecoveryPoint:
    """Give the recovery point a call names, in the vault it names if it names one; or refuse."""
    found = points(situation).get(situation.text("RecoveryPointArn"))
    name = situation.text("BackupVaultName")
    if name:
        vault(situation)
    if found is None or name not in {"", found.vault}:
        msg = "Cannot find Recovery point."
        raise missing(msg)
    return found


def count(situation: Situation) -> None:
    """Let each vault say how many recovery points it holds."""
    held = [one.vault for one in points(situation).values()]
    for one in situation.backend(SERVICE).vaults.values():
        # moto lists vaults by the first name and describes one by the second.
        one.num_of_recovery_points = one.number_of_recovery_points = held.count(one.backup_vault_name)


def missing(message: str) -> Refused:
    """Give the refusal of what is not there."""
    return refusal(message, "ResourceNotFoundException")


def wrong(message: str) -> Refused:
    """Give the refusal of a parameter."""
    return refusal(message, "InvalidParameterValueException")


def lifecycle(situation: Situation) -> dict[str, int]:
    """Give the lifecycle a call asks for, or refuse one that AWS would not take."""
    asked = {name: days for name, days in situation.one("Lifecycle").items() if isinstance(days, int)}
    known = {name: int(days) for name, days in asked.items() if not isinstance(days, bool)}
    delete, cold = known.get("DeleteAfterDays", -1), known.get("MoveToColdStorageAfterDays", -1)
    if delete == 0 or (cold > 0 and delete > 0 and delete < cold + COLD_FOR_AT_LEAST):
        msg = "Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from MoveToColdStorageAfterDays"
        raise wrong(msg)
    return {name: days for name, days in known.items() if days > 0}


def calculated(recovery_point: RecoveryPoint) -> dict[str, JsonValue]:
    """Give when a recovery point moves to cold storage and when it is deleted."""
    names = {"MoveToColdStorageAfterDays": "MoveToColdStorageAt", "DeleteAfterDays": "DeleteAt"}
    return {
        said: (recovery_point.created + timedelta(days=recovery_point.lifecycle[name])).isoformat()
        for name, said in names.items()
        if name in recovery_point.lifecycle
    }


def said_of(situation: Situation, one: RecoveryPoint) -> dict[str, JsonValue]:
    """Describe a recovery point as AWS does."""
    held_in = situation.backend(SERVICE).vaults.get(one.vault)
    said: dict[str, JsonValue] = {
        "RecoveryPointArn": one.arn,
        "BackupVaultName": one.vault,
        "BackupVaultArn": held_in.backup_vault_arn if held_in is not None else None,
        "ResourceArn": one.resource,
        "ResourceType": one.resource_type,
        "ResourceName": one.resource.rpartition(":")[2].rpartition("/")[2],
        "IamRoleArn": one.role,
        "Status": one.status,
        "CreationDate": one.created.isoformat(),
        "InitiationDate": one.created.isoformat(),
        "CompletionDate": one.completed.isoformat() if one.completed else None,
        "BackupSizeInBytes": one.size,
        "CalculatedLifecycle": calculated(one),
        "Lifecycle": dict(one.lifecycle),
        "EncryptionKeyArn": held_in.encryption_key_arn if held_in is not None else None,
        "IsEncrypted": True,
        "LastRestoreTime": one.restored.isoformat() if one.restored else None,
        "IsParent": False,
        "VaultType": "BACKUP_VAULT",
    }
    return {name: value for name, value in said.items() if value not in (None, {})}


def page(situation: Situation, found: Sequence[Mapping[str, JsonValue]], label: str) -> dict[str, JsonValue]:
    """Give a page of a list; the token of the next one is the place where it begins."""
    token = situation.text("NextToken")
    if token and not token.isdigit():
        msg = "The provided NextToken is not valid."
        raise wrong(msg)
    start = int(token or 0)
    end = start + situation.number("MaxResults", 1000)
    said: dict[str, JsonValue] = {label: [dict(one) for one in found[start:end]]}
    return said | ({"NextToken": str(end)} if end < len(found) else {})
