"""Promise: what a queue, a topic, a secret or a key says of itself holds for everybody, administrators among them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from askfirst.harness.scenario import Scenario, World
from askfirst.harness.trial import run_trial

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

REGION = "eu-west-1"
QUEUE = f"https://sqs.{REGION}.amazonaws.com/%account/"
TOPIC = f"arn:aws:sns:{REGION}:%account:"


def policy(effect: str, action: str, principal: str = "*") -> str:
    """Write a policy of one statement."""
    one = {"Effect": effect, "Principal": {"AWS": principal}, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [one]})


def build(env: Env) -> None:
    """Build one of each with a policy of its own that forbids, and one without."""
    sqs, sns, kms = (env.session.client(name) for name in ("sqs", "sns", "kms"))
    secrets = env.session.client("secretsmanager")
    sqs.create_queue(QueueName="kept", Attributes={"Policy": policy("Deny", "sqs:DeleteQueue")})
    sns.create_topic(Name="kept", Attributes={"Policy": policy("Deny", "sns:DeleteTopic")})
    secrets.create_secret(Name="kept", SecretString="s")
    secrets.put_resource_policy(SecretId="kept", ResourcePolicy=policy("Deny", "secretsmanager:DeleteSecret"))
    others = policy("Allow", "kms:*", "arn:aws:iam::444455556666:root")
    env.note("kept", kms.create_key(Policy=others)["KeyMetadata"]["KeyId"])
    sqs.create_queue(QueueName="free")
    sns.create_topic(Name="free")
    secrets.create_secret(Name="free", SecretString="s")
    env.note("free", kms.create_key()["KeyMetadata"]["KeyId"])


SCENARIO = Scenario(name="own", world=World(build=build, region=REGION, draws=1), task="{kept} {free}")
CALLS: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("sqs", "delete_queue", {"QueueUrl": f"{QUEUE}%name"}, "AccessDenied"),
    ("sns", "delete_topic", {"TopicArn": f"{TOPIC}%name"}, "AuthorizationError"),
    ("secretsmanager", "delete_secret", {"SecretId": "%name"}, "AccessDeniedException"),
    ("kms", "schedule_key_deletion", {"KeyId": "%key"}, "AccessDeniedException"),
)


@pytest.mark.parametrize(("service", "method", "parameters", "code"), CALLS)
def test_it_forbids_what_it_says_and_nothing_else(
    service: str, method: str, parameters: dict[str, Any], code: str
) -> None:
    """The one with the policy stays, the one without it goes, both by an administrator's call."""
    codes: list[str] = []

    def agent(brief: Brief) -> str:
        account = brief.session.client("sts").get_caller_identity()["Account"]
        for name, key in zip(("kept", "free"), brief.task.split(), strict=True):
            text = json.dumps(parameters).replace("%account", account).replace("%name", name).replace("%key", key)
            try:
                getattr(brief.session.client(service), method)(**json.loads(text))
            except ClientError as error:
                codes.append(str(error.response.get("Error", {}).get("Code")))
            else:
                codes.append("ok")
        return "done"

    trial = run_trial(SCENARIO, agent)
    assert [code, "ok"] == codes
    assert () == tuple(trial.history.troubles)
