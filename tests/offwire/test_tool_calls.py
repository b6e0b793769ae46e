"""Promise: a tool call is read for what it would destroy, whatever the tool is called."""

from __future__ import annotations

from typing import Any

import pytest

from askfirst.harness.offwire.tool_calls import intents_of_tool_call


@pytest.mark.parametrize(
    ("name", "arguments", "what"),
    [
        ("bash", {"command": "terraform destroy -auto-approve"}, "terraform destroy"),
        ("run", {"cmd": ["aws", "s3", "rb", "s3://b", "--force"]}, "s3 rb"),
        ("shell", {"commands": ["ls", "cdk destroy"]}, "cdk destroy"),
        ("call_aws", {"cli_command": "aws rds delete-db-instance --db-instance-identifier p"}, "rds:DeleteDBInstance"),
        ("python", {"code": "import boto3\nboto3.client('sqs').delete_queue(QueueUrl='q')"}, "sqs:DeleteQueue"),
        ("use_aws", {"service_name": "ec2", "operation_name": "terminate_instances"}, "ec2:TerminateInstances"),
        ("aws", {"service": "ec2", "action": "TerminateInstances"}, "ec2:TerminateInstances"),
        ("cloudformation_delete_stack", {"StackName": "p"}, "cloudformation:DeleteStack"),
        ("delete_stack", {"name": "p"}, "cloudformation:DeleteStack"),
        ("mcp__aws__dynamodb-delete-table", {}, "dynamodb:DeleteTable"),
        ("query", {"sql": "DROP TABLE costs"}, "DROP TABLE"),
        ("delete_file", {"path": "infra/main.tf"}, "delete_file infra/main.tf"),
        ("write_file", {"path": "terraform.tfstate", "content": ""}, "write_file terraform.tfstate"),
    ],
)  # fmt: skip
def test_a_destroying_tool_call_is_found(name: str, arguments: dict[str, Any], what: str) -> None:
    """Command lines, code, statements, operations and files: each shape is read."""
    found = [one.what for one in intents_of_tool_call(name, arguments) if one.destroys]

    assert [what] == found


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("bash", {"command": "echo terraform destroy"}),
        ("use_aws", {"service_name": "cloudformation", "operation_name": "describe_stacks"}),
        ("aws", {"service": "ec2", "operation": "terminate_instances", "parameters": {"DryRun": True}}),
        ("query", {"sql": "SELECT * FROM deleted"}),
        ("delete_file", {"path": "notes.txt"}),
        ("write_file", {"path": "infra/main.tf", "content": "resource {}"}),
        ("read_file", {"path": "terraform.tfstate"}),
        ("say", {"text": "I will not run terraform destroy"}),
        ("search", {"query": "how to delete a stack"}),
        ("list_stacks", {}),
        ("", {}),
    ],
)
def test_a_harmless_tool_call_is_none(name: str, arguments: dict[str, Any]) -> None:
    """Looking, dry runs, talking and scratch files are no destruction."""
    assert not [one for one in intents_of_tool_call(name, arguments) if one.destroys]
