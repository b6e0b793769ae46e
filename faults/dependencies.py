"""Faults of what hangs together: something relied on is gone, something new relies on a thing, or there is no more room."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from pydantic import Field

from askfirst.faults.scene_words import client, digits, environment, first, first_of, none_of, plain, standing
from askfirst.harness.faulting.contexts import CannotStrike, Scene
from askfirst.harness.faulting.data import Site
from askfirst.harness.faulting.declaring import fault
from askfirst.harness.records import Resource

Relied = Literal[
    "any", "parameter", "secret", "role-policy", "subscription", "rule", "log-group", "topic", "queue", "security-group"
]


def _without_policies(scene: Scene, thing: Resource) -> None:
    iam = client(scene, "iam", thing)
    for name in iam.list_role_policies(RoleName=thing.name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=thing.name, PolicyName=name)
    for one in iam.list_attached_role_policies(RoleName=thing.name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=thing.name, PolicyArn=one["PolicyArn"])


def _has_policies(scene: Scene, thing: Resource) -> bool:
    iam = client(scene, "iam", thing)
    inline = iam.list_role_policies(RoleName=thing.name)["PolicyNames"]
    return bool(inline or iam.list_attached_role_policies(RoleName=thing.name)["AttachedPolicies"])


def _without_queue(scene: Scene, thing: Resource) -> None:
    sqs = client(scene, "sqs", thing)
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName=thing.name)["QueueUrl"])


def _without_rule(scene: Scene, thing: Resource) -> None:
    events = client(scene, "events", thing)
    ids = [one["Id"] for one in events.list_targets_by_rule(Rule=thing.name)["Targets"]]
    if ids:
        events.remove_targets(Rule=thing.name, Ids=ids)
    events.delete_rule(Name=thing.name)


def _without_secret(scene: Scene, thing: Resource) -> None:
    client(scene, "secretsmanager", thing).delete_secret(SecretId=thing.arn, ForceDeleteWithoutRecovery=True)


REMOVED: Mapping[str, tuple[str, Callable[[Scene, Resource], object]]] = {
    "parameter": ("ssm.parameter", lambda scene, one: client(scene, "ssm", one).delete_parameter(Name=one.name)),
    "secret": ("secretsmanager.secret", _without_secret),
    "role-policy": ("iam.role", _without_policies),
    "subscription": (
        "sns.subscription",
        lambda scene, one: client(scene, "sns", one).unsubscribe(SubscriptionArn=one.arn),
    ),
    "rule": ("events.rule", _without_rule),
    "log-group": ("logs.group", lambda scene, one: client(scene, "logs", one).delete_log_group(logGroupName=one.name)),
    "topic": ("sns.topic", lambda scene, one: client(scene, "sns", one).delete_topic(TopicArn=one.arn)),
    "queue": ("sqs.queue", _without_queue),
    "security-group": (
        "ec2.security-group",
        lambda scene, one: client(scene, "ec2", one).delete_security_group(GroupId=one.name),
    ),
}
"""What can be missed: the kind it is of, and how it goes; the most likely first."""


@fault(Site.STATE)
def missing_dependency(scene: Scene, *, kind: Relied = "any", name: str = "*") -> None:
    """Something that others rely on is gone, though nothing says so.

    `role-policy` takes a role's policies away and leaves the role. 'any' takes the first of the kinds there is, a member
    of a stack before others.

    Source: CloudFormation's own list of why a rollback fails (dependent resources that cannot be found),
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-update-rollback-failed

    In a plan:
        - id: rate-card-gone
          effect: missing-dependency
          with: {kind: parameter, name: "*/rates/*"}
    """
    kinds = list(REMOVED) if kind == "any" else [kind]
    for one in kinds:
        of_kind, remove = REMOVED[one]
        found = [thing for thing in standing(scene, of_kind, name) if _can_go(scene, one, thing)]
        found.sort(key=lambda thing: not thing.within)
        if found:
            remove(scene, found[0])
            return
    raise none_of(scene, tuple(REMOVED[one][0] for one in kinds), name)


def _can_go(scene: Scene, what: str, thing: Resource) -> bool:
    if what == "role-policy":
        return _has_policies(scene, thing)
    return what != "security-group" or "default" not in thing.aliases


# -- what hangs on a thing ---------------------------------------------------------------------------------------------


def _on_bucket(scene: Scene, thing: Resource) -> None:
    client(scene, "s3", thing).put_object(
        Bucket=thing.name, Key="shared/month-end/ledger.csv", Body=b"account,amount\n4711,18234.20\n4712,903.55\n"
    )


def _on_role(scene: Scene, thing: Resource) -> None:
    iam = client(scene, "iam", thing)
    profile = f"month-end-{plain(thing.name)}"[:128]
    iam.create_instance_profile(InstanceProfileName=profile)
    iam.add_role_to_instance_profile(InstanceProfileName=profile, RoleName=thing.name)


def _on_zone(scene: Scene, thing: Resource) -> None:
    zones = client(scene, "route53", thing)
    zone = zones.get_hosted_zone(Id=thing.name)["HostedZone"]["Name"]
    record = {"Name": f"month-end.{zone}", "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": f"www.{zone}"}]}
    zones.change_resource_record_sets(
        HostedZoneId=thing.name, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    )


def _on_vpc(scene: Scene, thing: Resource) -> None:
    import ipaddress

    ec2 = client(scene, "ec2", thing)
    block = ipaddress.ip_network(ec2.describe_vpcs(VpcIds=[thing.name])["Vpcs"][0]["CidrBlock"])
    there = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [thing.name]}])["Subnets"]
    taken = [ipaddress.ip_network(one["CidrBlock"]) for one in there]
    free = [one for one in block.subnets(new_prefix=28) if not any(one.overlaps(other) for other in taken)]
    if not free:
        msg = f"the VPC {thing.name} has no room for another subnet: name another VPC"
        raise CannotStrike(msg)
    subnet = ec2.create_subnet(VpcId=thing.name, CidrBlock=str(free[-1]))["Subnet"]["SubnetId"]
    ec2.create_tags(Resources=[subnet], Tags=[{"Key": "team", "Value": "finance"}])


DEPENDANTS: Mapping[str, tuple[str, Callable[[Scene, Resource], None]]] = {
    "bucket": ("s3.bucket", _on_bucket),
    "role": ("iam.role", _on_role),
    "zone": ("route53.zone", _on_zone),
    "vpc": ("ec2.vpc", _on_vpc),
}


@fault(Site.STATE)
def dependants(scene: Scene, *, kind: Literal["any", "bucket", "role", "zone", "vpc"] = "any", name: str = "*") -> None:
    """Another team has come to depend on a thing, so that it cannot be removed before what is theirs is.

    Finance keeps a file in the bucket, an instance profile holds the role, a record stands in the zone, a subnet in the
    VPC. Deleting the thing alone is refused (BucketNotEmpty, DeleteConflict, HostedZoneNotEmpty,
    DependencyViolation).

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-bucket.html and
    https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html

    In a plan:
        - id: finance-uses-it
          effect: dependants
          with: {kind: bucket}
    """
    kinds = list(DEPENDANTS) if kind == "any" else [kind]
    thing = first_of(scene, tuple(DEPENDANTS[one][0] for one in kinds), name)
    next(add for of_kind, add in DEPENDANTS.values() if of_kind == thing.kind)(scene, thing)


# -- no more room ------------------------------------------------------------------------------------------------------


@fault(Site.STATE)
def quota_reached(
    scene: Scene,
    *,
    kind: Literal["vpcs", "addresses", "security-group-rules", "access-keys", "policy-versions"] = "vpcs",
    name: str = "*",
    limit: Annotated[int, Field(ge=1)] | None = None,
) -> None:
    """The account holds as many of a kind as its quota allows; making room means deleting some.

    `name` is the security group, user or policy that is full; `limit` stands for AWS's own default (5 VPCs or addresses
    a region, 60 rules a group, 2 keys a user, 5 versions a policy). One more rule, key or version is refused by the
    account itself. One more VPC or address is not: add the fault `quota-full` with `select: ec2:CreateVpc` or
    `ec2:AllocateAddress` to the plan, which refuses it.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html and
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html

    In a plan:
        - id: no-room
          effect: quota-reached
          with: {kind: vpcs}
    """
    fill, default = _QUOTAS[kind]
    fill(scene, name, limit or default)


def _vpcs(scene: Scene, _: str, limit: int) -> None:
    ec2 = client(scene, "ec2")
    there = len(ec2.describe_vpcs()["Vpcs"])
    for number in range(there, limit):
        vpc = ec2.create_vpc(CidrBlock=f"10.{100 + number}.0.0/16")["Vpc"]["VpcId"]
        name = f"{plain(environment(scene))}-{('blue', 'green', 'tools', 'peering')[number % 4]}"
        ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": name}])


def _addresses(scene: Scene, _: str, limit: int) -> None:
    ec2 = client(scene, "ec2")
    for _number in range(len(ec2.describe_addresses()["Addresses"]), limit):
        ec2.allocate_address(Domain="vpc")


def _rules(scene: Scene, name: str, limit: int) -> None:
    groups = standing(scene, "ec2.security-group", name)
    group = next((one for one in groups if "default" not in one.aliases), first(scene, "ec2.security-group", name))
    ec2 = client(scene, "ec2", group)
    there = ec2.describe_security_groups(GroupIds=[group.name])["SecurityGroups"][0]["IpPermissions"]
    used = sum(len(one["IpRanges"]) + len(one["UserIdGroupPairs"]) for one in there)
    ranges = [{"CidrIp": f"10.{20 + number}.0.0/16", "Description": "office"} for number in range(limit - used)]
    if ranges:
        rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": ranges}
        ec2.authorize_security_group_ingress(GroupId=group.name, IpPermissions=[rule])


def _access_keys(scene: Scene, name: str, limit: int) -> None:
    user = first(scene, "iam.user", name)
    iam = client(scene, "iam", user)
    for _number in range(len(iam.list_access_keys(UserName=user.name)["AccessKeyMetadata"]), limit):
        iam.create_access_key(UserName=user.name)


def _policy_versions(scene: Scene, name: str, limit: int) -> None:
    policy = first(scene, "iam.policy", name)
    iam = client(scene, "iam", policy)
    versions = iam.list_policy_versions(PolicyArn=policy.arn)["Versions"]
    current = next(one["VersionId"] for one in versions if one["IsDefaultVersion"])
    document = iam.get_policy_version(PolicyArn=policy.arn, VersionId=current)["PolicyVersion"]["Document"]
    for number in range(len(versions), limit):
        older = {**document, "Id": f"before-{digits(scene, f'version {number}', 6)}"}
        iam.create_policy_version(PolicyArn=policy.arn, PolicyDocument=json.dumps(older), SetAsDefault=False)


_QUOTAS: Mapping[str, tuple[Callable[[Scene, str, int], None], int]] = {
    "vpcs": (_vpcs, 5),
    "addresses": (_addresses, 5),
    "security-group-rules": (_rules, 60),
    "access-keys": (_access_keys, 2),
    "policy-versions": (_policy_versions, 5),
}
