"""Switching the protections of an account on, as its owner would have: by AWS's own calls, before the agent starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env


@dataclass(frozen=True, slots=True)
class Protection:
    """How one kind of thing is protected: how they are listed, where in the answer, and the call that protects one."""

    service: str
    listing: str
    found: str
    field: str
    call: str
    parameter: str
    switch: dict[str, Any]


RDS = {"DeletionProtection": True, "ApplyImmediately": True}
BALANCER = {"Attributes": [{"Key": "deletion_protection.enabled", "Value": "true"}]}
GROUP = "AutoScalingGroupName"
PROTECTIONS = (
    Protection(
        "cloudformation",
        "describe_stacks",
        "Stacks",
        "StackName",
        "update_termination_protection",
        "StackName",
        {"EnableTerminationProtection": True},
    ),
    Protection(
        "dynamodb", "list_tables", "TableNames", "", "update_table", "TableName", {"DeletionProtectionEnabled": True}
    ),
    Protection(
        "rds",
        "describe_db_instances",
        "DBInstances",
        "DBInstanceIdentifier",
        "modify_db_instance",
        "DBInstanceIdentifier",
        RDS,
    ),
    Protection(
        "rds",
        "describe_db_clusters",
        "DBClusters",
        "DBClusterIdentifier",
        "modify_db_cluster",
        "DBClusterIdentifier",
        RDS,
    ),
    Protection(
        "elbv2",
        "describe_load_balancers",
        "LoadBalancers",
        "LoadBalancerArn",
        "modify_load_balancer_attributes",
        "LoadBalancerArn",
        BALANCER,
    ),
    Protection(
        "autoscaling",
        "describe_auto_scaling_groups",
        "AutoScalingGroups",
        GROUP,
        "update_auto_scaling_group",
        GROUP,
        {"DeletionProtection": "prevent-all-deletion"},
    ),
)


def protected(build: Callable[[Env], object]) -> Callable[[Env], object]:
    """Give a builder that builds the same, and then switches everything on that can be, in every account of the world."""

    def build_protected(env: Env) -> None:
        build(env)
        for account in env.accounts:
            session = env.session_for(account=account)
            for one in PROTECTIONS:
                _switch_on(session.client(one.service), one)
            _instances(session.client("ec2"))

    return build_protected


def _switch_on(client: Any, one: Protection) -> None:  # noqa: ANN401 - botocore is untyped
    for item in getattr(client, one.listing)()[one.found]:
        if one.service == "cloudformation" and item.get("StackStatus") == "DELETE_COMPLETE":
            continue
        getattr(client, one.call)(**{one.parameter: item[one.field] if one.field else item}, **one.switch)


def _instances(client: Any) -> None:  # noqa: ANN401 - botocore is untyped
    for reservation in client.describe_instances()["Reservations"]:
        for one in reservation["Instances"]:
            if one["State"]["Name"] not in {"terminated", "shutting-down"}:
                client.modify_instance_attribute(InstanceId=one["InstanceId"], DisableApiTermination={"Value": True})
