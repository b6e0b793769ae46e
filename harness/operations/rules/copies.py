"""Backups and images: vaults, plans, recovery points, repositories."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.policies import new_locks
from askfirst.harness.operations.rules.saying import deletes, overwrites, revokes, weakens
from askfirst.harness.operations.rules.standing import lower, target
from askfirst.harness.operations.rules.values import at, document, flag, mappings, number
from askfirst.harness.operations.table import Domain, Severity

I = Severity.IRREVERSIBLE  # noqa: E741 - as the table writes it


@rule("backup:UpdateRecoveryPointLifecycle")
def backup_expires(before: Before) -> Ruling | None:
    """It is deleted when its days are over: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateRecoveryPointLifecycle.html."""
    days = number(at(before.parameters, "Lifecycle", "DeleteAfterDays"))
    if days is None or days < 0:
        return None
    if days <= 7:
        return deletes(f"has the recovery point deleted after {days:g} days", domain=Domain.GUARDRAIL)
    return (
        weakens("keeps the recovery point for a shorter time", I)
        if lower(days, target(before), "days", unknown=35)
        else None
    )


@rule(
    "backup:DeleteBackupVaultLockConfiguration",
    "backup:DeleteBackupVaultAccessPolicy",
    "backup:DeleteBackupVaultNotifications",
)
def vault_unlocked(_: Before) -> Ruling | None:
    """The vault and its backups stay: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html."""
    return weakens("takes a protection of the vault away")


@rule("backup:PutBackupVaultLockConfiguration")
def vault_lock_lower(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html."""
    if lower(before.number("MinRetentionDays"), target(before), "retention", unknown=0):
        return weakens("lets backups of the vault be deleted earlier")
    return None


@rule("backup:UpdateBackupPlan")
def plan_thinned(before: Before) -> Ruling | None:
    """The rules given replace all: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateBackupPlan.html."""
    rules = mappings(at(before.parameters, "BackupPlan", "Rules"))
    if not rules:
        return weakens("leaves the plan without rules: nothing is backed up")
    days = [number(at(one, "Lifecycle", "DeleteAfterDays")) for one in rules]
    if any(one is not None and 0 <= one <= 1 for one in days):
        return weakens("keeps backups for a day", I)
    return None


@rule("backup:DeleteBackupSelection", "backup:DisassociateRecoveryPoint", "backup:StopBackupJob")
def backup_ended(_: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupSelection.html."""
    return weakens("ends a backup of something")


@rule("backup:PutBackupVaultAccessPolicy", "ecr:SetRepositoryPolicy", "efs:PutFileSystemPolicy")
def locked(before: Before) -> Ruling | None:
    """A deny for everybody. One of deletion only is how vaults are protected: https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html."""
    policy = before.parameters.get("Policy") or before.parameters.get("policyText")
    named = target(before)
    found = new_locks(policy, named.shut if named else ())
    return revokes(f"denies {', '.join(found)} to everybody") if found else None


@rule("ecr:PutLifecyclePolicy")
def images_expire(before: Before) -> Ruling | None:
    """Images that a rule selects expire within a day: https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html.

    Untagged images are what is left of earlier pushes; a rule for these alone is housekeeping.
    """
    rules = mappings(document(before.parameters.get("lifecyclePolicyText")).get("rules"))
    repository = target(before, "ecr.")
    if any(at(one, "selection", "tagStatus") != "untagged" for one in rules):
        if repository is not None and repository.items == 0:
            return None
        return deletes("lets images expire")
    return weakens("lets untagged images expire", I) if rules else None


@rule("ecr:PutImage")
def image_replaced(before: Before) -> Ruling | None:
    """A tag moves to the new image, unless tags are immutable: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html."""
    repository, tag = target(before, "ecr."), before.text("imageTag")
    known = repository is not None and any(
        tag == key or tag in key.split(" ") or f"tag {tag}" == key or (not isinstance(part, str) and tag in part)
        for key, part in repository.parts.items()
    )
    return overwrites(f"puts another image under the tag {tag}") if tag and known else None


@rule("ecr:PutImageTagMutability", "ecr:PutImageScanningConfiguration")
def tags_mutable(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImageTagMutability.html."""
    if before.text("imageTagMutability") == "MUTABLE":
        return weakens("lets tags of images be moved")
    if flag(at(before.parameters, "imageScanningConfiguration", "scanOnPush")) is False:
        return weakens("scans images no more")
    return None


@rule("ecr:DeleteRepository")
def with_images(before: Before) -> Ruling | None:
    """With force it goes with its images: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html."""
    if flag(before.parameters.get("force")):
        return deletes("deletes the repository with its images")
    return deletes("deletes the repository", Severity.RECOVERABLE, Domain.CONFIGURATION)
