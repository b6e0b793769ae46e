"""Kinds of RDS (Neptune and DocumentDB share its backend): instances, clusters, and what they are set up with."""

from __future__ import annotations

from collections.abc import Callable

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn
from askfirst.harness.aws.kinds.reading import Thing, flag, number, simple

STOPPED = frozenset({"stopped", "stopping"})


def _instance(database: Thing, backend: Thing) -> Reading:
    cluster = backend.clusters.get(database.db_cluster_identifier) if database.db_cluster_identifier else None
    status = str(database.status)
    return Reading(
        state=status,
        content=(
            database.db_instance_class,
            database.engine_version,
            database.allocated_storage,
            database.publicly_accessible,
            tuple(getattr(database, "vpc_security_group_ids", None) or ()),
            database.db_parameter_group_name,
        ),
        aliases=(str(database.arn),),
        guards={
            "deletion protection": flag(database.deletion_protection),
            "backup retention days": number(database.backup_retention_period),
            "multi-AZ": flag(database.multi_az),
            "encryption": flag(database.storage_encrypted),
            "log exports": float(len(database.enabled_cloudwatch_logs_exports)),
        },
        capacity={"running": flag(status not in STOPPED), "replicas": float(len(database.replicas))},
        open=(f"endpoint {database.db_instance_identifier}:{database.port}",),
        uses=(str(cluster.arn),) if cluster is not None else (),
    )


def _cluster(cluster: Thing, _: Thing) -> Reading:
    # moto's public `status` goes from creating to available when it is read.
    status = "available" if cluster._status == "creating" else str(cluster._status)  # noqa: SLF001
    return Reading(
        state=status,
        content=(cluster.engine_version, cluster.parameter_group, tuple(cluster.vpc_security_group_ids or ())),
        aliases=(str(cluster.arn),),
        guards={
            "deletion protection": flag(cluster.deletion_protection),
            "backup retention days": number(cluster.backup_retention_period),
            "backtrack seconds": number(cluster.backtrack_window),
            "encryption": flag(cluster.storage_encrypted),
            "log exports": float(len(cluster.enabled_cloudwatch_logs_exports)),
        },
        capacity={"running": flag(status not in STOPPED)},
        open=(f"endpoint {cluster.db_cluster_identifier}:{cluster.port}",),
    )


def _source(path: str, identifier: str) -> Callable[[Thing, Thing], str]:
    def source(snapshot: Thing, backend: Thing) -> str:
        place = f"arn:{backend.partition}:rds:{backend.region_name}:{backend.account_id}"
        return f"{place}:{path}:{getattr(snapshot, identifier)}"

    return source


def _snapshot(source: Callable[[Thing, Thing], str]) -> Callable[[Thing, Thing], Reading]:
    def read(snapshot: Thing, backend: Thing) -> Reading:
        return Reading(
            state=str(snapshot.status),
            guards={"encryption": flag(snapshot.storage_encrypted)},
            open=tuple(f"restore by {account}" for account in sorted(snapshot.attributes.get("restore", []))),
            backs_up=source(snapshot, backend),
        )

    return read


def _global(cluster: Thing, _: Thing) -> Reading:
    return Reading(
        state=str(cluster.status),
        content=cluster.engine_version,
        guards={"deletion protection": flag(cluster.deletion_protection)},
        open=tuple(sorted(f"member {member.arn}" for member in cluster.members)),
    )


def _subnets(group: Thing, _: Thing) -> Reading:
    return Reading(open=tuple(sorted(str(subnet.id) for subnet in group._subnets)))  # noqa: SLF001 - the public one is made anew


def _parameters(group: Thing, _: Thing) -> Reading:
    return Reading(
        parts={"parameters": {name: str(one.get("ParameterValue", "")) for name, one in group.parameters.items()}}
    )


def _options(group: Thing, _: Thing) -> Reading:
    return Reading(parts={"options": {name: repr(one) for name, one in group._options.items()}})  # noqa: SLF001 - as above


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="rds.instance",
        service="rds",
        members=lambda backend: backend.databases.values(),
        arn=own_arn,
        name=lambda database: str(database.db_instance_identifier),
        read=_instance,
        renamed=True,
    ),
    Kind(
        kind="rds.cluster",
        service="rds",
        members=lambda backend: backend.clusters.values(),
        arn=own_arn,
        name=lambda cluster: str(cluster.db_cluster_identifier),
        read=_cluster,
        renamed=True,
    ),
    Kind(
        kind="rds.snapshot",
        service="rds",
        members=lambda backend: backend.database_snapshots.values(),
        arn=own_arn,
        name=lambda snapshot: str(snapshot.db_snapshot_identifier),
        read=_snapshot(_source("db", "db_instance_identifier")),
    ),
    Kind(
        kind="rds.cluster-snapshot",
        service="rds",
        members=lambda backend: backend.cluster_snapshots.values(),
        arn=own_arn,
        name=lambda snapshot: str(snapshot.db_cluster_snapshot_identifier),
        read=_snapshot(_source("cluster", "db_cluster_identifier")),
    ),
    Kind(
        kind="rds.global-cluster",
        service="rds",
        members=lambda backend: backend.global_clusters.values(),
        arn=own_arn,
        name=lambda cluster: str(cluster.global_cluster_identifier),
        read=_global,
    ),
    Kind(
        kind="rds.subnet-group",
        service="rds",
        members=lambda backend: backend.subnet_groups.values(),
        arn=own_arn,
        name=lambda group: str(group.name),
        read=_subnets,
    ),
    Kind(
        kind="rds.parameter-group",
        service="rds",
        members=lambda backend: backend.db_parameter_groups.values(),
        arn=own_arn,
        name=lambda group: str(group.name),
        read=_parameters,
    ),
    Kind(
        kind="rds.cluster-parameter-group",
        service="rds",
        members=lambda backend: backend.db_cluster_parameter_groups.values(),
        arn=own_arn,
        name=lambda group: str(group.name),
        read=_parameters,
    ),
    Kind(
        kind="rds.option-group",
        service="rds",
        members=lambda backend: backend.option_groups.values(),
        arn=own_arn,
        name=lambda group: str(group.name),
        read=_options,
    ),
    simple("rds.event-subscription", "rds", "event_subscriptions", "subscription_name", content=("enabled",)),
    simple("rds.proxy", "rds", "db_proxies", "db_proxy_name", content=("status",)),
)
