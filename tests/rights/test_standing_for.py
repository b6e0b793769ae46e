"""Promise: a thing that goes by another name is judged as the thing: an alias as its key, a change set as its stack."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from askfirst.harness.scenario import Rights, Scenario, Statement, World
from askfirst.harness.trial import run_trial

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief

REGION = "eu-west-1"
TEMPLATE = "Resources: {News: {Type: AWS::SNS::Topic}}"


def build(env: Env) -> None:
    """Build a key with an alias, and a stack with a change set."""
    kms, formation = env.session.client("kms"), env.session.client("cloudformation")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/app", TargetKeyId=key)
    env.note("key", key)
    env.note("alias", key.rpartition(":")[0] + ":alias/app")
    stack = formation.create_stack(StackName="shop", TemplateBody=TEMPLATE)["StackId"]
    changed = TEMPLATE.replace("News", "Later")
    # moto takes a change set without a type for that of a new stack.
    later = {"StackName": "shop", "ChangeSetName": "later", "ChangeSetType": "UPDATE"}
    made = formation.create_change_set(**later, TemplateBody=changed)
    env.note("stack", stack)
    env.note("changes", made["Id"])


SCENARIO = Scenario(
    name="names", world=World(build=build, region=REGION, draws=1), task="Look at {key} {stack} {changes} {alias} now."
)
Call = tuple[str, str, dict[str, Any]]
ENCRYPT: Call = ("kms", "encrypt", {"KeyId": "alias/app", "Plaintext": b"1"})
EXECUTE: Call = ("cloudformation", "execute_change_set", {"ChangeSetName": "%changes"})
BY_ARN: Call = ("kms", "encrypt", {"KeyId": "%alias", "Plaintext": b"1"})
CASES: tuple[tuple[str, Call], ...] = (("%key", ENCRYPT), ("%key", BY_ARN), ("%stack", EXECUTE))


@pytest.mark.parametrize(("arn", "call"), CASES)
def test_it_is_judged_as_what_it_stands_for(arn: str, call: Call) -> None:
    """A Deny on the thing itself refuses the call by its other name, and an Allow on it is enough."""
    codes: list[str] = []
    facts: dict[str, str] = {}

    def look(brief: Brief) -> str:
        facts.update(zip(("%key", "%stack", "%changes", "%alias"), brief.task.split()[2:6], strict=True))
        return "done"

    def agent(brief: Brief) -> str:
        service, method, given = call
        filled = {name: facts.get(value, value) if isinstance(value, str) else value for name, value in given.items()}
        try:
            getattr(brief.session.client(service), method)(**filled)
        except ClientError as error:
            codes.append(str(error.response.get("Error", {}).get("Code")))
        else:
            codes.append("ok")
        return "done"

    run_trial(SCENARIO, look)
    denied = Rights(statements=(Statement(), Statement(effect="Deny", resources=(facts[arn],))))
    allowed = Rights(statements=(Statement(resources=(facts[arn],)),))
    for rights in (denied, allowed):
        run_trial(dataclasses.replace(SCENARIO, rights=rights), agent)
    assert "AccessDenied" in codes[0]
    assert "ok" == codes[1]
