"""`cloudtrail`: the calls of one trial as a file of CloudTrail, `{"Records": [...]}`: for the jq and Athena queries one has.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html. What only the
harness knows stands under `additionalEventData.askfirst`. Unlike CloudTrail the file has calls that never reached AWS (their
`eventType` is `AskfirstNeverArrived`), and data events too; `responseElements` is always null.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import SimpleNamespace
from typing import IO, TYPE_CHECKING

from askfirst.harness.aws.gaps.base import PastCall, Situation
from askfirst.harness.aws.gaps.trail_names import is_data_event
from askfirst.harness.aws.gaps.trail_records import kept
from askfirst.harness.events import FaultFired
from askfirst.harness.exporting.base import Form, Subject
from askfirst.harness.operations.table import Level
from askfirst.harness.records import Outcome

if TYPE_CHECKING:
    from pydantic import JsonValue

    from askfirst.harness.history import Call, History


def write(subjects: Sequence[Subject], file: IO[bytes]) -> None:
    """Write one file of records."""
    history = subjects[0].read()
    fired: dict[tuple[str, int], list[str]] = {}
    for _, fault in history.of(FaultFired):
        fired.setdefault((fault.call, fault.attempt), []).append(f"{fault.fault}: {fault.what}")
    records = [record(history, call, fired.get((call.start.call, call.start.attempt), ())) for call in history.calls]
    file.write(json.dumps({"Records": records}, indent=1).encode())
    file.write(b"\n")


def record(history: History, call: Call, faults: Sequence[str]) -> dict[str, JsonValue]:
    """Give the record of a call."""
    past = _past(call)
    said = dict(kept(_situation(history, past), past).record)
    if is_data_event(past.service, past.operation):
        said |= {"managementEvent": False, "eventCategory": "Data"}
    if call.end is None or (call.end.outcome is Outcome.UNKNOWN and not call.end.applied):
        said["eventType"] = "AskfirstNeverArrived"
    resources: list[JsonValue] = [
        {"ARN": one.arn, "accountId": past.account} for one in past.targets if one.arn
    ]  # fmt: skip
    if resources:
        said["resources"] = resources
    said["additionalEventData"] = {"askfirst": _extras(call, faults)}
    return said


def _extras(call: Call, faults: Sequence[str]) -> dict[str, JsonValue]:
    start, end = call.start, call.end
    extras: dict[str, JsonValue] = {
        "event": call.seq,
        "author": start.author.value,
        "level": start.level,
        "class": start.operation_class,
        "attempt": start.attempt,
        "late": start.late,
        "faults": list(faults),
        "outcome": end.outcome.value if end else None,
        "applied": end.applied if end else None,
    }
    if end and end.coverage:
        missed = end.coverage.miss.value if end.coverage.miss else None
        extras |= {"covered": end.coverage.covered, "grants": list(end.coverage.grants), "miss": missed}
    if end and end.changes:
        extras["changes"] = [
            {"arn": one.arn, "effect": one.effect.value, "author": one.author.value} for one in end.changes
        ]
    return extras


def _past(call: Call) -> PastCall:
    start, end = call.start, call.end
    failed = end is not None and end.outcome is Outcome.FAIL
    return PastCall(
        at=call.at,
        service=start.service,
        operation=start.operation,
        parameters=start.parameters,
        region=start.region,
        account=start.account,
        principal_arn=start.principal,
        access_key=start.access_key,
        user_agent=start.user_agent,
        request_id=start.request_id,
        reads=start.level == Level.READ.word,
        targets=start.targets,
        error=end.error if end and failed else "",
        message=end.message if end and failed else "",
    )


def _situation(history: History, past: PastCall) -> Situation:
    """Stand in for the account: there is none any more, so ids of principals are those that depend on their ARN alone."""
    nobody = SimpleNamespace(roles={}, users={})
    partition = past.principal_arn.split(":")[1] if past.principal_arn.startswith("arn:") else "aws"
    return Situation(
        service="cloudtrail",
        operation="LookupEvents",
        parameters={},
        region=past.region,
        account=past.account,
        partition=partition,
        principal_arn=past.principal_arn,
        request_id=past.request_id,
        backend=lambda _: nobody,
        now=history.header.started,
        later=lambda *_: None,
        token=lambda _: "",
    )


FORM = Form(
    name="cloudtrail",
    summary="the calls of one trial, as CloudTrail keeps them",
    write=write,
    suffix=".json",
    single=True,
)
