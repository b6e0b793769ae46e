"""Kinds of resources: where moto keeps each, what names it goes by, what it holds, and in which states it is gone.

One row per kind. What has no row falls to the generic reader of `inventory.py`: existence and identity by ARN alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading


def _secret_names(secret: Any) -> Iterable[str]:  # noqa: ANN401 - moto's objects have no common type
    return (secret.secret_id, secret.name)


def _parameters(backend: Any) -> Iterable[Any]:  # noqa: ANN401
    # moto makes a new object for each version of a parameter, and keys the latest under the name.
    return [
        versions[-1]
        for name, versions in dict.items(backend._parameters)  # noqa: SLF001 - moto's own keeping place
        if versions and not name.startswith("/aws/service")
    ]


def _parameter_arn(parameter: Any, backend: Any) -> str:  # noqa: ANN401
    place = f"arn:{backend.partition}:ssm:{backend.region_name}:{backend.account_id}:parameter"
    return f"{place}{'' if parameter.name.startswith('/') else '/'}{parameter.name}"


def _functions(backend: Any) -> Iterable[Any]:  # noqa: ANN401
    return [entry["latest"] for entry in backend._lambdas._functions.values()]  # noqa: SLF001


def _rules(backend: Any) -> Iterable[Any]:  # noqa: ANN401
    return [rule for bus in backend.event_buses.values() for rule in bus.rules.values()]


def _instances(backend: Any) -> Iterable[Any]:  # noqa: ANN401
    return [instance for reservation in backend.reservations.values() for instance in reservation.instances]


def _nested(values: Iterable[Any]) -> Iterable[Any]:
    return [one for group in values for one in group.values()]


def _ec2_arn(kind: str) -> Callable[[Any, Any], str]:
    def arn(thing: Any, backend: Any) -> str:  # noqa: ANN401
        return f"arn:{backend.partition}:ec2:{backend.region_name}:{backend.account_id}:{kind}/{thing.id}"

    return arn


def _own_id(thing: Any) -> str:  # noqa: ANN401
    return str(thing.id)


def _own_name(thing: Any) -> str:  # noqa: ANN401
    return str(thing.name)


def _own_arn(thing: Any) -> str:  # noqa: ANN401
    return str(thing.arn)


def _arn(thing: Any, _: Any) -> str:  # noqa: ANN401
    return str(thing.arn)


def _table_content(table: Any) -> object:  # noqa: ANN401
    return (table.attr, table.throughput, table.deletion_protection_enabled, table.continuous_backups)


def _objects(bucket: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    """Give key and content of every object that can be read: one behind a delete marker cannot."""
    return [(key, one.etag) for key, one in bucket.keys.items() if type(one).__name__ != "FakeDeleteMarker"]


def _bucket_content(bucket: Any) -> object:  # noqa: ANN401
    return (bucket.versioning_status, bucket.policy, len(bucket.rules), _objects(bucket))


def _function_content(function: Any) -> object:  # noqa: ANN401
    return (
        function.code_sha_256,
        function.handler,
        function.run_time,
        function.memory_size,
        function.timeout,
        sorted(function.environment_vars.items()),
        function.reserved_concurrency,
    )


def _row(
    *,
    kind: str,
    service: str,
    members: Callable[[Any], Iterable[Any]],
    arn: Callable[[Any, Any], str],
    name: Callable[[Any], str],
    state: Callable[[Any], str] | None = None,
    items: Callable[[Any], int] | None = None,
    fingerprint: Callable[[Any], object] | None = None,
    aliases: Callable[[Any], Iterable[str]] | None = None,
    physical: Callable[[Any], object] | None = None,
) -> Kind:
    def read(thing: Any, _: Any) -> Reading:  # noqa: ANN401
        return Reading(
            state=str(state(thing)) if state else "",
            items=items(thing) if items else None,
            content=fingerprint(thing) if fingerprint else None,
            aliases=tuple(filter(None, aliases(thing))) if aliases else (),
        )

    return Kind(kind=kind, service=service, members=members, arn=arn, name=name, read=read, physical=physical)


KINDS: tuple[Kind, ...] = (
    _row(
        kind="cloudformation.stack",
        service="cloudformation",
        members=lambda backend: backend.stacks.values(),
        arn=lambda stack, _: stack.stack_id,
        name=_own_name,
        state=lambda stack: stack.status,
        fingerprint=lambda stack: (stack.template, stack.parameters, stack.tags, stack.policy),
    ),
    _row(
        kind="dynamodb.table",
        service="dynamodb",
        members=lambda backend: backend.tables.values(),
        arn=lambda table, _: table.table_arn,
        name=_own_name,
        items=len,
        fingerprint=_table_content,
    ),
    _row(
        kind="dynamodb.backup",
        service="dynamodb",
        members=lambda backend: backend.backups.values(),
        arn=_arn,
        name=_own_name,
    ),
    _row(
        kind="s3.bucket",
        service="s3",
        members=lambda backend: backend.buckets.values(),
        arn=_arn,
        name=_own_name,
        items=lambda bucket: len(_objects(bucket)),
        fingerprint=_bucket_content,
    ),
    _row(
        kind="sqs.queue",
        service="sqs",
        members=lambda backend: backend.queues.values(),
        arn=lambda queue, _: str(queue.queue_arn),
        name=_own_name,
        items=lambda queue: len(queue._messages),  # noqa: SLF001 - the public list hides what is being received
        fingerprint=lambda queue: (queue.message_retention_period, queue.visibility_timeout, queue._policy_json),  # noqa: SLF001
        aliases=lambda queue: (queue.physical_resource_id,),
    ),
    _row(
        kind="sns.topic",
        service="sns",
        members=lambda backend: backend.topics.values(),
        arn=_arn,
        name=_own_name,
    ),
    _row(
        kind="sns.subscription",
        service="sns",
        members=lambda backend: backend.subscriptions.values(),
        arn=_arn,
        name=_own_arn,
    ),
    _row(
        kind="lambda.function",
        service="lambda",
        members=_functions,
        arn=lambda function, _: function.function_arn,
        name=lambda function: function.function_name,
        fingerprint=_function_content,
        physical=lambda function: function.function_name,
    ),
    _row(
        kind="iam.role",
        service="iam",
        members=lambda backend: backend.roles.values(),
        arn=_arn,
        name=_own_name,
        fingerprint=lambda role: (
            role.assume_role_policy_document,
            sorted(role.policies),
            sorted(role.managed_policies),
        ),
    ),
    _row(
        kind="iam.user",
        service="iam",
        members=lambda backend: backend.users.values(),
        arn=_arn,
        name=_own_name,
        fingerprint=lambda user: (sorted(user.policies), sorted(user.managed_policies), len(user.access_keys)),
    ),
    _row(
        kind="iam.policy",
        service="iam",
        members=lambda backend: [one for one in backend.managed_policies.values() if ":iam::aws:" not in one.arn],
        arn=_arn,
        name=_own_name,
        fingerprint=lambda policy: (policy.default_version_id, len(policy.versions)),
    ),
    _row(
        kind="cloudwatch.alarm",
        service="cloudwatch",
        members=lambda backend: backend.alarms.values(),
        arn=lambda alarm, _: alarm.alarm_arn,
        name=_own_name,
        state=lambda alarm: alarm.state_value,
        fingerprint=lambda alarm: (alarm.threshold, alarm.metric_name, alarm.actions_enabled, alarm.alarm_actions),
        # PutMetricAlarm over an existing alarm makes a new object in moto; in AWS it is an update.
        physical=_own_name,
    ),
    _row(
        kind="logs.group",
        service="logs",
        members=lambda backend: backend.groups.values(),
        arn=_arn,
        name=_own_name,
        items=lambda group: sum(len(stream.events) for stream in group.streams.values()),
        fingerprint=lambda group: group.retention_in_days,
    ),
    _row(
        kind="events.rule",
        service="events",
        members=_rules,
        arn=_arn,
        name=_own_name,
        state=lambda rule: rule.state,
        fingerprint=lambda rule: (rule.event_pattern.dump(), rule.scheduled_expression, rule.targets),
        physical=_own_name,
    ),
    _row(
        kind="kms.key",
        service="kms",
        members=lambda backend: backend.keys.values(),
        arn=_arn,
        name=_own_id,
        state=lambda key: key.key_state,
        fingerprint=lambda key: (key.enabled, key.policy, key.key_rotation_status),
    ),
    _row(
        kind="secretsmanager.secret",
        service="secretsmanager",
        members=lambda backend: dict.values(backend.secrets),
        arn=_arn,
        name=_own_name,
        state=lambda secret: "PendingDeletion" if secret.deleted_date else "",
        fingerprint=lambda secret: sorted(secret.versions),
        aliases=_secret_names,
    ),
    _row(
        kind="ssm.parameter",
        service="ssm",
        members=_parameters,
        arn=_parameter_arn,
        name=_own_name,
        fingerprint=lambda parameter: (parameter.version, parameter.value),
        physical=_own_name,
    ),
    _row(
        kind="ec2.instance",
        service="ec2",
        members=_instances,
        arn=_ec2_arn("instance"),
        name=_own_id,
        state=lambda instance: instance.state,
        fingerprint=lambda instance: (instance.instance_type, instance.disable_api_termination),
    ),
    _row(
        kind="ec2.vpc", service="ec2", members=lambda backend: backend.vpcs.values(), arn=_ec2_arn("vpc"), name=_own_id
    ),
    _row(
        kind="ec2.subnet",
        service="ec2",
        members=lambda backend: _nested(backend.subnets.values()),
        arn=_ec2_arn("subnet"),
        name=_own_id,
    ),
    _row(
        kind="ec2.security-group",
        service="ec2",
        members=lambda backend: _nested(backend.groups.values()),
        arn=_ec2_arn("security-group"),
        name=_own_id,
        fingerprint=lambda group: (len(group.ingress_rules), len(group.egress_rules)),
        aliases=lambda group: (group.name,),
    ),
    _row(
        kind="ec2.volume",
        service="ec2",
        members=lambda backend: [one for one in backend.volumes.values() if not hasattr(one, "from_ami")],
        arn=_ec2_arn("volume"),
        name=_own_id,
    ),
    _row(
        kind="rds.instance",
        service="rds",
        members=lambda backend: backend.databases.values(),
        arn=lambda database, _: database.db_instance_arn,
        name=lambda database: database.db_instance_identifier,
        state=lambda database: database.status,
        fingerprint=lambda database: (database.deletion_protection, database.backup_retention_period),
    ),
    _row(
        kind="rds.cluster",
        service="rds",
        members=lambda backend: backend.clusters.values(),
        arn=lambda cluster, _: cluster.db_cluster_arn,
        name=lambda cluster: cluster.db_cluster_identifier,
        state=lambda cluster: cluster.status,
        fingerprint=lambda cluster: (cluster.deletion_protection, cluster.backup_retention_period),
    ),
    _row(
        kind="rds.snapshot",
        service="rds",
        members=lambda backend: backend.database_snapshots.values(),
        arn=lambda snapshot, _: snapshot.db_snapshot_arn,
        name=lambda snapshot: snapshot.db_snapshot_identifier,
    ),
    _row(
        kind="kinesis.stream",
        service="kinesis",
        members=lambda backend: backend.streams.values(),
        arn=_arn,
        name=lambda stream: stream.stream_name,
        state=lambda stream: stream.status,
        fingerprint=lambda stream: stream.retention_period_hours,
    ),
    _row(
        kind="stepfunctions.state-machine",
        service="stepfunctions",
        members=lambda backend: backend.state_machines,
        arn=_arn,
        name=_own_name,
        fingerprint=lambda machine: machine.definition,
    ),
    _row(
        kind="elbv2.load-balancer",
        service="elbv2",
        members=lambda backend: backend.load_balancers.values(),
        arn=_arn,
        name=_own_name,
        fingerprint=lambda balancer: (sorted(balancer.attrs.items()), len(balancer.listeners)),
    ),
    _row(
        kind="elbv2.target-group",
        service="elbv2",
        members=lambda backend: backend.target_groups.values(),
        arn=_arn,
        name=_own_name,
        items=lambda group: len(group.targets),
    ),
    _row(
        kind="autoscaling.group",
        service="autoscaling",
        members=lambda backend: backend.autoscaling_groups.values(),
        arn=_arn,
        name=_own_name,
        fingerprint=lambda group: (group.min_size, group.max_size, group.desired_capacity),
    ),
    _row(
        kind="ecs.cluster",
        service="ecs",
        members=lambda backend: backend.clusters.values(),
        arn=_arn,
        name=_own_name,
        state=lambda cluster: "DELETE_COMPLETE" if cluster.status == "INACTIVE" else cluster.status,
    ),
    _row(
        kind="ecs.service",
        service="ecs",
        members=lambda backend: backend.services.values(),
        arn=_arn,
        name=_own_name,
        state=lambda service: "DELETE_COMPLETE" if service.status == "INACTIVE" else service.status,
        fingerprint=lambda service: (service.desired_count, service.task_definition),
    ),
    _row(
        kind="route53.zone",
        service="route53",
        members=lambda backend: backend.zones.values(),
        arn=lambda zone, backend: f"arn:{backend.partition}:route53:::hostedzone/{zone.id.rsplit('/', 1)[-1]}",
        name=_own_id,
        items=lambda zone: len(zone.rrsets),
        aliases=lambda zone: (zone.name, zone.name.rstrip("."), zone.id.rsplit("/", 1)[-1]),
    ),
    _row(
        kind="elasticbeanstalk.environment",
        service="elasticbeanstalk",
        members=lambda backend: _nested([app.environments for app in backend.applications.values()]),
        arn=lambda environment, _: environment.environment_arn,
        name=lambda environment: environment.environment_name,
        aliases=lambda environment: (environment.environment_id,),
    ),
)
