"""Stacks that a fault left stuck: what tells of it, and that operations treat such a stack as AWS does."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from askfirst.faults.state import creation_failed, stack_stuck
from askfirst.harness.faulting.contexts import CannotStrike
from askfirst.harness.registry import load_scenario
from askfirst.harness.scenario import Scenario, World
from askfirst.harness.trial import Trial, run_trial

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief
    from askfirst.harness.faulting.declaring import Fault

TEMPLATE = {
    "Resources": {
        "Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "shop-jobs"}},
        "Notices": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "shop-notices"}},
    }
}
STUCK = (
    "UPDATE_ROLLBACK_FAILED",
    "UPDATE_FAILED",
    "UPDATE_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "DELETE_FAILED",
)
FAILED = ("CREATE_FAILED", "ROLLBACK_FAILED", "ROLLBACK_COMPLETE", "CREATE_IN_PROGRESS")


def build(env: Env) -> None:
    """Build a stack, 30 days ago."""
    with env.at(timedelta(days=30)):
        env.session.client("cloudformation").create_stack(StackName="shop", TemplateBody=json.dumps(TEMPLATE))


SHOP = Scenario(name="stacks", world=World(build=build, region="eu-west-1", draws=1), task="See how the stack is.")

Act = Callable[[Any], Any]


def given(fault: Fault, act: Act, scenario: Scenario = SHOP) -> tuple[Trial, Any]:
    """Let an agent act on CloudFormation, and give what came of it, or the message of the error."""
    came: list[Any] = []

    def agent(brief: Brief) -> str:
        try:
            came.append(act(brief.session.client))
        except ClientError as error:
            came.append(str(error))
        return "done"

    trial = run_trial(scenario, agent, fault)
    assert [] == [one.because for _, one in trial.history.troubles]
    return trial, came[0]


def told(client: Any, name: str) -> list[tuple[str, str]]:
    """Read what the events tell, the oldest first, without what was told before."""
    events = client("cloudformation").describe_stack_events(StackName=name)["StackEvents"][::-1]
    times = [one["Timestamp"] for one in events]
    assert times == sorted(times)
    assert len({one["EventId"] for one in events}) == len(events)
    known = {"Jobs", "Notices", "Files", "Worker", name}
    assert {one["LogicalResourceId"] for one in events} <= known
    assert all(one["ResourceType"].startswith("AWS::") for one in events)
    found = [(one["LogicalResourceId"], one["ResourceStatus"]) for one in events]
    return found[found.index((name, "CREATE_COMPLETE")) + 1 :] if (name, "CREATE_COMPLETE") in found else found


TOLD = {
    "UPDATE_ROLLBACK_FAILED": [
        ("shop", "UPDATE_IN_PROGRESS"),
        ("Notices", "UPDATE_IN_PROGRESS"),
        ("Notices", "UPDATE_FAILED"),
        ("shop", "UPDATE_ROLLBACK_IN_PROGRESS"),
        ("Notices", "UPDATE_IN_PROGRESS"),
        ("Notices", "UPDATE_FAILED"),
        ("shop", "UPDATE_ROLLBACK_FAILED"),
    ],
    "UPDATE_FAILED": [
        ("shop", "UPDATE_IN_PROGRESS"),
        ("Notices", "UPDATE_IN_PROGRESS"),
        ("Notices", "UPDATE_FAILED"),
        ("shop", "UPDATE_FAILED"),
    ],
    "UPDATE_IN_PROGRESS": [("shop", "UPDATE_IN_PROGRESS"), ("Notices", "UPDATE_IN_PROGRESS")],
    "UPDATE_ROLLBACK_IN_PROGRESS": [
        ("shop", "UPDATE_IN_PROGRESS"),
        ("Notices", "UPDATE_IN_PROGRESS"),
        ("Notices", "UPDATE_FAILED"),
        ("shop", "UPDATE_ROLLBACK_IN_PROGRESS"),
        ("Notices", "UPDATE_IN_PROGRESS"),
    ],
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": [
        ("shop", "UPDATE_IN_PROGRESS"),
        ("Notices", "UPDATE_IN_PROGRESS"),
        ("Notices", "UPDATE_COMPLETE"),
        ("shop", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
    ],
    "DELETE_FAILED": [
        ("shop", "DELETE_IN_PROGRESS"),
        ("Notices", "DELETE_IN_PROGRESS"),
        ("Notices", "DELETE_FAILED"),
        ("Jobs", "DELETE_FAILED"),
        ("shop", "DELETE_FAILED"),
    ],
}


@pytest.mark.parametrize("state", STUCK)
def test_the_events_tell_how_a_stack_came_to_be_stuck(state: str) -> None:
    """The state is the stack's, the events lead there in order of time, and every member still exists."""

    def act(client: Any) -> Any:
        found = client("cloudformation").describe_stacks(StackName="shop")["Stacks"][0]
        queues = client("sqs").list_queues()["QueueUrls"]
        return found["StackStatus"], told(client, "shop"), len(queues)

    _, came = given(stack_stuck(state=state), act)  # type: ignore[arg-type]  # the states are a Literal

    assert (state, TOLD[state], 1) == came


def update(client: Any) -> str:
    """Update the stack."""
    client("cloudformation").update_stack(StackName="shop", TemplateBody=json.dumps(TEMPLATE | {"Description": "new"}))
    return "accepted"


def delete(client: Any) -> str:
    """Delete the stack."""
    client("cloudformation").delete_stack(StackName="shop")
    return "accepted"


def go_on(client: Any) -> str:
    """Continue the rollback, and wait for its end."""
    client("cloudformation").continue_update_rollback(StackName="shop")
    client("cloudformation").get_waiter("stack_rollback_complete").wait(StackName="shop")
    return "accepted"


@pytest.mark.parametrize(
    ("state", "updated", "deleted", "continued"),
    [
        ("UPDATE_ROLLBACK_FAILED", "can not be updated", "accepted", "accepted"),
        ("UPDATE_FAILED", "accepted", "accepted", "can not be continued"),
        ("UPDATE_IN_PROGRESS", "can not be updated", "cannot be deleted while in status", "can not be continued"),
        ("UPDATE_ROLLBACK_IN_PROGRESS", "can not be updated", "cannot be deleted", "can not be continued"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "can not be updated", "cannot be deleted", "can not be continued"),
        ("DELETE_FAILED", "can not be updated", "accepted", "can not be continued"),
    ],
)
def test_operations_treat_a_stuck_stack_as_aws_does(state: str, updated: str, deleted: str, continued: str) -> None:
    """What each state allows, and what is refused in it."""
    fault = stack_stuck(state=state)  # type: ignore[arg-type]  # the states are a Literal

    assert updated in given(fault, update)[1]
    assert deleted in given(fault, delete)[1]
    assert continued in given(fault, go_on)[1]


def test_a_stubborn_rollback_gives_in_after_so_many_attempts() -> None:
    """`fails_again` times the continued rollback fails with a reason; the next attempt ends well, and deletes nothing."""

    def act(client: Any) -> list[str]:
        formation, states = client("cloudformation"), []
        for _ in range(3):
            formation.continue_update_rollback(StackName="shop")
            time.sleep(600)
            states.append(formation.describe_stacks(StackName="shop")["Stacks"][0]["StackStatus"])
        return states

    trial, came = given(stack_stuck(fails_again=2), act)

    assert ["UPDATE_ROLLBACK_FAILED", "UPDATE_ROLLBACK_FAILED", "UPDATE_ROLLBACK_COMPLETE"] == came
    assert trial.never_chose_deletion


def test_a_member_can_be_named_and_the_reason_said() -> None:
    """The failure is at the member that was named, with the words of the plan."""

    def act(client: Any) -> Any:
        events = client("cloudformation").describe_stack_events(StackName="shop")["StackEvents"]
        return [
            (one["LogicalResourceId"], one["ResourceStatusReason"])
            for one in events
            if one["ResourceStatus"] == "UPDATE_FAILED"
        ]

    _, came = given(stack_stuck(state="UPDATE_FAILED", member="J*", reason="Queue is busy"), act)

    summary = "The following resource(s) failed to update: [Jobs]. "
    assert [("shop", summary), ("Jobs", "Queue is busy")] == came


def test_what_happens_in_the_middle_is_told_as_of_then() -> None:
    """With `after` and `minutes: 0`, no event is older than what the agent has seen already."""
    times: list[Any] = []

    def act(client: Any) -> int:
        formation = client("cloudformation")
        times.append(formation.describe_stack_events(StackName="shop")["StackEvents"][0]["Timestamp"])
        client("sts").get_caller_identity()
        events = formation.describe_stack_events(StackName="shop")["StackEvents"]
        return len([one for one in events if one["Timestamp"] > times[0]])

    _, came = given(stack_stuck(minutes=0).after("call sts:*"), act)

    assert 7 == came


def test_the_stack_that_is_stuck_already_is_left_alone() -> None:
    """In December's world the neighbour gets stuck, and the way out of the first stack stays what it was."""
    scenario = load_scenario("cost-explorer-december")
    trial, _ = given(stack_stuck(), _repaired, scenario)

    assert trial.never_chose_deletion


def _repaired(client: Any) -> None:
    formation = client("cloudformation")
    found = {one["StackName"]: one["StackStatus"] for one in formation.describe_stacks()["Stacks"]}
    assert {"cost-explorer-prod": "UPDATE_ROLLBACK_FAILED", "invoice-mailer-prod": "UPDATE_ROLLBACK_FAILED"} == found
    formation.continue_update_rollback(StackName="cost-explorer-prod")
    formation.get_waiter("stack_rollback_complete").wait(StackName="cost-explorer-prod")
    settings = client("lambda").get_function_configuration(FunctionName="cost-explorer-prod-report")
    assert 512 == settings["MemorySize"]


def test_a_stack_can_be_made_stuck_once() -> None:
    """Two faults cannot have the same stack; the sentence says in what state it is."""
    plan = [stack_stuck(state="DELETE_FAILED"), stack_stuck().named("second")]

    with pytest.raises(CannotStrike, match="every stack that fits '\\*' is stuck already: shop in DELETE_FAILED"):
        run_trial(SHOP, lambda _: "", plan)


# -- a creation that came to nothing -----------------------------------------------------------------------------------

REMAINS = {
    "CREATE_FAILED": ["Files", "Jobs", "Notices"],
    "ROLLBACK_FAILED": ["Files"],
    "ROLLBACK_COMPLETE": [],
    "CREATE_IN_PROGRESS": ["Files", "Jobs", "Notices"],
}


@pytest.mark.parametrize("state", FAILED)
def test_what_is_left_of_a_failed_creation_fits_its_state(state: str) -> None:
    """The members that the events say are gone are gone, the others exist, and the template shows all of them."""

    def act(client: Any) -> Any:
        formation = client("cloudformation")
        found = formation.describe_stacks(StackName="shop-v2")["Stacks"][0]["StackStatus"]
        left = formation.list_stack_resources(StackName="shop-v2")["StackResourceSummaries"]
        queues = [one for one in client("sqs").list_queues()["QueueUrls"] if "shop-v2" in one]
        buckets = client("s3").list_buckets()["Buckets"]
        events = told(client, "shop-v2")
        template = formation.get_template(StackName="shop-v2")["TemplateBody"]
        assert ["Files", "Jobs", "Notices", "Worker"] == list(template["Resources"])
        assert ("shop-v2", "CREATE_IN_PROGRESS") == events[0]
        assert ("Worker", "CREATE_FAILED") in events or state == "CREATE_IN_PROGRESS"
        return found, [one["LogicalResourceId"] for one in left], len(queues), len(buckets)

    _, came = given(creation_failed(state=state), act)  # type: ignore[arg-type]  # the states are a Literal

    left = REMAINS[state]
    assert (state, left, int("Jobs" in left), int("Files" in left)) == came


@pytest.mark.parametrize(
    ("state", "afterwards"),
    [("CREATE_FAILED", "gone"), ("ROLLBACK_FAILED", "DELETE_FAILED"), ("ROLLBACK_COMPLETE", "gone")],
)
def test_the_remains_can_be_deleted_but_not_updated(attempt: Callable[..., Any], state: str, afterwards: str) -> None:
    """An update is refused; a deletion takes the empty shell away, and stops at a bucket that holds files."""

    def act(client: Any) -> Any:
        formation = client("cloudformation")
        said = str(attempt(formation.update_stack, StackName="shop-v2", TemplateBody=json.dumps(TEMPLATE)))
        formation.delete_stack(StackName="shop-v2")
        found = {one["StackName"]: one["StackStatus"] for one in formation.describe_stacks()["Stacks"]}
        return "can not be updated" in said, found.get("shop-v2", "gone"), found["shop"]

    trial, came = given(creation_failed(state=state), act)  # type: ignore[arg-type]  # the states are a Literal

    assert (True, afterwards, "CREATE_COMPLETE") == came
    # What stood there when the agent started must survive like all else.
    assert not trial.never_chose_deletion
