"""KMS: keys that open nothing any more, or that nobody can manage."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.policies import allows_account, new_locks
from askfirst.harness.operations.rules.saying import deletes, overwrites, revokes, stops, weakens
from askfirst.harness.operations.rules.standing import served, stood, target
from askfirst.harness.operations.rules.values import flag
from askfirst.harness.operations.table import Domain, Severity


@rule("kms:DisableKey")
def disabled(before: Before) -> Ruling | None:
    """Nothing it encrypted can be read: https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html."""
    return stops("disables the key: what it encrypted cannot be read") if served(target(before), "enabled") else None


@rule("kms:ScheduleKeyDeletion")
def deletion_booked(before: Before) -> Ruling | None:
    """It can be called off for 7 to 30 days: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html."""
    days = before.number("PendingWindowInDays")
    return deletes(f"books the deletion of the key in {30 if days is None else days:g} days")


@rule("kms:PutKeyPolicy")
def locked_out(before: Before) -> Ruling | None:
    """Only AWS Support opens a key that its account may not manage: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html."""
    policy, key = before.parameters.get("Policy"), target(before, "kms.key")
    if flag(before.parameters.get("BypassPolicyLockoutSafetyCheck")) or not allows_account(policy):
        return revokes("leaves nobody the right to manage the key", Severity.IRREVERSIBLE)
    locked = new_locks(policy, key.shut if key else ())
    return revokes(f"denies {', '.join(locked)} to everybody", Severity.IRREVERSIBLE) if locked else None


@rule("kms:DisableKeyRotation")
def rotation_off(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html."""
    return weakens("ends the yearly rotation of the key") if stood(target(before), "rotat") else None


@rule("kms:RevokeGrant", "kms:RetireGrant")
def grant_taken(_: Before) -> Ruling | None:
    """Whoever had it cannot use the key: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html."""
    return revokes("takes a grant of the key away")


@rule("kms:UpdateAlias")
def alias_repointed(before: Before) -> Ruling | None:
    """Whoever uses the alias encrypts with another key: https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html."""
    key, name = before.text("TargetKeyId"), before.text("AliasName")
    if any(key in {one.name, one.arn} for one in before.targets if name in one.aliases):
        return None
    return overwrites("points the alias to another key", Severity.REVERSIBLE, Domain.CONFIGURATION)
