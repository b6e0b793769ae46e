"""STS: who calls, and temporary keys that work and know whose they are.

moto names every caller it does not know `user/moto`, gives everybody the same keys for a session token, and forgets what a
role's session was given beside a policy. The gateway knows whose keys they are (`iam/sessions.py`).
https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws.gaps.base import Guard, Implementation, Refused, Situation, invalid
from askfirst.harness.aws.iam.sessions import Made, Session, keep
from askfirst.harness.aws.iam.unique_ids import unique_id

if TYPE_CHECKING:
    from pydantic import JsonValue

HOUR = 3_600
HALF_A_DAY = 43_200


def get_caller_identity(situation: Situation) -> Mapping[str, JsonValue]:
    """Say who calls: account, ARN, and the unique id of the role (with the session's name) or user."""
    found = unique_id(situation.principal_arn, situation.account, situation.backend("iam"))
    return {"UserId": found, "Account": situation.account, "Arn": situation.principal_arn}


def get_session_token(situation: Situation) -> Mapping[str, JsonValue]:
    """Give a user temporary keys with the user's own rights."""
    if situation.text("SerialNumber") or situation.text("TokenCode"):
        message = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
        raise _denied(message)
    key = situation.backend("iam").create_temp_access_key()
    session = _lasting(situation, Session(made=Made.SESSION_TOKEN, user=_user(situation)), HALF_A_DAY)
    return {"Credentials": _credentials(key, session)}


def get_federation_token(situation: Situation) -> Mapping[str, JsonValue]:
    """Give temporary keys for somebody a user vouches for, with what both the user and the policy allow."""
    name = situation.text("Name")
    key = situation.backend("iam").create_temp_access_key()
    made = Session(
        made=Made.FEDERATED, user=_user(situation), name=name, policies=_policies(situation), tags=_tags(situation)
    )
    account = situation.account
    return {
        "Credentials": _credentials(key, _lasting(situation, made, HALF_A_DAY)),
        "FederatedUser": {
            "FederatedUserId": f"{account}:{name}",
            "Arn": f"arn:{situation.partition}:sts::{account}:federated-user/{name}",
        },
    }


def assume_role(situation: Situation) -> Mapping[str, JsonValue]:
    """Begin a session of a role; moto makes it, and what limits it is remembered."""
    name, duration = situation.text("RoleSessionName"), _seconds(situation, HOUR)
    if len(name) > 64:
        message = f"1 validation error detected: Value '{name}' at 'roleSessionName' failed to satisfy constraint: "
        message += "Member must have length less than or equal to 64"
        raise invalid(message)
    if ":assumed-role/" in situation.principal_arn and duration > HOUR:
        message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
        raise invalid(message)
    assumed = situation.backend("sts").assume_role(
        region_name=situation.region,
        role_session_name=name,
        role_arn=situation.text("RoleArn"),
        policy=situation.text("Policy"),
        duration=duration,
        external_id=situation.text("ExternalId"),
    )
    made = Session(
        made=Made.ROLE, role=assumed.role_arn, name=name, policies=_policies(situation), tags=_tags(situation)
    )
    credentials = _credentials(assumed.access_key, _lasting(situation, made, HOUR))
    role: dict[str, JsonValue] = {"AssumedRoleId": str(assumed.user_id), "Arn": str(assumed.arn)}
    return {
        "Credentials": {**credentials, "SessionToken": str(assumed.session_token)},
        "AssumedRoleUser": role,
        **({"PackedPolicySize": 6} if made.policies is not None else {}),
    }


def _denied(message: str) -> Refused:
    return Refused("AccessDenied", message, 403)


def _user(situation: Situation) -> str:
    kind, _, name = situation.principal_arn.rpartition(":")[2].partition("/")
    if kind != "user":
        message = f"Cannot call {situation.operation} with session credentials"
        raise _denied(message)
    return name.rpartition("/")[2]


def _policies(situation: Situation) -> tuple[str, ...] | None:
    """Give the documents and ARNs of managed policies that a session is limited by."""
    handed = situation.parameters.get("PolicyArns")
    arns = [one.get("arn") for one in handed if isinstance(one, Mapping)] if isinstance(handed, list) else []
    found = (situation.text("Policy"), *(one for one in arns if isinstance(one, str)))
    return tuple(one for one in found if one) or None


def _tags(situation: Situation) -> dict[str, str]:
    tags = situation.parameters.get("Tags")
    pairs = [one for one in tags if isinstance(one, Mapping)] if isinstance(tags, list) else []
    return {str(one.get("Key")): str(one.get("Value")) for one in pairs}


def _seconds(situation: Situation, default: int) -> int:
    given = situation.parameters.get("DurationSeconds")
    return given if isinstance(given, int) else default


def _lasting(situation: Situation, session: Session, default: int) -> Session:
    until = situation.now + timedelta(seconds=_seconds(situation, default))
    return replace(session, issued=situation.now, expires=until)


def _credentials(key: Any, session: Session) -> dict[str, JsonValue]:  # noqa: ANN401 - moto's access key
    from moto.sts.utils import random_session_token

    keep(key, session)
    return {
        "AccessKeyId": str(key.access_key_id),
        "SecretAccessKey": str(key.secret_access_key),
        "SessionToken": random_session_token(),
        "Expiration": _written(session.expires),
    }


def _written(time: datetime | None) -> str:
    return "" if time is None else time.isoformat()


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {
    ("sts", "AssumeRole"): assume_role,
    ("sts", "GetCallerIdentity"): get_caller_identity,
    ("sts", "GetFederationToken"): get_federation_token,
    ("sts", "GetSessionToken"): get_session_token,
}
GUARDS: Mapping[tuple[str, str], Guard] = {}
