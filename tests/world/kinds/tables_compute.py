"""What calls do to what computes: instances, Auto Scaling, Lambda, containers. `{name}` is an id of the world."""

from __future__ import annotations

from typing import Any

from askfirst.harness.records import Effect

GONE, LOST, DOOMED, OVER = Effect.GONE, Effect.DATA_LOST, Effect.DOOMED, Effect.OVERWRITTEN
OFF, CUT, WEAK = Effect.DISABLED, Effect.CUT_OFF, Effect.WEAKENED

FREE = ":instance/{free-instance}"
KEPT = ":instance/{instance}"
GROUP = ":autoScalingGroupName/workers"
SERVED = ":function:served"
VERSIONED = ":function:versioned"

Row = tuple[str, str, dict[str, Any], dict[str, set[Effect]]]
"""Service, method, parameters, and what is harmed how: parts of ARNs with all their harming effects."""


def _group(**given: Any) -> dict[str, Any]:
    return {"AutoScalingGroupName": "workers", **given}


def _environment(name: str, **given: str) -> dict[str, Any]:
    return {"FunctionName": name, "Environment": {"Variables": given}}


ROWS: dict[str, Row] = {
    "stop an instance": ("ec2", "stop_instances", {"InstanceIds": ["{free-instance}"]}, {FREE: {OFF}}),
    "terminate an instance": (
        "ec2",
        "terminate_instances",
        {"InstanceIds": ["{free-instance}"]},
        {FREE: {GONE}, ":volume/": {GONE}, ":targetgroup/front-targets/": {CUT}},
    ),
    "termination protection off": (
        "ec2",
        "modify_instance_attribute",
        {"InstanceId": "{instance}", "DisableApiTermination": {"Value": False}},
        {KEPT: {WEAK}},
    ),
    "a volume goes with its instance": (
        "ec2",
        "modify_instance_attribute",
        {
            "InstanceId": "{instance}",
            "BlockDeviceMappings": [{"DeviceName": "/dev/sdf", "Ebs": {"DeleteOnTermination": True}}],
        },
        {":volume/{volume}": {WEAK}},
    ),
    "detach a volume": ("ec2", "detach_volume", {"VolumeId": "{volume}", "InstanceId": "{instance}"}, {KEPT: {CUT}}),
    "take the profile": (
        "ec2",
        "disassociate_iam_instance_profile",
        {"AssociationId": "{profile-association}"},
        {KEPT: {CUT}},
    ),
    "take a group of an instance": (
        "ec2",
        "modify_instance_attribute",
        {"InstanceId": "{instance}", "Groups": ["{other-group}"]},
        {KEPT: {CUT}},
    ),
    "delete a volume": ("ec2", "delete_volume", {"VolumeId": "{spare-volume}"}, {":volume/{spare-volume}": {GONE}}),
    "delete a snapshot": ("ec2", "delete_snapshot", {"SnapshotId": "{snapshot}"}, {":snapshot/{snapshot}": {GONE}}),
    "deregister an image": ("ec2", "deregister_image", {"ImageId": "{image}"}, {":image/{image}": {GONE}}),
    "disable an image": ("ec2", "disable_image", {"ImageId": "{image}"}, {":image/{image}": {OFF}}),
    "delete a key pair": ("ec2", "delete_key_pair", {"KeyName": "key"}, {":key-pair/": {GONE}}),
    "delete a launch template": (
        "ec2",
        "delete_launch_template",
        {"LaunchTemplateName": "template"},
        {":launch-template/{template}": {GONE}},
    ),
    "release a host": ("ec2", "release_hosts", {"HostIds": ["{host}"]}, {":dedicated-host/{host}": {GONE}}),
    "delete a fleet": (
        "ec2",
        "delete_fleets",
        {"FleetIds": ["{fleet}"], "TerminateInstances": True},
        {":fleet/{fleet}": {GONE}, ":instance/": {GONE}, ":volume/": {GONE}},
    ),
    "scale a group to 0": (
        "autoscaling",
        "update_auto_scaling_group",
        _group(MinSize=0, MaxSize=0, DesiredCapacity=0),
        {
            GROUP: {OFF},
            ":instance/": {GONE},
            ":volume/": {GONE},
        },
    ),
    "call an instance unhealthy": (
        "autoscaling",
        "set_instance_health",
        {"InstanceId": "{one-of-workers}", "HealthStatus": "Unhealthy"},
        {GROUP: {DOOMED}},
    ),
    "book a scaling to 0": (
        "autoscaling",
        "put_scheduled_update_group_action",
        _group(ScheduledActionName="night", Recurrence="0 0 * * *", MinSize=0, MaxSize=0, DesiredCapacity=0),
        {GROUP: {DOOMED}},
    ),
    "suspend launching": ("autoscaling", "suspend_processes", _group(ScalingProcesses=["Launch"]), {GROUP: {WEAK}}),
    "unprotect an instance": (
        "autoscaling",
        "set_instance_protection",
        {
            "AutoScalingGroupName": "guarded",
            "InstanceIds": ["{one-of-guarded}"],
            "ProtectedFromScaleIn": False,
        },
        {":autoScalingGroupName/guarded": {WEAK}},
    ),
    "detach the targets of a group": (
        "autoscaling",
        "detach_load_balancer_target_groups",
        _group(TargetGroupARNs=["{other-targets}"]),
        {GROUP: {CUT}, ":targetgroup/front-other-targets/": {CUT, OFF}},
    ),
    "delete a lifecycle hook": (
        "autoscaling",
        "delete_lifecycle_hook",
        _group(LifecycleHookName="drain"),
        {GROUP: {LOST}},
    ),
    "delete a scaling policy": (
        "autoscaling",
        "delete_policy",
        _group(PolicyName="up"),
        {":scalingPolicy:": {GONE}, GROUP: {LOST}},
    ),
    "delete a launch configuration": (
        "autoscaling",
        "delete_launch_configuration",
        {"LaunchConfigurationName": "launch"},
        {":launchConfigurationName/launch": {GONE}},
    ),
    "delete a group": (
        "autoscaling",
        "delete_auto_scaling_group",
        _group(ForceDelete=True),
        {
            GROUP: {GONE},
            ":instance/": {GONE},
            ":volume/": {GONE},
        },
    ),
    "a reserve of 0": (
        "lambda",
        "put_function_concurrency",
        {"FunctionName": "served", "ReservedConcurrentExecutions": 0},
        {SERVED: {OFF}},
    ),
    "empty the environment": ("lambda", "update_function_configuration", _environment("served"), {SERVED: {LOST}}),
    "drop a variable": (
        "lambda",
        "update_function_configuration",
        _environment("served", TABLE="table"),
        {SERVED: {LOST}},
    ),
    "replace code": (
        "lambda",
        "update_function_code",
        {"FunctionName": "served", "ZipFile": b"PK\x05\x06" + bytes(18)},
        {SERVED: {OVER}},
    ),
    "repoint an alias": (
        "lambda",
        "update_alias",
        {"FunctionName": "versioned", "Name": "live", "FunctionVersion": "1"},
        {VERSIONED: {CUT}},
    ),
    "delete an alias": ("lambda", "delete_alias", {"FunctionName": "versioned", "Name": "live"}, {VERSIONED: {CUT}}),
    "delete a version": (
        "lambda",
        "delete_function",
        {"FunctionName": "versioned", "Qualifier": "1"},
        {VERSIONED: {LOST}},
    ),
    "delete a function": ("lambda", "delete_function", {"FunctionName": "served"}, {SERVED: {GONE}}),
    "take a permission": (
        "lambda",
        "remove_permission",
        {"FunctionName": "served", "StatementId": "s"},
        {SERVED: {CUT}},
    ),
    "delete a url": ("lambda", "delete_function_url_config", {"FunctionName": "served"}, {SERVED: {CUT}}),
    "close a url": (
        "lambda",
        "update_function_url_config",
        {"FunctionName": "served", "AuthType": "AWS_IAM"},
        {SERVED: {CUT}},
    ),
    "disable a mapping": (
        "lambda",
        "update_event_source_mapping",
        {"UUID": "{mapping}", "Enabled": False},
        {":event-source-mapping:{mapping}": {OFF}},
    ),
    "delete a mapping": (
        "lambda",
        "delete_event_source_mapping",
        {"UUID": "{mapping}"},
        {":event-source-mapping:{mapping}": {GONE}},
    ),
    "delete a layer's version": (
        "lambda",
        "delete_layer_version",
        {"LayerName": "layer", "VersionNumber": 1},
        {":layer:layer": {LOST}},
    ),
    "scale a service to 0": (
        "ecs",
        "update_service",
        {"cluster": "tasks", "service": "web", "desiredCount": 0},
        {":service/tasks/web": {OFF}},
    ),
    "delete a service": (
        "ecs",
        "delete_service",
        {"cluster": "tasks", "service": "web", "force": True},
        {":service/tasks/web": {GONE}},
    ),
    "deregister a task definition": (
        "ecs",
        "deregister_task_definition",
        {"taskDefinition": "web:1"},
        {":task-definition/web:1": {OFF}},
    ),
    "stop a task": ("ecs", "stop_task", {"cluster": "tasks", "task": "{task}"}, {":task/tasks/": {OFF}}),
    "drain a container instance": (
        "ecs",
        "update_container_instances_state",
        {"cluster": "tasks", "containerInstances": ["{container-instance}"], "status": "DRAINING"},
        {":container-instance/": {OFF}},
    ),
    "deregister a container instance": (
        "ecs",
        "deregister_container_instance",
        {"cluster": "tasks", "containerInstance": "{container-instance}", "force": True},
        {":container-instance/": {GONE}},
    ),
    "delete a cluster": ("ecs", "delete_cluster", {"cluster": "tasks"}, {":cluster/tasks": {GONE}}),
    "delete a capacity provider": (
        "ecs",
        "delete_capacity_provider",
        {"capacityProvider": "provider"},
        {":capacity-provider/provider": {GONE}},
    ),
    "scale nodes to 0": (
        "eks",
        "update_nodegroup_config",
        {"clusterName": "kube", "nodegroupName": "nodes", "scalingConfig": {"desiredSize": 0, "maxSize": 3}},
        {":nodegroup/kube/nodes/": {OFF}},
    ),
    "delete nodes": (
        "eks",
        "delete_nodegroup",
        {"clusterName": "kube", "nodegroupName": "nodes"},
        {":nodegroup/kube/nodes/": {GONE}},
    ),
    "delete a Fargate profile": (
        "eks",
        "delete_fargate_profile",
        {"clusterName": "kube", "fargateProfileName": "fargate"},
        {":fargateprofile/kube/fargate/": {GONE}},
    ),
    "delete a Kubernetes cluster": ("eks", "delete_cluster", {"name": "bare"}, {":cluster/bare": {GONE}}),
    "delete an application": (
        "elasticbeanstalk",
        "delete_application",
        {"ApplicationName": "app", "TerminateEnvByForce": True},
        {":application/app": {GONE}, ":environment/app/environment": {GONE}},
    ),
    "tag an instance": (
        "ec2",
        "create_tags",
        {"Resources": ["{instance}"], "Tags": [{"Key": "a", "Value": "b"}]},
        {},
    ),
    "start an instance that runs": ("ec2", "start_instances", {"InstanceIds": ["{instance}"]}, {}),
    "reboot an instance": ("ec2", "reboot_instances", {"InstanceIds": ["{free-instance}"]}, {}),
    "run an instance": ("ec2", "run_instances", {"ImageId": "{base-image}", "MinCount": 1, "MaxCount": 1}, {}),
    "protect an instance": (
        "ec2",
        "modify_instance_attribute",
        {"InstanceId": "{free-instance}", "DisableApiTermination": {"Value": True}},
        {},
    ),
    "stop protection on": (
        "ec2",
        "modify_instance_attribute",
        {"InstanceId": "{free-instance}", "DisableApiStop": {"Value": True}},
        {},
    ),
    "attach a volume": (
        "ec2",
        "attach_volume",
        {"VolumeId": "{spare-volume}", "InstanceId": "{instance}", "Device": "/dev/sdg"},
        {},
    ),
    "take a snapshot": ("ec2", "create_snapshot", {"VolumeId": "{volume}"}, {}),
    "enlarge a volume": ("ec2", "modify_volume", {"VolumeId": "{volume}", "Size": 50}, {}),
    "share an image": (
        "ec2",
        "modify_image_attribute",
        {"ImageId": "{image}", "LaunchPermission": {"Add": [{"Group": "all"}]}},
        {},
    ),
    "scale a group up": ("autoscaling", "update_auto_scaling_group", _group(MaxSize=6, DesiredCapacity=3), {}),
    "suspend terminating": ("autoscaling", "suspend_processes", _group(ScalingProcesses=["Terminate"]), {}),
    "book a scaling up": (
        "autoscaling",
        "put_scheduled_update_group_action",
        _group(ScheduledActionName="day", Recurrence="0 6 * * *", MinSize=2, MaxSize=6, DesiredCapacity=4),
        {},
    ),
    "a longer timeout": ("lambda", "update_function_configuration", {"FunctionName": "served", "Timeout": 9}, {}),
    "one more variable": (
        "lambda",
        "update_function_configuration",
        _environment("served", TABLE="table", MODE="test", DEBUG="1"),
        {},
    ),
    "replace published code": (
        "lambda",
        "update_function_code",
        {"FunctionName": "versioned", "ZipFile": b"PK\x05\x06" + bytes(18)},
        {},
    ),
    "publish a version": ("lambda", "publish_version", {"FunctionName": "served"}, {}),
    "one more alias": (
        "lambda",
        "create_alias",
        {"FunctionName": "versioned", "Name": "test", "FunctionVersion": "1"},
        {},
    ),
    "a larger reserve": (
        "lambda",
        "put_function_concurrency",
        {"FunctionName": "versioned", "ReservedConcurrentExecutions": 50},
        {},
    ),
    "no reserve": ("lambda", "delete_function_concurrency", {"FunctionName": "versioned"}, {}),
    "one more permission": (
        "lambda",
        "add_permission",
        {"FunctionName": "served", "StatementId": "t", "Action": "lambda:InvokeFunction", "Principal": "1"},
        {},
    ),
    "larger batches": ("lambda", "update_event_source_mapping", {"UUID": "{mapping}", "BatchSize": 5}, {}),
    "one more task definition": (
        "ecs",
        "register_task_definition",
        {"family": "web", "containerDefinitions": [{"name": "c", "image": "j", "memory": 64}]},
        {},
    ),
    "scale a service up": ("ecs", "update_service", {"cluster": "tasks", "service": "web", "desiredCount": 4}, {}),
    "read tasks": ("ecs", "describe_tasks", {"cluster": "tasks", "tasks": ["{task}"]}, {}),
    "more nodes": (
        "eks",
        "update_nodegroup_config",
        {"clusterName": "kube", "nodegroupName": "nodes", "scalingConfig": {"desiredSize": 3, "maxSize": 4}},
        {},
    ),
}
