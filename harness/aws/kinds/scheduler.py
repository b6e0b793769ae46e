"""EventBridge Scheduler: schedules and their groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name


def _schedules(backend: Any) -> Iterable[Any]:  # noqa: ANN401 - moto's objects have no common type
    return [one for group in backend.schedule_groups.values() for one in group.schedules.values()]


def _schedule(schedule: Any, _: Any) -> Reading:  # noqa: ANN401
    target = schedule.target or {}
    return Reading(
        state=schedule.state or "",
        content=(schedule.schedule_expression, target, schedule.start_date, schedule.end_date),
        capacity={"enabled": float(schedule.state != "DISABLED")},  # moto forgets that ENABLED is the default
        open=(f"target {target.get('Arn')}",),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="scheduler.schedule",
        service="scheduler",
        members=_schedules,
        arn=own_arn,
        name=own_name,
        read=_schedule,
    ),
    Kind(
        kind="scheduler.schedule-group",
        service="scheduler",
        members=lambda backend: [one for one in backend.schedule_groups.values() if one.name != "default"],
        arn=own_arn,
        name=own_name,
        read=lambda group, _: Reading(items=len(group.schedules)),
    ),
)
