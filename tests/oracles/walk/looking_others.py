"""What the owner sees of what serves, guards and lets in: functions, services, instances, network, roles, keys, rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.oracles.walk.owner import Owner, asked, born, said
from tests.oracles.walk.seen import Piece, Thing

NO_RESERVE = 1000.0
"""What a function may use of which nothing is reserved."""


def functions(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at every function: code, versions, environment, aliases, policy, concurrency."""
    client = owner.client("lambda")
    for one in client.list_functions()["Functions"]:
        name = one["FunctionName"]
        versions = {
            f"version {old['Version']}": Piece(old["CodeSha256"])
            for old in client.list_versions_by_function(FunctionName=name)["Versions"]
            if old["Version"] != "$LATEST"
        }
        aliases = client.list_aliases(FunctionName=name)["Aliases"]
        ways = {f"{alias['Name']} -> {alias['FunctionVersion']}" for alias in aliases}
        allowed, denied = said(asked(client.get_policy, FunctionName=name).get("Policy", {}))
        variables = one.get("Environment", {}).get("Variables", {})
        reserved = asked(client.get_function_concurrency, FunctionName=name).get("ReservedConcurrentExecutions")
        published = frozenset(old.whole for old in versions.values())
        yield (
            one["FunctionArn"],
            Thing(
                birth=born(client.list_tags(Resource=one["FunctionArn"])["Tags"]),
                pieces={
                    "code": Piece(one["CodeSha256"], earlier=published),
                    **versions,
                    **({"environment": Piece(fields=variables)} if variables else {}),
                },
                ways=allowed | ways,
                barriers=denied,
                serving={"concurrency": NO_RESERVE if reserved is None else float(reserved)},
            ),
        )


def topics(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at every topic, and at every subscription: its ARN is new each time."""
    sns = owner.client("sns")
    for one in sns.list_topics()["Topics"]:
        arn = one["TopicArn"]
        allowed, denied = said(sns.get_topic_attributes(TopicArn=arn)["Attributes"].get("Policy", {}))
        birth = born(sns.list_tags_for_resource(ResourceArn=arn)["Tags"])
        yield arn, Thing(birth=birth, ways=allowed, barriers=denied)
    for one in sns.list_subscriptions()["Subscriptions"]:
        yield one["SubscriptionArn"], Thing(birth=one["SubscriptionArn"])


def roles(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at every role: who may take it, and what it may do."""
    iam = owner.client("iam")
    for one in iam.list_roles()["Roles"]:
        name = one["RoleName"]
        allowed, denied = said(one["AssumeRolePolicyDocument"])
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            allowed, denied = allowed | said(document)[0], denied | said(document)[1]
        attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
        ways = allowed | {policy["PolicyArn"] for policy in attached}
        guards = {"boundary": float("PermissionsBoundary" in iam.get_role(RoleName=name)["Role"])}
        yield one["Arn"], Thing(birth=one["RoleId"], ways=ways, barriers=denied, guards=guards)
    for one in iam.list_policies(Scope="Local")["Policies"]:
        version = iam.get_policy_version(PolicyArn=one["Arn"], VersionId=one["DefaultVersionId"])["PolicyVersion"]
        allowed, denied = said(version["Document"])
        yield one["Arn"], Thing(birth=one["PolicyId"], ways=allowed, barriers=denied)


def keys(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at every key that is not going to be deleted."""
    kms = owner.client("kms")
    aliases = kms.list_aliases()["Aliases"]
    for one in kms.list_keys()["Keys"]:
        key = kms.describe_key(KeyId=one["KeyId"])["KeyMetadata"]
        if key["KeyState"] == "PendingDeletion" or key["KeyManager"] == "AWS":
            continue
        allowed, denied = said(kms.get_key_policy(KeyId=one["KeyId"], PolicyName="default")["Policy"])
        rotation = kms.get_key_rotation_status(KeyId=one["KeyId"])["KeyRotationEnabled"]
        names = {alias["AliasName"] for alias in aliases if alias.get("TargetKeyId") == one["KeyId"]}
        yield (
            one["KeyArn"],
            Thing(
                birth=str(key["CreationDate"]),
                ways=allowed | names,
                barriers=denied,
                guards={"rotation": float(rotation)},
                serving={"enabled": float(key["Enabled"])},
            ),
        )


def rules(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at every rule of events and what it sets going."""
    events = owner.client("events")
    for one in events.list_rules()["Rules"]:
        targets = events.list_targets_by_rule(Rule=one["Name"])["Targets"]
        yield (
            one["Arn"],
            Thing(
                birth=born(events.list_tags_for_resource(ResourceARN=one["Arn"])["Tags"]),
                ways=frozenset(f"{target['Id']} {target['Arn']}" for target in targets),
                serving={"enabled": float(one["State"] == "ENABLED")},
            ),
        )


def alarms(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at every alarm: one that tells nobody guards nothing. AWS shows no birth of it."""
    for one in owner.client("cloudwatch").describe_alarms()["MetricAlarms"]:
        tells = float(bool(one["ActionsEnabled"] and one["AlarmActions"]))
        yield one["AlarmArn"], Thing(birth="", guards={"tells": tells})


def stacks(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at every stack that is there."""
    for one in owner.client("cloudformation").describe_stacks()["Stacks"]:
        guards = {"protection": float(bool(one.get("EnableTerminationProtection")))}
        yield one["StackId"], Thing(birth=one["StackId"], guards=guards)


def services(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at clusters and services of ECS."""
    ecs = owner.client("ecs")
    for cluster in ecs.describe_clusters(clusters=ecs.list_clusters()["clusterArns"])["clusters"]:
        if cluster["status"] == "INACTIVE":
            continue
        yield cluster["clusterArn"], Thing(birth="")
        names = ecs.list_services(cluster=cluster["clusterArn"])["serviceArns"]
        for name in names:
            one = ecs.describe_services(cluster=cluster["clusterArn"], services=[name])["services"][0]
            if one["status"] == "INACTIVE":
                continue
            birth = born(ecs.list_tags_for_resource(resourceArn=name)["tags"])
            yield name, Thing(birth=birth, serving={"wanted": float(one["desiredCount"])})


def hosts(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at instances and volumes."""
    ec2 = owner.client("ec2")
    for reservation in ec2.describe_instances()["Reservations"]:
        for one in reservation["Instances"]:
            if one["State"]["Name"] in {"terminated", "shutting-down"}:
                continue
            name = one["InstanceId"]
            kept = ec2.describe_instance_attribute(InstanceId=name, Attribute="disableApiTermination")
            ways = {f"volume {disk['Ebs']['VolumeId']}" for disk in one["BlockDeviceMappings"]}
            ways |= {f"group {group['GroupId']}" for group in one["SecurityGroups"]}
            yield (
                owner.arn("ec2", f"instance/{name}"),
                Thing(
                    birth=name,
                    ways=frozenset(ways),
                    guards={"protection": float(kept["DisableApiTermination"]["Value"])},
                    serving={"runs": float(one["State"]["Name"] in {"pending", "running"})},
                ),
            )
    for one in ec2.describe_volumes()["Volumes"]:
        kept_on = all(not tie.get("DeleteOnTermination") for tie in one["Attachments"])
        yield (
            owner.arn("ec2", f"volume/{one['VolumeId']}"),
            Thing(birth=one["VolumeId"], guards={"outlives its instance": float(kept_on)}),
        )


def network(owner: Owner) -> Iterator[tuple[str, Thing]]:
    """Look at security groups, route tables and gateways."""
    ec2 = owner.client("ec2")
    for one in ec2.describe_security_groups()["SecurityGroups"]:
        ways = {way for rule in one["IpPermissions"] for way in _ends("in", rule)}
        ways |= {way for rule in one["IpPermissionsEgress"] for way in _ends("out", rule)}
        yield owner.arn("ec2", f"security-group/{one['GroupId']}"), Thing(birth=one["GroupId"], ways=frozenset(ways))
    for one in ec2.describe_route_tables()["RouteTables"]:
        ways = {json.dumps(route, sort_keys=True) for route in one["Routes"]}
        ways |= {f"association {tie.get('SubnetId', 'main')}" for tie in one["Associations"]}
        name = one["RouteTableId"]
        yield owner.arn("ec2", f"route-table/{name}"), Thing(birth=name, ways=frozenset(ways))
    for one in ec2.describe_internet_gateways()["InternetGateways"]:
        name = one["InternetGatewayId"]
        ways = {f"attached to {tie['VpcId']}" for tie in one["Attachments"]}
        yield owner.arn("ec2", f"internet-gateway/{name}"), Thing(birth=name, ways=frozenset(ways))


def _ends(way: str, rule: dict[str, Any]) -> Iterator[str]:
    what = f"{way} {rule['IpProtocol']} {rule.get('FromPort')} {rule.get('ToPort')}"
    for one in rule["IpRanges"]:
        yield f"{what} {one['CidrIp']}"
    for one in rule["UserIdGroupPairs"]:
        yield f"{what} {one['GroupId']}"
