"""KMS: keys that are named by their ARN. moto 5.2.5 looks for the ARN among the ids in these operations, and fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws.gaps.base import Implementation, Refused, Situation

if TYPE_CHECKING:
    from pydantic import JsonValue


def _id(situation: Situation) -> tuple[Any, str]:
    """Give moto's backend and the key's id; a key that is not there is refused as by AWS."""
    backend = situation.backend("kms")
    named = situation.text("KeyId")
    key: str = backend.get_key_id(named)
    if key not in backend.keys:
        arn = f"arn:{situation.partition}:kms:{situation.region}:{situation.account}:key/{key}"
        code = "NotFoundException"
        raise Refused(code, f"Key '{arn}' does not exist")
    return backend, key


def enable(situation: Situation) -> Mapping[str, JsonValue]:
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKey.html."""
    backend, key = _id(situation)
    backend.enable_key(key)
    return {}


def disable(situation: Situation) -> Mapping[str, JsonValue]:
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKey.html."""
    backend, key = _id(situation)
    backend.disable_key(key)
    return {}


def cancel_deletion(situation: Situation) -> Mapping[str, JsonValue]:
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html: the key is disabled then."""
    backend, key = _id(situation)
    if backend.keys[key].key_state != "PendingDeletion":
        code = "KMSInvalidStateException"
        raise Refused(code, f"{backend.keys[key].arn} is not pending deletion.")
    backend.cancel_key_deletion(key)
    return {"KeyId": backend.keys[key].arn}


def schedule_deletion(situation: Situation) -> Mapping[str, JsonValue]:
    """https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html: in 7 to 30 days, 30 if not said."""
    from datetime import UTC, datetime

    backend, key = _id(situation)
    days = situation.number("PendingWindowInDays", 30)
    if not 7 <= days <= 30:
        code = "ValidationException"
        raise Refused(code, f"PendingWindowInDays must be between 7 and 30, not {days}")
    date = backend.schedule_key_deletion(key, days)
    return {
        "KeyId": backend.keys[key].arn,
        "DeletionDate": datetime.fromtimestamp(date, UTC).isoformat(),
        "KeyState": "PendingDeletion",
        "PendingWindowInDays": days,
    }


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {
    ("kms", "CancelKeyDeletion"): cancel_deletion,
    ("kms", "DisableKey"): disable,
    ("kms", "EnableKey"): enable,
    ("kms", "ScheduleKeyDeletion"): schedule_deletion,
}
FOR_BUILDERS = frozenset(IMPLEMENTATIONS)
