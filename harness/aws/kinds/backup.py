"""Kinds of AWS Backup: vaults, plans, and the recovery points that our own implementation of backup jobs keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from askfirst.harness.aws.kinds.base import Kind, Reading, digest, own_arn, own_name
from askfirst.harness.aws.kinds.reading import Thing, flag, number, simple

if TYPE_CHECKING:
    from askfirst.harness.records import Part

FOREVER = 36500.0
"""Days of a recovery point that is never deleted: the longest AWS takes."""


def _points(backend: Thing) -> Iterable[Thing]:
    """Give the recovery points of a region, see `gaps/backups.py`: none where no backup job has ever run."""
    return list(getattr(backend, "recovery_points", {}).values())


def _vault(vault: Thing, backend: Thing) -> Reading:
    # Recovery points are resources of their own: who may delete one has not to be allowed to empty the vault as well.
    held = sorted(one.arn for one in _points(backend) if one.vault == vault.backup_vault_name)
    return Reading(
        content=(vault.encryption_key_arn, vault.max_retention_days, held),
        guards={
            "vault lock": flag(vault.locked),
            "least retention days": number(vault.min_retention_days),
        },
    )


def _point(point: Thing, backend: Thing) -> Reading:
    """Read a recovery point; https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html."""
    days = point.lifecycle.get("DeleteAfterDays")
    return Reading(
        state=str(point.status),
        doomed=(f"it is deleted after {days} days",) if days else (),
        guards={"days kept": float(days or FOREVER)},
        uses=tuple(str(one.backup_vault_arn) for one in [backend.vaults.get(point.vault)] if one is not None),
        backs_up=str(point.resource),
    )


def _plan(plan: Thing, backend: Thing) -> Reading:
    """Read a plan. A deleted one stays in moto, with the time of its deletion."""
    rules: dict[str, Part] = {}
    kept = FOREVER
    for rule in plan.backup_plan["Rules"]:
        rules[f"rule {rule['RuleName']}"] = {name: str(value) for name, value in rule.items() if name != "RuleId"}
        kept = min(kept, float(rule.get("Lifecycle", {}).get("DeleteAfterDays") or FOREVER))
    selections = getattr(backend, "backup_selections", {}).get(plan.backup_plan_id, {})
    rules |= {f"selection {name}": digest(repr(one)) for name, one in sorted(selections.items())}
    return Reading(
        state="DELETE_COMPLETE" if plan.deletion_date is not None else "",
        items=len(rules),
        content=plan.version_id,
        guards={"days recovery points are kept": kept},
        capacity={"rules": float(len(plan.backup_plan["Rules"]))},
        aliases=(str(plan.backup_plan.get("BackupPlanName", "")),),
        parts=rules,
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="backup.vault",
        service="backup",
        members=lambda backend: backend.vaults.values(),
        arn=lambda vault, _: str(vault.backup_vault_arn),
        name=lambda vault: str(vault.backup_vault_name),
        read=_vault,
    ),
    Kind(
        kind="backup.plan",
        service="backup",
        members=lambda backend: backend.plans.values(),
        arn=lambda plan, _: str(plan.backup_plan_arn),
        name=lambda plan: str(plan.backup_plan_id),
        read=_plan,
    ),
    # Those of RDS and EBS are snapshots of these services, under their ARNs: there they are read.
    Kind(
        kind="backup.recovery-point",
        service="backup",
        members=lambda backend: [one for one in _points(backend) if one.own],
        arn=own_arn,
        name=own_name,
        read=_point,
    ),
    simple(
        "backup.report-plan",
        "backup",
        "report_plans",
        "report_plan_name",
        content=("report_setting",),
        arn=lambda plan, _: str(plan.report_plan_arn),
    ),
)
