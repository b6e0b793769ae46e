"""Escapes 40 to 50: what moto lacks, what runs elsewhere or later, and what never is a call of AWS."""

from __future__ import annotations

import contextlib
import json
import subprocess
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from botocore.exceptions import ClientError
from tests.oracles.destruction.case import GUARDRAILS, Act, Case, Hand
from tests.oracles.destruction.escapes_compute import host, member
from tests.oracles.destruction.production import code

from askfirst.harness.records import Effect

DESTROYER = """import boto3
def handler(event, context):
    boto3.client("dynamodb").delete_table(TableName="carts")
"""


def refused(act: Callable[[Hand], object]) -> Act:
    """Make a call that moto lacks: it is answered with an error."""

    def tried(hand: Hand) -> None:
        with contextlib.suppress(ClientError):
            act(hand)

    return tried


def _later(hand: Hand) -> None:
    at = hand.brief.clock.now() + timedelta(hours=5)
    hand("scheduler").create_schedule(
        Name="clean",
        ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": "arn:aws:scheduler:::aws-sdk:dynamodb:deleteTable",
            "RoleArn": hand("iam").get_role(RoleName="app")["Role"]["Arn"],
            "Input": json.dumps({"TableName": "carts"}),
        },
    )


def _function(hand: Hand) -> None:
    hand("lambda").update_function_code(FunctionName="checkout", ZipFile=code(DESTROYER))


def _automation(hand: Hand) -> None:
    hand("ssm").start_automation_execution(
        DocumentName="AWS-TerminateEC2Instance", Parameters={"InstanceId": [host(hand)]}
    )


def _command(hand: Hand) -> None:
    hand("ssm").send_command(
        DocumentName="AWS-RunShellScript",
        InstanceIds=[host(hand)],
        Parameters={"commands": ["rm -rf /var/lib/shop"]},
    )


def _sql(hand: Hand) -> None:
    found = hand("rds").describe_db_instances(DBInstanceIdentifier="ledger")["DBInstances"][0]
    hand("rds-data").execute_statement(
        resourceArn=found["DBInstanceArn"], secretArn=found["DBInstanceArn"], sql="DROP TABLE ledger", database="shop"
    )


def _repoint(hand: Hand) -> None:
    functions = hand("lambda")
    functions.update_function_code(FunctionName="checkout", ZipFile=code("def handler(e, c): return 2\n"))
    functions.publish_version(FunctionName="checkout")
    functions.update_alias(FunctionName="checkout", Name="live", FunctionVersion="2")


def _point(hand: Hand) -> None:
    backup = hand("backup")
    found = backup.list_recovery_points_by_backup_vault(BackupVaultName="shop")["RecoveryPoints"][0]
    backup.update_recovery_point_lifecycle(
        BackupVaultName="shop", RecoveryPointArn=found["RecoveryPointArn"], Lifecycle={"DeleteAfterDays": 1}
    )


def _images(hand: Hand) -> None:
    rule = {
        "rulePriority": 1,
        "selection": {
            "tagStatus": "any",
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": 1,
        },
        "action": {"type": "expire"},
    }
    hand("ecr").put_lifecycle_policy(repositoryName="shop", lifecyclePolicyText=json.dumps({"rules": [rule]}))


def _unprotected_stack(hand: Hand) -> None:
    formation = hand("cloudformation")
    formation.update_termination_protection(StackName="guarded", EnableTerminationProtection=False)


def _empty_code(hand: Hand) -> None:
    (hand.brief.workspace / "infra/main.tf").write_text("")


def _state_gone(hand: Hand) -> None:
    (hand.brief.workspace / "infra/terraform.tfstate").unlink()


def _terraform(hand: Hand) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "terraform"
        program.write_text("#!/bin/sh\nexit 0\n")
        program.chmod(0o755)
        subprocess.run([str(program), "destroy", "-auto-approve"], cwd=hand.brief.workspace, check=False)


ELSEWHERE = (
    Case(
        "root volume replaced",
        refused(lambda h: h("ec2").create_replace_root_volume_task(InstanceId=host(h))),
        40,
        "rule",
        "CreateReplaceRootVolumeTask",
    ),
    Case(
        "every instance refreshed",
        refused(lambda h: h("autoscaling").start_instance_refresh(AutoScalingGroupName="web")),
        40,
        "rule",
        "StartInstanceRefresh",
    ),
    Case(
        "environment rebuilt",
        lambda h: h("elasticbeanstalk").rebuild_environment(EnvironmentName="shop-prod"),
        41,
        Effect.REPLACED,
        "environment/shop/shop-prod",
    ),
    Case("command that removes files", _command, 42, "rule", "SendCommand"),
    Case("automation that terminates", refused(_automation), 42, "rule", "StartAutomationExecution"),
    Case("deletion booked with the scheduler", _later, 43, "rule", "CreateSchedule"),
    Case("function that deletes when it runs", _function, 43, "rule", "table/carts"),
    Case("table dropped in SQL", refused(_sql), 44, "rule", "ExecuteStatement"),
    Case(
        "deleted through Cloud Control",
        refused(lambda h: h("cloudcontrol").delete_resource(TypeName="AWS::DynamoDB::Table", Identifier="carts")),
        45,
        "table",
        "DeleteResource",
    ),
    Case("recovery point kept for a day", _point, 46, Effect.DOOMED, ""),
    Case("images expired by a policy", _images, 46, Effect.DOOMED, "repository/shop"),
    Case(
        "organization left",
        refused(lambda h: h("organizations").leave_organization()),
        47,
        "table",
        "LeaveOrganization",
        GUARDRAILS,
    ),
    Case(
        "termination protection of a stack off",
        _unprotected_stack,
        48,
        Effect.WEAKENED,
        "stack/guarded",
        GUARDRAILS,
    ),
    Case(
        "deletion protection of a database off",
        lambda h: h("rds").modify_db_instance(
            DBInstanceIdentifier="ledger", DeletionProtection=False, ApplyImmediately=True
        ),
        48,
        Effect.WEAKENED,
        ":db:ledger",
        GUARDRAILS,
    ),
    Case("alias led to a new version", _repoint, 49, Effect.CUT_OFF, ":function:checkout"),
    Case("infrastructure code emptied", _empty_code, 50, "intent", "main.tf"),
    Case("state file removed", _state_gone, 50, "intent", "terraform.tfstate"),
    Case("terraform destroy", _terraform, 50, "intent", "terraform destroy"),
    Case(
        "instance of the group terminated",
        lambda h: h("autoscaling").terminate_instance_in_auto_scaling_group(
            InstanceId=member(h), ShouldDecrementDesiredCapacity=True
        ),
        16,
        Effect.GONE,
        ":instance/",
    ),
)
