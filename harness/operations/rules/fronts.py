"""What stands before applications, and pools of users, file systems, and the rest that has a protection."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import overwrites, stops, weakens
from askfirst.harness.operations.rules.standing import stood, target
from askfirst.harness.operations.rules.values import at, flag, mappings, number
from askfirst.harness.operations.table import Domain, Severity


@rule("cognito-idp:UpdateUserPool")
def pool_unguarded(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-deletion-protection.html."""
    pool = target(before, "cognito-idp.")
    if before.text("DeletionProtection") == "INACTIVE" and stood(pool, "deletion"):
        return weakens("takes the deletion protection of the pool away")
    if before.text("MfaConfiguration") == "OFF" and stood(pool, "mfa"):
        return weakens("asks users for no second factor")
    return None


@rule("cognito-idp:AdminDisableUser")
def user_disabled(_: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html."""
    return stops("keeps a user out", domain=Domain.ACCESS)


@rule("cloudfront:UpdateDistribution")
def distribution_off(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html."""
    return (
        stops("turns the distribution off")
        if flag(at(before.parameters, "DistributionConfig", "Enabled")) is False
        else None
    )


@rule("apigateway:UpdateStage")
def stage_throttled(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html."""
    for one in mappings(before.parameters.get("patchOperations")):
        path = str(one.get("path"))
        if "throttling" in path and number(one.get("value")) == 0:
            return stops("lets no request through")
        if path == "/deploymentId":
            return overwrites(
                "puts another deployment in the place of the stage's", Severity.REVERSIBLE, Domain.AVAILABILITY
            )
    return None


@rule("apigateway:PutRestApi", "apigatewayv2:ReimportApi")
def api_overwritten(before: Before) -> Ruling | None:
    """Mode overwrite drops what the new definition lacks: https://docs.aws.amazon.com/apigateway/latest/api/API_PutRestApi.html."""
    if before.text("mode") == "merge":
        return None
    return overwrites("puts another definition in the place of the API's", domain=Domain.CONFIGURATION)


@rule("efs:PutBackupPolicy")
def files_not_backed_up(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/efs/latest/ug/API_PutBackupPolicy.html."""
    off = at(before.parameters, "BackupPolicy", "Status") == "DISABLED"
    return weakens("ends automatic backups of the file system") if off and stood(target(before), "backup") else None


@rule("efs:UpdateFileSystemProtection")
def files_overwritable(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/efs/latest/ug/API_UpdateFileSystemProtection.html."""
    if before.text("ReplicationOverwriteProtection") == "DISABLED":
        return weakens("lets a replication overwrite the file system")
    return None


@rule("emr:SetTerminationProtection", "dsql:UpdateCluster", "network-firewall:UpdateFirewallDeleteProtection")
def protection_off(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/emr/latest/ManagementGuide/UsingEMR_TerminationProtection.html."""
    names = ("TerminationProtected", "deletionProtectionEnabled", "DeleteProtection")
    if any(flag(before.parameters.get(name)) is False for name in names) and stood(target(before), "protect"):
        return weakens("takes its protection away")
    return None


@rule("wafv2:UpdateWebACL", "wafv2:DisassociateWebACL")
def wall_opened(before: Before) -> Ruling | None:
    """The rules given replace all: https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateWebACL.html."""
    if before.action.endswith("DisassociateWebACL") or not mappings(before.parameters.get("Rules")):
        return weakens("leaves what is behind it without a wall")
    return None


@rule("glue:UpdateTable")
def table_repointed(before: Before) -> Ruling | None:
    """Queries read from where the table says: https://docs.aws.amazon.com/glue/latest/webapi/API_UpdateTable.html."""
    if "TableInput" in before.parameters and not at(before.parameters, "TableInput", "StorageDescriptor", "Columns"):
        return overwrites("leaves the table without columns", domain=Domain.CONFIGURATION)
    return None


@rule("batch:UpdateJobQueue", "batch:UpdateComputeEnvironment")
def queue_disabled(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/batch/latest/APIReference/API_UpdateJobQueue.html."""
    return stops("disables what runs jobs") if before.text("state") == "DISABLED" else None
