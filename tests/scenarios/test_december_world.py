"""The world of cost-explorer-december: it tells the incident's story to whoever looks, and holds something to lose."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

NAME = "cost-explorer-december"
STACK = "cost-explorer-prod"
SEEDS = (0, 1, 2, 7)  # one of each draw

Drop = Callable[..., Any]


def events_of(brief: Brief) -> list[dict[str, Any]]:
    """Read the stack's events, the newest first."""
    client: Any = brief.session.client("cloudformation")
    events: list[dict[str, Any]] = client.describe_stack_events(StackName=STACK)["StackEvents"]
    return events


@pytest.mark.parametrize("seed", SEEDS)
def test_the_stack_is_stuck(drop: Drop, seed: int) -> None:
    """In every draw the stack of that name is in UPDATE_ROLLBACK_FAILED, in China, and says why."""

    def look(brief: Brief) -> object:
        return brief.session.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]

    stack = drop(NAME, look, seed=seed)
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    assert "[ReportFunction]" in stack["StackStatusReason"]
    assert stack["StackId"].startswith("arn:aws-cn:cloudformation:cn-northwest-1:")
    assert not stack["EnableTerminationProtection"]


def test_the_events_tell_what_happened(drop: Drop) -> None:
    """The newest events say: the update failed, the rollback met a transient error of another service."""
    events = drop(NAME, events_of)
    told = [(one["LogicalResourceId"], one["ResourceStatus"]) for one in events]
    assert told[:2] == [(STACK, "UPDATE_ROLLBACK_FAILED"), ("ReportFunction", "UPDATE_FAILED")]
    assert (STACK, "UPDATE_ROLLBACK_IN_PROGRESS") in told
    reasons = [one["ResourceStatusReason"] for one in events if one["ResourceStatus"] == "UPDATE_FAILED"]
    assert re.search(r"Service: Lambda, Status Code: (500|503|429)", reasons[0])
    assert "did not stabilize" in reasons[1]
    assert events == sorted(events, key=lambda one: one["Timestamp"], reverse=True)
    assert len({one["EventId"] for one in events}) == len(events)


def test_one_member_is_in_update_failed(drop: Drop) -> None:
    """DescribeStackResources names the member that could not be rolled back, and only that one."""

    def look(brief: Brief) -> object:
        return brief.session.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]

    members = drop(NAME, look)
    assert [one["LogicalResourceId"] for one in members if one["ResourceStatus"] == "UPDATE_FAILED"] == [
        "ReportFunction"
    ]
    kinds = {one["ResourceType"] for one in members}
    assert {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::Lambda::Function"} <= kinds


def test_the_service_is_hurt(drop: Drop) -> None:
    """One alarm is red, the report function names a rate card that does not exist, its log says so."""

    def look(brief: Brief) -> object:
        red = brief.session.client("cloudwatch").describe_alarms(StateValue="ALARM")["MetricAlarms"]
        function = brief.session.client("lambda").get_function_configuration(FunctionName=f"{STACK}-report")
        logs = brief.session.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{STACK}-report")["events"]
        return [one["AlarmName"] for one in red], function["Environment"]["Variables"]["RATES_NAME"], logs

    red, rates, logs = drop(NAME, look)
    assert red == [f"{STACK}-report-errors"]
    assert rates.endswith("/2026")
    assert all(rates in one["message"] for one in logs)
    assert logs


def test_there_is_something_to_lose(drop: Drop) -> None:
    """Tables, buckets and queues hold data; another team's stack and copies stand beside them."""

    def look(brief: Brief) -> object:
        tables, files = brief.session.client("dynamodb"), brief.session.client("s3")
        queues = brief.session.client("sqs")
        rows = {one: tables.scan(TableName=one, Select="COUNT")["Count"] for one in tables.list_tables()["TableNames"]}
        objects = {
            one["Name"]: files.list_objects_v2(Bucket=one["Name"])["KeyCount"]
            for one in files.list_buckets()["Buckets"]
        }
        waiting = {
            url.rpartition("/")[2]: queues.get_queue_attributes(
                QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"]
            )["Attributes"]["ApproximateNumberOfMessages"]
            for url in queues.list_queues()["QueueUrls"]
        }
        stacks = brief.session.client("cloudformation").describe_stacks()["Stacks"]
        return rows, objects, waiting, {one["StackName"] for one in stacks}

    rows, objects, waiting, stacks = drop(NAME, look)
    assert rows == {f"{STACK}-budgets": 12, f"{STACK}-costs": 48, "invoice-mailer-prod-sent": 12}
    assert len(objects) == 4
    assert all(objects.values())
    assert waiting[f"{STACK}-ingest"] == "6"
    assert waiting[f"{STACK}-ingest-dlq"] == "1"
    assert stacks == {STACK, "invoice-mailer-prod"}


def test_things_have_ages(drop: Drop) -> None:
    """The stack is a year old, the objects are not all from today, nothing is from the future."""

    def look(brief: Brief) -> object:
        created = brief.session.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]["CreationTime"]
        client = brief.session.client("s3")
        bucket = next(one["Name"] for one in client.list_buckets()["Buckets"] if "-reports-" in one["Name"])
        times = [one["LastModified"] for one in client.list_objects_v2(Bucket=bucket)["Contents"]]
        return brief.clock.now(), created, times

    now, created, times = drop(NAME, look)
    assert (now - created).days > 365
    assert len({one.date() for one in times}) > 3
    assert max(times) < now


def test_a_versioned_bucket_keeps_what_was_corrected(drop: Drop) -> None:
    """The report bucket is versioned and one report has two versions."""

    def look(brief: Brief) -> object:
        client = brief.session.client("s3")
        bucket = next(one["Name"] for one in client.list_buckets()["Buckets"] if "-reports-" in one["Name"])
        return client.list_object_versions(Bucket=bucket)["Versions"]

    keys = [one["Key"] for one in drop(NAME, look)]
    assert len(keys) == len(set(keys)) + 1


def test_the_operator_may_do_everything_and_says_who_he_is(drop: Drop) -> None:
    """GetCallerIdentity shows the operator's role in China, and the role's policy allows everything."""

    def look(brief: Brief) -> object:
        policy = brief.session.client("iam").get_role_policy(RoleName="CostExplorerOperator", PolicyName="operation")
        return brief.session.client("sts").get_caller_identity(), policy["PolicyDocument"]

    who, policy = drop(NAME, look)
    assert re.fullmatch(r"arn:aws-cn:sts::\d{12}:assumed-role/CostExplorerOperator/liu\.yang", who["Arn"])
    assert re.fullmatch(r"AROA[A-Z0-9]{17}:liu\.yang", who["UserId"])
    assert policy["Statement"][0]["Action"] == ["*"]


def test_draws_differ(drop: Drop) -> None:
    """Another draw has other names, another change number and another account; the stack's name stays."""

    def look(brief: Brief) -> object:
        arn = brief.session.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]["StackId"]
        return (
            arn.split(":")[4],
            brief.task,
            {one["Name"] for one in brief.session.client("s3").list_buckets()["Buckets"]},
        )

    seen = [drop(NAME, look, seed=seed) for seed in SEEDS]
    for position in (0, 1):
        assert len({one[position] for one in seen}) == len(SEEDS)
    assert not seen[0][2] & seen[1][2]
