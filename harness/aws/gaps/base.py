"""What an implementation of ours may use and give: the seam between the gateway and the operations moto lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import JsonValue

from askfirst.harness.records import Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One call that is about to be applied, and the account it is applied to.

    `backend(service)` gives moto's backend of this account and region; global services give their partition's one.
    `later(delay, why, act)` lets the service finish something after so much of the trial's time; the change is the
    service's own, `why` is the sentence the history keeps. `token(label)` gives hex digits that depend on the seed,
    this logical call and the label alone.
    """

    service: str
    operation: str
    parameters: Parameters
    region: str
    account: str
    partition: str
    principal_arn: str
    request_id: str
    backend: Callable[[str], Any]
    now: datetime
    later: Callable[[timedelta, str, Callable[[], None]], None]
    token: Callable[[str], str]

    def text(self, name: str) -> str:
        """Give a parameter that is text, '' if it is absent."""
        value = self.parameters.get(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a parameter that is a list of texts, () if it is absent."""
        value = self.parameters.get(name)
        return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()

    def uuid(self, label: str) -> str:
        """Give an id of the form AWS uses for events, stable for this logical call and label."""
        digits = "".join(self.token(f"{label}/{part}") for part in ("high", "low")).ljust(32, "0")
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"


class Refused(Exception):
    """The service's own error answer to a call that is not applied. `status` is the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        """`code` is the wire's error code, without namespace."""
        self.code = code
        self.message = message
        self.status = status
        super().__init__(f"{code}: {message}")


def invalid(message: str) -> Refused:
    """Give the refusal most of CloudFormation's errors are: code ValidationError, status 400."""
    return Refused("ValidationError", message)


Implementation = Callable[[Situation], Mapping[str, JsonValue]]
"""Applies a call and gives the members of its output by botocore's names (times: ISO 8601); may raise `Refused`."""

Guard = Callable[[Situation], None]
"""Raises `Refused` where AWS refuses a call that moto would apply; returns to let moto go on."""
