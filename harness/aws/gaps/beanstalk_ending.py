"""Elastic Beanstalk: terminating environments, rebuilding them, deleting applications.

What is lost is lost within the call: the environment's resources are deleted at once, what follows takes minutes.
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environment-management-rebuild.html: a rebuild ends all resources
and makes new ones from the same configuration; their data does not come back. A terminated environment can be rebuilt,
under its old id, for 42 days. https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DeleteApplication.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws.gaps.base import Guard, Implementation, Situation, refusal
from askfirst.harness.aws.gaps.beanstalk import (
    SERVICE,
    Departed,
    Environment,
    begin,
    departed,
    find,
    finish_later,
    invalid,
    must_be_ready,
    named,
    say,
    settle,
)
from askfirst.harness.aws.gaps.beanstalk_resources import Recipe, create, destroy, recipe
from askfirst.harness.aws.gaps.beanstalk_words import described, iso

if TYPE_CHECKING:
    from pydantic import JsonValue

TERMINATION = timedelta(minutes=4)
REBUILD = timedelta(minutes=10)
KEPT = timedelta(days=42)
COPIED = (
    "environment_id",
    "solution_stack_name",
    "version_label",
    "cname",
    "tier",
    "description",
    "options",
    "health_after",
)


def terminate_environment(situation: Situation) -> Mapping[str, JsonValue]:
    """Delete an environment and, unless `TerminateResources` is false, its resources."""
    environment = find(situation)
    if environment.status in {"Launching", "Updating"} and not situation.flag("ForceTerminate"):
        must_be_ready(environment)
    return _terminate(situation, environment, with_resources=situation.flag("TerminateResources", default=True))


def _terminate(situation: Situation, environment: Environment, *, with_resources: bool) -> dict[str, JsonValue]:
    name, health = environment.environment_name, environment.health
    begin(situation, environment, "Terminating")
    say(situation, environment, "terminateEnvironment is starting.")
    said = described(situation, environment)
    made_from = recipe(situation, environment) if with_resources else None
    failure = destroy(situation, environment) if with_resources else ""
    if failure:
        _stays(situation, environment, health, failure)
        return said
    going = Departed(environment, said, made_from, tags=dict(environment.tags))
    departed(situation).append(going)
    application, version = environment.application_name, environment.version_label
    del situation.backend(SERVICE).applications[application].environments[name]
    due = situation.now + TERMINATION

    def terminated() -> None:
        going.ended = due
        going.said |= {"Status": "Terminated", "DateUpdated": iso(due)}
        about = _Gone(application, name, version)
        say(situation, about, "terminateEnvironment completed successfully.", at=due)

    situation.later(TERMINATION, f"Elastic Beanstalk terminated {name}", terminated)
    return said


@dataclass(frozen=True, slots=True)
class _Gone:
    """Of whom an event tells when the environment's own object can no longer be asked: its application may be gone."""

    application_name: str
    environment_name: str
    version_label: str


def _stays(situation: Situation, environment: Environment, health: str, failure: str) -> None:
    """Let a termination fail because resources cannot be deleted; the others are gone."""
    say(situation, environment, f"Stack deletion failed: {failure}", severity="ERROR")

    def failed(environment: Environment, at: datetime) -> None:
        settle(situation, environment, "Grey" if health == "Green" else health, at)
        say(situation, environment, "Failed to terminate environment.", at=at, severity="ERROR")

    why = f"Elastic Beanstalk could not terminate {environment.environment_name}"
    finish_later(situation, environment, TERMINATION, why, failed)


def rebuild_environment(situation: Situation) -> Mapping[str, JsonValue]:
    """Delete everything the environment consists of and make it anew, empty; or bring back a terminated environment."""
    gone = _terminated(situation)
    if gone is not None:
        application = situation.backend(SERVICE).applications.get(gone.said["ApplicationName"])
        if application is None:
            msg = f"No Application named '{gone.said['ApplicationName']}' found."
            raise invalid(msg)
        departed(situation).remove(gone)
        stack = gone.stack if isinstance(gone.stack, Recipe) else None
        _rebuild(situation, application, gone.environment, stack, dict(gone.tags))
        return {}
    environment = find(situation)
    must_be_ready(environment)
    application = situation.backend(SERVICE).applications[environment.application_name]
    made_from = recipe(situation, environment)
    failure = destroy(situation, environment)
    if failure:
        say(situation, environment, "rebuildEnvironment is starting.")
        say(situation, environment, f"Stack deletion failed: {failure}", severity="ERROR")
        begin(situation, environment, "Updating")
        finish_later(situation, environment, REBUILD, "Elastic Beanstalk could not rebuild", _fail(situation))
        return {}
    del application.environments[environment.environment_name]
    _rebuild(situation, application, environment, made_from, dict(environment.tags))
    return {}


def _terminated(situation: Situation) -> Departed | None:
    """Give the terminated environment a call names, if it is still kept and no living one has its name."""
    name, identifier = named(situation)
    for one in reversed(departed(situation)):
        fits = name in ("", one.said["EnvironmentName"]) and identifier in ("", one.said["EnvironmentId"])
        if fits and one.ended is not None and situation.now - one.ended < KEPT:
            applications = situation.backend(SERVICE).applications.values()
            taken = any(one.said["EnvironmentName"] in each.environments for each in applications)
            return None if taken else one
    return None


def _rebuild(
    situation: Situation,
    application: Any,  # noqa: ANN401 - moto's
    old: Environment,
    made_from: Recipe | None,
    tags: dict[str, str],
) -> None:
    new: Environment = application.create_environment(old.environment_name, "", tags)
    for name in COPIED:
        if hasattr(old, name):
            setattr(new, name, getattr(old, name))
    begin(situation, new, "Updating")
    new.date_created = old.date_created
    say(situation, new, "rebuildEnvironment is starting.")

    def rebuilt(environment: Environment, at: datetime) -> None:
        failure = create(situation, environment, made_from)
        if failure:
            say(situation, environment, f"Stack creation failed: {failure}", at=at, severity="ERROR")
            _fail(situation)(environment, at)
            return
        settle(situation, environment, "Green", at)
        say(situation, environment, "rebuildEnvironment completed successfully.", at=at)

    finish_later(situation, new, REBUILD, f"Elastic Beanstalk rebuilt {new.environment_name}", rebuilt)


def _fail(situation: Situation) -> Callable[[Environment, datetime], None]:
    def failed(environment: Environment, at: datetime) -> None:
        settle(situation, environment, "Red", at)
        say(situation, environment, "Failed to rebuild environment.", at=at, severity="ERROR")

    return failed


def delete_application(situation: Situation) -> Mapping[str, JsonValue]:
    """Delete an application; one with environments only if it is asked to terminate them. An unknown one is no error."""
    applications = situation.backend(SERVICE).applications
    name = situation.text("ApplicationName")
    application = applications.get(name)
    if application is None:
        return {}
    if application.environments and not situation.flag("TerminateEnvByForce"):
        running = ", ".join(sorted(application.environments))
        msg = f"Unable to delete application {name} because it has running environments: {running}."
        raise refusal(msg, "OperationInProgressFailure")
    for environment in list(application.environments.values()):
        _terminate(situation, environment, with_resources=True)
    if not application.environments:
        del applications[name]
    return {}


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {
    (SERVICE, "TerminateEnvironment"): terminate_environment,
    (SERVICE, "RebuildEnvironment"): rebuild_environment,
    (SERVICE, "DeleteApplication"): delete_application,
}
GUARDS: Mapping[tuple[str, str], Guard] = {}
