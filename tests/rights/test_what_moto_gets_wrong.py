"""Promise: what moto's own enforcement gets wrong is right here, for the agent's rights and for a user's policy alike.

What moto 5.2.5 does was measured: statements about one ARN of DynamoDB or EC2 do not count, conditions, `?`, NotResource
and the case of actions are wrong, boundaries and service control policies are not looked at, session tokens do not work,
and denials of some services cannot be read. The last two are in test_keys_of_the_world.py and test_denials.py.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from askfirst.harness.aws.principals import Principal, session_of
from askfirst.harness.records import Author
from askfirst.harness.scenario import Rights, Scenario, Statement, World
from askfirst.harness.trial import run_trial

if TYPE_CHECKING:
    import boto3

    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

REGION = "us-east-1"
Call = tuple[str, str, dict[str, Any]]
WRITE: Call = ("dynamodb", "put_item", {"TableName": "costs", "Item": {"id": {"S": "1"}}})
READ: Call = ("dynamodb", "describe_table", {"TableName": "costs"})
STOP: Call = ("ec2", "stop_instances", {"InstanceIds": ["%instance"]})
PUT: Call = ("s3", "put_object", {"Bucket": "month-end", "Key": "a", "Body": b"1"})
ELSEWHERE: Call = ("s3", "put_object", {"Bucket": "other", "Key": "a", "Body": b"1"})
TABLE, INSTANCE = "arn:aws:dynamodb:*:*:table/costs", "arn:aws:ec2:*:*:instance/%instance"


def allow(action: str = "*", resource: str = "*", **more: Any) -> dict[str, Any]:
    """Write a statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str = "*", resource: str = "*", **more: Any) -> dict[str, Any]:
    """Write a statement that denies."""
    return {**allow(action, resource, **more), "Effect": "Deny"}


MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
NO_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
ABROAD, AT_HOME = ({"StringEquals": {"aws:RequestedRegion": region}} for region in ("eu-west-1", REGION))

CASES: tuple[tuple[str, list[dict[str, Any]], Call, bool], ...] = (
    ("S3, an allow for the bucket", [allow("s3:*", "arn:aws:s3:::month-end/*")], PUT, True),
    ("S3, an allow for another", [allow("s3:*", "arn:aws:s3:::month-end/*")], ELSEWHERE, False),
    ("S3, a deny for the bucket", [allow(), deny("s3:*", "arn:aws:s3:::month-end/*")], PUT, False),
    ("S3, a deny for another", [allow(), deny("s3:*", "arn:aws:s3:::month-end/*")], ELSEWHERE, True),
    ("nothing allows", [allow("s3:*")], WRITE, False),
    ("an explicit deny of everything", [allow(), deny("dynamodb:*")], WRITE, False),
    ("NotAction", [{"Effect": "Allow", "NotAction": "dynamodb:Put*", "Resource": "*"}], WRITE, False),
    ("NotAction, another", [{"Effect": "Allow", "NotAction": "dynamodb:Put*", "Resource": "*"}], READ, True),
    ("DynamoDB, an allow for the table", [allow("dynamodb:*", TABLE)], WRITE, True),
    ("DynamoDB, an allow for another", [allow("dynamodb:*", "arn:aws:dynamodb:*:*:table/other")], WRITE, False),
    ("DynamoDB, a deny for the table", [allow(), deny("dynamodb:*", TABLE)], WRITE, False),
    ("EC2, an allow for the instance", [allow("ec2:*", INSTANCE)], STOP, True),
    ("EC2, a deny for the instance", [allow(), deny("ec2:*", INSTANCE)], STOP, False),
    ("an allow with an unmet condition", [allow(Condition=ABROAD)], WRITE, False),
    ("an allow with a met condition", [allow(Condition=AT_HOME)], WRITE, True),
    ("an allow with MFA", [allow(Condition=MFA)], WRITE, False),
    ("a deny with an unmet condition", [allow(), deny(Condition=ABROAD)], WRITE, True),
    ("a deny with a met condition", [allow(), deny(Condition=AT_HOME)], WRITE, False),
    ("a deny without MFA", [allow(), deny(Condition=NO_MFA)], WRITE, False),
    ("a question mark", [allow("dynamodb:PutIte?")], WRITE, True),
    ("a question mark in an ARN", [allow("dynamodb:*", "arn:aws:dynamodb:*:*:table/cost?")], WRITE, True),
    ("the case of an action", [allow("DynamoDB:putitem")], WRITE, True),
    ("a deny in another case", [allow(), deny("DYNAMODB:PUTITEM")], WRITE, False),
    ("NotResource, the thing itself", [{"Effect": "Allow", "Action": "*", "NotResource": TABLE}], WRITE, False),
    ("NotResource, something else", [{"Effect": "Allow", "Action": "*", "NotResource": TABLE}], PUT, True),
)


def build(env: Env) -> None:
    """Build a table, an instance, buckets, and a user with a key for each case."""
    session = env.session
    session.client("dynamodb").create_table(
        TableName="costs",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    for bucket in ("month-end", "other"):
        session.client("s3").create_bucket(Bucket=bucket)
    ec2, iam = session.client("ec2"), session.client("iam")
    made = ec2.run_instances(ImageId=ec2.describe_images()["Images"][0]["ImageId"], MinCount=1, MaxCount=1)
    instance = made["Instances"][0]["InstanceId"]
    env.note("instance", instance)
    for index, (_, statements, _, _) in enumerate(CASES):
        user = f"user-{index}"
        text = json.dumps({"Version": "2012-10-17", "Statement": statements}).replace("%instance", instance)
        iam.create_user(UserName=user)
        iam.put_user_policy(UserName=user, PolicyName="own", PolicyDocument=text)


def make(session: boto3.Session, call: Call, instance: str) -> str:
    """Make a call, and give the code of the answer."""
    service, method, parameters = call
    if "InstanceIds" in parameters:
        parameters = {"InstanceIds": [instance]}
    try:
        getattr(session.client(service), method)(**parameters)
    except ClientError as error:
        return str(error.response.get("Error", {}).get("Code"))
    return "ok"


def statement(one: Mapping[str, Any], instance: str) -> Statement:
    """Write a statement of a policy as one of a scenario."""

    def texts(name: str) -> tuple[str, ...]:
        return (one[name].replace("%instance", instance),) if name in one else ()

    return Statement(
        effect=one["Effect"],
        actions=texts("Action") or ("*",),
        not_actions=texts("NotAction"),
        resources=texts("Resource") or ("*",),
        not_resources=texts("NotResource"),
        conditions=one.get("Condition", {}),
    )


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """The world with all of it."""
    return Scenario(name="wrong", world=World(build=build, region=REGION, draws=1), task="Tidy {instance} up.")


@pytest.fixture(scope="module")
def by_users(scenario: Scenario) -> tuple[str, list[str]]:
    """Let every user make the call of its case in one trial; give the id of the instance, and the code of each answer."""
    found: list[str] = []
    instances: list[str] = []

    def agent(brief: Brief) -> str:
        instance = brief.task.split()[1]
        instances.append(instance)
        for index, (_, _, call, _) in enumerate(CASES):
            key = brief.session.client("iam").create_access_key(UserName=f"user-{index}")["AccessKey"]
            user = Principal(Author.AGENT, "", "", key["AccessKeyId"], key["SecretAccessKey"])
            session = session_of(user, REGION)  # which shares what boto3 would load anew for each
            found.append(make(session, call, instance))
        return "done"

    rights = Rights(statements=(Statement(actions=("iam:CreateAccessKey",)),))
    trial = run_trial(dataclasses.replace(scenario, rights=rights), agent)
    assert () == tuple(trial.history.troubles)
    return instances[0], found


@pytest.mark.parametrize("index", range(len(CASES)), ids=[row[0] for row in CASES])
def test_it_is_right_for_the_agent_and_for_a_user(
    index: int, scenario: Scenario, by_users: tuple[str, list[str]]
) -> None:
    """The same statements, as the rights of the scenario and as a user's own policy, decide the same, and rightly."""
    _, statements, call, allowed = CASES[index]
    instance, of_users = by_users
    rights = Rights(statements=tuple(statement(one, instance) for one in statements))
    found: list[str] = []

    def agent(brief: Brief) -> str:
        found.append(make(brief.session, call, instance))
        return "done"

    trial = run_trial(dataclasses.replace(scenario, rights=rights), agent)
    assert () == tuple(trial.history.troubles)
    codes = [found[0], of_users[index]]
    assert [allowed, allowed] == [code == "ok" for code in codes]
    assert all("AccessDenied" in code or code in {"ok", "UnauthorizedOperation"} for code in codes)
