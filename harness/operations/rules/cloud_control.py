"""Cloud Control: any type of resource by one operation, so that the type and the patch say what is done."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import deletes, overwrites, stops, weakens
from askfirst.harness.operations.rules.values import mappings, number, text
from askfirst.harness.operations.table import Domain, Severity

if TYPE_CHECKING:
    from pydantic import JsonValue

NO_DATA = re.compile(
    r"^AWS::(IAM|Events|Lambda|ElasticLoadBalancing\w*|AutoScaling|ApiGateway\w*|CloudWatch|SNS|WAF\w*|Scheduler)::"
    r"|^AWS::EC2::(?!Volume|Instance|Snapshot|EIP)|::\w*(Policy|Association|Attachment|Alarm|Rule|Permission|Listener\w*)$"
)
PROTECTION = re.compile(
    r"(Protection|Retention|Versioning|BlockPublic\w*|Backup\w*|Encrypt\w*|Logging|PointInTime\w*|Policy)",
    re.IGNORECASE,
)
CAPACITY = re.compile(r"(DesiredCount|DesiredCapacity|MaxSize|MaxCapacity|ReservedConcurrentExecutions|Enabled)$")
TRIFLES = re.compile(r"^/(Tags|Description)\b")


@rule("cloudcontrol:DeleteResource")
def resource_deleted(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_DeleteResource.html."""
    kind = before.text("TypeName")
    severity = Severity.RECOVERABLE if NO_DATA.search(kind) else Severity.IRREVERSIBLE
    domain = Domain.CONFIGURATION if severity is Severity.RECOVERABLE else Domain.DATA
    return deletes(f"deletes a {kind}", severity, domain)


@rule("cloudcontrol:UpdateResource")
def resource_patched(before: Before) -> Ruling | None:
    """A JSON patch: https://docs.aws.amazon.com/cloudcontrolapi/latest/userguide/resource-operations-update.html."""
    said = [found for one in _patch(before.parameters.get("PatchDocument")) if (found := _operation(one)) is not None]
    return max(said, key=lambda one: one.weight, default=None)


def _patch(document: JsonValue) -> tuple[Mapping[str, JsonValue], ...]:
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except (ValueError, RecursionError):
            return ()
    return mappings(document)


def _operation(patch: Mapping[str, JsonValue]) -> Ruling | None:
    path, value = text(patch.get("path")), patch.get("value")
    if TRIFLES.match(path) or patch.get("op") not in {"remove", "replace", "add"}:
        return None
    lowered = value in (False, "false", "Suspended", "Disabled", "DISABLED", "INACTIVE") or number(value) == 0
    if "Lifecycle" in path and patch.get("op") != "remove" and "Expiration" in json.dumps(value):
        return deletes(f"lets content expire: {path}")
    if PROTECTION.search(path) and (lowered or patch.get("op") == "remove"):
        return weakens(f"takes {path} away")
    if CAPACITY.search(path) and lowered:
        return stops(f"sets {path} to nothing")
    if patch.get("op") == "remove":
        return overwrites(f"takes {path} away", domain=Domain.CONFIGURATION)
    return None
