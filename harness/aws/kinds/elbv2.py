"""Elastic Load Balancing: balancers, their listeners and rules, and the groups of targets behind them."""
# ruff: noqa: ANN401, SLF001 - moto's objects have no common type, and keep things in private places

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name
from askfirst.harness.aws.kinds.ec2_words import yes


def _balancer(balancer: Any, _: Any) -> Reading:
    """Read a balancer; its state is left out, for moto moves it on when it is read.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#deletion-protection
    """
    attributes = balancer.attrs
    ways = [f"subnet {one.id}" for one in balancer.subnets]
    ways += [f"group {one}" for one in balancer.security_groups]
    return Reading(
        content=(balancer.scheme, balancer.type, balancer.ip_address_type, sorted(attributes.items())),
        guards={
            "deletion protection": yes(attributes.get("deletion_protection.enabled")),
            "access logs": yes(attributes.get("access_logs.s3.enabled")),
        },
        aliases=(balancer.dns_name,),
        open=tuple(ways),
    )


def _listeners(backend: Any) -> Iterable[Any]:
    return [one for balancer in backend.load_balancers.values() for one in balancer.listeners.values()]


def _listener(listener: Any, _: Any) -> Reading:
    ways = [f"{listener.protocol}:{listener.port}"]
    ways += [f"{listener.port} -> {one}" for action in listener.default_actions for one in _ends(action.data)]
    ways += [f"certificate {one}" for one in listener.certificates]
    return Reading(content=listener.ssl_policy, open=tuple(ways), uses=(listener.load_balancer_arn,))


def _ends(action: dict[str, Any]) -> list[str]:
    """Say where an action leads to: target groups that get traffic, or what is done instead."""
    if action.get("Type") != "forward":
        return [str(action.get("Type"))]
    if action.get("TargetGroupArn"):
        return [str(action["TargetGroupArn"])]
    groups = action.get("ForwardConfig", {}).get("TargetGroups", [])
    return [str(one["TargetGroupArn"]) for one in groups if str(one.get("Weight", 1)) != "0"]


def _rules(backend: Any) -> Iterable[Any]:
    """Give the rules that somebody made; the default one is the listener's own."""
    return [rule for listener in _listeners(backend) for rule in listener._non_default_rules.values()]


def _rule(rule: Any, _: Any) -> Reading:
    conditions = [f"{one.get('Field')} {_values(one)}" for one in rule.conditions]
    ends = [one for action in rule.actions for one in _ends(action.data)]
    said = " and ".join(conditions)
    return Reading(
        content=str(rule.priority), open=tuple(f"{said} -> {one}" for one in ends), uses=(rule.listener_arn,)
    )


def _values(condition: dict[str, Any]) -> str:
    values = condition.get("Values") or next(
        (one.get("Values") for one in condition.values() if isinstance(one, dict)), None
    )
    return ", ".join(sorted(str(one) for one in values or ()))


def _group(group: Any, _: Any) -> Reading:
    """Read a group of targets: each registered one is a way into the service behind."""
    targets = group.targets
    return Reading(
        content=(
            group.protocol,
            group.port,
            group.health_check_path,
            group.health_check_enabled,
            str(group.matcher),
            sorted((key, str(one)) for key, one in group.attributes.items()),
        ),
        capacity={"targets": float(len(targets))},
        open=tuple(f"target {name}:{one.get('Port')}" for name, one in targets.items()),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="elbv2.load-balancer",
        service="elbv2",
        members=lambda backend: backend.load_balancers.values(),
        arn=own_arn,
        name=own_name,
        read=_balancer,
    ),
    Kind(
        kind="elbv2.listener",
        service="elbv2",
        members=_listeners,
        arn=own_arn,
        name=lambda one: str(one.arn),
        read=_listener,
    ),
    Kind(
        kind="elbv2.rule",
        service="elbv2",
        members=_rules,
        arn=own_arn,
        name=lambda one: str(one.arn),
        read=_rule,
    ),
    Kind(
        kind="elbv2.target-group",
        service="elbv2",
        members=lambda backend: backend.target_groups.values(),
        arn=own_arn,
        name=own_name,
        read=_group,
    ),
)
