"""Elastic Beanstalk: creating environments, updating them, aborting that, restarting, swapping addresses.

moto creates an environment without an id, a platform, a version or an address, and lacks the rest.
https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_UpdateEnvironment.html, and the page of each other operation.
How long each takes is ours: minutes, as in the events of real environments.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from askfirst.harness.aws.gaps.base import Guard, Implementation, Situation
from askfirst.harness.aws.gaps.beanstalk import (
    SERVICE,
    Environment,
    Option,
    Settings,
    begin,
    departed,
    environments,
    find,
    finish_later,
    invalid,
    must_be_ready,
    own,
    say,
    settle,
)
from askfirst.harness.aws.gaps.beanstalk_versions import must_exist
from askfirst.harness.aws.gaps.beanstalk_words import described

if TYPE_CHECKING:
    from pydantic import JsonValue

LAUNCH = timedelta(minutes=5)
UPDATE = timedelta(minutes=4)
ABORT = timedelta(minutes=2)
RESTART = timedelta(minutes=1)
SWAP = timedelta(seconds=20)
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
USUAL_STACK = "64bit Amazon Linux 2023 v4.6.0 running Python 3.12"


def create_environment(situation: Situation) -> Mapping[str, JsonValue]:
    """Create an environment; minutes later it is ready and green. It has the resources its stack has, none without one."""
    name, label = situation.text("EnvironmentName"), situation.text("ApplicationName")
    application = situation.backend(SERVICE).applications.get(label)
    if application is None:
        msg = f"No Application named '{label}' found."
        raise invalid(msg)
    going = {one.environment.environment_name for one in departed(situation) if one.ended is None}
    if name in going or any(one.environment_name == name for one in environments(situation)):
        msg = f"Environment {name} already exists."
        raise invalid(msg)
    must_exist(application, situation.text("VersionLabel"))
    tags = {str(one["Key"]): str(one["Value"]) for one in situation.many("Tags")}
    made = application.create_environment(name, situation.text("SolutionStackName"), tags)
    made.environment_id = "e-" + _letters(situation, "id")
    made.solution_stack_name = situation.text("SolutionStackName") or USUAL_STACK
    made.version_label = situation.text("VersionLabel") or "Sample Application"
    made.cname = _address(situation, situation.text("CNAMEPrefix") or f"{name}.eba-{_letters(situation, 'cname')[:8]}")
    made.description = situation.text("Description")
    made.options = _options(situation, ())
    made.tier = made.tier | {key: str(value) for key, value in situation.one("Tier").items()}
    begin(situation, made, "Launching")
    say(situation, made, "createEnvironment is starting.")
    said = described(situation, made)

    def launched(environment: Environment, at: datetime) -> None:
        settle(situation, environment, "Green", at)
        say(situation, environment, f"Successfully launched environment: {name}", at=at)

    finish_later(situation, made, LAUNCH, f"Elastic Beanstalk launched {name}", launched)
    return said


def update_environment(situation: Situation) -> Mapping[str, JsonValue]:
    """Deploy a version or change settings; the environment is busy for minutes, and meanwhile that can be aborted."""
    environment = find(situation)
    must_be_ready(environment)
    application = situation.backend(SERVICE).applications[environment.application_name]
    must_exist(application, situation.text("VersionLabel"))
    before = _settings(environment)
    name = environment.environment_name
    deploys = situation.text("VersionLabel") not in {"", environment.version_label}
    environment.version_label = situation.text("VersionLabel") or environment.version_label
    environment.solution_stack_name = situation.text("SolutionStackName") or environment.solution_stack_name
    environment.description = situation.text("Description") or own(environment, "description", "")
    environment.options = _options(situation, own(environment, "options", ()))
    begin(situation, environment, "Updating", abortable=True)
    environment.before = before
    say(situation, environment, "Environment update is starting.")
    started = f"Updating environment {name}'s configuration settings."
    say(situation, environment, "Deploying new version to instance(s)." if deploys else started)
    said = described(situation, environment)

    def updated(environment: Environment, at: datetime) -> None:
        settle(situation, environment, before.health, at)
        deployed = "New application version was deployed to running EC2 instances."
        message = deployed if deploys else "Successfully deployed new configuration to environment."
        say(situation, environment, message, at=at)
        say(situation, environment, "Environment update completed successfully.", at=at)

    finish_later(situation, environment, UPDATE, f"Elastic Beanstalk updated {name}", updated)
    return said


def abort_environment_update(situation: Situation) -> Mapping[str, JsonValue]:
    """Abort an update: the version and the settings from before it come back."""
    environment = find(situation)
    name = environment.environment_name
    if not environment.abortable_operation_in_progress:
        msg = f"Environment named {name} is in an invalid state for this operation. Must be pending deployment."
        raise invalid(msg)
    before: Settings = own(environment, "before", _settings(environment))
    begin(situation, environment, "Aborting")
    say(situation, environment, "abortEnvironmentUpdate is starting.", severity="WARN")

    def aborted(environment: Environment, at: datetime) -> None:
        environment.version_label, environment.solution_stack_name = before.version, before.stack
        environment.options, environment.description = before.options, before.description
        settle(situation, environment, before.health, at)
        say(situation, environment, "Environment update was aborted. The previous version is running again.", at=at)

    finish_later(situation, environment, ABORT, f"Elastic Beanstalk aborted the update of {name}", aborted)
    return {}


def restart_app_server(situation: Situation) -> Mapping[str, JsonValue]:
    """Restart the application server on every instance; nothing is replaced."""
    environment = find(situation)
    must_be_ready(environment)
    health = environment.health
    begin(situation, environment, "Updating")
    say(situation, environment, "restartAppServer is starting.")

    def restarted(environment: Environment, at: datetime) -> None:
        settle(situation, environment, health, at)
        say(situation, environment, "restartAppServer completed successfully.", at=at)

    why = f"Elastic Beanstalk restarted the servers of {environment.environment_name}"
    finish_later(situation, environment, RESTART, why, restarted)
    return {}


def swap_environment_cnames(situation: Situation) -> Mapping[str, JsonValue]:
    """Swap the addresses of two environments: from this call on each serves the other's callers."""
    source, destination = find(situation, "Source"), find(situation, "Destination")
    must_be_ready(source)
    must_be_ready(destination)
    source.cname, destination.cname = destination.cname, source.cname
    names = f"'{source.environment_name}' and '{destination.environment_name}'"
    for environment in (source, destination):
        health = environment.health
        begin(situation, environment, "Updating")
        say(situation, environment, "swapEnvironmentCNAMEs is starting.")

        def swapped(environment: Environment, at: datetime, health: str = health) -> None:
            settle(situation, environment, health, at)
            say(situation, environment, f"Completed swapping CNAMEs for environments {names}.", at=at)

        finish_later(situation, environment, SWAP, f"Elastic Beanstalk swapped the addresses of {names}", swapped)
    return {}


def _settings(environment: Environment) -> Settings:
    return Settings(
        environment.version_label,
        environment.solution_stack_name,
        own(environment, "options", ()),
        own(environment, "description", ""),
        environment.health,
    )


def _options(situation: Situation, known: tuple[Option, ...]) -> tuple[Option, ...]:
    """Give the option settings after a call that sets and removes some."""
    options = {(one.namespace, one.name): one for one in known}
    for one in situation.many("OptionsToRemove"):
        options.pop((str(one.get("Namespace", "")), str(one.get("OptionName", ""))), None)
    for one in situation.many("OptionSettings"):
        option = Option(str(one.get("Namespace", "")), str(one.get("OptionName", "")), str(one.get("Value", "")))
        options[option.namespace, option.name] = option
    return tuple(options.values())


def _letters(situation: Situation, label: str) -> str:
    number = int(situation.token(label), 16)
    return "".join(LETTERS[(number >> (5 * place)) % len(LETTERS)] for place in range(10))


def _address(situation: Situation, prefix: str) -> str:
    eb = "eb.amazonaws.com.cn" if situation.partition == "aws-cn" else "elasticbeanstalk.com"
    return f"{prefix}.{situation.region}.{eb}"


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {
    (SERVICE, "CreateEnvironment"): create_environment,
    (SERVICE, "UpdateEnvironment"): update_environment,
    (SERVICE, "AbortEnvironmentUpdate"): abort_environment_update,
    (SERVICE, "RestartAppServer"): restart_app_server,
    (SERVICE, "SwapEnvironmentCNAMEs"): swap_environment_cnames,
}
GUARDS: Mapping[tuple[str, str], Guard] = {}
FOR_BUILDERS = frozenset({(SERVICE, "CreateEnvironment")})
