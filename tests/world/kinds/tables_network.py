"""What calls do to networks: VPCs, ways out of them, rules of who may pass. `{name}` is an id of the world."""

from __future__ import annotations

from typing import Any

from askfirst.harness.records import Effect

GONE, LOST, OVER = Effect.GONE, Effect.DATA_LOST, Effect.OVERWRITTEN
OFF, CUT, WEAK = Effect.DISABLED, Effect.CUT_OFF, Effect.WEAKENED

Row = tuple[str, str, dict[str, Any], dict[str, set[Effect]]]
"""Service, method, parameters, and what is harmed how: parts of ARNs with all their harming effects."""

GROUP = ":security-group/{group}"
ACL = ":network-acl/{acl}"
TABLE = ":route-table/{table}"
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
ALL = {"CidrIp": "0.0.0.0/0"}


def _entry(number: int, action: str, *, egress: bool = False, **more: Any) -> dict[str, Any]:
    entry = {"NetworkAclId": "{acl}", "RuleNumber": number, "RuleAction": action, "Egress": egress}
    return entry | {"Protocol": "-1", "CidrBlock": "0.0.0.0/0"} | more


HARMING: dict[str, Row] = {
    "revoke ingress": (
        "ec2",
        "revoke_security_group_ingress",
        {"GroupId": "{group}", "IpPermissions": [HTTPS | {"IpRanges": [ALL]}]},
        {GROUP: {CUT}},
    ),
    "revoke ingress from a group": (
        "ec2",
        "revoke_security_group_ingress",
        {"GroupId": "{group}", "IpPermissions": [HTTPS | {"UserIdGroupPairs": [{"GroupId": "{other-group}"}]}]},
        {GROUP: {CUT}},
    ),
    "revoke egress": (
        "ec2",
        "revoke_security_group_egress",
        {"GroupId": "{group}", "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [ALL]}]},
        {GROUP: {CUT}},
    ),
    "narrow a rule": (
        "ec2",
        "modify_security_group_rules",
        {
            "GroupId": "{group}",
            "SecurityGroupRules": [
                {
                    "SecurityGroupRuleId": "{group-rule}",
                    "SecurityGroupRule": HTTPS | {"CidrIpv4": "203.0.113.0/24"},
                }
            ],
        },
        {GROUP: {CUT}},
    ),
    "delete a group": (
        "ec2",
        "delete_security_group",
        {"GroupId": "{spare-group}"},
        {":security-group/{spare-group}": {GONE}},
    ),
    "deny before an allow": ("ec2", "create_network_acl_entry", _entry(1, "deny"), {ACL: {CUT}}),
    "deny some before an allow": (
        "ec2",
        "create_network_acl_entry",
        _entry(1, "deny", Protocol="6", PortRange={"From": 443, "To": 443}, CidrBlock="203.0.113.0/24"),
        {ACL: {CUT}},
    ),
    "delete an entry": (
        "ec2",
        "delete_network_acl_entry",
        {"NetworkAclId": "{acl}", "RuleNumber": 100, "Egress": True},
        {ACL: {CUT}},
    ),
    "turn an allow into a deny": ("ec2", "replace_network_acl_entry", _entry(100, "deny"), {ACL: {CUT}}),
    "another ACL for a subnet": (
        "ec2",
        "replace_network_acl_association",
        {"AssociationId": "{acl-association}", "NetworkAclId": "{acl}"},
        {":network-acl/{default-acl}": {CUT}},
    ),
    "delete an ACL": ("ec2", "delete_network_acl", {"NetworkAclId": "{acl}"}, {ACL: {GONE}}),
    "delete a route": (
        "ec2",
        "delete_route",
        {"RouteTableId": "{table}", "DestinationCidrBlock": "0.0.0.0/0"},
        {TABLE: {CUT}},
    ),
    "replace a route": (
        "ec2",
        "replace_route",
        {"RouteTableId": "{table}", "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "{nat}"},
        {TABLE: {CUT}},
    ),
    "take a subnet off a table": (
        "ec2",
        "disassociate_route_table",
        {"AssociationId": "{table-association}"},
        {TABLE: {CUT}},
    ),
    "another table for a subnet": (
        "ec2",
        "replace_route_table_association",
        {"AssociationId": "{table-association}", "RouteTableId": "{spare-table}"},
        {TABLE: {CUT}},
    ),
    "delete a table": (
        "ec2",
        "delete_route_table",
        {"RouteTableId": "{spare-table}"},
        {":route-table/{spare-table}": {GONE}},
    ),
    "detach a gateway": (
        "ec2",
        "detach_internet_gateway",
        {"InternetGatewayId": "{gateway}", "VpcId": "{vpc}"},
        {":internet-gateway/{gateway}": {CUT}},
    ),
    "delete a gateway": (
        "ec2",
        "delete_internet_gateway",
        {"InternetGatewayId": "{spare-gateway}"},
        {":internet-gateway/{spare-gateway}": {GONE}},
    ),
    "delete an egress gateway": (
        "ec2",
        "delete_egress_only_internet_gateway",
        {"EgressOnlyInternetGatewayId": "{egress-gateway}"},
        {":egress-only-internet-gateway/": {GONE}},
    ),
    "delete a NAT gateway": (
        "ec2",
        "delete_nat_gateway",
        {"NatGatewayId": "{nat}"},
        {":natgateway/{nat}": {GONE}},
    ),
    "disassociate an address": (
        "ec2",
        "disassociate_address",
        {"AssociationId": "{address-association}"},
        {":instance/{instance}": {CUT}, ":network-interface/": {CUT}},
    ),
    "release an address": (
        "ec2",
        "release_address",
        {"AllocationId": "{address}"},
        {":elastic-ip/{address}": {GONE}, ":instance/{instance}": {CUT}, ":network-interface/": {CUT}},
    ),
    "delete an endpoint": (
        "ec2",
        "delete_vpc_endpoints",
        {"VpcEndpointIds": ["{endpoint}"]},
        {":vpc-endpoint/{endpoint}": {GONE}, TABLE: {CUT}},
    ),
    "delete a peering": (
        "ec2",
        "delete_vpc_peering_connection",
        {"VpcPeeringConnectionId": "{peering}"},
        {":vpc-peering-connection/": {GONE}},
    ),
    "delete flow logs": (
        "ec2",
        "delete_flow_logs",
        {"FlowLogIds": ["{flow-log}"]},
        {":vpc-flow-log/": {GONE}, ":vpc/{vpc}": {WEAK}},
    ),
    "DNS off": (
        "ec2",
        "modify_vpc_attribute",
        {"VpcId": "{vpc}", "EnableDnsSupport": {"Value": False}},
        {":vpc/{vpc}": {OFF}},
    ),
    "take a range": (
        "ec2",
        "disassociate_vpc_cidr_block",
        {"AssociationId": "{range}"},
        {":vpc/{vpc}": {CUT}, ":route-table/": {CUT}},
    ),
    "delete a VPC": (
        "ec2",
        "delete_vpc",
        {"VpcId": "{spare-vpc}"},
        {":vpc/{spare-vpc}": {GONE}, ":route-table/": {GONE}, ":security-group/": {GONE}},
    ),
    "delete a subnet": (
        "ec2",
        "delete_subnet",
        {"SubnetId": "{spare-subnet}"},
        {":subnet/{spare-subnet}": {GONE}},
    ),
    "delete DHCP options": (
        "ec2",
        "delete_dhcp_options",
        {"DhcpOptionsId": "{dhcp}"},
        {":dhcp-options/{dhcp}": {GONE}},
    ),
    "take an entry of a prefix list": (
        "ec2",
        "modify_managed_prefix_list",
        {"PrefixListId": "{prefixes}", "CurrentVersion": 1, "RemoveEntries": [{"Cidr": "198.51.100.0/24"}]},
        {":prefix-list/{prefixes}": {CUT}},
    ),
    "delete a prefix list": (
        "ec2",
        "delete_managed_prefix_list",
        {"PrefixListId": "{prefixes}"},
        {":prefix-list/{prefixes}": {GONE}},
    ),
    "another group for an interface": (
        "ec2",
        "modify_network_interface_attribute",
        {"NetworkInterfaceId": "{interface}", "Groups": ["{other-group}"]},
        {":network-interface/{interface}": {CUT}},
    ),
    "delete an interface": (
        "ec2",
        "delete_network_interface",
        {"NetworkInterfaceId": "{interface}"},
        {":network-interface/{interface}": {GONE}},
    ),
    "delete a transit route": (
        "ec2",
        "delete_transit_gateway_route",
        {"TransitGatewayRouteTableId": "{transit-table}", "DestinationCidrBlock": "10.9.0.0/16"},
        {":transit-gateway-route-table/{transit-table}": {CUT}},
    ),
    "a transit route into a black hole": (
        "ec2",
        "create_transit_gateway_route",
        {
            "TransitGatewayRouteTableId": "{transit-table}",
            "DestinationCidrBlock": "10.10.0.0/16",
            "Blackhole": True,
        },
        {":transit-gateway-route-table/{transit-table}": {CUT}},
    ),
    "delete a transit attachment": (
        "ec2",
        "delete_transit_gateway_vpc_attachment",
        {"TransitGatewayAttachmentId": "{attachment}"},
        {":transit-gateway-attachment/": {GONE}},
    ),
    "delete a transit table": (
        "ec2",
        "delete_transit_gateway_route_table",
        {"TransitGatewayRouteTableId": "{transit-table}"},
        {":transit-gateway-route-table/{transit-table}": {GONE}},
    ),
    "delete a transit gateway": (
        "ec2",
        "delete_transit_gateway",
        {"TransitGatewayId": "{transit}"},
        {":transit-gateway/{transit}": {GONE}},
    ),
    "detach a VPN gateway": (
        "ec2",
        "detach_vpn_gateway",
        {"VpnGatewayId": "{vpn-gateway}", "VpcId": "{other-vpc}"},
        {":vpn-gateway/": {CUT}},
    ),
    "delete a VPN gateway": (
        "ec2",
        "delete_vpn_gateway",
        {"VpnGatewayId": "{vpn-gateway}"},
        {":vpn-gateway/": {GONE}},
    ),
    "delete a VPN": ("ec2", "delete_vpn_connection", {"VpnConnectionId": "{vpn}"}, {":vpn-connection/": {GONE}}),
    "delete a customer gateway": (
        "ec2",
        "delete_customer_gateway",
        {"CustomerGatewayId": "{customer-gateway}"},
        {":customer-gateway/": {GONE}},
    ),
}
HARMLESS: dict[str, Row] = {
    "allow more ingress": (
        "ec2",
        "authorize_security_group_ingress",
        {
            "GroupId": "{group}",
            "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [ALL]}],
        },
        {},
    ),
    "describe a rule": (
        "ec2",
        "update_security_group_rule_descriptions_ingress",
        {
            "GroupId": "{group}",
            "IpPermissions": [HTTPS | {"IpRanges": [ALL | {"Description": "everybody"}]}],
        },
        {},
    ),
    "deny after every allow": ("ec2", "create_network_acl_entry", _entry(200, "deny"), {}),
    "deny what no allow lets in": (
        "ec2",
        "create_network_acl_entry",
        _entry(1, "deny", CidrBlock="203.0.113.0/24", NetworkAclId="{narrow-acl}"),
        {},
    ),
    "allow more by an ACL": (
        "ec2",
        "create_network_acl_entry",
        _entry(50, "allow", CidrBlock="203.0.113.0/24"),
        {},
    ),
    "one more route": (
        "ec2",
        "create_route",
        {"RouteTableId": "{table}", "DestinationCidrBlock": "10.20.0.0/16", "NatGatewayId": "{nat}"},
        {},
    ),
    "one more subnet by a table": (
        "ec2",
        "associate_route_table",
        {"RouteTableId": "{table}", "SubnetId": "{other-subnet}"},
        {},
    ),
    "attach a gateway": (
        "ec2",
        "attach_internet_gateway",
        {"InternetGatewayId": "{spare-gateway}", "VpcId": "{other-vpc}"},
        {},
    ),
    "one more subnet": ("ec2", "create_subnet", {"VpcId": "{vpc}", "CidrBlock": "10.5.9.0/24"}, {}),
    "one more address": ("ec2", "allocate_address", {"Domain": "vpc"}, {}),
    "public addresses at launch": (
        "ec2",
        "modify_subnet_attribute",
        {"SubnetId": "{subnet}", "MapPublicIpOnLaunch": {"Value": True}},
        {},
    ),
    "one more VPC": ("ec2", "create_vpc", {"CidrBlock": "10.30.0.0/16"}, {}),
    "tag a VPC": ("ec2", "create_tags", {"Resources": ["{vpc}"], "Tags": [{"Key": "a", "Value": "b"}]}, {}),
    "one more range": ("ec2", "associate_vpc_cidr_block", {"VpcId": "{vpc}", "CidrBlock": "10.8.0.0/16"}, {}),
    "one more prefix": (
        "ec2",
        "modify_managed_prefix_list",
        {"PrefixListId": "{prefixes}", "CurrentVersion": 1, "AddEntries": [{"Cidr": "203.0.113.0/24"}]},
        {},
    ),
    "one more transit route": (
        "ec2",
        "create_transit_gateway_route",
        {
            "TransitGatewayRouteTableId": "{transit-table}",
            "DestinationCidrBlock": "10.11.0.0/16",
            "TransitGatewayAttachmentId": "{attachment}",
        },
        {},
    ),
}
ROWS: dict[str, Row] = HARMING | HARMLESS
