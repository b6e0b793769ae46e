"""Kinds of EFS: file systems, mount targets, access points."""

from __future__ import annotations

from askfirst.harness.aws.kinds.base import Kind, Reading
from askfirst.harness.aws.kinds.policies import ways
from askfirst.harness.aws.kinds.reading import Thing, arn_in_region, flag


def _file_system(system: Thing, _: Thing) -> Reading:
    allowed, denied = ways(system.file_system_policy)
    return Reading(
        state=str(system.life_cycle_state),
        content=(system.throughput_mode, system.performance_mode, system.lifecycle_policies),
        guards={
            "automatic backups": flag(system._backup),  # noqa: SLF001 - the public one is a dictionary made anew
            "encryption": flag(system.encrypted),
        },
        capacity={"mount targets": float(system.number_of_mount_targets)},
        open=allowed,
        shut=denied,
    )


def _target(target: Thing, _: Thing) -> Reading:
    groups = sorted(target.security_groups or ())
    return Reading(
        state=str(target.life_cycle_state),
        open=(f"{target.ip_address} in {target.subnet_id}", *(f"by {group}" for group in groups)),
        uses=(str(target._file_system.file_system_arn),),  # noqa: SLF001 - moto keeps the name alone beside it
    )


def _access_point(point: Thing, backend: Thing) -> Reading:
    system = backend.file_systems_by_id.get(point.file_system_id)
    return Reading(
        content=(point.posix_user, point.root_directory),
        uses=(str(system.file_system_arn),) if system is not None else (),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="efs.file-system",
        service="efs",
        members=lambda backend: backend.file_systems_by_id.values(),
        arn=lambda system, _: str(system.file_system_arn),
        name=lambda system: str(system.file_system_id),
        read=_file_system,
    ),
    Kind(
        kind="efs.mount-target",
        service="efs",
        members=lambda backend: backend.mount_targets_by_id.values(),
        arn=arn_in_region("elasticfilesystem", "mount-target/", lambda target: str(target.mount_target_id)),
        name=lambda target: str(target.mount_target_id),
        read=_target,
    ),
    Kind(
        kind="efs.access-point",
        service="efs",
        members=lambda backend: backend.access_points.values(),
        arn=lambda point, _: str(point.access_point_arn),
        name=lambda point: str(point.access_point_id),
        read=_access_point,
    ),
)
