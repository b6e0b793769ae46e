"""EKS: clusters with their node groups and Fargate profiles."""
# ruff: noqa: ANN401 - moto's objects have no common type

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name


def _cluster(cluster: Any, _: Any) -> Reading:
    """Read a cluster. moto itself keeps no deletion protection: without the attribute there is none.

    https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html
    """
    network = cluster.resources_vpc_config or {}
    logged = {
        str(kind)
        for one in (cluster.logging or {}).get("clusterLogging", ())
        if one.get("enabled")
        for kind in one.get("types", ())
    }
    ways = [f"subnet {one}" for one in network.get("subnetIds", ())]
    ways += [f"group {one}" for one in network.get("securityGroupIds", ())]
    if network.get("endpointPublicAccess", True):
        ways += [f"public from {one}" for one in network.get("publicAccessCidrs", ("0.0.0.0/0",))]
    return Reading(
        state=cluster.status,
        content=(cluster.version, cluster.role_arn),
        guards={
            "deletion protection": float(bool(getattr(cluster, "deletion_protection", False))),
            "encryption": float(bool(cluster.encryption_config)),
            "logging": float(len(logged)),
        },
        open=tuple(ways),
        uses=(cluster.role_arn,),
    )


def _nodes(group: Any, backend: Any) -> Reading:
    scaling = group.scaling_config or {}
    return Reading(
        state=group.status,
        content=(group.version, str(group.instance_types), group.capacity_type, scaling.get("minSize")),
        capacity={"desired": float(scaling.get("desiredSize") or 0), "max": float(scaling.get("maxSize") or 0)},
        uses=(backend.clusters[group.cluster_name].arn,) if group.cluster_name in backend.clusters else (),
    )


def _profile(profile: Any, backend: Any) -> Reading:
    return Reading(
        state=profile.status,
        open=tuple(f"namespace {one.get('namespace')}" for one in profile.selectors),
        uses=(backend.clusters[profile.cluster_name].arn,) if profile.cluster_name in backend.clusters else (),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="eks.cluster",
        service="eks",
        members=lambda backend: backend.clusters.values(),
        arn=own_arn,
        name=own_name,
        read=_cluster,
    ),
    Kind(
        kind="eks.nodegroup",
        service="eks",
        members=lambda backend: [one for cluster in backend.clusters.values() for one in cluster.nodegroups.values()],
        arn=own_arn,
        name=lambda group: str(group.nodegroup_name),
        read=_nodes,
    ),
    Kind(
        kind="eks.fargate-profile",
        service="eks",
        members=lambda backend: [
            one for cluster in backend.clusters.values() for one in cluster.fargate_profiles.values()
        ],
        arn=lambda profile, _: str(profile.fargate_profile_arn),
        name=lambda profile: str(profile.fargate_profile_name),
        read=_profile,
    ),
)
