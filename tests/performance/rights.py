"""What it costs to decide whether a caller may make a call, by the rights of a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from tests.performance.measuring import Row, median_cpu

from askfirst.harness.aws import wire
from askfirst.harness.aws.attempts import Attempt, Attempts
from askfirst.harness.aws.iam.judging import Judge
from askfirst.harness.aws.principals import Keyring
from askfirst.harness.records import Author
from askfirst.harness.scenario import Rights, Statement

ACCOUNT, REGION = "339706640319", "cn-northwest-1"
NOW = datetime(2025, 12, 15, 1, 20, tzinfo=UTC)
BATCH = 200
"""Decisions in one measurement: one alone is shorter than the clock's step."""

STATEMENTS = 20
NARROW = Rights(
    statements=(
        *(
            Statement(actions=(f"service{number}:*",), resources=(f"arn:aws-cn:dynamodb:*:*:table/costs-{number}-*",))
            for number in range(STATEMENTS - 1)
        ),
        Statement(actions=("dynamodb:*Item",), conditions={"StringEquals": {"aws:RequestedRegion": REGION}}),
    ),
    boundary=(Statement(not_actions=("iam:*",)),),
    scps=(Statement(), Statement(effect="Deny", actions=("organizations:*",))),
)
TARGETS: Mapping[str, tuple[Rights, float]] = {
    "of an administrator": (Rights(), 5),
    f"of {STATEMENTS} statements, a boundary and a service control policy": (NARROW, 150),
}


def rows(times: int) -> Iterator[Row]:
    """Give a row for the rights an agent has when nobody narrows them, and for narrow ones."""
    attempt = _attempt()
    for name, (rights, target) in TARGETS.items():
        judge = Judge(partition="aws-cn", home=ACCOUNT, backend=_none, started=NOW)

        def decide(judge: Judge = judge, rights: Rights = rights) -> None:
            for _ in range(BATCH):
                denied = judge.denial(attempt, rights, NOW)
                if denied is not None:
                    raise AssertionError(str(denied))

        decide()
        found = median_cpu(decide, times) / BATCH * 1e6
        yield Row(f"a decision by rights {name}", f"{found:.1f} µs", "", found, target, "µs")


def _none(service: str, account: str, region: str) -> object:
    msg = f"{service} in {account} and {region} is looked at, and a call of DynamoDB needs no look"
    raise AssertionError(msg)


def _attempt() -> Attempt:
    """Make the attempt that a PutItem is."""
    keyring = Keyring("aws-cn")
    arn = f"arn:aws-cn:sts::{ACCOUNT}:assumed-role/Administrator/operator"
    agent = keyring.issue(Author.AGENT, ACCOUNT, arn, "speed")
    scope = f"{agent.access_key}/20251215/{REGION}/dynamodb/aws4_request"
    request = wire.WireRequest(
        "POST",
        f"https://dynamodb.{REGION}.amazonaws.com.cn/",
        {
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
            "X-Amz-Target": "DynamoDB_20120810.PutItem",
            "Content-Type": "application/x-amz-json-1.0",
        },
        b'{"TableName": "costs", "Item": {"id": {"S": "1"}}}',
    )
    attempts = Attempts(seed="speed", partition="aws-cn", home=ACCOUNT, state=dict)
    return attempts.begin(wire.resolve(request), request, agent, late=False)
