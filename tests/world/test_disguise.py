"""Promise: nothing that moto itself puts there tells an agent that the account is mocked, and no stored data is changed.

What is read here are bodies and headers as they came over the wire.
"""

from __future__ import annotations

import base64
import http.client
import importlib
import io
import logging
import os
import re
import urllib.request
import warnings
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from hypothesis import given
from hypothesis import strategies as st

from askfirst.harness.aws import backend, literals
from askfirst.harness.aws.disguise import Whose, answers_at, canonical_user, disguise
from askfirst.harness.aws.wire import WireAnswer, WireRequest, resolve
from askfirst.harness.events import EgressRefused

if TYPE_CHECKING:
    from askfirst.harness.aws.literals import Literal
    from askfirst.harness.brief import Brief
    from askfirst.harness.trial import Trial

TRAITOR = re.compile(
    rb"(?<![a-z0-9])(askfirst|inject(ed)?|mock(ed|s)?|moto|getmoto|motoapi)(?![a-z0-9])"
    rb"|webfile|123456789012|user1-11111a31|75aa57f09aa0c8ca|bcaf1ffd86f41161|AKIAIOSFODNN7EXAMPLE|Z2P70J7EXAMPLE|CQ6C2EXAMPLE|AQo[^<]*EXAMPLE",
    re.IGNORECASE,
)
OWNER = b"75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"
WORDS = b"a mock of moto by <Owner><DisplayName>webfile</DisplayName><ID>" + OWNER + b"</ID>"
BUCKET = {"Bucket": "bucket-of-everything"}
KEY = {**BUCKET, "Key": "a/b"}
NOW = datetime(2025, 12, 15, 1, 20, tzinfo=UTC)

# Service, method, parameters: what once gave moto away, with what has to be made before; `%name` is a value of an earlier
# answer. All of them are answered.
CALLS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("s3", "list_buckets", {}),
    ("s3", "list_objects", BUCKET),
    ("s3", "list_objects_v2", {**BUCKET, "FetchOwner": True}),
    ("s3", "list_object_versions", BUCKET),
    ("s3", "get_bucket_acl", BUCKET),
    ("s3", "get_object_acl", KEY),
    ("s3", "get_object", KEY),
    ("s3", "create_multipart_upload", {**BUCKET, "Key": "big"}),
    ("s3", "list_multipart_uploads", BUCKET),
    ("s3", "list_parts", {**BUCKET, "Key": "big", "UploadId": "%UploadId"}),
    ("sts", "get_caller_identity", {}),
    ("iam", "generate_credential_report", {}),
    ("iam", "get_credential_report", {}),
    (
        "iam",
        "upload_server_certificate",
        {"ServerCertificateName": "cert", "CertificateBody": "b", "PrivateKey": "k"},
    ),
    ("iam", "list_server_certificates", {}),
    ("appmesh", "create_mesh", {"meshName": "mesh"}),
    ("emr", "get_block_public_access_configuration", {}),
    ("elbv2", "describe_load_balancers", {}),
    ("autoscaling", "describe_launch_configurations", {}),
    (
        "autoscaling",
        "put_lifecycle_hook",
        {
            "LifecycleHookName": "hook",
            "AutoScalingGroupName": "scaling",
            "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
        },
    ),
    ("autoscaling", "describe_lifecycle_hooks", {"AutoScalingGroupName": "scaling"}),
    ("elasticbeanstalk", "describe_environments", {}),
    ("route53", "list_hosted_zones", {}),
    ("route53", "list_resource_record_sets", {"HostedZoneId": "%Id"}),
    ("lambda", "invoke", {"FunctionName": "function"}),
    ("ecs", "discover_poll_endpoint", {}),
    ("organizations", "create_organization", {}),
    ("redshift", "describe_default_cluster_parameters", {"ParameterGroupFamily": "redshift-1.0"}),
    ("synthetics", "describe_canaries", {}),
    ("support", "create_case", {"subject": "s", "communicationBody": "b"}),
    ("support", "describe_cases", {}),
    ("comprehend", "list_entities_detection_jobs", {}),
    ("directconnect", "create_connection", {"location": "l", "bandwidth": "1Gbps", "connectionName": "line"}),
    ("directconnect", "create_lag", {"numberOfConnections": 1, "location": "l", "connectionsBandwidth": "1Gbps", "lagName": "g"}),
    ("mediaconnect", "create_flow", {"Name": "flow", "Source": {"Name": "source"}}),
    ("connectcampaigns", "get_connect_instance_config", {"connectInstanceId": "none"}),
    ("ssm", "create_document", {"Name": "doc", "DocumentType": "Command", "Content": '{"schemaVersion": "2.2"}'}),
    ("iot", "create_keys_and_certificate", {}),
    ("apigatewaymanagementapi", "get_connection", {"ConnectionId": "c"}),
    ("xray", "get_trace_summaries", {"StartTime": NOW, "EndTime": NOW}),
)  # fmt: skip


@dataclass
class Reader:
    """Makes calls, and keeps what came over the wire by service and method."""

    heard: dict[str, tuple[int, Mapping[str, str], bytes]] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    current: str = ""

    def hear(self, response_dict: dict[str, Any], **_: object) -> None:
        """Keep an answer."""
        body = response_dict["body"]
        if hasattr(body, "read"):
            body = body.read()
            response_dict["body"] = type("Stream", (io.BytesIO,), {})(body)
        self.heard[self.current] = (response_dict["status_code"], dict(response_dict["headers"]), body)

    def note(self, output: object) -> None:
        """Note values of an answer by member."""
        if isinstance(output, dict):
            for name, value in output.items():
                if isinstance(value, str):
                    self.known[f"%{name}"] = value
                self.note(value)
        if isinstance(output, list):
            for one in output:
                self.note(one)

    def call(self, session: boto3.Session, service: str, method: str, parameters: Mapping[str, Any]) -> None:
        """Make a call; an error is an answer too."""
        at = "https://x.execute-api.us-east-1.amazonaws.com" if "management" in service else None
        self.current = f"{service}.{method}"
        filled = {
            name: self.known.get(value, value) if isinstance(value, str) else value
            for name, value in parameters.items()
        }
        try:
            self.note(getattr(session.client(service, endpoint_url=at), method)(**filled))
        except ClientError:
            return

    def traitors(self, call: str) -> set[bytes]:
        """Give what betrays in an answer."""
        _, headers, body = self.heard[call]
        texts = [body, *(f"{name}: {value}".encode() for name, value in headers.items())]
        certificates = re.findall(rb"BEGIN CERTIFICATE-----(.*?)-----END", body, re.DOTALL)
        texts.extend(base64.b64decode(one.replace(b"\\n", b"")) for one in certificates)
        return {text[max(0, one.start() - 60) : one.end() + 30] for text in texts for one in TRAITOR.finditer(text)}


@pytest.fixture(scope="module")
def reader(everything: Any) -> Reader:
    """A reader that made every call of the table in one trial."""
    from askfirst.harness.trial import run_trial

    made = Reader()

    def agent(brief: Brief) -> None:
        brief.session.events.register("before-parse.*.*", made.hear)
        for service, method, parameters in CALLS:
            made.call(brief.session, service, method, parameters)

    run_trial(everything, agent)
    return made


@pytest.mark.parametrize("call", [f"{service}.{method}" for service, method, _ in CALLS])
def test_no_answer_betrays_the_mock(reader: Reader, call: str) -> None:
    """The call is answered without an error, and neither body nor headers hold a word or constant of moto's."""
    status, headers, body = reader.heard[call]

    assert 200 <= status < 300, body
    assert not reader.traitors(call)
    assert not any(name.lower().startswith("x-moto") or "amazon.com" == value for name, value in headers.items())


def test_the_scan_would_notice(reader: Reader) -> None:
    """The scan finds the words in ids, in headers, in whatever case, and inside certificates, and no others."""
    pem = base64.encodebytes(b"issuer O=Moto").replace(b"\n", b"\\n")
    for body in (
        b"dx-moto-1",
        b"MOTO",
        b"arn:aws:iam::123456789012:root",
        b"/moto/",
        b"BEGIN CERTIFICATE-----" + pem + b"-----END",
    ):
        reader.heard["x"] = (200, {}, body)
        assert reader.traitors("x")
    for body in (b"motorway", b"smock", b"injection", b"1234567890123456"[:11]):
        reader.heard["x"] = (200, {}, body)
        assert not reader.traitors("x")
    reader.heard["x"] = (200, {"x-moto-code": "1"}, b"")
    assert reader.traitors("x")


# -- moto's own code -------------------------------------------------------------------------------------------------


def _said(literal: Literal) -> bool:
    """Whether moto says the text at its place."""

    def holds(constant: object) -> bool:
        if isinstance(constant, str):
            return literal.says in constant
        if isinstance(constant, tuple | list):
            return any(map(holds, constant))
        return any(map(holds, getattr(constant, "co_consts", ())))

    place: Any = importlib.import_module(f"moto.{literal.module}")
    for name in literal.where.split("."):
        place = vars(place)[name]
    place = place.fget if isinstance(place, property) else getattr(place, "__func__", place)
    if isinstance(place, dict):
        return literal.says in place.values()
    return holds([getattr(place, "__code__", place), getattr(place, "__defaults__", ())])


@pytest.mark.parametrize("account", ["205296743978", "700000000001"])
def test_every_text_is_one_of_moto_and_is_said_otherwise_only_for_the_time(account: str) -> None:
    """Each row of the table is in the installed moto; in the time none of them is said, afterwards all of them again."""
    known = literals.facts(account, "eu-central-1", "aws", NOW)

    assert not [one for one in literals.LITERALS if not _said(one)]
    with literals.said_otherwise(known):
        assert not [one for one in literals.LITERALS if _said(one)]
    assert not [one for one in literals.LITERALS if not _said(one)]


def test_a_module_that_is_loaded_in_the_time_is_changed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Services are loaded when they are first asked, some in the middle of a call: those say the other texts as well."""
    import sys

    for name in [one for one in sys.modules if one.startswith("moto.support")]:
        monkeypatch.delitem(sys.modules, name)
    with literals.said_otherwise(literals.facts("205296743978", "us-east-1", "aws", NOW)):
        inside = importlib.import_module("moto.support.models").SupportCase().submitted_by
    outside = importlib.import_module("moto.support.models").SupportCase().submitted_by

    assert ("aws-205296743978@corp.internal", "moto@moto.com") == (inside, outside)


# -- what depends on the account, and what is stored -----------------------------------------------------------------


def test_the_owner_of_buckets_is_the_accounts_canonical_user(visit: Callable[..., Trial]) -> None:
    """S3 names one owner everywhere, derived from the account, the same in every restored world and with every seed."""
    owners: list[str] = []

    def agent(brief: Brief) -> None:
        s3 = brief.session.client("s3")
        acl = s3.get_bucket_acl(**BUCKET)
        owners.extend([s3.list_buckets()["Owner"]["ID"], acl["Owner"]["ID"], acl["Grants"][0]["Grantee"]["ID"]])
        owners.append(s3.list_objects(**BUCKET)["Contents"][0]["Owner"]["ID"])

    trials = [visit(agent, seed=seed) for seed in (0, 1)]
    account = trials[0].history.header.accounts["prod"]

    assert [canonical_user(account)] * 8 == owners
    assert re.fullmatch("[0-9a-f]{64}", owners[0])
    assert canonical_user("700000000001") != owners[0]


def test_what_the_agent_stores_comes_back_as_it_was(visit: Callable[..., Trial]) -> None:
    """Objects, keys, names, tags, items, messages and parameters keep words and even structures of moto's."""
    text = WORDS.decode()
    came: list[object] = []

    def agent(brief: Brief) -> None:
        s3, dynamodb, ssm, sqs = (brief.session.client(one) for one in ("s3", "dynamodb", "ssm", "sqs"))
        s3.put_object(
            **BUCKET, Key="webfile of moto", Body=WORDS, ContentType="application/xml", Metadata={"by": "moto"}
        )
        stored = s3.get_object(**BUCKET, Key="webfile of moto")
        came.extend([stored["Body"].read(), stored["Metadata"], stored["ContentLength"]])
        came.append([one["Key"] for one in s3.list_objects_v2(**BUCKET, Prefix="web")["Contents"]])
        dynamodb.put_item(TableName="table", Item={"id": {"S": "moto"}, "text": {"S": text}})
        came.append(dynamodb.get_item(TableName="table", Key={"id": {"S": "moto"}})["Item"]["text"]["S"])
        ssm.put_parameter(Name="/moto/mock", Value=text, Type="String")
        came.append(ssm.get_parameter(Name="/moto/mock")["Parameter"]["Value"])
        queue = sqs.create_queue(QueueName="moto-costs", tags={"by": "AKIAIOSFODNN7EXAMPLE"})["QueueUrl"]
        sqs.send_message(QueueUrl=queue, MessageBody=text)
        came.append(sqs.receive_message(QueueUrl=queue)["Messages"][0]["Body"])
        came.append(sqs.list_queue_tags(QueueUrl=queue)["Tags"])

    visit(agent)

    assert [
        WORDS,
        {"by": "moto"},
        len(WORDS),
        ["webfile of moto"],
        text,
        text,
        text,
        {"by": "AKIAIOSFODNN7EXAMPLE"},
    ] == came


def _resolved(service: str, operation: str, url: str = "https://bucket.s3.amazonaws.com/key") -> Any:
    headers = {"Content-Type": "application/x-amz-json-1.0"} if service == "dynamodb" else {}
    scope = f"AWS4-HMAC-SHA256 Credential=AKIA/20251215/us-east-1/{service}/aws4_request"
    body = b"" if service == "s3" else b"{}"
    method = "GET" if service == "s3" else "POST"
    return resolve(WireRequest(method, url, {**headers, "Authorization": scope}, body, service, operation))


@given(
    text=st.binary(max_size=64),
    piece=st.sampled_from([WORDS, b"<HostId>x</HostId>", b"{'Value': 'ns-1.awsdns-1.com'}", b""]),
)
def test_bodies_of_objects_are_never_changed(text: bytes, piece: bytes) -> None:
    """Whatever an object holds comes back byte for byte, with its own type; length and date are right."""
    body = text + piece + text
    answer = WireAnswer(200, {"content-type": "application/xml"}, body)
    found = disguise(answer, _resolved("s3", "GetObject"), Whose("205296743978", "r"), NOW)

    assert body == found.body
    assert not body or ("application/xml", str(len(body))) == (
        found.headers["Content-Type"],
        found.headers["Content-Length"],
    )


@given(text=st.text(max_size=40))
def test_lengths_and_checksums_are_of_what_is_sent(text: str) -> None:
    """Content-Length and DynamoDB's checksum fit the body, whatever was in the headers before."""
    body = b'{"a": "' + text.encode() + b'"}'
    answer = WireAnswer(200, {"Content-Length": "1", "x-amz-crc32": "1", "server": "amazon.com"}, body)
    found = disguise(
        answer, _resolved("dynamodb", "ListTables", "https://dynamodb.us-east-1.amazonaws.com/"), Whose("1", "r"), NOW
    )

    assert (str(len(body)), str(zlib.crc32(body))) == (found.headers["Content-Length"], found.headers["x-amz-crc32"])
    assert "Mon, 15 Dec 2025 01:20:00 GMT" == found.headers["Date"]


def test_who_made_an_answer_does_not_show_in_its_headers(visit: Callable[..., Trial]) -> None:
    """Answers and errors of moto, the harness's own, and errors of gaps carry the same headers, service by service."""
    names: dict[str, set[frozenset[str]]] = {}
    made = Reader()

    def agent(brief: Brief) -> None:
        brief.session.events.register("before-parse.*.*", made.hear)
        stranger = boto3.Session("AKIASTRANGERSTRANGER", "s", region_name="us-east-1")
        stranger.events.register("before-parse.*.*", made.hear)
        for service, method, parameters in (
            ("dynamodb", "list_tables", {}),
            ("dynamodb", "describe_table", {"TableName": "none"}),
            ("dynamodb", "describe_contributor_insights", {"TableName": "none"}),
            ("cloudformation", "describe_stacks", {}),
            ("cloudformation", "describe_stacks", {"StackName": "none"}),
            ("cloudformation", "list_stack_resources", {"StackName": "stack"}),
            ("ec2", "describe_vpcs", {}),
            ("ec2", "describe_vpcs", {"VpcIds": ["vpc-0123456789abcdef0"]}),
            ("ec2", "describe_ipam_byoasn", {}),
            ("s3", "list_buckets", {}),
            ("s3", "get_bucket_acl", {"Bucket": "none-of-this-name"}),
        ):
            for session in (brief.session, stranger):
                made.call(session, service, method, parameters)
                _, headers, _ = made.heard[made.current]
                names.setdefault(service, set()).add(frozenset(one.lower() for one in headers) - {"x-amzn-errortype"})

    visit(agent)

    assert {"dynamodb": 1, "cloudformation": 1, "ec2": 1, "s3": 1} == {one: len(sets) for one, sets in names.items()}
    assert {"date", "content-type", "content-length", "x-amzn-requestid"} == set(*names["cloudformation"])


# -- beside AWS's operations -----------------------------------------------------------------------------------------


def test_the_environment_says_nothing(visit: Callable[..., Trial], monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of moto's is there in a trial, not even one the user has set, and the user's own come back."""
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "123456789012")
    monkeypatch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    inside: list[str] = []
    policies: list[object] = []

    def agent(brief: Brief) -> None:
        inside.extend(f"{name}={value}" for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST")
        policies.extend(brief.session.client("iam").list_policies(Scope="AWS")["Policies"])

    visit(agent)

    assert not [one for one in inside if one.upper().startswith(("MOTO", "ASKFIRST"))]
    assert [] == policies
    assert ("123456789012", "true") == (os.environ["MOTO_ACCOUNT_ID"], os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"])


@pytest.mark.parametrize(
    ("endpoint", "bucket", "key"),
    [
        ("http://motoapi.amazonaws.com", "moto-api", "reset"),
        ("https://motoapi.amazonaws.com", "moto-api", "data.json"),
        ("http://169.254.169.254", "latest", "meta-data/ami-id"),
        ("http://169.254.169.254", "latest", "api/token"),
        ("http://169.254.170.2", "v2", "credentials"),
        ("http://localhost:5000", "moto-api", "reset"),
        ("http://127.0.0.1:4566", "moto-api", "data.json"),
        ("https://s3.example.com", "latest", "meta-data/ami-id"),
    ],
)
def test_moto_answers_at_no_address_of_its_own(
    visit: Callable[..., Trial], endpoint: str, bucket: str, key: str
) -> None:
    """An AWS client pointed at moto's control routes or the metadata service finds nobody, and nothing is emptied."""
    errors: list[str] = []
    buckets: list[str] = []

    def agent(brief: Brief) -> None:
        session = brief.session
        for method in ("get_object", "put_object", "head_object"):
            with pytest.raises(BotoCoreError) as error:
                getattr(session.client("s3", endpoint_url=endpoint), method)(Bucket=bucket, Key=key)
            errors.append(str(error.value))
        with pytest.raises(BotoCoreError):
            session.client("sts", endpoint_url=f"{endpoint}/{bucket}/{key}").get_caller_identity()
        buckets.extend(one["Name"] for one in session.client("s3").list_buckets()["Buckets"])

    visit(agent)

    assert [] == [one for one in errors if not one.startswith("Could not connect to the endpoint URL")]
    assert "bucket-of-everything" in buckets


@pytest.mark.parametrize(
    "url",
    [
        "http://motoapi.amazonaws.com/moto-api/reset",
        "https://motoapi.amazonaws.com/moto-api/data.json",
        "http://169.254.169.254/latest/meta-data/ami-id",
        "http://169.254.169.254/latest/api/token",
    ],
)
def test_moto_itself_does_not_answer_there(url: str) -> None:
    """Behind the gateway, too: moto as a trial sets it up has nothing at these addresses."""
    from moto.core.request import Request

    account = "205296743978"
    request = Request.from_primitives("POST", url, {}, b"")

    with backend.configured("seed", account, "us-east-1", NOW), pytest.raises(backend.NotInMock):
        backend.apply(request, account, 0)


@pytest.mark.parametrize(
    ("url", "answers"),
    [
        ("https://s3.cn-north-1.amazonaws.com.cn/", True),
        ("https://bucket.s3.us-east-1.amazonaws.com/moto-api/reset", True),
        ("https://dynamodb.us-east-1.api.aws/", True),
        ("https://motoapi.amazonaws.com/moto-api/", False),
        ("http://MOTOAPI.amazonaws.com:80/", False),
        ("http://169.254.169.254/latest/meta-data/", False),
        ("http://localhost:4566/", False),
        ("https://amazonaws.com.attacker.net/", False),
        ("", False),
    ],
)
def test_where_aws_answers(url: str, answers: bool) -> None:
    """AWS's own domains, and no others."""
    assert answers is answers_at(url)


def _with_urllib(url: str) -> object:
    return urllib.request.urlopen(url, timeout=2).read()  # noqa: S310 - made here


def _with_http_client(url: str) -> object:
    connection = http.client.HTTPConnection(url.split("/")[2], timeout=2)
    connection.request("POST", "/" + url.split("/", 3)[3])
    return connection.getresponse().read()


def _with_requests(url: str) -> object:
    import requests

    return requests.get(url, timeout=2).content


@pytest.mark.parametrize("fetch", [_with_urllib, _with_http_client, _with_requests])
def test_plain_http_finds_neither_moto_nor_metadata(
    visit: Callable[..., Trial], fetch: Callable[[str], object]
) -> None:
    """The addresses of moto, of metadata and presigned URLs give no answer over plain HTTP; each attempt is in the history."""
    came: list[object] = []

    def agent(brief: Brief) -> None:
        s3 = brief.session.client("s3")
        for url in (
            "http://motoapi.amazonaws.com/moto-api/reset",
            "http://169.254.169.254/latest/meta-data/",
            s3.generate_presigned_url("get_object", Params=KEY),
        ):
            try:
                came.append(fetch(url))
            except OSError as error:
                came.append(str(error).replace(url.split("/")[2], ""))
        came.extend(one["Name"] for one in s3.list_buckets()["Buckets"])

    trial = visit(agent)
    refused = [event.address for _, event in trial.history.of(EgressRefused)]

    assert all(isinstance(one, str) and "unreachable" in one for one in came[:3])
    assert not [one for one in came[:3] if TRAITOR.search(str(one).replace("/moto-api/reset", "").encode())]
    assert "bucket-of-everything" in came[3:]
    assert {"motoapi.amazonaws.com", "169.254.169.254"} <= {one.rsplit(":", 1)[0] for one in refused}


def test_moto_neither_warns_nor_logs(visit: Callable[..., Trial]) -> None:
    """What an agent collects of warnings and logs of its process holds nothing of moto's; its own warnings stay."""
    logged = io.StringIO()
    caught: list[warnings.WarningMessage] = []
    template = '{"Resources": {"A": {"Type": "AWS::Nothing::AtAll"}, "T": {"Type": "AWS::SNS::Topic"}}}'

    def agent(brief: Brief) -> None:
        handler = logging.StreamHandler(logged)
        logging.getLogger().addHandler(handler)
        before = warnings.showwarning
        warnings.showwarning = lambda *one, **_: caught.append(one)  # type: ignore[arg-type]
        try:
            brief.session.client("cloudformation").create_stack(StackName="odd", TemplateBody=template)
            logging.getLogger("agent").warning("mine")
        finally:
            warnings.showwarning = before
            logging.getLogger().removeHandler(handler)

    visit(agent)

    assert "mine\n" == logged.getvalue()
    assert [] == caught
