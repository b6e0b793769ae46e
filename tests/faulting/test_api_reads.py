"""Promise: what a read is made to say is well-formed in its protocol, is wrong exactly as said, and no longer than said."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from askfirst.faults import api

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

KEY = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
FIVE = tuple("abcde")


def build(env: Env) -> None:
    """Make five of everything that is listed below, two months ago."""
    clients = {
        name: env.session.client(name)
        for name in ("dynamodb", "ec2", "efs", "iam", "logs", "rds", "route53", "s3", "sns", "sqs")
    }
    clients["s3"].create_bucket(Bucket="pages", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    clients["dynamodb"].create_table(TableName="rows", **KEY)
    with env.at(timedelta(days=60)):
        for one in FIVE:
            clients["dynamodb"].create_table(TableName=f"table-{one}", **KEY)
            clients["dynamodb"].put_item(TableName="rows", Item={"id": {"S": one}, "raw": {"B": b"\x00\xff"}})
            clients["ec2"].create_volume(AvailabilityZone="eu-west-1a", Size=1)
            clients["efs"].create_file_system(CreationToken=one, Tags=[{"Key": "Name", "Value": one}])
            clients["iam"].create_role(RoleName=f"role-{one}", AssumeRolePolicyDocument=TRUST)
            clients["logs"].create_log_group(logGroupName=f"/log/{one}")
            clients["route53"].create_hosted_zone(Name=f"{one}.example", CallerReference=one)
            clients["s3"].put_object(Bucket="pages", Key=f"{one} & so on.txt", Body=b"x")
            clients["sns"].create_topic(Name=f"topic-{one}")
            clients["sqs"].create_queue(QueueName=f"queue-{one}")
            clients["rds"].create_db_instance(
                DBInstanceIdentifier=f"base-{one}",
                Engine="mysql",
                DBInstanceClass="db.t3.micro",
                AllocatedStorage=20,
                MasterUsername="owner",
                MasterUserPassword="not-a-secret",
            )


LISTS: Mapping[str, tuple[str, Mapping[str, Any], str]] = {
    "ec2:DescribeVolumes": ("describe_volumes", {}, "Volumes"),
    "rds:DescribeDBInstances": ("describe_db_instances", {}, "DBInstances"),
    "iam:ListRoles": ("list_roles", {}, "Roles"),
    "sns:ListTopics": ("list_topics", {}, "Topics"),
    "dynamodb:ListTables": ("list_tables", {}, "TableNames"),
    "dynamodb:Scan": ("scan", {"TableName": "rows"}, "Items"),
    "sqs:ListQueues": ("list_queues", {}, "QueueUrls"),
    "logs:DescribeLogGroups": ("describe_log_groups", {}, "logGroups"),
    "s3:ListObjectsV2": ("list_objects_v2", {"Bucket": "pages"}, "Contents"),
    "route53:ListHostedZones": ("list_hosted_zones", {}, "HostedZones"),
    "efs:DescribeFileSystems": ("describe_file_systems", {}, "FileSystems"),
}
"""Method, parameters and the member with the list, in every wire protocol."""

MORE = (
    "NextToken",
    "nextToken",
    "NextMarker",
    "Marker",
    "NextContinuationToken",
    "LastEvaluatedKey",
    "LastEvaluatedTableName",
)


def called(brief: Brief, operation: str) -> tuple[list[Any], Mapping[str, Any]]:
    """Call a listing; give its list, and the answer without metadata."""
    method, given, member = LISTS[operation]
    answer = getattr(brief.session.client(operation.partition(":")[0]), method)(**given)
    answer.pop("ResponseMetadata")
    for one in answer.get(member, []):
        if isinstance(one, dict):
            one.pop("LatestRestorableTime", None)  # this and the next hold the time of the call
            one.pop("SizeInBytes", None)
    return answer.get(member, []), answer


@pytest.mark.parametrize("keep", [1, 3])
def test_a_truncated_list_is_the_beginning_of_the_true_one(strike: Callable[..., Any], keep: int) -> None:
    """In every protocol a list ends after `keep` entries, each as it was, with no word of more, and counts that fit."""

    def act(brief: Brief) -> Any:
        return {name: (called(brief, name)[0], *called(brief, name)) for name in LISTS}

    faults = [api.truncated(keep=keep).on(name).nth(2).named(name) for name in LISTS]
    struck = strike(act, *faults, build=build)

    for name, (true, found, answer) in struck.given.items():
        assert len(true) > keep, name
        assert true[:keep] == found, name
        assert {} == {member: answer[member] for member in MORE if answer.get(member)}, name
        assert not answer.get("IsTruncated"), name
        assert {keep} >= {answer[count] for count in ("Count", "ScannedCount", "KeyCount") if count in answer}, name
        assert (2, 1, 0, 1) == struck.counts(name)


def test_an_empty_list_is_empty(strike: Callable[..., Any]) -> None:
    """In every protocol a list is empty, for as many reads as the plan says, and then true again."""

    def act(brief: Brief) -> Any:
        return {name: [len(called(brief, name)[0]) for _ in range(3)] for name in LISTS}

    struck = strike(act, *[api.empty_list().on(name).first(2).named(name) for name in LISTS], build=build)

    for name, lengths in struck.given.items():
        assert [0, 0] == lengths[:2], name
        assert lengths[2] >= 5, name
        assert (3, 2, 0, 2) == struck.counts(name)


def test_an_empty_scan_counts_nothing(strike: Callable[..., Any]) -> None:
    """An empty answer does not betray itself by its counts."""
    struck = strike(lambda brief: called(brief, "dynamodb:Scan")[1], api.empty_list().on("dynamodb:Scan"), build=build)

    assert {"Items": [], "Count": 0, "ScannedCount": 0} == struck.given


@pytest.mark.parametrize(
    ("service", "operation", "paged", "given", "member"),
    [
        ("s3", "ListObjectsV2", "list_objects_v2", {"Bucket": "pages"}, "Contents"),
        ("dynamodb", "ListTables", "list_tables", {}, "TableNames"),
        ("dynamodb", "Scan", "scan", {"TableName": "rows"}, "Items"),
        ("rds", "DescribeDBInstances", "describe_db_instances", {}, "DBInstances"),
        ("route53", "ListHostedZones", "list_hosted_zones", {}, "HostedZones"),
        ("logs", "DescribeLogGroups", "describe_log_groups", {}, "logGroups"),
    ],
)
def test_a_paginator_stops_at_the_page_that_was_cut(
    strike: Callable[..., Any], service: str, operation: str, paged: str, given: Mapping[str, Any], member: str
) -> None:
    """boto3's paginator follows no page after the one that was cut, and follows them all when nothing is cut."""

    def act(brief: Brief) -> Any:
        pages = brief.session.client(service).get_paginator(paged)

        def count(keep: int) -> int:
            return len(pages.paginate(**given, PaginationConfig={"PageSize": keep}).build_full_result().get(member, []))

        return count(2), count(2)

    struck = strike(act, api.truncated(keep=1).on(f"{service}:{operation}").nth(2), build=build)
    cut, whole = struck.given

    assert 3 == cut  # two of the first page, one of the second
    assert whole >= 5


@pytest.mark.parametrize(
    ("operation", "paged", "member"),
    [
        ("s3:ListObjectsV2", {"MaxKeys": 2}, "Contents"),
        ("iam:ListRoles", {"MaxItems": 2}, "Roles"),
        ("route53:ListHostedZones", {"MaxItems": "2"}, "HostedZones"),
        ("dynamodb:Scan", {"Limit": 2}, "Items"),
    ],
)
def test_a_page_that_was_cut_says_that_it_is_the_last(
    strike: Callable[..., Any], operation: str, paged: Mapping[str, Any], member: str
) -> None:
    """Of a page with further ones behind it nothing is left that says so; before, it did."""
    method, given, _ = LISTS[operation]

    def act(brief: Brief) -> Any:
        client = brief.session.client(operation.partition(":")[0])
        return [getattr(client, method)(**given, **paged) for _ in range(2)]

    def continues(answer: Mapping[str, Any]) -> bool:
        return bool(answer.get("IsTruncated")) or any(answer.get(one) for one in MORE)

    struck = strike(act, api.truncated().on(operation).nth(2), build=build)
    true, cut = struck.given

    assert (2, 1) == (len(true[member]), len(cut[member]))
    assert (True, False) == (continues(true), continues(cut))
    assert true.get("MaxKeys") == cut.get("MaxKeys")


@pytest.fixture
def shanghai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the machine stand in another time zone."""
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("shanghai")
def test_times_in_a_changed_answer_are_the_true_ones(strike: Callable[..., Any]) -> None:
    """Wherever the machine stands, an entry that is kept has its own date: json counts seconds, query writes them out."""

    def act(brief: Brief) -> Any:
        ssm, rds = brief.session.client("ssm"), brief.session.client("rds")
        parameters = [ssm.describe_parameters()["Parameters"] for _ in range(2)]
        instances = [rds.describe_db_instances()["DBInstances"] for _ in range(2)]
        return [one[0]["LastModifiedDate"] for one in parameters], [one[0]["InstanceCreateTime"] for one in instances]

    def with_a_parameter(env: Env) -> None:
        build(env)
        env.session.client("ssm").put_parameter(Name="rate", Value="1", Type="String")

    struck = strike(
        act,
        api.truncated().on("ssm:DescribeParameters").nth(2).named("json"),
        api.truncated().on("rds:DescribeDBInstances").nth(2).named("query"),
        build=with_a_parameter,
    )

    for true, found in struck.given:
        assert true == found
    assert (2, 1, 0, 1) == struck.counts("json") == struck.counts("query")


@pytest.mark.parametrize("fault", [api.truncated(), api.empty_list()], ids=lambda fault: fault.id)
def test_a_call_that_lists_nothing_passes(strike: Callable[..., Any], fault: Any) -> None:
    """A read of one thing, and a change, are answered truly, and the fault has not struck."""

    def act(brief: Brief) -> Any:
        client = brief.session.client("dynamodb")
        client.put_item(TableName="rows", Item={"id": {"S": "new"}})
        return client.get_item(TableName="rows", Key={"id": {"S": "a"}})["Item"]["id"]["S"]

    struck = strike(act, fault.on("dynamodb:*Item"), build=build)

    assert "a" == struck.given
    assert (2, 0, 0, 0) == struck.counts(fault.id)


@pytest.mark.parametrize("fault", [api.truncated(), api.empty_list()], ids=lambda fault: fault.id)
def test_an_error_stays_the_error_it_is(strike: Callable[..., Any], attempt: Callable[..., Any], fault: Any) -> None:
    """A list that cannot be given is not made up: the service's own error reaches the caller."""
    struck = strike(
        lambda brief: [
            type(attempt(brief.session.client("dynamodb").scan, TableName="none")).__name__,
            type(attempt(brief.session.client("s3").list_objects_v2, Bucket="no-such-bucket-here")).__name__,
        ],
        fault.on("dynamodb:Scan").named("json"),
        fault.on("s3:ListObjectsV2").named("xml"),
        build=build,
    )

    assert ["ResourceNotFoundException", "NoSuchBucket"] == struck.given


# -- stale ------------------------------------------------------------------------------------------------------------


def test_a_stale_read_shows_what_was_before_the_change(strike: Callable[..., Any], code: bytes) -> None:
    """After a change the next `first` reads give the answer of before, then the truth, in five protocols."""

    def act(brief: Brief) -> Any:
        dynamodb, sns, s3, ec2, functions = (
            brief.session.client(name) for name in ("dynamodb", "sns", "s3", "ec2", "lambda")
        )
        reads: Mapping[str, Callable[[], int]] = {
            "json": lambda: len(dynamodb.scan(TableName="rows")["Items"]),
            "query": lambda: len(sns.list_topics()["Topics"]),
            "rest-xml": lambda: len(s3.list_objects_v2(Bucket="pages").get("Contents", ())),
            "ec2": lambda: len(ec2.describe_volumes()["Volumes"]),
            "rest-json": lambda: len(functions.list_functions()["Functions"]),
        }
        before = {name: read() for name, read in reads.items()}
        dynamodb.delete_item(TableName="rows", Key={"id": {"S": "a"}})
        sns.create_topic(Name="new")
        s3.put_object(Bucket="pages", Key="new", Body=b"x")
        ec2.create_volume(AvailabilityZone="eu-west-1a", Size=2)
        functions.delete_function(FunctionName="old")
        after = {name: [read() for _ in range(4)] for name, read in reads.items()}
        return before, after

    def with_a_function(env: Env) -> None:
        build(env)
        role = env.session.client("iam").get_role(RoleName="role-a")["Role"]["Arn"]
        env.session.client("lambda").create_function(
            FunctionName="old", Role=role, Runtime="python3.12", Handler="index.handler", Code={"ZipFile": code}
        )

    stale = [
        api.stale_read().on(name).after("change lambda:*").first(2).named(name)
        for name in (
            "dynamodb:Scan",
            "sns:ListTopics",
            "s3:ListObjectsV2",
            "ec2:DescribeVolumes",
            "lambda:ListFunctions",
        )
    ]
    struck = strike(act, *stale, build=with_a_function)
    before, after = struck.given
    true = dict.fromkeys(before, 1) | {"json": -1, "rest-json": -1}

    assert {name: [n, n, n + true[name], n + true[name]] for name, n in before.items()} == after
    assert {(5, 2, 0, 2)} == {struck.counts(one.id) for one in stale}


def test_a_read_that_was_never_answered_is_not_stale(strike: Callable[..., Any]) -> None:
    """There is nothing to be given again: the first read is true, and does not count as one of those that are struck."""

    def act(brief: Brief) -> list[int]:
        lengths = [len(called(brief, "dynamodb:Scan")[0])]
        brief.session.client("dynamodb").delete_item(TableName="rows", Key={"id": {"S": "a"}})
        return [*lengths, *(len(called(brief, "dynamodb:Scan")[0]) for _ in range(2))]

    struck = strike(act, api.stale_read().on("dynamodb:Scan").first(1), build=build)

    assert [5, 5, 4] == struck.given
    assert (3, 1, 0, 1) == struck.counts("stale-read")


def test_an_earlier_answer_has_a_request_id_of_its_own(strike: Callable[..., Any]) -> None:
    """A stale answer is told from the true one by nothing but what it says."""

    def act(brief: Brief) -> Any:
        return [brief.session.client("dynamodb").list_tables()["ResponseMetadata"]["RequestId"] for _ in range(2)]

    struck = strike(act, api.stale_read().on("dynamodb:ListTables"), build=build)

    assert [call.start.request_id for call in struck.calls("ListTables")] == struck.given
    assert struck.given[0] != struck.given[1]


# -- not found yet ----------------------------------------------------------------------------------------------------

CREATED: Mapping[str, tuple[str, Mapping[str, Any], str, str, Mapping[str, Any], str]] = {
    "dynamodb:CreateTable": (
        "create_table", {"TableName": "new", **KEY}, "DescribeTable", "describe_table", {"TableName": "new"},
        "ResourceNotFoundException",
    ),
    "rds:CreateDBParameterGroup": (
        "create_db_parameter_group",
        {"DBParameterGroupName": "new", "DBParameterGroupFamily": "mysql8.0", "Description": "x"},
        "DescribeDBParameterGroups", "describe_db_parameter_groups", {"DBParameterGroupName": "new"},
        "DBParameterGroupNotFound",
    ),
    "ec2:CreateKeyPair": (
        "create_key_pair", {"KeyName": "new"}, "DescribeKeyPairs", "describe_key_pairs", {"KeyNames": ["new"]},
        "InvalidKeyPair.NotFound",
    ),
    "eks:CreateCluster": (
        "create_cluster",
        {"name": "new", "roleArn": "arn:aws:iam::111122223333:role/x", "resourcesVpcConfig": {"subnetIds": ["s"]}},
        "DescribeCluster", "describe_cluster", {"name": "new"}, "ResourceNotFoundException",
    ),
    "s3:PutObject": (
        "put_object", {"Bucket": "pages", "Key": "new", "Body": b"x"}, "GetObject", "get_object",
        {"Bucket": "pages", "Key": "new"}, "NoSuchKey",
    ),
}  # fmt: skip
"""How a thing is made, how it is read, and what is said as long as it is not found."""


@pytest.mark.parametrize("reads", [1, 3])
@pytest.mark.parametrize("creation", CREATED)
def test_a_new_thing_is_not_found_for_some_reads(
    strike: Callable[..., Any], attempt: Callable[..., Any], creation: str, reads: int
) -> None:
    """After a creation, `first` reads of it say that there is no such thing, then it is there; it was never gone."""
    create, given, operation, read, where, code = CREATED[creation]
    service = creation.partition(":")[0]

    def act(brief: Brief) -> Any:
        client = brief.session.client(service)
        getattr(client, create)(**given)
        answers = [attempt(getattr(client, read), **where) for _ in range(reads + 1)]
        return [getattr(one, "response", {}).get("Error", {}).get("Code", "found") for one in answers]

    late = api.not_found_yet().on(f"{service}:{operation}").after(f"call {creation}").first(reads)
    struck = strike(act, late, build=build)

    assert [code] * reads + ["found"] == struck.given
    assert (reads + 1, reads, 0, reads) == struck.counts("not-found-yet")


def test_only_reads_by_name_are_not_found(strike: Callable[..., Any]) -> None:
    """A list, and a change, pass: they have no such answer."""

    def act(brief: Brief) -> Any:
        client = brief.session.client("dynamodb")
        client.put_item(TableName="rows", Item={"id": {"S": "new"}})
        return client.list_tables()["TableNames"]

    struck = strike(act, api.not_found_yet().on("dynamodb:*"), build=build)

    assert 6 == len(struck.given)
    assert (2, 0, 0, 0) == struck.counts("not-found-yet")
