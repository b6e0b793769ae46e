"""KMS: keys. What is encrypted with a key is lost with it."""

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_id
from askfirst.harness.aws.kinds.policies import ways


def _key(key: Any, _: Any) -> Reading:  # noqa: ANN401 - moto's key
    allowed, denied = ways(key.policy)
    names = sorted(key.aliases)
    grants = sorted(
        f"grant for {one.grantee_principal}: {', '.join(sorted(one.operations))}" for one in key.grants.values()
    )
    return Reading(
        state=key.key_state,
        content=(key.description, key.key_rotation_status),
        guards={"key rotation": float(bool(key.key_rotation_status))},
        capacity={"enabled": float(key.key_state == "Enabled")},
        open=(*allowed, *names, *grants),
        shut=denied,
        aliases=(*names, *(one.alias_arn for one in key.aliases.values())),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="kms.key",
        service="kms",
        members=lambda backend: backend.keys.values(),
        arn=own_arn,
        name=own_id,
        read=_key,
    ),
)
