"""The resources a template makes with its parameters, and what becomes of each when CloudFormation lets go of it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from askfirst.harness.operations.templates.reading import Template
from askfirst.harness.operations.templates.resolving import Evaluation, Surroundings
from askfirst.harness.operations.templates.schemas import rules_of
from askfirst.harness.operations.templates.values import Absent, Unknown, Value

STACK = "AWS::CloudFormation::Stack"

WITH_SNAPSHOTS = frozenset(
    {
        "AWS::DocDB::DBCluster",
        "AWS::EC2::Volume",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::Neptune::DBCluster",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::Redshift::Cluster",
    }
)
"""The types that know the policy Snapshot."""

ATTRIBUTES = ("Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy")
"""What a resource has beside its properties and can be updated (`ResourceChange.Scope` of a change set)."""


class Fate(enum.Enum):
    """What happens to the physical resource there was before."""

    NONE = "there was none"
    KEPT = "kept"
    DELETED = "deleted"
    SNAPSHOT = "deleted after a snapshot"
    RETAINED = "left behind, outside the stack"

    @property
    def destroys(self) -> bool:
        """Whether the physical resource is gone afterwards."""
        return self in {Fate.DELETED, Fate.SNAPSHOT}


@dataclass(frozen=True, slots=True)
class Member:
    """One resource of a template. `certain` is False where its condition cannot be evaluated."""

    logical_id: str
    kind: str
    properties: Mapping[str, Value]
    attributes: Mapping[str, Value]
    certain: bool = True

    @property
    def fate_on_removal(self) -> Fate:
        """What happens when the resource leaves the stack, or the stack is deleted."""
        policy = self.attributes.get("DeletionPolicy")
        if policy is None:
            in_cluster = self.kind == "AWS::RDS::DBInstance" and "DBClusterIdentifier" in self.properties
            default = self.kind in {"AWS::RDS::DBCluster", "AWS::RDS::DBInstance"} and not in_cluster
            return Fate.SNAPSHOT if default else Fate.DELETED
        return self._fate(policy)

    @property
    def fate_on_failed_creation(self) -> Fate:
        """What happens when the operation that created the resource is rolled back."""
        if self.attributes.get("DeletionPolicy") == "RetainExceptOnCreate":
            return Fate.DELETED
        return self.fate_on_removal

    @property
    def fate_on_replacement(self) -> Fate:
        """What happens to the old physical resource when a new one takes its place."""
        return self._fate(self.attributes.get("UpdateReplacePolicy"))

    def _fate(self, policy: Value) -> Fate:
        if policy in {"Retain", "RetainExceptOnCreate"}:
            return Fate.RETAINED
        # A policy that cannot be known may be Delete.
        return Fate.SNAPSHOT if policy == "Snapshot" and self.kind in WITH_SNAPSHOTS else Fate.DELETED


def custom_name(old: Member, new: Member) -> str:
    """Give the name both templates give to a resource, '' where CloudFormation makes it up or it changes.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
    """
    last = new.kind.rsplit("::", 1)[-1]
    create_only = {one[0] for one in rules_of(new.kind).create_only if len(one) == 1}
    for name in sorted(create_only - _NOT_UNIQUE.get(new.kind, frozenset())):
        stem = next((name.removesuffix(one) for one in ("Name", "Identifier", "Id") if name.endswith(one)), None)
        given = new.properties.get(name)
        # AWS::RDS::DBInstance has a DBInstanceIdentifier, AWS::EC2::SecurityGroup a GroupName, AWS::SSM::Parameter a Name.
        if stem is not None and last.endswith(stem) and isinstance(given, str) and given == old.properties.get(name):
            return given
    return ""


_NOT_UNIQUE: Mapping[str, frozenset[str]] = MappingProxyType({"AWS::Route53::HostedZone": frozenset({"Name"})})
"""Names that several resources may have."""


def members_of(template: Template, parameters: Mapping[str, str], surroundings: Surroundings) -> dict[str, Member]:
    """Give the resources that are made, by logical id; those whose condition does not hold are left out."""
    evaluation = Evaluation(template, parameters, surroundings)
    found: dict[str, Member] = {}
    for logical_id, section in template.resources.items():
        condition = section.get("Condition")
        holds = evaluation.condition(condition) if isinstance(condition, str) else True
        if holds is False:
            continue
        properties = evaluation.value(section.get("Properties") or {})
        if not isinstance(properties, dict):
            properties = {"": properties if not isinstance(properties, Absent) else Unknown("Properties", None)}
        attributes = {name: evaluation.value(section[name]) for name in ATTRIBUTES if name in section}
        kind = str(section.get("Type", ""))
        found[logical_id] = Member(logical_id, kind, properties, attributes, certain=holds is not None)
    return found
