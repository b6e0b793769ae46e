"""S3: single objects, which a version kept behind them makes a matter of one call to bring back."""

from __future__ import annotations

from collections.abc import Mapping

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import deletes, harmless, overwrites
from askfirst.harness.operations.rules.standing import guard, target
from askfirst.harness.operations.rules.values import at, flag, mappings, text
from askfirst.harness.operations.table import Severity
from askfirst.harness.records import Part, Resource

CURRENT = "current"
"""How kinds call the content that is read, beside its versions."""


@rule("s3:DeleteObject", "s3:DeleteObjects")
def objects_deleted(before: Before) -> Ruling | None:
    """Without a version id a versioned bucket keeps the content: https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html."""
    bucket = target(before, "s3.bucket")
    several = mappings(at(before.parameters, "Delete", "Objects"))
    said = [
        _deleted(bucket, text(one.get("Key")), text(one.get("VersionId"))) for one in several or (before.parameters,)
    ]
    ruling = max(said, key=lambda one: one.weight)
    if ruling.harms and flag(before.parameters.get("BypassGovernanceRetention")):
        return deletes("bypasses a lock and deletes what it held")
    return ruling


def _deleted(bucket: Resource | None, key: str, version: str) -> Ruling:
    if version:
        if bucket is not None and _is_no_version(bucket, key, version):
            return harmless("names a delete marker or nothing, no content")
        return deletes("deletes a version of an object for good")
    if bucket is not None and _empty(bucket, key):
        return harmless("names no object that is there")
    if (guard(bucket, "version") or 0) > 0:
        return deletes("hides objects behind delete markers", Severity.REVERSIBLE)
    return deletes("deletes objects no version is kept of")


def _empty(bucket: Resource, key: str) -> bool:
    part = bucket.parts.get(key)
    if part is None:
        return bool(bucket.parts) or bucket.items == 0
    # Behind a delete marker there are versions, and no content to be read.
    return (
        isinstance(part, Mapping)
        and bool(part.keys() - {CURRENT})
        and not part.get(CURRENT)
        and not any(value == "" for name, value in part.items() if name != CURRENT)
    )


def _is_no_version(bucket: Resource, key: str, version: str) -> bool:
    kept = bucket.parts.get(key)
    return isinstance(kept, Mapping) and bool(kept.keys() - {CURRENT}) and version not in kept


@rule("s3:PutObject", "s3:CopyObject", "s3:CompleteMultipartUpload")
def object_replaced(before: Before) -> Ruling | None:
    """A new object takes the place of the old: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html.

    Where nothing is known of what is there, only an empty one is taken for an end, unless it stands for a folder.
    """
    bucket = target(before, "s3.bucket")
    key = before.text("Key")
    if _onto_itself(before) or (bucket is not None and _empty(bucket, key)):
        return None
    if (guard(bucket, "version") or 0) > 0:
        return harmless("keeps the earlier version")
    empty = "Body" in before.parameters and not before.parameters["Body"]
    known = bucket is not None and key in bucket.parts
    if empty and known and bucket is not None and _content(bucket.parts[key]):
        return deletes("puts nothing in the place of an object no version is kept of")
    if known or (empty and not key.endswith("/")):
        return overwrites("replaces an object no version is kept of", Severity.IRREVERSIBLE)
    return None


def _content(part: Part) -> str:
    return part if isinstance(part, str) else part.get(CURRENT, "")


def _onto_itself(before: Before) -> bool:
    """Tell whether an object is copied onto itself, which changes its metadata only."""
    source = before.parameters.get("CopySource")
    if isinstance(source, Mapping):
        source = f"{text(source.get('Bucket'))}/{text(source.get('Key'))}"
    return text(source).lstrip("/") == f"{before.text('Bucket')}/{before.text('Key')}"
