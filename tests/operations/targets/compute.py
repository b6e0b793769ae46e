"""Calls on what computes and connects, and what each is about: the ends of ARNs; '<..>' is filled in from the world."""

from __future__ import annotations

from typing import Any

Case = tuple[str, dict[str, Any], tuple[str, ...]]

CASES: tuple[Case, ...] = (
    ("ec2:StopInstances", {"InstanceIds": ["<free-instance>"]}, ("/<free-instance>",)),
    ("ec2:StartInstances", {"InstanceIds": ["<free-instance>"]}, ("/<free-instance>",)),
    ("ec2:RebootInstances", {"InstanceIds": ["<instance>", "<free-instance>"]}, ("/<instance>", "/<free-instance>")),
    (
        "ec2:ModifyInstanceAttribute",
        {"InstanceId": "<instance>", "DisableApiTermination": {"Value": False}},
        ("/<instance>",),
    ),
    ("ec2:ModifyInstanceAttribute", {"InstanceId": "<instance>", "Groups": ["<other-group>"]}, ("/<instance>",)),
    (
        "ec2:RunInstances",
        {
            "ImageId": "<base-image>",
            "MinCount": 1,
            "MaxCount": 1,
            "SubnetId": "<subnet>",
            "SecurityGroupIds": ["<group>"],
            "KeyName": "key",
            "IamInstanceProfile": {"Name": "profile"},
        },
        (),
    ),
    (
        "ec2:CreateTags",
        {"Resources": ["<instance>", "<vpc>"], "Tags": [{"Key": "a", "Value": "<subnet>"}]},
        ("/<instance>", "/<vpc>"),
    ),
    ("ec2:DeleteTags", {"Resources": ["<volume>"], "Tags": [{"Key": "a"}]}, ("/<volume>",)),
    ("ec2:CreateImage", {"InstanceId": "<instance>", "Name": "another"}, ()),
    ("ec2:CreateSnapshot", {"VolumeId": "<volume>"}, ()),
    ("ec2:CreateVolume", {"AvailabilityZone": "us-east-1a", "SnapshotId": "<snapshot>"}, ()),
    ("ec2:DetachVolume", {"VolumeId": "<volume>", "InstanceId": "<instance>"}, ("/<volume>",)),
    ("ec2:ModifyVolume", {"VolumeId": "<spare-volume>", "Size": 9}, ("/<spare-volume>",)),
    ("ec2:DeleteVolume", {"VolumeId": "<spare-volume>"}, ("/<spare-volume>",)),
    (
        "ec2:ModifySnapshotAttribute",
        {
            "SnapshotId": "<snapshot>",
            "Attribute": "createVolumePermission",
            "OperationType": "add",
            "UserIds": ["123456789012"],
        },
        ("/<snapshot>",),
    ),
    ("ec2:DeleteSnapshot", {"SnapshotId": "<snapshot>"}, ("/<snapshot>",)),
    ("ec2:DeregisterImage", {"ImageId": "<image>"}, ("/<image>",)),
    (
        "ec2:RevokeSecurityGroupIngress",
        {
            "GroupId": "<group>",
            "IpPermissions": [
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
            ],
        },
        ("/<group>",),
    ),
    (
        "ec2:RevokeSecurityGroupIngress",
        {
            "GroupId": "<group>",
            "IpPermissions": [
                {
                    "IpProtocol": "tcp",
                    "FromPort": 443,
                    "ToPort": 443,
                    "UserIdGroupPairs": [{"GroupId": "<other-group>"}],
                }
            ],
        },
        ("/<group>",),
    ),
    (
        "ec2:AuthorizeSecurityGroupEgress",
        {
            "GroupId": "<other-group>",
            "IpPermissions": [
                {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "IpRanges": [{"CidrIp": "192.0.2.0/24"}]}
            ],
        },
        ("/<other-group>",),
    ),
    ("ec2:CreateSecurityGroup", {"GroupName": "newly", "Description": "d", "VpcId": "<vpc>"}, ()),
    (
        "ec2:CreateNetworkAclEntry",
        {
            "NetworkAclId": "<acl>",
            "RuleNumber": 1,
            "Protocol": "-1",
            "RuleAction": "deny",
            "Egress": False,
            "CidrBlock": "0.0.0.0/0",
        },
        ("/<acl>",),
    ),
    (
        "ec2:ReplaceNetworkAclEntry",
        {
            "NetworkAclId": "<acl>",
            "RuleNumber": 100,
            "Protocol": "-1",
            "RuleAction": "deny",
            "Egress": False,
            "CidrBlock": "0.0.0.0/0",
        },
        ("/<acl>",),
    ),
    ("ec2:DeleteNetworkAclEntry", {"NetworkAclId": "<acl>", "RuleNumber": 1, "Egress": False}, ("/<acl>",)),
    (
        "ec2:CreateRoute",
        {"RouteTableId": "<table>", "DestinationCidrBlock": "10.99.0.0/16", "NatGatewayId": "<nat>"},
        ("/<table>",),
    ),
    (
        "ec2:ReplaceRoute",
        {"RouteTableId": "<table>", "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "<nat>"},
        ("/<table>",),
    ),
    ("ec2:DeleteRoute", {"RouteTableId": "<table>", "DestinationCidrBlock": "0.0.0.0/0"}, ("/<table>",)),
    ("ec2:AssociateRouteTable", {"RouteTableId": "<spare-table>", "SubnetId": "<other-subnet>"}, ("/<spare-table>",)),
    ("ec2:DisassociateRouteTable", {"AssociationId": "<table-association>"}, ("/<table>",)),
    ("ec2:DisassociateAddress", {"AssociationId": "<address-association>"}, ("/<address>",)),
    ("ec2:AssociateAddress", {"AllocationId": "<address>", "InstanceId": "<free-instance>"}, ("/<address>",)),
    ("ec2:ReleaseAddress", {"AllocationId": "<address>"}, ("/<address>",)),
    ("ec2:DetachInternetGateway", {"InternetGatewayId": "<gateway>", "VpcId": "<vpc>"}, ("/<gateway>",)),
    ("ec2:AttachInternetGateway", {"InternetGatewayId": "<spare-gateway>", "VpcId": "<vpc>"}, ("/<spare-gateway>",)),
    ("ec2:DeleteInternetGateway", {"InternetGatewayId": "<gateway>"}, ("/<gateway>",)),
    (
        "ec2:DeleteEgressOnlyInternetGateway",
        {"EgressOnlyInternetGatewayId": "<egress-gateway>"},
        ("/<egress-gateway>",),
    ),
    ("ec2:DeleteNatGateway", {"NatGatewayId": "<nat>"}, ("/<nat>",)),
    ("ec2:ModifyVpcAttribute", {"VpcId": "<vpc>", "EnableDnsSupport": {"Value": False}}, ("/<vpc>",)),
    ("ec2:AssociateDhcpOptions", {"DhcpOptionsId": "<dhcp>", "VpcId": "<vpc>"}, ("/<vpc>",)),
    ("ec2:DisassociateVpcCidrBlock", {"AssociationId": "<range>"}, ("/<vpc>",)),
    ("ec2:ModifySubnetAttribute", {"SubnetId": "<subnet>", "MapPublicIpOnLaunch": {"Value": True}}, ("/<subnet>",)),
    ("ec2:CreateSubnet", {"VpcId": "<vpc>", "CidrBlock": "10.5.9.0/24"}, ()),
    (
        "ec2:CreateVpcEndpoint",
        {"VpcId": "<vpc>", "ServiceName": "com.amazonaws.us-east-1.dynamodb", "RouteTableIds": ["<table>"]},
        ("/<table>",),
    ),
    ("ec2:ModifyVpcEndpoint", {"VpcEndpointId": "<endpoint>", "RemoveRouteTableIds": ["<table>"]}, ("/<endpoint>",)),
    ("ec2:DeleteVpcEndpoints", {"VpcEndpointIds": ["<endpoint>"]}, ("/<endpoint>",)),
    ("ec2:DeleteVpcPeeringConnection", {"VpcPeeringConnectionId": "<peering>"}, ("/<peering>",)),
    ("ec2:DeleteFlowLogs", {"FlowLogIds": ["<flow-log>"]}, ("/<flow-log>",)),
    (
        "ec2:ModifyManagedPrefixList",
        {"PrefixListId": "<prefixes>", "RemoveEntries": [{"Cidr": "198.51.100.0/24"}], "CurrentVersion": 1},
        ("/<prefixes>",),
    ),
    (
        "ec2:ModifyNetworkInterfaceAttribute",
        {"NetworkInterfaceId": "<interface>", "Groups": ["<other-group>"]},
        ("/<interface>",),
    ),
    ("ec2:DeleteNetworkInterface", {"NetworkInterfaceId": "<interface>"}, ("/<interface>",)),
    ("ec2:DetachVpnGateway", {"VpnGatewayId": "<vpn-gateway>", "VpcId": "<other-vpc>"}, ("/<vpn-gateway>",)),
    ("ec2:DeleteVpnConnection", {"VpnConnectionId": "<vpn>"}, ("/<vpn>",)),
    ("ec2:DeleteCustomerGateway", {"CustomerGatewayId": "<customer-gateway>"}, ("/<customer-gateway>",)),
    (
        "ec2:DeleteTransitGatewayRoute",
        {"TransitGatewayRouteTableId": "<transit-table>", "DestinationCidrBlock": "10.9.0.0/16"},
        ("/<transit-table>",),
    ),
    ("ec2:DeleteTransitGatewayVpcAttachment", {"TransitGatewayAttachmentId": "<attachment>"}, ("/<attachment>",)),
    ("ec2:DeleteTransitGateway", {"TransitGatewayId": "<transit>"}, ("/<transit>",)),
    (
        "ec2:CreateLaunchTemplateVersion",
        {"LaunchTemplateId": "<template>", "LaunchTemplateData": {"InstanceType": "t3.nano"}},
        ("/<template>",),
    ),
    ("ec2:DeleteLaunchTemplate", {"LaunchTemplateName": "template"}, ("/<template>",)),
    ("ec2:DeleteFleets", {"FleetIds": ["<fleet>"], "TerminateInstances": True}, ("/<fleet>",)),
    ("ec2:ReleaseHosts", {"HostIds": ["<host>"]}, ("/<host>",)),
    ("ec2:DeleteKeyPair", {"KeyName": "key"}, ("<arn:ec2.key-pair>",)),
    ("ec2:DeleteSubnet", {"SubnetId": "<other-subnet>"}, ("/<other-subnet>",)),
    ("ec2:DeleteVpc", {"VpcId": "<other-vpc>"}, ("/<other-vpc>",)),
    ("ec2:TerminateInstances", {"InstanceIds": ["<free-instance>"]}, ("/<free-instance>",)),
    (
        "elbv2:ModifyLoadBalancerAttributes",
        {"LoadBalancerArn": "<balancer>", "Attributes": [{"Key": "deletion_protection.enabled", "Value": "false"}]},
        ("<balancer>",),
    ),
    (
        "elbv2:SetSecurityGroups",
        {"LoadBalancerArn": "<balancer>", "SecurityGroups": ["<other-group>"]},
        ("<balancer>",),
    ),
    (
        "elbv2:CreateListener",
        {
            "LoadBalancerArn": "<balancer>",
            "Protocol": "HTTP",
            "Port": 81,
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": "<targets>"}],
        },
        ("<balancer>",),
    ),
    (
        "elbv2:ModifyListener",
        {"ListenerArn": "<listener>", "DefaultActions": [{"Type": "forward", "TargetGroupArn": "<other-targets>"}]},
        ("<listener>",),
    ),
    (
        "elbv2:ModifyRule",
        {"RuleArn": "<rule>", "Actions": [{"Type": "forward", "TargetGroupArn": "<other-targets>"}]},
        ("<rule>",),
    ),
    (
        "elbv2:DeregisterTargets",
        {"TargetGroupArn": "<targets>", "Targets": [{"Id": "<instance>"}]},
        ("<targets>", "/<instance>"),
    ),
    (
        "elbv2:RegisterTargets",
        {"TargetGroupArn": "<other-targets>", "Targets": [{"Id": "<instance>"}]},
        ("<other-targets>",),
    ),
    (
        "elbv2:AddTags",
        {"ResourceArns": ["<balancer>", "<targets>"], "Tags": [{"Key": "a", "Value": "b"}]},
        ("<balancer>", "<targets>"),
    ),
    ("elbv2:CreateTargetGroup", {"Name": "more", "Protocol": "HTTP", "Port": 80, "VpcId": "<vpc>"}, ()),
    ("elbv2:DeleteRule", {"RuleArn": "<rule>"}, ("<rule>",)),
    ("elbv2:DeleteListener", {"ListenerArn": "<listener>"}, ("<listener>",)),
    ("elbv2:DeleteTargetGroup", {"TargetGroupArn": "<targets>"}, ("<targets>",)),
    ("elbv2:DeleteLoadBalancer", {"LoadBalancerArn": "<balancer>"}, ("<balancer>",)),
    (
        "elb:DeregisterInstancesFromLoadBalancer",
        {"LoadBalancerName": "classic", "Instances": [{"InstanceId": "<instance>"}]},
        (":loadbalancer/classic", "/<instance>"),
    ),
    ("elb:DeleteLoadBalancer", {"LoadBalancerName": "classic"}, (":loadbalancer/classic",)),
    (
        "autoscaling:UpdateAutoScalingGroup",
        {"AutoScalingGroupName": "workers", "LaunchConfigurationName": "spare-launch", "MaxSize": 5},
        (":autoScalingGroupName/workers",),
    ),
    (
        "autoscaling:SetInstanceHealth",
        {"InstanceId": "<one-of-workers>", "HealthStatus": "Unhealthy"},
        ("/<one-of-workers>",),
    ),
    (
        "autoscaling:SetInstanceProtection",
        {"AutoScalingGroupName": "workers", "InstanceIds": ["<one-of-workers>"], "ProtectedFromScaleIn": False},
        (":autoScalingGroupName/workers", "/<one-of-workers>"),
    ),
    (
        "autoscaling:PutScheduledUpdateGroupAction",
        {"AutoScalingGroupName": "workers", "ScheduledActionName": "off", "MaxSize": 0},
        (":autoScalingGroupName/workers",),
    ),
    ("autoscaling:SuspendProcesses", {"AutoScalingGroupName": "workers"}, (":autoScalingGroupName/workers",)),
    (
        "autoscaling:DetachInstances",
        {
            "AutoScalingGroupName": "workers",
            "InstanceIds": ["<one-of-workers>"],
            "ShouldDecrementDesiredCapacity": True,
        },
        (":autoScalingGroupName/workers", "/<one-of-workers>"),
    ),
    (
        "autoscaling:CreateOrUpdateTags",
        {
            "Tags": [
                {
                    "ResourceId": "workers",
                    "ResourceType": "auto-scaling-group",
                    "Key": "a",
                    "Value": "scaling",
                    "PropagateAtLaunch": False,
                }
            ]
        },
        (":autoScalingGroupName/workers",),
    ),
    (
        "autoscaling:DetachLoadBalancerTargetGroups",
        {"AutoScalingGroupName": "workers", "TargetGroupARNs": ["<other-targets>"]},
        (":autoScalingGroupName/workers",),
    ),
    (
        "autoscaling:DeletePolicy",
        {"AutoScalingGroupName": "workers", "PolicyName": "up"},
        (":autoScalingGroupName/workers",),
    ),
    (
        "autoscaling:SetDesiredCapacity",
        {"AutoScalingGroupName": "workers", "DesiredCapacity": 0},
        (":autoScalingGroupName/workers",),
    ),
    (
        "autoscaling:DeleteAutoScalingGroup",
        {"AutoScalingGroupName": "workers", "ForceDelete": True},
        (":autoScalingGroupName/workers",),
    ),
    (
        "autoscaling:DeleteLaunchConfiguration",
        {"LaunchConfigurationName": "spare-launch"},
        (":launchConfigurationName/spare-launch",),
    ),
    (
        "lambda:UpdateFunctionConfiguration",
        {"FunctionName": "served", "Environment": {"Variables": {}}, "Role": "<role>"},
        (":function:served",),
    ),
    (
        "lambda:UpdateFunctionCode",
        {
            "FunctionName": "arn:aws:lambda:us-east-1:<account>:function:served",
            "S3Bucket": "bucket-of-data",
            "S3Key": "k",
        },
        (":function:served",),
    ),
    (
        "lambda:PutFunctionConcurrency",
        {"FunctionName": "<account>:function:served", "ReservedConcurrentExecutions": 0},
        (":function:served",),
    ),
    (
        "lambda:UpdateAlias",
        {"FunctionName": "versioned", "Name": "live", "FunctionVersion": "1"},
        (":function:versioned",),
    ),
    ("lambda:RemovePermission", {"FunctionName": "served", "StatementId": "s"}, (":function:served",)),
    ("lambda:UpdateEventSourceMapping", {"UUID": "<mapping>", "Enabled": False}, (":<mapping>",)),
    (
        "lambda:CreateEventSourceMapping",
        {"FunctionName": "served", "EventSourceArn": "arn:aws:sqs:us-east-1:<account>:queue"},
        (),
    ),
    ("lambda:PublishVersion", {"FunctionName": "served"}, (":function:served",)),
    (
        "lambda:TagResource",
        {"Resource": "arn:aws:lambda:us-east-1:<account>:function:served", "Tags": {"a": "b"}},
        (":function:served",),
    ),
    ("lambda:DeleteLayerVersion", {"LayerName": "layer", "VersionNumber": 1}, (":layer:layer",)),
    ("lambda:DeleteEventSourceMapping", {"UUID": "<mapping>"}, (":<mapping>",)),
    ("lambda:DeleteAlias", {"FunctionName": "versioned", "Name": "live"}, (":function:versioned",)),
    ("lambda:DeleteFunction", {"FunctionName": "versioned", "Qualifier": "1"}, (":function:versioned",)),
    ("lambda:DeleteFunction", {"FunctionName": "served"}, (":function:served",)),
    (
        "ecs:UpdateService",
        {"cluster": "tasks", "service": "web", "desiredCount": 0, "taskDefinition": "web:1"},
        (":service/tasks/web",),
    ),
    (
        "ecs:UpdateService",
        {
            "cluster": "arn:aws:ecs:us-east-1:<account>:cluster/tasks",
            "service": "arn:aws:ecs:us-east-1:<account>:service/tasks/idle",
            "desiredCount": 1,
        },
        (":service/tasks/idle",),
    ),
    (
        "ecs:RunTask",
        {
            "cluster": "tasks",
            "taskDefinition": "web",
            "launchType": "FARGATE",
            "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["<subnet>"]}},
        },
        (":task-definition/web:1",),
    ),
    ("ecs:StopTask", {"cluster": "tasks", "task": "<task>"}, ("<task>",)),
    (
        "ecs:TagResource",
        {"resourceArn": "arn:aws:ecs:us-east-1:<account>:cluster/tasks", "tags": [{"key": "a", "value": "b"}]},
        (":cluster/tasks",),
    ),
    ("ecs:DeregisterTaskDefinition", {"taskDefinition": "web:1"}, (":task-definition/web:1",)),
    ("ecs:DeleteCapacityProvider", {"capacityProvider": "provider"}, (":capacity-provider/provider",)),
    ("ecs:DeleteService", {"cluster": "tasks", "service": "web", "force": True}, (":service/tasks/web",)),
    ("ecs:DeleteCluster", {"cluster": "tasks"}, (":cluster/tasks",)),
    (
        "eks:UpdateNodegroupConfig",
        {
            "clusterName": "kube",
            "nodegroupName": "nodes",
            "scalingConfig": {"desiredSize": 0, "minSize": 0, "maxSize": 1},
        },
        ("<arn:eks.nodegroup>",),
    ),
    (
        "eks:UpdateClusterConfig",
        {"name": "kube", "logging": {"clusterLogging": [{"types": ["audit"], "enabled": False}]}},
        (":cluster/kube",),
    ),
    (
        "eks:TagResource",
        {"resourceArn": "arn:aws:eks:us-east-1:<account>:cluster/kube", "tags": {"a": "b"}},
        (":cluster/kube",),
    ),
    (
        "eks:DeleteFargateProfile",
        {"clusterName": "kube", "fargateProfileName": "fargate"},
        ("<arn:eks.fargate-profile>",),
    ),
    ("eks:DeleteNodegroup", {"clusterName": "kube", "nodegroupName": "nodes"}, ("<arn:eks.nodegroup>",)),
    ("eks:DeleteCluster", {"name": "bare"}, (":cluster/bare",)),
    (
        "elasticbeanstalk:RebuildEnvironment",
        {"EnvironmentId": "<alias:elasticbeanstalk.environment>"},
        (":environment/app/environment",),
    ),
    (
        "elasticbeanstalk:UpdateEnvironment",
        {"ApplicationName": "app", "EnvironmentName": "environment", "Description": "d"},
        (":environment/app/environment",),
    ),
    (
        "elasticbeanstalk:UpdateTagsForResource",
        {
            "ResourceArn": "arn:aws:elasticbeanstalk:us-east-1:<account>:environment/app/environment",
            "TagsToAdd": [{"Key": "a", "Value": "b"}],
        },
        (":environment/app/environment",),
    ),
    ("elasticbeanstalk:TerminateEnvironment", {"EnvironmentName": "environment"}, (":environment/app/environment",)),
    ("elasticbeanstalk:DeleteApplication", {"ApplicationName": "app"}, (":application/app",)),
)
