"""How far a loss reaches and what it takes to undo it: counted in the account right before and right after the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from askfirst.harness.aws.invariants import is_gone
from askfirst.harness.aws.kinds.versions import kept
from askfirst.harness.operations.table import Severity
from askfirst.harness.records import Blast, Change, Effect, Part, Resource

HOLDS_DATA = (
    "backup.",
    "cognito-idp.user-pool",
    "dynamodb.",
    "ec2.image",
    "ec2.snapshot",
    "ec2.volume",
    "ecr.",
    "efs.",
    "elasticache.",
    "glue.table",
    "kinesis.",
    "kms.",
    "logs.",
    "rds.",
    "redshift.",
    "s3.",
    "secretsmanager.",
    "sqs.",
    "ssm.",
)
"""Kinds whose content no definition brings back."""

IN_PLACE = {
    Effect.DOOMED: "take it back before it is carried out",
    Effect.DISABLED: "start it again, or set it back to what it was",
    Effect.CUT_OFF: "put back what was taken away",
    Effect.WEAKENED: "set it back; what was not kept meanwhile stays lost",
}
WAITING = frozenset({"PendingDeletion"})
"""States from which a deletion can be called off."""


def assessed(change: Change, before: Mapping[str, Resource], after: Mapping[str, Resource]) -> Change:
    """Give the change with severity and blast where something was lost; others as they are."""
    old, new = before.get(change.arn), after.get(change.arn)
    effect = change.effect
    if old is None or not effect.harms:
        return change
    lost = _parts_lost(old, new) if effect in {Effect.DATA_LOST, Effect.OVERWRITTEN} else []
    versions = [len(kept(new.parts.get(key, ""))) for key in lost] if new is not None else []
    blast = Blast(
        items=_items(old, new, effect, lost),
        versions_left=sum(versions),
        backups_left=sum(1 for one in after.values() if one.backs_up == old.arn and not is_gone(one)),
        dependents=sum(1 for one in before.values() if old.arn in {one.within, *one.uses} and not is_gone(one)),
    )
    manager = after.get(old.managed_by) if old.managed_by and effect in {Effect.GONE, Effect.REPLACED} else None
    if manager is not None and not is_gone(manager):
        blast = replace(blast, undo=f"{manager.name} makes another")
        return replace(change, severity=Severity.RECOVERABLE.value, blast=blast, replaceable=True)
    severity, undo = _undo(change, old, new, blast, all_kept=bool(versions) and all(versions))
    return replace(change, severity=severity.value, blast=replace(blast, undo=undo))


def _parts_lost(old: Resource, new: Resource | None) -> list[str]:
    left: Mapping[str, Part] = {} if new is None else new.parts
    return [key for key, part in old.parts.items() if left.get(key) != part]


def _items(old: Resource, new: Resource | None, effect: Effect, lost: list[str]) -> int | None:
    if effect in {Effect.GONE, Effect.REPLACED}:
        return old.items
    if lost:
        return len(lost)
    if effect is Effect.DOOMED:
        return old.items
    if old.items is None or new is None or new.items is None:
        return None
    return max(0, old.items - new.items)


def _undo(change: Change, old: Resource, new: Resource | None, blast: Blast, *, all_kept: bool) -> tuple[Severity, str]:
    if change.effect in IN_PLACE:
        return Severity.REVERSIBLE, IN_PLACE[change.effect]
    if change.effect is Effect.GONE and new is not None and new.state in WAITING:
        return Severity.REVERSIBLE, "call the deletion off before its waiting period ends"
    if all_kept:
        return Severity.REVERSIBLE, f"bring back {_one_of(blast.versions_left, 'earlier version')}"
    if blast.backups_left:
        return Severity.RECOVERABLE, f"restore it from {_one_of(blast.backups_left, 'backup')}"
    if change.effect in {Effect.GONE, Effect.REPLACED} and not (old.items or old.kind.startswith(HOLDS_DATA)):
        return Severity.RECOVERABLE, "make it again from its definition"
    return Severity.IRREVERSIBLE, ""


def _one_of(count: int, what: str) -> str:
    return f"the {what}" if count == 1 else f"one of {count} {what}s"
