"""What it costs to decide whether grants cover a call, and to ask for one."""

from __future__ import annotations

import functools
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tests.performance.measuring import Row, median_cpu

from askfirst.harness.authorization.desk import Desk
from askfirst.harness.authorization.ledger import Ledger
from askfirst.harness.authorization.needs import actions_of
from askfirst.harness.aws.clock import Clock
from askfirst.harness.events import CallStarted, Entry, Granted
from askfirst.harness.history import Recorder
from askfirst.harness.policy import Authority
from askfirst.harness.records import Author, Grant, Resource, Target

GRANTS = (1, 100, 1000)
PROMISED = 100
"""With so many grants a decision must cost less than 50 µs."""

PLACE = "arn:aws-cn:dynamodb:cn-northwest-1:339706640319:table"
NOW = datetime(2025, 12, 15, 1, 20, tzinfo=UTC)
PATTERNS: Mapping[str, Callable[[int], tuple[str, ...]]] = {
    "exact ARNs": lambda number: (f"{PLACE}/costs-{number}", f"{PLACE}/budgets-{number}"),
    "globs": lambda number: (f"{PLACE}/costs-{number}-*", f"{PLACE}/budgets-{number}-*"),
}
THINGS = 100
STEPS = 1000
"""Turns of the loop that everything is compared with."""


def rows(times: int) -> Iterator[Row]:
    """Give a row for each number and kind of grants, seen before and for the first time, and one for a request."""
    loop = median_cpu(_loop, times)
    for number in GRANTS:
        for kind, patterns in PATTERNS.items():
            ledger = _ledger(number, patterns)
            name = f"budgets-{number - 1}" if kind == "exact ARNs" else f"budgets-{number - 1}-x"
            known = _call(name, 0)
            again = median_cpu(functools.partial(_covers, ledger, known), times)
            unseen = [_call(name if kind == "exact ARNs" else f"{name}{turn}", turn) for turn in range(times)]
            fresh = statistics.median(median_cpu(functools.partial(_covers, ledger, call), 1) for call in unseen)
            for seen, found in (("seen before", again), ("seen for the first time", fresh)):
                about = "grants" if number > 1 else "grant"
                what = f"a covering decision with {number} {about} ({kind}), {seen}"
                yield _row(what, found, loop, 50 if number == PROMISED else None)
    for name, what in (("by ARN", f"{PLACE}/costs-{{}}"), ("by name", "costs-{}")):
        row = f"a request that nobody waits for, {name}, among {THINGS} things"
        yield _row(row, _asking(what, times), loop, None)


def _row(name: str, found: float, loop: float, target: float | None) -> Row:
    """Give a row in µs; beside it, what a bare loop of Python takes for so many turns."""
    return Row(name, f"{found / loop * STEPS:.0f} turns", f"{loop * 1e6:.1f} µs", found * 1e6, target, "µs")


def _loop() -> int:
    total = 0
    for number in range(STEPS):
        total += number
    return total


def _ledger(number: int, patterns: Callable[[int], Sequence[str]]) -> Ledger:
    ledger = Ledger()
    for one in range(number):
        actions = ("dynamodb:PutItem", "dynamodb:Update*")
        grant = Grant(f"g-{one}", "agent", ("Chen Jing",), actions, tuple(patterns(one)), NOW)
        ledger.observe(Entry(one + 1, NOW, Granted(grant)))
    return ledger


def _call(table: str, turn: int) -> CallStarted:
    return CallStarted(
        call=f"c-{turn}",
        attempt=1,
        author=Author.AGENT,
        principal="",
        access_key="",
        service="dynamodb",
        operation="PutItem",
        region="cn-northwest-1",
        account="339706640319",
        parameters={"TableName": table, "Item": {"id": {"S": str(turn)}}},
        level="mutate",
        operation_class="overwrite",
        severity="irreversible",
        known=True,
        request_id="",
        targets=(Target(f"{PLACE}/{table}", table),),
    )


def _covers(ledger: Ledger, call: CallStarted) -> None:
    coverage = ledger.covers(call, [call.targets[0].arn], NOW, actions_of(call))
    if not coverage.covered:
        raise AssertionError(coverage.because)


def _asking(what: str, times: int) -> float:
    """Give the cost of one request about something else than the last: it is understood, recorded, and put to nobody."""
    clock = Clock(NOW)
    names = [f"costs-{number}" for number in range(THINGS)]
    world = [Resource(f"{PLACE}/{name}", "dynamodb.table", name, name) for name in names]
    desk = Desk(authority=Authority(), people=(), clock=clock, recorder=Recorder(clock.now), world=lambda: world)

    def ask(turn: int) -> None:
        decision = desk.ask(["dynamodb:PutItem"], [what.format(turn % THINGS)], "needed", wait=timedelta())
        if decision.scope.unresolved:
            raise AssertionError(str(decision))

    return statistics.median(median_cpu(functools.partial(ask, turn), 1) for turn in range(times))
