"""EC2, who may pass: security groups, network ACLs, route tables."""
# ruff: noqa: ANN401, SLF001 - moto's objects have no common type, and keep things in private places

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Iterable, Iterator
from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_id
from askfirst.harness.aws.kinds.ec2_words import ec2_arn, nested, ports

EVERY_PROTOCOL = "-1"
TOWARDS = (
    "gateway",
    "nat_gateway",
    "instance",
    "interface",
    "transit_gateway",
    "vpc_pcx",
    "egress_only_igw",
    "carrier_gateway",
)
"""Members of a route that hold the thing it leads to, likeliest first."""


def _group(group: Any, _: Any) -> Reading:
    rules = [_passing("ingress", "from", one) for one in group.ingress_rules]
    rules += [_passing("egress", "to", one) for one in group.egress_rules]
    return Reading(content=group.description, aliases=(group.name,), open=tuple(sorted(rules)))


def _passing(way: str, word: str, rule: Any) -> str:
    """Say a rule: 'ingress tcp 443 from 0.0.0.0/0'. Its description and id are no part of what it allows."""
    ends, source = rule.ip_range, rule.source_group
    end = (
        (ends.get("CidrIp") or ends.get("CidrIpv6") if ends else None)
        or (source.get("GroupId") or source.get("GroupName") if source else None)
        or _prefix(rule.prefix_list_id)
    )
    protocol = "all" if rule.ip_protocol == EVERY_PROTOCOL else rule.ip_protocol
    return f"{way} {protocol} {ports(rule.from_port, rule.to_port)} {word} {end}"


def _prefix(given: Any) -> str:
    return str(given.get("PrefixListId", "")) if isinstance(given, dict) else str(given or "")


def _acl(acl: Any, _: Any) -> Reading:
    entries = sorted(acl.network_acl_entries, key=lambda one: (one.egress, one.rule_number))
    shut = tuple(_entry(one) for one in _defeating(entries))
    ways = [_entry(one) for one in entries if one.rule_action == "allow"]
    ways += [f"subnet {one.subnet_id}" for one in acl._associations.values()]
    return Reading(content=acl.default, aliases=tuple(acl._associations), open=tuple(ways), shut=shut)


def _entry(entry: Any) -> str:
    way = "egress" if entry.egress else "ingress"
    where = entry.cidr_block or entry.ipv6_cidr_block
    return (
        f"{way} {entry.rule_action} {_protocol(entry)} {ports(entry.port_range_from, entry.port_range_to)} for {where}"
    )


def _protocol(entry: Any) -> str:
    return "all" if entry.protocol == EVERY_PROTOCOL else str(entry.protocol)


def _defeating(entries: Iterable[Any]) -> Iterator[Any]:
    """Give the denying entries that come before an entry whose traffic they keep out, in part or whole.

    Entries are tried in the order of their numbers, the first that fits decides:
    https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
    """
    entries = list(entries)
    for place, one in enumerate(entries):
        if one.rule_action == "deny" and any(
            later.rule_action == "allow" and later.egress == one.egress and _meet(one, later)
            for later in entries[place + 1 :]
        ):
            yield one


def _meet(one: Any, other: Any) -> bool:
    """Tell whether some traffic fits both entries."""
    if EVERY_PROTOCOL not in {one.protocol, other.protocol} and str(one.protocol) != str(other.protocol):
        return False
    if None not in (one.port_range_from, other.port_range_from) and (
        int(one.port_range_to) < int(other.port_range_from) or int(other.port_range_to) < int(one.port_range_from)
    ):
        return False
    return _overlap(one.cidr_block or one.ipv6_cidr_block, other.cidr_block or other.ipv6_cidr_block)


@functools.lru_cache(maxsize=1024)
def _overlap(one: str, other: str) -> bool:
    first, second = ipaddress.ip_network(one, strict=False), ipaddress.ip_network(other, strict=False)
    return first.version == second.version and first.overlaps(second)


def _table(table: Any, _: Any) -> Reading:
    """Read a route table: its routes, and the subnets that go by it."""
    ways = [f"{_destination(one)} -> {_towards(one)}" for one in table._routes.values()]
    ways += [f"used by {one}" for one in sorted(str(each) for each in table._associations.values())]
    if table.main_association_id:
        ways.append(f"main of {table.vpc_id}")
    return Reading(aliases=tuple(map(str, table._associations)), open=tuple(ways))


def _destination(route: Any) -> str:
    listed = route.destination_prefix_list
    return str(route.destination_cidr_block or route.destination_ipv6_cidr_block or (listed.id if listed else ""))


def _towards(route: Any) -> str:
    if route.local:
        return "local"
    for member in TOWARDS:
        thing = getattr(route, member)
        if thing is not None:
            return str(thing.id)
    return str(route.vpc_endpoint_id or "nowhere")


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="ec2.security-group",
        service="ec2",
        members=lambda backend: nested(backend.groups.values()),
        arn=ec2_arn("security-group"),
        name=own_id,
        read=_group,
    ),
    Kind(
        kind="ec2.network-acl",
        service="ec2",
        members=lambda backend: backend.network_acls.values(),
        arn=ec2_arn("network-acl"),
        name=own_id,
        read=_acl,
    ),
    Kind(
        kind="ec2.route-table",
        service="ec2",
        members=lambda backend: backend.route_tables.values(),
        arn=ec2_arn("route-table"),
        name=own_id,
        read=_table,
    ),
)
