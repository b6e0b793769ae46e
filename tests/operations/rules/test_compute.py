"""Promise: what serves and is scaled, stopped or unguarded is told by the numbers of a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Row = tuple[str, dict[str, Any], dict[str, Any] | None, str | None]

FUNCTION = {
    "kind": "lambda.function",
    "capacity": {"concurrency": 1000},
    "open": ("alias live -> 1", "alias old -> 2"),
    "parts": {"code": "c", "environment": {"URL": "u"}},
}
GROUP = {"kind": "autoscaling.group", "capacity": {"desired": 2}, "guards": {"new instances protected": 1}}
SERVICE = {"kind": "ecs.service", "capacity": {"desired": 2}}

ROWS: tuple[Row, ...] = (
    (
        "lambda:PutFunctionConcurrency",
        {"FunctionName": "f", "ReservedConcurrentExecutions": 0},
        FUNCTION,
        "stop reversible availability",
    ),
    ("lambda:PutFunctionConcurrency", {"FunctionName": "f", "ReservedConcurrentExecutions": 5}, FUNCTION, None),
    (
        "lambda:PutFunctionConcurrency",
        {"FunctionName": "f", "ReservedConcurrentExecutions": 0},
        FUNCTION | {"capacity": {"concurrency": 0}},
        None,
    ),
    ("lambda:DeleteFunctionConcurrency", {"FunctionName": "f"}, FUNCTION, "none none none"),
    (
        "lambda:UpdateFunctionConfiguration",
        {"FunctionName": "f", "Environment": {}},
        FUNCTION,
        "overwrite recoverable configuration",
    ),
    (
        "lambda:UpdateFunctionConfiguration",
        {"FunctionName": "f", "Environment": {"Variables": {"NEW": "1"}}},
        FUNCTION,
        "overwrite recoverable configuration",
    ),
    (
        "lambda:UpdateFunctionConfiguration",
        {"FunctionName": "f", "Environment": {"Variables": {"URL": "other", "NEW": "1"}}},
        FUNCTION,
        None,
    ),
    (
        "lambda:UpdateFunctionConfiguration",
        {"FunctionName": "f", "Environment": {"Variables": {}}},
        {"kind": "lambda.function", "parts": {"code": "c"}},
        None,
    ),
    (
        "lambda:UpdateFunctionConfiguration",
        {"FunctionName": "f", "Environment": {"Variables": {}}},
        None,
        "overwrite recoverable configuration",
    ),
    ("lambda:UpdateFunctionConfiguration", {"FunctionName": "f", "MemorySize": 512}, FUNCTION, None),
    (
        "lambda:UpdateFunctionConfiguration",
        {"FunctionName": "f", "DeadLetterConfig": {"TargetArn": ""}},
        None,
        "overwrite reversible guardrail",
    ),
    (
        "lambda:UpdateAlias",
        {"FunctionName": "f", "Name": "live", "FunctionVersion": "2"},
        FUNCTION,
        "overwrite reversible availability",
    ),
    ("lambda:UpdateAlias", {"FunctionName": "f", "Name": "live", "FunctionVersion": "1"}, FUNCTION, None),
    ("lambda:UpdateAlias", {"FunctionName": "f", "Name": "live", "Description": "d"}, FUNCTION, None),
    ("lambda:UpdateEventSourceMapping", {"UUID": "u", "Enabled": False}, None, "stop reversible availability"),
    (
        "lambda:UpdateEventSourceMapping",
        {"UUID": "u", "Enabled": False},
        {"kind": "lambda.event-source-mapping", "capacity": {"enabled": 0}},
        None,
    ),
    ("lambda:UpdateEventSourceMapping", {"UUID": "u", "Enabled": True, "BatchSize": 5}, None, None),
    ("lambda:RemovePermission", {"FunctionName": "f", "StatementId": "s"}, FUNCTION, "revoke reversible access"),
    ("lambda:AddPermission", {"FunctionName": "f", "StatementId": "s"}, FUNCTION, None),
    ("lambda:Invoke", {"FunctionName": "f", "InvocationType": "DryRun"}, FUNCTION, "plan none none"),
    ("lambda:Invoke", {"FunctionName": "f"}, FUNCTION, None),
    (
        "autoscaling:UpdateAutoScalingGroup",
        {"AutoScalingGroupName": "g", "MaxSize": 0, "MinSize": 0},
        GROUP,
        "stop irreversible availability",
    ),
    (
        "autoscaling:UpdateAutoScalingGroup",
        {"AutoScalingGroupName": "g", "DesiredCapacity": 0},
        None,
        "stop irreversible availability",
    ),
    (
        "autoscaling:UpdateAutoScalingGroup",
        {"AutoScalingGroupName": "g", "DesiredCapacity": 0},
        GROUP | {"capacity": {"desired": 0}},
        None,
    ),
    ("autoscaling:UpdateAutoScalingGroup", {"AutoScalingGroupName": "g", "MinSize": 0, "MaxSize": 9}, GROUP, None),
    (
        "autoscaling:UpdateAutoScalingGroup",
        {"AutoScalingGroupName": "g", "NewInstancesProtectedFromScaleIn": False},
        GROUP,
        "overwrite reversible guardrail",
    ),
    (
        "autoscaling:UpdateAutoScalingGroup",
        {"AutoScalingGroupName": "g", "NewInstancesProtectedFromScaleIn": True},
        GROUP,
        None,
    ),
    (
        "autoscaling:UpdateAutoScalingGroup",
        {"AutoScalingGroupName": "g", "DeletionProtection": "none"},
        GROUP,
        "overwrite reversible guardrail",
    ),
    (
        "autoscaling:SetDesiredCapacity",
        {"AutoScalingGroupName": "g", "DesiredCapacity": 0},
        GROUP,
        "stop irreversible availability",
    ),
    ("autoscaling:SetDesiredCapacity", {"AutoScalingGroupName": "g", "DesiredCapacity": 4}, GROUP, None),
    (
        "autoscaling:PutScheduledUpdateGroupAction",
        {"AutoScalingGroupName": "g", "MaxSize": 0},
        GROUP,
        "stop irreversible availability",
    ),
    (
        "autoscaling:PutScheduledUpdateGroupAction",
        {"AutoScalingGroupName": "g", "MinSize": 0, "DesiredCapacity": 1},
        GROUP,
        None,
    ),
    (
        "autoscaling:BatchPutScheduledUpdateGroupAction",
        {"AutoScalingGroupName": "g", "ScheduledUpdateGroupActions": [{"DesiredCapacity": 0}]},
        GROUP,
        "stop irreversible availability",
    ),
    (
        "autoscaling:SetInstanceHealth",
        {"InstanceId": "i-1", "HealthStatus": "Unhealthy"},
        None,
        "delete irreversible availability",
    ),
    ("autoscaling:SetInstanceHealth", {"InstanceId": "i-1", "HealthStatus": "Healthy"}, None, None),
    ("autoscaling:SuspendProcesses", {"AutoScalingGroupName": "g"}, GROUP, "stop reversible availability"),
    (
        "autoscaling:SuspendProcesses",
        {"AutoScalingGroupName": "g", "ScalingProcesses": ["Launch"]},
        GROUP,
        "stop reversible availability",
    ),
    (
        "autoscaling:SuspendProcesses",
        {"AutoScalingGroupName": "g", "ScalingProcesses": ["AZRebalance", "Terminate"]},
        GROUP,
        None,
    ),
    (
        "autoscaling:DetachInstances",
        {"InstanceIds": ["i-1"], "ShouldDecrementDesiredCapacity": True},
        GROUP,
        "detach reversible availability",
    ),
    ("autoscaling:DetachInstances", {"InstanceIds": ["i-1"], "ShouldDecrementDesiredCapacity": False}, GROUP, None),
    (
        "autoscaling:SetInstanceProtection",
        {"InstanceIds": ["i-1"], "ProtectedFromScaleIn": False},
        GROUP,
        "overwrite reversible guardrail",
    ),
    ("autoscaling:SetInstanceProtection", {"InstanceIds": ["i-1"], "ProtectedFromScaleIn": True}, GROUP, None),
    ("autoscaling:EnterStandby", {"InstanceIds": ["i-1"]}, GROUP, "stop reversible availability"),
    ("autoscaling:ExitStandby", {"InstanceIds": ["i-1"]}, GROUP, None),
    ("autoscaling:StartInstanceRefresh", {"AutoScalingGroupName": "g"}, GROUP, "overwrite irreversible availability"),
    (
        "autoscaling:DetachLoadBalancerTargetGroups",
        {"AutoScalingGroupName": "g", "TargetGroupARNs": ["a"]},
        GROUP,
        "detach reversible availability",
    ),
    (
        "autoscaling:AttachLoadBalancerTargetGroups",
        {"AutoScalingGroupName": "g", "TargetGroupARNs": ["a"]},
        GROUP,
        None,
    ),
    (
        "autoscaling:DeleteAutoScalingGroup",
        {"AutoScalingGroupName": "g", "ForceDelete": True},
        GROUP,
        "delete irreversible availability",
    ),
    ("autoscaling:DeleteAutoScalingGroup", {"AutoScalingGroupName": "g"}, GROUP, None),
    (
        "application-autoscaling:RegisterScalableTarget",
        {"ResourceId": "service/c/s", "MaxCapacity": 0},
        None,
        "stop reversible availability",
    ),
    (
        "application-autoscaling:RegisterScalableTarget",
        {"ResourceId": "service/c/s", "MinCapacity": 0, "MaxCapacity": 4},
        None,
        None,
    ),
    (
        "application-autoscaling:PutScheduledAction",
        {"ScalableTargetAction": {"MaxCapacity": 0}},
        None,
        "stop reversible availability",
    ),
    ("ecs:UpdateService", {"cluster": "c", "service": "s", "desiredCount": 0}, SERVICE, "stop reversible availability"),
    ("ecs:UpdateService", {"cluster": "c", "service": "s", "desiredCount": 0}, None, "stop reversible availability"),
    (
        "ecs:UpdateService",
        {"cluster": "c", "service": "s", "desiredCount": 0},
        SERVICE | {"capacity": {"desired": 0}},
        "none none none",
    ),
    ("ecs:UpdateService", {"cluster": "c", "service": "s", "desiredCount": 2}, SERVICE, "none none none"),
    ("ecs:UpdateService", {"cluster": "c", "service": "s", "desiredCount": 4}, SERVICE, None),
    ("ecs:UpdateService", {"cluster": "c", "service": "s", "forceNewDeployment": True}, SERVICE, None),
    ("ecs:StopTask", {"cluster": "c", "task": "t"}, None, "stop reversible availability"),
    ("ecs:DeleteService", {"cluster": "c", "service": "s", "force": True}, SERVICE, "delete recoverable availability"),
    ("ecs:DeleteService", {"cluster": "c", "service": "s"}, SERVICE, None),
    (
        "ecs:UpdateContainerInstancesState",
        {"containerInstances": ["i"], "status": "DRAINING"},
        None,
        "stop reversible availability",
    ),
    ("ecs:UpdateContainerInstancesState", {"containerInstances": ["i"], "status": "ACTIVE"}, None, None),
    (
        "ecs:UpdateCapacityProvider",
        {"name": "p", "autoScalingGroupProvider": {"managedTerminationProtection": "DISABLED"}},
        None,
        "overwrite reversible guardrail",
    ),
    (
        "ecs:UpdateCapacityProvider",
        {"name": "p", "autoScalingGroupProvider": {"managedTerminationProtection": "ENABLED"}},
        None,
        None,
    ),
    (
        "eks:UpdateNodegroupConfig",
        {"clusterName": "c", "nodegroupName": "n", "scalingConfig": {"desiredSize": 0}},
        None,
        "stop irreversible availability",
    ),
    (
        "eks:UpdateNodegroupConfig",
        {"clusterName": "c", "nodegroupName": "n", "scalingConfig": {"minSize": 0, "desiredSize": 3}},
        None,
        None,
    ),
    (
        "eks:UpdateNodegroupConfig",
        {"clusterName": "c", "nodegroupName": "n", "scalingConfig": {"desiredSize": 0}},
        {"kind": "eks.nodegroup", "capacity": {"desired": 0}},
        None,
    ),
    ("eks:UpdateClusterConfig", {"name": "c", "deletionProtection": False}, None, "overwrite reversible guardrail"),
    ("eks:UpdateClusterConfig", {"name": "c", "deletionProtection": True}, None, None),
    (
        "eks:UpdateClusterConfig",
        {"name": "c", "logging": {"clusterLogging": [{"types": ["audit"], "enabled": False}]}},
        None,
        "overwrite reversible audit",
    ),
    (
        "eks:UpdateClusterConfig",
        {"name": "c", "logging": {"clusterLogging": [{"types": ["audit"], "enabled": True}]}},
        None,
        None,
    ),
    (
        "eks:UpdateClusterConfig",
        {"name": "c", "resourcesVpcConfig": {"endpointPublicAccess": False, "endpointPrivateAccess": False}},
        None,
        "detach reversible availability",
    ),
    (
        "eks:UpdateClusterConfig",
        {"name": "c", "resourcesVpcConfig": {"endpointPublicAccess": False, "endpointPrivateAccess": True}},
        None,
        None,
    ),
    ("elasticbeanstalk:TerminateEnvironment", {"EnvironmentName": "e"}, None, "delete irreversible data"),
    (
        "elasticbeanstalk:TerminateEnvironment",
        {"EnvironmentName": "e", "TerminateResources": False},
        None,
        "delete recoverable availability",
    ),
    ("elasticbeanstalk:RebuildEnvironment", {"EnvironmentName": "e"}, None, "delete irreversible data"),
    (
        "elasticbeanstalk:SwapEnvironmentCNAMEs",
        {"SourceEnvironmentName": "e"},
        None,
        "overwrite reversible availability",
    ),
    ("elasticbeanstalk:RestartAppServer", {"EnvironmentName": "e"}, None, "stop reversible availability"),
    (
        "elasticbeanstalk:UpdateEnvironment",
        {
            "EnvironmentName": "e",
            "OptionSettings": [{"Namespace": "aws:autoscaling:asg", "OptionName": "MaxSize", "Value": "0"}],
        },
        None,
        "stop irreversible availability",
    ),
    (
        "elasticbeanstalk:UpdateEnvironment",
        {
            "EnvironmentName": "e",
            "OptionSettings": [{"Namespace": "aws:autoscaling:asg", "OptionName": "MinSize", "Value": "0"}],
        },
        None,
        None,
    ),
    (
        "elasticbeanstalk:DeleteApplication",
        {"ApplicationName": "a", "TerminateEnvByForce": True},
        None,
        "delete irreversible availability",
    ),
    ("elasticbeanstalk:DeleteApplication", {"ApplicationName": "a"}, None, None),
    ("batch:UpdateJobQueue", {"jobQueue": "q", "state": "DISABLED"}, None, "stop reversible availability"),
    ("batch:UpdateJobQueue", {"jobQueue": "q", "state": "ENABLED"}, None, None),
)


@pytest.mark.parametrize(("action", "parameters", "before", "expected"), ROWS)
def test_rules(
    judge: Callable[..., str | None],
    action: str,
    parameters: dict[str, Any],
    before: dict[str, Any] | None,
    expected: str | None,
) -> None:
    """Scaling to nothing and giving protection up are told from scaling, deploying and protecting."""
    assert expected == judge(action, parameters, before)
