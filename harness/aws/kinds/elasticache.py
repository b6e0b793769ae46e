"""Kinds of ElastiCache: clusters, replication groups, users, snapshots."""

from __future__ import annotations

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn
from askfirst.harness.aws.kinds.reading import Thing, flag, number, simple


def _cluster(cluster: Thing, _: Thing) -> Reading:
    return Reading(
        state=str(cluster.cache_cluster_status),
        content=(cluster.cache_node_type, cluster.engine_version, tuple(cluster.security_group_ids)),
        guards={
            "snapshot retention days": number(cluster.snapshot_retention_limit),
            "encryption in transit": flag(cluster.transit_encryption_enabled),
            "password": flag(cluster.auth_token_enabled),
        },
        capacity={"nodes": number(getattr(cluster, "num_cache_nodes", 1))},
        open=(f"port {cluster.port}",),
    )


def _group(group: Thing, _: Thing) -> Reading:
    return Reading(
        state=str(group.status),
        items=len(group.member_clusters),
        content=(group.cache_node_type, group.engine_version),
        guards={
            "automatic failover": flag(group.automatic_failover == "enabled"),
            "multi-AZ": flag(group.multi_az == "enabled"),
            "snapshot retention days": number(group.snapshot_retention_limit),
            "encryption in transit": flag(group.transit_encryption_enabled),
            "encryption at rest": flag(group.at_rest_encryption_enabled),
            "password": flag(group.auth_token_enabled),
        },
        capacity={"members": float(len(group.member_clusters))},
        open=(f"port {group.port}", *(f"users of {one}" for one in sorted(group.user_group_ids))),
    )


def _user(user: Thing, _: Thing) -> Reading:
    """Read a user; the words of its access string ('on ~* +@all') are its rights."""
    return Reading(state=str(user.status), open=tuple(sorted(user.access_string.split())))


def _snapshot(snapshot: Thing, backend: Thing) -> Reading:
    source = backend.replication_groups.get(snapshot.replication_group_id)
    source = source or backend.cache_clusters.get(snapshot.cache_cluster_id)
    return Reading(state=str(snapshot.snapshot_status), backs_up=str(source.arn) if source is not None else "")


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="elasticache.cluster",
        service="elasticache",
        members=lambda backend: backend.cache_clusters.values(),
        arn=own_arn,
        name=lambda cluster: str(cluster.cache_cluster_id),
        read=_cluster,
    ),
    Kind(
        kind="elasticache.replication-group",
        service="elasticache",
        members=lambda backend: backend.replication_groups.values(),
        arn=own_arn,
        name=lambda group: str(group.replication_group_id),
        read=_group,
    ),
    Kind(
        kind="elasticache.user",
        service="elasticache",
        members=lambda backend: backend.users.values(),
        arn=own_arn,
        name=lambda user: str(user.id),
        read=_user,
    ),
    Kind(
        kind="elasticache.snapshot",
        service="elasticache",
        members=lambda backend: backend.snapshots.values(),
        arn=own_arn,
        name=lambda snapshot: str(snapshot.snapshot_name),
        read=_snapshot,
    ),
    simple(
        "elasticache.subnet-group",
        "elasticache",
        "cache_subnet_groups",
        "cache_subnet_group_name",
        content=("subnet_ids",),
    ),
)
