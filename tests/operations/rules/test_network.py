"""Promise: ways that are cut and barriers that are raised are told from other changes of a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Row = tuple[str, dict[str, Any], dict[str, Any] | None, str | None]

INSTANCE = {"kind": "ec2.instance", "guards": {"termination protection": 1, "stop protection": 0}}
ROUTES = {"kind": "ec2.route-table", "open": ("0.0.0.0/0 -> igw-1",)}
ZONE = {"kind": "route53.zone", "open": ("A www.example.com. 192.0.2.1", "MX example.com. mail")}
LISTENER = {"kind": "elbv2.listener", "open": ("443 -> arn:tg",)}


def change(action: str, value: str, name: str = "www.example.com.") -> dict[str, Any]:
    """Give one change of a record."""
    return {"Action": action, "ResourceRecordSet": {"Name": name, "Type": "A", "ResourceRecords": [{"Value": value}]}}


def dns(action: str, value: str, name: str = "www.example.com.") -> dict[str, Any]:
    """Give a batch of one change."""
    return {"HostedZoneId": "Z", "ChangeBatch": {"Changes": [change(action, value, name)]}}


def attribute(key: str, value: str) -> dict[str, Any]:
    """Give the parameters that set one attribute of a load balancer."""
    return {"LoadBalancerArn": "arn", "Attributes": [{"Key": key, "Value": value}]}


ROWS: tuple[Row, ...] = (
    ("ec2:StopInstances", {"InstanceIds": ["i-1"]}, INSTANCE, "stop reversible availability"),
    ("ec2:StopInstances", {"InstanceIds": ["i-1"], "DryRun": True}, INSTANCE, "plan none none"),
    ("ec2:TerminateInstances", {"InstanceIds": ["i-1"], "DryRun": True}, INSTANCE, "plan none none"),
    ("ec2:TerminateInstances", {"InstanceIds": ["i-1"], "DryRun": False}, INSTANCE, None),
    ("ec2:StartInstances", {"InstanceIds": ["i-1"]}, INSTANCE, None),
    ("ec2:RebootInstances", {"InstanceIds": ["i-1"]}, INSTANCE, "stop reversible availability"),
    (
        "ec2:ModifyInstanceAttribute",
        {"InstanceId": "i-1", "DisableApiTermination": {"Value": False}},
        INSTANCE,
        "overwrite reversible guardrail",
    ),
    (
        "ec2:ModifyInstanceAttribute",
        {"InstanceId": "i-1", "Attribute": "disableApiTermination", "Value": "false"},
        INSTANCE,
        "overwrite reversible guardrail",
    ),
    ("ec2:ModifyInstanceAttribute", {"InstanceId": "i-1", "DisableApiTermination": {"Value": True}}, INSTANCE, None),
    (
        "ec2:ModifyInstanceAttribute",
        {"InstanceId": "i-1", "DisableApiTermination": {"Value": False}},
        INSTANCE | {"guards": {"termination protection": 0}},
        None,
    ),
    (
        "ec2:ModifyInstanceAttribute",
        {"InstanceId": "i-1", "DisableApiStop": {"Value": False}},
        None,
        "overwrite reversible guardrail",
    ),
    (
        "ec2:ModifyInstanceAttribute",
        {"InstanceId": "i-1", "InstanceInitiatedShutdownBehavior": {"Value": "terminate"}},
        INSTANCE,
        "overwrite reversible guardrail",
    ),
    (
        "ec2:ModifyInstanceAttribute",
        {"InstanceId": "i-1", "InstanceType": {"Value": "t3.nano"}},
        INSTANCE,
        "overwrite reversible configuration",
    ),
    (
        "ec2:ModifyInstanceAttribute",
        {"InstanceId": "i-1", "Groups": ["sg-2"]},
        INSTANCE,
        "detach reversible availability",
    ),
    ("ec2:ModifyInstanceAttribute", {"InstanceId": "i-1", "SourceDestCheck": {"Value": False}}, INSTANCE, None),
    ("ec2:CreateReplaceRootVolumeTask", {"InstanceId": "i-1"}, INSTANCE, "delete recoverable data"),
    ("ec2:CreateReplaceRootVolumeTask", {"InstanceId": "i-1", "DryRun": True}, INSTANCE, "plan none none"),
    ("ec2:DetachVolume", {"VolumeId": "vol-1"}, None, "detach reversible availability"),
    ("ec2:AttachVolume", {"VolumeId": "vol-1"}, None, None),
    ("ec2:ModifyVolume", {"VolumeId": "vol-1", "VolumeType": "sc1"}, None, "overwrite reversible availability"),
    ("ec2:ModifyVolume", {"VolumeId": "vol-1", "Size": 200}, None, None),
    (
        "ec2:DeregisterImage",
        {"ImageId": "ami-1", "DeleteAssociatedSnapshots": True},
        None,
        "delete irreversible guardrail",
    ),
    ("ec2:DeregisterImage", {"ImageId": "ami-1"}, None, None),
    ("ec2:DisableEbsEncryptionByDefault", {}, None, "overwrite reversible guardrail"),
    ("ec2:EnableEbsEncryptionByDefault", {}, None, None),
    ("ec2:RevokeSecurityGroupIngress", {"GroupId": "sg-1"}, None, "revoke reversible availability"),
    ("ec2:RevokeSecurityGroupEgress", {"GroupId": "sg-1"}, None, "revoke reversible availability"),
    ("ec2:AuthorizeSecurityGroupIngress", {"GroupId": "sg-1"}, None, None),
    (
        "ec2:ReplaceRoute",
        {"RouteTableId": "rtb-1", "DestinationCidrBlock": "0.0.0.0/0", "InstanceId": "i-9"},
        ROUTES,
        "detach reversible availability",
    ),
    (
        "ec2:ReplaceRoute",
        {"RouteTableId": "rtb-1", "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"},
        ROUTES,
        "none none none",
    ),
    (
        "ec2:DeleteRoute",
        {"RouteTableId": "rtb-1", "DestinationCidrBlock": "0.0.0.0/0"},
        ROUTES,
        "detach reversible availability",
    ),
    ("ec2:CreateRoute", {"RouteTableId": "rtb-1", "DestinationCidrBlock": "10.9.0.0/16"}, ROUTES, None),
    (
        "ec2:DetachInternetGateway",
        {"InternetGatewayId": "igw-1", "VpcId": "vpc-1"},
        None,
        "detach reversible availability",
    ),
    ("ec2:AttachInternetGateway", {"InternetGatewayId": "igw-1", "VpcId": "vpc-1"}, None, None),
    ("ec2:DisassociateAddress", {"AssociationId": "eipassoc-1"}, None, "detach reversible availability"),
    ("ec2:AssociateAddress", {"AllocationId": "eipalloc-1", "InstanceId": "i-1"}, None, None),
    (
        "ec2:CreateNetworkAclEntry",
        {"NetworkAclId": "acl-1", "RuleNumber": 1, "RuleAction": "deny", "CidrBlock": "0.0.0.0/0"},
        None,
        "detach reversible availability",
    ),
    (
        "ec2:CreateNetworkAclEntry",
        {"NetworkAclId": "acl-1", "RuleNumber": 1, "RuleAction": "deny", "CidrBlock": "10.0.1.0/24"},
        None,
        "detach reversible availability",
    ),
    (
        "ec2:CreateNetworkAclEntry",
        {"NetworkAclId": "acl-1", "RuleNumber": 1, "RuleAction": "deny", "CidrBlock": "198.51.100.7/32"},
        None,
        None,
    ),
    (
        "ec2:CreateNetworkAclEntry",
        {"NetworkAclId": "acl-1", "RuleNumber": 100, "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"},
        None,
        None,
    ),
    (
        "ec2:ReplaceNetworkAclEntry",
        {"NetworkAclId": "acl-1", "RuleNumber": 100, "RuleAction": "deny", "Ipv6CidrBlock": "::/0"},
        None,
        "detach reversible availability",
    ),
    (
        "ec2:ReplaceNetworkAclEntry",
        {"NetworkAclId": "acl-1", "RuleNumber": 100, "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"},
        None,
        None,
    ),
    ("ec2:DeleteNetworkAclEntry", {"NetworkAclId": "acl-1", "RuleNumber": 100}, None, "detach reversible availability"),
    (
        "ec2:ReplaceNetworkAclAssociation",
        {"AssociationId": "a", "NetworkAclId": "acl-1"},
        None,
        "detach reversible availability",
    ),
    (
        "ec2:ModifyNetworkInterfaceAttribute",
        {"NetworkInterfaceId": "eni-1", "Groups": ["sg-9"]},
        None,
        "detach reversible availability",
    ),
    ("ec2:ModifyNetworkInterfaceAttribute", {"NetworkInterfaceId": "eni-1", "Description": {"Value": "d"}}, None, None),
    ("ec2:DisassociateVpcCidrBlock", {"AssociationId": "a"}, None, "detach reversible availability"),
    ("ec2:AssociateVpcCidrBlock", {"VpcId": "vpc-1"}, None, None),
    ("ec2:DeleteTags", {"Resources": ["i-1"], "Tags": []}, None, "none none none"),
    ("route53:ChangeResourceRecordSets", dns("DELETE", "192.0.2.1"), ZONE, "detach reversible availability"),
    ("route53:ChangeResourceRecordSets", dns("UPSERT", "192.0.2.99"), ZONE, "overwrite reversible availability"),
    ("route53:ChangeResourceRecordSets", dns("UPSERT", "192.0.2.99"), None, "overwrite reversible availability"),
    ("route53:ChangeResourceRecordSets", dns("UPSERT", "192.0.2.1"), ZONE, "none none none"),
    ("route53:ChangeResourceRecordSets", dns("UPSERT", "192.0.2.9", "new.example.com."), ZONE, "none none none"),
    ("route53:ChangeResourceRecordSets", dns("CREATE", "192.0.2.9", "new.example.com."), ZONE, "none none none"),
    (
        "route53:ChangeResourceRecordSets",
        {
            "HostedZoneId": "Z",
            "ChangeBatch": {"Changes": [change("DELETE", "192.0.2.1"), change("CREATE", "192.0.2.2")]},
        },
        ZONE,
        "overwrite reversible availability",
    ),
    (
        "route53:DisassociateVPCFromHostedZone",
        {"HostedZoneId": "Z", "VPC": {"VPCId": "vpc-1"}},
        ZONE,
        "detach reversible availability",
    ),
    ("route53:AssociateVPCWithHostedZone", {"HostedZoneId": "Z", "VPC": {"VPCId": "vpc-1"}}, ZONE, None),
    (
        "elbv2:ModifyLoadBalancerAttributes",
        attribute("deletion_protection.enabled", "false"),
        None,
        "overwrite reversible guardrail",
    ),
    ("elbv2:ModifyLoadBalancerAttributes", attribute("deletion_protection.enabled", "true"), None, None),
    (
        "elbv2:ModifyLoadBalancerAttributes",
        attribute("deletion_protection.enabled", "false"),
        {"kind": "elbv2.load-balancer", "guards": {"deletion protection": 0}},
        None,
    ),
    (
        "elbv2:ModifyLoadBalancerAttributes",
        attribute("access_logs.s3.enabled", "false"),
        None,
        "overwrite reversible audit",
    ),
    ("elbv2:ModifyLoadBalancerAttributes", attribute("idle_timeout.timeout_seconds", "60"), None, None),
    (
        "elbv2:DeregisterTargets",
        {"TargetGroupArn": "arn", "Targets": [{"Id": "i-1"}]},
        None,
        "detach reversible availability",
    ),
    ("elbv2:RegisterTargets", {"TargetGroupArn": "arn", "Targets": [{"Id": "i-1"}]}, None, None),
    (
        "elbv2:ModifyListener",
        {"ListenerArn": "arn", "DefaultActions": [{"Type": "forward", "TargetGroupArn": "arn:new"}]},
        LISTENER,
        "overwrite reversible availability",
    ),
    (
        "elbv2:ModifyListener",
        {"ListenerArn": "arn", "DefaultActions": [{"Type": "fixed-response"}]},
        LISTENER,
        "overwrite reversible availability",
    ),
    (
        "elbv2:ModifyListener",
        {"ListenerArn": "arn", "DefaultActions": [{"Type": "forward", "TargetGroupArn": "arn:tg"}]},
        LISTENER,
        None,
    ),
    ("elbv2:ModifyListener", {"ListenerArn": "arn", "SslPolicy": "p"}, LISTENER, None),
    (
        "elbv2:ModifyRule",
        {"RuleArn": "arn", "Actions": [{"Type": "forward", "TargetGroupArn": "arn:new"}]},
        LISTENER,
        "overwrite reversible availability",
    ),
    (
        "elbv2:SetSecurityGroups",
        {"LoadBalancerArn": "arn", "SecurityGroups": ["sg-1"]},
        None,
        "detach reversible availability",
    ),
    ("elbv2:SetIpAddressType", {"LoadBalancerArn": "arn", "IpAddressType": "ipv4"}, None, None),
    (
        "elb:ModifyLoadBalancerAttributes",
        {"LoadBalancerName": "l", "LoadBalancerAttributes": {"AccessLog": {"Enabled": False}}},
        None,
        "overwrite reversible audit",
    ),
    (
        "elb:ModifyLoadBalancerAttributes",
        {"LoadBalancerName": "l", "LoadBalancerAttributes": {"AccessLog": {"Enabled": True}}},
        None,
        None,
    ),
    ("elbv2:DeleteRule", {"RuleArn": "arn"}, None, "detach reversible availability"),
    ("elbv2:DeleteRule", {"RuleArn": "arn"}, {"kind": "elbv2.rule"}, None),
    (
        "cloudfront:UpdateDistribution",
        {"Id": "E", "DistributionConfig": {"Enabled": False}},
        None,
        "stop reversible availability",
    ),
    ("cloudfront:UpdateDistribution", {"Id": "E", "DistributionConfig": {"Enabled": True}}, None, None),
    (
        "apigateway:UpdateStage",
        {
            "restApiId": "a",
            "stageName": "s",
            "patchOperations": [{"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "0"}],
        },
        None,
        "stop reversible availability",
    ),
    (
        "apigateway:UpdateStage",
        {
            "restApiId": "a",
            "stageName": "s",
            "patchOperations": [{"op": "replace", "path": "/deploymentId", "value": "d"}],
        },
        None,
        "overwrite reversible availability",
    ),
    (
        "apigateway:UpdateStage",
        {
            "restApiId": "a",
            "stageName": "s",
            "patchOperations": [{"op": "replace", "path": "/description", "value": "0"}],
        },
        None,
        None,
    ),
    ("apigateway:PutRestApi", {"restApiId": "a", "mode": "overwrite"}, None, "overwrite recoverable configuration"),
    ("apigateway:PutRestApi", {"restApiId": "a", "mode": "merge"}, None, None),
    ("wafv2:UpdateWebACL", {"Name": "w", "Rules": []}, None, "overwrite reversible guardrail"),
    ("wafv2:UpdateWebACL", {"Name": "w", "Rules": [{"Name": "r"}]}, None, None),
    (
        "elbv2:ModifyListener",
        {
            "ListenerArn": "arn",
            "DefaultActions": [
                {"Type": "forward", "TargetGroupArn": "arn:tg"},
                {"Type": "forward", "TargetGroupArn": "arn:new"},
            ],
        },
        LISTENER,
        "overwrite reversible availability",
    ),
)


@pytest.mark.parametrize(("action", "parameters", "before", "expected"), ROWS)
def test_rules(
    judge: Callable[..., str | None],
    action: str,
    parameters: dict[str, Any],
    before: dict[str, Any] | None,
    expected: str | None,
) -> None:
    """What takes a way or a protection is told from what adds one or leaves it."""
    assert expected == judge(action, parameters, before)
