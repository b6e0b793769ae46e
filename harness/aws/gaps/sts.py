"""STS: `GetCallerIdentity`.

moto names every caller it does not know `user/moto`, with an invented id; the gateway knows whose keys they are.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from askfirst.harness.aws.gaps.base import Guard, Implementation, Situation

if TYPE_CHECKING:
    from pydantic import JsonValue


def get_caller_identity(situation: Situation) -> Mapping[str, JsonValue]:
    """Say who calls: account, ARN, and the unique id of the role (with the session's name) or user."""
    return {"UserId": _unique_id(situation), "Account": situation.account, "Arn": situation.principal_arn}


def _unique_id(situation: Situation) -> str:
    kind, _, name = situation.principal_arn.rpartition(":")[2].partition("/")
    iam = situation.backend("iam")
    if kind == "assumed-role":
        role_name, _, session = name.partition("/")
        ids = [role.id for role in iam.roles.values() if role.name == role_name]
        return f"{ids[0] if ids else _invented('AROA', situation)}:{session}"
    if kind == "user":
        ids = [user.id for user in iam.users.values() if user.name == name.rpartition("/")[2]]
        return str(ids[0]) if ids else _invented("AIDA", situation)
    return situation.account


def _invented(prefix: str, situation: Situation) -> str:
    """Give an id for a principal that is not in IAM: stable, for it depends on the ARN without the session alone."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    number = int(hashlib.sha256(situation.principal_arn.rpartition("/")[0].encode()).hexdigest(), 16)
    return prefix + "".join(alphabet[(number >> (5 * place)) % 32] for place in range(17))


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {("sts", "GetCallerIdentity"): get_caller_identity}
GUARDS: Mapping[tuple[str, str], Guard] = {}
