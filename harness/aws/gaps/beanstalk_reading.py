"""Elastic Beanstalk: the operations that tell of environments.

moto gives every environment whatever is asked for, and lacks the rest.
https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DescribeEnvironments.html, and the page of each other operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws.gaps.base import Guard, Implementation, Situation, refusal
from askfirst.harness.aws.gaps.beanstalk import (
    HEALTHS,
    SERVICE,
    Environment,
    departed,
    environments,
    events,
    find,
    invalid,
    own,
)
from askfirst.harness.aws.gaps.beanstalk_resources import instances, resources
from askfirst.harness.aws.gaps.beanstalk_words import described, iso, page, platform_arn

if TYPE_CHECKING:
    from pydantic import JsonValue

SHOWN_AFTER_ITS_END = timedelta(hours=1)
FACES = ("NoData", "Unknown", "Pending", "Ok", "Info", "Warning", "Degraded", "Severe")
SEVERITIES = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
BALANCERS = {"AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer"}
LISTED = {
    "AWS::AutoScaling::AutoScalingGroup": ("AutoScalingGroups", "Name"),
    "AWS::AutoScaling::LaunchConfiguration": ("LaunchConfigurations", "Name"),
    "AWS::EC2::LaunchTemplate": ("LaunchTemplates", "Id"),
    **dict.fromkeys(BALANCERS, ("LoadBalancers", "Name")),
}


def describe_environments(situation: Situation) -> Mapping[str, JsonValue]:
    """List environments, with those that are going and those that ended within the hour."""
    listed = [*(_described(situation, one) for one in environments(situation)), *_gone(situation)]
    wanted = {
        "ApplicationName": [situation.text("ApplicationName")],
        "VersionLabel": [situation.text("VersionLabel")],
        "EnvironmentId": situation.texts("EnvironmentIds"),
        "EnvironmentName": situation.texts("EnvironmentNames"),
    }
    filters = {member: values for member, values in wanted.items() if any(values)}
    found: list[JsonValue] = [
        one for one in listed if all(one.get(member) in values for member, values in filters.items())
    ]
    return page(found, situation, 1000, "Environments")


def _described(situation: Situation, environment: Environment) -> dict[str, JsonValue]:
    said = described(situation, environment)
    for _, member, kind in resources(situation, environment):
        if kind in BALANCERS:
            said["EndpointURL"] = str(member.dns_name)
    return said


def _gone(situation: Situation) -> Iterator[dict[str, JsonValue]]:
    since = situation.now - SHOWN_AFTER_ITS_END
    if situation.flag("IncludeDeleted"):
        since = situation.time("IncludedDeletedBackTo") or situation.now - timedelta(days=42)
    asked = situation.flag("IncludeDeleted", default=True)
    for one in departed(situation):
        if one.ended is None or (asked and one.ended >= since):
            yield one.said


def describe_events(situation: Situation) -> Mapping[str, JsonValue]:
    """List events, the newest first. Of a severity: those of it and of the worse ones."""
    name, identifier = situation.text("EnvironmentName"), situation.text("EnvironmentId")
    if identifier:
        known = {one.environment_id: one.environment_name for one in environments(situation)}
        known |= {str(one.said["EnvironmentId"]): str(one.said["EnvironmentName"]) for one in departed(situation)}
        name = known.get(identifier, "?")
    severity = situation.text("Severity")
    start, end = situation.time("StartTime"), situation.time("EndTime")
    wanted = {
        "application": situation.text("ApplicationName"),
        "environment": name,
        "version": situation.text("VersionLabel"),
        "request": situation.text("RequestId"),
    }
    found: list[JsonValue] = []
    for event in reversed(events(situation)):
        fits = all(getattr(event, field) == value for field, value in wanted.items() if value)
        loud = not severity or SEVERITIES.index(event.severity) >= SEVERITIES.index(severity)
        if fits and loud and (start is None or event.at >= start) and (end is None or event.at < end):
            said = {
                "EventDate": iso(event.at),
                "Message": event.message,
                "ApplicationName": event.application,
                "EnvironmentName": event.environment,
                "RequestId": event.request,
                "Severity": event.severity,
            }
            found.append({member: value for member, value in said.items() if value})
    return page(found, situation, 1000, "Events")


def describe_environment_resources(situation: Situation) -> Mapping[str, JsonValue]:
    """Name the resources of an environment."""
    environment = find(situation)
    said: dict[str, Any] = {
        "EnvironmentName": environment.environment_name,
        "AutoScalingGroups": [],
        "Instances": [{"Id": one.id} for one in instances(situation, environment)],
        "LaunchConfigurations": [],
        "LaunchTemplates": [],
        "LoadBalancers": [],
        "Triggers": [],
        "Queues": [],
    }
    for logical_id, member, kind in resources(situation, environment):
        physical = str(member.physical_resource_id)
        if kind == "AWS::SQS::Queue":
            said["Queues"].append({"Name": logical_id, "URL": physical})
        elif kind in LISTED:
            label, key = LISTED[kind]
            said[label].append({key: physical})
    return {"EnvironmentResources": said}


def describe_environment_health(situation: Situation) -> Mapping[str, JsonValue]:
    """Tell how an environment is: status, colour, causes, and how many instances are in which state."""
    environment = find(situation)
    running = list(instances(situation, environment))
    counts: dict[str, JsonValue] = {one: len(running) if one == _face(environment) else 0 for one in FACES}
    said: dict[str, JsonValue] = {
        "HealthStatus": environment.health_status.replace(" ", ""),
        "Status": environment.status,
        "Color": environment.health,
        "Causes": list(own(environment, "causes", ())),
        "ApplicationMetrics": {"RequestCount": 0},
        "InstancesHealth": counts,
        "RefreshedAt": iso(situation.now),
    }
    return {"EnvironmentName": environment.environment_name} | _asked(situation, said)


def describe_instances_health(situation: Situation) -> Mapping[str, JsonValue]:
    """Tell how each instance of an environment is."""
    environment = find(situation)
    found: list[JsonValue] = []
    for one in instances(situation, environment):
        said: dict[str, JsonValue] = {
            "HealthStatus": _face(environment),
            "Color": environment.health,
            "Causes": list(own(environment, "causes", ())),
            "LaunchedAt": iso(one.launch_time) if hasattr(one.launch_time, "tzinfo") else str(one.launch_time),
            "Deployment": {"VersionLabel": str(environment.version_label), "DeploymentId": 1, "Status": "Deployed"},
            "AvailabilityZone": str(getattr(one.placement, "zone", one.placement)),
            "InstanceType": one.instance_type,
        }
        found.append({"InstanceId": one.id} | _asked(situation, said))
    return page(found, situation, 100, "InstanceHealthList") | {"RefreshedAt": iso(situation.now)}


def _face(environment: Environment) -> str:
    """Give the health of an instance: that of its environment."""
    return HEALTHS.get(environment.health, "Unknown")


def _asked(situation: Situation, said: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Give the attributes asked for; none asked for is an error of the service, 'All' gives all."""
    wanted = situation.texts("AttributeNames")
    if not wanted:
        msg = "At least one attribute name is required."
        raise refusal(msg, "InvalidRequestException")
    return {name: value for name, value in said.items() if "All" in wanted or name in wanted}


def describe_configuration_settings(situation: Situation) -> Mapping[str, JsonValue]:
    """Tell the settings of an environment."""
    if situation.text("TemplateName"):
        msg = f"No Configuration Template named '{situation.text('TemplateName')}' found."
        raise invalid(msg)
    environment = find(situation)
    if environment.application_name != situation.text("ApplicationName"):
        msg = f"No Environment found for EnvironmentName = '{environment.environment_name}'."
        raise invalid(msg)
    options: list[JsonValue] = [
        {"Namespace": one.namespace, "OptionName": one.name, "Value": one.value}
        for one in own(environment, "options", ())
    ]
    settings: dict[str, JsonValue] = {
        "SolutionStackName": environment.solution_stack_name,
        "PlatformArn": platform_arn(situation, environment.solution_stack_name),
        "ApplicationName": environment.application_name,
        "EnvironmentName": environment.environment_name,
        "DeploymentStatus": "pending" if environment.status == "Updating" else "deployed",
        "DateCreated": iso(environment.date_created),
        "DateUpdated": iso(environment.date_updated),
        "OptionSettings": options,
    }
    return {"ConfigurationSettings": [settings]}


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {
    (SERVICE, "DescribeEnvironments"): describe_environments,
    (SERVICE, "DescribeEvents"): describe_events,
    (SERVICE, "DescribeEnvironmentResources"): describe_environment_resources,
    (SERVICE, "DescribeEnvironmentHealth"): describe_environment_health,
    (SERVICE, "DescribeInstancesHealth"): describe_instances_health,
    (SERVICE, "DescribeConfigurationSettings"): describe_configuration_settings,
}
GUARDS: Mapping[tuple[str, str], Guard] = {}
