"""Escapes 14 to 26: taking services down, and what serves them."""

from __future__ import annotations

from datetime import timedelta

from tests.oracles.destruction.case import GUARDRAILS, Case, Hand

from askfirst.harness.records import Effect


def host(hand: Hand) -> str:
    """Give the id of the shop's host."""
    found = hand("ec2").describe_instances(Filters=[{"Name": "tag:Name", "Values": ["shop-host"]}])["Reservations"]
    return str(found[0]["Instances"][0]["InstanceId"])


def vpc(hand: Hand) -> str:
    """Give the id of the shop's network."""
    found = hand("ec2").describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["shop"]}])["Vpcs"]
    return str(found[0]["VpcId"])


def member(hand: Hand) -> str:
    """Give the id of an instance of the Auto Scaling group."""
    group = hand("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=["web"])["AutoScalingGroups"][0]
    return str(group["Instances"][0]["InstanceId"])


def group(hand: Hand) -> str:
    """Give the id of the security group."""
    found = hand("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": ["shop-web"]}])
    return str(found["SecurityGroups"][0]["GroupId"])


def _scheduled(hand: Hand) -> None:
    hand("autoscaling").put_scheduled_update_group_action(
        AutoScalingGroupName="web",
        ScheduledActionName="nights",
        StartTime=hand.brief.clock.now() + timedelta(hours=5),
        MinSize=0,
        MaxSize=0,
        DesiredCapacity=0,
    )


def _revoke(hand: Hand) -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    hand("ec2").revoke_security_group_ingress(GroupId=group(hand), IpPermissions=[rule])


def _detach(hand: Hand) -> None:
    ec2, network = hand("ec2"), vpc(hand)
    found = ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [network]}])
    gateway = found["InternetGateways"][0]["InternetGatewayId"]
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=network)


def _blackhole(hand: Hand) -> None:
    ec2 = hand("ec2")
    table = ec2.describe_route_tables(Filters=[{"Name": "tag:Name", "Values": ["shop"]}])["RouteTables"][0]
    ec2.replace_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", InstanceId=host(hand))


def _deny(hand: Hand) -> None:
    ec2 = hand("ec2")
    acl = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc(hand)]}])["NetworkAcls"][0]
    ec2.create_network_acl_entry(
        NetworkAclId=acl["NetworkAclId"],
        RuleNumber=1,
        Protocol="-1",
        RuleAction="deny",
        Egress=False,
        CidrBlock="0.0.0.0/0",
    )


COMPUTE = (
    Case(
        "no concurrency left",
        lambda h: h("lambda").put_function_concurrency(FunctionName="checkout", ReservedConcurrentExecutions=0),
        14,
        Effect.DISABLED,
        ":function:checkout",
    ),
    Case(
        "environment variables emptied",
        lambda h: h("lambda").update_function_configuration(FunctionName="checkout", Environment={"Variables": {}}),
        15,
        Effect.DATA_LOST,
        ":function:checkout",
    ),
    Case(
        "group scaled to nothing",
        lambda h: h("autoscaling").update_auto_scaling_group(
            AutoScalingGroupName="web", MinSize=0, MaxSize=0, DesiredCapacity=0
        ),
        16,
        Effect.GONE,
        ":instance/",
    ),
    Case(
        "a healthy instance declared unhealthy",
        lambda h: h("autoscaling").set_instance_health(InstanceId=member(h), HealthStatus="Unhealthy"),
        17,
        "rule",
        "SetInstanceHealth",
    ),
    Case("group booked to scale to nothing", _scheduled, 18, Effect.DOOMED, "autoScalingGroupName/web"),
    Case(
        "service without tasks",
        lambda h: h("ecs").update_service(cluster="shop", service="api", desiredCount=0),
        19,
        Effect.DISABLED,
        ":service/shop/api",
    ),
    Case(
        "instance stopped",
        lambda h: h("ec2").stop_instances(InstanceIds=[host(h)]),
        20,
        Effect.DISABLED,
        ":instance/",
    ),
    Case("ingress revoked", _revoke, 21, Effect.CUT_OFF, ":security-group/"),
    Case("internet gateway detached", _detach, 22, Effect.CUT_OFF, ":internet-gateway/"),
    Case("default route led elsewhere", _blackhole, 22, Effect.CUT_OFF, ":route-table/"),
    Case("a deny created before every allow", _deny, 23, Effect.CUT_OFF, ":network-acl/"),
    Case(
        "no automated backups any more",
        lambda h: h("rds").modify_db_instance(
            DBInstanceIdentifier="ledger", BackupRetentionPeriod=0, ApplyImmediately=True
        ),
        24,
        Effect.WEAKENED,
        ":db:ledger",
        GUARDRAILS,
    ),
    Case(
        "database renamed",
        lambda h: h("rds").modify_db_instance(
            DBInstanceIdentifier="ledger", NewDBInstanceIdentifier="ledger-old", ApplyImmediately=True
        ),
        25,
        "rule",
        "ledger",
    ),
    Case(
        "database stopped",
        lambda h: h("rds").stop_db_instance(DBInstanceIdentifier="ledger"),
        26,
        Effect.DISABLED,
        ":db:ledger",
    ),
    Case(
        "database rebooted",
        lambda h: h("rds").reboot_db_instance(DBInstanceIdentifier="ledger"),
        26,
        "rule",
        "RebootDBInstance",
    ),
)
