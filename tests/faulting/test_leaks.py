"""The agent cannot see the harness: nothing it can read, with every fault of the catalogue on, betrays who stands behind.

Read is what comes over the wire (bodies and headers), what exceptions say, the task, the workspace, decisions, messages,
and the environment. Whose trace it is does not matter: ours, or moto's own.
"""

from __future__ import annotations

import dataclasses
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from askfirst import Authority, FaultPlan, Scenario, Site, load_scenario, run_trial
from askfirst.harness.faulting.contexts import CannotStrike
from askfirst.harness.faulting.declaring import Kind
from askfirst.harness.faulting.parameters import model_of
from askfirst.harness.registry import faults

TRAITOR = re.compile(
    r"(?<![a-z0-9])(askfirst|inject(?:ed|ion|or)?|mock(?:ed|ing)?|moto|webfile|motoapi|fault[-_ ]?(?:plan|injection))(?![a-z0-9])"
    r"|123456789012|AKIAIOSFODNN7EXAMPLE|75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a",
    re.IGNORECASE,
)
UNCONNECTED = {"Turn", "ToolCall"}
"""Given to faults of the model side and the shell, which strike where those exist."""

EXEMPT = {"PATH", "PWD", "OLDPWD", "VIRTUAL_ENV", "PYTHONPATH", "_", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_TESTRUNUID"}
"""Variables of whoever runs the tests: where the checkout lies, and which test runs."""


@dataclass
class Reader:
    """An agent that reads whatever it can, and keeps it."""

    read: list[str] = field(default_factory=list)
    rounds: int = 1

    def keep(self, *things: object) -> None:
        """Keep what was read."""
        self.read += [one.decode("latin-1") if isinstance(one, bytes) else str(one) for one in things]

    def heard(self, http_response: Any, **_: Any) -> None:
        """Keep an answer as it came over the wire."""
        self.keep(http_response.content, dict(http_response.headers))

    def __call__(self, brief: Any) -> str:
        """Read."""
        session = brief.session
        session.events.register("after-call", self.heard)
        session.events.register("response-received", lambda response_dict, **_: self.keep(response_dict))
        self.keep(brief.task, brief.region, *session.get_credentials().get_frozen_credentials())
        self.keep(*(value for name, value in os.environ.items() if name not in EXEMPT), *(one for one in os.environ))
        for _ in range(self.rounds):
            for call, parameters in self.calls(session):
                try:
                    self.keep(call(**parameters))
                except (ClientError, BotoCoreError) as error:
                    self.keep(error, getattr(error, "response", ""))
            try:
                decision = brief.request_authorization(["dynamodb:PutItem", "dynamodb:UpdateItem"], ["costs"])
                self.keep(decision, decision.reason, decision.scope, decision.grant)
            except ConnectionError as error:
                self.keep(error)
        self.keep(*brief.messages)
        for file in sorted(Path(brief.workspace).rglob("*")):
            self.keep(file.relative_to(brief.workspace), *([file.read_bytes()] if file.is_file() else []))
        return "done"

    def calls(self, session: Any) -> list[tuple[Any, dict[str, Any]]]:
        """Give reads of many services, and changes that every fault of an answer may want."""
        key = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"}
        key |= {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}
        client = session.client
        listed: list[tuple[Any, dict[str, Any]]] = [
            (client("sts").get_caller_identity, {}),
            (client("dynamodb").list_tables, {}),
            (client("dynamodb").create_table, {"TableName": "mine", **key}),
            (client("dynamodb").describe_table, {"TableName": "mine"}),
            (client("s3").list_buckets, {}),
            (
                client("s3").create_bucket,
                {"Bucket": "made-by-me", "CreateBucketConfiguration": {"LocationConstraint": session.region_name}},
            ),
            (client("s3").list_objects_v2, {"Bucket": "made-by-me"}),
            (client("s3").list_object_versions, {"Bucket": "made-by-me"}),
            (client("s3").get_bucket_acl, {"Bucket": "made-by-me"}),
            (
                client("s3").delete_objects,
                {"Bucket": "made-by-me", "Delete": {"Objects": [{"Key": "a"}, {"Key": "b"}]}},
            ),
            (client("sqs").list_queues, {}),
            (client("sqs").create_queue, {"QueueName": "mine"}),
            (client("sns").create_topic, {"Name": "mine"}),
            (client("sns").list_topics, {}),
            (client("ec2").describe_instances, {}),
            (client("ec2").describe_vpcs, {}),
            (client("ec2").create_security_group, {"GroupName": "mine", "Description": "x"}),
            (client("ec2").describe_instances, {"InstanceIds": ["i-0123456789abcdef0"]}),
            (client("iam").list_roles, {}),
            (client("iam").list_users, {}),
            (client("iam").get_user, {}),
            (client("iam").create_user, {"UserName": "me"}),
            (client("cloudformation").describe_stacks, {}),
            (
                client("cloudformation").create_stack,
                {"StackName": "mine", "TemplateBody": '{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}'},
            ),
            (client("cloudformation").describe_stack_events, {"StackName": "mine"}),
            (client("lambda").list_functions, {}),
            (client("rds").describe_db_instances, {}),
            (client("cloudwatch").describe_alarms, {}),
            (client("logs").describe_log_groups, {}),
            (client("ssm").describe_parameters, {}),
            (client("kms").list_keys, {}),
            (client("route53").list_hosted_zones, {}),
            (client("elasticbeanstalk").describe_environments, {}),
        ]
        return listed


def usable() -> list[Kind[...]]:
    """Every fault of the catalogue that needs no parameter and is connected to something."""
    bare = (
        one
        for one in faults().values()
        if all(not each.is_required() for each in model_of(one.function).model_fields.values())
    )
    return [one for one in bare if one.given not in UNCONNECTED]


def on(kind: Kind[...]) -> FaultPlan:
    """The fault of a kind in all its phases: each strikes a part of the calls."""
    fault = kind.planned({})
    if kind.given == "Struck":
        each = [
            fault.named(f"{kind.name} {phase.value}").phased(phase).on("*").every(number)
            for number, phase in enumerate(kind.phases, 2)
        ]
        return FaultPlan((*each, fault.on("*").sometimes(0.5)))
    if kind.given == "Asked":
        return FaultPlan((fault.on("*"),))
    if kind.site is Site.APPROVAL:  # it happens between the yes and the act
        return FaultPlan((fault.after("granted" if kind.given == "Scene" else "call sts:*"),))
    return FaultPlan((fault,))


@pytest.fixture(scope="session")
def worlds(small: Scenario) -> list[Scenario]:
    """The worlds in which faults are tried; the first that holds what a fault needs does."""
    strict = dataclasses.replace(small, name="two-people", authority=Authority(approvals=2))
    return [load_scenario("cost-explorer-december"), small, strict]


@pytest.mark.parametrize("kind", [pytest.param(one, id=one.name) for one in usable()])
def test_no_fault_betrays_the_harness(kind: Kind[...], worlds: list[Scenario]) -> None:
    """With the fault on, nothing the agent reads holds a word of ours, of fault injection, or of moto's own."""
    tried = False
    for scenario in worlds[1:] if kind.given == "Struck" else worlds:
        reader = Reader(rounds=2 if kind.given == "Struck" else 1)
        try:
            trial = run_trial(scenario, reader, on(kind))
        except CannotStrike:
            continue
        if not any(one.fired for one in trial.faults):
            continue
        tried = True
        found = {
            f"...{text[max(0, one.start() - 60) : one.end() + 40]}..."
            for text in reader.read
            for one in TRAITOR.finditer(text)
        }
        assert not found
        break
    if not tried and kind.given in {"Scene", "Rights"}:
        pytest.skip(f"no world here holds what {kind.name} needs; its own test reads what it leaves")
    assert tried


def test_the_reader_would_notice(small: Scenario) -> None:
    """The scan is no empty gesture: a word in a file, in an answer, in the task is found."""
    assert all(
        TRAITOR.search(one)
        for one in ("a moto server", "x-Injected: 1", "<DisplayName>webfile</DisplayName>", "askfirst-1")
    )
    assert not any(TRAITOR.search(one) for one in ("motorway", "smock", "default", "askfirstly1"))
    reader = Reader()
    run_trial(small, reader, None)
    assert len(reader.read) > 100
