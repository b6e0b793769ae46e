"""CloudTrail: `LookupEvents`, from the calls of the trial and what a world's builder remembered for it. moto lacks it.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html: management events of the last 90
days, of the call's region, the newest first. CloudTrail shows a call after about five minutes on average
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html); here after exactly five.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from askfirst.harness.aws.gaps.base import Guard, Implementation, PastCall, Situation, refusal
from askfirst.harness.aws.gaps.trail_names import is_data_event
from askfirst.harness.aws.gaps.trail_records import Kept, kept

if TYPE_CHECKING:
    from pydantic import JsonValue

SHOWN_AFTER = timedelta(minutes=5)
HELD = timedelta(days=90)
MOST = 50


def lookup_events(situation: Situation) -> Mapping[str, JsonValue]:
    """Give the events that have the attribute asked for, in the time asked for."""
    most = situation.number("MaxResults", MOST)
    if not 1 <= most <= MOST:
        msg = f"MaxResults must be between 1 and {MOST}."
        raise refusal(msg, "InvalidMaxResultsException")
    start, end = situation.time("StartTime"), situation.time("EndTime")
    if start and end and start > end:
        msg = "The start time must be before the end time."
        raise refusal(msg, "InvalidTimeRangeException")
    if situation.text("EventCategory") not in {"", "insight"}:
        msg = "The event category is not valid."
        raise refusal(msg, "InvalidEventCategoryException")
    attributes = situation.many("LookupAttributes")
    if len(attributes) > 1:
        msg = "You can specify only one lookup attribute."
        raise refusal(msg, "InvalidLookupAttributesException")
    wanted = [(str(one.get("AttributeKey", "")), str(one.get("AttributeValue", ""))) for one in attributes]
    first = _first(situation)
    found = []
    if not situation.text("EventCategory"):
        in_time = [one for one in _shown(situation) if not (start and one.at < start) and not (end and one.at > end)]
        in_time.sort(key=lambda one: one.at, reverse=True)
        found = [one for one in (kept(situation, call) for call in in_time) if all(_has(one, *each) for each in wanted)]
    said: dict[str, JsonValue] = {"Events": [one.said() for one in found[first : first + most]]}
    return said | ({"NextToken": str(first + most)} if first + most < len(found) else {})


def _first(situation: Situation) -> int:
    token = situation.text("NextToken")
    if token and not token.isdigit():
        msg = "The pagination token provided is not valid."
        raise refusal(msg, "InvalidNextTokenException")
    return int(token or 0)


def _shown(situation: Situation) -> Iterator[PastCall]:
    """Go through the calls of this account and region that CloudTrail shows by now."""
    remembered: list[PastCall] = getattr(situation.backend("cloudtrail"), "past_events", [])
    for call in (*remembered, *situation.past()):
        age = situation.now - call.at
        here = call.account == situation.account and call.region == situation.region
        if here and SHOWN_AFTER <= age <= HELD and not is_data_event(call.service, call.operation):
            yield call


def _has(event: Kept, key: str, value: str) -> bool:
    plain = {
        "EventId": event.id,
        "EventName": event.name,
        "ReadOnly": str(event.call.reads).lower(),
        "Username": event.user,
        "EventSource": event.source,
        "AccessKeyId": event.call.access_key,
    }
    if key in {"ResourceType", "ResourceName"}:
        return any(one.get(key) == value for one in event.resources)
    return plain.get(key) == value


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {("cloudtrail", "LookupEvents"): lookup_events}
GUARDS: Mapping[tuple[str, str], Guard] = {}
