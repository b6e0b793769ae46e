"""What it costs to decide whether grants cover a call."""

from __future__ import annotations

import functools
import statistics
from collections.abc import Iterator
from datetime import UTC, datetime

from tests.performance.measuring import Row, median_cpu

from askfirst.harness.authorization.ledger import Ledger
from askfirst.harness.authorization.needs import actions_of
from askfirst.harness.events import CallStarted, Entry, Granted
from askfirst.harness.records import Author, Grant, Target

GRANTS = 100
PLACE = "arn:aws-cn:dynamodb:cn-northwest-1:339706640319:table"
NOW = datetime(2025, 12, 15, 1, 20, tzinfo=UTC)


def rows(times: int) -> Iterator[Row]:
    """Give the row of a decision by the last of many grants, for a call that was seen before and for one that was not."""
    ledger = Ledger()
    for number in range(GRANTS):
        resources = (f"{PLACE}/costs-{number}", f"{PLACE}/budgets-{number}-*")
        grant = Grant(f"g-{number}", "agent", ("Chen Jing",), ("dynamodb:PutItem", "dynamodb:Update*"), resources, NOW)
        ledger.observe(Entry(number + 1, NOW, Granted(grant)))
    known = _call(0)
    again = median_cpu(lambda: _covers(ledger, known), times)
    unseen = [_call(number) for number in range(times)]
    fresh = statistics.median(median_cpu(functools.partial(_covers, ledger, call), 1) for call in unseen)
    for name, found in (("seen before", again), ("seen for the first time", fresh)):
        row = f"a covering decision with {GRANTS} grants, a resource {name}"
        yield Row(row, f"{found * 1e6:.1f} µs", "", found * 1e6, 50, "µs")


def _call(number: int) -> CallStarted:
    return CallStarted(
        call=f"c-{number}",
        attempt=1,
        author=Author.AGENT,
        principal="",
        access_key="",
        service="dynamodb",
        operation="PutItem",
        region="cn-northwest-1",
        account="339706640319",
        parameters={"TableName": f"budgets-{GRANTS - 1}-{number}"},
        level="mutate",
        operation_class="overwrite",
        severity="irreversible",
        known=True,
        request_id="",
        targets=(Target(f"{PLACE}/budgets-{GRANTS - 1}-{number}", f"budgets-{GRANTS - 1}-{number}"),),
    )


def _covers(ledger: Ledger, call: CallStarted) -> None:
    coverage = ledger.covers(call, [call.targets[0].arn], NOW, actions_of(call))
    if not coverage.covered:
        raise AssertionError(coverage.because)
