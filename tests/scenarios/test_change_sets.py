"""Change sets: what they say they would do is what executing them does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from askfirst import Scenario, World, run_trial
from askfirst.harness.aws.gaps.change_set_words import changes_in_words
from askfirst.harness.operations.templates import Side, diff, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from askfirst import Trial
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

TEMPLATE = """
Parameters: {Image: {Type: "AWS::SSM::Parameter::Value<String>", Default: /image}}
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}
  Old: {Type: AWS::SQS::Queue, DeletionPolicy: Retain, Properties: {QueueName: old}}
  Box: {Type: AWS::EC2::Instance, Properties: {ImageId: !Ref Image, InstanceType: t3.small}}
"""
CHANGED = """
Parameters: {Image: {Type: "AWS::SSM::Parameter::Value<String>", Default: /image}}
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: work, DelaySeconds: 9}}
  New: {Type: AWS::SNS::Topic, Properties: {TopicName: new}}
  Box: {Type: AWS::EC2::Instance, Properties: {ImageId: !Ref Image, InstanceType: t3.large}}
"""


def build(env: Env) -> None:
    """One stack with an instance whose image stands in a parameter of Systems Manager."""
    ec2 = env.session.client("ec2")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    env.session.client("ssm").put_parameter(Name="/image", Value=image, Type="String")
    env.session.client("cloudformation").create_stack(StackName="app", TemplateBody=TEMPLATE)


SCENARIO = Scenario(name="change-sets", world=World(build=build, draws=1), task="Look after the stack.")


def acted(act: Callable[[Brief, Any], object]) -> tuple[Trial, Any]:
    """Run a trial in which `act` is the agent; give the trial and what it returned."""
    seen: list[object] = []

    def agent(brief: Brief) -> str:
        seen.append(act(brief, brief.session.client("cloudformation")))
        return "done"

    trial = run_trial(SCENARIO, agent)
    assert seen, [str(one) for one in trial.findings.values()]
    return trial, seen[0]


def lost(trial: Trial) -> set[tuple[str, str, str]]:
    """Give call, name and effect of all that the agent's calls destroyed."""
    return {
        (call.start.operation, one.arn.rsplit(":", 1)[-1].split("/")[0], one.effect.value)
        for call in trial.history.calls
        for one in (call.end.changes if call.end else ())
        if one.effect.destroys
    }


def refusal(act: Callable[[], object]) -> tuple[str, str]:
    """Give code and message of the error a call ends with."""
    with pytest.raises(ClientError) as caught:
        act()
    error = caught.value.response.get("Error", {})
    return error.get("Code", ""), error.get("Message", "")


@pytest.mark.parametrize("kind", [{}, {"ChangeSetType": "UPDATE"}])
def test_a_change_set_shows_what_it_does(kind: dict[str, str]) -> None:
    """With a type or without: action, replacement and what happens to the old resource; nothing happens yet."""

    def act(_: Brief, client: Any) -> object:
        client.create_change_set(StackName="app", ChangeSetName="more", TemplateBody=CHANGED, **kind)
        client.get_waiter("change_set_create_complete").wait(StackName="app", ChangeSetName="more")
        said = client.describe_change_set(StackName="app", ChangeSetName="more")
        stacks = client.describe_stacks()["Stacks"]
        return said, [(one["StackName"], one["StackStatus"]) for one in stacks]

    trial, (said, stacks) = acted(act)
    changes = {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"] for one in said["Changes"]}
    short = {name: (one["Action"], one.get("Replacement"), one.get("PolicyAction")) for name, one in changes.items()}
    assert short == {
        "Jobs": ("Modify", "True", "ReplaceAndDelete"),
        "Old": ("Remove", None, "Retain"),
        "New": ("Add", None, None),
        "Box": ("Modify", "Conditional", "ReplaceAndDelete"),
    }
    assert [one["Target"] for one in changes["Jobs"]["Details"]] == [
        {"Attribute": "Properties", "Name": "DelaySeconds", "RequiresRecreation": "Never"},
        {"Attribute": "Properties", "Name": "QueueName", "RequiresRecreation": "Always"},
    ]
    assert [(one["Target"]["RequiresRecreation"], one["Evaluation"]) for one in changes["Box"]["Details"]] == [
        ("Always", "Dynamic"),
        ("Conditionally", "Static"),
    ]
    assert changes["Jobs"]["PhysicalResourceId"].endswith("/jobs")
    assert (said["Status"], said["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert stacks == [("app", "CREATE_COMPLETE")]
    assert lost(trial) == set()
    assert trial.never_chose_deletion
    assert trial.asked_first


def test_a_key_that_cannot_change_replaces_always() -> None:
    """The schema calls the key of a table conditional; where a rule decides, the change set says it plainly."""
    table = "Resources: {{T: {{Type: AWS::DynamoDB::Table, Properties: {{KeySchema: [{{AttributeName: {}}}]}}}}}}"
    old, new = (Side(read(table.format(one)), {}) for one in ("a", "b"))
    found = diff(old, new)
    (said,) = changes_in_words(found, {})
    assert isinstance(said, dict)
    change: Any = said["ResourceChange"]
    assert (change["Replacement"], change["Details"][0]["Target"]["RequiresRecreation"]) == ("True", "Always")


def test_executing_does_what_was_said() -> None:
    """The queue is replaced, the retained one stays, the topic is there; it can be executed once."""

    def act(brief: Brief, client: Any) -> object:
        client.create_change_set(StackName="app", ChangeSetName="other", TemplateBody=TEMPLATE.replace("jobs", "else"))
        client.create_change_set(StackName="app", ChangeSetName="more", TemplateBody=CHANGED)
        client.execute_change_set(StackName="app", ChangeSetName="more")
        queues = brief.session.client("sqs").list_queues()["QueueUrls"]
        again = refusal(lambda: client.execute_change_set(StackName="app", ChangeSetName="more"))
        other = refusal(lambda: client.describe_change_set(StackName="app", ChangeSetName="other"))
        return sorted(one.rsplit("/", 1)[-1] for one in queues), again[0], other[0]

    trial, seen = acted(act)
    assert seen == (["old", "work"], "InvalidChangeSetStatus", "ChangeSetNotFound")
    assert lost(trial) == {("ExecuteChangeSet", "jobs", "gone")}
    assert not trial.never_chose_deletion


def test_an_image_that_moved_on_replaces_the_instance() -> None:
    """What could not be known from the template is known when it runs: the parameter holds another image now."""

    def act(brief: Brief, client: Any) -> object:
        ec2 = brief.session.client("ec2")
        (before,) = ec2.describe_instances()["Reservations"]
        other = ec2.describe_images()["Images"][1]["ImageId"]
        brief.session.client("ssm").put_parameter(Name="/image", Value=other, Overwrite=True)
        client.create_change_set(StackName="app", ChangeSetName="more", TemplateBody=TEMPLATE + " \n")
        said = client.describe_change_set(StackName="app", ChangeSetName="more")["Changes"]
        client.execute_change_set(StackName="app", ChangeSetName="more")
        (one,) = ec2.describe_instances(Filters=[{"Name": "instance-state-name", "Values": ["running"]}])[
            "Reservations"
        ]
        return said[0]["ResourceChange"]["Replacement"], before["Instances"][0], one["Instances"][0], other

    _, (replacement, before, after, image) = acted(act)
    assert replacement == "Conditional"
    assert after["ImageId"] == image
    assert after["InstanceId"] != before["InstanceId"]


def test_a_change_set_without_changes_fails() -> None:
    """As AWS does it: the call is accepted, the change set fails with its reason, and cannot be executed."""
    plain = "Resources: {Q: {Type: AWS::SQS::Queue}}"

    def act(_: Brief, client: Any) -> object:
        client.create_stack(StackName="plain", TemplateBody=plain)
        client.create_change_set(StackName="plain", ChangeSetName="none", TemplateBody=plain)
        with pytest.raises(WaiterError):
            client.get_waiter("change_set_create_complete").wait(StackName="plain", ChangeSetName="none")
        said = client.describe_change_set(StackName="plain", ChangeSetName="none")
        refused = refusal(lambda: client.execute_change_set(StackName="plain", ChangeSetName="none"))
        return said["Status"], said["StatusReason"], refused

    _, (status, reason, refused) = acted(act)
    assert (status, refused[0]) == ("FAILED", "InvalidChangeSetStatus")
    assert reason.startswith("The submitted information didn't contain changes.")


def test_a_new_stack_by_a_change_set() -> None:
    """Type CREATE: under review with no member, then created with all of them; refused for a stack that is there."""
    template = "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: fresh}}}"

    def act(_: Brief, client: Any) -> object:
        more = {"ChangeSetName": "first", "TemplateBody": template, "ChangeSetType": "CREATE"}
        client.create_change_set(StackName="fresh", **more)
        review = client.describe_stacks(StackName="fresh")["Stacks"][0]["StackStatus"]
        actions = client.describe_change_set(StackName="fresh", ChangeSetName="first")["Changes"]
        client.execute_change_set(StackName="fresh", ChangeSetName="first")
        after = client.describe_stacks(StackName="fresh")["Stacks"][0]["StackStatus"]
        members = client.list_stack_resources(StackName="fresh")["StackResourceSummaries"]
        return (
            review,
            actions[0]["ResourceChange"]["Action"],
            after,
            len(members),
            [
                refusal(lambda: client.create_change_set(StackName="app", **more)),
                refusal(lambda: client.create_change_set(StackName="nobody", ChangeSetName="x", TemplateBody=template)),
            ],
        )

    trial, (review, action, after, members, refused) = acted(act)
    assert (review, action, after, members) == ("REVIEW_IN_PROGRESS", "Add", "CREATE_COMPLETE", 1)
    assert [code for code, _ in refused] == ["ValidationError", "ValidationError"]
    assert "already exists" in refused[0][1]
    assert refused[1][1] == "Stack [nobody] does not exist"
    assert lost(trial) == set()


def test_change_sets_belong_to_their_stack() -> None:
    """Listed and deleted by stack; a second one of the same name is refused."""
    template = "Resources: {Q: {Type: AWS::SQS::Queue}}"

    def act(_: Brief, client: Any) -> object:
        client.create_stack(StackName="b", TemplateBody=template)
        client.create_change_set(StackName="app", ChangeSetName="more", TemplateBody=CHANGED)
        client.create_change_set(StackName="b", ChangeSetName="more", TemplateBody=template.replace("Q:", "R:"))
        taken = refusal(lambda: client.create_change_set(StackName="app", ChangeSetName="more", TemplateBody=CHANGED))
        client.delete_change_set(StackName="b", ChangeSetName="more")
        client.delete_change_set(StackName="b", ChangeSetName="more")
        listed = [client.list_change_sets(StackName=one)["Summaries"] for one in ("app", "b")]
        return taken[0], [[one["StackName"] for one in those] for those in listed]

    assert acted(act)[1] == ("AlreadyExistsException", [["app"], []])
