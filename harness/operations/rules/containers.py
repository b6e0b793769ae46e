"""ECS and EKS: services and groups of nodes scaled to nothing, tasks stopped, protection off."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import blinds, deletes, detaches, harmless, stops, weakens
from askfirst.harness.operations.rules.standing import capacity, served, stood, target
from askfirst.harness.operations.rules.values import at, flag, mappings, number
from askfirst.harness.operations.table import Domain, Severity


@rule("ecs:UpdateService")
def no_tasks(before: Before) -> Ruling | None:
    """Desired count 0 stops every task: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html."""
    wanted, service = before.number("desiredCount"), target(before, "ecs.service")
    if wanted == 0 and served(service, "desired"):
        return stops("sets the desired count of the service to 0")
    if (
        wanted is not None
        and wanted == capacity(service, "desired")
        and set(before.parameters)
        <= {
            "cluster",
            "service",
            "desiredCount",
        }
    ):
        return harmless("leaves the desired count as it is")
    return None


@rule("ecs:StopTask")
def task_stopped(_: Before) -> Ruling | None:
    """A task that is stopped does not come back: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html."""
    return stops("stops a task")


@rule("ecs:DeleteService")
def forced(before: Before) -> Ruling | None:
    """With force it need not be scaled to 0 first: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html."""
    if flag(before.parameters.get("force")):
        return deletes("deletes the service with its tasks", Severity.RECOVERABLE, Domain.AVAILABILITY)
    return None


@rule("ecs:UpdateContainerInstancesState")
def drained(before: Before) -> Ruling | None:
    """Draining moves tasks away: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-draining.html."""
    return stops("drains container instances") if before.text("status") == "DRAINING" else None


@rule("ecs:UpdateCapacityProvider")
def termination_allowed(before: Before) -> Ruling | None:
    """Managed termination protection: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-termination-protection.html."""
    if at(before.parameters, "autoScalingGroupProvider", "managedTerminationProtection") == "DISABLED":
        return weakens("lets instances be terminated while tasks run on them")
    return None


@rule("eks:UpdateNodegroupConfig")
def no_nodes(before: Before) -> Ruling | None:
    """Nodes are terminated: https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupScalingConfig.html."""
    wanted = at(before.parameters, "scalingConfig")
    if 0 not in {number(at(wanted, "desiredSize")), number(at(wanted, "maxSize"))}:
        return None
    if not served(target(before, "eks.nodegroup"), "desired"):
        return None
    return stops("scales the nodes to 0: they are terminated", Severity.IRREVERSIBLE)


@rule("eks:UpdateClusterConfig")
def cluster_unguarded(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterConfig.html."""
    cluster = target(before, "eks.cluster")
    if flag(before.parameters.get("deletionProtection")) is False and stood(cluster, "deletion"):
        return weakens("takes the deletion protection of the cluster away")
    logging = mappings(at(before.parameters, "logging", "clusterLogging"))
    if any(flag(one.get("enabled")) is False for one in logging) and stood(cluster, "logging"):
        return blinds("ends logs of the cluster")
    access = at(before.parameters, "resourcesVpcConfig")
    if {flag(at(access, "endpointPublicAccess")), flag(at(access, "endpointPrivateAccess"))} == {False}:
        return detaches("leaves the cluster without an endpoint")
    return None
