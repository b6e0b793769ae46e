"""Promise: protection, backups and names of databases, keys and secrets are told by the parameters of a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Row = tuple[str, dict[str, Any], dict[str, Any] | None, str | None]

DENY = '{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}'
OWNED = '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::1:root"}, "Action": "kms:*", "Resource": "*"}]}'
DATABASE = {
    "kind": "rds.instance",
    "guards": {"deletion protection": 1, "backup retention days": 7, "multi-AZ": 1},
}
SECRET = {"kind": "secretsmanager.secret", "items": 1, "parts": {"value": {"in use": "d"}}}
PARAMETER = {"kind": "ssm.parameter", "parts": {"value": {"in use": "old"}}}

ROWS: tuple[Row, ...] = (
    (
        "rds:ModifyDBInstance",
        {"DBInstanceIdentifier": "d", "DeletionProtection": False},
        DATABASE,
        "overwrite reversible guardrail",
    ),
    ("rds:ModifyDBInstance", {"DBInstanceIdentifier": "d", "DeletionProtection": True}, DATABASE, None),
    (
        "rds:ModifyDBInstance",
        {"DBInstanceIdentifier": "d", "DeletionProtection": False},
        {"kind": "rds.instance", "guards": {"deletion protection": 0}},
        None,
    ),
    (
        "rds:ModifyDBInstance",
        {"DBInstanceIdentifier": "d", "BackupRetentionPeriod": 0},
        DATABASE,
        "overwrite irreversible guardrail",
    ),
    (
        "rds:ModifyDBInstance",
        {"DBInstanceIdentifier": "d", "BackupRetentionPeriod": 1},
        DATABASE,
        "overwrite irreversible guardrail",
    ),
    ("rds:ModifyDBInstance", {"DBInstanceIdentifier": "d", "BackupRetentionPeriod": 35}, DATABASE, None),
    (
        "rds:ModifyDBInstance",
        {"DBInstanceIdentifier": "d", "BackupRetentionPeriod": 0},
        {"kind": "rds.instance", "guards": {"backup retention days": 0}},
        None,
    ),
    (
        "rds:ModifyDBInstance",
        {"DBInstanceIdentifier": "d", "NewDBInstanceIdentifier": "e"},
        DATABASE,
        "overwrite reversible availability",
    ),
    ("rds:ModifyDBInstance", {"DBInstanceIdentifier": "d", "NewDBInstanceIdentifier": "D"}, DATABASE, None),
    (
        "rds:ModifyDBInstance",
        {"DBInstanceIdentifier": "d", "MasterUserPassword": "x"},
        DATABASE,
        "overwrite reversible access",
    ),
    (
        "rds:ModifyDBInstance",
        {"DBInstanceIdentifier": "d", "MultiAZ": False},
        DATABASE,
        "overwrite reversible guardrail",
    ),
    ("rds:ModifyDBInstance", {"DBInstanceIdentifier": "d", "AllocatedStorage": 200}, DATABASE, None),
    (
        "rds:ModifyDBCluster",
        {"DBClusterIdentifier": "d", "DeletionProtection": False},
        None,
        "overwrite reversible guardrail",
    ),
    (
        "neptune:ModifyDBCluster",
        {"DBClusterIdentifier": "d", "BackupRetentionPeriod": 0},
        None,
        "overwrite irreversible guardrail",
    ),
    ("rds:StopDBInstance", {"DBInstanceIdentifier": "d"}, DATABASE, "stop reversible availability"),
    ("rds:StopDBCluster", {"DBClusterIdentifier": "d"}, None, "stop reversible availability"),
    ("rds:StartDBInstance", {"DBInstanceIdentifier": "d"}, DATABASE, None),
    ("rds:RebootDBInstance", {"DBInstanceIdentifier": "d"}, DATABASE, "stop reversible availability"),
    (
        "rds:DeleteDBInstance",
        {"DBInstanceIdentifier": "d", "SkipFinalSnapshot": True},
        DATABASE,
        "delete irreversible data",
    ),
    (
        "rds:DeleteDBInstance",
        {"DBInstanceIdentifier": "d", "FinalDBSnapshotIdentifier": "last"},
        DATABASE,
        "delete recoverable data",
    ),
    (
        "rds:DeleteDBInstance",
        {"DBInstanceIdentifier": "d", "SkipFinalSnapshot": True, "DeleteAutomatedBackups": False},
        DATABASE,
        "delete recoverable data",
    ),
    ("rds:DeleteDBCluster", {"DBClusterIdentifier": "d", "SkipFinalSnapshot": True}, None, "delete irreversible data"),
    (
        "redshift:DeleteCluster",
        {"ClusterIdentifier": "d", "SkipFinalClusterSnapshot": True},
        None,
        "delete irreversible data",
    ),
    (
        "redshift:DeleteCluster",
        {"ClusterIdentifier": "d", "FinalClusterSnapshotIdentifier": "last"},
        None,
        "delete recoverable data",
    ),
    ("rds:RestoreDBInstanceFromDBSnapshot", {"DBInstanceIdentifier": "d2", "DBSnapshotIdentifier": "s"}, None, None),
    (
        "redshift:ModifyCluster",
        {"ClusterIdentifier": "c", "AutomatedSnapshotRetentionPeriod": 0},
        None,
        "overwrite irreversible guardrail",
    ),
    (
        "redshift:ModifyCluster",
        {"ClusterIdentifier": "c", "AutomatedSnapshotRetentionPeriod": 35},
        {
            "kind": "redshift.cluster",
            "guards": {"automated snapshot retention days": 7, "retention days of copies": 99},
        },
        None,
    ),
    (
        "redshift:ModifyCluster",
        {"ClusterIdentifier": "c", "AutomatedSnapshotRetentionPeriod": 1},
        {"kind": "redshift.cluster", "guards": {"automated snapshot retention days": 7}},
        "overwrite irreversible guardrail",
    ),
    (
        "redshift:ModifyCluster",
        {"ClusterIdentifier": "c", "NewClusterIdentifier": "e"},
        None,
        "overwrite reversible availability",
    ),
    ("redshift:PauseCluster", {"ClusterIdentifier": "c"}, None, "stop reversible availability"),
    (
        "elasticache:ModifyReplicationGroup",
        {"ReplicationGroupId": "r", "SnapshotRetentionLimit": 0},
        None,
        "overwrite irreversible guardrail",
    ),
    ("elasticache:ModifyReplicationGroup", {"ReplicationGroupId": "r", "SnapshotRetentionLimit": 5}, None, None),
    (
        "elasticache:ModifyReplicationGroup",
        {"ReplicationGroupId": "r", "AutomaticFailoverEnabled": False},
        None,
        "overwrite reversible guardrail",
    ),
    (
        "elasticache:DeleteReplicationGroup",
        {"ReplicationGroupId": "r", "FinalSnapshotIdentifier": "last"},
        None,
        "delete recoverable data",
    ),
    (
        "efs:PutBackupPolicy",
        {"FileSystemId": "f", "BackupPolicy": {"Status": "DISABLED"}},
        None,
        "overwrite reversible guardrail",
    ),
    ("efs:PutBackupPolicy", {"FileSystemId": "f", "BackupPolicy": {"Status": "ENABLED"}}, None, None),
    (
        "efs:UpdateFileSystemProtection",
        {"FileSystemId": "f", "ReplicationOverwriteProtection": "DISABLED"},
        None,
        "overwrite reversible guardrail",
    ),
    ("efs:UpdateFileSystemProtection", {"FileSystemId": "f", "ReplicationOverwriteProtection": "ENABLED"}, None, None),
    (
        "emr:SetTerminationProtection",
        {"JobFlowIds": ["j"], "TerminationProtected": False},
        None,
        "overwrite reversible guardrail",
    ),
    ("emr:SetTerminationProtection", {"JobFlowIds": ["j"], "TerminationProtected": True}, None, None),
    (
        "glue:UpdateTable",
        {"DatabaseName": "d", "TableInput": {"Name": "t"}},
        None,
        "overwrite recoverable configuration",
    ),
    (
        "glue:UpdateTable",
        {"DatabaseName": "d", "TableInput": {"Name": "t", "StorageDescriptor": {"Columns": [{"Name": "c"}]}}},
        None,
        None,
    ),
    (
        "cognito-idp:UpdateUserPool",
        {"UserPoolId": "p", "DeletionProtection": "INACTIVE"},
        None,
        "overwrite reversible guardrail",
    ),
    ("cognito-idp:UpdateUserPool", {"UserPoolId": "p", "DeletionProtection": "ACTIVE"}, None, None),
    ("cognito-idp:AdminDisableUser", {"UserPoolId": "p", "Username": "u"}, None, "stop reversible access"),
    ("cognito-idp:AdminEnableUser", {"UserPoolId": "p", "Username": "u"}, None, None),
    ("kms:DisableKey", {"KeyId": "k"}, None, "stop reversible availability"),
    ("kms:DisableKey", {"KeyId": "k"}, {"kind": "kms.key", "capacity": {"enabled": 0}}, None),
    ("kms:EnableKey", {"KeyId": "k"}, None, None),
    ("kms:ScheduleKeyDeletion", {"KeyId": "k", "PendingWindowInDays": 7}, None, "delete irreversible data"),
    ("kms:CancelKeyDeletion", {"KeyId": "k"}, None, None),
    ("kms:PutKeyPolicy", {"KeyId": "k", "Policy": '{"Statement": []}'}, None, "revoke irreversible access"),
    (
        "kms:PutKeyPolicy",
        {"KeyId": "k", "Policy": OWNED, "BypassPolicyLockoutSafetyCheck": True},
        None,
        "revoke irreversible access",
    ),
    ("kms:PutKeyPolicy", {"KeyId": "k", "Policy": OWNED}, None, None),
    (
        "kms:PutKeyPolicy",
        {
            "KeyId": "k",
            "Policy": OWNED.replace("]", ', {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}]'),
        },
        None,
        "revoke irreversible access",
    ),
    ("kms:DisableKeyRotation", {"KeyId": "k"}, None, "overwrite reversible guardrail"),
    ("kms:DisableKeyRotation", {"KeyId": "k"}, {"kind": "kms.key", "guards": {"rotation": 0}}, None),
    ("kms:RevokeGrant", {"KeyId": "k", "GrantId": "g"}, None, "revoke reversible access"),
    ("kms:CreateGrant", {"KeyId": "k"}, None, None),
    (
        "kms:UpdateAlias",
        {"AliasName": "alias/a", "TargetKeyId": "other"},
        {"kind": "kms.key", "name": "k", "aliases": ("alias/a",)},
        "overwrite reversible configuration",
    ),
    (
        "kms:UpdateAlias",
        {"AliasName": "alias/a", "TargetKeyId": "k"},
        {"kind": "kms.key", "name": "k", "aliases": ("alias/a",)},
        None,
    ),
    ("secretsmanager:PutSecretValue", {"SecretId": "s", "SecretString": "x"}, SECRET, "overwrite reversible data"),
    (
        "secretsmanager:PutSecretValue",
        {"SecretId": "s", "SecretString": "x", "VersionStages": ["AWSPENDING"]},
        SECRET,
        None,
    ),
    (
        "secretsmanager:PutSecretValue",
        {"SecretId": "s", "SecretString": "x"},
        {"kind": "secretsmanager.secret", "items": 0},
        None,
    ),
    ("secretsmanager:UpdateSecret", {"SecretId": "s", "SecretString": "x"}, SECRET, "overwrite reversible data"),
    ("secretsmanager:UpdateSecret", {"SecretId": "s", "Description": "d"}, SECRET, None),
    (
        "secretsmanager:DeleteSecret",
        {"SecretId": "s", "ForceDeleteWithoutRecovery": True},
        SECRET,
        "delete irreversible data",
    ),
    ("secretsmanager:DeleteSecret", {"SecretId": "s", "RecoveryWindowInDays": 7}, SECRET, "delete reversible data"),
    (
        "secretsmanager:UpdateSecretVersionStage",
        {"SecretId": "s", "VersionStage": "AWSCURRENT", "MoveToVersionId": "v"},
        SECRET,
        "overwrite reversible data",
    ),
    (
        "secretsmanager:UpdateSecretVersionStage",
        {"SecretId": "s", "VersionStage": "blue", "MoveToVersionId": "v"},
        SECRET,
        None,
    ),
    ("secretsmanager:RotateSecret", {"SecretId": "s"}, SECRET, "overwrite reversible data"),
    ("secretsmanager:RotateSecret", {"SecretId": "s", "RotateImmediately": False}, SECRET, None),
    ("secretsmanager:CancelRotateSecret", {"SecretId": "s"}, SECRET, "overwrite reversible guardrail"),
    (
        "secretsmanager:RemoveRegionsFromReplication",
        {"SecretId": "s", "RemoveReplicaRegions": ["r"]},
        SECRET,
        "detach reversible availability",
    ),
    ("secretsmanager:PutResourcePolicy", {"SecretId": "s", "ResourcePolicy": DENY}, SECRET, "revoke reversible access"),
    ("secretsmanager:PutResourcePolicy", {"SecretId": "s", "ResourcePolicy": OWNED}, SECRET, None),
    ("ssm:PutParameter", {"Name": "/p", "Value": "new", "Overwrite": True}, PARAMETER, "overwrite reversible data"),
    ("ssm:PutParameter", {"Name": "/p", "Value": "old", "Overwrite": True}, PARAMETER, None),
    ("ssm:PutParameter", {"Name": "/p", "Value": "new"}, PARAMETER, None),
    (
        "ssm:PutParameter",
        {"Name": "/p", "Value": "old", "Overwrite": True, "Tier": "Advanced", "Policies": '[{"Type": "Expiration"}]'},
        PARAMETER,
        "delete reversible data",
    ),
    ("ssm:PutParameter", {"Name": "/p", "Value": "new", "Overwrite": True}, None, "overwrite reversible data"),
    ("rds:DeleteDBInstance", {"DBInstanceIdentifier": "d"}, DATABASE, "delete irreversible data"),
)


@pytest.mark.parametrize(("action", "parameters", "before", "expected"), ROWS)
def test_rules(
    judge: Callable[..., str | None],
    action: str,
    parameters: dict[str, Any],
    before: dict[str, Any] | None,
    expected: str | None,
) -> None:
    """What ends a protection or a value is told from what strengthens it or leaves it."""
    assert expected == judge(action, parameters, before)
