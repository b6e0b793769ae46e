"""The policies of the users and roles of the mocked account, as its IAM holds them at the time of a call.

A user has its own policies and those of its groups; a session of a role has the role's. A boundary is kept by ARN.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from askfirst.harness.aws.iam.documents import Policy, read, unreadable
from askfirst.harness.aws.iam.managed import managed, of_aws
from askfirst.harness.aws.iam.sessions import Made, Session


@dataclass(frozen=True, slots=True)
class Holder:
    """What limits a principal of the world, beside the organization: its policies, boundary, session and tags."""

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


def holder(session: Session, iam: Any) -> Holder:  # noqa: ANN401 - moto's backend of IAM
    """Read the policies behind a key. Who has been deleted holds nothing."""
    entity, policies = _entity(session, iam)
    if entity is None:
        return Holder()
    boundary = getattr(entity, "permissions_boundary_arn", None)
    tags = {**tags_of_entity(entity), **session.tags}
    limits = None if session.policies is None else tuple(_handed(one, iam) for one in session.policies)
    if session.made is Made.FEDERATED and limits is None:
        limits = ()  # without a policy a federated session may do nothing
    return Holder(tuple(policies), _by_arn(boundary, iam) if boundary else None, limits, tags)


def _entity(session: Session, iam: Any) -> tuple[Any, Iterable[Policy]]:  # noqa: ANN401
    if session.role:
        role = next((one for one in iam.roles.values() if one.arn == session.role), None)
        return role, () if role is None else _policies(role, f"role {role.name}", iam)
    user = iam.users.get(session.user)
    if user is None:
        return None, ()
    groups = [one for one in iam.groups.values() if user in one.users]
    of_groups = [policy for one in groups for policy in _policies(one, f"group {one.name}", iam)]
    return user, [*_policies(user, f"user {user.name}", iam), *of_groups]


def _policies(entity: Any, whose: str, iam: Any) -> Iterator[Policy]:  # noqa: ANN401
    for name, document in entity.policies.items():
        yield read(document, f"{name} of {whose}")
    for arn in entity.managed_policies:
        yield _by_arn(arn, iam)


def _by_arn(arn: str, iam: Any) -> Policy:  # noqa: ANN401
    found = iam.managed_policies.get(arn)
    if found is not None:
        current = next((one for one in found.versions if one.version_id == found.default_version_id), None)
        return read(current.document if current is not None else "", arn)
    if of_aws(arn):
        return managed(arn)
    return unreadable(arn, f"the policy {arn}, which does not exist")


def _handed(policy: str, iam: Any) -> Policy:  # noqa: ANN401
    return _by_arn(policy, iam) if policy.startswith("arn:") else read(policy, "the session's policy")


def tags_of_entity(entity: Any) -> dict[str, str]:  # noqa: ANN401
    """Read tags: moto keeps those of users apart, and those of roles in two forms."""
    found = entity.tags
    if isinstance(found, Mapping):
        found = list(found.values())
    return {str(one["Key"]): str(one["Value"]) for one in found or () if isinstance(one, Mapping) and "Key" in one}
