"""Calls on what governs, names and books, and what each is about: the ends of ARNs; '<..>' is filled in from the world."""

from __future__ import annotations

from typing import Any

Case = tuple[str, dict[str, Any], tuple[str, ...]]

PURGES = (
    '{"StartAt": "a", "States": {"a": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:purgeQueue", '
    '"Parameters": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/<account>/queue"}, "End": true}}}'
)

CASES: tuple[Case, ...] = (
    (
        "route53:ChangeResourceRecordSets",
        {
            "HostedZoneId": "<hosted-zone>",
            "ChangeBatch": {
                "Changes": [
                    {
                        "Action": "UPSERT",
                        "ResourceRecordSet": {
                            "Name": "www.names.example.",
                            "Type": "A",
                            "TTL": 60,
                            "ResourceRecords": [{"Value": "192.0.2.9"}],
                        },
                    }
                ]
            },
        },
        ("/<hosted-zone>",),
    ),
    (
        "route53:ChangeResourceRecordSets",
        {
            "HostedZoneId": "/hostedzone/<hosted-zone>",
            "ChangeBatch": {
                "Changes": [
                    {
                        "Action": "DELETE",
                        "ResourceRecordSet": {
                            "Name": "www.names.example.",
                            "Type": "A",
                            "TTL": 60,
                            "ResourceRecords": [{"Value": "192.0.2.9"}],
                        },
                    }
                ]
            },
        },
        ("/<hosted-zone>",),
    ),
    (
        "route53:ChangeTagsForResource",
        {"ResourceType": "hostedzone", "ResourceId": "<hosted-zone>", "AddTags": [{"Key": "a", "Value": "b"}]},
        ("/<hosted-zone>",),
    ),
    ("route53:UpdateHealthCheck", {"HealthCheckId": "<health-check>", "Disabled": True}, ("/<health-check>",)),
    ("route53:DeleteHealthCheck", {"HealthCheckId": "<health-check>"}, ("/<health-check>",)),
    ("route53:UpdateHostedZoneComment", {"Id": "<hosted-zone>", "Comment": "c"}, ("/<hosted-zone>",)),
    ("route53:DeleteHostedZone", {"Id": "<hosted-zone>"}, ("/<hosted-zone>",)),
    (
        "apigateway:UpdateStage",
        {
            "restApiId": "<api>",
            "stageName": "prod",
            "patchOperations": [{"op": "replace", "path": "/description", "value": "d"}],
        },
        ("/<api>/stages/prod",),
    ),
    (
        "apigateway:DeleteMethod",
        {"restApiId": "<api>", "resourceId": "<api-resource>", "httpMethod": "GET"},
        ("/restapis/<api>",),
    ),
    ("apigateway:CreateDeployment", {"restApiId": "<api>"}, ("/restapis/<api>",)),
    (
        "apigateway:UpdateApiKey",
        {"apiKey": "<api-key>", "patchOperations": [{"op": "replace", "path": "/enabled", "value": "false"}]},
        ("/apikeys/<api-key>",),
    ),
    ("apigateway:DeleteUsagePlanKey", {"usagePlanId": "<plan>", "keyId": "<api-key>"}, ("/usageplans/<plan>",)),
    ("apigateway:DeleteApiKey", {"apiKey": "<api-key>"}, ("/apikeys/<api-key>",)),
    ("apigateway:DeleteStage", {"restApiId": "<api>", "stageName": "prod"}, ("/<api>/stages/prod",)),
    ("apigateway:DeleteDomainName", {"domainName": "api.names.example"}, ("/domainnames/api.names.example",)),
    ("apigateway:DeleteRestApi", {"restApiId": "<api>"}, ("/restapis/<api>",)),
    ("apigatewayv2:DeleteRoute", {"ApiId": "<http-api>", "RouteId": "<route>"}, ("/apis/<http-api>",)),
    ("apigatewayv2:UpdateApi", {"ApiId": "<http-api>", "Name": "renamed"}, ("/apis/<http-api>",)),
    ("apigatewayv2:DeleteApi", {"ApiId": "<http-api>"}, ("/apis/<http-api>",)),
    (
        "cloudfront:TagResource",
        {"Resource": "<arn:cloudfront.distribution>", "Tags": {"Items": [{"Key": "a", "Value": "b"}]}},
        ("<arn:cloudfront.distribution>",),
    ),
    ("cloudfront:DeleteDistribution", {"Id": "<distribution>", "IfMatch": "x"}, ("/<distribution>",)),
    (
        "wafv2:DeleteIPSet",
        {"Name": "partners", "Scope": "REGIONAL", "Id": "<addresses>", "LockToken": "<addresses-lock>"},
        ("<arn:wafv2.ip-set>",),
    ),
    (
        "wafv2:DeleteWebACL",
        {"Name": "firewall", "Scope": "REGIONAL", "Id": "<firewall>", "LockToken": "<firewall-lock>"},
        ("<arn:wafv2.web-acl>",),
    ),
    ("acm:DeleteCertificate", {"CertificateArn": "<certificate>"}, ("<certificate>",)),
    (
        "cloudformation:UpdateStack",
        {
            "StackName": "stack",
            "UsePreviousTemplate": True,
            "RoleARN": "<role>",
            "NotificationARNs": ["arn:aws:sns:us-east-1:<account>:topic"],
        },
        (":stack/stack/",),
    ),
    (
        "cloudformation:CreateChangeSet",
        {"StackName": "<arn:cloudformation.stack>", "ChangeSetName": "c", "UsePreviousTemplate": True},
        (":stack/stack/",),
    ),
    ("cloudformation:SetStackPolicy", {"StackName": "stack", "StackPolicyBody": "{}"}, (":stack/stack/",)),
    ("cloudformation:DeleteStack", {"StackName": "<arn:cloudformation.stack>"}, (":stack/stack/",)),
    (
        "cloudformation:CreateStack",
        {"StackName": "another", "TemplateBody": '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}'},
        (),
    ),
    ("cloudformation:DeleteStackSet", {"StackSetName": "baseline"}, (":stackset/baseline:",)),
    (
        "iam:PutRolePolicy",
        {
            "RoleName": "runner",
            "PolicyName": "p",
            "PolicyDocument": '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}',
        },
        (":role/runner",),
    ),
    (
        "iam:AttachRolePolicy",
        {"RoleName": "worker", "PolicyArn": "arn:aws:iam::<account>:policy/readers"},
        (":role/worker",),
    ),
    (
        "iam:DetachRolePolicy",
        {"RoleName": "runner", "PolicyArn": "arn:aws:iam::<account>:policy/readers"},
        (":role/runner",),
    ),
    (
        "iam:UpdateAssumeRolePolicy",
        {"RoleName": "runner", "PolicyDocument": '{"Version": "2012-10-17", "Statement": []}'},
        (":role/runner",),
    ),
    (
        "iam:PutRolePermissionsBoundary",
        {"RoleName": "runner", "PermissionsBoundary": "arn:aws:iam::<account>:policy/readers"},
        (":role/runner",),
    ),
    ("iam:DeleteRolePolicy", {"RoleName": "runner", "PolicyName": "reads"}, (":role/runner",)),
    ("iam:AddUserToGroup", {"GroupName": "operators", "UserName": "li"}, (":group/operators",)),
    ("iam:RemoveUserFromGroup", {"GroupName": "operators", "UserName": "mei"}, (":group/operators",)),
    ("iam:CreateAccessKey", {"UserName": "li"}, (":user/li",)),
    ("iam:UpdateAccessKey", {"AccessKeyId": "<alias1:iam.user:mei>", "Status": "Inactive"}, (":user/mei",)),
    ("iam:AttachUserPolicy", {"UserName": "li", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, (":user/li",)),
    (
        "iam:RemoveRoleFromInstanceProfile",
        {"InstanceProfileName": "runner", "RoleName": "runner"},
        (":instance-profile/runner",),
    ),
    (
        "iam:CreatePolicyVersion",
        {
            "PolicyArn": "arn:aws:iam::<account>:policy/readers",
            "PolicyDocument": '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}',
            "SetAsDefault": True,
        },
        (":policy/readers",),
    ),
    ("iam:TagRole", {"RoleName": "runner", "Tags": [{"Key": "a", "Value": "worker"}]}, (":role/runner",)),
    (
        "iam:DeleteOpenIDConnectProvider",
        {"OpenIDConnectProviderArn": "<arn:iam.oidc-provider>"},
        ("<arn:iam.oidc-provider>",),
    ),
    ("iam:DeleteInstanceProfile", {"InstanceProfileName": "runner"}, (":instance-profile/runner",)),
    ("iam:DeletePolicy", {"PolicyArn": "arn:aws:iam::<account>:policy/p"}, (":policy/p",)),
    ("iam:DeleteUser", {"UserName": "li"}, (":user/li",)),
    ("iam:DeleteRole", {"RoleName": "worker"}, (":role/worker",)),
    (
        "iam:CreateRole",
        {
            "RoleName": "nobody",
            "AssumeRolePolicyDocument": '{"Version": "2012-10-17", "Statement": []}',
            "PermissionsBoundary": "arn:aws:iam::<account>:policy/readers",
        },
        (),
    ),
    ("kms:DisableKeyRotation", {"KeyId": "alias/orders"}, ("<arn:kms.key:alias/orders>",)),
    (
        "kms:PutKeyPolicy",
        {"KeyId": "<arn:kms.key:alias/orders>", "PolicyName": "default", "Policy": '{"Statement": []}'},
        ("<arn:kms.key:alias/orders>",),
    ),
    ("kms:DisableKey", {"KeyId": "arn:aws:kms:us-east-1:<account>:alias/orders"}, ("<arn:kms.key:alias/orders>",)),
    (
        "kms:CreateAlias",
        {"AliasName": "alias/second", "TargetKeyId": "<name:kms.key:alias/orders>"},
        ("<arn:kms.key:alias/orders>",),
    ),
    ("kms:DeleteAlias", {"AliasName": "alias/orders"}, ("<arn:kms.key:alias/orders>",)),
    (
        "kms:TagResource",
        {"KeyId": "<name:kms.key:alias/orders>", "Tags": [{"TagKey": "a", "TagValue": "b"}]},
        ("<arn:kms.key:alias/orders>",),
    ),
    (
        "kms:ScheduleKeyDeletion",
        {"KeyId": "<name:kms.key:alias/orders>", "PendingWindowInDays": 7},
        ("<arn:kms.key:alias/orders>",),
    ),
    ("logs:PutRetentionPolicy", {"logGroupName": "/audit", "retentionInDays": 1}, (":log-group:/audit",)),
    ("logs:DeleteLogStream", {"logGroupName": "/audit", "logStreamName": "one"}, (":log-group:/audit",)),
    (
        "logs:PutSubscriptionFilter",
        {
            "logGroupName": "/audit",
            "filterName": "f",
            "filterPattern": "",
            "destinationArn": "arn:aws:kinesis:us-east-1:<account>:stream/stream",
            "roleArn": "<role>",
        },
        (":log-group:/audit",),
    ),
    (
        "logs:AssociateKmsKey",
        {"logGroupName": "/audit", "kmsKeyId": "<arn:kms.key:alias/orders>"},
        (":log-group:/audit",),
    ),
    (
        "logs:TagResource",
        {"resourceArn": "arn:aws:logs:us-east-1:<account>:log-group:/audit", "tags": {"a": "b"}},
        (":log-group:/audit",),
    ),
    ("logs:DeleteDestination", {"destinationName": "copies"}, (":destination:copies",)),
    ("logs:DeleteLogGroup", {"logGroupName": "/audit"}, (":log-group:/audit",)),
    ("logs:CreateLogGroup", {"logGroupName": "/fresh"}, ()),
    ("cloudwatch:DisableAlarmActions", {"AlarmNames": ["loud"]}, (":alarm:loud",)),
    (
        "cloudwatch:PutMetricAlarm",
        {
            "AlarmName": "alarm",
            "MetricName": "m",
            "Namespace": "n",
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 9,
            "ComparisonOperator": "GreaterThanThreshold",
            "AlarmActions": ["arn:aws:sns:us-east-1:<account>:topic"],
        },
        (":alarm:alarm",),
    ),
    ("cloudwatch:SetAlarmState", {"AlarmName": "alarm", "StateValue": "OK", "StateReason": "r"}, (":alarm:alarm",)),
    ("cloudwatch:DeleteAlarms", {"AlarmNames": ["alarm", "loud"]}, (":alarm:alarm", ":alarm:loud")),
    ("cloudwatch:DeleteDashboards", {"DashboardNames": ["board"]}, (":dashboard/board",)),
    (
        "cloudtrail:UpdateTrail",
        {"Name": "trail", "IsMultiRegionTrail": False, "S3BucketName": "trails-of-everything"},
        (":trail/trail",),
    ),
    (
        "cloudtrail:PutEventSelectors",
        {"TrailName": "trail", "EventSelectors": [{"ReadWriteType": "WriteOnly"}]},
        (":trail/trail",),
    ),
    ("cloudtrail:StopLogging", {"Name": "arn:aws:cloudtrail:us-east-1:<account>:trail/trail"}, (":trail/trail",)),
    (
        "cloudtrail:AddTags",
        {"ResourceId": "arn:aws:cloudtrail:us-east-1:<account>:trail/trail", "TagsList": [{"Key": "a", "Value": "b"}]},
        (":trail/trail",),
    ),
    ("cloudtrail:DeleteTrail", {"Name": "trail"}, (":trail/trail",)),
    ("config:StopConfigurationRecorder", {"ConfigurationRecorderName": "default"}, (":config-recorder/default",)),
    ("config:DeleteDeliveryChannel", {"DeliveryChannelName": "default"}, (":delivery-channel/default",)),
    (
        "guardduty:UpdateDetector",
        {"DetectorId": "<name:guardduty.detector>", "Enable": False},
        ("<arn:guardduty.detector>",),
    ),
    ("guardduty:DeleteDetector", {"DetectorId": "<name:guardduty.detector>"}, ("<arn:guardduty.detector>",)),
    (
        "events:PutTargets",
        {"Rule": "nightly", "Targets": [{"Id": "2", "Arn": "arn:aws:sqs:us-east-1:<account>:queue"}]},
        (":rule/nightly",),
    ),
    ("events:RemoveTargets", {"Rule": "nightly", "Ids": ["1"]}, (":rule/nightly",)),
    ("events:DisableRule", {"Name": "rule"}, (":rule/rule",)),
    ("events:PutRule", {"Name": "rule", "ScheduleExpression": "rate(5 days)", "RoleArn": "<role>"}, (":rule/rule",)),
    (
        "events:PutPermission",
        {"Action": "events:PutEvents", "Principal": "123456789012", "StatementId": "s"},
        (":event-bus/default",),
    ),
    (
        "events:TagResource",
        {"ResourceARN": "arn:aws:events:us-east-1:<account>:rule/rule", "Tags": [{"Key": "a", "Value": "b"}]},
        (":rule/rule",),
    ),
    ("events:DeleteArchive", {"ArchiveName": "kept"}, (":archive/kept",)),
    ("events:DeleteRule", {"Name": "rule"}, (":rule/rule",)),
    (
        "scheduler:UpdateSchedule",
        {
            "Name": "report",
            "ScheduleExpression": "rate(2 hours)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "State": "DISABLED",
            "Target": {"Arn": "arn:aws:sqs:us-east-1:<account>:queue", "RoleArn": "<role>"},
        },
        (":schedule/default/report",),
    ),
    (
        "scheduler:CreateSchedule",
        {
            "Name": "later",
            "ScheduleExpression": "rate(1 hour)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {
                "Arn": "arn:aws:scheduler:::aws-sdk:dynamodb:deleteTable",
                "RoleArn": "<role>",
                "Input": '{"TableName": "table"}',
            },
        },
        (":table/table",),
    ),
    (
        "scheduler:CreateSchedule",
        {
            "Name": "later2",
            "ScheduleExpression": "rate(1 hour)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {
                "Arn": "arn:aws:scheduler:::aws-sdk:ec2:terminateInstances",
                "RoleArn": "<role>",
                "Input": '{"InstanceIds": ["<instance>"]}',
            },
        },
        ("/<instance>",),
    ),
    ("scheduler:DeleteSchedule", {"Name": "report"}, (":schedule/default/report",)),
    ("scheduler:DeleteScheduleGroup", {"Name": "jobs"}, (":schedule-group/jobs",)),
    (
        "stepfunctions:UpdateStateMachine",
        {
            "stateMachineArn": "arn:aws:states:us-east-1:<account>:stateMachine:machine",
            "definition": PURGES,
        },
        (":stateMachine:machine", ":queue"),
    ),
    (
        "stepfunctions:TagResource",
        {
            "resourceArn": "arn:aws:states:us-east-1:<account>:stateMachine:machine",
            "tags": [{"key": "a", "value": "b"}],
        },
        (":stateMachine:machine",),
    ),
    (
        "stepfunctions:StopExecution",
        {"executionArn": "arn:aws:states:us-east-1:<account>:execution:machine:x"},
        (":stateMachine:machine",),
    ),
    (
        "stepfunctions:DeleteActivity",
        {"activityArn": "arn:aws:states:us-east-1:<account>:activity:by-hand"},
        (":activity:by-hand",),
    ),
    (
        "stepfunctions:DeleteStateMachine",
        {"stateMachineArn": "arn:aws:states:us-east-1:<account>:stateMachine:machine"},
        (":stateMachine:machine",),
    ),
    (
        "cognito-idp:UpdateUserPool",
        {"UserPoolId": "<alias:cognito-idp.user-pool>", "DeletionProtection": "INACTIVE"},
        ("<arn:cognito-idp.user-pool>",),
    ),
    (
        "cognito-idp:AdminDeleteUser",
        {"UserPoolId": "<alias:cognito-idp.user-pool>", "Username": "an"},
        ("<arn:cognito-idp.user-pool>",),
    ),
    ("cognito-idp:DeleteUserPool", {"UserPoolId": "<alias:cognito-idp.user-pool>"}, ("<arn:cognito-idp.user-pool>",)),
    (
        "ssm:SendCommand",
        {"DocumentName": "AWS-RunShellScript", "InstanceIds": ["<instance>"], "Parameters": {"commands": ["uptime"]}},
        ("/<instance>",),
    ),
    (
        "ssm:SendCommand",
        {
            "DocumentName": "AWS-RunShellScript",
            "Targets": [{"Key": "InstanceIds", "Values": ["<instance>"]}],
            "Parameters": {"commands": ["rm -rf /"]},
        },
        ("/<instance>",),
    ),
    (
        "ssm:StartAutomationExecution",
        {"DocumentName": "AWS-TerminateEC2Instance", "Parameters": {"InstanceId": ["<instance>"]}},
        ("/<instance>",),
    ),
    (
        "events:PutTargets",
        {
            "Rule": "nightly",
            "Targets": [
                {
                    "Id": "3",
                    "Arn": "arn:aws:events:us-east-1:<account>:target/terminate-instance",
                    "Input": '"<instance>"',
                }
            ],
        },
        (":rule/nightly", "/<instance>"),
    ),
    ("cloudcontrol:DeleteResource", {"TypeName": "AWS::DynamoDB::Table", "Identifier": "table"}, (":table/table",)),
    (
        "cloudcontrol:UpdateResource",
        {"TypeName": "AWS::EC2::Instance", "Identifier": "<instance>", "PatchDocument": "[]"},
        ("/<instance>",),
    ),
    (
        "cloudcontrol:DeleteResource",
        {
            "TypeName": "AWS::ECS::Service",
            "Identifier": "arn:aws:ecs:us-east-1:<account>:service/cluster/service|cluster",
        },
        (":service/cluster/service",),
    ),
    (
        "application-autoscaling:RegisterScalableTarget",
        {
            "ServiceNamespace": "ecs",
            "ResourceId": "service/cluster/service",
            "ScalableDimension": "ecs:service:DesiredCount",
            "MinCapacity": 0,
            "MaxCapacity": 0,
        },
        (":service/cluster/service",),
    ),
    (
        "application-autoscaling:RegisterScalableTarget",
        {
            "ServiceNamespace": "dynamodb",
            "ResourceId": "table/table",
            "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
            "MinCapacity": 1,
            "MaxCapacity": 2,
        },
        (":table/table",),
    ),
    (
        "resourcegroupstaggingapi:TagResources",
        {
            "ResourceARNList": ["arn:aws:s3:::bucket-of-everything", "arn:aws:sqs:us-east-1:<account>:queue"],
            "Tags": {"a": "b"},
        },
        (":bucket-of-everything", ":queue"),
    ),
    (
        "rds-data:ExecuteStatement",
        {
            "resourceArn": "arn:aws:rds:us-east-1:<account>:cluster:shop-cluster",
            "secretArn": "<arn:secretsmanager.secret:secret>",
            "sql": "DROP TABLE x",
        },
        (":cluster:shop-cluster",),
    ),
    (
        "redshift-data:ExecuteStatement",
        {"ClusterIdentifier": "warehouse", "Database": "d", "Sql": "DROP TABLE x"},
        (":cluster:warehouse",),
    ),
    (
        "athena:StartQueryExecution",
        {"QueryString": "DROP TABLE facts", "QueryExecutionContext": {"Database": "lake"}},
        (":database/lake",),
    ),
)
