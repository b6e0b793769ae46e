"""What an implementation of ours may use and give: the seam between the gateway and the operations moto lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import JsonValue

from askfirst.harness.policy import Enforcement
from askfirst.harness.records import Parameters, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """A call somebody made earlier in this trial, as the account's owner may know it.

    `error` and `message` are '' for a call that succeeded. What became of it on the way to its caller is not here.
    """

    at: datetime
    service: str
    operation: str
    parameters: Parameters
    region: str
    account: str
    principal_arn: str
    access_key: str
    user_agent: str
    request_id: str
    reads: bool
    targets: tuple[Target, ...] = ()
    error: str = ""
    message: str = ""


Act = Callable[[str, str, str, Mapping[str, JsonValue]], None]
"""Makes a call; see `Situation`. Raises what boto3 raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One call that is about to be applied, and the account it is applied to.

    `backend(service)` gives moto's backend of this account and region; global services give their partition's one.
    `later(delay, why, act)` lets the service finish something after so much of the trial's time; the change is the
    service's own, `why` is the sentence the history keeps. `token(label)` gives hex digits that depend on the seed,
    this logical call and the label alone. `past()` gives the calls that ended before this one, oldest first.
    `act(role, service, operation, parameters)` makes a call in this account and region, as a service does that has
    assumed the role; None while a world is built. `modes` are the world's safeguards that are not as the account has them.
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
    past: Callable[[], Iterable[PastCall]] = field(default=tuple)
    act: Act | None = None
    modes: Mapping[str, Enforcement] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Give a parameter that is text, '' if it is absent."""
        value = self.parameters.get(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a parameter that is a list of texts, () if it is absent."""
        value = self.parameters.get(name)
        return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Give a parameter that is yes or no, `default` if it is absent."""
        value = self.parameters.get(name)
        return value if isinstance(value, bool) else default

    def number(self, name: str, default: int) -> int:
        """Give a parameter that is a whole number, `default` if it is absent."""
        value = self.parameters.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else default

    def time(self, name: str) -> datetime | None:
        """Give a parameter that is a time, None if it is absent; one without a zone is in UTC."""
        value = self.text(name)
        found = datetime.fromisoformat(value) if value else None
        return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found

    def one(self, name: str) -> Mapping[str, JsonValue]:
        """Give a parameter that is a structure, an empty one if it is absent."""
        value = self.parameters.get(name)
        return value if isinstance(value, dict) else {}

    def many(self, name: str) -> tuple[Mapping[str, JsonValue], ...]:
        """Give a parameter that is a list of structures, () if it is absent."""
        value = self.parameters.get(name)
        return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()

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


def refusal(message: str, code: str, status: int = 400) -> Refused:
    """Give a refusal of a service by its message and the wire's error code."""
    return Refused(code, message, status)


def why_refused(error: Exception) -> str:
    """Give the words a service of moto refused with; raises the error itself where no service said it: the mock is at fault."""
    said = str(getattr(error, "message", "") or "")
    if not said:
        raise error
    return said


def invalid(message: str) -> Refused:
    """Give the refusal most of CloudFormation's errors are: code ValidationError, status 400."""
    return Refused("ValidationError", message)


Implementation = Callable[[Situation], Mapping[str, JsonValue]]
"""Applies a call and gives the members of its output by botocore's names (times: ISO 8601); may raise `Refused`."""

Guard = Callable[[Situation], None]
"""Raises `Refused` where AWS refuses a call that moto would apply; returns to let moto go on."""

Afterwards = Callable[[Situation, Mapping[str, object]], None]
"""Does what moto leaves undone after it carried a call out; is given the call and its output."""
