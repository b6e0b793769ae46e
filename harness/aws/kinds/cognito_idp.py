"""Cognito user pools: the users in them, and the clients through which they sign in."""

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name


def _pool(pool: Any, _: Any) -> Reading:  # noqa: ANN401 - moto's user pool
    settings = pool.extended_config
    return Reading(
        items=len(pool.users),
        content=(pool.mfa_config, pool.status, sorted(pool.clients), sorted(pool.groups)),
        parts={
            name: {"status": str(user.status), "enabled": "1" if user.enabled else ""}
            for name, user in pool.users.items()
        },
        guards={
            "deletion protection": float(settings.get("DeletionProtection") == "ACTIVE"),
            "MFA": {"OFF": 0.0, "OPTIONAL": 1.0, "ON": 2.0}.get(pool.mfa_config, 0.0),
        },
        open=(
            *sorted(f"client {one}" for one in pool.clients),
            *sorted(f"group {one}" for one in pool.groups),
            *sorted(f"identity provider {one}" for one in pool.identity_providers),
        ),
        aliases=(pool.id,),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="cognito-idp.user-pool",
        service="cognito-idp",
        members=lambda backend: backend.user_pools.values(),
        arn=own_arn,
        name=own_name,
        read=_pool,
    ),
)
