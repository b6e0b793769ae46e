"""Promise: a call without a signature, or with an old one, gets nobody past the policies."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from askfirst.harness.scenario import Rights, Scenario, Statement, World
from askfirst.harness.trial import run_trial

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

REGION = "us-east-1"
NOBODY = Config(signature_version=UNSIGNED)
OLD = Config(signature_version="s3")


def build(env: Env) -> None:
    """Build a bucket that everybody may read, one that nobody else may, and a role."""
    s3 = env.session.client("s3")
    for bucket in ("open", "closed"):
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    reading = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::open/*"}
    s3.put_bucket_policy(Bucket="open", Policy=json.dumps({"Version": "2012-10-17", "Statement": [reading]}))
    env.session.client("iam").create_role(RoleName="web", AssumeRolePolicyDocument='{"Statement": []}')


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """A scenario with an open and a closed bucket."""
    return Scenario(name="unsigned", world=World(build=build, region=REGION, draws=1), task="Tidy up.")


Call = tuple[str, Config, str, dict[str, Any], str]
CLOSED, OPEN = ({"Bucket": bucket, "Key": "a"} for bucket in ("closed", "open"))
ROLE = {"RoleArn": "arn:aws:iam::%account:role/web", "RoleSessionName": "li", "WebIdentityToken": "token"}
TABLE: tuple[Call, ...] = (
    ("s3", NOBODY, "get_object", CLOSED, "AccessDenied"),
    ("s3", NOBODY, "delete_object", CLOSED, "AccessDenied"),
    ("s3", NOBODY, "delete_object", OPEN, "AccessDenied"),
    ("s3", NOBODY, "get_object", OPEN, "ok"),
    ("s3", NOBODY, "list_buckets", {}, "AccessDenied"),
    ("dynamodb", NOBODY, "list_tables", {}, "MissingAuthenticationTokenException"),
    ("lambda", NOBODY, "list_functions", {}, "MissingAuthenticationTokenException"),
    ("iam", NOBODY, "list_users", {}, "MissingAuthenticationToken"),
    ("sts", NOBODY, "assume_role_with_web_identity", ROLE, "ok"),
    ("s3", OLD, "get_object", CLOSED, "ok"),
    ("s3", OLD, "delete_object", CLOSED, "AccessDenied"),
)


@pytest.mark.parametrize(("service", "config", "method", "parameters", "expected"), TABLE)
def test_no_signature_is_no_way_in(
    service: str, config: Config, method: str, parameters: dict[str, Any], expected: str, scenario: Scenario
) -> None:
    """Without a signature only what is open to everybody answers; with an old one the caller's own rights hold."""
    codes: list[str] = []

    def agent(brief: Brief) -> str:
        account = brief.session.client("sts").get_caller_identity()["Account"]
        make: Any = brief.session.client
        client = make(service, config=config)
        given = {name: str(value).replace("%account", account) for name, value in parameters.items()}
        try:
            getattr(client, method)(**given)
        except ClientError as error:
            codes.append(str(error.response.get("Error", {}).get("Code")))
        else:
            codes.append("ok")
        return "done"

    rights = Rights(statements=(Statement(actions=("s3:Get*",)),))
    trial = run_trial(dataclasses.replace(scenario, rights=rights), agent)
    assert [expected] == codes
    assert () == tuple(trial.history.troubles)
