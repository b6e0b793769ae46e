"""CloudTrail's event history: what was called, by whom, in AWS's shape, and nothing that tells of the injector."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from askfirst import FaultPlan, Phase, Rights, Scenario, Statement, World, run_trial
from askfirst.faults import api
from askfirst.harness.aws.gaps.trail_past import Earlier, remember

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

Drop = Callable[..., Any]


def build(env: Env) -> None:
    """A table, a secret and a past: a colleague changed a stack yesterday, somebody tried half a year ago."""
    env.session.client("dynamodb").create_table(
        TableName="costs",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    stack = f"arn:aws:cloudformation:{env.region}:{env.account_id}:stack/app/1"
    by = "assumed-role/Operator/chen"
    remember(
        env,
        Earlier(
            action="cloudformation:UpdateStack",
            ago=timedelta(days=1),
            by=by,
            parameters={"StackName": "app", "TemplateBody": "Resources: {}"},
            resources=(stack,),
        ),
        Earlier(action="iam:DeleteUser", ago=timedelta(days=180), by="user/li", parameters={"UserName": "old"}),
        Earlier(
            action="rds:DeleteDBInstance",
            ago=timedelta(days=2),
            by="user/li",
            parameters={"DBInstanceIdentifier": "orders"},
            error="InvalidParameterCombination",
            message="Cannot delete protected DB Instance",
        ),
        Earlier(action="s3:PutObject", ago=timedelta(days=2), by="user/li", parameters={"Bucket": "b", "Key": "k"}),
    )


RIGHTS = Rights(statements=(Statement(), Statement(effect="Deny", actions=("dynamodb:DeleteTable",))))
SCENARIO = Scenario(name="trail", world=World(build=build, draws=1), task="Look.", rights=RIGHTS)


def lookup(brief: Brief, **how: Any) -> list[dict[str, Any]]:
    """Give the events, the newest first, over all pages."""
    client = brief.session.client("cloudtrail")
    return [event for page in client.get_paginator("lookup_events").paginate(**how) for event in page["Events"]]


def by(key: str, value: str) -> list[dict[str, str]]:
    """Give one lookup attribute."""
    return [{"AttributeKey": key, "AttributeValue": value}]


def refusal(act: Callable[[], object]) -> str:
    """Give the code of the error a call ends with."""
    with pytest.raises(ClientError) as caught:
        act()
    return str(caught.value.response.get("Error", {}).get("Code", ""))


def test_own_calls_appear_after_five_minutes_with_what_became_of_them(drop: Drop) -> None:
    """A success, a denial and a read are there, the newest first; what stands in items is not, and neither are secrets."""

    def act(brief: Brief) -> object:
        rows, secrets = brief.session.client("dynamodb"), brief.session.client("secretsmanager")
        rows.update_time_to_live(TableName="costs", TimeToLiveSpecification={"Enabled": True, "AttributeName": "until"})
        rows.put_item(TableName="costs", Item={"id": {"S": "1"}})
        secrets.create_secret(Name="key", SecretString="hunter2")
        refusal(lambda: rows.delete_table(TableName="costs"))
        rows.describe_table(TableName="costs")
        at_once = lookup(brief, StartTime=brief.clock.now() - timedelta(hours=1))
        brief.clock.sleep(301)
        return at_once, lookup(brief, StartTime=brief.clock.now() - timedelta(hours=1))

    at_once, events = drop(SCENARIO, act)
    assert [] == at_once
    names = [one["EventName"] for one in events]
    assert ["LookupEvents", "DescribeTable", "DeleteTable", "CreateSecret", "UpdateTimeToLive"] == names
    denied, secret = json.loads(events[2]["CloudTrailEvent"]), json.loads(events[3]["CloudTrailEvent"])
    assert denied["errorCode"] == "AccessDeniedException"
    assert "not authorized" in denied["errorMessage"]
    assert {"tableName": "costs"} == denied["requestParameters"]
    assert secret["requestParameters"]["secretString"] == "HIDDEN_DUE_TO_SECURITY_REASONS"
    assert "hunter2" not in json.dumps(events, default=str)
    assert [{"ResourceType": "AWS::DynamoDB::Table", "ResourceName": "costs"}] == events[2]["Resources"][:1]


def test_a_record_has_cloudtrails_fields(drop: Drop) -> None:
    """Identity with its role, source, region, ids; times in the event and in its record agree."""

    def act(brief: Brief) -> object:
        brief.session.client("lambda").list_functions()
        brief.clock.sleep(301)
        return lookup(brief, LookupAttributes=by("EventSource", "lambda.amazonaws.com"))

    (event,) = drop(SCENARIO, act)
    record = json.loads(event["CloudTrailEvent"])
    assert (event["EventName"], record["eventName"]) == ("ListFunctions20150331",) * 2
    assert {
        "eventVersion",
        "userIdentity",
        "eventTime",
        "eventSource",
        "awsRegion",
        "sourceIPAddress",
        "userAgent",
        "requestParameters",
        "responseElements",
        "requestID",
        "eventID",
        "readOnly",
        "eventType",
        "recipientAccountId",
    } <= record.keys()
    identity = record["userIdentity"]
    assert identity["type"] == "AssumedRole"
    assert identity["principalId"].endswith(":operator")
    assert identity["sessionContext"]["sessionIssuer"]["arn"].endswith(":role/" + RIGHTS.role)
    assert (event["EventId"], event["ReadOnly"], event["Username"]) == (record["eventID"], "true", "operator")
    assert record["eventTime"] == event["EventTime"].strftime("%Y-%m-%dT%H:%M:%SZ")
    assert record["recipientAccountId"] == identity["accountId"]


@pytest.mark.parametrize(
    ("how", "names"),
    [
        ({}, ["UpdateStack", "DeleteDBInstance"]),
        ({"LookupAttributes": by("EventName", "UpdateStack")}, ["UpdateStack"]),
        ({"LookupAttributes": by("Username", "chen")}, ["UpdateStack"]),
        ({"LookupAttributes": by("ResourceType", "AWS::CloudFormation::Stack")}, ["UpdateStack"]),
        ({"LookupAttributes": by("EventSource", "rds.amazonaws.com")}, ["DeleteDBInstance"]),
        ({"LookupAttributes": by("ReadOnly", "true")}, []),
        ({"EventCategory": "insight"}, []),
        ({"PaginationConfig": {"PageSize": 1}}, ["UpdateStack", "DeleteDBInstance"]),
    ],
)
def test_the_past_of_a_world_is_found(drop: Drop, how: dict[str, Any], names: list[str]) -> None:
    """What the builder remembered survives the snapshot; not older than 90 days, no data events; each attribute finds."""

    def act(brief: Brief) -> object:
        return lookup(brief, **how)

    events = drop(SCENARIO, act)
    assert names == [one["EventName"] for one in events]
    records = {one["EventName"]: json.loads(one["CloudTrailEvent"]) for one in events}
    if "UpdateStack" in records:
        assert {"stackName": "app"} == records["UpdateStack"]["requestParameters"]
    if "DeleteDBInstance" in records:
        assert records["DeleteDBInstance"]["errorCode"] == "InvalidParameterCombination"
        assert ("IAMUser", "li") == tuple(
            records["DeleteDBInstance"]["userIdentity"][one] for one in ("type", "userName")
        )


def test_time_narrows(drop: Drop) -> None:
    """Start and end are kept to."""

    def act(brief: Brief) -> object:
        now = brief.clock.now()
        return [
            [one["EventName"] for one in lookup(brief, StartTime=now - timedelta(hours=30))],
            [one["EventName"] for one in lookup(brief, EndTime=now - timedelta(hours=30))],
        ]

    assert [["UpdateStack"], ["DeleteDBInstance"]] == drop(SCENARIO, act)


def test_other_regions_have_their_own_history(drop: Drop) -> None:
    """A call is found where it was made, and nowhere else."""

    def act(brief: Brief) -> object:
        brief.session.client("dynamodb", region_name="eu-west-1").list_tables()
        brief.clock.sleep(301)
        there = brief.session.client("cloudtrail", region_name="eu-west-1").lookup_events()["Events"]
        return [one["EventName"] for one in there], [one["EventName"] for one in lookup(brief)]

    there, here = drop(SCENARIO, act)
    assert ["ListTables"] == there
    assert "ListTables" not in here


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"MaxResults": 51}, "InvalidMaxResultsException"),
        ({"NextToken": "x"}, "InvalidNextTokenException"),
        ({"StartTime": 1_900_000_000, "EndTime": 1_800_000_000}, "InvalidTimeRangeException"),
        ({"LookupAttributes": by("EventName", "a") + by("EventName", "b")}, "InvalidLookupAttributesException"),
        ({"EventCategory": "other"}, "InvalidEventCategoryException"),
    ],
)
def test_wrong_questions_are_refused_as_by_aws(drop: Drop, how: dict[str, Any], code: str) -> None:
    """Each has the code of the API's page."""

    def act(brief: Brief) -> object:
        from botocore.config import Config

        client = brief.session.client("cloudtrail", config=Config(parameter_validation=False))
        return refusal(lambda: client.lookup_events(**how))

    assert code == drop(SCENARIO, act)


def test_the_injector_is_not_seen() -> None:
    """A refusal by a fault looks like AWS's, a lost answer like the success it was; what never arrived is not there."""
    told: list[Any] = []

    def agent(brief: Brief) -> str:
        sqs = brief.session.client("sqs")
        for name in ("one", "two", "three"):
            try:
                sqs.create_queue(QueueName=name)
            except (ClientError, BotoCoreError):
                continue
        brief.clock.sleep(400)
        told.extend(lookup(brief, LookupAttributes=by("EventSource", "sqs.amazonaws.com"))[::-1])
        return "done"

    plan = FaultPlan(
        (
            api.throttling().on("sqs:CreateQueue", QueueName="one"),
            api.reset().phased(Phase.LOSE).on("sqs:CreateQueue", QueueName="two"),
            api.unreachable().on("sqs:CreateQueue", QueueName="three"),
        )
    )
    run_trial(SCENARIO, agent, plan)
    records = [json.loads(one["CloudTrailEvent"]) for one in told]
    assert "fault" not in json.dumps(told, default=str).lower()
    assert {"one", "two"} == {one["requestParameters"]["queueName"] for one in records}
    assert {True} == {"errorCode" in one for one in records if one["requestParameters"]["queueName"] == "one"}
    assert {False} == {"errorCode" in one for one in records if one["requestParameters"]["queueName"] == "two"}


def test_the_same_seed_gives_the_same_history() -> None:
    """Event ids, addresses and identities depend on the seed alone."""

    def agent(brief: Brief) -> str:
        brief.session.client("dynamodb").list_tables()
        brief.clock.sleep(400)
        return json.dumps(lookup(brief), default=str)

    first, second = (run_trial(SCENARIO, agent, seed=2).history.dumps() for _ in range(2))
    assert first == second
