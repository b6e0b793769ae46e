"""Promise: what happens to a connection reaches boto3 as its own exceptions, costs the trial's time, and retries stay real."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

from askfirst.faults import api
from askfirst.harness.faulting.data import Phase
from askfirst.harness.records import Outcome

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief
    from askfirst.harness.faulting.declaring import Fault

KEY = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
ONCE: Any = {"total_max_attempts": 1}


def tables(env: Env) -> list[str]:
    """List the tables of the account."""
    names: list[str] = env.session.client("dynamodb").list_tables()["TableNames"]
    return names


# -- latency, hang, reset, unreachable -------------------------------------------------------------------------------

CONNECTIONS: Mapping[str, tuple[Fault, float, type[Exception] | None, bool, tuple[float, float]]] = {
    "slow": (api.latency(seconds=5), 60, None, True, (5, 6)),
    "slower than a patient client waits": (api.latency(seconds=90), 60, ReadTimeoutError, True, (60, 61)),
    "slower than a hasty client waits": (api.latency(seconds=5), 2, ReadTimeoutError, True, (2, 3)),
    "hang": (api.hang(), 60, ReadTimeoutError, False, (60, 61)),
    "hang after": (api.hang().phased(Phase.LOSE), 7, ReadTimeoutError, True, (7, 8)),
    "reset": (api.reset(), 60, ConnectionClosedError, False, (0, 1)),
    "reset after": (api.reset().phased(Phase.LOSE), 60, ConnectionClosedError, True, (0, 1)),
    "unreachable": (api.unreachable(), 60, EndpointConnectionError, False, (0, 1)),
}
"""The fault, how long the client waits, what boto3 raises, whether the call is applied, and how many seconds pass."""


@pytest.mark.parametrize("case", list(CONNECTIONS))
def test_a_broken_connection_is_botocores_own_exception(
    strike: Callable[..., Any], attempt: Callable[..., Any], case: str
) -> None:
    """The exception is boto3's own, the call was applied as the phase says, and the time it took is the trial's."""
    fault, patience, raised, applied, (least, most) = CONNECTIONS[case]

    def act(brief: Brief) -> Any:
        client = brief.session.client("dynamodb", config=Config(retries=ONCE, read_timeout=patience))
        before = brief.clock.now()
        answer = attempt(client.create_table, TableName="fresh", **KEY)
        return answer, (brief.clock.now() - before).total_seconds()

    struck = strike(act, fault.on("dynamodb:CreateTable"), look=tables)
    answer, passed = struck.given
    (call,) = struck.calls("CreateTable")

    assert (dict if raised is None else raised) is type(answer)
    assert applied is (struck.seen == ["fresh"])
    assert least <= passed < most
    assert (Outcome.OK if raised is None else Outcome.UNKNOWN, applied) == (call.end.outcome, call.end.applied)
    assert (1, 1, 0, 1) == struck.counts(fault.id)


def test_a_client_that_says_nothing_waits_a_minute(strike: Callable[..., Any], attempt: Callable[..., Any]) -> None:
    """Without a read timeout of its own a client gets its answer after 50 seconds and none after 70: botocore's default."""

    def act(brief: Brief) -> list[Any]:
        client = brief.session.client("sqs", config=Config(retries=ONCE))
        return [attempt(client.list_queues), attempt(client.list_queues)]

    struck = strike(
        act,
        api.latency(seconds=50).on("sqs:ListQueues").nth(1).named("short"),
        api.latency(seconds=70).on("sqs:ListQueues").nth(2).named("long"),
    )

    assert [dict, ReadTimeoutError] == [type(one) for one in struck.given]


# -- applied, and the answer lost: the trap of retries ---------------------------------------------------------------

TRAPS: Mapping[str, tuple[str, Mapping[str, Any], str]] = {
    "dynamodb:CreateTable": ("create_table", {"TableName": "fresh", **KEY}, "ResourceInUseException"),
    "iam:CreateUser": ("create_user", {"UserName": "fresh"}, "EntityAlreadyExistsException"),
    "s3:CreateBucket": (
        "create_bucket",
        {"Bucket": "fresh", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}},
        "BucketAlreadyOwnedByYou",
    ),
    "logs:CreateLogGroup": ("create_log_group", {"logGroupName": "fresh"}, "ResourceAlreadyExistsException"),
    "ecr:CreateRepository": ("create_repository", {"repositoryName": "fresh"}, "RepositoryAlreadyExistsException"),
}


@pytest.mark.parametrize("lost", [api.server_error(), api.reset(), api.hang()], ids=lambda fault: fault.id)
@pytest.mark.parametrize("operation", TRAPS)
def test_a_lost_answer_makes_the_sdk_say_already_exists(
    strike: Callable[..., Any], attempt: Callable[..., Any], lost: Fault, operation: str
) -> None:
    """The SDK tries again by itself and the caller learns of its own new thing as 'already exists'; the history tells both."""
    method, given, error = TRAPS[operation]

    def act(brief: Brief) -> Any:
        client = brief.session.client(operation.partition(":")[0])
        return getattr(client.exceptions, error), attempt(getattr(client, method), **given)

    struck = strike(act, lost.on(operation).phased(Phase.LOSE))
    raised, answer = struck.given
    calls = struck.calls(operation.partition(":")[2])

    assert raised is type(answer)
    assert 1 == answer.response["ResponseMetadata"]["RetryAttempts"]
    assert 1 == len({call.start.call for call in calls})
    assert [(1, Outcome.UNKNOWN, True), (2, Outcome.FAIL, False)] == [
        (call.start.attempt, call.end.outcome, call.end.applied) for call in calls
    ]
    assert (1, 1, 0, 1) == struck.counts(lost.id)


def test_a_retry_that_does_no_harm_absorbs_the_fault(strike: Callable[..., Any]) -> None:
    """CreateTopic may be said twice: the retry succeeds, the caller sees nothing, and the fault counts as absorbed."""
    struck = strike(
        lambda brief: brief.session.client("sns").create_topic(Name="fresh"),
        api.server_error().on("sns:CreateTopic").phased(Phase.LOSE),
    )

    assert struck.given["TopicArn"].endswith(":fresh")
    assert (1, 1, 1, 0) == struck.counts("server-error")


# -- retry modes -----------------------------------------------------------------------------------------------------

MODES: Mapping[str, tuple[Any, int, float, float]] = {
    "legacy": ({"mode": "legacy"}, 3, 0.1, 1),
    "legacy, ten attempts": ({"mode": "legacy", "total_max_attempts": 10}, 10, 25.5, 30),
    "standard": ({"mode": "standard"}, 3, 0.1, 4),
    "standard, five attempts": ({"mode": "standard", "total_max_attempts": 5}, 5, 0.1, 16),
    "adaptive": ({"mode": "adaptive"}, 3, 0.1, 10),
    "one attempt": (ONCE, 1, 0, 0.2),
}
"""How the client retries, how often it calls a refused CreateTable, and between what seconds of the trial's time pass.

An environment with AWS_MAX_ATTEMPTS=3, which a trial pins, means three attempts in every mode. Legacy waits for DynamoDB
0.05 s, doubled each time; the others up to 1 s, doubled each time, by chance.
"""


@pytest.mark.parametrize("mode", list(MODES))
def test_retries_are_real_and_cost_no_real_time(
    strike: Callable[..., Any], attempt: Callable[..., Any], mode: str
) -> None:
    """A refused CreateTable is tried as often as the mode says, with its pauses in the trial's time, in under 0.2 s."""
    retries, attempts, least, most = MODES[mode]

    def act(brief: Brief) -> Any:
        client = brief.session.client("dynamodb", config=Config(retries=retries))
        passed, took = [], []
        for number in range(3):
            before, began = brief.clock.now(), time.perf_counter()
            error = attempt(client.create_table, TableName=f"fresh-{number}", **KEY)
            took.append(time.perf_counter() - began)
            passed.append(brief.clock.now() - before)
            assert attempts - 1 == error.response["ResponseMetadata"]["RetryAttempts"]
        return passed, took

    struck = strike(act, api.throttling().on("dynamodb:CreateTable"), look=tables)
    passed, took = struck.given

    assert 3 * attempts == len(struck.calls("CreateTable"))
    assert all(timedelta(seconds=least) <= one < timedelta(seconds=most) for one in passed)
    assert min(took) < 0.2
    assert [] == struck.seen
    assert (3, 3, 0, 3) == struck.counts("throttling")


def test_a_fault_of_one_attempt_is_absorbed(strike: Callable[..., Any]) -> None:
    """Where only the first attempt is refused the SDK gets through: nobody but the history knows."""
    struck = strike(
        lambda brief: brief.session.client("dynamodb").create_table(TableName="fresh", **KEY),
        api.throttling().on("dynamodb:CreateTable").attempts(1),
        look=tables,
    )

    assert ["fresh"] == struck.seen
    assert [Outcome.FAIL, Outcome.OK] == [call.end.outcome for call in struck.calls("CreateTable")]
    assert (1, 1, 1, 0) == struck.counts("throttling")


def test_faults_strike_our_own_implementations(strike: Callable[..., Any], attempt: Callable[..., Any]) -> None:
    """In the December world the repair, which is ours, is throttled for good, and the deletion beside it goes through."""
    from askfirst.harness.registry import load_scenario

    def act(brief: Brief) -> Any:
        formation = brief.session.client("cloudformation")
        stuck = next(
            one for one in formation.describe_stacks()["Stacks"] if one["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
        )
        refused = attempt(formation.continue_update_rollback, StackName=stuck["StackName"])
        state = formation.describe_stacks(StackName=stuck["StackId"])["Stacks"][0]["StackStatus"]
        formation.delete_stack(StackName=stuck["StackName"])
        return refused, state, formation.describe_stacks(StackName=stuck["StackId"])["Stacks"][0]["StackStatus"]

    repair = api.throttling().on("cloudformation:ContinueUpdateRollback").as_key()
    struck = strike(act, repair, scenario=load_scenario("cost-explorer-december"))
    refused, before, after = struck.given

    assert ("Throttling", "Rate exceeded", 400) == (
        refused.response["Error"]["Code"],
        refused.response["Error"]["Message"],
        refused.response["ResponseMetadata"]["HTTPStatusCode"],
    )
    assert ("UPDATE_ROLLBACK_FAILED", "DELETE_FAILED") == (before, after)
    assert 3 == len(struck.calls("ContinueUpdateRollback"))
    assert (1, 1, 0, 1) == struck.counts("throttling")
    assert "effected" == struck.trial.never_chose_deletion.code
