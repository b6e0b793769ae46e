"""EC2, the network: VPCs and what is attached to them. Rules of who may pass are in `ec2_access.py`."""
# ruff: noqa: ANN401, SLF001 - moto's objects have no common type, and keep things in private places

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_id
from askfirst.harness.aws.kinds.ec2_words import ec2_arn, elastic, nested, place, yes
from askfirst.harness.aws.kinds.policies import ways


def _vpc(vpc: Any, backend: Any) -> Reading:
    """Read a VPC. Without DNS support nothing in it resolves a name any more.

    https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    ranges = vpc._cidr_block_association_set.values()
    logs = sum(1 for one in backend.flow_logs.values() if one.resource_id == vpc.id)
    return Reading(
        state=vpc.state,
        content=(vpc.dhcp_options.id if vpc.dhcp_options else "", vpc.enable_dns_hostnames, vpc.instance_tenancy),
        aliases=tuple(vpc._cidr_block_association_set),
        guards={"flow logs": float(logs)},
        capacity={"dns": yes(vpc.enable_dns_support)},
        open=tuple(
            f"range {one.get('cidr_block')}" for one in ranges if one["cidr_block_state"]["state"] == "associated"
        ),
    )


def _subnet(subnet: Any, backend: Any) -> Reading:
    return Reading(
        content=(subnet.cidr_block, subnet.map_public_ip_on_launch, subnet.assign_ipv6_address_on_creation),
        uses=(f"{place(backend)}vpc/{subnet.vpc_id}",),
    )


def _gateway(gateway: Any, _: Any) -> Reading:
    return Reading(open=(f"attached to {gateway.vpc.id}",) if gateway.vpc else ())


def _nat(gateway: Any, backend: Any) -> Reading:
    addresses = sorted(str(one.get("allocationId") or one.get("publicIp") or "") for one in gateway.address_set)
    return Reading(
        state=gateway.state,
        content=(gateway.connectivity_type, gateway.private_ip),
        open=tuple(f"address {one}" for one in addresses if one),
        uses=(f"{place(backend)}subnet/{gateway.subnet_id}",),
    )


def _endpoint(endpoint: Any, backend: Any) -> Reading:
    """Read a VPC endpoint with its policy.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    allowed, denied = ways(endpoint.policy_document)
    return Reading(
        state=endpoint.state,
        content=(endpoint.service_name, endpoint.vpc_endpoint_type),
        capacity={"private dns": yes(endpoint.private_dns_enabled)},
        open=(
            *(f"route table {one}" for one in endpoint.route_table_ids or ()),
            *(f"subnet {one}" for one in endpoint.subnet_ids or ()),
            *(f"group {one}" for one in endpoint.security_group_ids or ()),
            *allowed,
        ),
        shut=denied,
        uses=(f"{place(backend)}vpc/{endpoint.vpc_id}",),
    )


def _peering(peering: Any, _: Any) -> Reading:
    code = peering._status.code
    return Reading(
        state=code,
        content=(peering.vpc.id, peering.peer_vpc.id),
        capacity={"active": 1.0 if code == "active" else 0.0},
    )


def _interface(interface: Any, backend: Any) -> Reading:
    ways = [f"group {one.id}" for one in interface._group_set]
    address = elastic(interface.public_ip, backend)
    if address:
        ways.append(f"address {address}")
    return Reading(
        content=(interface.private_ip_address, interface.source_dest_check, interface.description),
        open=tuple(ways),
        uses=(f"{place(backend)}subnet/{interface.subnet.id}",),
    )


def _address(address: Any, _: Any) -> Reading:
    """Read an elastic address.

    What it leads to is that thing's way (`address 192.0.2.1` of an instance or an interface): an address that is free
    again because its instance went is not cut off itself.
    """
    there = address.instance.id if address.instance else address.eni.id if address.eni else ""
    return Reading(content=(address.public_ip, there), aliases=(address.public_ip, address.association_id or ""))


def _prefix_lists(backend: Any) -> Iterable[Any]:
    """Give the account's own lists: moto makes those of AWS beside them."""
    return [one for one in backend.managed_prefix_lists.values() if one.resource_owner_id != "AWS" and one.state]


def _prefix_list(prefixes: Any, _: Any) -> Reading:
    entries = prefixes.entries.get(prefixes.version) or ()
    return Reading(
        state="delete-complete" if prefixes.state == "delete-complete" else "",
        content=(prefixes.prefix_list_name, prefixes.max_entries),
        aliases=(prefixes.prefix_list_name,),
        open=tuple(sorted(f"entry {one.get('Cidr')}" for one in entries)),
    )


def _flow_log(log: Any, _: Any) -> Reading:
    """Read a flow log: what it records is its guardrail.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
    """
    return Reading(
        content=(log.resource_id, log.traffic_type, log.log_destination, log.log_group_name),
        guards={"recording": 1.0 if log.flow_log_status == "ACTIVE" else 0.0},
    )


def _dhcp(options: Any, _: Any) -> Reading:
    return Reading(content=sorted((str(key), str(value)) for key, value in options._options.items()))


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="ec2.vpc",
        service="ec2",
        members=lambda backend: backend.vpcs.values(),
        arn=ec2_arn("vpc"),
        name=own_id,
        read=_vpc,
    ),
    Kind(
        kind="ec2.subnet",
        service="ec2",
        members=lambda backend: nested(backend.subnets.values()),
        arn=ec2_arn("subnet"),
        name=own_id,
        read=_subnet,
    ),
    Kind(
        kind="ec2.internet-gateway",
        service="ec2",
        members=lambda backend: backend.internet_gateways.values(),
        arn=ec2_arn("internet-gateway"),
        name=own_id,
        read=_gateway,
    ),
    Kind(
        kind="ec2.egress-only-internet-gateway",
        service="ec2",
        members=lambda backend: backend.egress_only_internet_gateways.values(),
        arn=ec2_arn("egress-only-internet-gateway"),
        name=own_id,
        read=lambda gateway, _: Reading(state=gateway.state, content=gateway.vpc_id),
    ),
    Kind(
        kind="ec2.nat-gateway",
        service="ec2",
        members=lambda backend: backend.nat_gateways.values(),
        arn=ec2_arn("natgateway"),
        name=own_id,
        read=_nat,
    ),
    Kind(
        kind="ec2.vpc-endpoint",
        service="ec2",
        members=lambda backend: backend.vpc_end_points.values(),
        arn=ec2_arn("vpc-endpoint"),
        name=own_id,
        read=_endpoint,
    ),
    Kind(
        kind="ec2.vpc-peering-connection",
        service="ec2",
        members=lambda backend: backend.vpc_pcxs.values(),
        arn=ec2_arn("vpc-peering-connection"),
        name=own_id,
        read=_peering,
    ),
    Kind(
        kind="ec2.network-interface",
        service="ec2",
        members=lambda backend: backend.enis.values(),
        arn=ec2_arn("network-interface"),
        name=own_id,
        read=_interface,
    ),
    Kind(
        kind="ec2.elastic-ip",
        service="ec2",
        members=lambda backend: backend.addresses,
        arn=lambda address, backend: f"{place(backend)}elastic-ip/{address.allocation_id or address.public_ip}",
        name=lambda address: str(address.allocation_id or address.public_ip),
        read=_address,
    ),
    Kind(
        kind="ec2.prefix-list",
        service="ec2",
        members=_prefix_lists,
        arn=ec2_arn("prefix-list"),
        name=own_id,
        read=_prefix_list,
    ),
    Kind(
        kind="ec2.flow-log",
        service="ec2",
        members=lambda backend: backend.flow_logs.values(),
        arn=ec2_arn("vpc-flow-log"),
        name=own_id,
        read=_flow_log,
    ),
    Kind(
        kind="ec2.dhcp-options",
        service="ec2",
        members=lambda backend: backend.dhcp_options_sets.values(),
        arn=ec2_arn("dhcp-options"),
        name=own_id,
        read=_dhcp,
    ),
)
