"""The unique ids of principals, as `aws:userid` and GetCallerIdentity show them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
"""

from __future__ import annotations

import hashlib
from typing import Any


def unique_id(arn: str, account: str, iam: Any) -> str:  # noqa: ANN401 - moto's backend of IAM
    """Give the unique id of a role (with the session's name), a user or a federated user; the account's number for root."""
    kind, _, name = arn.rpartition(":")[2].partition("/")
    if kind == "assumed-role":
        role_name, _, session = name.partition("/")
        ids = [role.id for role in iam.roles.values() if role.name == role_name]
        return f"{ids[0] if ids else _invented('AROA', arn)}:{session}"
    if kind == "user":
        ids = [user.id for user in iam.users.values() if user.name == name.rpartition("/")[2]]
        return str(ids[0]) if ids else _invented("AIDA", arn)
    return f"{account}:{name}" if kind == "federated-user" else account


def _invented(prefix: str, arn: str) -> str:
    """Give an id for a principal that is not in IAM: stable, for it depends on the ARN without the session alone."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    number = int(hashlib.sha256(arn.rpartition("/")[0].encode()).hexdigest(), 16)
    return prefix + "".join(alphabet[(number >> (5 * place)) % 32] for place in range(17))
