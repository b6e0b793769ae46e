"""ECS: clusters, the services and tasks that run in them, and what those are made from."""
# ruff: noqa: ANN401 - moto's objects have no common type

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name
from askfirst.harness.aws.kinds.ec2_words import nested


def _state(status: str) -> str:
    """Give the state: a cluster or service that was deleted stays visible as INACTIVE for a while.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html
    """
    return "DELETE_COMPLETE" if status == "INACTIVE" else status


def _cluster(cluster: Any, _: Any) -> Reading:
    insights = [one.get("value") for one in cluster.settings or () if one.get("name") == "containerInsights"]
    return Reading(
        state=_state(cluster.status),
        content=str(cluster.configuration),
        guards={"container insights": float(any(one in {"enabled", "enhanced"} for one in insights))},
        open=tuple(f"capacity provider {one}" for one in cluster.capacity_providers or ()),
    )


def _service(service: Any, _: Any) -> Reading:
    balanced = [
        f"{one.get('targetGroupArn') or one.get('loadBalancerName')} -> {one.get('containerName')}"
        for one in service.load_balancers
    ]
    return Reading(
        state=_state(service.status),
        content=(service.task_definition, service.platform_version, str(service.network_configuration)),
        capacity={"desired": float(service.desired_count or 0), "running": float(service.running_count or 0)},
        open=tuple(balanced),
        uses=(service.cluster_arn, service.task_definition or ""),
    )


def _definition(definition: Any, _: Any) -> Reading:
    """Read a task definition. One that was deregistered starts no new task; it comes back as a new revision only.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
    """
    active = definition.status == "ACTIVE"
    return Reading(state=definition.status, capacity={"active": float(active)})


def _task(task: Any, _: Any) -> Reading:
    """Read a task by what is wanted of it: moto moves its state on when it is read."""
    return Reading(
        content=task.task_definition_arn,
        capacity={"wanted": float(task.desired_status == "RUNNING")},
        uses=(task.cluster_arn,),
    )


def _instance(instance: Any, _: Any) -> Reading:
    return Reading(state=instance.status, capacity={"active": float(instance.status == "ACTIVE")})


def _provider(provider: Any, _: Any) -> Reading:
    group = (provider.auto_scaling_group_provider or {}).get("autoScalingGroupArn", "")
    return Reading(state=_state(provider.status), content=group, uses=(group,))


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="ecs.cluster",
        service="ecs",
        members=lambda backend: backend.clusters.values(),
        arn=own_arn,
        name=own_name,
        read=_cluster,
    ),
    Kind(
        kind="ecs.service",
        service="ecs",
        members=lambda backend: backend.services.values(),
        arn=own_arn,
        name=own_name,
        read=_service,
    ),
    Kind(
        kind="ecs.task-definition",
        service="ecs",
        members=lambda backend: nested(backend.task_definitions.values()),
        arn=own_arn,
        name=lambda definition: f"{definition.family}:{definition.revision}",
        read=_definition,
    ),
    Kind(
        kind="ecs.task",
        service="ecs",
        members=lambda backend: nested(backend.tasks.values()),
        arn=lambda task, _: str(task.task_arn),
        name=lambda task: str(task.id),
        read=_task,
    ),
    Kind(
        kind="ecs.container-instance",
        service="ecs",
        members=lambda backend: nested(backend.container_instances.values()),
        arn=lambda instance, _: str(instance.container_instance_arn),
        name=lambda instance: str(instance.id),
        read=_instance,
    ),
    Kind(
        kind="ecs.capacity-provider",
        service="ecs",
        members=lambda backend: backend.capacity_providers.values(),
        arn=lambda provider, _: str(provider.capacity_provider_arn),
        name=own_name,
        read=_provider,
    ),
)
