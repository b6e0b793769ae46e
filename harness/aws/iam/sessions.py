"""Temporary keys that the world has minted: whose they are, since when, until when, and what limits them.

moto keeps less of a session than policies ask for. What it lacks is kept here, on moto's own object of the key, so that it
goes with the world through snapshots.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moto.iam.models import AccessKey


Refusal = tuple[str, str, int]
"""Code, message and status of an error."""


class Made(enum.Enum):
    """By which operation keys were made."""

    LONG_LIVED = "CreateAccessKey"
    ROLE = "AssumeRole"
    SESSION_TOKEN = "GetSessionToken"  # noqa: S105 - the name of an operation
    FEDERATED = "GetFederationToken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What is known of a key. `user` or `role` names the entity behind it; `policies` are what was handed over with it.

    `policies` holds documents and ARNs of managed policies; None where nothing limits the session beside its entity.
    """

    made: Made
    user: str = ""
    role: str = ""
    name: str = ""
    policies: tuple[str, ...] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    issued: datetime | None = None
    expires: datetime | None = None


def keep(key: AccessKey, session: Session) -> None:
    """Remember what a temporary key is."""
    key.minted_session = session  # type: ignore[attr-defined]  # a mark of ours on moto's object


def session_of(key: Any, roles: Any) -> Session:  # noqa: ANN401 - moto's access key, and its assumed roles
    """Tell what a key is; `roles` are the sessions of roles that moto keeps in the same account."""
    kept = getattr(key, "minted_session", None)
    if isinstance(kept, Session):
        return kept
    for one in roles:
        if one.access_key_id == key.access_key_id:
            return Session(
                made=Made.ROLE,
                role=str(one.role_arn),
                name=str(one.session_name),
                policies=(one.policy,) if one.policy else None,
                issued=_aware(key.create_date),
                expires=_aware(one.expiration),
            )
    return Session(made=Made.LONG_LIVED, user=str(key.user_name or ""))


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)


WITH_TOKEN = frozenset({"AssumeRole", "GetCallerIdentity"})
FEDERATED_ONLY = frozenset({"GetCallerIdentity"})
OF_USERS = frozenset({"GetSessionToken", "GetFederationToken"})
"""Operations that only a user's long-lived keys may call."""


def barred(session: Session | None, service: str, operation: str, now: datetime) -> Refusal | None:
    """Give the refusal of what keys of a kind may never do, whatever policies allow; None where there is none.

    Without a session it is the agent's own key, that of a role. Keys of GetSessionToken and GetFederationToken reach
    neither IAM (without MFA, which nobody here can prove) nor most of STS.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
    """
    if session is not None and session.expires is not None and session.expires <= now:
        from askfirst.harness.faulting.codes import expired_token

        expired = expired_token(service)
        return expired.code, expired.message, expired.status
    made = Made.ROLE if session is None else session.made
    if service == "sts":
        may = {
            Made.LONG_LIVED: True,
            Made.ROLE: operation not in OF_USERS,
            Made.SESSION_TOKEN: operation in WITH_TOKEN,
            Made.FEDERATED: operation in FEDERATED_ONLY,
        }[made]
        return None if may else ("AccessDenied", f"Cannot call {operation} with session credentials", 403)
    if service == "iam" and made in {Made.SESSION_TOKEN, Made.FEDERATED}:
        return "InvalidClientTokenId", "The security token included in the request is invalid", 403
    return None
