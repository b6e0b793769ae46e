"""Promise: each fault of the AWS response does what its docstring says to a call it is about, and the counts say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from askfirst.faults import api
from askfirst.harness import registry
from askfirst.harness.faulting.data import Phase, Site

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env
    from askfirst.harness.brief import Brief
    from askfirst.harness.faulting.declaring import Fault

KEY = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
ONCE = Config(retries={"total_max_attempts": 1})


def build(env: Env) -> None:
    """Make two tables, one of them with a row."""
    client = env.session.client("dynamodb")
    for name in ("costs", "rates"):
        client.create_table(TableName=name, **KEY)
    client.put_item(TableName="costs", Item={"id": {"S": "1"}})
    env.session.client("cloudformation").create_stack(
        StackName="shop", TemplateBody='{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'
    )


def look(env: Env) -> tuple[int, int]:
    """Count tables and rows."""
    client = env.session.client("dynamodb")
    return len(client.list_tables()["TableNames"]), len(client.scan(TableName="costs")["Items"])


def create(brief: Brief) -> Any:
    """Make a third table."""
    return brief.session.client("dynamodb", config=ONCE).create_table(TableName="new", **KEY)["TableDescription"][
        "TableName"
    ]


def listed(brief: Brief) -> Any:
    """List the tables, twice: before a third is made and after it."""
    client = brief.session.client("dynamodb", config=ONCE)
    first = client.list_tables()["TableNames"]
    create(brief)
    return first, client.list_tables()["TableNames"]


def described(brief: Brief) -> Any:
    """Ask for a table."""
    return brief.session.client("dynamodb", config=ONCE).describe_table(TableName="costs")["Table"]["TableName"]


def written(brief: Brief) -> Any:
    """Write four rows in a batch; give how many came back."""
    rows = [{"PutRequest": {"Item": {"id": {"S": one}}}} for one in "abcd"]
    answer = brief.session.client("dynamodb").batch_write_item(RequestItems={"costs": rows})
    return len(answer["UnprocessedItems"].get("costs", ()))


def deleted(brief: Brief) -> Any:
    """Delete the stack, and look at it ten minutes later."""
    formation = brief.session.client("cloudformation")
    formation.delete_stack(StackName="shop")
    brief.clock.sleep(600)
    return formation.describe_stacks(StackName="shop")["Stacks"][0]["StackStatus"]


CREATE, LIST, DESCRIBE = "dynamodb:CreateTable", "dynamodb:ListTables", "dynamodb:DescribeTable"
REFUSED: Mapping[str, tuple[Fault, str]] = {
    "access-denied": (api.access_denied(), "AccessDeniedException"),
    "cut": (api.cut(), "ConnectionClosedError"),
    "error": (api.error(code="LimitExceededException"), "LimitExceededException"),
    "expired-token": (api.expired_token(), "ExpiredTokenException"),
    "hang": (api.hang(), "ReadTimeoutError"),
    "in-progress": (api.in_progress(), "ResourceInUseException"),
    "not-implemented": (api.not_implemented(), "UnknownOperationException"),
    "quota-full": (api.quota_full(), "LimitExceededException"),
    "reset": (api.reset(), "ConnectionClosedError"),
    "server-error": (api.server_error(), "InternalServerError"),
    "throttling": (api.throttling(), "ThrottlingException"),
    "unavailable": (api.unavailable(), "ServiceUnavailable"),
    "unreachable": (api.unreachable(), "EndpointConnectionError"),
}
"""What refuses a CreateTable, and how the caller learns of it."""

OTHERS: Mapping[str, tuple[Fault, Callable[[Brief], Any], Any, tuple[int, int]]] = {
    "empty-list": (api.empty_list().on(LIST).nth(2), listed, (["costs", "rates"], []), (3, 1)),
    "late": (api.late().on("cloudformation:DeleteStack"), deleted, "DELETE_FAILED", (2, 1)),
    "latency": (api.latency().on(CREATE), create, "new", (3, 1)),
    "lie": (api.lie().on(CREATE), create, "new", (2, 1)),
    "not-found-yet": (api.not_found_yet().on(DESCRIBE), described, "ResourceNotFoundException", (2, 1)),
    "partial": (api.partial().on("dynamodb:BatchWriteItem"), written, 2, (2, 3)),
    "stale-read": (api.stale_read().on(LIST), listed, (["costs", "rates"], ["costs", "rates"]), (3, 1)),
    "truncated": (api.truncated().on(LIST).nth(2), listed, (["costs", "rates"], ["costs"]), (3, 1)),
}
"""The fault, what the agent does, what it sees, and how many tables and rows there are afterwards."""


def outcome(act: Callable[[Brief], Any], attempt: Callable[..., Any]) -> Callable[[Brief], Any]:
    """Give what an agent sees: what it is answered, or the code or class of what is raised."""

    def acted(brief: Brief) -> Any:
        answer = attempt(act, brief)
        if isinstance(answer, ClientError):
            response: Any = answer.response
            return response["Error"]["Code"]
        return type(answer).__name__ if isinstance(answer, Exception) else answer

    return acted


def test_no_fault_is_left_out() -> None:
    """Every fault declared for this site is in one of the two tables."""
    declared = {
        name
        for name, kind in registry.faults().items()
        if kind.site is Site.AWS_RESPONSE and kind.origin.startswith("askfirst.faults.")
    }

    assert declared == REFUSED.keys() | OTHERS.keys()


@pytest.mark.parametrize(
    ("name", "phase"), [(name, phase) for name, (fault, _) in REFUSED.items() for phase in fault.kind.phases]
)
def test_a_refused_call_is_seen_to_fail(
    strike: Callable[..., Any], attempt: Callable[..., Any], name: str, phase: Phase
) -> None:
    """The caller learns of each refusal in its own way, and it counts as seen; only where the answer was lost it was done."""
    fault, expected = REFUSED[name]
    struck = strike(outcome(create, attempt), fault.on(CREATE).phased(phase), build=build, look=look)

    assert expected == struck.given
    assert ((3, 1) if phase is Phase.LOSE else (2, 1)) == struck.seen
    assert (1, 1, 0, 1) == struck.counts(name)


@pytest.mark.parametrize("name", OTHERS)
def test_a_changed_call_is_seen_changed(strike: Callable[..., Any], attempt: Callable[..., Any], name: str) -> None:
    """The caller sees what the fault makes of the answer, and the account holds what it leaves of the call."""
    fault, act, expected, there = OTHERS[name]
    struck = strike(outcome(act, attempt), fault, build=build, look=look)
    calls = 2 if act is listed else 1

    assert expected == struck.given
    assert there == struck.seen
    assert (calls, 1, 0, 1) == struck.counts(name)


def test_faults_in_one_trial_count_each_for_itself(strike: Callable[..., Any], attempt: Callable[..., Any]) -> None:
    """Matched, fired, absorbed and seen are each fault's own: struck always, sometimes, absorbed by retries, or never."""

    def act(brief: Brief) -> None:
        client = brief.session.client("dynamodb")
        for _ in range(4):
            attempt(client.describe_table, TableName="costs")
        for _ in range(3):
            attempt(client.list_tables)
        client.scan(TableName="costs")

    struck = strike(
        act,
        api.access_denied().on(DESCRIBE).first(2).named("twice"),
        api.server_error().on(DESCRIBE).nth(3).attempts(1).named("absorbed"),
        api.empty_list().on(LIST).every(2).named("each second"),
        api.truncated().on(LIST).named("after it"),
        api.lie().on("dynamodb:DeleteTable").named("never"),
        build=build,
    )

    assert (4, 2, 0, 2) == struck.counts("twice")
    assert (4, 1, 1, 0) == struck.counts("absorbed")
    assert (3, 1, 0, 1) == struck.counts("each second")
    assert (3, 2, 0, 2) == struck.counts("after it")
    assert (0, 0, 0, 0) == struck.counts("never")
