"""Secrets Manager and Parameter Store: values replaced, waiting periods skipped."""

from __future__ import annotations

from collections.abc import Mapping

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.policies import new_locks
from askfirst.harness.operations.rules.saying import deletes, detaches, overwrites, revokes, weakens
from askfirst.harness.operations.rules.standing import target
from askfirst.harness.operations.rules.values import flag, texts
from askfirst.harness.operations.table import Severity

R = Severity.REVERSIBLE


@rule("secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret")
def secret_replaced(before: Before) -> Ruling | None:
    """The value before stays as AWSPREVIOUS, for one change: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html."""
    stages = texts(before.parameters.get("VersionStages"))
    writes = "SecretString" in before.parameters or "SecretBinary" in before.parameters
    if not writes or (stages and "AWSCURRENT" not in stages):
        return None
    secret = target(before, "secretsmanager.secret")
    if secret is not None and secret.items == 0 and not secret.parts:
        return None
    return overwrites("puts another value in the place of the secret", R)


@rule("secretsmanager:DeleteSecret")
def secret_deleted(before: Before) -> Ruling | None:
    """Without force it can be restored for 7 to 30 days: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html."""
    if flag(before.parameters.get("ForceDeleteWithoutRecovery")):
        return deletes("deletes the secret with no time to bring it back")
    days = before.number("RecoveryWindowInDays")
    return deletes(f"books the deletion of the secret in {30 if days is None else days:g} days", R)


@rule("secretsmanager:UpdateSecretVersionStage")
def current_moved(before: Before) -> Ruling | None:
    """What has no label is deleted in time: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html."""
    if before.text("VersionStage") == "AWSCURRENT":
        return overwrites("makes another version of the secret the current one", R)
    return None


@rule("secretsmanager:RotateSecret")
def rotated(before: Before) -> Ruling | None:
    """It rotates at once unless told not to: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html."""
    if flag(before.parameters.get("RotateImmediately")) is False:
        return None
    return overwrites("has the secret replaced by another at once", R)


@rule("secretsmanager:CancelRotateSecret")
def rotation_off(_: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CancelRotateSecret.html."""
    return weakens("ends the rotation of the secret")


@rule("secretsmanager:RemoveRegionsFromReplication")
def replica_removed(_: Before) -> Ruling | None:
    """The secret stays, its copy elsewhere goes: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RemoveRegionsFromReplication.html."""
    return detaches("takes copies of the secret away")


@rule(
    "secretsmanager:PutResourcePolicy",
    "dynamodb:PutResourcePolicy",
    "kinesis:PutResourcePolicy",
    "logs:PutResourcePolicy",
)
def policy_locks(before: Before) -> Ruling | None:
    """A deny for everybody is for the owner too."""
    policy = next(
        (
            before.parameters[name]
            for name in ("ResourcePolicy", "Policy", "policyDocument")
            if before.parameters.get(name)
        ),
        None,
    )
    named = target(before)
    locked = new_locks(policy, named.shut if named else ())
    return revokes(f"denies {', '.join(locked)} to everybody") if locked else None


@rule("ssm:PutParameter")
def parameter_replaced(before: Before) -> Ruling | None:
    """Earlier versions stay: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html."""
    if not flag(before.parameters.get("Overwrite")):
        return None
    parameter = target(before, "ssm.parameter")
    if parameter is None and before.state:
        return None
    if before.text("Tier") == "Advanced" and "Expiration" in before.text("Policies"):
        return deletes("lets the parameter expire", R)
    value = parameter.parts.get("value") if parameter is not None else None
    if isinstance(value, Mapping) and value.get("in use") == before.text("Value"):
        return None
    return overwrites("puts another value in the place of the parameter", R)
