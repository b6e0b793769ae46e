"""CloudTrail: one call of the past as the record CloudTrail keeps of it.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
Known differences: `responseElements` is null for every call, and EC2's lists are not wrapped as `{"items": [...]}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws import draw
from askfirst.harness.aws.gaps.sts import get_caller_identity
from askfirst.harness.aws.gaps.trail_names import event_name, event_source, resource_type

if TYPE_CHECKING:
    from pydantic import JsonValue

    from askfirst.harness.aws.gaps.base import PastCall, Situation

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
SECRET = re.compile(
    r"(password|passphrase|plaintext|privatekey|keymaterial|secretaccesskey|secretstring|secretbinary|sessiontoken|authtoken)",
    re.IGNORECASE,
)
LEFT_OUT = {"TemplateBody", "ZipFile", "UserData", "Environment", "StackPolicyBody"}
"""Members that CloudTrail leaves out, for they are long or may hold secrets."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One event: its record, and by what it can be looked up."""

    call: PastCall
    id: str
    name: str
    source: str
    user: str
    record: Mapping[str, JsonValue]

    @property
    def resources(self) -> list[dict[str, str]]:
        """The resources it is about, each by its name and by its ARN."""
        found: list[dict[str, str]] = []
        for target in self.call.targets:
            kind = resource_type(target.arn)
            shown = {"ResourceType": kind} if kind else {}
            found += [shown | {"ResourceName": name} for name in dict.fromkeys((target.name, target.arn)) if name]
        return found

    def said(self) -> dict[str, JsonValue]:
        """Give it as `LookupEvents` does."""
        said: dict[str, JsonValue] = {
            "EventId": self.id,
            "EventName": self.name,
            "ReadOnly": str(self.call.reads).lower(),
            "AccessKeyId": self.call.access_key,
            "EventTime": self.call.at.isoformat(),
            "EventSource": self.source,
            "Username": self.user,
            "Resources": [dict(one) for one in self.resources],
            "CloudTrailEvent": json.dumps(self.record, separators=(",", ":")),
        }
        return {name: value for name, value in said.items() if value != ""}


def kept(situation: Situation, call: PastCall) -> Kept:
    """Make the event of a call."""
    identity, user = _identity(situation, call)
    event_id = draw.uuid(call.request_id, "event")
    name, source = event_name(call.service, call.operation), event_source(call.service)
    record: dict[str, JsonValue] = {
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventTime": call.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": source,
        "eventName": name,
        "awsRegion": call.region,
        "sourceIPAddress": _address(call),
        "userAgent": call.user_agent,
        "requestParameters": _parameters(call) or None,
        "responseElements": None,
        "requestID": call.request_id,
        "eventID": event_id,
        "readOnly": call.reads,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": call.account,
        "eventCategory": "Management",
    }
    if call.error:
        record["errorCode"] = f"Client.{call.error}" if call.service == "ec2" else call.error
        record["errorMessage"] = call.message
    return Kept(call, event_id, name, source, user, record)


def _identity(situation: Situation, call: PastCall) -> tuple[dict[str, JsonValue], str]:
    """Give who called, as CloudTrail says it, and the short name for it."""
    about = replace(situation, principal_arn=call.principal_arn)
    unique = str(get_caller_identity(about)["UserId"])
    kind, _, rest = call.principal_arn.rpartition(":")[2].partition("/")
    said: dict[str, JsonValue] = {
        "type": "Root",
        "principalId": unique,
        "arn": call.principal_arn,
        "accountId": call.account,
        "accessKeyId": call.access_key,
    }
    if kind == "user":
        name = rest.rpartition("/")[2]
        return said | {"type": "IAMUser", "userName": name}, name
    if kind != "assumed-role":
        return said, "root"
    role, _, session = rest.rpartition("/")
    issuer: dict[str, JsonValue] = {
        "type": "Role",
        "principalId": unique.partition(":")[0],
        "arn": f"arn:{situation.partition}:iam::{call.account}:role/{role}",
        "accountId": call.account,
        "userName": role.rpartition("/")[2],
    }
    since = call.at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    attributes: dict[str, JsonValue] = {
        "creationDate": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "mfaAuthenticated": "false",
    }
    said["type"] = "AssumedRole"
    said["sessionContext"] = {"sessionIssuer": issuer, "attributes": attributes}
    return said, session


def _address(call: PastCall) -> str:
    """Give the address a principal calls from: the same for all its calls."""
    number = draw.number(call.account, call.principal_arn, "address")
    return f"54.240.{192 + number % 60}.{1 + (number >> 8) % 250}"


def _parameters(call: PastCall) -> dict[str, JsonValue]:
    from moto.core.utils import get_service_model

    shape = get_service_model(call.service).operation_model(call.operation).input_shape
    said = _written(dict(call.parameters), shape, "")
    return said if isinstance(said, dict) else {}


def _written(value: JsonValue, shape: Any, name: str) -> JsonValue:  # noqa: ANN401 - botocore has no types
    """Write a parameter as CloudTrail does: members begin with a small letter, secrets are hidden."""
    if SECRET.search(name) or (shape is not None and shape.metadata.get("sensitive")):
        return HIDDEN
    kind = getattr(shape, "type_name", "")
    if isinstance(value, dict):
        inner: Mapping[str, Any] = shape.members if shape is not None and kind == "structure" else {}
        known = {one: inner.get(one) if kind == "structure" else getattr(shape, "value", None) for one in value}
        return {
            one[:1].lower() + one[1:] if kind == "structure" else one: _written(held, known[one], one)
            for one, held in value.items()
            if one not in LEFT_OUT
        }
    if isinstance(value, list):
        return [_written(one, getattr(shape, "member", None), name) for one in value]
    return value
