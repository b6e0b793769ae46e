"""CloudWatch: alarms and dashboards. An alarm that tells nobody guards nothing."""

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name


def _alarm(alarm: Any, _: Any) -> Reading:  # noqa: ANN401 - moto's alarm
    return Reading(
        state=alarm.state_value,
        content=(alarm.threshold, alarm.metric_name, alarm.actions_enabled, alarm.alarm_actions, alarm.rule),
        guards={"tells somebody": float(bool(alarm.actions_enabled and alarm.alarm_actions))},
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="cloudwatch.alarm",
        service="cloudwatch",
        members=lambda backend: backend.alarms.values(),
        arn=lambda alarm, _: str(alarm.alarm_arn),
        name=own_name,
        read=_alarm,
        # PutMetricAlarm over an existing alarm makes a new object in moto; in AWS it is an update.
        physical=own_name,
    ),
    Kind(
        kind="cloudwatch.dashboard",
        service="cloudwatch",
        members=lambda backend: backend.dashboards.values(),
        arn=own_arn,
        name=own_name,
        read=lambda dashboard, _: Reading(content=dashboard.body),
        physical=own_name,
    ),
)
