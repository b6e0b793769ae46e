"""Promise: what a call is about is found by what it names as its subject; what it merely refers to needs no grant."""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import botocore.session
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askfirst.harness.aws.kinds import all_kinds
from askfirst.harness.aws.targets import Finder
from askfirst.harness.operations import operations_of
from askfirst.harness.records import Parameters, Resource

HERE = "111111111111"
ELSEWHERE = "222222222222"


def _thing(kind: str, place: str, name: str, *aliases: str, region: str = "us-east-1", account: str = HERE) -> Resource:
    arn = f"arn:aws:{kind.partition('.')[0]}:{region}:{account}:{place}"
    return Resource(arn, kind, name, "1", aliases=aliases)


URL = f"https://sqs.us-east-1.amazonaws.com/{HERE}/jobs"
WORLD = (
    _thing("sqs.queue", "jobs", "jobs", URL),
    _thing("sqs.queue", "jobs", "jobs", URL.replace(HERE, ELSEWHERE), account=ELSEWHERE),
    _thing("sqs.queue", "jobs", "jobs", URL.replace("us-east-1", "eu-west-1"), region="eu-west-1"),
    _thing("rds.instance", "db:shop", "shop"),
    _thing("rds.cluster", "cluster:shop", "shop"),
    _thing("rds.snapshot", "snapshot:shop", "shop"),
    _thing("rds.parameter-group", "pg:shop", "shop"),
    _thing("ecs.cluster", "cluster/blue", "blue"),
    _thing("ecs.service", "service/blue/web", "web"),
    _thing("ecs.service", "service/green/web", "web"),
    _thing("events.bus", "event-bus/web", "web"),
    _thing("events.rule", "rule/web", "web"),
    _thing("events.rule", "rule/web/web", "web"),
    _thing("glue.table", "table/one/facts", "facts"),
    _thing("glue.table", "table/two/facts", "facts"),
    _thing("iam.policy", "policy/reads", "reads"),
    _thing("iam.role", "role/reads", "reads"),
    _thing("iam.user", "user/reads", "reads"),
    _thing("ec2.instance", "instance/i-1", "i-1"),
    _thing("ec2.volume", "volume/vol-1", "vol-1"),
    _thing("ec2.vpc", "vpc/vpc-1", "vpc-1"),
    _thing("ec2.subnet", "subnet/subnet-1", "subnet-1"),
    _thing("ec2.security-group", "security-group/sg-1", "sg-1"),
    _thing("kms.key", "key/k-1", "k-1", "alias/shop"),
    _thing("s3.bucket", "shop", "shop"),
    _thing("dynamodb.table", "table/shop", "shop"),
    _thing("lambda.function", "function:shop", "shop"),
    _thing("apigateway.stage", "/restapis/a/stages/prod", "prod"),
    _thing("apigateway.stage", "/restapis/b/stages/prod", "prod"),
    _thing("secretsmanager.secret", "secret:shop-AbCdEf", "shop"),
)
STATE: Mapping[str, Resource] = {one.arn: one for one in WORLD}

SUBJECTS: dict[str, tuple[str, Parameters, tuple[str, ...]]] = {
    "queue of the URL's account": (
        "sqs:PurgeQueue",
        {"QueueUrl": URL.replace(HERE, ELSEWHERE)},
        (f"{ELSEWHERE}:jobs",),
    ),
    "queue of the call's region": ("sqs:GetQueueUrl", {"QueueName": "jobs"}, (f"us-east-1:{HERE}:jobs",)),
    "instance, not cluster": ("rds:StopDBInstance", {"DBInstanceIdentifier": "shop"}, (":db:shop",)),
    "cluster, not instance": ("rds:StopDBCluster", {"DBClusterIdentifier": "Shop"}, (":cluster:shop",)),
    "instance, not its group": (
        "rds:ModifyDBInstance",
        {"DBInstanceIdentifier": "shop", "DBParameterGroupName": "shop", "VpcSecurityGroupIds": ["sg-1"]},
        (":db:shop",),
    ),
    "service of its cluster": ("ecs:UpdateService", {"cluster": "green", "service": "web"}, ("service/green/web",)),
    "rule, not bus": ("events:DisableRule", {"Name": "web"}, (":rule/web",)),
    "rule of its bus": ("events:DisableRule", {"Name": "web", "EventBusName": "web"}, (":rule/web/web",)),
    "bus, not rule": ("events:DeleteEventBus", {"Name": "web"}, (":event-bus/web",)),
    "table of its database": ("glue:DeleteTable", {"DatabaseName": "two", "Name": "facts"}, (":table/two/facts",)),
    "role, not policy": ("iam:PutRolePolicy", {"RoleName": "reads", "PolicyName": "reads"}, (":role/reads",)),
    "user, not role": ("iam:DeleteUserPolicy", {"UserName": "reads", "PolicyName": "reads"}, (":user/reads",)),
    "volume, not instance": ("ec2:DetachVolume", {"VolumeId": "vol-1", "InstanceId": "i-1"}, ("/vol-1",)),
    "instance, not its groups": ("ec2:ModifyInstanceAttribute", {"InstanceId": "i-1", "Groups": ["sg-1"]}, ("/i-1",)),
    "key by its alias": ("kms:DisableKey", {"KeyId": "alias/shop"}, (":key/k-1",)),
    "key by its alias's ARN": ("kms:DisableKey", {"KeyId": f"arn:aws:kms:us-east-1:{HERE}:alias/shop"}, (":key/k-1",)),
    "bucket, not what is copied": (
        "s3:CopyObject",
        {"Bucket": "shop", "Key": "k", "CopySource": {"Bucket": "elsewhere", "Key": "k"}},
        (":shop",),
    ),
    "function of a version": (
        "lambda:DeleteFunction",
        {"FunctionName": f"arn:aws:lambda:us-east-1:{HERE}:function:shop:3"},
        (":function:shop",),
    ),
    "stage of its API": (
        "apigateway:DeleteStage",
        {"restApiId": "b", "stageName": "prod"},
        ("/restapis/b/stages/prod",),
    ),
    "secret by half its ARN": (
        "secretsmanager:DeleteSecret",
        {"SecretId": f"arn:aws:secretsmanager:us-east-1:{HERE}:secret:shop"},
        (":secret:shop-AbCdEf",),
    ),
    "tables of a statement": (
        "dynamodb:ExecuteStatement",
        {"Statement": 'DELETE FROM "shop"."by-day" WHERE id=1'},
        (":table/shop",),
    ),
    "what is booked": (
        "scheduler:CreateSchedule",
        {"Name": "s", "Target": {"Arn": "arn:aws:scheduler:::aws-sdk:s3:deleteBucket", "Input": '{"Bucket": "shop"}'}},
        (":shop",),
    ),
    "what a runbook that is booked does": (
        "scheduler:CreateSchedule",
        {
            "Name": "s",
            "Target": {
                "Arn": "arn:aws:scheduler:::aws-sdk:ssm:startAutomationExecution",
                "Input": '{"DocumentName": "AWS-TerminateEC2Instance", "Parameters": {"InstanceId": ["i-1"]}}',
            },
        },
        ("/i-1",),
    ),
    "what is tagged, wherever": (
        "resourcegroupstaggingapi:TagResources",
        {"ResourceARNList": [f"arn:aws:s3:us-east-1:{HERE}:shop"]},
        (f"s3:us-east-1:{HERE}:shop",),
    ),
    "an instance and its group": (
        "autoscaling:TerminateInstanceInAutoScalingGroup",
        {"InstanceId": "i-1", "ShouldDecrementDesiredCapacity": True},
        ("/i-1",),
    ),
}

REFERENCES: dict[str, tuple[str, Parameters]] = {
    "network of new instances": (
        "ec2:RunInstances",
        {"SubnetId": "subnet-1", "SecurityGroupIds": ["sg-1"], "MinCount": 1, "MaxCount": 1},
    ),
    "network of a new subnet": ("ec2:CreateSubnet", {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}),
    "source of a snapshot": ("ec2:CreateSnapshot", {"VolumeId": "vol-1"}),
    "source of a copy": (
        "rds:CopyDBSnapshot",
        {"SourceDBSnapshotIdentifier": "shop", "TargetDBSnapshotIdentifier": "new"},
    ),
    "source of a database": (
        "rds:RestoreDBInstanceFromDBSnapshot",
        {"DBInstanceIdentifier": "restored", "DBSnapshotIdentifier": "shop"},
    ),
    "source of a backup": ("dynamodb:CreateBackup", {"TableName": "shop", "BackupName": "new"}),
    "role handed over": (
        "lambda:CreateFunction",
        {"FunctionName": "new", "Role": f"arn:aws:iam:us-east-1:{HERE}:role/reads"},
    ),
    "key to encrypt with": ("s3:CreateBucket", {"Bucket": "new", "KmsKeyId": "k-1"}),
    "cluster tasks run in": ("ecs:RunTask", {"cluster": "blue", "taskDefinition": "web"}),
    "function that is fed": ("lambda:CreateEventSourceMapping", {"FunctionName": "shop", "EventSourceArn": "arn"}),
    "text of a message": ("sns:Publish", {"Message": "shop", "Subject": "jobs"}),
    "content of a row": ("dynamodb:PutItem", {"TableName": "new", "Item": {"TableName": {"S": "shop"}}}),
    "queue of a rule": ("events:PutTargets", {"Rule": "new", "Targets": [{"Id": "1", "Arn": WORLD[0].arn}]}),
}


def find(action: str, parameters: Parameters) -> list[str]:
    """Give the ARNs of what a call is about."""
    service, _, operation = action.partition(":")
    found = Finder().targets(service, operation, "us-east-1", HERE, parameters, STATE)
    return [one.arn for one in found if one.known]


@pytest.mark.parametrize("what", SUBJECTS)
def test_the_subject_is_found(what: str) -> None:
    """Namesakes of other kinds, places, accounts and regions are told apart, and nothing else is found."""
    action, parameters, ends = SUBJECTS[what]
    found = find(action, parameters)

    assert len(ends) == len(found)
    assert all(arn.endswith(end) for arn, end in zip(found, ends, strict=True)), found


@pytest.mark.parametrize("what", REFERENCES)
def test_what_is_merely_referred_to_is_no_target(what: str) -> None:
    """A grant is not needed for a role, a key, a subnet of something new or the source of a copy."""
    action, parameters = REFERENCES[what]

    assert [] == find(action, parameters)


def test_a_name_that_fits_nothing_stays_a_target() -> None:
    """It counts as not covered, and is reported under its name."""
    found = Finder().targets("sqs", "DeleteQueue", "us-east-1", HERE, {"QueueUrl": "https://x/1/none"}, STATE)

    assert [("", "https://x/1/none", False)] == [(one.arn, one.name, one.known) for one in found]


class Looked(dict[str, Resource]):
    """A look that counts how often all of it is gone through."""

    times = 0

    def values(self) -> Any:
        """Give the things, and count."""
        Looked.times += 1
        return super().values()


def test_names_are_indexed_once_per_look() -> None:
    """A hundred calls between two looks go through all things once; the next look is gone through again."""
    finder, first, second = Finder(), Looked(STATE), Looked({WORLD[0].arn: WORLD[0]})
    for _ in range(100):
        finder.targets("rds", "StopDBInstance", "us-east-1", HERE, {"DBInstanceIdentifier": "shop"}, first)
    once = Looked.times
    gone = finder.targets("rds", "StopDBInstance", "us-east-1", HERE, {"DBInstanceIdentifier": "shop"}, second)

    assert 1 == once
    assert [False] == [one.known for one in gone]


@functools.cache
def _operations() -> tuple[tuple[str, str, object], ...]:
    session = botocore.session.get_session()
    models = {
        one: session.get_service_model(one) for one in sorted({one.kind.partition(".")[0] for one in all_kinds()})
    }
    return tuple(
        (service, row.name, shape)
        for service, model in models.items()
        for row in operations_of(service)
        if row.name in model.operation_names and (shape := model.operation_model(row.name).input_shape) is not None
    )


odd = st.sampled_from(
    ["", "arn:", "arn:aws:rds:us-east-1:1:db:shop", "shop", "https://", "/", ":", "alias/", "i-1", "{", "x" * 300]
)
leaves = st.one_of(st.none(), st.booleans(), st.integers(), odd)
anything = st.recursive(
    leaves, lambda one: st.lists(one, max_size=3) | st.dictionaries(odd, one, max_size=3), max_leaves=8
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_parameters_make_the_search_fail(data: st.DataObject) -> None:
    """Whatever is sent, targets are found or names stay; an ARN that is found is one of something that is there."""
    service, operation, shape = data.draw(st.sampled_from(_operations()))
    members = cast("Mapping[str, object]", shape.members)  # type: ignore[attr-defined]  # made by botocore at run time
    parameters = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(members, anything)))
    found = Finder().targets(service, operation, "us-east-1", HERE, cast("Parameters", parameters), STATE)

    assert all((one.arn in STATE) is one.known for one in found)


@pytest.mark.slow
def test_what_real_calls_are_about_is_found(cases: ModuleType) -> None:
    """Of the cases in the world with everything at least 97 % are found and none wrongly, and the state agrees."""
    measured = cases.measure()
    lines = cases.lines(measured)
    changed = [one for one in measured if one.changed]

    assert [] == [one.line for one in measured if one.verdict == "wrong"]
    assert sum(one.verdict == "right" for one in measured) >= 0.97 * len(measured), lines
    assert sum(bool(one.changed & one.found) for one in changed) >= 0.97 * len(changed), lines
    assert len({one.case[0] for one in measured}) >= 300


@pytest.fixture(scope="module")
def cases() -> Iterator[ModuleType]:
    """The cases; tests are imported by path."""
    spec = importlib.util.spec_from_file_location("targets_cases", Path(__file__).with_name("targets_cases.py"))
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    sys.modules["targets_cases"] = loaded
    spec.loader.exec_module(loaded)
    yield loaded
    del sys.modules["targets_cases"]
