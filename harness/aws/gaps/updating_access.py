"""CloudFormation: changing in place who and what may get where: roles, policies, security groups, names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

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


def _inline_policy(backend: Backend, policy: Thing, wanted: Properties, _: frozenset[str]) -> object:
    return backend("iam").update_inline_policy(
        policy.name,
        wanted["PolicyName"],
        wanted["PolicyDocument"],
        wanted.get("Groups"),
        wanted.get("Roles"),
        wanted.get("Users"),
    )


def _managed_policy(backend: Backend, policy: Thing, wanted: Properties, _: frozenset[str]) -> object:
    backend("iam").create_policy_version(policy.arn, document(wanted["PolicyDocument"]), set_as_default=True)
    return policy


def _record(backend: Backend, record: Thing, wanted: Properties, _: frozenset[str]) -> object:
    zone = wanted.get("HostedZoneId") or backend("route53").get_hosted_zone_by_name(wanted["HostedZoneName"]).id
    return backend("route53").get_hosted_zone(zone).upsert_rrset({**wanted, "Name": record.name})


def _security_group(backend: Backend, group: Thing, wanted: Properties, _: frozenset[str]) -> object:
    """Take the rules away that only the old template names, and add those that only the new one does."""
    ec2 = backend("ec2")
    old, new = (said.get("SecurityGroupIngress", []) for said in (wanted.before, wanted))
    for rule in [one for one in old if one not in new]:
        ec2.revoke_security_group_ingress(*_ingress(group, rule), vpc_id=group.vpc_id)
    for rule in [one for one in new if one not in old]:
        *what, sources = _ingress(group, rule)
        ec2.authorize_security_group_ingress(*what, source_groups=sources, vpc_id=group.vpc_id)
    return group


def _ingress(group: Thing, rule: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give group, protocol, ports, address ranges and source groups of a rule, as moto's backend takes them."""
    ranges = [{"CidrIp": rule["CidrIp"]}] if "CidrIp" in rule else []
    sources = [{"GroupId": rule["SourceSecurityGroupId"]}] if "SourceSecurityGroupId" in rule else []
    return (group.id, rule["IpProtocol"], rule.get("FromPort"), rule.get("ToPort"), ranges, sources)


UPDATERS: Mapping[str, Updater] = MappingProxyType(
    {
        "AWS::EC2::SecurityGroup": updater(_security_group, "SecurityGroupIngress"),
        "AWS::IAM::ManagedPolicy": updater(_managed_policy, "PolicyDocument"),
        "AWS::IAM::Policy": updater(_inline_policy, "Groups", "PolicyDocument", "PolicyName", "Roles", "Users"),
        "AWS::IAM::Role": updater(
            _role, "AssumeRolePolicyDocument", "Description", "ManagedPolicyArns", "MaxSessionDuration", "Policies"
        ),
        "AWS::Route53::RecordSet": updater(_record, "AliasTarget", "ResourceRecords", "TTL", "Weight"),
    }
)
"""The types that are changed here, with the properties that come true."""
