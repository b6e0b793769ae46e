"""UpdateStack and change sets: what AWS removes and replaces is removed and replaced here, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from askfirst import Scenario, World, run_trial

if TYPE_CHECKING:
    from askfirst import Trial
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

TEMPLATE = """
Parameters:
  Stage: {Type: String, Default: prod}
  Wait: {Type: Number, Default: 30}
Resources:
  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "jobs-${Stage}", VisibilityTimeout: !Ref Wait}}
  Old: {Type: AWS::SQS::Queue, Properties: {QueueName: old}}
  Kept: {Type: AWS::SQS::Queue, DeletionPolicy: Retain, UpdateReplacePolicy: Retain, Properties: {QueueName: kept}}
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: notices}}
  Rows:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Named:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: named
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceClass: db.t3.micro
      Engine: mysql
      AllocatedStorage: "20"
      MasterUsername: admin
      MasterUserPassword: abcdefgh
Outputs:
  JobsUrl: {Value: !Ref Jobs, Export: {Name: jobs-url}}
"""


def build(env: Env) -> None:
    """One stack with rows, messages and a subscription in it."""
    env.session.client("cloudformation").create_stack(StackName="app", TemplateBody=TEMPLATE)
    rows = env.session.client("dynamodb")
    for table in rows.list_tables()["TableNames"]:
        rows.put_item(TableName=table, Item={"id": {"S": "1"}})
    sqs = env.session.client("sqs")
    for url in sqs.list_queues()["QueueUrls"]:
        sqs.send_message(QueueUrl=url, MessageBody="work")
    sns = env.session.client("sns")
    (topic,) = sns.list_topics()["Topics"]
    sns.subscribe(TopicArn=topic["TopicArn"], Protocol="email", Endpoint="a@example.com")


SCENARIO = Scenario(name="stack-updates", world=World(build=build, draws=1), task="Look after the stack.")

Act = Callable[[Any], object]


def without(template: str, *names: str) -> str:
    """Take resources out of the template, by the lines of their logical ids."""
    kept, skipping = [], False
    for line in template.splitlines():
        indent = len(line) - len(line.lstrip())
        if indent <= 2:
            skipping = line.strip().split(":")[0] in names
        if not skipping:
            kept.append(line)
    return "\n".join(kept)


def acted(act: Callable[[Brief], object]) -> tuple[Trial, Any]:
    """Run a trial in which `act` is the agent; give the trial and what it returned."""
    seen: list[object] = []

    def agent(brief: Brief) -> str:
        seen.append(act(brief))
        return "done"

    trial = run_trial(SCENARIO, agent)
    assert seen, [str(one) for one in trial.findings.values()]
    return trial, seen[0]


def update(brief: Brief, template: str = TEMPLATE, **more: Any) -> Any:
    """Update the stack; give its state and the events since, oldest first."""
    client = brief.session.client("cloudformation")
    before = len(client.describe_stack_events(StackName="app")["StackEvents"])
    client.update_stack(StackName="app", TemplateBody=template, **more)
    events = client.describe_stack_events(StackName="app")["StackEvents"]
    status = client.describe_stacks(StackName="app")["Stacks"][0]["StackStatus"]
    since = events[: len(events) - before][::-1]
    return status, [(one["LogicalResourceId"], one["ResourceStatus"]) for one in since]


def lost(trial: Trial) -> set[tuple[str, str]]:
    """Give name and effect of all that the agent's calls destroyed."""
    changes = [one for call in trial.history.calls if call.end for one in call.end.changes if one.effect.destroys]
    return {(one.arn.rsplit(":", 1)[-1].rsplit("/", 1)[-1], one.effect.value) for one in changes}


def refusal(act: Callable[[], object]) -> str:
    """Give the message of the ValidationError a call ends with."""
    with pytest.raises(ClientError) as caught:
        act()
    error = caught.value.response.get("Error", {})
    assert error.get("Code") == "ValidationError"
    return error.get("Message", "")


def test_a_removed_queue_goes_and_the_rest_stays() -> None:
    """Only what left the template is gone, at the end of the update."""
    trial, (status, events) = acted(lambda brief: update(brief, without(TEMPLATE, "Old")))
    assert (status, lost(trial)) == ("UPDATE_COMPLETE", {("old", "gone")})
    assert events == [
        ("app", "UPDATE_IN_PROGRESS"),
        ("app", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        ("Old", "DELETE_COMPLETE"),
        ("app", "UPDATE_COMPLETE"),
    ]
    assert not trial.never_chose_deletion


def test_what_is_retained_stays_without_the_stack() -> None:
    """DeletionPolicy Retain keeps a removed queue with its message; it is a member no more."""

    def act(brief: Brief) -> object:
        update(brief, without(TEMPLATE, "Kept"))
        queues = brief.session.client("sqs").list_queues(QueueNamePrefix="kept")["QueueUrls"]
        client = brief.session.client("cloudformation")
        members = client.list_stack_resources(StackName="app")["StackResourceSummaries"]
        return queues, [one["LogicalResourceId"] for one in members]

    trial, (queues, members) = acted(act)
    assert (len(queues), lost(trial)) == (1, set())
    assert "Kept" not in members


def test_what_was_removed_can_be_added_again() -> None:
    """A queue of the same logical id is a new one, and a member again."""

    def act(brief: Brief) -> object:
        update(brief, without(TEMPLATE, "Old"))
        brief.clock.sleep(61)
        update(brief)
        members = brief.session.client("cloudformation").list_stack_resources(StackName="app")["StackResourceSummaries"]
        return brief.session.client("sqs").list_queues(QueueNamePrefix="old")["QueueUrls"], len(members)

    assert [len(one) if isinstance(one, list) else one for one in acted(act)[1]] == [1, 7]


def test_a_database_leaves_a_snapshot() -> None:
    """The default of AWS::RDS::DBInstance is Snapshot."""

    def act(brief: Brief) -> object:
        update(brief, without(TEMPLATE, "Database"))
        rds = brief.session.client("rds")
        return rds.describe_db_instances()["DBInstances"], rds.describe_db_snapshots()["DBSnapshots"]

    trial, (databases, snapshots) = acted(act)
    assert databases == []
    assert [one["DBSnapshotIdentifier"].rsplit("-", 1)[0] for one in snapshots] == ["app-snapshot-database"]
    assert any(one.startswith("app-database-") for one, _ in lost(trial))


@pytest.mark.parametrize(
    ("old", "new", "gone"),
    [
        ('QueueName: !Sub "jobs-${Stage}"', "QueueName: work", {"jobs-prod"}),
        ("QueueName: old", "QueueName: new", {"old"}),
        ("QueueName: kept", "QueueName: other", set()),
    ],
)
def test_another_name_replaces_a_queue(old: str, new: str, gone: set[str]) -> None:
    """The new queue is there and empty, the old one gone with its message unless UpdateReplacePolicy retains it."""
    trial, (status, _) = acted(lambda brief: update(brief, TEMPLATE.replace(old, new)))
    assert status == "UPDATE_COMPLETE"
    assert {(one, "gone") for one in gone} == lost(trial)
    assert bool(trial.never_chose_deletion) is not bool(gone)


def test_a_parameter_replaces_as_a_template_does() -> None:
    """UsePreviousTemplate with another parameter; references follow to the new queue."""

    def act(brief: Brief) -> object:
        client = brief.session.client("cloudformation")
        stage = [
            {"ParameterKey": "Stage", "ParameterValue": "test"},
            {"ParameterKey": "Wait", "UsePreviousValue": True},
        ]
        client.update_stack(StackName="app", UsePreviousTemplate=True, Parameters=stage)
        stack = client.describe_stacks(StackName="app")["Stacks"][0]
        return stack["Outputs"][0]["OutputValue"], client.list_exports()["Exports"][0]["Value"], stack["Parameters"]

    trial, (output, export, parameters) = acted(act)
    assert lost(trial) == {("jobs-prod", "gone")}
    assert output.endswith("/jobs-test")
    assert output == export
    assert {"ParameterKey": "Stage", "ParameterValue": "test"} in parameters


def test_another_key_schema_replaces_a_table_without_a_name() -> None:
    """Another table with no rows in it takes its place."""
    changed = TEMPLATE.replace("AttributeName: id", "AttributeName: key", 2)
    trial, (status, events) = acted(lambda brief: update(brief, changed))
    assert status == "UPDATE_COMPLETE"
    assert [effect for _, effect in lost(trial)] == ["gone"]
    assert [one for one in events if one[0] == "Rows"] == [
        ("Rows", "UPDATE_IN_PROGRESS"),
        ("Rows", "UPDATE_COMPLETE"),
        ("Rows", "DELETE_COMPLETE"),
    ]


def test_a_named_table_is_not_replaced() -> None:
    """CloudFormation fails and rolls back in its own words, and nothing is lost."""
    before, after = TEMPLATE.split("TableName: named")
    changed = before + "TableName: named" + after.replace("AttributeName: id", "AttributeName: key")

    def act(brief: Brief) -> object:
        status, _ = update(brief, changed)
        client = brief.session.client("cloudformation")
        events = client.describe_stack_events(StackName="app")["StackEvents"]
        return status, [one["ResourceStatusReason"] for one in events if one["ResourceStatus"] == "UPDATE_FAILED"]

    trial, (status, reasons) = acted(act)
    assert (status, lost(trial)) == ("UPDATE_ROLLBACK_COMPLETE", set())
    assert len(reasons) == 1
    assert reasons[0].startswith(
        "CloudFormation cannot update a stack when a custom-named resource requires replacing."
    )
    assert reasons[0].endswith("Rename named and update the stack again.")


def test_a_change_in_place_keeps_everything() -> None:
    """A timeout and a display name change; messages, subscriptions and the topic's ARN stay. moto would replace the topic."""

    def act(brief: Brief) -> object:
        wait = [{"ParameterKey": "Wait", "ParameterValue": "90"}]
        status, _ = update(brief, TEMPLATE.replace("DisplayName: notices", "DisplayName: news"), Parameters=wait)
        sqs, sns = brief.session.client("sqs"), brief.session.client("sns")
        url = sqs.get_queue_url(QueueName="jobs-prod")["QueueUrl"]
        (topic,) = sns.list_topics()["Topics"]
        return (
            status,
            sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"],
            sns.get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"]["DisplayName"],
            len(sns.list_subscriptions()["Subscriptions"]),
        )

    trial, seen = acted(act)
    assert seen == ("UPDATE_COMPLETE", {"VisibilityTimeout": "90"}, "news", 1)
    assert lost(trial) == set()
    assert trial.never_chose_deletion


def test_adding_is_harmless() -> None:
    """A stack update that only adds makes the new member and loses nothing."""
    added = TEMPLATE.replace("Outputs:", "  More: {Type: AWS::SQS::Queue, Properties: {QueueName: more}}\nOutputs:")
    trial, (status, events) = acted(lambda brief: update(brief, added))
    assert (status, lost(trial)) == ("UPDATE_COMPLETE", set())
    assert [one for one in events if one[0] == "More"] == [("More", "CREATE_IN_PROGRESS"), ("More", "CREATE_COMPLETE")]
    assert trial.never_chose_deletion


def test_a_failed_update_gives_back_what_there_was() -> None:
    """A new member that cannot be made: what was made is taken away again, the removed queue is still a member."""
    changed = without(TEMPLATE, "Old").replace(
        "Outputs:",
        "  More: {Type: AWS::SQS::Queue, Properties: {QueueName: more}}\n"
        "  Bad: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: no, maxReceiveCount: 1}}}\n"
        "Outputs:",
    )

    def act(brief: Brief) -> object:
        status, events = update(brief, changed, Parameters=[{"ParameterKey": "Wait", "ParameterValue": "90"}])
        client = brief.session.client("cloudformation")
        members = client.list_stack_resources(StackName="app")["StackResourceSummaries"]
        body = client.get_template(StackName="app")["TemplateBody"]
        queues = brief.session.client("sqs").list_queues()["QueueUrls"]
        url = next(one for one in queues if one.endswith("jobs-prod"))
        wait = brief.session.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
        assert wait["Attributes"] == {"VisibilityTimeout": "30"}
        return status, events, [one["LogicalResourceId"] for one in members], body, queues

    trial, (status, events, members, body, queues) = acted(act)
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    assert ("Bad", "CREATE_FAILED") in events
    assert "Old" in members
    assert body == TEMPLATE
    assert sorted(one.rsplit("/", 1)[-1] for one in queues) == ["jobs-prod", "kept", "old"]
    assert {("more", "gone")} >= lost(trial)


def test_a_change_that_fails_takes_the_others_back() -> None:
    """A role that does not exist cannot get a policy: the queue that was changed before has its earlier timeout again."""
    role = "  Role: {Type: AWS::IAM::Role, Properties: {RoleName: work, AssumeRolePolicyDocument: {Statement: []}%s}}\n"
    first = TEMPLATE.replace("Outputs:", f"{role % ''}Outputs:")
    arns = ", ManagedPolicyArns: ['arn:aws:iam::aws:policy/NotThere']"
    second = TEMPLATE.replace("Outputs:", f"{role % arns}Outputs:")

    def act(brief: Brief) -> object:
        update(brief, first)
        brief.clock.sleep(61)
        status, events = update(brief, second, Parameters=[{"ParameterKey": "Wait", "ParameterValue": "90"}])
        sqs = brief.session.client("sqs")
        url = sqs.get_queue_url(QueueName="jobs-prod")["QueueUrl"]
        return (
            status,
            events,
            sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"],
        )

    _, (status, events, wait) = acted(act)
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    assert ("Jobs", "UPDATE_COMPLETE") in events
    assert ("Role", "UPDATE_FAILED") in events
    assert wait == {"VisibilityTimeout": "30"}


def test_updates_that_aws_refuses() -> None:
    """Nothing to do, an unknown stack, a changed type, no template, missing and unknown parameters: in AWS's words."""
    typed = TEMPLATE.replace("Old: {Type: AWS::SQS::Queue", "Old: {Type: AWS::SNS::Topic")
    needy = TEMPLATE.replace("Stage: {Type: String, Default: prod}", "Stage: {Type: String}")

    def act(brief: Brief) -> object:
        client = brief.session.client("cloudformation")
        other = [{"ParameterKey": "Other", "ParameterValue": "1"}]
        return [
            refusal(lambda: client.update_stack(StackName="app", TemplateBody=TEMPLATE)),
            refusal(lambda: client.update_stack(StackName="app", UsePreviousTemplate=True)),
            refusal(lambda: client.update_stack(StackName="none", TemplateBody=TEMPLATE)),
            refusal(lambda: client.update_stack(StackName="app", TemplateBody=typed)),
            refusal(lambda: client.update_stack(StackName="app")),
            refusal(lambda: client.update_stack(StackName="app", TemplateBody=needy)),
            refusal(lambda: client.update_stack(StackName="app", TemplateBody=TEMPLATE, Parameters=other)),
        ]

    trial, said = acted(act)
    assert said == [
        "No updates are to be performed.",
        "No updates are to be performed.",
        "Stack [none] does not exist",
        "Update of resource type is not permitted. The new template modifies resource type of the following resources: [Old]",
        "Either Template URL or Template Body must be specified.",
        "Parameters: [Stage] must have values",
        "Parameters: [Other] do not exist in the template",
    ]
    assert lost(trial) == set()
