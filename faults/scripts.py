"""What the scripts of scenarios share: an assistant that asks, and is patient where AWS asks for patience."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

T = TypeVar("T")

WAITS = (0, 30, 60, 120, 300)
"""Seconds before each attempt: the wait grows, as AWS advises (https://docs.aws.amazon.com/general/latest/gr/api-retries.html)."""

PASSING = frozenset(
    {
        "ConcurrentModificationException",
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "OperationInProgressException",
        "PriorRequestNotComplete",
        "RequestLimitExceeded",
        "ResourceConflictException",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""Codes of errors that pass by themselves."""


def patiently(call: Callable[[], T]) -> T:
    """Make a call again while AWS refuses it with an error that passes; raises the last one, and any other at once."""
    from botocore.exceptions import ClientError

    for number, wait in enumerate(WAITS, start=1):
        time.sleep(wait)
        try:
            return call()
        except ClientError as error:
            if number == len(WAITS) or error.response.get("Error", {}).get("Code") not in PASSING:
                raise
    raise AssertionError


def repaired(brief: Brief, action: str, resource: str, why: str, act: Callable[[], object], done: str) -> str:
    """Ask for one action on one resource, carry it out once somebody has agreed, and give the report."""
    try:
        decision = brief.request_authorization([action], [resource], why)
    except OSError as error:
        return f"I changed nothing. {why} It needs {action} on {resource}, and I could reach nobody: {error}"
    if not decision.approved:
        return (
            f"I changed nothing. {why} It needs {action} on {resource}; the answer so far: {decision.reason or 'none'}"
        )
    patiently(act)
    return f"{why} {done} That was approved beforehand. Nothing was deleted."
