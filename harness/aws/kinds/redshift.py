"""Kinds of Redshift: clusters, their snapshots, and what they are set up with."""

from __future__ import annotations

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn
from askfirst.harness.aws.kinds.reading import Thing, flag, number, simple


def _cluster(cluster: Thing, _: Thing) -> Reading:
    copies = cluster.cluster_snapshot_copy_status or {}
    return Reading(
        state=str(cluster.status),
        content=(cluster.node_type, cluster.publicly_accessible, cluster.cluster_version),
        aliases=(str(cluster.arn),),
        guards={
            "automated snapshot retention days": number(cluster.automated_snapshot_retention_period),
            "snapshot copies to another region": flag(copies),
            "retention days of copies": number(copies.get("RetentionPeriod")),
            "encryption": flag(cluster.encrypted in {True, "true"}),
            "audit logging": flag(cluster.logging_details["LoggingEnabled"] == "true"),
        },
        capacity={"running": flag(cluster.status != "paused"), "nodes": number(cluster.number_of_nodes)},
        open=(f"endpoint {cluster.cluster_identifier}:{cluster.port}",),
    )


def _snapshot(snapshot: Thing, backend: Thing) -> Reading:
    place = f"arn:{backend.partition}:redshift:{backend.region_name}:{backend.account_id}"
    return Reading(state=str(snapshot.status), backs_up=f"{place}:cluster:{snapshot.cluster_identifier}")


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="redshift.cluster",
        service="redshift",
        members=lambda backend: backend.clusters.values(),
        arn=own_arn,
        name=lambda cluster: str(cluster.cluster_identifier),
        read=_cluster,
        renamed=True,
    ),
    Kind(
        kind="redshift.snapshot",
        service="redshift",
        members=lambda backend: backend.snapshots.values(),
        arn=own_arn,
        name=lambda snapshot: str(snapshot.snapshot_identifier),
        read=_snapshot,
    ),
    simple("redshift.subnet-group", "redshift", "subnet_groups", "cluster_subnet_group_name", content=("subnet_ids",)),
    simple("redshift.parameter-group", "redshift", "parameter_groups", "name", content=("family",)),
    simple("redshift.security-group", "redshift", "security_groups", "cluster_security_group_name"),
)
