"""The pairs of S3: its actions are about objects, buckets or the account, and one call may be about several objects.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from askfirst.harness.aws.iam.globs import UNKNOWN
from askfirst.harness.events import CallStarted

if TYPE_CHECKING:
    from pydantic import JsonValue

OF_OBJECTS = re.compile(r"s3:(?!.*Bucket)(.*Object.*|AbortMultipartUpload|ListMultipartUploadParts|BypassGovernance.*)")
VERSIONED = re.compile(r"(s3:(?:Get|Put|Delete)Object)(Acl|Attributes|Tagging|)$")
"""Actions that are called otherwise when the call names a version: s3:DeleteObject, then s3:DeleteObjectVersion."""

READS_SOURCE = re.compile(r"s3:GetObject(Version)?(Tagging)?$")
NOT_OF_COPY = "s3:ListBucket"
"""A copy goes without it: it only decides how a missing source is answered."""

Found = tuple[str, tuple[str, ...]]


def pairs(call: CallStarted, actions: Sequence[str], partition: str) -> Iterator[Found]:
    """Go through the actions with the ARNs they need."""
    bucket = call.parameters.get("Bucket")
    if not isinstance(bucket, str):
        yield from ((action, (f"arn:{partition}:s3:::*",)) for action in actions)
        return
    arn = bucket if bucket.startswith("arn:") else f"arn:{partition}:s3:::{bucket}"
    source = call.parameters.get("CopySource")
    if source is not None and "s3:GetObject" not in actions:
        actions = (*actions, "s3:GetObject")  # UploadPartCopy
    for action in dict.fromkeys(actions):
        if source is not None and action == NOT_OF_COPY:
            continue
        if source is not None and READS_SOURCE.match(action):
            yield _source(action, source, partition)
        elif OF_OBJECTS.match(action):
            yield from _objects(action, call, arn)
        else:
            yield action, (arn,)


def _objects(action: str, call: CallStarted, bucket: str) -> Iterator[Found]:
    several = call.parameters.get("Delete")
    objects = several.get("Objects") if isinstance(several, Mapping) else None
    for one in objects if isinstance(objects, list) else [call.parameters]:
        if isinstance(one, Mapping):
            key = one.get("Key")
            versioned = isinstance(one.get("VersionId"), str)
            if action.startswith("s3:DeleteObjectVersion") or action == "s3:GetObjectVersion":
                action = action.replace("Version", "")
            named = VERSIONED.sub(r"\1Version\2", action) if versioned else action
            yield named, (f"{bucket}/{key}" if isinstance(key, str) else f"{bucket}/{UNKNOWN}",)


def _source(action: str, source: JsonValue, partition: str) -> Found:
    """Read where a copy comes from: 'bucket/key?versionId=1', or its members."""
    if isinstance(source, Mapping):
        path, version = f"{source.get('Bucket')}/{source.get('Key')}", source.get("VersionId")
    else:
        path, _, version = str(source).lstrip("/").partition("?versionId=")
    named = VERSIONED.sub(r"\1Version\2", action) if version else action
    return named, (path if path.startswith("arn:") else f"arn:{partition}:s3:::{path}",)
