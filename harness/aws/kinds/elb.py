"""Elastic Load Balancing of the first generation."""
# ruff: noqa: ANN401 - moto's objects have no common type

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_name
from askfirst.harness.aws.kinds.ec2_words import yes


def _arn(balancer: Any, backend: Any) -> str:
    here = f"arn:{backend.partition}:elasticloadbalancing:{backend.region_name}:{backend.account_id}"
    return f"{here}:loadbalancer/{balancer.name}"


def _balancer(balancer: Any, _: Any) -> Reading:
    instances = sorted({*balancer.instance_sparse_ids, *balancer.instance_autoscaling_ids})
    ways = [
        f"{one.protocol}:{one.load_balancer_port} -> {one.instance_port}"
        for one in sorted(balancer.listeners, key=lambda one: int(one.load_balancer_port))
    ]
    ways += [f"instance {one}" for one in instances]
    ways += [f"subnet {one}" for one in sorted(balancer.subnets)]
    ways += [f"group {one}" for one in sorted(balancer.security_groups)]
    # moto's own default is in lower case, what a call gave is not.
    log = balancer.attributes["access_log"]
    return Reading(
        content=(balancer.scheme, tuple(balancer.availability_zones)),
        guards={"access log": yes(log.get("Enabled", log.get("enabled")))},
        capacity={"instances": float(len(instances)), "listeners": float(len(balancer.listeners))},
        open=tuple(ways),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="elb.load-balancer",
        service="elb",
        members=lambda backend: backend.load_balancers.values(),
        arn=_arn,
        name=own_name,
        read=_balancer,
    ),
)
