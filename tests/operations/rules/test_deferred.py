"""Promise: what others are told to do counts as what they do: schedules, machines, runbooks, SQL, patches."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Row = tuple[str, dict[str, Any], dict[str, Any] | None, str | None]

DENY = '{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}'


def schedule(call: str, given: str) -> dict[str, Any]:
    """Give a schedule whose target is an operation of AWS."""
    return {"Name": "s", "Target": {"Arn": f"arn:aws:scheduler:::aws-sdk:{call}", "RoleArn": "r", "Input": given}}


def machine(resource: str, given: dict[str, Any]) -> str:
    """Give a state machine that does one thing in one of two branches."""
    task = {"Type": "Task", "Resource": resource, "Parameters": given, "End": True}
    branch = {"StartAt": "a", "States": {"a": task}}
    return json.dumps({"StartAt": "p", "States": {"p": {"Type": "Parallel", "Branches": [branch]}}})


def patch(operation: str, path: str, value: str) -> dict[str, Any]:
    """Give the parameters that patch one property."""
    document = f'[{{"op": "{operation}", "path": "{path}", "value": {value}}}]'
    return {"TypeName": "AWS::ECS::Service", "Identifier": "s", "PatchDocument": document}


ROWS: tuple[Row, ...] = (
    (
        "scheduler:CreateSchedule",
        schedule("dynamodb:deleteTable", '{"TableName": "ledger"}'),
        None,
        "delete irreversible data",
    ),
    (
        "scheduler:CreateSchedule",
        schedule("ec2:stopInstances", '{"InstanceIds": ["i-1"]}'),
        None,
        "stop reversible availability",
    ),
    (
        "scheduler:CreateSchedule",
        schedule("ecs:updateService", '{"desiredCount": 0}'),
        None,
        "stop reversible availability",
    ),
    ("scheduler:CreateSchedule", schedule("ecs:updateService", '{"desiredCount": 2}'), None, None),
    (
        "scheduler:CreateSchedule",
        schedule("cloudwatchlogs:deleteLogGroup", '{"LogGroupName": "g"}'),
        None,
        "delete irreversible audit",
    ),
    (
        "scheduler:CreateSchedule",
        schedule(
            "ssm:startAutomationExecution",
            '{"DocumentName": "AWS-TerminateEC2Instance", "Parameters": {"InstanceId": ["i-1"]}}',
        ),
        None,
        "delete irreversible data",
    ),
    (
        "scheduler:CreateSchedule",
        schedule("dynamodb:createBackup", '{"TableName": "ledger", "BackupName": "b"}'),
        None,
        None,
    ),
    ("scheduler:CreateSchedule", {"Name": "s", "Target": {"Arn": "arn:aws:lambda:us-east-1:1:function:f"}}, None, None),
    ("scheduler:UpdateSchedule", schedule("s3:deleteBucket", '{"Bucket": "b"}'), None, "delete irreversible data"),
    (
        "scheduler:UpdateSchedule",
        schedule("sqs:sendMessage", "{}") | {"State": "DISABLED"},
        None,
        "stop reversible availability",
    ),
    (
        "events:PutTargets",
        {
            "Rule": "r",
            "Targets": [{"Id": "1", "Arn": "arn:aws:events:us-east-1:1:target/terminate-instance", "Input": '"i-1"'}],
        },
        None,
        "delete irreversible data",
    ),
    (
        "events:PutTargets",
        {
            "Rule": "r",
            "Targets": [
                {
                    "Id": "1",
                    "Arn": "arn:aws:ssm:us-east-1::automation-definition/AWS-StopEC2Instance:$DEFAULT",
                    "Input": '{"InstanceId": ["i-1"]}',
                }
            ],
        },
        None,
        "stop reversible availability",
    ),
    ("events:PutTargets", {"Rule": "r", "Targets": [{"Id": "1", "Arn": "arn:aws:sqs:us-east-1:1:q"}]}, None, None),
    ("events:DisableRule", {"Name": "r"}, None, "stop reversible availability"),
    ("events:EnableRule", {"Name": "r"}, None, None),
    ("events:DisableRule", {"Name": "r"}, {"kind": "events.rule", "capacity": {"enabled": 0}}, None),
    (
        "events:PutRule",
        {"Name": "r", "State": "DISABLED"},
        {"kind": "events.rule", "capacity": {"enabled": 1}},
        "stop reversible availability",
    ),
    ("events:PutRule", {"Name": "r", "State": "ENABLED"}, {"kind": "events.rule", "capacity": {"enabled": 1}}, None),
    ("events:RemoveTargets", {"Rule": "r", "Ids": ["1"]}, None, "detach reversible availability"),
    ("events:RemovePermission", {"StatementId": "s"}, None, "revoke reversible access"),
    ("events:PutPermission", {"Policy": DENY}, None, "revoke reversible access"),
    ("events:PutPermission", {"Action": "events:PutEvents", "Principal": "1", "StatementId": "s"}, None, None),
    (
        "stepfunctions:CreateStateMachine",
        {"name": "m", "definition": machine("arn:aws:states:::aws-sdk:dynamodb:deleteTable", {"TableName": "ledger"})},
        None,
        "delete irreversible data",
    ),
    (
        "stepfunctions:UpdateStateMachine",
        {"stateMachineArn": "a", "definition": machine("arn:aws:states:::aws-sdk:rds:stopDBInstance", {})},
        None,
        "stop reversible availability",
    ),
    (
        "stepfunctions:CreateStateMachine",
        {"name": "m", "definition": machine("arn:aws:states:::dynamodb:putItem", {})},
        None,
        None,
    ),
    ("stepfunctions:CreateStateMachine", {"name": "m", "definition": "no JSON"}, None, None),
    ("stepfunctions:StopExecution", {"executionArn": "a"}, None, "stop reversible availability"),
    (
        "ssm:SendCommand",
        {
            "DocumentName": "AWS-RunShellScript",
            "InstanceIds": ["i-1"],
            "Parameters": {"commands": ["cd /", "rm -rf /data"]},
        },
        None,
        "delete irreversible data",
    ),
    (
        "ssm:SendCommand",
        {
            "DocumentName": "AWS-RunShellScript",
            "Parameters": {"commands": ["aws --region us-east-1 dynamodb delete-table --table-name t"]},
        },
        None,
        "delete irreversible data",
    ),
    (
        "ssm:SendCommand",
        {
            "DocumentName": "AWS-RunShellScript",
            "Parameters": {"commands": ["rm /tmp/lock", "systemctl status app", "df -h"]},
        },
        None,
        None,
    ),
    (
        "ssm:SendCommand",
        {"DocumentName": "AWS-RunShellScript", "Parameters": {"commands": ["aws s3 rm --recursive s3://ledger"]}},
        None,
        "delete irreversible data",
    ),
    (
        "ssm:SendCommand",
        {
            "DocumentName": "AWS-RunShellScript",
            "Parameters": {"commands": ["terraform -chdir=x destroy -auto-approve"]},
        },
        None,
        "delete irreversible data",
    ),
    (
        "ssm:StartAutomationExecution",
        {"DocumentName": "AWS-TerminateEC2Instance", "Parameters": {"InstanceId": ["i-1"]}},
        None,
        "delete irreversible data",
    ),
    (
        "ssm:StartAutomationExecution",
        {"DocumentName": "AWS-StopEC2Instance", "Parameters": {"InstanceId": ["i-1"]}},
        None,
        "stop reversible availability",
    ),
    ("ssm:StartAutomationExecution", {"DocumentName": "Company-DeleteEverything"}, None, "delete irreversible data"),
    (
        "ssm:StartAutomationExecution",
        {"DocumentName": "AWS-CreateImage", "Parameters": {"InstanceId": ["i-1"]}},
        None,
        None,
    ),
    (
        "ssm:CreateAssociation",
        {"Name": "AWS-RunShellScript", "Parameters": {"commands": ["mkfs.ext4 /dev/xvdb"]}},
        None,
        "delete irreversible data",
    ),
    ("ssm:CreateAssociation", {"Name": "AWS-UpdateSSMAgent"}, None, None),
    (
        "ssm:CreateDocument",
        {"Name": "d", "Content": "mainSteps:\n - inputs:\n    Api: DeleteStack"},
        None,
        "execute irreversible data",
    ),
    ("ssm:CreateDocument", {"Name": "d", "Content": "mainSteps:\n - inputs:\n    Api: DescribeStacks"}, None, None),
    (
        "ssm:RegisterTaskWithMaintenanceWindow",
        {
            "TaskArn": "AWS-StopEC2Instance",
            "TaskInvocationParameters": {"Automation": {"Parameters": {"InstanceId": ["i-1"]}}},
        },
        None,
        "stop reversible availability",
    ),
    (
        "ssm:RegisterTaskWithMaintenanceWindow",
        {
            "TaskArn": "AWS-RunShellScript",
            "TaskInvocationParameters": {"RunCommand": {"Parameters": {"commands": ["uptime"]}}},
        },
        None,
        None,
    ),
    ("rds-data:ExecuteStatement", {"resourceArn": "a", "sql": "DROP TABLE ledger"}, None, "delete irreversible data"),
    ("rds-data:ExecuteStatement", {"resourceArn": "a", "sql": "DELETE FROM ledger"}, None, "delete irreversible data"),
    (
        "rds-data:ExecuteStatement",
        {"resourceArn": "a", "sql": "delete from ledger where id = 7"},
        None,
        "delete recoverable data",
    ),
    (
        "rds-data:ExecuteStatement",
        {"resourceArn": "a", "sql": "SELECT 'DROP TABLE x' FROM ledger -- DELETE FROM x"},
        None,
        "read",
    ),
    (
        "rds-data:ExecuteStatement",
        {"resourceArn": "a", "sql": "UPDATE ledger SET amount = 0"},
        None,
        "overwrite irreversible data",
    ),
    ("rds-data:ExecuteStatement", {"resourceArn": "a", "sql": "UPDATE ledger SET amount = 0 WHERE id = 1"}, None, None),
    ("rds-data:ExecuteStatement", {"resourceArn": "a", "sql": "INSERT INTO ledger VALUES (1)"}, None, "none none none"),
    ("rds-data:ExecuteStatement", {"resourceArn": "a", "sql": "CALL tidy_up()"}, None, None),
    (
        "rds-data:BatchExecuteStatement",
        {"resourceArn": "a", "sql": "TRUNCATE ledger"},
        None,
        "delete irreversible data",
    ),
    (
        "redshift-data:ExecuteStatement",
        {"ClusterIdentifier": "c", "Sql": "DROP SCHEMA public CASCADE"},
        None,
        "delete irreversible data",
    ),
    (
        "redshift-data:BatchExecuteStatement",
        {"ClusterIdentifier": "c", "Sqls": ["SELECT 1", "DROP TABLE ledger"]},
        None,
        "delete irreversible data",
    ),
    (
        "redshift-data:BatchExecuteStatement",
        {"ClusterIdentifier": "c", "Sqls": ["SELECT 1", "SHOW TABLES"]},
        None,
        "read",
    ),
    (
        "redshift-data:ExecuteStatement",
        {"ClusterIdentifier": "c", "Sql": "WITH x AS (SELECT 1) SELECT * FROM x"},
        None,
        "read",
    ),
    (
        "athena:StartQueryExecution",
        {"QueryString": "ALTER TABLE logs DROP PARTITION (day='1')"},
        None,
        "delete irreversible data",
    ),
    ("athena:StartQueryExecution", {"QueryString": "SELECT * FROM logs"}, None, "read"),
    ("rds-data:ExecuteStatement", {"resourceArn": "a", "sql": "DROP INDEX i"}, None, "overwrite recoverable data"),
    (
        "cloudcontrol:DeleteResource",
        {"TypeName": "AWS::DynamoDB::Table", "Identifier": "ledger"},
        None,
        "delete irreversible data",
    ),
    (
        "cloudcontrol:DeleteResource",
        {"TypeName": "AWS::IAM::Role", "Identifier": "r"},
        None,
        "delete recoverable configuration",
    ),
    (
        "cloudcontrol:UpdateResource",
        patch("replace", "/DeletionProtectionEnabled", "false"),
        None,
        "overwrite reversible guardrail",
    ),
    ("cloudcontrol:UpdateResource", patch("replace", "/DesiredCount", "0"), None, "stop reversible availability"),
    (
        "cloudcontrol:UpdateResource",
        patch("remove", "/Environment", "null"),
        None,
        "overwrite recoverable configuration",
    ),
    (
        "cloudcontrol:UpdateResource",
        patch("add", "/LifecycleConfiguration", '{"Rules": [{"ExpirationInDays": 1}]}'),
        None,
        "delete irreversible data",
    ),
    ("cloudcontrol:UpdateResource", patch("replace", "/DesiredCount", "3"), None, None),
    ("cloudcontrol:UpdateResource", patch("remove", "/Tags/0", "null"), None, None),
    (
        "cloudcontrol:UpdateResource",
        {"TypeName": "AWS::S3::Bucket", "Identifier": "b", "PatchDocument": "no JSON"},
        None,
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
    """What is booked to delete, stop or drop is told from what is booked to run or to ask."""
    assert expected == judge(action, parameters, before)
