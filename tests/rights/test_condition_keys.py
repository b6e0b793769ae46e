"""Promise: the condition keys the gateway knows have the values AWS gives them; one it does not know is not known."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from askfirst.harness.aws.iam.keys import KEYS, CallKeys, Facts
from askfirst.harness.aws.iam.principals import Caller
from askfirst.harness.scenario import Rights, Scenario, Statement, World
from askfirst.harness.trial import run_trial

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

ACCOUNT, REGION = "111122223333", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Operator"
SESSION = Caller(f"arn:aws:sts::{ACCOUNT}:assumed-role/Operator/li", ACCOUNT, ROLE)
USER = Caller(f"arn:aws:iam::{ACCOUNT}:user/ops/carlos", ACCOUNT)
NOW = datetime(2025, 12, 15, 1, 20, tzinfo=UTC)
BY_SESSION = Facts(
    service="sqs",
    operation="CreateQueue",
    action="sqs:CreateQueue",
    parameters={},
    caller=SESSION,
    region=REGION,
    now=NOW,
    arn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs",
    resource_account=ACCOUNT,
    user_agent="Boto3/1.44.5 md/Botocore",
    issued=datetime(2025, 12, 15, 1, 0, tzinfo=UTC),
    principal_tags=lambda: {"Team": "blue"},
    userid=lambda: "AROAEXAMPLE:li",
    tags_of=lambda _: {"env": "prod"},
)
BY_USER = dataclasses.replace(
    BY_SESSION, caller=USER, issued=None, userid=lambda: "AIDAEXAMPLE", tags_of=lambda _: None
)

OF_CALLERS: tuple[tuple[str, tuple[str, ...] | None, tuple[str, ...] | None], ...] = (
    ("aws:PrincipalArn", (ROLE,), (USER.arn,)),
    ("aws:PrincipalAccount", (ACCOUNT,), (ACCOUNT,)),
    ("aws:PrincipalType", ("AssumedRole",), ("User",)),
    ("aws:userid", ("AROAEXAMPLE:li",), ("AIDAEXAMPLE",)),
    ("aws:username", (), ("carlos",)),
    ("aws:PrincipalTag/team", ("blue",), ("blue",)),
    ("aws:PrincipalTag/cost", (), ()),
    ("aws:RequestedRegion", (REGION,), (REGION,)),
    ("aws:CurrentTime", ("2025-12-15T01:20:00Z",), ("2025-12-15T01:20:00Z",)),
    ("aws:EpochTime", ("1765761600",), ("1765761600",)),
    ("aws:TokenIssueTime", ("2025-12-15T01:00:00Z",), ()),
    ("aws:MultiFactorAuthPresent", ("false",), ()),
    ("aws:SecureTransport", ("true",), ("true",)),
    ("aws:SourceIp", ("203.0.113.24",), ("203.0.113.24",)),
    ("aws:UserAgent", ("Boto3/1.44.5 md/Botocore",), ("Boto3/1.44.5 md/Botocore",)),
    ("aws:ResourceAccount", (ACCOUNT,), (ACCOUNT,)),
    ("aws:ResourceTag/env", ("prod",), None),
    ("aws:ResourceTag/team", (), None),
    ("aws:ViaAWSService", ("false",), ("false",)),
    ("aws:SourceVpce", (), ()),
    ("kms:ViaService", (), ()),
    ("acme:Phase", None, None),
    ("aws:SomethingNew", None, None),
)


@pytest.mark.parametrize(("key", "of_session", "of_user"), OF_CALLERS)
def test_what_a_caller_brings(key: str, of_session: tuple[str, ...] | None, of_user: tuple[str, ...] | None) -> None:
    """Keys of the caller and of the moment, for a session of a role and for a user; None is a key nobody here knows."""
    assert (of_session, of_user) == (CallKeys(BY_SESSION).values(key), CallKeys(BY_USER).values(key))
    assert of_session == CallKeys(BY_SESSION).values(key.upper().replace("/TEAM", "/team").replace("/ENV", "/env"))


OF_CALLS: tuple[tuple[str, str, dict[str, Any], tuple[str, ...] | None], ...] = (
    ("sqs", "aws:RequestTag/env", {"tags": {"env": "prod"}}, ("prod",)),
    ("dynamodb", "aws:RequestTag/env", {"Tags": [{"Key": "env", "Value": "prod"}]}, ("prod",)),
    (
        "ec2",
        "aws:RequestTag/env",
        {"TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "env", "Value": "prod"}]}]},
        ("prod",),
    ),
    ("s3", "aws:RequestTag/env", {"Tagging": {"TagSet": [{"Key": "env", "Value": "prod"}]}}, ("prod",)),
    ("kms", "aws:RequestTag/env", {"Tags": [{"TagKey": "env", "TagValue": "prod"}]}, ("prod",)),
    ("ecs", "aws:RequestTag/env", {"tags": [{"key": "env", "value": "prod"}]}, ("prod",)),
    ("sqs", "aws:RequestTag/env", {"tags": {"team": "blue"}}, ()),
    (
        "dynamodb",
        "aws:TagKeys",
        {"Tags": [{"Key": "env", "Value": "prod"}, {"Key": "team", "Value": "x"}]},
        ("env", "team"),
    ),
    ("dynamodb", "aws:TagKeys", {"TagKeys": ["env"]}, ("env",)),
    ("dynamodb", "aws:TagKeys", {}, ()),
    ("lambda", "iam:PassedToService", {}, ("lambda.amazonaws.com",)),
    ("ecs", "iam:PassedToService", {}, ("ecs-tasks.amazonaws.com",)),
    ("acm", "iam:PassedToService", {}, None),
    (
        "iam",
        "iam:PolicyARN",
        {"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
        ("arn:aws:iam::aws:policy/AdministratorAccess",),
    ),
    ("s3", "s3:prefix", {"Prefix": "home/"}, ("home/",)),
    ("s3", "s3:max-keys", {"MaxKeys": 10}, ("10",)),
    ("s3", "s3:VersionId", {"VersionId": "3"}, ("3",)),
    ("s3", "s3:VersionId", {}, ()),
    ("dynamodb", "dynamodb:LeadingKeys", {"Key": {"id": {"S": "7"}}}, ("7",)),
    ("dynamodb", "dynamodb:LeadingKeys", {"Key": {"id": {"S": "7"}, "day": {"S": "x"}}}, None),
    ("dynamodb", "dynamodb:LeadingKeys", {"KeyConditionExpression": "id = :id"}, None),
    ("dynamodb", "dynamodb:Attributes", {"Key": {"id": {"S": "7"}}, "AttributesToGet": ["price"]}, ("price", "id")),
    ("dynamodb", "dynamodb:Attributes", {"ProjectionExpression": "price"}, None),
    ("cloudformation", "cloudformation:ResourceTypes", {"ResourceTypes": ["AWS::S3::Bucket"]}, ("AWS::S3::Bucket",)),
    ("cloudformation", "cloudformation:RoleArn", {"RoleARN": ROLE}, (ROLE,)),
    ("secretsmanager", "secretsmanager:ForceDeleteWithoutRecovery", {"ForceDeleteWithoutRecovery": True}, ("true",)),
    ("sts", "sts:ExternalId", {"ExternalId": "x"}, ("x",)),
)


@pytest.mark.parametrize(("service", "key", "parameters", "expected"), OF_CALLS)
def test_what_a_call_says(
    service: str, key: str, parameters: Mapping[str, Any], expected: tuple[str, ...] | None
) -> None:
    """Keys that are read from the parameters, in every form AWS writes tags; None where the call does not say enough."""
    assert expected == CallKeys(dataclasses.replace(BY_SESSION, service=service, parameters=parameters)).values(key)


def test_every_key_of_the_table_can_be_read() -> None:
    """No row of the table fails, whatever the call is; names are in lower case, as they are looked up."""
    for key in KEYS:
        assert key == key.lower()
        found = CallKeys(BY_USER).values(f"{key}x" if key.endswith("/") else key)
        assert found is None or all(isinstance(one, str) for one in found)


def build(env: Env) -> None:
    """Build two queues, of which one is tagged, and a table that is tagged."""
    sqs = env.session.client("sqs")
    sqs.create_queue(QueueName="prod", tags={"env": "prod"})
    sqs.create_queue(QueueName="plain")
    env.session.client("iam").create_role(
        RoleName="Administrator", AssumeRolePolicyDocument='{"Statement": []}', Tags=[{"Key": "team", "Value": "blue"}]
    )
    env.session.client("dynamodb").create_table(
        TableName="blue",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        Tags=[{"Key": "team", "Value": "blue"}],
    )


SCENARIO = Scenario(name="conditions", world=World(build=build, region=REGION, draws=1), task="Tidy up.")
PURGE = "purge_queue"
KEEP_PROD = Statement(effect="Deny", actions=("sqs:*",), conditions={"StringEquals": {"aws:ResourceTag/env": "prod"}})
ONLY_BLUE = Statement(conditions={"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}})
MUST_TAG = Statement(effect="Deny", actions=("sqs:CreateQueue",), conditions={"Null": {"aws:RequestTag/team": "true"}})
SOON = Statement(conditions={"DateLessThan": {"aws:CurrentTime": "2025-12-15T01:30:00Z"}})
TO_LAMBDA = (
    Statement(not_actions=("iam:PassRole",)),
    Statement(actions=("iam:PassRole",), conditions={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}),
)

Call = tuple[str, str, dict[str, Any]]


def queue(name: str) -> dict[str, Any]:
    """Name a queue as calls do."""
    return {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/%account/{name}"}


LIVE: tuple[tuple[str, tuple[Statement, ...], Call, bool], ...] = (
    ("a queue with the tag is kept", (Statement(), KEEP_PROD), ("sqs", PURGE, queue("prod")), False),
    ("one without is not", (Statement(), KEEP_PROD), ("sqs", PURGE, queue("plain")), True),
    (
        "one that does not exist yet is not",
        (Statement(), KEEP_PROD),
        ("sqs", "create_queue", {"QueueName": "new"}),
        True,
    ),
    ("the table of the caller's team", (ONLY_BLUE,), ("dynamodb", "describe_table", {"TableName": "blue"}), True),
    ("a queue of nobody's team", (ONLY_BLUE,), ("sqs", PURGE, queue("plain")), False),
    (
        "a queue with the tag it must have",
        (Statement(), MUST_TAG),
        ("sqs", "create_queue", {"QueueName": "n", "tags": {"team": "x"}}),
        True,
    ),
    ("one without it", (Statement(), MUST_TAG), ("sqs", "create_queue", {"QueueName": "n"}), False),
    ("before the time", (SOON,), ("sqs", "list_queues", {}), True),
    (
        "a role for another service",
        TO_LAMBDA,
        (
            "cloudformation",
            "create_stack",
            {"StackName": "s", "TemplateBody": "{}", "RoleARN": "arn:aws:iam::%account:role/x"},
        ),
        False,
    ),
)


@pytest.mark.parametrize(("statements", "call", "allowed"), [row[1:] for row in LIVE], ids=[row[0] for row in LIVE])
def test_conditions_hold_for_real_calls(statements: tuple[Statement, ...], call: Call, allowed: bool) -> None:
    """The keys a policy asks for are read from the call, the account and the clock, without trouble."""
    codes: list[str] = []

    def agent(brief: Brief) -> str:
        account = brief.session.client("sts").get_caller_identity()["Account"]
        service, method, given = call
        filled = {
            name: value.replace("%account", account) if isinstance(value, str) else value
            for name, value in given.items()
        }
        try:
            getattr(brief.session.client(service), method)(**filled)
        except ClientError as error:
            codes.append(str(error.response.get("Error", {}).get("Code")))
        return "done"

    trial = run_trial(dataclasses.replace(SCENARIO, rights=Rights(statements=statements)), agent)
    assert () == tuple(trial.history.troubles)
    assert allowed is (codes == []), codes


def test_time_goes_by_for_policies(small: Scenario) -> None:
    """A right that ends at a time is over when the trial's own clock has reached it."""
    import time

    codes: list[str] = []

    def agent(brief: Brief) -> str:
        client = brief.session.client("sqs")
        for _ in range(2):
            try:
                client.list_queues()
            except ClientError as error:
                codes.append(str(error.response.get("Error", {}).get("Code")))
            else:
                codes.append("ok")
            time.sleep(900)
        return "done"

    run_trial(dataclasses.replace(small, rights=Rights(statements=(SOON,))), agent)
    assert ["ok", "AccessDenied"] == codes
