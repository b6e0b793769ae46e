"""Auto Scaling: groups with what they keep running, and the configurations they launch from."""
# ruff: noqa: ANN401, SLF001 - moto's objects have no common type, and keep things in private places

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name
from askfirst.harness.records import Part

KEEPING = ("AddToLoadBalancer", "AlarmNotification", "HealthCheck", "Launch", "ReplaceUnhealthy")
"""Processes that keep a group serving; suspending others (`Terminate`, ...) only makes it hold on to what it has.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
"""
RUNNING: Mapping[str, float] = {f"process {one}": 1.0 for one in KEEPING}


def _group(group: Any, backend: Any) -> Reading:
    states = group.instance_states
    return Reading(
        content=(
            group.min_size,
            group.launch_configuration_name,
            group.ec2_launch_template.id if group.ec2_launch_template else "",
            group.vpc_zone_identifier,
            tuple(group.availability_zones or ()),
            group.health_check_type,
            tuple(group.termination_policies or ()),
            bool(group.warm_pool),
        ),
        guards={
            **(_processes(group._suspended_processes) if group._suspended_processes else RUNNING),
            "new instances protected": float(bool(group.new_instances_protected_from_scale_in)),
            "instances protected": float(bool(states) and all(one.protected_from_scale_in for one in states)),
        },
        capacity={
            "desired": float(group.desired_capacity or 0),
            "max": float(group.max_size or 0),
            "in service": float(sum(1 for one in states if one.lifecycle_state == "InService")),
        },
        open=(
            *(f"target group {one}" for one in group.target_group_arns),
            *(f"load balancer {one}" for one in group.load_balancer_names),
        ),
        doomed=tuple(_doomed(group, backend)),
        parts=_parts(group.name, backend),
    )


def _processes(suspended: list[str]) -> dict[str, float]:
    return {f"process {one}": float(one not in suspended) for one in KEEPING}


def _doomed(group: Any, backend: Any) -> Iterator[str]:
    """Give what is going to take instances away: an action at a time, and the check of health.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
    """
    for one in backend.scheduled_actions.values():
        if one.auto_scaling_group_name == group.name and 0 in (one.max_size, one.desired_capacity):
            yield f"scheduled action {one.scheduled_action_name} scales to 0"
    for state in group.instance_states:
        if state.health_status != "Healthy":
            yield f"instance {state.instance.id} is unhealthy: it will be terminated and replaced"


def _parts(name: str, backend: Any) -> dict[str, Part]:
    """Give what is set up for the group and has no ARN that parameters use."""
    parts: dict[str, Part] = {}
    for one in backend.scheduled_actions.values():
        if one.auto_scaling_group_name == name:
            parts[f"scheduled action {one.scheduled_action_name}"] = {"there": "yes"}
    for one in backend.policies.values():
        if one.auto_scaling_group_name == name:
            parts[f"scaling policy {one.name}"] = {"type": str(one.policy_type)}
    for one in backend.lifecycle_hooks.values():
        if one.auto_scaling_group_name == name:
            parts[f"lifecycle hook {one.name}"] = {"transition": str(one.lifecycle_transition)}
    return parts


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="autoscaling.group",
        service="autoscaling",
        members=lambda backend: backend.autoscaling_groups.values(),
        arn=own_arn,
        name=own_name,
        read=_group,
    ),
    Kind(
        kind="autoscaling.launch-configuration",
        service="autoscaling",
        members=lambda backend: backend.launch_configurations.values(),
        arn=own_arn,
        name=own_name,
        read=lambda one, _: Reading(content=(one.image_id, one.instance_type, one.user_data, one.key_name)),
    ),
)
