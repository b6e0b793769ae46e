"""Route 53: zones with their records, and health checks."""
# ruff: noqa: ANN401 - moto's objects have no common type

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_id
from askfirst.harness.records import Part


def _zone(zone: Any, backend: Any) -> Reading:
    """Read a zone: each record is a piece, and each value of it a way. A record of weight 0 is never given out.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-weighted.html
    """
    parts: dict[str, Part] = {}
    ways: list[str] = []
    capacity: dict[str, float] = {}
    content: list[tuple[str, object]] = []
    for record in zone.rrsets:
        key = f"{record.type} {record.name}"
        if record.set_identifier:
            key = f"{key} {record.set_identifier}"
        values = record.records
        # moto keeps the values of an SOA record of a new zone as it gives them out.
        if record.alias_target:
            ends = [f"alias {record.alias_target.get('DNSName')}"]
        else:
            ends = [one if isinstance(one, str) else str(one["Value"]) for one in values]
        parts[key] = " ".join(ends)
        ways += [f"{key} {one}" for one in ends]
        if record.weight is not None:
            capacity[f"weight of {key}"] = float(record.weight)
        content.append((key, (record.ttl, record.health_check_id, record.failover, record.region)))
    ways += [f"network {one.get('vpc_id')}" for one in zone.vpcs or ()]
    logged = any(one.hosted_zone_id == zone.resource_id for one in backend.query_logging_configs.values())
    return Reading(
        items=len(parts),
        content=(zone.comment, content),
        aliases=(zone.name, zone.name.rstrip("."), zone.resource_id),
        guards={"query logging": float(logged)},
        capacity=capacity,
        open=tuple(ways),
        parts=parts,
    )


def _check(check: Any, _: Any) -> Reading:
    """Read a health check: one that is disabled takes everything for healthy, one that is inverted the other way round.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
    """
    return Reading(
        content=(
            check.ip_address,
            check.fqdn,
            check.port,
            check.resource_path,
            check.inverted,
            check.failure_threshold,
        ),
        capacity={"enabled": 0.0 if str(check.disabled).lower() == "true" else 1.0},
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="route53.zone",
        service="route53",
        members=lambda backend: backend.zones.values(),
        arn=lambda zone, backend: f"arn:{backend.partition}:route53:::hostedzone/{zone.resource_id}",
        name=own_id,
        read=_zone,
    ),
    Kind(
        kind="route53.health-check",
        service="route53",
        members=lambda backend: backend.health_checks.values(),
        arn=lambda check, backend: f"arn:{backend.partition}:route53:::healthcheck/{check.id}",
        name=own_id,
        read=_check,
    ),
)
