"""EC2, the ways between networks: transit gateways and VPNs."""
# ruff: noqa: ANN401 - moto's objects have no common type, and keep things in private places

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_id
from askfirst.harness.aws.kinds.ec2_words import ec2_arn, place


def _transit(gateway: Any, _: Any) -> Reading:
    return Reading(state=gateway.state, content=sorted((key, str(one)) for key, one in gateway.options.items()))


def _attachment(attachment: Any, backend: Any) -> Reading:
    return Reading(
        state=attachment.state,
        content=(attachment.resource_type, attachment.resource_id),
        capacity={"available": 1.0 if attachment.state == "available" else 0.0},
        open=tuple(f"subnet {one}" for one in getattr(attachment, "subnet_ids", ()) or ()),
        uses=(f"{place(backend)}transit-gateway/{attachment.transit_gateway_id}",),
    )


def _transit_table(table: Any, _: Any) -> Reading:
    """Read a route table of a transit gateway; a black hole is a barrier.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-route-tables.html
    """
    ways, shut = [], []
    for destination, route in table.routes.items():
        attached = (route.get("transitGatewayAttachments") or {}).get("transitGatewayAttachmentId", "")
        if route.get("state") == "blackhole":
            shut.append(f"{destination} into a black hole")
        else:
            ways.append(f"{destination} -> {attached}")
    ways += [f"used by {one}" for one in sorted(table.route_table_associations)]
    ways += [f"told of by {one.get('transitGatewayAttachmentId')}" for one in table.route_table_propagation]
    return Reading(state=table.state, open=tuple(ways), shut=tuple(shut))


def _vpn_gateway(gateway: Any, _: Any) -> Reading:
    attached = [vpc for vpc, one in gateway.attachments.items() if one.state == "attached"]
    return Reading(state=gateway.state, content=gateway.type, open=tuple(f"attached to {one}" for one in attached))


def _vpn(connection: Any, backend: Any) -> Reading:
    routes = connection.static_routes or ()
    return Reading(
        state=connection.state,
        content=(connection.vpn_gateway_id, connection.transit_gateway_id),
        open=tuple(f"route {one}" for one in routes),
        uses=(f"{place(backend)}customer-gateway/{connection.customer_gateway_id}",),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="ec2.transit-gateway",
        service="ec2",
        members=lambda backend: backend.transit_gateways.values(),
        arn=ec2_arn("transit-gateway"),
        name=own_id,
        read=_transit,
    ),
    Kind(
        kind="ec2.transit-gateway-attachment",
        service="ec2",
        members=lambda backend: backend.transit_gateway_attachments.values(),
        arn=ec2_arn("transit-gateway-attachment"),
        name=own_id,
        read=_attachment,
    ),
    Kind(
        kind="ec2.transit-gateway-route-table",
        service="ec2",
        members=lambda backend: backend.transit_gateways_route_tables.values(),
        arn=ec2_arn("transit-gateway-route-table"),
        name=own_id,
        read=_transit_table,
    ),
    Kind(
        kind="ec2.vpn-gateway",
        service="ec2",
        members=lambda backend: backend.vpn_gateways.values(),
        arn=ec2_arn("vpn-gateway"),
        name=own_id,
        read=_vpn_gateway,
    ),
    Kind(
        kind="ec2.customer-gateway",
        service="ec2",
        members=lambda backend: backend.customer_gateways.values(),
        arn=ec2_arn("customer-gateway"),
        name=own_id,
        read=lambda gateway, _: Reading(state=gateway.state, content=(gateway.ip_address, gateway.bgp_asn)),
    ),
    Kind(
        kind="ec2.vpn-connection",
        service="ec2",
        members=lambda backend: backend.vpn_connections.values(),
        arn=ec2_arn("vpn-connection"),
        name=own_id,
        read=_vpn,
    ),
)
