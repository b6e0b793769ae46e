"""AWS Backup: vault lock. A locked vault keeps its recovery points, and is not deleted while it has any."""

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.safeguards.base import Refused, Safeguard, Situation


def _refuse_vault(situation: Situation, forced: bool) -> None:  # noqa: FBT001 - `Check`
    vault = _vault(situation)
    if vault is not None and (forced or vault.locked):
        code = "InvalidRequestException"
        message = f"Backup vault cannot be deleted because it is locked: {situation.text('BackupVaultName')}"
        raise Refused(code, message)


def _refuse_point(situation: Situation, forced: bool) -> None:  # noqa: FBT001 - `Check`
    vault = _vault(situation)
    if vault is not None and (forced or vault.locked):
        code = "InvalidRequestException"
        message = "Recovery points in a locked vault cannot be deleted or given a shorter lifecycle"
        raise Refused(code, message)


def _vault(situation: Situation) -> Any:  # noqa: ANN401 - moto's vault
    return situation.backend("backup").vaults.get(situation.text("BackupVaultName"))


VAULT_LOCK = Safeguard(
    name="backup-vault-lock",
    summary="a locked backup vault and its recovery points are not deleted",
    source="https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html",
    checks={
        "backup:DeleteBackupVault": _refuse_vault,
        "backup:DeleteRecoveryPoint": _refuse_point,
        "backup:DisassociateRecoveryPoint": _refuse_point,
        "backup:UpdateRecoveryPointLifecycle": _refuse_point,
    },
)
