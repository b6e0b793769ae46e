"""Promise: what fails late is accepted, is seen to go on, fails at its time as its service says it, and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from askfirst.faults import api
from askfirst.harness.events import WorldChanged
from askfirst.harness.records import Author

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
MINUTES = 6.0
BASE = {
    "Engine": "mysql",
    "DBInstanceClass": "db.t3.micro",
    "AllocatedStorage": 20,
    "MasterUsername": "owner",
    "MasterUserPassword": "not-a-secret",
}


def template(name: str, delay: int = 0) -> str:
    """Write a template of two members, of which the second has a setting."""
    return json.dumps(
        {
            "Resources": {
                "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}},
                "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name, "DelaySeconds": delay}},
            },
            "Outputs": {"Address": {"Value": {"Ref": "Queue"}}},
        }
    )


@pytest.fixture(scope="module")
def build(code: bytes) -> Callable[[Env], None]:
    """Build what the calls are about: a stack, a function, a database, a volume."""

    def built(env: Env) -> None:
        env.session.client("cloudformation").create_stack(StackName="shop", TemplateBody=template("shop"))
        role = env.session.client("iam").create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        env.session.client("lambda").create_function(
            FunctionName="report", Role=role, Runtime="python3.12", Handler="index.handler", Code={"ZipFile": code}
        )
        env.session.client("rds").create_db_instance(DBInstanceIdentifier="base", **BASE)
        env.session.client("ec2").create_volume(AvailabilityZone="eu-west-1a", Size=1)

    return built


# -- CloudFormation ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stacks:
    """A call about a stack, its state at once, at the time of failure and in the end, and what the events say of it."""

    method: str
    given: Mapping[str, Any]
    states: tuple[str, str, str]
    events: tuple[tuple[str, str], ...]
    stack: str = "shop"
    prepare: Mapping[str, Any] | None = None
    """Parameters of a change set that is made first."""


CHANGE = {"StackName": "shop", "ChangeSetName": "faster", "TemplateBody": template("shop", 30)}
FRESH = {"StackName": "fresh", "TemplateBody": template("fresh")}
ROLLED_BACK = (
    ("Queue", "UPDATE_IN_PROGRESS"),
    ("Queue", "UPDATE_FAILED"),
    ("shop", "UPDATE_ROLLBACK_IN_PROGRESS"),
    ("Queue", "UPDATE_COMPLETE"),
    ("shop", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"),
    ("shop", "UPDATE_ROLLBACK_COMPLETE"),
)
BEGUN = (("fresh", "CREATE_IN_PROGRESS"), ("Topic", "CREATE_IN_PROGRESS"), ("Topic", "CREATE_FAILED"))
WORK = {
    "create": Stacks(
        "create_stack",
        FRESH,
        ("CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"),
        (*BEGUN, ("fresh", "ROLLBACK_IN_PROGRESS"), ("Topic", "DELETE_COMPLETE"), ("fresh", "ROLLBACK_COMPLETE")),
        stack="fresh",
    ),
    "create, and leave it": Stacks(
        "create_stack",
        {**FRESH, "OnFailure": "DO_NOTHING"},
        ("CREATE_IN_PROGRESS", "CREATE_FAILED", "CREATE_FAILED"),
        (*BEGUN, ("fresh", "CREATE_FAILED")),
        stack="fresh",
    ),
    "create, or delete": Stacks(
        "create_stack",
        {**FRESH, "OnFailure": "DELETE"},
        ("CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"),
        (*BEGUN, ("fresh", "DELETE_IN_PROGRESS"), ("Topic", "DELETE_COMPLETE"), ("fresh", "DELETE_COMPLETE")),
        stack="fresh",
    ),
    "update": Stacks(
        "update_stack",
        {"StackName": "shop", "TemplateBody": template("shop", 30)},
        ("UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"),
        (("shop", "UPDATE_IN_PROGRESS"), *ROLLED_BACK),
    ),
    "update, and leave it": Stacks(
        "update_stack",
        {"StackName": "shop", "TemplateBody": template("shop", 30), "DisableRollback": True},
        ("UPDATE_IN_PROGRESS", "UPDATE_FAILED", "UPDATE_FAILED"),
        (("shop", "UPDATE_IN_PROGRESS"), *ROLLED_BACK[:2], ("shop", "UPDATE_FAILED")),
    ),
    "delete": Stacks(
        "delete_stack",
        {"StackName": "shop"},
        ("DELETE_IN_PROGRESS", "DELETE_FAILED", "DELETE_FAILED"),
        (
            ("shop", "DELETE_IN_PROGRESS"),
            ("Queue", "DELETE_IN_PROGRESS"),
            ("Queue", "DELETE_FAILED"),
            ("Topic", "DELETE_FAILED"),
            ("shop", "DELETE_FAILED"),
        ),
    ),
    "change set": Stacks(
        "execute_change_set",
        {"StackName": "shop", "ChangeSetName": "faster"},
        ("UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"),
        (("shop", "UPDATE_IN_PROGRESS"), *ROLLED_BACK),
        prepare={**CHANGE, "ChangeSetType": "UPDATE"},
    ),
    "change set of a new stack": Stacks(
        "execute_change_set",
        {"StackName": "fresh", "ChangeSetName": "first"},
        ("CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"),
        (*BEGUN, ("fresh", "ROLLBACK_IN_PROGRESS"), ("Topic", "DELETE_COMPLETE"), ("fresh", "ROLLBACK_COMPLETE")),
        stack="fresh",
        prepare={**FRESH, "ChangeSetName": "first", "ChangeSetType": "CREATE"},
    ),
}


@pytest.mark.parametrize("case", WORK)
def test_a_stack_fails_in_states_and_events(strike: Callable[..., Any], build: Any, case: str) -> None:
    """A stack is in progress at once, fails after its minutes, ends as AWS ends it; its members are as they were."""
    work = WORK[case]

    def act(brief: Brief) -> Any:
        formation = brief.session.client("cloudformation")
        if work.prepare is not None:
            formation.create_change_set(**work.prepare)
        answer = getattr(formation, work.method)(**work.given)
        name = formation.describe_stacks(StackName=work.stack)["Stacks"][0]["StackId"]

        def told() -> tuple[str, str]:
            stack = formation.describe_stacks(StackName=name)["Stacks"][0]
            return stack["StackStatus"], stack.get("StackStatusReason", "")

        states = [told()]
        brief.clock.sleep(MINUTES * 60 - 5)
        states.append(told())
        brief.clock.sleep(5)
        states.append(told())
        brief.clock.sleep(60)
        states.append(told())
        events = formation.describe_stack_events(StackName=name)["StackEvents"][::-1]
        return answer.get("StackId", name) == name, states, events

    def look(env: Env) -> Any:
        formation, sqs = env.session.client("cloudformation"), env.session.client("sqs")
        members = [
            one["LogicalResourceId"] for one in formation.describe_stack_resources(StackName="shop")["StackResources"]
        ]
        queues = sqs.list_queues()["QueueUrls"]
        delays = [
            sqs.get_queue_attributes(QueueUrl=one, AttributeNames=["DelaySeconds"])["Attributes"]["DelaySeconds"]
            for one in queues
        ]
        return sorted(members), [one.rsplit("/", 1)[1] for one in queues], delays

    fault = api.late(minutes=MINUTES).on(f"cloudformation:{_operation(work.method)}")
    struck = strike(act, fault, build=build, look=look)
    same, states, events = struck.given
    first, failed, last = work.states
    made = [(one["LogicalResourceId"], one["ResourceStatus"]) for one in events]
    failure = next(one for one in events if one["ResourceStatus"].endswith("_FAILED"))

    assert same
    assert [first, first, failed, last] == [status for status, _ in states]
    assert f"[{failure['LogicalResourceId']}]" in states[2][1]
    assert work.events == tuple(made[-len(work.events) :])
    assert "did not stabilize" in failure["ResourceStatusReason"]
    assert {"AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::CloudFormation::Stack"} >= {
        one["ResourceType"] for one in events
    }
    assert (["Queue", "Topic"], ["shop"], ["0"]) == struck.seen
    assert (1, 1, 0, 1) == struck.counts("late")


def _operation(method: str) -> str:
    return "".join(part.title() for part in method.split("_"))


def test_waiters_see_the_failure(strike: Callable[..., Any], attempt: Callable[..., Any], build: Any) -> None:
    """boto3's waiters wait as long as the work goes on, and then raise their own error."""

    def act(brief: Brief) -> Any:
        formation = brief.session.client("cloudformation")
        formation.update_stack(StackName="shop", TemplateBody=template("shop", 30))
        before = brief.clock.now()
        error = attempt(formation.get_waiter("stack_update_complete").wait, StackName="shop")
        return type(error).__name__, (brief.clock.now() - before).total_seconds() / 60

    struck = strike(act, api.late(minutes=MINUTES).on("cloudformation:UpdateStack"), build=build)
    error, minutes = struck.given

    assert "WaiterError" == error
    assert MINUTES <= minutes < MINUTES + 2


def test_a_continued_rollback_fails_again(strike: Callable[..., Any]) -> None:
    """In the December world the repair itself fails late: UPDATE_ROLLBACK_FAILED again, and the second one succeeds."""
    from askfirst.harness.registry import load_scenario

    def act(brief: Brief) -> Any:
        formation = brief.session.client("cloudformation")
        stuck = next(
            one for one in formation.describe_stacks()["Stacks"] if one["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
        )["StackName"]
        states = []
        for _ in range(2):
            formation.continue_update_rollback(StackName=stuck)
            for _ in range(2):
                states.append(formation.describe_stacks(StackName=stuck)["Stacks"][0]["StackStatus"])
                brief.clock.sleep(300)
        states.append(formation.describe_stacks(StackName=stuck)["Stacks"][0]["StackStatus"])
        return states, formation.describe_stack_events(StackName=stuck)["StackEvents"]

    fault = api.late(reason="The role could not be assumed.").on("cloudformation:ContinueUpdateRollback").first(1)
    struck = strike(act, fault, scenario=load_scenario("cost-explorer-december"))
    states, events = struck.given
    reasons = [one.get("ResourceStatusReason", "") for one in events if one["ResourceStatus"] == "UPDATE_FAILED"]

    assert [
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_FAILED",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
    ] == states
    assert "The role could not be assumed." == reasons[0]
    assert (2, 1, 0, 1) == struck.counts("late")


def test_what_is_refused_does_not_fail_later(
    strike: Callable[..., Any], attempt: Callable[..., Any], build: Any
) -> None:
    """A call the service refuses anyway gets that refusal, and nothing follows."""

    def act(brief: Brief) -> Any:
        formation = brief.session.client("cloudformation")
        error = attempt(formation.create_stack, StackName="shop", TemplateBody=template("other"))
        brief.clock.sleep(1200)
        return type(error).__name__, formation.describe_stacks(StackName="shop")["Stacks"][0]["StackStatus"]

    struck = strike(act, api.late().on("cloudformation:CreateStack"), build=build)

    assert ("AlreadyExistsException", "CREATE_COMPLETE") == struck.given
    assert [] == list(struck.trial.history.of(WorldChanged))


def test_the_fault_is_the_author_of_what_it_shows(strike: Callable[..., Any], build: Any) -> None:
    """The states a stack goes through are the fault's doing, never the agent's."""

    def act(brief: Brief) -> None:
        brief.session.client("cloudformation").update_stack(StackName="shop", TemplateBody=template("shop", 30))
        brief.clock.sleep(1200)
        brief.session.client("sts").get_caller_identity()

    struck = strike(act, api.late().on("cloudformation:UpdateStack"), build=build)
    (call,) = struck.calls("UpdateStack")
    changes = [change for _, event in struck.trial.history.of(WorldChanged) for change in event.changes]

    assert () == call.end.changes
    assert {Author.FAULT} == {one.author for one in changes}
    assert ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"] == [
        one.after for one in changes
    ]


# -- other services ---------------------------------------------------------------------------------------------------


def _state(session: Any, service: str, read: str, where: Mapping[str, Any], path: tuple[str | int, ...]) -> str:
    answer = getattr(session.client(service), read)(**where)
    for name in path:
        answer = answer[name]
    return str(answer)


CLUSTER = {"name": "fresh", "roleArn": "arn:aws:iam::111122223333:role/x", "resourcesVpcConfig": {"subnetIds": ["s"]}}
FUNCTION = {"FunctionName": "report"}
ONE = {"DBInstanceIdentifier": "base"}
OTHERS: Mapping[
    str, tuple[Mapping[str, Any], tuple[str, Mapping[str, Any], tuple[str | int, ...]], tuple[str, str]]
] = {
    "lambda:UpdateFunctionConfiguration": (
        {**FUNCTION, "MemorySize": 512},
        ("get_function_configuration", FUNCTION, ("LastUpdateStatus",)),
        ("InProgress", "Failed"),
    ),
    "lambda:UpdateFunctionCode": (
        {**FUNCTION, "ZipFile": b""},
        ("get_function", FUNCTION, ("Configuration", "LastUpdateStatus")),
        ("InProgress", "Failed"),
    ),
    "lambda:CreateFunction": (
        {"FunctionName": "fresh", "Role": "", "Runtime": "python3.12", "Handler": "index.handler", "Code": {}},
        ("get_function", {"FunctionName": "fresh"}, ("Configuration", "State")),
        ("Pending", "Failed"),
    ),
    "rds:CreateDBInstance": (
        {"DBInstanceIdentifier": "fresh", **BASE},
        ("describe_db_instances", {"DBInstanceIdentifier": "fresh"}, ("DBInstances", 0, "DBInstanceStatus")),
        ("creating", "failed"),
    ),
    "rds:ModifyDBInstance": (
        {**ONE, "AllocatedStorage": 77},
        ("describe_db_instances", ONE, ("DBInstances", 0, "DBInstanceStatus")),
        ("modifying", "incompatible-parameters"),
    ),
    "eks:CreateCluster": (
        CLUSTER,
        ("describe_cluster", {"name": "fresh"}, ("cluster", "status")),
        ("CREATING", "FAILED"),
    ),
    "ec2:CreateSnapshot": (
        {"VolumeId": "", "Description": "fresh"},
        (
            "describe_snapshots",
            {"Filters": [{"Name": "description", "Values": ["fresh"]}]},
            ("Snapshots", 0, "State"),
        ),
        ("pending", "error"),
    ),
}


@pytest.mark.parametrize("operation", OTHERS)
def test_other_work_is_seen_to_go_on_and_to_fail(
    strike: Callable[..., Any], build: Any, code: bytes, operation: str
) -> None:
    """Lambda, RDS, EKS and EC2 show their own states meanwhile and afterwards; what was to be changed is as it was."""
    given, (read, where, path), (meanwhile, failed) = OTHERS[operation]
    service, name = operation.split(":")
    method = "".join(f"_{one.lower()}" if one.isupper() else one for one in name).strip("_").replace("d_b_", "db_")

    def act(brief: Brief) -> Any:
        filled = dict(given)
        if "ZipFile" in filled:
            filled["ZipFile"] = code + b"other"
        if "Code" in filled:
            filled |= {"Code": {"ZipFile": code}, "Role": _role(brief.session)}
        if "VolumeId" in filled:
            filled["VolumeId"] = brief.session.client("ec2").describe_volumes()["Volumes"][0]["VolumeId"]
        before = _unchanged(brief.session)
        getattr(brief.session.client(service), method)(**filled)
        states = [_state(brief.session, service, read, where, path)]
        for seconds in (MINUTES * 60 - 5, 5):
            brief.clock.sleep(seconds)
            states.append(_state(brief.session, service, read, where, path))
        return states, before

    struck = strike(act, api.late(minutes=MINUTES).on(operation), build=build, look=lambda env: _unchanged(env.session))
    states, before = struck.given

    assert [meanwhile, meanwhile, failed] == states
    assert before == struck.seen
    assert (1, 1, 0, 1) == struck.counts("late")


def _role(session: Any) -> str:
    arn: str = session.client("iam").get_role(RoleName="worker")["Role"]["Arn"]
    return arn


def _unchanged(session: Any) -> Any:
    """Give the settings that the updates would change."""
    function = session.client("lambda").get_function_configuration(FunctionName="report")
    base = session.client("rds").describe_db_instances(**ONE)["DBInstances"][0]
    return function["MemorySize"], function["CodeSha256"], base["AllocatedStorage"]


def test_an_update_that_succeeds_ends_the_failed_state(strike: Callable[..., Any], build: Any) -> None:
    """A function whose update failed is Successful after the next one, with its new settings; the reason was the plan's."""

    def act(brief: Brief) -> Any:
        client = brief.session.client("lambda")
        told = [client.update_function_configuration(FunctionName="report", MemorySize=512)]
        brief.clock.sleep(300)
        told.append(client.get_function_configuration(FunctionName="report"))
        client.update_function_configuration(FunctionName="report", MemorySize=1024)
        told.append(client.get_function_configuration(FunctionName="report"))
        return [(one["LastUpdateStatus"], one.get("LastUpdateStatusReason"), one["MemorySize"]) for one in told]

    fault = api.late(reason="The image is gone.").on("lambda:UpdateFunctionConfiguration").first(1)
    struck = strike(act, fault, build=build)

    assert [
        ("InProgress", None, 512),
        ("Failed", "The image is gone.", 128),
        ("Successful", None, 1024),
    ] == struck.given


def test_work_that_is_done_at_once_passes(strike: Callable[..., Any]) -> None:
    """A call that has no work to fail at is done, and the fault has not struck."""
    struck = strike(
        lambda brief: brief.session.client("sqs").create_queue(QueueName="fresh"),
        api.late().on("sqs:CreateQueue"),
        look=lambda env: len(env.session.client("sqs").list_queues()["QueueUrls"]),
    )

    assert 1 == struck.seen
    assert (1, 0, 0, 0) == struck.counts("late")
