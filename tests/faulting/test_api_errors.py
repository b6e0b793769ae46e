"""Promise: an error is what the service itself would have answered, and the call was applied exactly if the phase says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from botocore.config import Config
from botocore.session import Session

from askfirst.faults import api
from askfirst.harness.faulting import codes
from askfirst.harness.faulting.data import Phase
from askfirst.harness.records import Outcome

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

ONCE = Config(retries={"total_max_attempts": 1})
ROLE = "arn:aws:iam::{account}:role/worker"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
TEMPLATE = json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "of-a-stack"}}}})
KEY = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@dataclass(frozen=True)
class Row:
    """An operation that makes something, an error its service has, and a read of another operation that shows `mark`.

    `raised` is the name of the exception's class, ClientError where the model has none for the code.
    """

    service: str
    operation: str
    given: Mapping[str, Any]
    error: tuple[str, int]
    raised: str
    read: str
    mark: str
    where: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """'service:Operation'."""
        return f"{self.service}:{self.operation}"


ROWS = (
    # query
    Row("cloudformation", "CreateStack", {"StackName": "fresh", "TemplateBody": TEMPLATE},
        ("LimitExceededException", 400), "LimitExceededException", "describe_stacks", "fresh"),
    Row("sns", "CreateTopic", {"Name": "fresh"}, ("TopicLimitExceeded", 403), "TopicLimitExceededException",
        "list_topics", "fresh"),
    Row("iam", "CreateUser", {"UserName": "fresh"}, ("LimitExceeded", 409), "LimitExceededException",
        "list_users", "fresh"),
    Row("iam", "CreateRole", {"RoleName": "fresh", "AssumeRolePolicyDocument": TRUST},
        ("ServiceFailure", 500), "ServiceFailureException", "list_roles", "fresh"),
    Row("iam", "CreateGroup", {"GroupName": "fresh"}, ("Throttling", 400), "ClientError", "list_groups", "fresh"),
    Row("rds", "CreateDBParameterGroup",
        {"DBParameterGroupName": "fresh", "DBParameterGroupFamily": "mysql8.0", "Description": "x"},
        ("DBParameterGroupQuotaExceeded", 400), "DBParameterGroupQuotaExceededFault",
        "describe_db_parameter_groups", "fresh"),
    Row("rds", "CreateDBInstance",
        {"DBInstanceIdentifier": "fresh", "Engine": "mysql", "DBInstanceClass": "db.t3.micro", "AllocatedStorage": 20,
         "MasterUsername": "owner", "MasterUserPassword": "not-a-secret"},
        ("InsufficientDBInstanceCapacity", 400), "InsufficientDBInstanceCapacityFault",
        "describe_db_instances", "fresh"),
    Row("autoscaling", "CreateLaunchConfiguration",
        {"LaunchConfigurationName": "fresh", "ImageId": "ami-12345678", "InstanceType": "t3.micro"},
        ("LimitExceeded", 400), "LimitExceededFault", "describe_launch_configurations", "fresh"),
    Row("elasticbeanstalk", "CreateApplication", {"ApplicationName": "fresh"},
        ("TooManyApplicationsException", 400), "TooManyApplicationsException", "describe_applications", "fresh"),
    # ec2
    Row("ec2", "CreateVpc", {"CidrBlock": "10.77.0.0/16"}, ("VpcLimitExceeded", 400), "ClientError",
        "describe_vpcs", "10.77.0.0/16"),
    Row("ec2", "CreateKeyPair", {"KeyName": "fresh"}, ("RequestLimitExceeded", 503), "ClientError",
        "describe_key_pairs", "fresh"),
    Row("ec2", "CreateSecurityGroup", {"GroupName": "fresh", "Description": "x"},
        ("UnauthorizedOperation", 403), "ClientError", "describe_security_groups", "fresh"),
    Row("ec2", "CreateVolume", {"AvailabilityZone": "eu-west-1a", "Size": 77}, ("InternalError", 500), "ClientError",
        "describe_volumes", "77"),
    # json
    Row("dynamodb", "CreateTable", {"TableName": "fresh", **KEY},
        ("LimitExceededException", 400), "LimitExceededException", "list_tables", "fresh"),
    Row("dynamodb", "PutItem", {"TableName": "kept", "Item": {"id": {"S": "fresh"}}},
        ("ProvisionedThroughputExceededException", 400), "ProvisionedThroughputExceededException",
        "scan", "fresh", {"TableName": "kept"}),
    Row("sqs", "CreateQueue", {"QueueName": "fresh"},
        ("AWS.SimpleQueueService.QueueDeletedRecently", 400), "QueueDeletedRecently", "list_queues", "fresh"),
    Row("ecs", "CreateCluster", {"clusterName": "fresh"}, ("ServerException", 500), "ServerException",
        "list_clusters", "fresh"),
    Row("logs", "CreateLogGroup", {"logGroupName": "fresh"}, ("LimitExceededException", 400),
        "LimitExceededException", "describe_log_groups", "fresh"),
    Row("events", "PutRule", {"Name": "fresh", "ScheduleExpression": "rate(1 day)"},
        ("ConcurrentModificationException", 400), "ConcurrentModificationException", "list_rules", "fresh"),
    Row("ssm", "PutParameter", {"Name": "fresh", "Value": "x", "Type": "String"}, ("TooManyUpdates", 400),
        "TooManyUpdates", "describe_parameters", "fresh"),
    Row("secretsmanager", "CreateSecret", {"Name": "fresh", "SecretString": "x"}, ("InternalServiceError", 500),
        "InternalServiceError", "list_secrets", "fresh"),
    Row("kms", "CreateKey", {"Description": "fresh"}, ("LimitExceededException", 400), "LimitExceededException",
        "list_keys", "KeyId"),
    Row("kinesis", "CreateStream", {"StreamName": "fresh", "ShardCount": 1}, ("ResourceInUseException", 400),
        "ResourceInUseException", "list_streams", "fresh"),
    Row("stepfunctions", "CreateStateMachine",
        {"name": "fresh", "roleArn": ROLE,
         "definition": json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}})},
        ("StateMachineLimitExceeded", 400), "StateMachineLimitExceeded", "list_state_machines", "fresh"),
    Row("ecr", "CreateRepository", {"repositoryName": "fresh"}, ("ServerException", 500), "ServerException",
        "describe_repositories", "fresh"),
    Row("glue", "CreateDatabase", {"DatabaseInput": {"Name": "fresh"}},
        ("ResourceNumberLimitExceededException", 400), "ResourceNumberLimitExceededException",
        "get_databases", "fresh"),
    # rest-json
    Row("lambda", "CreateFunction",
        {"FunctionName": "fresh", "Role": ROLE, "Runtime": "python3.12", "Handler": "index.handler", "Code": {}},
        ("TooManyRequestsException", 429), "TooManyRequestsException", "list_functions", "fresh"),
    Row("eks", "CreateCluster", {"name": "fresh", "roleArn": ROLE, "resourcesVpcConfig": {"subnetIds": ["subnet-1"]}},
        ("ResourceLimitExceededException", 400), "ResourceLimitExceededException", "list_clusters", "fresh"),
    Row("apigateway", "CreateRestApi", {"name": "fresh"}, ("LimitExceededException", 429), "LimitExceededException",
        "get_rest_apis", "fresh"),
    Row("efs", "CreateFileSystem", {"CreationToken": "fresh"}, ("FileSystemLimitExceeded", 403),
        "FileSystemLimitExceeded", "describe_file_systems", "fresh"),
    Row("backup", "CreateBackupVault", {"BackupVaultName": "fresh"}, ("ServiceUnavailableException", 500),
        "ServiceUnavailableException", "list_backup_vaults", "fresh"),
    # rest-xml
    Row("s3", "CreateBucket",
        {"Bucket": "fresh-bucket", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}},
        ("TooManyBuckets", 400), "ClientError", "list_buckets", "fresh-bucket"),
    Row("s3", "PutObject", {"Bucket": "kept", "Key": "fresh", "Body": b"x"}, ("SlowDown", 503), "ClientError",
        "list_objects_v2", "fresh", {"Bucket": "kept"}),
    Row("route53", "CreateHostedZone", {"Name": "fresh.example", "CallerReference": "1"},
        ("TooManyHostedZones", 400), "TooManyHostedZones", "list_hosted_zones", "fresh.example"),
)  # fmt: skip
BY_NAME = {row.name: row for row in ROWS}
MESSAGE = "It is not the <right> time & place."


def build(env: Env) -> None:
    """Make what the operations need: a role, a table, a bucket."""
    env.session.client("iam").create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST)
    env.session.client("dynamodb").create_table(TableName="kept", **KEY)
    env.session.client("s3").create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})


def there(session: Any, row: Row) -> bool:
    """Tell whether what a row makes is there, by reading the account."""
    answer = getattr(session.client(row.service), row.read)(**row.where)
    answer.pop("ResponseMetadata")
    return row.mark in json.dumps(answer, default=str)


@pytest.fixture(scope="module", params=[Phase.REFUSE, Phase.LOSE], ids=["refuse", "lose"])
def struck(request: Any, strike: Callable[..., Any], attempt: Callable[..., Any], code: bytes) -> Any:
    """A trial in which every row's call is answered by its error, in one phase."""

    def act(brief: Brief) -> Mapping[str, Any]:
        account = brief.session.client("sts").get_caller_identity()["Account"]
        raised = {}
        for row in ROWS:
            client = brief.session.client(row.service, config=ONCE)
            given = {
                name: value.format(account=account) if value == ROLE else value for name, value in row.given.items()
            }
            if "Code" in given:
                given["Code"] = {"ZipFile": code}
            error = attempt(getattr(client, _method(row.operation)), **given)
            expected = getattr(client.exceptions, row.raised)
            raised[row.name] = (error, expected)
        return raised

    faults = [
        api.error(code=_short(row), message=MESSAGE, status=row.error[1])
        .on(row.name)
        .phased(request.param)
        .named(row.name)
        for row in ROWS
    ]
    look = lambda env: {row.name: there(env.session, row) for row in ROWS}  # noqa: E731 - it reads like a table
    return request.param, strike(act, *faults, build=build, look=look)


def _method(operation: str) -> str:
    from botocore import xform_name

    return str(xform_name(operation))


def _short(row: Row) -> str:
    """Give the code as a plan says it: SQS shows its own the way the query protocol did."""
    return row.error[0].rpartition(".")[2] if row.service == "sqs" else row.error[0]


def test_the_table_is_as_broad_as_promised() -> None:
    """At least 30 operations of 15 services, in all five wire protocols."""
    session = Session()
    protocols = {session.get_service_model(row.service).resolved_protocol for row in ROWS}

    assert 30 <= len(ROWS)
    assert 15 <= len({row.service for row in ROWS})
    assert {"query", "ec2", "json", "rest-json", "rest-xml"} == protocols


@pytest.mark.parametrize("name", BY_NAME)
def test_an_error_is_parsed_as_the_services_own(struck: Any, name: str) -> None:
    """boto3 raises the class of the model with the code, message and status of the plan, and the request id of the history."""
    _, seen = struck
    error, expected = seen.given[name]
    call = next(one for one in seen.trial.history.calls if one.start.action == name)
    metadata = error.response["ResponseMetadata"]

    assert expected is type(error)
    assert BY_NAME[name].error == (error.response["Error"]["Code"], metadata["HTTPStatusCode"])
    assert MESSAGE == error.response["Error"]["Message"]
    assert call.start.request_id == metadata["RequestId"]


@pytest.mark.parametrize("name", BY_NAME)
def test_it_exists_exactly_if_the_answer_was_lost(struck: Any, name: str) -> None:
    """After refuse the thing is not in the account; after lose it is, though the caller got the same error."""
    phase, seen = struck
    call = next(one for one in seen.trial.history.calls if one.start.action == name)

    assert (phase is Phase.LOSE) is seen.seen[name]
    assert (Outcome.UNKNOWN if phase is Phase.LOSE else Outcome.FAIL) is call.end.outcome
    assert (1, 1, 0, 1) == seen.counts(name)


def test_a_lie_answers_and_does_nothing(strike: Callable[..., Any], attempt: Callable[..., Any]) -> None:
    """In every protocol the caller gets the answer it would have got, with a new thing's name, and nothing is there."""
    rows = [row for row in ROWS if row.service not in {"lambda", "eks", "stepfunctions"}]

    def act(brief: Brief) -> list[Any]:
        return [
            attempt(getattr(brief.session.client(row.service), _method(row.operation)), **row.given) for row in rows
        ]

    faults = [api.lie().on(row.name).named(row.name) for row in rows]
    plain = strike(act, build=build, look=lambda env: [there(env.session, row) for row in rows])
    lied = strike(act, *faults, build=build, look=lambda env: [there(env.session, row) for row in rows])

    assert [True] * len(rows) == plain.seen
    assert [False] * len(rows) == lied.seen
    assert _comparable(plain.given) == _comparable(lied.given)
    assert {(1, 1, 0, 1)} == {lied.counts(row.name) for row in rows}


def _comparable(answers: list[Any]) -> list[Any]:
    """Take away what is no trial's own: dates in headers, and a private key, which comes from the operating system."""
    for one in answers:
        one["ResponseMetadata"].pop("HTTPHeaders")
        one.pop("KeyMaterial", None)
        one.pop("KeyFingerprint", None)
    return answers


FAMILIES: Mapping[str, tuple[Any, Callable[[str, str], codes.ErrorAnswer]]] = {
    "throttling": (api.throttling(), codes.throttled),
    "server-error": (api.server_error(), codes.server_error),
    "unavailable": (api.unavailable(), codes.unavailable),
    "expired-token": (api.expired_token(), lambda service, _: codes.expired_token(service)),
    "not-implemented": (api.not_implemented(), codes.not_supported),
    "quota-full": (api.quota_full(), codes.quota_full),
    "in-progress": (api.in_progress(), codes.in_progress),
}
ONE_EACH = (
    ("cloudformation", "CreateStack", {"StackName": "x", "TemplateBody": TEMPLATE}),
    ("ec2", "CreateVpc", {"CidrBlock": "10.0.0.0/16"}),
    ("dynamodb", "CreateTable", {"TableName": "x", **KEY}),
    ("lambda", "PublishVersion", {"FunctionName": "x"}),
    ("s3", "CreateBucket", {"Bucket": "xyz-1"}),
)


@pytest.mark.parametrize("family", FAMILIES)
def test_each_kind_of_error_has_the_services_own_code(
    strike: Callable[..., Any], attempt: Callable[..., Any], family: str
) -> None:
    """Without parameters a fault says what the service says, in every protocol; the SDK's retries do not get past it."""
    fault, expected = FAMILIES[family]

    def act(brief: Brief) -> list[ClientError]:
        return [
            attempt(getattr(brief.session.client(service), _method(operation)), **given)
            for service, operation, given in ONE_EACH
        ]

    struck = strike(act, fault.on("*"))
    answers = [
        codes.ErrorAnswer(
            error.response["Error"]["Code"],
            error.response["Error"]["Message"],
            error.response["ResponseMetadata"]["HTTPStatusCode"],
        )
        for error in struck.given
    ]

    assert [expected(service, operation) for service, operation, _ in ONE_EACH] == answers
    assert (5, 5, 0, 5) == struck.counts(fault.id)


def test_a_denial_names_who_what_and_where(strike: Callable[..., Any], attempt: Callable[..., Any]) -> None:
    """The refusal holds the caller's ARN, the action, and the ARN of the thing where it exists."""

    def act(brief: Brief) -> Any:
        caller = brief.session.client("sts").get_caller_identity()["Arn"]
        return caller, attempt(brief.session.client("dynamodb").delete_table, TableName="kept")

    struck = strike(act, api.access_denied().on("dynamodb:*"), build=build, look=_tables)
    caller, error = struck.given

    assert "AccessDeniedException" == error.response["Error"]["Code"]
    assert f"User: {caller} is not authorized to perform: dynamodb:DeleteTable on resource: arn:aws:dynamodb:" in str(
        error
    )
    assert ["kept"] == struck.seen


def _tables(env: Env) -> list[str]:
    names: list[str] = env.session.client("dynamodb").list_tables()["TableNames"]
    return names


def test_what_a_plan_leaves_out_the_service_says(strike: Callable[..., Any], attempt: Callable[..., Any]) -> None:
    """A code of the service brings its own status and, where it is a usual one, its message; no code is a failure (500)."""

    def act(brief: Brief) -> list[ClientError]:
        return [
            attempt(brief.session.client("lambda", config=ONCE).publish_version, FunctionName="x"),
            attempt(brief.session.client("sns", config=ONCE).create_topic, Name="x"),
            attempt(brief.session.client("iam", config=ONCE).create_user, UserName="x"),
            attempt(brief.session.client("eks", config=ONCE).list_clusters),
        ]

    struck = strike(
        act,
        api.error(code="TooManyRequestsException").on("lambda:*").named("one"),
        api.error(code="TopicLimitExceeded", message="No.").on("sns:*").named("two"),
        api.error().on("iam:*").named("three"),
        api.unavailable(code="ServerException").on("eks:*").named("four"),
    )
    first, second, third, fourth = [
        (error.response["Error"]["Code"], error.response["Error"]["Message"], _status(error)) for error in struck.given
    ]

    assert ("TooManyRequestsException", codes.throttled("lambda", "PublishVersion").message, 429) == first
    assert ("TopicLimitExceeded", "No.", 403) == second
    assert codes.server_error("iam", "CreateUser") == codes.ErrorAnswer(*third)
    assert ("ServerException", codes.unavailable("eks", "ListClusters").message, 500) == fourth


def _status(error: Any) -> int:
    status: int = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status


def test_an_answer_to_head_has_no_body(strike: Callable[..., Any], attempt: Callable[..., Any]) -> None:
    """As over HTTP, a refused HeadObject shows its status and its request id, and no more."""
    struck = strike(
        lambda brief: attempt(brief.session.client("s3", config=ONCE).head_object, Bucket="kept", Key="x"),
        api.access_denied().on("s3:HeadObject"),
    )
    error = struck.given

    assert ("403", 403) == (error.response["Error"]["Code"], _status(error))
    assert struck.calls("HeadObject")[0].start.request_id == error.response["ResponseMetadata"]["RequestId"]
