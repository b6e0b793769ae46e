"""Properties whose change replaces a resource in some cases only: which cases, where a machine can tell.

The schemas say only that there are such cases (`conditionalCreateOnlyProperties`); the rules here are from the pages of the
resource types. What has no rule may be replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from askfirst.harness.operations.templates.comparing import Certainty
from askfirst.harness.operations.templates.members import Member

Rule = Callable[[Member, Member], Certainty]
"""Tells from the resource before and after whether the change of the property replaces it."""


def _always(_: Member, __: Member) -> Certainty:
    return Certainty.YES


def _never(_: Member, __: Member) -> Certainty:
    return Certainty.NO


def _tenancy(old: Member, new: Member) -> Certainty:
    before, after = (one.properties.get("InstanceTenancy", "default") for one in (old, new))
    return Certainty.NO if (before, after) == ("dedicated", "default") else Certainty.YES


def _group(_: Member, new: Member) -> Certainty:
    policy = new.attributes.get("UpdatePolicy")
    replacing = policy.get("AutoScalingReplacingUpdate") if isinstance(policy, dict) else None
    wanted = isinstance(replacing, dict) and replacing.get("WillReplace") == "true"
    return Certainty.YES if wanted else Certainty.NO


RULES: Mapping[tuple[str, str], Rule] = MappingProxyType(
    {
        # UpdateTable cannot change keys: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
        ("AWS::DynamoDB::Table", "KeySchema"): _always,
        # "Update requires": No interruption from dedicated to default, else Replacement (AWS::EC2::VPC, InstanceTenancy).
        ("AWS::EC2::VPC", "InstanceTenancy"): _tenancy,
        # The group is replaced if its UpdatePolicy says so: AutoScalingReplacingUpdate, WillReplace.
        ("AWS::AutoScaling::AutoScalingGroup", "LaunchConfigurationName"): _group,
        ("AWS::AutoScaling::AutoScalingGroup", "LaunchTemplate"): _group,
        ("AWS::AutoScaling::AutoScalingGroup", "MixedInstancesPolicy"): _group,
        ("AWS::AutoScaling::AutoScalingGroup", "VPCZoneIdentifier"): _group,
        # "Update requires": No interruption, or Some interruptions (AWS::RDS::DBInstance).
        ("AWS::RDS::DBInstance", "AutoMinorVersionUpgrade"): _never,
        ("AWS::RDS::DBInstance", "BackupRetentionPeriod"): _never,
        ("AWS::RDS::DBInstance", "MultiAZ"): _never,
        ("AWS::RDS::DBInstance", "PreferredMaintenanceWindow"): _never,
        # The example of a replacement on the page of the attribute UpdateReplacePolicy.
        ("AWS::RDS::DBInstance", "Engine"): _always,
        # "Update requires": Replacement for instances outside a VPC only, and there are none since EC2-Classic was retired.
        ("AWS::EC2::Instance", "SecurityGroupIds"): _never,
    }
)


def replaces(name: str, old: Member, new: Member) -> Certainty:
    """Tell whether the change of a conditional property replaces the resource."""
    rule = RULES.get((new.kind, name))
    return rule(old, new) if rule else Certainty.PERHAPS
