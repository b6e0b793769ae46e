"""What the Elastic Beanstalk parts share: environments by name or id, their events, and what they are busy with.

moto keeps an environment's name, tags and two states and no more. What is missing is kept on its objects, so that a
world's snapshot holds it: settings on the environment, events and departed environments on the backend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from askfirst.harness.aws.gaps.base import Refused, Situation, refusal
from askfirst.harness.aws.gaps.beanstalk_words import naive

if TYPE_CHECKING:
    from pydantic import JsonValue

SERVICE = "elasticbeanstalk"
HEALTHS = {"Green": "Ok", "Yellow": "Warning", "Red": "Severe", "Grey": "NoData"}


class Told(Protocol):
    """Whom an event tells of."""

    @property
    def application_name(self) -> str:
        """The application's name."""
        ...

    @property
    def environment_name(self) -> str:
        """The environment's name."""
        ...

    @property
    def version_label(self) -> str:
        """The version it runs."""
        ...


class Environment(Protocol):
    """moto's environment, as far as it is used here.

    From `description` on the attributes are ours. `health_after` says what an operation (`RestartAppServer`, ...) makes
    of the health ('Green', ...); one it does not name leaves the health as it was, a rebuilt environment is Green.
    """

    environment_name: str
    environment_id: str
    environment_arn: str
    application_name: str
    solution_stack_name: str
    version_label: str
    cname: str
    tags: dict[str, str]
    tier: dict[str, str]
    date_created: datetime
    date_updated: datetime
    status: str
    health: str
    health_status: str
    abortable_operation_in_progress: bool
    description: str
    options: tuple[Option, ...]
    causes: tuple[str, ...]
    health_after: Mapping[str, str]
    busy_with: str
    before: Settings


@dataclass(frozen=True, slots=True)
class Option:
    """One option setting."""

    namespace: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What an update changes, and an aborted update puts back."""

    version: str
    stack: str
    options: tuple[Option, ...]
    description: str
    health: str


@dataclass(frozen=True, slots=True)
class EnvironmentEvent:
    """One event of an application or environment."""

    at: datetime
    message: str
    severity: str
    application: str
    environment: str = ""
    version: str = ""
    request: str = ""


@dataclass(slots=True)
class Departed:
    """An environment that is going or gone; `stack` is what its resources can be made from again."""

    environment: Any
    said: dict[str, JsonValue]
    stack: object = None
    ended: datetime | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


def environments(situation: Situation) -> Iterator[Environment]:
    """Go through the environments that exist, of every application."""
    for application in situation.backend(SERVICE).applications.values():
        yield from application.environments.values()


def departed(situation: Situation) -> list[Departed]:
    """Give the environments that are going or gone, as they are kept on the backend."""
    backend = situation.backend(SERVICE)
    if not hasattr(backend, "departed_environments"):
        backend.departed_environments = []
    found: list[Departed] = backend.departed_environments
    return found


def events(situation: Situation) -> list[EnvironmentEvent]:
    """Give the events, oldest first, as they are kept on the backend."""
    backend = situation.backend(SERVICE)
    if not hasattr(backend, "environment_events"):
        backend.environment_events = []
    found: list[EnvironmentEvent] = backend.environment_events
    return found


def named(situation: Situation, prefix: str = "") -> tuple[str, str]:
    """Give name and id by which a call names an environment; one of them must be there."""
    name, identifier = situation.text(f"{prefix}EnvironmentName"), situation.text(f"{prefix}EnvironmentId")
    if not name and not identifier:
        msg = f"Must specify either {prefix}EnvironmentId or {prefix}EnvironmentName."
        raise refusal(msg, "MissingRequiredParameter")
    return name, identifier


def find(situation: Situation, prefix: str = "") -> Environment:
    """Give the environment a call names, or refuse as AWS does."""
    name, identifier = named(situation, prefix)
    for one in environments(situation):
        if name in {"", one.environment_name} and identifier in {"", one.environment_id}:
            return one
    wrong = f"EnvironmentName = '{name}'" if name else f"EnvironmentId = '{identifier}'"
    msg = f"No Environment found for {wrong}."
    raise invalid(msg)


def invalid(message: str) -> Refused:
    """Give the refusal most of Elastic Beanstalk's errors are."""
    return Refused("InvalidParameterValue", message)


def must_be_ready(environment: Environment) -> None:
    """Refuse what needs an environment nothing else is going on with."""
    if environment.status != "Ready":
        name = environment.environment_name
        msg = f"Environment named {name} is in an invalid state for this operation. Must be Ready."
        raise invalid(msg)


def own(environment: Environment, name: str, default: object) -> Any:  # noqa: ANN401 - the attributes differ in type
    """Give an attribute of ours; environments that moto made alone have none."""
    return getattr(environment, name, default)


def say(situation: Situation, about: Told, message: str, *, at: datetime | None = None, severity: str = "INFO") -> None:
    """Write an event of an environment."""
    event = EnvironmentEvent(
        at or situation.now,
        message,
        severity,
        about.application_name,
        about.environment_name,
        str(about.version_label),
        situation.request_id,
    )
    events(situation).append(event)


def begin(situation: Situation, environment: Environment, status: str, *, abortable: bool = False) -> None:
    """Put an environment to work on a call; whatever it was busy with before will not be finished."""
    environment.status = status
    environment.health, environment.health_status = "Grey", "NoData"
    environment.abortable_operation_in_progress = abortable
    environment.date_updated = naive(situation.now)
    environment.busy_with = situation.request_id


def finish_later(
    situation: Situation,
    environment: Environment,
    delay: timedelta,
    why: str,
    act: Callable[[Environment, datetime], None],
) -> None:
    """Book `act` for an environment, unless it is gone by then or busy with something else."""
    name, application = environment.environment_name, environment.application_name
    due = situation.now + delay

    def finish() -> None:
        found = situation.backend(SERVICE).applications.get(application)
        still = found.environments.get(name) if found is not None else None
        if still is not None and own(still, "busy_with", "") == situation.request_id:
            act(still, due)

    situation.later(delay, why, finish)


def settle(situation: Situation, environment: Environment, health: str, at: datetime) -> None:
    """Let an environment be ready again, with the health its operation gives it."""
    health = own(environment, "health_after", {}).get(situation.operation, health)
    environment.status, environment.abortable_operation_in_progress = "Ready", False
    environment.health, environment.health_status = health, HEALTHS.get(health, "Unknown")
    environment.date_updated = naive(at)
    environment.busy_with = ""
