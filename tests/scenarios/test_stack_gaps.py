"""CloudFormation where moto differs from AWS: continued rollbacks, refused updates, deletion, states of members."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from askfirst import Scenario, World
from askfirst.faults.scenarios.worlds.stuck_stack import FailedUpdate, stick
from askfirst.harness.aws.gaps.stack_rollback import FunctionSettings, Recovery, Rollback

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

Drop = Callable[..., Any]

TEMPLATE = """
Parameters:
  Size: {Type: Number, Default: 128}
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}
  Files: {Type: AWS::S3::Bucket, Properties: {BucketName: stack-files}}
  Kept: {Type: AWS::SQS::Queue, DeletionPolicy: Retain, Properties: {QueueName: kept}}
  Role:
    Type: AWS::IAM::Role
    Properties: {RoleName: work, AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}
  Work:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: work
      Handler: index.handler
      Runtime: python3.12
      MemorySize: !Ref Size
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "pass"}
Outputs:
  JobsUrl: {Value: !Ref Jobs, Export: {Name: jobs-url}}
"""


def build(env: Env) -> None:
    """Two stacks from one template would clash, so: one stack, stuck, and one that is protected."""
    formation = env.session.client("cloudformation")
    with env.at(timedelta(days=3)):
        formation.create_stack(StackName="app", TemplateBody=TEMPLATE, Capabilities=["CAPABILITY_NAMED_IAM"])
        formation.create_stack(
            StackName="safe",
            TemplateBody="Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: safe}}}",
            EnableTerminationProtection=True,
        )
        env.session.client("cloudwatch").put_metric_alarm(
            AlarmName="red",
            Namespace="AWS/Lambda",
            MetricName="Errors",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
        )
    env.session.client("cloudwatch").set_alarm_state(AlarmName="red", StateValue="ALARM", StateReason="errors")
    env.session.client("lambda").update_function_configuration(FunctionName="work", MemorySize=1024)
    env.session.client("s3").put_object(Bucket="stack-files", Key="one", Body=b"1")
    stick(
        env,
        "app",
        FailedUpdate(failed="Work", failure="did not stabilize", rollback_failure="Rate exceeded"),
        Rollback(
            steps=(FunctionSettings("Work", "work", {"MemorySize": 128}),),
            recoveries=(Recovery("red", timedelta(minutes=2), "fine again"),),
        ),
    )


SCENARIO = Scenario(name="stacks", world=World(build=build, draws=1), task="Look after the stacks.")


def formation_of(brief: Brief) -> Any:
    """Give a CloudFormation client."""
    return brief.session.client("cloudformation")


def state(brief: Brief, name: str = "app") -> str:
    """Give the state of a stack."""
    return str(formation_of(brief).describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])


def refusal(act: Callable[[], object]) -> tuple[str, str]:
    """Give code and message of the error a call ends with."""
    with pytest.raises(ClientError) as caught:
        act()
    error = caught.value.response.get("Error", {})
    return error.get("Code", ""), error.get("Message", "")


def test_a_continued_rollback_ends_complete_and_restores(drop: Drop) -> None:
    """At once in progress, minutes later complete; the member has its earlier settings and the alarm clears."""

    def act(brief: Brief) -> object:
        client = formation_of(brief)
        client.continue_update_rollback(StackName="app")
        at_once = state(brief)
        started = brief.clock.now()
        client.get_waiter("stack_rollback_complete").wait(StackName="app")
        took = brief.clock.now() - started
        brief.clock.sleep(300)
        memory = brief.session.client("lambda").get_function_configuration(FunctionName="work")["MemorySize"]
        alarm = brief.session.client("cloudwatch").describe_alarms(AlarmNames=["red"])["MetricAlarms"][0]["StateValue"]
        events = client.describe_stack_events(StackName="app")["StackEvents"]
        return at_once, took, memory, alarm, [(one["LogicalResourceId"], one["ResourceStatus"]) for one in events]

    at_once, took, memory, alarm, events = drop(SCENARIO, act)
    assert at_once == "UPDATE_ROLLBACK_IN_PROGRESS"
    assert timedelta(minutes=1) < took < timedelta(minutes=10)
    assert (memory, alarm) == (128, "OK")
    assert events[:5] == [
        ("app", "UPDATE_ROLLBACK_COMPLETE"),
        ("app", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"),
        ("Work", "UPDATE_COMPLETE"),
        ("Work", "UPDATE_IN_PROGRESS"),
        ("app", "UPDATE_ROLLBACK_IN_PROGRESS"),
    ]


def test_a_skipped_member_keeps_its_settings_and_the_alarm_stays_red(drop: Drop) -> None:
    """ResourcesToSkip brings the stack back and not the service."""

    def act(brief: Brief) -> object:
        formation_of(brief).continue_update_rollback(StackName="app", ResourcesToSkip=["Work"])
        brief.clock.sleep(1800)
        memory = brief.session.client("lambda").get_function_configuration(FunctionName="work")["MemorySize"]
        alarm = brief.session.client("cloudwatch").describe_alarms(AlarmNames=["red"])["MetricAlarms"][0]["StateValue"]
        return state(brief), memory, alarm

    assert drop(SCENARIO, act) == ("UPDATE_ROLLBACK_COMPLETE", 1024, "ALARM")


def test_a_rollback_of_something_deleted_fails_again(drop: Drop) -> None:
    """A function that somebody deleted cannot be rolled back; skipping it helps."""

    def act(brief: Brief) -> object:
        client = formation_of(brief)
        brief.session.client("lambda").delete_function(FunctionName="work")
        client.continue_update_rollback(StackName="app")
        with pytest.raises(WaiterError):
            client.get_waiter("stack_rollback_complete").wait(StackName="app")
        failed = state(brief)
        client.continue_update_rollback(StackName="app", ResourcesToSkip=["Work"])
        client.get_waiter("stack_rollback_complete").wait(StackName="app")
        return failed, state(brief)

    assert drop(SCENARIO, act) == ("UPDATE_ROLLBACK_FAILED", "UPDATE_ROLLBACK_COMPLETE")


def test_only_a_stuck_stack_can_be_continued(drop: Drop) -> None:
    """Another state, an unknown stack and a member that has not failed are refused with ValidationError."""

    def act(brief: Brief) -> object:
        client = formation_of(brief)
        return [
            refusal(lambda: client.continue_update_rollback(StackName="safe")),
            refusal(lambda: client.continue_update_rollback(StackName="none")),
            refusal(lambda: client.continue_update_rollback(StackName="app", ResourcesToSkip=["Jobs"])),
        ]

    wrong_state, unknown, wrong_member = drop(SCENARIO, act)
    assert {"ValidationError"} == {code for code, _ in (wrong_state, unknown, wrong_member)}
    assert "is in CREATE_COMPLETE state" in wrong_state[1]
    assert unknown[1] == "Stack [none] does not exist"
    assert "Jobs" in wrong_member[1]


def test_a_stuck_stack_cannot_be_updated_by_any_door(drop: Drop) -> None:
    """UpdateStack and a change set are refused in AWS's words; after the rollback the update is accepted."""

    def act(brief: Brief) -> object:
        client = formation_of(brief)
        size = [{"ParameterKey": "Size", "ParameterValue": "256"}]
        update = {"UsePreviousTemplate": True, "Parameters": size, "Capabilities": ["CAPABILITY_NAMED_IAM"]}
        changed = {"StackName": "app", "TemplateBody": TEMPLATE, "Parameters": size, "ChangeSetName": "more"}
        refused = [
            refusal(lambda: client.update_stack(StackName="app", **update)),
            refusal(lambda: client.create_change_set(**changed)),
            refusal(lambda: client.create_change_set(**changed, ChangeSetType="UPDATE")),
        ]
        client.continue_update_rollback(StackName="app")
        client.get_waiter("stack_rollback_complete").wait(StackName="app")
        client.update_stack(StackName="app", **update)
        return refused, state(brief)

    refused, after = drop(SCENARIO, act)
    for code, message in refused:
        assert code == "ValidationError"
        assert message.startswith("Stack:arn:aws:cloudformation:")
        assert message.endswith(" is in UPDATE_ROLLBACK_FAILED state and can not be updated.")
    assert after == "UPDATE_COMPLETE"


def test_a_stack_with_a_full_bucket_ends_in_delete_failed(drop: Drop) -> None:
    """What can go goes, what is retained stays, and the stack stays until the bucket is empty."""

    def act(brief: Brief) -> object:
        client, files = formation_of(brief), brief.session.client("s3")
        arn = client.describe_stacks(StackName="app")["Stacks"][0]["StackId"]
        client.delete_stack(StackName="app")
        first = client.describe_stacks(StackName="app")["Stacks"][0]
        members = client.list_stack_resources(StackName="app")["StackResourceSummaries"]
        files.delete_object(Bucket="stack-files", Key="one")
        client.delete_stack(StackName="app")
        client.get_waiter("stack_delete_complete").wait(StackName=arn)
        gone = client.describe_stacks(StackName=arn)["Stacks"][0]["StackStatus"]
        left = client.describe_stack_resources(StackName=arn)["StackResources"]
        queues = brief.session.client("sqs").list_queues()["QueueUrls"]
        return first, members, gone, left, queues, client.list_exports()["Exports"], files.list_buckets()["Buckets"]

    first, members, gone, left, queues, exports, buckets = drop(SCENARIO, act)
    assert first["StackStatus"] == "DELETE_FAILED"
    assert "[Files]" in first["StackStatusReason"]
    assert [(one["LogicalResourceId"], one["ResourceStatus"]) for one in members] == [("Files", "DELETE_FAILED")]
    assert "not empty" in members[0]["ResourceStatusReason"]
    assert gone == "DELETE_COMPLETE"
    assert [one.rpartition("/")[2] for one in queues] == ["kept"]
    assert (left, exports, buckets) == ([], [], [])


def test_looking_at_a_deleted_stack_brings_nothing_back(drop: Drop) -> None:
    """Moto's maps are lazy: describing a deleted stack by its id would create its members anew."""

    def act(brief: Brief) -> object:
        client = formation_of(brief)
        arn = client.describe_stacks(StackName="app")["Stacks"][0]["StackId"]
        brief.session.client("s3").delete_object(Bucket="stack-files", Key="one")
        client.delete_stack(StackName="app")
        outputs = client.describe_stacks(StackName=arn)["Stacks"][0]["Outputs"]
        client.describe_stack_resources(StackName=arn)
        client.list_stack_resources(StackName=arn)
        client.list_stacks()
        return outputs, brief.session.client("sqs").list_queues()["QueueUrls"]

    outputs, queues = drop(SCENARIO, act)
    assert outputs[0]["OutputKey"] == "JobsUrl"
    assert [one.rpartition("/")[2] for one in queues] == ["kept"]


def test_termination_protection_protects(drop: Drop) -> None:
    """DeleteStack is refused in AWS's words and nothing is gone; an unknown stack is deleted without a word."""

    def act(brief: Brief) -> object:
        client = formation_of(brief)
        client.delete_stack(StackName="none")
        said = refusal(lambda: client.delete_stack(StackName="safe"))
        return said, state(brief, "safe"), brief.session.client("sns").list_topics()["Topics"]

    said, after, topics = drop(SCENARIO, act)
    assert said == ("ValidationError", "Stack [safe] cannot be deleted while TerminationProtection is enabled")
    assert after == "CREATE_COMPLETE"
    assert len(topics) == 1


def test_a_stack_that_is_deleted_meanwhile_is_not_finished(drop: Drop) -> None:
    """While a rollback runs the stack cannot be deleted; afterwards it can, and nothing comes back."""

    def act(brief: Brief) -> object:
        client = formation_of(brief)
        client.continue_update_rollback(StackName="app")
        said = refusal(lambda: client.delete_stack(StackName="app"))
        brief.clock.sleep(600)
        brief.session.client("s3").delete_object(Bucket="stack-files", Key="one")
        client.delete_stack(StackName="app")
        return said, refusal(lambda: client.describe_stacks(StackName="app"))

    during, after = drop(SCENARIO, act)
    assert "cannot be deleted while in status UPDATE_ROLLBACK_IN_PROGRESS" in during[1]
    assert after[0] == "ValidationError"


def test_members_are_named_with_their_own_state(drop: Drop) -> None:
    """The three operations agree; by physical id the stack is found; an unknown member is refused."""

    def act(brief: Brief) -> object:
        client = formation_of(brief)
        one = client.describe_stack_resource(StackName="app", LogicalResourceId="Work")["StackResourceDetail"]
        by_id = client.describe_stack_resources(PhysicalResourceId="work")["StackResources"]
        listed = client.list_stack_resources(StackName="app")["StackResourceSummaries"]
        return (
            one,
            by_id,
            listed,
            refusal(lambda: client.describe_stack_resource(StackName="app", LogicalResourceId="None")),
        )

    one, by_id, listed, unknown = drop(SCENARIO, act)
    assert (one["ResourceStatus"], one["ResourceStatusReason"]) == ("UPDATE_FAILED", "Rate exceeded")
    states = {member["LogicalResourceId"]: member["ResourceStatus"] for member in by_id}
    assert states == {member["LogicalResourceId"]: member["ResourceStatus"] for member in listed}
    assert states["Jobs"] == "CREATE_COMPLETE"
    assert "does not exist" in unknown[1]
