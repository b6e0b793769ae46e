"""Kinds of Glue: the data catalogue, and the jobs that fill it."""

from __future__ import annotations

from collections.abc import Iterable

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name
from askfirst.harness.aws.kinds.reading import Thing, arn_in_region, flag, simple
from askfirst.harness.aws.kinds.versions import CURRENT
from askfirst.harness.records import Part


def _database(database: Thing, _: Thing) -> Reading:
    return Reading(
        items=len(database.tables),
        content=(database.input.get("LocationUri"), database.input.get("Description")),
        parts={f"table {name}": name for name in database.tables},
    )


def _tables(backend: Thing) -> Iterable[Thing]:
    return [table for database in backend.databases.values() for table in database.tables.values()]


def _table(table: Thing, backend: Thing) -> Reading:
    """Read a table: versions of its definition, which moto numbers and never changes, and its partitions."""
    current = str(table._current_version)  # noqa: SLF001 - what is read
    parts: dict[str, Part] = {
        f"partition {name}": repr(partition.values) or " " for name, partition in table.partitions.items()
    }
    parts["definition"] = {CURRENT: current, **{f"version {number}": number for number in table.versions}}
    place = f"arn:{backend.partition}:glue:{backend.region_name}:{backend.account_id}"
    return Reading(
        items=len(table.partitions),
        content=current,
        uses=(f"{place}:database/{table.database_name}",),
        parts=parts,
    )


def _crawler(crawler: Thing, _: Thing) -> Reading:
    return Reading(
        content=(crawler.role, crawler.database_name, crawler.targets, crawler.configuration),
        capacity={"schedule": flag(crawler.schedule)},
    )


def _trigger(trigger: Thing, _: Thing) -> Reading:
    return Reading(content=trigger.schedule, capacity={"activated": flag(trigger.state != "DEACTIVATED")})


def _job(job: Thing, _: Thing) -> Reading:
    arguments = {name: str(value) for name, value in job.default_arguments.items()}
    return Reading(
        content=(job.role, job.command, job.glue_version, job.worker_type, job.number_of_workers),
        parts={"arguments": arguments} if arguments else {},
    )


def _schema_ways(registry: Thing, _: Thing) -> Reading:
    return Reading(items=len(registry.schemas), parts={f"schema {name}": name for name in registry.schemas})


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="glue.database",
        service="glue",
        members=lambda backend: backend.databases.values(),
        arn=arn_in_region("glue", "database/", own_name),
        name=own_name,
        read=_database,
    ),
    Kind(
        kind="glue.table",
        service="glue",
        members=_tables,
        arn=arn_in_region("glue", "table/", lambda table: f"{table.database_name}/{table.name}"),
        name=own_name,
        read=_table,
    ),
    Kind(
        kind="glue.crawler",
        service="glue",
        members=lambda backend: backend.crawlers.values(),
        arn=own_arn,
        name=own_name,
        read=_crawler,
    ),
    Kind(
        kind="glue.job",
        service="glue",
        members=lambda backend: backend.jobs.values(),
        arn=own_arn,
        name=own_name,
        read=_job,
    ),
    Kind(
        kind="glue.trigger",
        service="glue",
        members=lambda backend: backend.triggers.values(),
        arn=own_arn,
        name=own_name,
        read=_trigger,
    ),
    Kind(
        kind="glue.registry",
        service="glue",
        members=lambda backend: backend.registries.values(),
        arn=lambda registry, _: str(registry.registry_arn),
        name=own_name,
        read=_schema_ways,
    ),
    simple("glue.connection", "glue", "connections", "name", content=("connection_properties",)),
    simple("glue.workflow", "glue", "workflows", "name", arn=arn_in_region("glue", "workflow/", own_name)),
    simple(
        "glue.security-configuration",
        "glue",
        "security_configurations",
        "name",
        content=("configuration",),
        arn=arn_in_region("glue", "securityConfiguration/", own_name),
    ),
)
