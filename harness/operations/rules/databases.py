"""RDS and its kin, Redshift, ElastiCache: protection, backups, names, final snapshots."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import deletes, overwrites, stops, weakens
from askfirst.harness.operations.rules.standing import guard, lower, stood, target
from askfirst.harness.operations.rules.values import flag
from askfirst.harness.operations.table import Domain, Severity

I = Severity.IRREVERSIBLE  # noqa: E741 - as the table writes it
MODIFY = tuple(
    f"{service}:Modify{kind}" for service in ("rds", "neptune", "docdb") for kind in ("DBInstance", "DBCluster")
)
MODIFY_ALL = (*MODIFY, "rds:ModifyGlobalCluster", "neptune:ModifyGlobalCluster", "docdb:ModifyGlobalCluster")
DELETE = tuple(
    f"{service}:Delete{kind}" for service in ("rds", "neptune", "docdb") for kind in ("DBInstance", "DBCluster")
)


@rule(*MODIFY_ALL)
def protection_off(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html."""
    if flag(before.parameters.get("DeletionProtection")) is False and stood(target(before), "deletion"):
        return weakens("takes the deletion protection of the database away")
    return None


@rule(*MODIFY)
def backups_off(before: Before) -> Ruling | None:
    """0 deletes all automated backups at once: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.Enabling.html."""
    wanted, database = before.number("BackupRetentionPeriod"), target(before)
    if wanted == 0 and stood(database, "retention"):
        return weakens("ends automated backups and deletes those there are", I)
    if wanted is not None and lower(wanted, database, "retention", unknown=0):
        return weakens(f"keeps automated backups for {wanted:g} days, which is shorter than before", I)
    return None


@rule(*MODIFY)
def renamed(before: Before) -> Ruling | None:
    """The address of the database changes with its name: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RenameInstance.html."""
    old = before.text("DBInstanceIdentifier") or before.text("DBClusterIdentifier")
    new = before.text("NewDBInstanceIdentifier") or before.text("NewDBClusterIdentifier")
    if new and new.lower() != old.lower():
        return overwrites("renames the database, and its address with it", Severity.REVERSIBLE, Domain.AVAILABILITY)
    if before.text("MasterUserPassword"):
        return overwrites("changes the password of the database's owner", Severity.REVERSIBLE, Domain.ACCESS)
    if flag(before.parameters.get("MultiAZ")) is False and (guard(target(before), "multi") or 0) > 0:
        return weakens("keeps no second instance ready")
    return None


@rule(
    "rds:StopDBInstance", "rds:StopDBCluster", "neptune:StopDBCluster", "docdb:StopDBCluster", "redshift:PauseCluster"
)
def stopped(_: Before) -> Ruling | None:
    """It answers no query: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html."""
    return stops("stops the database")


@rule(
    "rds:RebootDBInstance",
    "rds:RebootDBCluster",
    "rds:FailoverDBCluster",
    "redshift:RebootCluster",
    "elasticache:RebootCacheCluster",
)
def rebooted(_: Before) -> Ruling | None:
    """For minutes it answers no query: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RebootInstance.html."""
    return stops("interrupts the database")


@rule(*DELETE, "redshift:DeleteCluster", "elasticache:DeleteReplicationGroup", "elasticache:DeleteCacheCluster")
def deleted(before: Before) -> Ruling | None:
    """With a final snapshot it can be restored: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html."""
    names = ("FinalDBSnapshotIdentifier", "FinalClusterSnapshotIdentifier", "FinalSnapshotIdentifier")
    skips = flag(before.parameters.get("SkipFinalSnapshot")) or flag(before.parameters.get("SkipFinalClusterSnapshot"))
    if any(map(before.text, names)) and not skips:
        return deletes("deletes the database after a last snapshot", Severity.RECOVERABLE)
    if flag(before.parameters.get("DeleteAutomatedBackups")) is False:
        return deletes("deletes the database and leaves its automated backups", Severity.RECOVERABLE)
    return deletes("deletes the database without a last snapshot")


@rule("elasticache:ModifyReplicationGroup", "elasticache:ModifyCacheCluster")
def cache_unguarded(before: Before) -> Ruling | None:
    """Snapshots kept for 0 days are none: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html."""
    cache = target(before)
    if before.number("SnapshotRetentionLimit") == 0 and stood(cache, "retention"):
        return weakens("ends automated backups of the cache", I)
    if flag(before.parameters.get("AutomaticFailoverEnabled")) is False and stood(cache, "failover"):
        return weakens("ends automatic failover of the cache")
    if before.text("AuthTokenUpdateStrategy") == "DELETE":
        return weakens("takes the password of the cache away")
    return None


@rule("redshift:ModifyCluster", "redshift:ModifySnapshotCopyRetentionPeriod")
def warehouse_unguarded(before: Before) -> Ruling | None:
    """0 deletes automated snapshots: https://docs.aws.amazon.com/redshift/latest/APIReference/API_ModifyCluster.html."""
    cluster, wanted = target(before), before.number("AutomatedSnapshotRetentionPeriod")
    if wanted == 0 and stood(cluster, "automated", "retention"):
        return weakens("ends automated snapshots and deletes those there are", I)
    if wanted is not None and lower(wanted, cluster, "automated", "retention", unknown=0):
        return weakens("keeps automated snapshots for fewer days than before", I)
    if before.text("NewClusterIdentifier"):
        return overwrites("renames the cluster, and its address with it", Severity.REVERSIBLE, Domain.AVAILABILITY)
    if before.number("NumberOfNodes") == 0:
        return stops("leaves the cluster without nodes")
    return None
