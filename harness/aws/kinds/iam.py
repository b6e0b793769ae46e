"""IAM: roles, users, groups, policies and instance profiles; access that is taken is a way that is cut off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name
from askfirst.harness.aws.kinds.policies import joined, ways


def _attached(thing: Any) -> list[str]:  # noqa: ANN401 - moto's objects have no common type
    return [f"policy {arn}" for arn in sorted(thing.managed_policies)]


def _inline(thing: Any) -> Iterable[str | None]:  # noqa: ANN401
    for document in thing.policies.values():
        yield document if isinstance(document, str) else getattr(document, "policy_document", None)


def _role(role: Any, _: Any) -> Reading:  # noqa: ANN401
    allowed, denied = joined([role.assume_role_policy_document, *_inline(role)])
    return Reading(
        content=(
            role.assume_role_policy_document,
            sorted(role.policies),
            sorted(role.managed_policies),
            role.description,
        ),
        guards={"permissions boundary": float(bool(role.permissions_boundary_arn))},
        open=(*allowed, *_attached(role)),
        shut=denied,
        aliases=(role.id,),
    )


def _user(user: Any, backend: Any) -> Reading:  # noqa: ANN401
    allowed, denied = joined(_inline(user))
    keys = [f"access key {key.access_key_id}" for key in user.access_keys if key.status == "Active"]
    groups = [f"member of {one.name}" for one in backend.groups.values() if user in one.users]
    return Reading(
        content=(sorted(user.policies), sorted(user.managed_policies), len(user.access_keys), bool(user.password)),
        guards={"MFA devices": float(len(user.mfa_devices))},
        open=(*allowed, *_attached(user), *sorted(keys), *sorted(groups), *(["password"] if user.password else [])),
        shut=denied,
        aliases=(user.id, *(key.access_key_id for key in user.access_keys)),
    )


def _group(group: Any, _: Any) -> Reading:  # noqa: ANN401
    allowed, denied = joined(_inline(group))
    members = sorted(f"member {one.name}" for one in group.users)
    return Reading(open=(*allowed, *_attached(group), *members), shut=denied, aliases=(group.id,))


def _policy(policy: Any, _: Any) -> Reading:  # noqa: ANN401
    default = next((one for one in policy.versions if one.version_id == policy.default_version_id), None)
    allowed, denied = ways(getattr(default, "document", None))
    return Reading(content=(policy.default_version_id, len(policy.versions)), open=allowed, shut=denied)


def _profile(profile: Any, _: Any) -> Reading:  # noqa: ANN401
    return Reading(open=tuple(f"role {role.arn}" for role in profile.roles), aliases=(profile.id,))


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="iam.role",
        service="iam",
        members=lambda backend: backend.roles.values(),
        arn=own_arn,
        name=own_name,
        read=_role,
    ),
    Kind(
        kind="iam.user",
        service="iam",
        members=lambda backend: backend.users.values(),
        arn=own_arn,
        name=own_name,
        read=_user,
    ),
    Kind(
        kind="iam.group",
        service="iam",
        members=lambda backend: backend.groups.values(),
        arn=own_arn,
        name=own_name,
        read=_group,
    ),
    Kind(
        kind="iam.policy",
        service="iam",
        members=lambda backend: [one for one in backend.managed_policies.values() if ":iam::aws:" not in one.arn],
        arn=own_arn,
        name=own_name,
        read=_policy,
    ),
    Kind(
        kind="iam.instance-profile",
        service="iam",
        members=lambda backend: backend.instance_profiles.values(),
        arn=own_arn,
        name=own_name,
        read=_profile,
    ),
    Kind(
        kind="iam.oidc-provider",
        service="iam",
        members=lambda backend: backend.open_id_providers.values(),
        arn=own_arn,
        name=lambda provider: str(provider.url),
        read=lambda provider, _: Reading(
            open=tuple(f"client {one}" for one in provider.client_id_list),
            content=sorted(provider.thumbprint_list),
        ),
    ),
)
