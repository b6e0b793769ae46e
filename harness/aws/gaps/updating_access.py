"""CloudFormation: changing in place who and what may get where: roles, policies, security groups, names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from askfirst.harness.aws.gaps.updating import Backend, Properties, Thing, Updater, document, updater


def _role(backend: Backend, role: Thing, wanted: Properties, changed: frozenset[str]) -> object:
    iam = backend("iam")
    if "AssumeRolePolicyDocument" in changed:
        iam.update_assume_role_policy(role.name, document(wanted["AssumeRolePolicyDocument"]))
    if "Description" in changed:
        role.description = wanted.get("Description", "")
    if "MaxSessionDuration" in changed:
        role.max_session_duration = wanted.get("MaxSessionDuration", 3600)
    if "Policies" in changed:
        policies = {one["PolicyName"]: one["PolicyDocument"] for one in wanted.get("Policies", [])}
        for name in [one for one in role.policies if one not in policies]:
            role.delete_policy(name)
        for name, policy in policies.items():
            role.put_policy(name, policy)
    if "ManagedPolicyArns" in changed:
        attached = wanted.get("ManagedPolicyArns", [])
        for arn in [one for one in role.managed_policies if one not in attached]:
            iam.detach_role_policy(arn, role.name)
        for arn in [one for one in attached if one not in role.managed_policies]:
            iam.attach_role_policy(arn, role.name)
    return role


UPDATERS: Mapping[str, Updater] = MappingProxyType(
    {
        "AWS::IAM::Role": updater(
            _role, "AssumeRolePolicyDocument", "Description", "ManagedPolicyArns", "MaxSessionDuration", "Policies"
        ),
    }
)
"""The types that are changed here, with the properties that come true."""
