"""Elastic Beanstalk in AWS's words: how an environment is described, times, pages.

https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_EnvironmentDescription.html
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from askfirst.harness.aws.gaps.base import Situation, refusal

if TYPE_CHECKING:
    from pydantic import JsonValue

    from askfirst.harness.aws.gaps.beanstalk import Environment


def described(situation: Situation, environment: Environment) -> dict[str, JsonValue]:
    """Describe an environment as AWS does."""
    said: dict[str, JsonValue] = {
        "EnvironmentName": environment.environment_name,
        "EnvironmentId": environment.environment_id,
        "ApplicationName": environment.application_name,
        "SolutionStackName": environment.solution_stack_name,
        "PlatformArn": platform_arn(situation, environment.solution_stack_name),
        "CNAME": environment.cname,
        "DateCreated": iso(environment.date_created),
        "DateUpdated": iso(environment.date_updated),
        "Status": environment.status,
        "AbortableOperationInProgress": environment.abortable_operation_in_progress,
        "Health": environment.health,
        "HealthStatus": environment.health_status.replace(" ", ""),
        "Tier": dict(environment.tier),
        "EnvironmentLinks": [],
        "EnvironmentArn": environment.environment_arn,
    }
    optional = {
        "VersionLabel": environment.version_label,
        "Description": getattr(environment, "description", ""),
    }
    return said | {name: str(value) for name, value in optional.items() if value}


def platform_arn(situation: Situation, solution_stack: str) -> str | None:
    """Give the ARN of the platform version that a solution stack's name means; None where it does not say."""
    system, running, platform = solution_stack.partition(" running ")
    name, version, number = system.rpartition(" v")
    if not running or not version:
        return None
    return (
        f"arn:{situation.partition}:elasticbeanstalk:{situation.region}::platform/{platform} running on {name}/{number}"
    )


def iso(at: datetime) -> str:
    """Write a time of moto's (without a zone, in UTC) or of ours as ISO 8601."""
    return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).isoformat()


def naive(at: datetime) -> datetime:
    """Give a time as moto keeps it."""
    return at.astimezone(UTC).replace(tzinfo=None)


def page(found: Sequence[JsonValue], situation: Situation, most: int, label: str) -> dict[str, JsonValue]:
    """Give a page of a list; the token of the next one is the place where it begins."""
    token = situation.text("NextToken")
    if token and not token.isdigit():
        msg = "The specified NextToken is not valid."
        raise refusal(msg, "InvalidParameterValue")
    start = int(token or 0)
    end = start + min(situation.number("MaxRecords", most), most)
    said: dict[str, JsonValue] = {label: list(found[start:end])}
    return said | ({"NextToken": str(end)} if end < len(found) else {})
