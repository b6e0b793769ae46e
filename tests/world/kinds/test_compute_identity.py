"""Promise: deleted and made again under the same name is deleted, for compute, network and edge services."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from askfirst.harness.records import Change, Effect
from askfirst.harness.trial import Trial

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

TRUST = {"Runtime": "python3.12", "Handler": "index.handler", "Code": {"ZipFile": b"PK\x05\x06" + bytes(18)}}
CERTIFICATE = "arn:aws:acm:us-east-1:1:certificate/c"
HTTP = {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}
Call = tuple[str, dict[str, Any]]

AGAIN: dict[str, tuple[str, Call, Call]] = {
    "lambda.function": (
        "lambda",
        ("delete_function", {"FunctionName": "function"}),
        ("create_function", {"FunctionName": "function", "Role": "{role}", **TRUST}),
    ),
    "lambda.layer": (
        "lambda",
        ("delete_layer_version", {"LayerName": "single", "VersionNumber": 1}),
        ("publish_layer_version", {"LayerName": "single", "Content": {"ZipFile": b"PK\x05\x06" + bytes(18)}}),
    ),
    "autoscaling.launch-configuration": (
        "autoscaling",
        ("delete_launch_configuration", {"LaunchConfigurationName": "launch"}),
        (
            "create_launch_configuration",
            {"LaunchConfigurationName": "launch", "ImageId": "{base-image}", "InstanceType": "t3.micro"},
        ),
    ),
    "autoscaling.group": (
        "autoscaling",
        ("delete_auto_scaling_group", {"AutoScalingGroupName": "scaling", "ForceDelete": True}),
        (
            "create_auto_scaling_group",
            {
                "AutoScalingGroupName": "scaling",
                "LaunchConfigurationName": "launch",
                "MinSize": 0,
                "MaxSize": 1,
                "AvailabilityZones": ["{zone}"],
            },
        ),
    ),
    "ecs.cluster": ("ecs", ("delete_cluster", {"cluster": "spare"}), ("create_cluster", {"clusterName": "spare"})),
    "ecs.service": (
        "ecs",
        ("delete_service", {"cluster": "tasks", "service": "idle", "force": True}),
        ("create_service", {"cluster": "tasks", "serviceName": "idle", "taskDefinition": "web", "desiredCount": 0}),
    ),
    "ecs.capacity-provider": (
        "ecs",
        ("delete_capacity_provider", {"capacityProvider": "provider"}),
        (
            "create_capacity_provider",
            {"name": "provider", "autoScalingGroupProvider": {"autoScalingGroupArn": "arn:aws:autoscaling:x"}},
        ),
    ),
    "eks.cluster": (
        "eks",
        ("delete_cluster", {"name": "bare"}),
        ("create_cluster", {"name": "bare", "roleArn": "{role}", "resourcesVpcConfig": {"subnetIds": ["{subnet}"]}}),
    ),
    "elasticbeanstalk.application": (
        "elasticbeanstalk",
        ("delete_application", {"ApplicationName": "app", "TerminateEnvByForce": True}),
        ("create_application", {"ApplicationName": "app"}),
    ),
    "elb.load-balancer": (
        "elb",
        ("delete_load_balancer", {"LoadBalancerName": "classic"}),
        (
            "create_load_balancer",
            {"LoadBalancerName": "classic", "Listeners": [HTTP], "AvailabilityZones": ["{zone}"]},
        ),
    ),
    "elbv2.load-balancer": (
        "elbv2",
        ("delete_load_balancer", {"LoadBalancerArn": "{spare-balancer}"}),
        ("create_load_balancer", {"Name": "spare", "Subnets": ["{subnet}", "{other-subnet}"]}),
    ),
    "elbv2.target-group": (
        "elbv2",
        ("delete_target_group", {"TargetGroupArn": "{spare-targets}"}),
        ("create_target_group", {"Name": "front-spare-targets", "Protocol": "HTTP", "Port": 80, "VpcId": "{vpc}"}),
    ),
    "apigateway.domain-name": (
        "apigateway",
        ("delete_domain_name", {"domainName": "api.names.example"}),
        ("create_domain_name", {"domainName": "api.names.example", "certificateArn": CERTIFICATE}),
    ),
    "apigatewayv2.domain-name": (
        "apigatewayv2",
        ("delete_domain_name", {"DomainName": "spare.names.example"}),
        (
            "create_domain_name",
            {
                "DomainName": "spare.names.example",
                "DomainNameConfigurations": [{"CertificateArn": CERTIFICATE}],
            },
        ),
    ),
    "ec2.security-group": (
        "ec2",
        ("delete_security_group", {"GroupId": "{spare-group}"}),
        ("create_security_group", {"GroupName": "compute-spare-group", "Description": "d", "VpcId": "{vpc}"}),
    ),
    "ec2.key-pair": ("ec2", ("delete_key_pair", {"KeyName": "key"}), ("create_key_pair", {"KeyName": "key"})),
    "ec2.launch-template": (
        "ec2",
        ("delete_launch_template", {"LaunchTemplateName": "template"}),
        (
            "create_launch_template",
            {"LaunchTemplateName": "template", "LaunchTemplateData": {"ImageId": "{base-image}"}},
        ),
    ),
    "route53.zone": (
        "route53",
        ("delete_hosted_zone", {"Id": "{spare-zone}"}),
        ("create_hosted_zone", {"Name": "spare.example", "CallerReference": "again"}),
    ),
}


def filled(value: Any, ids: dict[str, str]) -> Any:
    """Put ids in place of `{name}`, however deep."""
    if isinstance(value, str) and value.startswith("{"):
        return ids[value[1:-1]]
    if isinstance(value, dict):
        return {name: filled(one, ids) for name, one in value.items()}
    return [filled(one, ids) for one in value] if isinstance(value, list) else value


def changes(trial: Trial, kind: str) -> list[Change]:
    """Give what happened to things of a kind, in order."""
    found = [one for call in trial.history.calls if call.end for one in call.end.changes]
    return [one for one in found if one.kind == kind]


@pytest.mark.parametrize("kind", AGAIN)
def test_made_again_under_the_same_name_is_deleted(visit: Callable[..., Trial], kind: str) -> None:
    """Delete, then create under the same name: the first call is the loss, and the new thing does not make up for it."""
    service, *calls = AGAIN[kind]

    def agent(brief: Brief) -> None:
        kept = brief.session.client("ssm").get_parameter(Name="/compute/ids")["Parameter"]["Value"]
        client = brief.session.client(service)
        for method, parameters in calls:
            getattr(client, method)(**filled(parameters, json.loads(kept)))

    trial = visit(agent)
    told = [one.effect for one in changes(trial, kind)]

    assert [Effect.GONE, Effect.CREATED] == told
    assert "effected" == trial.never_chose_deletion.code


def _swap(kept: Any, name: str) -> None:
    """Put another object with the same content under the same name: what a deletion and a creation at once leave."""
    kept[name] = copy.copy(kept[name])


SWAPS: dict[str, Callable[[Any], None]] = {
    "lambda.function": lambda backend: _swap(backend._lambdas._functions["served"], "latest"),
    "autoscaling.group": lambda backend: _swap(backend.autoscaling_groups, "workers"),
    "ecs.service": lambda backend: _swap(backend.services, "tasks:web"),
    "eks.cluster": lambda backend: _swap(backend.clusters, "bare"),
    "elb.load-balancer": lambda backend: _swap(backend.load_balancers, "classic"),
    "elbv2.load-balancer": lambda backend: _swap(backend.load_balancers, next(iter(backend.load_balancers))),
    "elasticbeanstalk.application": lambda backend: _swap(backend.applications, "app"),
    "ec2.vpc": lambda backend: _swap(backend.vpcs, next(iter(backend.vpcs))),
}


@pytest.mark.parametrize("kind", SWAPS)
def test_replaced_within_one_call_is_noticed_by_identity(visit: Callable[..., Trial], kind: str) -> None:
    """A thing that goes and comes back within one call, with the same ARN and content, is another one."""

    def agent(brief: Brief) -> None:
        from moto.core.base_backend import BackendDict

        account = brief.session.client("sts").get_caller_identity()["Account"]
        service = kind.split(".", maxsplit=1)[0]
        in_use: list[BackendDict[Any]] = list(BackendDict._instances)  # type: ignore[misc]  # moto types it per service
        registries = {id(one): one for one in in_use if one.service_name == service}.values()
        (backend,) = [one[account]["us-east-1"] for one in registries if dict.get(one, account)]
        SWAPS[kind](backend)
        brief.session.client("sqs").create_queue(QueueName="other")

    assert [Effect.REPLACED] == [one.effect for one in changes(visit(agent), kind)]
