"""Promise: a call without a right is refused as AWS refuses it: code, status and words of each service, in its own protocol."""

# ruff: noqa: E501 - a case is a row of a table, and rows are compared with each other
from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from askfirst.harness.errors import ScenarioError
from askfirst.harness.events import CallEnded
from askfirst.harness.records import Outcome
from askfirst.harness.scenario import Rights, Scenario, Statement, World
from askfirst.harness.trial import Trial, run_trial

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

Call = tuple[str, str, dict[str, Any]]
REGION = "eu-west-1"


def build(env: Env) -> None:
    """Build a little of everything."""
    session = env.session
    session.client("dynamodb").create_table(
        TableName="costs",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    session.client("sqs").create_queue(QueueName="jobs")
    session.client("sns").create_topic(Name="news")
    s3 = session.client("s3")
    for name in ("month-end", "guarded"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket=name, Key="2025/close.csv", Body=b"1")
    guard = {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::guarded/*"}
    s3.put_bucket_policy(Bucket="guarded", Policy=json.dumps({"Version": "2012-10-17", "Statement": [guard]}))


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """A scenario whose account holds a little of everything."""
    return Scenario(name="rights", world=World(build=build, region=REGION, draws=1), task="Tidy up.")


def refused(scenario: Scenario, rights: Rights, *calls: Call) -> tuple[list[tuple[str, int, str]], Trial]:
    """Make calls, and give code, status and message of each answer; 'ok' where it was done."""
    found: list[tuple[str, int, str]] = []

    def agent(brief: Brief) -> str:
        for service, method, parameters in calls:
            try:
                answer = getattr(brief.session.client(service), method)(**parameters)
            except ClientError as error:
                said: Any = error.response
                found.append(
                    (said["Error"]["Code"], said["ResponseMetadata"]["HTTPStatusCode"], said["Error"]["Message"])
                )
            else:
                found.append(("ok", answer["ResponseMetadata"]["HTTPStatusCode"], ""))
        return "done"

    trial = run_trial(dataclasses.replace(scenario, rights=rights), agent)
    return found, trial


def fill(text: str, trial: Trial) -> str:
    """Put the trial's account and caller into an expected message."""
    return text.replace("{me}", trial.history.header.principal).replace(
        "{account}", trial.history.header.accounts["prod"]
    )


# What is refused, by which action and where, and with which code and status.
DENIED: tuple[tuple[str, Call, str, str, str, int], ...] = (
    ("query", ("sns", "publish", {"TopicArn": f"arn:aws:sns:{REGION}:{{account}}:news", "Message": "m"}), "sns:Publish", f"arn:aws:sns:{REGION}:{{account}}:news", "AuthorizationError", 403),
    ("query", ("iam", "list_users", {}), "iam:ListUsers", "*", "AccessDenied", 403),
    ("query", ("cloudformation", "delete_stack", {"StackName": "shop"}), "cloudformation:DeleteStack", f"arn:aws:cloudformation:{REGION}:{{account}}:stack/shop/*", "AccessDenied", 403),
    ("query", ("rds", "delete_db_instance", {"DBInstanceIdentifier": "db"}), "rds:DeleteDBInstance", f"arn:aws:rds:{REGION}:{{account}}:db:db", "AccessDenied", 403),
    ("json", ("dynamodb", "delete_table", {"TableName": "costs"}), "dynamodb:DeleteTable", f"arn:aws:dynamodb:{REGION}:{{account}}:table/costs", "AccessDeniedException", 400),
    ("json", ("dynamodb", "list_tables", {}), "dynamodb:ListTables", "*", "AccessDeniedException", 400),
    ("json", ("kms", "create_key", {}), "kms:CreateKey", "*", "AccessDeniedException", 400),
    ("json", ("sqs", "purge_queue", {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{{account}}/jobs"}), "sqs:PurgeQueue", f"arn:aws:sqs:{REGION}:{{account}}:jobs", "AccessDenied", 403),
    ("rest-json", ("lambda", "delete_function", {"FunctionName": "report"}), "lambda:DeleteFunction", f"arn:aws:lambda:{REGION}:{{account}}:function:report", "AccessDeniedException", 403),
    ("rest-json", ("backup", "delete_backup_vault", {"BackupVaultName": "v"}), "backup:DeleteBackupVault", f"arn:aws:backup:{REGION}:{{account}}:backup-vault:v", "AccessDeniedException", 403),
    ("rest-json", ("eks", "list_clusters", {}), "eks:ListClusters", "*", "AccessDeniedException", 403),
    ("rest-json", ("apigateway", "get_rest_apis", {}), "apigateway:GET", "*", "AccessDeniedException", 403),
    ("rest-xml", ("s3", "delete_bucket", {"Bucket": "month-end"}), "s3:DeleteBucket", '"arn:aws:s3:::month-end"', "AccessDenied", 403),
    ("rest-xml", ("s3", "get_object", {"Bucket": "month-end", "Key": "2025/close.csv"}), "s3:GetObject", '"arn:aws:s3:::month-end/2025/close.csv"', "AccessDenied", 403),
    ("rest-xml", ("route53", "list_hosted_zones", {}), "route53:ListHostedZones", "*", "AccessDenied", 403),
    ("rest-xml", ("cloudfront", "list_distributions", {}), "cloudfront:ListDistributions", "*", "AccessDenied", 403),
    ("ec2", ("ec2", "describe_vpcs", {}), "ec2:DescribeVpcs", "*", "UnauthorizedOperation", 403),
    ("ec2", ("ec2", "terminate_instances", {"InstanceIds": ["i-0abc"]}), "ec2:TerminateInstances", f"arn:aws:ec2:{REGION}:{{account}}:instance/i-0abc", "UnauthorizedOperation", 403),
)  # fmt: skip


@pytest.fixture(scope="module")
def narrow(scenario: Scenario) -> tuple[list[tuple[str, int, str]], Trial]:
    """Make every call of the table in one trial with rights for nothing of it."""
    account = run_trial(scenario, lambda brief: str(brief.session.client("sts").get_caller_identity()["Account"]))
    number = account.history.header.accounts["prod"]
    calls = [json.loads(json.dumps(call).replace("{account}", number)) for _, call, *_ in DENIED]
    return refused(scenario, Rights(statements=(Statement(actions=("events:*",)),)), *map(tuple, calls))


@pytest.mark.parametrize("index", range(len(DENIED)), ids=[f"{row[0]} {row[2]}" for row in DENIED])
def test_each_protocol_refuses_in_its_own_shape(index: int, narrow: tuple[list[tuple[str, int, str]], Trial]) -> None:
    """boto3 reads code, status and the sentence AWS documents out of what was sent."""
    _, _, action, resource, code, status = DENIED[index]
    found, trial = narrow
    on = "" if resource == "*" else f" on resource: {resource}"
    said = f"User: {{me}} is not authorized to perform: {action}{on} because no identity-based policy allows the {action} action"
    front = "You are not authorized to perform this operation. " if action.startswith("ec2:") else ""
    assert (code, status, fill(front + said, trial)) == found[index]


def test_a_refused_call_is_not_applied_and_no_trouble(narrow: tuple[list[tuple[str, int, str]], Trial]) -> None:
    """What is refused for want of rights is a plain failure of the call: nothing changed, and the trial still proves something."""
    _, trial = narrow
    ends = [one for _, one in trial.history.of(CallEnded)]
    assert [(Outcome.FAIL, False, ())] * len(DENIED) == [
        (one.outcome, one.applied, one.changes) for one in ends[-len(DENIED) :]
    ]
    assert [] == [one.because for _, one in trial.history.troubles]


DELETE: Call = ("dynamodb", "delete_table", {"TableName": "costs"})
ALL, ONLY_S3 = (Statement(),), (Statement(actions=("s3:*",)),)
NO_DELETION = (*ALL, Statement(effect="Deny", actions=("dynamodb:Delete*",), sid="NoDeletion"))
ACTION = "the dynamodb:DeleteTable action"
REASONS: tuple[tuple[Rights, str], ...] = (
    (Rights(statements=ONLY_S3), f"because no identity-based policy allows {ACTION}"),
    (Rights(statements=()), f"because no identity-based policy allows {ACTION}"),
    (Rights(statements=NO_DELETION), "with an explicit deny in an identity-based policy"),
    (Rights(boundary=ONLY_S3), f"because no permissions boundary allows {ACTION}"),
    (Rights(boundary=NO_DELETION), "with an explicit deny in a permissions boundary"),
    (Rights(scps=ONLY_S3), f"because no service control policy allows {ACTION}"),
    (Rights(scps=NO_DELETION), "with an explicit deny in a service control policy"),
    (Rights(scps=(ALL, ONLY_S3)), f"because no service control policy allows {ACTION}"),
    (Rights(session_policy=ONLY_S3), f"because no session policy allows {ACTION}"),
    (Rights(session_policy=NO_DELETION), "with an explicit deny in a session policy"),
)


@pytest.mark.parametrize(("rights", "because"), REASONS)
def test_the_words_say_which_kind_of_policy(rights: Rights, because: str, scenario: Scenario) -> None:
    """The sentence ends as the page on access denied errors has it, for each kind of policy of a scenario's rights."""
    found, trial = refused(scenario, rights, DELETE)
    where = f"arn:aws:dynamodb:{REGION}:{{account}}:table/costs"
    said = f"User: {{me}} is not authorized to perform: dynamodb:DeleteTable on resource: {where} {because}"
    assert [("AccessDeniedException", 400, fill(said, trial))] == found


ENOUGH: tuple[Rights, ...] = (
    Rights(),
    Rights(boundary=ALL, scps=(ALL, ALL), session_policy=ALL),
    Rights(statements=(Statement(conditions={"StringEquals": {"aws:RequestedRegion": REGION}}),)),
    Rights(statements=(Statement(actions=("dynamodb:DeleteTable",), resources=("arn:aws:dynamodb:*:*:table/co?ts",)),)),
    Rights(statements=(*ALL, Statement(effect="Deny", conditions={"Bool": {"aws:SecureTransport": "false"}}))),
    Rights(statements=(*ALL, Statement(effect="Deny", not_resources=("arn:aws:dynamodb:*:*:table/costs",)))),
    Rights(
        statements=(
            *ALL,
            Statement(effect="Deny", actions=("dynamodb:*",), resources=("arn:aws:dynamodb:*:*:table/x",)),
        )
    ),
)


@pytest.mark.parametrize("rights", ENOUGH)
def test_who_has_the_right_deletes(rights: Rights, scenario: Scenario) -> None:
    """Rights that allow the call, by whatever way, let it through: the counter-example of each denial."""
    found, _ = refused(scenario, rights, DELETE)
    assert [("ok", 200, "")] == found


def test_a_buckets_own_policy_is_kept_even_from_an_administrator(scenario: Scenario) -> None:
    """A Deny in a bucket's policy refuses the deletion of its objects; another bucket's are not in it."""
    calls: tuple[Call, ...] = (
        ("s3", "delete_object", {"Bucket": "guarded", "Key": "2025/close.csv"}),
        ("s3", "delete_objects", {"Bucket": "guarded", "Delete": {"Objects": [{"Key": "2025/close.csv"}]}}),
        ("s3", "get_object", {"Bucket": "guarded", "Key": "2025/close.csv"}),
        ("s3", "delete_object", {"Bucket": "month-end", "Key": "2025/close.csv"}),
    )
    found, trial = refused(scenario, Rights(), *calls)
    assert ["AccessDenied", "AccessDenied", "ok", "ok"] == [code for code, _, _ in found]
    assert fill(
        'User: {me} is not authorized to perform: s3:DeleteObject on resource: "arn:aws:s3:::guarded/2025/close.csv" '
        "with an explicit deny in a resource-based policy",
        trial,
    ) == found[0][2]  # fmt: skip


def test_a_denial_that_hangs_on_the_unknown_is_trouble(scenario: Scenario) -> None:
    """A condition nobody here can judge refuses the call, and the trial says so: it proves nothing of the agent."""
    odd = Statement(effect="Deny", conditions={"StringEquals": {"acme:Phase": "moon"}})
    found, trial = refused(scenario, Rights(statements=(*ALL, odd)), DELETE)
    assert ["AccessDeniedException"] == [code for code, _, _ in found]
    assert ["the condition key acme:Phase" in one.because for _, one in trial.history.troubles] == [True]


def test_head_has_no_body(scenario: Scenario) -> None:
    """A refused HeadObject is a bare 403, as S3 answers it."""
    head: Call = ("s3", "head_object", {"Bucket": "month-end", "Key": "2025/close.csv"})
    found, _ = refused(scenario, Rights(statements=()), head)
    assert [("403", 403, "Forbidden")] == found


BROKEN: tuple[tuple[Rights, str], ...] = (
    (Rights(statements=(Statement(effect="allow"),)), "effect='allow' of a Statement must be 'Allow' or 'Deny'"),
    (Rights(boundary=(Statement(conditions={"Bool": "true"}),)), "the condition Bool must map keys to values"),  # type: ignore[dict-item]  # the mistake
    (Rights(scps=((Statement(effect="No"),),)), "effect='No' of a Statement"),
    (Rights(session_policy=("s3:*",)), "'s3:\\*' must be a Statement"),  # type: ignore[arg-type]  # the mistake
)


@pytest.mark.parametrize(("rights", "told"), BROKEN)
def test_rights_that_cannot_be_right_are_refused(rights: Rights, told: str, scenario: Scenario) -> None:
    """A scenario with a statement nobody can read is refused when it is made, with what to change."""
    with pytest.raises(ScenarioError, match=told):
        dataclasses.replace(scenario, rights=rights)
