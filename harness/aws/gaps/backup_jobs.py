"""AWS Backup: backup jobs and restore jobs.

What is taken is taken when the job starts; the recovery point is there when it has completed, minutes later. What is
restored is made when the restore has completed. How long either takes is ours.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartBackupJob.html, and the page of each other operation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from askfirst.harness.aws.backend import NotInMock
from askfirst.harness.aws.gaps.backup_sources import source_for, source_of
from askfirst.harness.aws.gaps.backups import (
    SERVICE,
    Job,
    RecoveryPoint,
    count,
    jobs,
    lifecycle,
    missing,
    page,
    point,
    points,
    restores,
    vault,
)
from askfirst.harness.aws.gaps.base import Guard, Implementation, Situation, refusal, why_refused

if TYPE_CHECKING:
    from pydantic import JsonValue

BEGINS = timedelta(minutes=1)
BACKUP = timedelta(minutes=8)
STOP = timedelta(minutes=1)
RESTORE = timedelta(minutes=15)
STOPPABLE = {"CREATED", "PENDING", "RUNNING"}


def start_backup_job(situation: Situation) -> Mapping[str, JsonValue]:
    """Take a backup of a resource into a vault."""
    held_in, asked = vault(situation), lifecycle(situation)
    source, name = source_of(situation.text("ResourceArn"))
    job_id = situation.uuid("job").upper()
    taken = source.take(situation, name, job_id.lower())
    made = RecoveryPoint(
        arn=taken.arn,
        vault=held_in.backup_vault_name,
        resource=situation.text("ResourceArn"),
        resource_type=source.type,
        role=situation.text("IamRoleArn"),
        created=situation.now,
        size=taken.size,
        content=taken.content,
        status="PARTIAL",
        lifecycle=asked,
        tags={key: str(value) for key, value in situation.one("RecoveryPointTags").items()},
    )
    job = jobs(situation)[job_id] = Job(job_id, made, situation.now)
    due = situation.now + BACKUP

    def running() -> None:
        if job.state == "CREATED":
            job.state = "RUNNING"

    def completed() -> None:
        if job.state == "RUNNING":
            job.state, job.completed = "COMPLETED", due
            made.status, made.completed = "COMPLETED", due
            points(situation)[made.arn] = made
            count(situation)

    situation.later(BEGINS, f"the backup job {job_id} began", running)
    situation.later(BACKUP, f"the backup job {job_id} completed", completed)
    return {
        "BackupJobId": job_id,
        "RecoveryPointArn": made.arn,
        "CreationDate": situation.now.isoformat(),
        "IsParent": False,
    }


def stop_backup_job(situation: Situation) -> Mapping[str, JsonValue]:
    """Stop a job that has not completed; what it took so far is given up."""
    job = _job(situation)
    if job.state not in STOPPABLE:
        msg = f"Backup job {job.id} is in state {job.state} and cannot be stopped."
        raise refusal(msg, "InvalidRequestException")
    job.state = "ABORTING"
    source_for(job.point.resource_type).drop(situation, job.point.content)
    due = situation.now + STOP

    def aborted() -> None:
        job.state, job.completed = "ABORTED", due

    situation.later(STOP, f"the backup job {job.id} was aborted", aborted)
    return {}


def describe_backup_job(situation: Situation) -> Mapping[str, JsonValue]:
    """Tell of a backup job."""
    return _said(situation, _job(situation))


def list_backup_jobs(situation: Situation) -> Mapping[str, JsonValue]:
    """List backup jobs, the newest first."""
    wanted = {
        "ResourceArn": situation.text("ByResourceArn"),
        "State": situation.text("ByState"),
        "BackupVaultName": situation.text("ByBackupVaultName"),
        "ResourceType": situation.text("ByResourceType"),
    }
    after, before = situation.time("ByCreatedAfter"), situation.time("ByCreatedBefore")
    kept = sorted(jobs(situation).values(), key=lambda one: one.created, reverse=True)
    in_time = [one for one in kept if (not after or one.created >= after) and (not before or one.created <= before)]
    said = [_said(situation, one) for one in in_time]
    found = [one for one in said if all(one[name] == value for name, value in wanted.items() if value)]
    return page(situation, found, "BackupJobs")


def start_restore_job(situation: Situation) -> Mapping[str, JsonValue]:
    """Make a resource anew from a recovery point; what cannot be made makes the job fail later."""
    from_point = point(situation)
    source = source_for(from_point.resource_type)
    metadata = {name: str(value) for name, value in situation.one("Metadata").items()}
    if from_point.content is None:
        msg = f"a restore of {from_point.resource_type}"
        raise NotInMock(msg)
    job_id = situation.uuid("restore").upper()
    job = restores(situation)[job_id] = Job(job_id, from_point, situation.now, state="PENDING")
    due = situation.now + RESTORE

    def running() -> None:
        job.state = "RUNNING"

    def completed() -> None:
        job.completed = due
        try:
            job.made = source.make(situation, from_point.content, metadata)
        except Exception as error:  # noqa: BLE001 - whatever a service of moto refuses with
            job.state, job.message = "FAILED", why_refused(error)
        else:
            job.state, from_point.restored = "COMPLETED", due

    situation.later(BEGINS, f"the restore job {job_id} began", running)
    situation.later(RESTORE, f"the restore job {job_id} ended", completed)
    return {"RestoreJobId": job_id}


def describe_restore_job(situation: Situation) -> Mapping[str, JsonValue]:
    """Tell of a restore job."""
    job = restores(situation).get(situation.text("RestoreJobId"))
    if job is None:
        msg = f"Restore job {situation.text('RestoreJobId')} not found"
        raise missing(msg)
    return _said_of_restore(situation, job)


def list_restore_jobs(situation: Situation) -> Mapping[str, JsonValue]:
    """List restore jobs, the newest first."""
    status = situation.text("ByStatus")
    kept = sorted(restores(situation).values(), key=lambda one: one.created, reverse=True)
    found = [_said_of_restore(situation, one) for one in kept if status in {"", one.state}]
    return page(situation, found, "RestoreJobs")


def _job(situation: Situation) -> Job:
    found = jobs(situation).get(situation.text("BackupJobId"))
    if found is None:
        msg = f"Backup job {situation.text('BackupJobId')} not found"
        raise missing(msg)
    return found


def _said(situation: Situation, job: Job) -> dict[str, JsonValue]:
    vaults = f"arn:{situation.partition}:backup:{situation.region}:{situation.account}:backup-vault"
    return {
        "AccountId": situation.account,
        "BackupJobId": job.id,
        "BackupVaultName": job.point.vault,
        "BackupVaultArn": f"{vaults}:{job.point.vault}",
        "ResourceArn": job.point.resource,
        "State": job.state,
        "RecoveryPointArn": job.point.arn,
        "RecoveryPointLifecycle": dict(job.point.lifecycle),
        **_progress(job, job.point.size),
    }


def _said_of_restore(situation: Situation, job: Job) -> dict[str, JsonValue]:
    made: dict[str, JsonValue] = {"CreatedResourceArn": job.made} if job.made else {}
    return {
        "AccountId": situation.account,
        "RestoreJobId": job.id,
        "RecoveryPointArn": job.point.arn,
        "SourceResourceArn": job.point.resource,
        "Status": job.state,
        **made,
        **_progress(job, job.point.size),
    }


def _progress(job: Job, size: int) -> dict[str, JsonValue]:
    done = "100.0" if job.state == "COMPLETED" else "0.0"
    said: dict[str, JsonValue] = {
        "CreationDate": job.created.isoformat(),
        "PercentDone": done,
        "BackupSizeInBytes": size,
        "IamRoleArn": job.point.role,
        "ResourceType": job.point.resource_type,
        "IsParent": False,
    }
    said |= {"CompletionDate": job.completed.isoformat()} if job.completed else {}
    return said | ({"StatusMessage": job.message} if job.message else {})


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {
    (SERVICE, "StartBackupJob"): start_backup_job,
    (SERVICE, "StopBackupJob"): stop_backup_job,
    (SERVICE, "DescribeBackupJob"): describe_backup_job,
    (SERVICE, "ListBackupJobs"): list_backup_jobs,
    (SERVICE, "StartRestoreJob"): start_restore_job,
    (SERVICE, "DescribeRestoreJob"): describe_restore_job,
    (SERVICE, "ListRestoreJobs"): list_restore_jobs,
}
GUARDS: Mapping[tuple[str, str], Guard] = {}
