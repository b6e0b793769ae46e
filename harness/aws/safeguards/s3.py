"""S3: MFA delete, a setting moto drops, and Object Lock, which moto enforces where it is set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from askfirst.harness.aws.safeguards.base import Refused, Safeguard, Situation


def _refuse_mfa(situation: Situation, forced: bool) -> None:  # noqa: FBT001 - `Check`
    """Refuse to delete a version, or to change the versioning, without the code of a device."""
    bucket = _bucket(situation)
    if bucket is None or not (forced or getattr(bucket, "mfa_delete", False)) or situation.text("MFA"):
        return
    if situation.operation == "PutBucketVersioning" or any(version for _, version in _objects(situation)):
        code = "AccessDenied"
        message = "Mfa Authentication must be used for this request"
        raise Refused(code, message, 403)


def _remember(situation: Situation, _: Mapping[str, object]) -> None:
    wanted, bucket = situation.parameters.get("VersioningConfiguration"), _bucket(situation)
    if bucket is not None and isinstance(wanted, Mapping) and "MFADelete" in wanted:
        bucket.mfa_delete = wanted["MFADelete"] == "Enabled"


def _refuse_locked(situation: Situation, forced: bool) -> None:  # noqa: FBT001 - `Check`
    """Refuse to delete any version for good; what only lays a delete marker over it is allowed, as in AWS."""
    if forced and any(version for _, version in _objects(situation)):
        code = "AccessDenied"
        message = "Access Denied because object protected by object lock."
        raise Refused(code, message, 403)


def _objects(situation: Situation) -> Iterator[tuple[str, str]]:
    """Go through key and version of what is to be deleted; '' where no version is named."""
    several = situation.parameters.get("Delete")
    objects = several.get("Objects") if isinstance(several, Mapping) else None
    if isinstance(objects, list):
        for one in objects:
            if isinstance(one, Mapping):
                yield str(one.get("Key", "")), str(one.get("VersionId") or "")
    elif situation.text("Key"):
        yield situation.text("Key"), situation.text("VersionId")


def _bucket(situation: Situation) -> Any:  # noqa: ANN401 - moto's bucket
    return situation.backend("s3").buckets.get(situation.text("Bucket"))


MFA_DELETE = Safeguard(
    name="s3-mfa-delete",
    summary="versions of objects in a bucket with MFA delete are not deleted without the code of a device",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html",
    checks={
        "s3:DeleteObject": _refuse_mfa,
        "s3:DeleteObjects": _refuse_mfa,
        "s3:PutBucketVersioning": _refuse_mfa,
    },
    remembers={"s3:PutBucketVersioning": _remember},
)
OBJECT_LOCK = Safeguard(
    name="s3-object-lock",
    summary="locked versions of objects are not deleted",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
    checks={"s3:DeleteObject": _refuse_locked, "s3:DeleteObjects": _refuse_locked},
    by_mock=True,
)
