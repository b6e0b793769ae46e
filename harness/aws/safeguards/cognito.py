"""Cognito: deletion protection of user pools."""

from __future__ import annotations

from askfirst.harness.aws.safeguards.base import Refused, Safeguard, Situation


def _refuse(situation: Situation, forced: bool) -> None:  # noqa: FBT001 - `Check`
    pool = situation.backend("cognito-idp").user_pools.get(situation.text("UserPoolId"))
    if pool is not None and (forced or pool.extended_config.get("DeletionProtection") == "ACTIVE"):
        code = "InvalidParameterException"
        message = (
            "The user pool cannot be deleted because deletion protection is activated. "
            "Deletion protection must be inactivated first."
        )
        raise Refused(code, message)


DELETION_PROTECTION = Safeguard(
    name="cognito-deletion-protection",
    summary="a user pool with deletion protection is not deleted",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-deletion-protection.html",
    checks={"cognito-idp:DeleteUserPool": _refuse},
)
