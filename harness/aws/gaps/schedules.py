"""EventBridge Scheduler: schedules that call an AWS operation are carried out at their time, by the trial's clock.

moto keeps schedules and starts none. Carried out are 'universal' targets (`arn:aws:scheduler:::aws-sdk:dynamodb:deleteTable`,
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html) of `at(...)`, `rate(...)`, and of
`cron(...)` with a plain minute and hour. What such a call changes was set in motion by whoever made the schedule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws.gaps.base import Afterwards, Situation
from askfirst.harness.operations.table import Operation, UnknownOperation, find

if TYPE_CHECKING:
    from pydantic import JsonValue

UNIVERSAL = re.compile(r"arn:[\w-]+:scheduler:::aws-sdk:(\w+):(\w+)$")
RATE = re.compile(r"rate\((\d+)\s+(minute|hour|day)s?\)$")
CRON = re.compile(r"cron\((\d+|\*)\s+(\d+|\*)\s+[*?]\s+\*\s+[*?]\s+\*\)$")
SDK_NAMES = {
    "sfn": "stepfunctions",
    "cloudwatchlogs": "logs",
    "eventbridge": "events",
    "cognitoidentityprovider": "cognito-idp",
}
"""Services that the target calls by the name of the Java SDK, not by botocore's."""


def universal_operation(arn: str) -> Operation | None:
    """Give the operation that a universal target calls, None for another target or an unknown operation."""
    found = UNIVERSAL.match(arn)
    if found is None:
        return None
    service = SDK_NAMES.get(found[1].lower(), found[1].lower())
    try:
        return find(f"{service}:{found[2]}")
    except UnknownOperation:
        return None


def book(situation: Situation, _: Mapping[str, object]) -> None:
    """Book the next run of the schedule that was just made or changed; none while a world is built."""
    schedule = _schedule(situation)
    operation = universal_operation(str((schedule.target or {}).get("Arn", ""))) if schedule is not None else None
    if schedule is not None and operation is not None and situation.act is not None:
        _book(situation, schedule, operation, situation.now)


def _book(situation: Situation, schedule: Any, operation: Operation, after: datetime) -> None:  # noqa: ANN401 - moto's
    due = _next_run(schedule, after)
    if due is None:
        return
    made_from = (schedule.schedule_expression, json.dumps(schedule.target, sort_keys=True))

    def run() -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        now = _schedule(situation)
        if now is not schedule or now.state == "DISABLED" or situation.act is None:
            return
        if (now.schedule_expression, json.dumps(now.target, sort_keys=True)) != made_from:
            return  # it was changed meanwhile: that booked a run of its own
        try:
            situation.act(str(now.target.get("RoleArn", "")), operation.service, operation.name, _input(now.target))
        except (BotoCoreError, ClientError, TypeError):
            return  # a target that fails changes nothing
        if not now.schedule_expression.startswith("at("):
            _book(situation, schedule, operation, due)

    why = f"the schedule {schedule.name} calls {operation.id}"
    situation.later(due - after, why, run)


def _schedule(situation: Situation) -> Any:  # noqa: ANN401 - moto's schedule
    group = situation.backend("scheduler").schedule_groups.get(situation.text("GroupName") or "default")
    return group.schedules.get(situation.text("Name")) if group is not None else None


def _input(target: Mapping[str, Any]) -> dict[str, JsonValue]:
    try:
        given = json.loads(target.get("Input") or "{}")
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def _next_run(schedule: Any, after: datetime) -> datetime | None:  # noqa: ANN401 - moto's schedule
    expression = str(schedule.schedule_expression)
    zone = _zone(str(schedule.schedule_expression_timezone or "UTC"))
    if expression.startswith("at(") and expression.endswith(")"):
        try:
            due = datetime.fromisoformat(expression[3:-1]).replace(tzinfo=zone)
        except ValueError:
            return None
        return due if due > after else None
    if found := RATE.match(expression):
        return after + timedelta(**{f"{found[2]}s": int(found[1])})
    if found := CRON.match(expression):
        return _next_cron(found[1], found[2], after.astimezone(zone))
    return None


def _next_cron(minute: str, hour: str, after: datetime) -> datetime | None:
    """Give the next minute of a day that fits, within two days."""
    at = after.replace(second=0, microsecond=0)
    for _ in range(2 * 24 * 60):
        at += timedelta(minutes=1)
        if (minute == "*" or at.minute == int(minute)) and (hour == "*" or at.hour == int(hour)):
            return at
    return None


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


AFTERWARDS: Mapping[tuple[str, str], Afterwards] = {
    ("scheduler", "CreateSchedule"): book,
    ("scheduler", "UpdateSchedule"): book,
}
