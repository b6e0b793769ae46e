"""Kinds of Secrets Manager: secrets with their versions, and their replicas in other regions."""

from __future__ import annotations

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name
from askfirst.harness.aws.kinds.policies import ways
from askfirst.harness.aws.kinds.reading import Thing, flag
from askfirst.harness.aws.kinds.versions import IN_USE


def _secret(secret: Thing, _: Thing) -> Reading:
    """Read a secret; a deletion that is booked can be called off within 7 to 30 days.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html
    """
    versions = {f"version {name}": _value(version) for name, version in secret.versions.items()}
    current = secret.versions.get(secret.default_version_id)
    allowed, denied = ways(secret.policy)
    return Reading(
        state="PendingDeletion" if secret.deleted_date is not None else "",
        items=len(versions),
        content=(secret.description, secret.kms_key_id, secret.rotation_lambda_arn, secret.auto_rotate_after_days),
        aliases=(str(secret.secret_id), str(secret.name)),
        guards={"rotation": flag(secret.rotation_enabled), "replicas": float(len(secret.replicas))},
        open=allowed,
        shut=denied,
        parts={"value": {IN_USE: _value(current), **versions}} if current is not None else {},
    )


def _value(version: Thing) -> str:
    return str(version.get("secret_string") or version.get("secret_binary") or "")


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="secretsmanager.secret",
        service="secretsmanager",
        members=lambda backend: [one for one in dict.values(backend.secrets) if hasattr(one, "deleted_date")],
        arn=own_arn,
        name=own_name,
        read=_secret,
    ),
    Kind(
        kind="secretsmanager.replica",
        service="secretsmanager",
        members=lambda backend: [one for one in dict.values(backend.secrets) if not hasattr(one, "deleted_date")],
        arn=own_arn,
        name=own_name,
        read=lambda replica, _: Reading(state=str(replica.status), uses=(str(replica.source.arn),)),
    ),
)
