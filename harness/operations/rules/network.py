"""The network of EC2: ways that are cut, barriers that are raised."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import detaches, harmless, revokes
from askfirst.harness.operations.table import Domain

REPLACED = (
    "CarrierGatewayId",
    "CoreNetworkArn",
    "EgressOnlyInternetGatewayId",
    "GatewayId",
    "InstanceId",
    "LocalGatewayId",
)
REPLACED_TOO = ("NatGatewayId", "NetworkInterfaceId", "TransitGatewayId", "VpcEndpointId", "VpcPeeringConnectionId")


@rule("ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress")
def rule_revoked(_: Before) -> Ruling | None:
    """Traffic the rule let through is dropped: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html."""
    return revokes("takes rules of a security group away", domain=Domain.AVAILABILITY)


@rule("ec2:ReplaceRoute")
def route_replaced(before: Before) -> Ruling | None:
    """Traffic goes another way, or nowhere: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRoute.html."""
    to = next((before.text(name) for name in (*REPLACED, *REPLACED_TOO) if before.text(name)), "")
    where = before.text("DestinationCidrBlock") or before.text("DestinationIpv6CidrBlock")
    if to and any(where in way and to in way for one in before.targets for way in one.open):
        return harmless("leaves the route as it is")
    return detaches("sends traffic another way")


@rule("ec2:DeleteRoute")
def route_deleted(_: Before) -> Ruling | None:
    """The table stays, a way out of it goes: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html."""
    return detaches("takes a route out of the table")


@rule("ec2:DetachInternetGateway", "ec2:DetachVpnGateway")
def gateway_detached(_: Before) -> Ruling | None:
    """Nothing in the network reaches the outside, nor is reached: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html."""
    return detaches("takes the gateway from the network")


@rule("ec2:DisassociateAddress", "ec2:DisassociateRouteTable", "ec2:UnassignPrivateIpAddresses")
def disassociated(_: Before) -> Ruling | None:
    """What was reached by it is reached no more: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateAddress.html."""
    return detaches("takes an address or a route table from what uses it")


@rule("ec2:CreateNetworkAclEntry", "ec2:ReplaceNetworkAclEntry")
def acl_denies(before: Before) -> Ruling | None:
    """The lowest number decides: https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html.

    A deny of one address or a small network is how an attacker is kept out; a deny of everybody is an outage.
    """
    if before.text("RuleAction") != "deny":
        return None
    network = before.text("CidrBlock") or before.text("Ipv6CidrBlock")
    size = network.rpartition("/")[2]
    if network and size.isdigit() and int(size) >= (48 if ":" in network else 24) and not network.startswith("10."):
        return None
    return detaches(f"denies traffic of {network or 'all'} by an entry of the network's list")


@rule("ec2:DeleteNetworkAclEntry")
def acl_entry_deleted(_: Before) -> Ruling | None:
    """The list stays; what the entry let through is denied by the last one."""
    return detaches("takes an entry out of the network's list")


@rule("ec2:ReplaceNetworkAclAssociation", "ec2:ReplaceRouteTableAssociation")
def list_replaced(_: Before) -> Ruling | None:
    """Another list decides for the subnet: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceNetworkAclAssociation.html."""
    return detaches("puts another list or table in charge of the subnet")


@rule("ec2:ModifyNetworkInterfaceAttribute")
def groups_replaced(before: Before) -> Ruling | None:
    """The groups given replace all: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyNetworkInterfaceAttribute.html."""
    return detaches("puts other security groups on a network interface") if before.parameters.get("Groups") else None


@rule("ec2:DisassociateVpcCidrBlock", "ec2:DisassociateSubnetCidrBlock")
def range_ended(_: Before) -> Ruling | None:
    """Addresses of the range are reached no more: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html."""
    return detaches("ends a range of addresses of the network")
