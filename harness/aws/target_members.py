"""Which members of an operation name what it is about, by service: data, read by `targets.py`.

Of the members of a service the first that is given counts, so that the special stands before the general: a service
before its cluster. What a call merely refers to (a role it hands over, a key it encrypts with, where a new thing is put,
what a copy is made of) stands nowhere here: for it no grant is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Members = tuple[tuple[str, str], ...]
"""Members, dotted where nested ('[]' of a list), each with a pattern of the kinds it can mean ('' for any of the service)."""


def _any(*members: str) -> Members:
    return tuple((one, "") for one in members)


_RDS: Members = (
    ("DBSnapshotIdentifier", r"rds\.snapshot"),
    ("DBClusterSnapshotIdentifier", r"rds\.cluster-snapshot"),
    ("DBInstanceIdentifier", r"(rds|neptune|docdb)\.instance"),
    ("DBClusterIdentifier", r"(rds|neptune|docdb)\.cluster"),
    ("DbClusterIdentifier", r"(rds|neptune|docdb)\.cluster"),
    ("GlobalClusterIdentifier", r"(rds|neptune)\.global-cluster"),
    ("DBClusterParameterGroupName", r"rds\.cluster-parameter-group"),
    ("DBParameterGroupName", r"rds\.parameter-group"),
    ("DBSubnetGroupName", r"rds\.subnet-group"),
    ("OptionGroupName", r"rds\.option-group"),
    ("DBProxyName", r"rds\..*proxy"),
    ("DBSecurityGroupName", r"rds\..*security-group"),
    ("DbiResourceId", ""),
    ("SubscriptionName", r"rds\..*subscription"),
    ("ResourceName", ""),
)

OF_SERVICE: Mapping[str, Members] = MappingProxyType(
    {
        "acm": _any("CertificateArn"),
        "apigateway": (
            ("apiKey", r"apigateway\.api-key"),
            ("usageplanId", r"apigateway\.usage-plan"),
            ("usagePlanId", r"apigateway\.usage-plan"),
            ("vpcLinkId", r"apigateway\.vpc-link"),
            ("restApiId", r"apigateway\.rest-api"),
            ("domainName", r"apigateway\.domain-name"),
            ("resourceArn", ""),
            ("name", ""),
        ),
        "apigatewayv2": _any("ApiId", "VpcLinkId", "DomainName", "ResourceArn", "Name"),
        "autoscaling": (
            ("AutoScalingGroupName", r"autoscaling\.group"),
            ("Tags[].ResourceId", r"autoscaling\.group"),
            ("LaunchConfigurationName", r"autoscaling\.launch-configuration"),
        ),
        "backup": (
            ("RecoveryPointArn", r"backup\.recovery-point"),
            ("BackupPlanId", r"backup\.plan"),
            ("BackupVaultName", r"backup\.vault"),
            ("BackupPlan.BackupPlanName", r"backup\.plan"),
            ("FrameworkName", ""),
            ("ReportPlanName", ""),
            ("ResourceArn", ""),
        ),
        "cloudformation": (("StackName", r"cloudformation\.stack"), ("StackSetName", ""), ("ChangeSetName", "")),
        "cloudfront": _any("Id", "DistributionId", "Resource"),
        "cloudtrail": _any("Name", "TrailName", "TrailARN", "EventDataStore", "ResourceId"),
        "cloudwatch": (
            ("AlarmName", r"cloudwatch\..*alarm"),
            ("AlarmNames", r"cloudwatch\..*alarm"),
            ("DashboardName", r"cloudwatch\.dashboard"),
            ("DashboardNames", r"cloudwatch\.dashboard"),
            ("RuleNames", r"cloudwatch\..*rule"),
            ("ResourceARN", ""),
        ),
        "cognito-idp": (("UserPoolId", r"cognito-idp\.(user-)?pool"), ("ResourceArn", ""), ("PoolName", "")),
        "config": (
            ("ConfigurationRecorderName", r"config\.recorder"),
            ("ConfigurationRecorder.name", r"config\.recorder"),
            ("DeliveryChannelName", r"config\.delivery-channel"),
            ("DeliveryChannel.name", r"config\.delivery-channel"),
            ("ConfigRuleName", r"config\.(config-)?rule"),
            ("ConfigRule.ConfigRuleName", r"config\.(config-)?rule"),
            ("ResourceArn", ""),
        ),
        "docdb": _RDS,
        "ecr": (("repositoryName", r"ecr\.repository"), ("repositoryNames", r"ecr\.repository"), ("resourceArn", "")),
        "efs": (
            ("MountTargetId", r"efs\.mount-target"),
            ("AccessPointId", r"efs\.access-point"),
            ("FileSystemId", r"efs\.file-system"),
            ("ResourceId", ""),
        ),
        "elasticache": (
            ("CacheClusterId", r"elasticache\.cluster"),
            ("ReplicationGroupId", r"elasticache\.replication-group"),
            ("SnapshotName", r"elasticache\.snapshot"),
            ("UserGroupId", r"elasticache\.user-group"),
            ("UserId", r"elasticache\.user"),
            ("CacheSubnetGroupName", r"elasticache\.subnet-group"),
            ("CacheParameterGroupName", r"elasticache\.parameter-group"),
            ("ResourceName", ""),
        ),
        "elasticbeanstalk": (
            ("EnvironmentId", r"elasticbeanstalk\.environment"),
            ("EnvironmentName", r"elasticbeanstalk\.environment"),
            ("ApplicationName", r"elasticbeanstalk\.application"),
            ("ResourceArn", ""),
        ),
        "elb": _any("LoadBalancerName", "LoadBalancerNames"),
        "elbv2": (
            ("RuleArn", r"elbv2\.rule"),
            ("RulePriorities[].RuleArn", r"elbv2\.rule"),
            ("ListenerArn", r"elbv2\.listener"),
            ("TargetGroupArn", r"elbv2\.target-group"),
            ("LoadBalancerArn", r"elbv2\.load-balancer"),
            ("ResourceArns", ""),
            ("Name", ""),
        ),
        "firehose": _any("DeliveryStreamName", "DeliveryStreamARN"),
        "guardduty": _any("detectorId", "DetectorId"),
        "iam": (
            ("InstanceProfileName", r"iam\.instance-profile"),
            ("GroupName", r"iam\.group"),
            ("RoleName", r"iam\.role"),
            ("UserName", r"iam\.user"),
            ("PolicyArn", r"iam\.policy"),
            ("OpenIDConnectProviderArn", ""),
            ("SAMLProviderArn", ""),
            ("ServerCertificateName", r"iam\.server-certificate"),
            ("SerialNumber", r"iam\.(virtual-)?mfa-device"),
            ("VirtualMFADeviceName", r"iam\.(virtual-)?mfa-device"),
            ("PolicyName", r"iam\.policy"),
            ("AccessKeyId", r"iam\.user|iam\.access-key"),
            ("DeletionTaskId", ""),
        ),
        "kinesis": (
            ("ConsumerARN", ""),
            ("StreamARN", r"kinesis\.stream"),
            ("StreamName", r"kinesis\.stream"),
            ("ResourceARN", ""),
        ),
        "kms": (("TargetKeyId", r"kms\.key"), ("KeyId", r"kms\.key"), ("AliasName", "")),
        "lambda": (
            ("UUID", r"lambda\.event-source-mapping"),
            ("LayerName", r"lambda\.layer"),
            ("FunctionName", r"lambda\.function"),
            ("Resource", ""),
            ("ResourceArn", ""),
            ("CodeSigningConfigArn", ""),
        ),
        "logs": (
            ("logGroupName", r"logs\.(log-)?group"),
            ("logGroupIdentifier", r"logs\.(log-)?group"),
            ("logGroupIdentifiers", r"logs\.(log-)?group"),
            ("destinationName", r"logs\.destination"),
            ("deliveryDestinationName", ""),
            ("deliverySourceName", ""),
            ("resourceArn", ""),
            ("resourceIdentifier", ""),
        ),
        "neptune": _RDS,
        "rds": _RDS,
        "redshift": (
            ("SnapshotIdentifier", r"redshift\.snapshot"),
            ("ClusterIdentifier", r"redshift\.cluster"),
            ("ParameterGroupName", r"redshift\..*parameter-group"),
            ("ClusterSubnetGroupName", r"redshift\..*subnet-group"),
            ("ResourceName", ""),
        ),
        "route53": (
            ("HostedZoneId", r"route53\.zone"),
            ("HealthCheckId", r"route53\.health-check"),
            ("Id", r"route53\.[\w-]+"),
            ("ResourceId", ""),
            ("Name", r"route53\.zone"),
        ),
        "s3": (("Bucket", r"s3\.bucket"),),
        "scheduler": _any("ResourceArn"),
        "secretsmanager": _any("SecretId", "Name"),
        "sns": (
            ("SubscriptionArn", r"sns\.subscription"),
            ("TopicArn", r"sns\.topic"),
            ("TargetArn", ""),
            ("EndpointArn", ""),
            ("PlatformApplicationArn", ""),
            ("ResourceArn", ""),
            ("Name", r"sns\.topic"),
        ),
        "sqs": (("QueueUrl", r"sqs\.queue"), ("SourceArn", r"sqs\.queue"), ("QueueName", r"sqs\.queue")),
        "stepfunctions": (
            ("stateMachineArn", ""),
            ("stateMachineVersionArn", ""),
            ("stateMachineAliasArn", ""),
            ("executionArn", ""),
            ("activityArn", ""),
            ("resourceArn", ""),
            ("name", ""),
        ),
        "wafv2": _any("WebACLArn", "ARN", "ResourceARN", "ResourceArn", "Id", "Name"),
    }
)

NOTHING: Members = ()

OF_OPERATION: Mapping[str, Members] = MappingProxyType(
    {
        # What is made is new; what it is made of or put into is referred to.
        "autoscaling:CreateLaunchConfiguration": (("LaunchConfigurationName", r"autoscaling\.launch-configuration"),),
        "backup:StartBackupJob": (("BackupVaultName", r"backup\.vault"),),
        "backup:StartCopyJob": NOTHING,
        "backup:StartRestoreJob": NOTHING,
        "dynamodb:ExportTableToPointInTime": NOTHING,
        "ecs:CreateCluster": (("clusterName", r"ecs\.cluster"),),
        "elasticache:CreateCacheCluster": (("CacheClusterId", r"elasticache\.cluster"),),
        "elasticache:CreateReplicationGroup": (("ReplicationGroupId", r"elasticache\.replication-group"),),
        "elasticache:CreateSnapshot": (("SnapshotName", r"elasticache\.snapshot"),),
        "elasticache:CopySnapshot": (("TargetSnapshotName", r"elasticache\.snapshot"),),
        "elasticbeanstalk:SwapEnvironmentCNAMEs": NOTHING,  # see `ALL_OF`
        "iam:CreateServiceLinkedRole": NOTHING,
        "iam:EnableMFADevice": (("UserName", r"iam\.user"),),
        "iam:DeactivateMFADevice": (("UserName", r"iam\.user"),),
        "lambda:CreateEventSourceMapping": NOTHING,
        "logs:CreateExportTask": NOTHING,
        "rds:CopyDBSnapshot": (("TargetDBSnapshotIdentifier", r"rds\.snapshot"),),
        "rds:CopyDBClusterSnapshot": (("TargetDBClusterSnapshotIdentifier", r"rds\.cluster-snapshot"),),
        "rds:CopyDBParameterGroup": (("TargetDBParameterGroupIdentifier", r"rds\.parameter-group"),),
        "rds:RestoreDBClusterFromSnapshot": (("DBClusterIdentifier", r"rds\.cluster"),),
        "rds:RestoreDBClusterToPointInTime": (("DBClusterIdentifier", r"rds\.cluster"),),
        "rds:RestoreDBInstanceFromDBSnapshot": (("DBInstanceIdentifier", r"rds\.instance"),),
        "rds:RestoreDBInstanceToPointInTime": (("TargetDBInstanceIdentifier", r"rds\.instance"),),
        "rds:CreateGlobalCluster": (("GlobalClusterIdentifier", r"rds\.global-cluster"),),
        "rds:StartExportTask": NOTHING,
        "redshift:CopyClusterSnapshot": (("TargetSnapshotIdentifier", r"redshift\.snapshot"),),
        "redshift:RestoreFromClusterSnapshot": (("ClusterIdentifier", r"redshift\.cluster"),),
        "s3:CopyObject": (("Bucket", r"s3\.bucket"),),
        "sqs:CreateQueue": (("QueueName", r"sqs\.queue"),),
        # EC2: what is about a thing its name does not say. For the rest the noun of the operation does.
        "ec2:AssociateAddress": (("AllocationId", r"ec2\.elastic-ip"), ("PublicIp", r"ec2\.elastic-ip")),
        "ec2:DisassociateAddress": (("AssociationId", r"ec2\.elastic-ip"), ("PublicIp", r"ec2\.elastic-ip")),
        "ec2:ReleaseAddress": (("AllocationId", r"ec2\.elastic-ip"), ("PublicIp", r"ec2\.elastic-ip")),
        "ec2:AssociateDhcpOptions": (("VpcId", r"ec2\.vpc"),),
        "ec2:CreateImage": (("Name", r"ec2\.image"),),
        "ec2:CopyImage": (("Name", r"ec2\.image"),),
        "ec2:CopySnapshot": NOTHING,
        "ec2:CreateSnapshot": NOTHING,
        "ec2:CreateSnapshots": NOTHING,
        "ec2:CreateReplaceRootVolumeTask": (("InstanceId", r"ec2\.instance"),),
        "ec2:CreateRoute": (("RouteTableId", r"ec2\.route-table"),),
        "ec2:DeleteRoute": (("RouteTableId", r"ec2\.route-table"),),
        "ec2:ReplaceRoute": (("RouteTableId", r"ec2\.route-table"),),
        "ec2:DisassociateVpcCidrBlock": (("AssociationId", r"ec2\.vpc"),),
        "ec2:DisassociateSubnetCidrBlock": (("AssociationId", r"ec2\.subnet"),),
        "ec2:DisassociateRouteTable": (("AssociationId", r"ec2\.route-table"),),
        "ec2:ReplaceRouteTableAssociation": (("AssociationId", r"ec2\.route-table"),),
        "ec2:EnableVgwRoutePropagation": (("RouteTableId", r"ec2\.route-table"),),
        "ec2:DisableVgwRoutePropagation": (("RouteTableId", r"ec2\.route-table"),),
        "ec2:AssociateIamInstanceProfile": (("InstanceId", r"ec2\.instance"),),
        "ec2:CreateFlowLogs": NOTHING,
        "ec2:CreateNetworkAclEntry": (("NetworkAclId", r"ec2\.network-acl"),),
        "ec2:CreateTags": _any("Resources"),
        "ec2:DeleteTags": _any("Resources"),
        "ec2:CreateKeyPair": (("KeyName", r"ec2\.key-pair"),),
        "ec2:ImportKeyPair": (("KeyName", r"ec2\.key-pair"),),
        "ec2:CreateLaunchTemplate": (("LaunchTemplateName", r"ec2\.launch-template"),),
        "ec2:CreateLaunchTemplateVersion": (
            ("LaunchTemplateId", r"ec2\.launch-template"),
            ("LaunchTemplateName", r"ec2\.launch-template"),
        ),
        "ec2:CreateSecurityGroup": (("GroupName", r"ec2\.security-group"),),
        "ec2:CreateVpcEndpoint": (("RouteTableIds", r"ec2\.route-table"),),  # it puts a route into them
        "ec2:CreateVpcPeeringConnection": NOTHING,
        "ec2:CreateSubnet": NOTHING,
        "ec2:CreateNetworkAcl": NOTHING,
        "ec2:CreateRouteTable": NOTHING,
        "ec2:CreateNatGateway": NOTHING,
        "ec2:CreateNetworkInterface": NOTHING,
        "ec2:CreateVolume": NOTHING,
        "ec2:RunInstances": NOTHING,
        "ec2:RequestSpotInstances": NOTHING,
        "ec2:RequestSpotFleet": NOTHING,
        "ec2:CreateFleet": NOTHING,
        "ec2:ReplaceNetworkAclAssociation": (("NetworkAclId", r"ec2\.network-acl"),),
    }
)
"""Operations whose members mean other things than elsewhere in their service."""

ALL_OF: Mapping[str, Members] = MappingProxyType(
    {
        "elasticbeanstalk:SwapEnvironmentCNAMEs": (
            ("SourceEnvironmentId", r"elasticbeanstalk\.environment"),
            ("SourceEnvironmentName", r"elasticbeanstalk\.environment"),
            ("DestinationEnvironmentId", r"elasticbeanstalk\.environment"),
            ("DestinationEnvironmentName", r"elasticbeanstalk\.environment"),
        ),
        "rds:RemoveFromGlobalCluster": (
            ("GlobalClusterIdentifier", r"rds\.global-cluster"),
            ("DbClusterIdentifier", r"rds\.cluster"),
        ),
    }
)
"""Operations that are about several things at once."""

INSTANCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "autoscaling:AttachInstances": ("InstanceIds",),
        "autoscaling:DetachInstances": ("InstanceIds",),
        "autoscaling:EnterStandby": ("InstanceIds",),
        "autoscaling:ExitStandby": ("InstanceIds",),
        "autoscaling:SetInstanceHealth": ("InstanceId",),
        "autoscaling:SetInstanceProtection": ("InstanceIds",),
        "autoscaling:TerminateInstanceInAutoScalingGroup": ("InstanceId",),
        "elb:DeregisterInstancesFromLoadBalancer": ("Instances[].InstanceId",),
        "elbv2:DeregisterTargets": ("Targets[].Id",),
        "ssm:CreateAssociation": ("InstanceId", "Targets[].Values"),
        "ssm:SendCommand": ("InstanceIds", "Targets[].Values"),
        "ssm:StartSession": ("Target",),
    }
)
"""Where other services name instances of EC2 that their calls change."""
