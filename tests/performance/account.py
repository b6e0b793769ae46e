"""The account the calls are made in: the one of the December incident, with things to call beside it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING
from unittest import mock

from askfirst import Scenario, World, load_scenario
from askfirst.harness.aws import backend, surroundings
from askfirst.harness.aws.clock import Clock
from askfirst.harness.aws.hook import Handle
from askfirst.harness.aws.principals import Keyring, Principal, session_of
from askfirst.harness.aws.snapshot import restore
from askfirst.harness.aws.world import Snapshot
from askfirst.harness.records import Author

if TYPE_CHECKING:
    import boto3

    from askfirst.harness.aws.env import Env

KEY = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
REGION = "cn-northwest-1"
BUCKET = "speed-of-calls"
Calls = dict[str, Callable[[], object]]


def things(env: Env) -> None:
    """Make a table, a queue, a bucket and five instances."""
    env.session.client("dynamodb").create_table(TableName="speed", **KEY)
    env.session.client("dynamodb").put_item(TableName="speed", Item={"id": {"S": "1"}, "text": {"S": "x" * 100}})
    env.session.client("sqs").create_queue(QueueName="speed")
    env.session.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": env.region})
    env.session.client("s3").put_object(Bucket=BUCKET, Key="1", Body=b"x" * 1024)
    ec2 = env.session.client("ec2")
    image = ec2.describe_images()["Images"][0]["ImageId"]
    ec2.run_instances(ImageId=image, MinCount=5, MaxCount=5)


def december(env: Env) -> None:
    """Build the account of the December incident and the things to call."""
    load_scenario("cost-explorer-december").world.build(env)
    things(env)


def scenario(build: Callable[[Env], object] = december) -> Scenario:
    """Give a scenario with one world, in which the agent may do everything and nobody answers."""
    return Scenario(name="speed", world=World(build=build, region=REGION, draws=1), task="Be quick.")


def calls(session: boto3.Session) -> Calls:
    """Give one function for each operation measured, with its client made."""
    sts, dynamodb, s3, sqs = (session.client(name) for name in ("sts", "dynamodb", "s3", "sqs"))
    formation, ec2 = session.client("cloudformation"), session.client("ec2")
    queue = sqs.get_queue_url(QueueName="speed")["QueueUrl"]
    item, body = {"id": {"S": "1"}, "text": {"S": "x" * 100}}, b"x" * 1024
    return {
        "sts get_caller_identity": sts.get_caller_identity,
        "dynamodb get_item": lambda: dynamodb.get_item(TableName="speed", Key={"id": {"S": "1"}}),
        "dynamodb put_item": lambda: dynamodb.put_item(TableName="speed", Item=item),
        "s3 put_object 1 KB": lambda: s3.put_object(Bucket=BUCKET, Key="1", Body=body),
        "s3 get_object 1 KB": lambda: s3.get_object(Bucket=BUCKET, Key="1")["Body"].read(),  # noqa: PLW0108 - the call is what is timed
        "cloudformation describe_stacks": formation.describe_stacks,
        "sqs send_message": lambda: sqs.send_message(QueueUrl=queue, MessageBody="x"),
        "sqs receive_message": lambda: sqs.receive_message(QueueUrl=queue),
        "ec2 describe_instances": ec2.describe_instances,
    }


def issue(keyring: Keyring, world: Snapshot) -> Principal:
    """Give the principal that the calls are signed by: the agent of a trial with seed 0 has the same keys."""
    home = world.accounts["prod"]
    return keyring.issue(Author.AGENT, home, f"arn:{world.partition}:iam::{home}:user/speed", "speed/0")


@contextlib.contextmanager
def bare(world: Snapshot) -> Generator[boto3.Session]:
    """Restore a world under moto's own `mock_aws`; nothing of ours is in the way of a call."""
    from moto import mock_aws
    from moto.ec2.models import amis

    settings = {"MOTO_ACCOUNT_ID": world.accounts["prod"], "AWS_RETRY_MODE": surroundings.RETRY_MODE}
    with (
        mock.patch.dict(os.environ, settings),
        mock.patch.object(amis, "AMIS", amis.AMIS[: backend.AMIS_KEPT]),
        mock_aws(),
    ):
        restore(world.blob)
        yield session_of(issue(Keyring(world.partition), world), REGION)


@contextlib.contextmanager
def mocked(world: Snapshot, handle: Handle, clock: Clock) -> Generator[boto3.Session]:
    """Restore a world in a process prepared as for a trial, and send every call through `handle`."""
    agent = issue(Keyring(world.partition), world)
    with surroundings.mocked_account(
        handle=handle,
        clock=clock,
        principal=agent,
        region=REGION,
        seed="speed",
        slept=lambda _: None,
        check=lambda: None,
    ):
        restore(world.blob)
        yield session_of(agent, REGION)
