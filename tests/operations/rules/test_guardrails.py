"""Promise: audit, access and copies are told to be taken from being extended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Row = tuple[str, dict[str, Any], dict[str, Any] | None, str | None]

DENY = '{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}'
ALLOW = '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}'
LOGS = {"kind": "logs.group", "items": 5, "guards": {"retention days": 36500}}
TRAIL = {"kind": "cloudtrail.trail", "guards": {"logging": 1, "multi-region": 1}}
ROLE = {"kind": "iam.role"}

ROWS: tuple[Row, ...] = (
    ("logs:PutRetentionPolicy", {"logGroupName": "g", "retentionInDays": 1}, LOGS, "delete irreversible audit"),
    ("logs:PutRetentionPolicy", {"logGroupName": "g", "retentionInDays": 7}, LOGS, "overwrite irreversible audit"),
    (
        "logs:PutRetentionPolicy",
        {"logGroupName": "g", "retentionInDays": 90},
        LOGS | {"guards": {"retention days": 30}},
        None,
    ),
    ("logs:PutRetentionPolicy", {"logGroupName": "g", "retentionInDays": 7}, None, "overwrite irreversible audit"),
    ("logs:PutRetentionPolicy", {"logGroupName": "g", "retentionInDays": 365}, None, None),
    (
        "logs:PutRetentionPolicy",
        {"logGroupName": "g", "retentionInDays": 1},
        LOGS | {"items": 0},
        "overwrite irreversible audit",
    ),
    ("logs:DeleteRetentionPolicy", {"logGroupName": "g"}, LOGS, "none none none"),
    (
        "logs:PutLogGroupDeletionProtection",
        {"logGroupIdentifier": "g", "deletionProtectionEnabled": False},
        None,
        "overwrite reversible guardrail",
    ),
    ("logs:PutLogGroupDeletionProtection", {"logGroupIdentifier": "g", "deletionProtectionEnabled": True}, None, None),
    ("logs:DeleteSubscriptionFilter", {"logGroupName": "g", "filterName": "f"}, LOGS, "overwrite reversible audit"),
    ("logs:PutSubscriptionFilter", {"logGroupName": "g", "filterName": "f"}, LOGS, None),
    ("cloudtrail:StopLogging", {"Name": "t"}, TRAIL, "stop reversible audit"),
    ("cloudtrail:StopLogging", {"Name": "t"}, {"kind": "cloudtrail.trail", "guards": {"logging": 0}}, None),
    ("cloudtrail:StartLogging", {"Name": "t"}, TRAIL, None),
    (
        "cloudtrail:PutEventSelectors",
        {"TrailName": "t", "EventSelectors": [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}]},
        TRAIL,
        "overwrite reversible audit",
    ),
    (
        "cloudtrail:PutEventSelectors",
        {"TrailName": "t", "EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": False}]},
        TRAIL,
        "overwrite reversible audit",
    ),
    (
        "cloudtrail:PutEventSelectors",
        {
            "TrailName": "t",
            "EventSelectors": [
                {
                    "ReadWriteType": "All",
                    "IncludeManagementEvents": True,
                    "ExcludeManagementEventSources": ["kms.amazonaws.com"],
                }
            ],
        },
        TRAIL,
        "overwrite reversible audit",
    ),
    (
        "cloudtrail:PutEventSelectors",
        {
            "TrailName": "t",
            "EventSelectors": [
                {
                    "ReadWriteType": "All",
                    "IncludeManagementEvents": True,
                    "DataResources": [{"Type": "AWS::S3::Object"}],
                }
            ],
        },
        TRAIL,
        None,
    ),
    (
        "cloudtrail:PutEventSelectors",
        {
            "TrailName": "t",
            "AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}],
        },
        TRAIL,
        None,
    ),
    ("cloudtrail:UpdateTrail", {"Name": "t", "IsMultiRegionTrail": False}, TRAIL, "overwrite reversible audit"),
    ("cloudtrail:UpdateTrail", {"Name": "t", "EnableLogFileValidation": False}, None, "overwrite reversible audit"),
    ("cloudtrail:UpdateTrail", {"Name": "t", "IsMultiRegionTrail": True, "EnableLogFileValidation": True}, TRAIL, None),
    ("config:StopConfigurationRecorder", {"ConfigurationRecorderName": "r"}, None, "stop reversible audit"),
    ("config:StartConfigurationRecorder", {"ConfigurationRecorderName": "r"}, None, None),
    (
        "config:PutConfigurationRecorder",
        {"ConfigurationRecorder": {"name": "r", "recordingGroup": {"allSupported": False}}},
        None,
        "overwrite reversible audit",
    ),
    (
        "config:PutConfigurationRecorder",
        {"ConfigurationRecorder": {"name": "r", "recordingGroup": {"allSupported": True}}},
        None,
        None,
    ),
    ("guardduty:UpdateDetector", {"DetectorId": "d", "Enable": False}, None, "stop reversible audit"),
    ("guardduty:UpdateDetector", {"DetectorId": "d", "FindingPublishingFrequency": "ONE_HOUR"}, None, None),
    ("securityhub:DisableSecurityHub", {}, None, "stop irreversible audit"),
    ("securityhub:EnableSecurityHub", {}, None, None),
    ("cloudwatch:DisableAlarmActions", {"AlarmNames": ["a"]}, None, "overwrite reversible guardrail"),
    ("cloudwatch:EnableAlarmActions", {"AlarmNames": ["a"]}, None, None),
    (
        "cloudwatch:PutMetricAlarm",
        {"AlarmName": "a", "ActionsEnabled": False},
        {"kind": "cloudwatch.alarm", "guards": {"tells somebody": 1}},
        "overwrite reversible guardrail",
    ),
    ("cloudwatch:PutMetricAlarm", {"AlarmName": "a", "ActionsEnabled": True}, {"kind": "cloudwatch.alarm"}, None),
    ("iam:UpdateAssumeRolePolicy", {"RoleName": "r", "PolicyDocument": DENY}, ROLE, "revoke reversible access"),
    (
        "iam:UpdateAssumeRolePolicy",
        {"RoleName": "r", "PolicyDocument": '{"Statement": []}'},
        ROLE,
        "revoke reversible access",
    ),
    ("iam:UpdateAssumeRolePolicy", {"RoleName": "r", "PolicyDocument": ALLOW}, ROLE, None),
    (
        "iam:PutRolePolicy",
        {"RoleName": "r", "PolicyName": "p", "PolicyDocument": DENY},
        ROLE,
        "revoke reversible access",
    ),
    (
        "iam:PutUserPolicy",
        {"UserName": "u", "PolicyName": "p", "PolicyDocument": DENY},
        None,
        "revoke reversible access",
    ),
    ("iam:PutRolePolicy", {"RoleName": "r", "PolicyName": "p", "PolicyDocument": ALLOW}, ROLE, None),
    (
        "iam:PutRolePolicy",
        {
            "RoleName": "r",
            "PolicyName": "p",
            "PolicyDocument": DENY.replace('"Action": "*"', '"Action": "s3:DeleteBucket"'),
        },
        ROLE,
        None,
    ),
    (
        "iam:PutRolePolicy",
        {"RoleName": "r", "PolicyName": "p", "PolicyDocument": DENY.replace('"Action": "*"', '"NotAction": "iam:*"')},
        ROLE,
        "revoke reversible access",
    ),
    (
        "iam:PutRolePolicy",
        {
            "RoleName": "r",
            "PolicyName": "p",
            "PolicyDocument": DENY.replace(
                '"Resource"', '"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}, "Resource"'
            ),
        },
        ROLE,
        None,
    ),
    (
        "iam:CreatePolicyVersion",
        {"PolicyArn": "a", "PolicyDocument": DENY, "SetAsDefault": True},
        None,
        "revoke reversible access",
    ),
    ("iam:CreatePolicyVersion", {"PolicyArn": "a", "PolicyDocument": DENY}, None, None),
    ("iam:CreatePolicy", {"PolicyName": "p", "PolicyDocument": DENY}, None, "none none none"),
    ("iam:CreatePolicy", {"PolicyName": "p", "PolicyDocument": ALLOW}, None, None),
    (
        "iam:AttachRolePolicy",
        {"RoleName": "r", "PolicyArn": "arn:aws:iam::aws:policy/AWSDenyAll"},
        ROLE,
        "revoke reversible access",
    ),
    ("iam:AttachRolePolicy", {"RoleName": "r", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, ROLE, None),
    (
        "iam:DetachRolePolicy",
        {"RoleName": "r", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        ROLE,
        "revoke reversible access",
    ),
    (
        "iam:DetachRolePolicy",
        {"RoleName": "r", "PolicyArn": "arn:aws:iam::aws:policy/AWSDenyAll"},
        ROLE,
        "overwrite reversible guardrail",
    ),
    ("iam:DeleteRolePolicy", {"RoleName": "r", "PolicyName": "p"}, ROLE, "revoke reversible access"),
    ("iam:DeleteRolePermissionsBoundary", {"RoleName": "r"}, ROLE, "overwrite reversible guardrail"),
    (
        "iam:PutRolePermissionsBoundary",
        {"RoleName": "r", "PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"},
        ROLE,
        "overwrite reversible guardrail",
    ),
    (
        "iam:PutRolePermissionsBoundary",
        {"RoleName": "r", "PermissionsBoundary": "arn:aws:iam::1:policy/limits"},
        ROLE,
        None,
    ),
    ("iam:UpdateAccessKey", {"AccessKeyId": "k", "Status": "Inactive"}, None, "stop reversible access"),
    ("iam:UpdateAccessKey", {"AccessKeyId": "k", "Status": "Active"}, None, None),
    ("iam:DeleteAccessKey", {"AccessKeyId": "k", "UserName": "u"}, None, "revoke reversible access"),
    ("iam:CreateAccessKey", {"UserName": "u"}, None, None),
    ("iam:RemoveUserFromGroup", {"UserName": "u", "GroupName": "g"}, None, "revoke reversible access"),
    ("iam:AddUserToGroup", {"UserName": "u", "GroupName": "g"}, None, None),
    ("iam:DeactivateMFADevice", {"UserName": "u", "SerialNumber": "m"}, None, "overwrite reversible guardrail"),
    ("iam:DeletePolicyVersion", {"PolicyArn": "a", "VersionId": "v1"}, None, "none none none"),
    ("organizations:LeaveOrganization", {}, None, "overwrite reversible guardrail"),
    ("organizations:DetachPolicy", {"PolicyId": "p", "TargetId": "1"}, None, "overwrite reversible guardrail"),
    ("organizations:AttachPolicy", {"PolicyId": "p", "TargetId": "1"}, None, None),
    ("organizations:UpdatePolicy", {"PolicyId": "p", "Content": ALLOW}, None, "overwrite reversible guardrail"),
    ("organizations:UpdatePolicy", {"PolicyId": "p", "Content": DENY}, None, None),
    ("organizations:UpdatePolicy", {"PolicyId": "p", "Name": "n"}, None, None),
    (
        "backup:UpdateRecoveryPointLifecycle",
        {"BackupVaultName": "v", "RecoveryPointArn": "a", "Lifecycle": {"DeleteAfterDays": 1}},
        None,
        "delete irreversible guardrail",
    ),
    (
        "backup:UpdateRecoveryPointLifecycle",
        {"BackupVaultName": "v", "RecoveryPointArn": "a", "Lifecycle": {"DeleteAfterDays": 30}},
        {"kind": "backup.recovery-point", "guards": {"days kept": 365}},
        "overwrite irreversible guardrail",
    ),
    (
        "backup:UpdateRecoveryPointLifecycle",
        {"BackupVaultName": "v", "RecoveryPointArn": "a", "Lifecycle": {"DeleteAfterDays": 365}},
        {"kind": "backup.recovery-point", "guards": {"days kept": 35}},
        None,
    ),
    (
        "backup:UpdateRecoveryPointLifecycle",
        {"BackupVaultName": "v", "RecoveryPointArn": "a", "Lifecycle": {"MoveToColdStorageAfterDays": 1}},
        None,
        None,
    ),
    ("backup:DeleteBackupVaultLockConfiguration", {"BackupVaultName": "v"}, None, "overwrite reversible guardrail"),
    (
        "backup:PutBackupVaultLockConfiguration",
        {"BackupVaultName": "v", "MinRetentionDays": 1},
        {"kind": "backup.vault", "guards": {"least retention days": 7}},
        "overwrite reversible guardrail",
    ),
    ("backup:PutBackupVaultLockConfiguration", {"BackupVaultName": "v", "MinRetentionDays": 7}, None, None),
    (
        "backup:UpdateBackupPlan",
        {"BackupPlanId": "p", "BackupPlan": {"BackupPlanName": "p", "Rules": []}},
        None,
        "overwrite reversible guardrail",
    ),
    (
        "backup:UpdateBackupPlan",
        {"BackupPlanId": "p", "BackupPlan": {"Rules": [{"RuleName": "r", "Lifecycle": {"DeleteAfterDays": 1}}]}},
        None,
        "overwrite irreversible guardrail",
    ),
    (
        "backup:UpdateBackupPlan",
        {"BackupPlanId": "p", "BackupPlan": {"Rules": [{"RuleName": "r", "Lifecycle": {"DeleteAfterDays": 35}}]}},
        None,
        None,
    ),
    ("backup:DeleteBackupSelection", {"BackupPlanId": "p", "SelectionId": "s"}, None, "overwrite reversible guardrail"),
    ("backup:PutBackupVaultAccessPolicy", {"BackupVaultName": "v", "Policy": DENY}, None, "revoke reversible access"),
    (
        "backup:PutBackupVaultAccessPolicy",
        {
            "BackupVaultName": "v",
            "Policy": DENY.replace(
                '"Action": "*"', '"Action": ["backup:DeleteRecoveryPoint", "backup:PutBackupVaultAccessPolicy"]'
            ),
        },
        None,
        None,
    ),
    (
        "ecr:PutLifecyclePolicy",
        {"repositoryName": "r", "lifecyclePolicyText": '{"rules": [{"selection": {"tagStatus": "any"}}]}'},
        None,
        "delete irreversible data",
    ),
    (
        "ecr:PutLifecyclePolicy",
        {"repositoryName": "r", "lifecyclePolicyText": '{"rules": [{"selection": {"tagStatus": "untagged"}}]}'},
        None,
        "overwrite irreversible guardrail",
    ),
    (
        "ecr:PutLifecyclePolicy",
        {"repositoryName": "r", "lifecyclePolicyText": '{"rules": [{"selection": {"tagStatus": "any"}}]}'},
        {"kind": "ecr.repository", "items": 0},
        None,
    ),
    (
        "ecr:PutImage",
        {"repositoryName": "r", "imageTag": "live", "imageManifest": "{}"},
        {"kind": "ecr.repository", "parts": {"tag live": {"image": "sha256:1"}}},
        "overwrite recoverable data",
    ),
    (
        "ecr:PutImage",
        {"repositoryName": "r", "imageTag": "v2", "imageManifest": "{}"},
        {"kind": "ecr.repository", "parts": {"tag live": {"image": "sha256:1"}}},
        None,
    ),
    (
        "ecr:PutImageTagMutability",
        {"repositoryName": "r", "imageTagMutability": "MUTABLE"},
        None,
        "overwrite reversible guardrail",
    ),
    ("ecr:PutImageTagMutability", {"repositoryName": "r", "imageTagMutability": "IMMUTABLE"}, None, None),
    ("ecr:DeleteRepository", {"repositoryName": "r", "force": True}, None, "delete irreversible data"),
    ("ecr:DeleteRepository", {"repositoryName": "r"}, None, "delete recoverable configuration"),
    (
        "cloudformation:UpdateTerminationProtection",
        {"StackName": "s", "EnableTerminationProtection": False},
        None,
        "overwrite reversible guardrail",
    ),
    ("cloudformation:UpdateTerminationProtection", {"StackName": "s", "EnableTerminationProtection": True}, None, None),
    (
        "cloudformation:SetStackPolicy",
        {"StackName": "s", "StackPolicyBody": ALLOW},
        None,
        "overwrite reversible guardrail",
    ),
    ("cloudformation:SetStackPolicy", {"StackName": "s", "StackPolicyBody": DENY}, None, None),
    (
        "cloudformation:UpdateStack",
        {"StackName": "s", "StackPolicyDuringUpdateBody": ALLOW},
        None,
        "overwrite reversible guardrail",
    ),
    ("cloudformation:DeleteChangeSet", {"StackName": "s", "ChangeSetName": "c"}, None, "plan none none"),
    (
        "cloudformation:DeleteStack",
        {"StackName": "s", "DeletionMode": "FORCE_DELETE_STACK"},
        None,
        "delete irreversible data",
    ),
    ("cloudformation:DeleteStack", {"StackName": "s"}, None, None),
    ("s3:DeleteBucketPolicy", {"Bucket": "b"}, None, "revoke reversible access"),
    ("s3:DeleteBucketLifecycle", {"Bucket": "b"}, None, "none none none"),
    ("s3:DeletePublicAccessBlock", {"Bucket": "b"}, None, "overwrite reversible guardrail"),
    ("s3:DeleteBucket", {"Bucket": "b"}, None, None),
    (
        "logs:PutRetentionPolicy",
        {"logGroupName": "g", "retentionInDays": 90},
        LOGS | {"guards": {"retention days": 365}},
        "overwrite irreversible audit",
    ),
    (
        "logs:PutRetentionPolicy",
        {"logGroupName": "g", "retentionInDays": 14},
        LOGS | {"guards": {"retention days": 7}},
        None,
    ),
)


@pytest.mark.parametrize(("action", "parameters", "before", "expected"), ROWS)
def test_rules(
    judge: Callable[..., str | None],
    action: str,
    parameters: dict[str, Any],
    before: dict[str, Any] | None,
    expected: str | None,
) -> None:
    """What records, allows or keeps less is told from what does more."""
    assert expected == judge(action, parameters, before)
