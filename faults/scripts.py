"""What the scripts of scenarios share: an assistant that is patient where AWS asks for patience."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

WAITS = (0, 30, 60, 120, 300)
"""Seconds before each attempt: the wait grows, as AWS advises (https://docs.aws.amazon.com/general/latest/gr/api-retries.html)."""

PASSING = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "RequestLimitExceeded",
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
