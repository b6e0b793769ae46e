"""S3: protection of buckets, and lifetimes of what they hold. What is said of single objects is in `s3_objects.py`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.policies import new_locks
from askfirst.harness.operations.rules.saying import blinds, deletes, harmless, revokes, weakens
from askfirst.harness.operations.rules.standing import guard, stood, target
from askfirst.harness.operations.rules.values import at, flag, mappings, number, text
from askfirst.harness.operations.table import Domain
from askfirst.harness.records import Resource

if TYPE_CHECKING:
    from pydantic import JsonValue

PUBLIC = MappingProxyType(
    {
        "BlockPublicAcls": ("block", "public acl"),
        "IgnorePublicAcls": ("ignoring", "public acl"),
        "BlockPublicPolicy": ("block", "public polic"),
        "RestrictPublicBuckets": ("restrict", "public"),
    }
)
"""The four switches, and the words of the guardrails that they are."""


@rule("s3:PutBucketLifecycleConfiguration", "s3:PutBucketLifecycle")
def expiry(before: Before) -> Ruling | None:
    """An expiry deletes objects: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html."""
    rules = mappings(at(before.parameters, "LifecycleConfiguration", "Rules"))
    active = [one for one in rules if text(one.get("Status")) != "Disabled"]
    bucket = target(before, "s3.bucket")
    if any(_expires(one) and _meets(one, bucket) for one in active):
        return deletes("lets objects expire: they are deleted by themselves")
    if any("NoncurrentVersionExpiration" in one for one in active) and stood(bucket, "version"):
        return deletes("lets earlier versions of objects expire", domain=Domain.GUARDRAIL)
    if active and all(
        set(one) <= {"ID", "Status", "Prefix", "Filter", "AbortIncompleteMultipartUpload"} for one in active
    ):
        return harmless("lets only unfinished uploads expire")
    return None


def _expires(one: Mapping[str, JsonValue]) -> bool:
    expiration = one.get("Expiration")
    return isinstance(expiration, Mapping) and bool(expiration.keys() & {"Days", "Date"})


def _meets(one: Mapping[str, JsonValue], bucket: Resource | None) -> bool:
    """Tell whether an expiring rule meets an object that is there, and is not in force already."""
    if bucket is None:
        return True
    prefix = text(one.get("Prefix")) or text(at(one, "Filter", "Prefix")) or text(at(one, "Filter", "And", "Prefix"))
    days = number(at(one, "Expiration", "Days"))
    if days is not None and any(f'"{prefix}"' in booked and f" {days:g} day" in booked for booked in bucket.doomed):
        return False
    if bucket.items == 0 and not bucket.parts:
        return False
    return not bucket.parts or any(key.startswith(prefix) for key in bucket.parts)


@rule("s3:PutBucketVersioning")
def versions_off(before: Before) -> Ruling | None:
    """Suspended versioning keeps no earlier content: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html."""
    bucket = target(before, "s3.bucket")
    wanted = at(before.parameters, "VersioningConfiguration")
    if text(at(wanted, "Status")) == "Suspended" and stood(bucket, "version"):
        return weakens("suspends versioning: what is overwritten or deleted from now on is gone")
    if text(at(wanted, "MFADelete")) == "Disabled" and (guard(bucket, "mfa") or 0) > 0:
        return weakens("lets versions be deleted without a second factor")
    return None


@rule("s3:PutBucketPolicy")
def policy_locks(before: Before) -> Ruling | None:
    """A deny for everybody is for the owner too: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html."""
    bucket = target(before, "s3.bucket")
    locked = new_locks(before.parameters.get("Policy"), bucket.shut if bucket else ())
    return revokes(f"denies {', '.join(locked)} to everybody") if locked else None


@rule("s3:PutBucketReplication")
def replication_off(before: Before) -> Ruling | None:
    """Rules that are disabled copy nothing: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html."""
    rules = mappings(at(before.parameters, "ReplicationConfiguration", "Rules"))
    if any(one.get("Status") == "Enabled" for one in rules) or not stood(target(before, "s3.bucket"), "replicat"):
        return None
    return weakens("replicates nothing any more")


@rule("s3:PutBucketLogging")
def access_log_off(before: Before) -> Ruling | None:
    """A status without LoggingEnabled ends logging: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html."""
    if at(before.parameters, "BucketLoggingStatus", "LoggingEnabled") or not stood(
        target(before, "s3.bucket"), "logging"
    ):
        return None
    return blinds("ends the access log of the bucket")


@rule("s3:PutPublicAccessBlock", "s3control:PutPublicAccessBlock")
def public_access(before: Before) -> Ruling | None:
    """What is left out is false: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html."""
    wanted = at(before.parameters, "PublicAccessBlockConfiguration")
    bucket = target(before, "s3.bucket")
    off = [name for name, words in PUBLIC.items() if not flag(at(wanted, name)) and stood(bucket, *words)]
    if not off:
        return None
    return weakens(f"opens it to the public: {', '.join(off)} off")


@rule("s3:PutObjectLockConfiguration")
def no_default_lock(before: Before) -> Ruling | None:
    """Without a rule new objects are not locked: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html."""
    if at(before.parameters, "ObjectLockConfiguration", "Rule") or not stood(
        target(before, "s3.bucket"), "default lock"
    ):
        return None
    return weakens("locks new objects no more")


@rule("s3:PutObjectRetention")
def lock_bypassed(before: Before) -> Ruling | None:
    """The lock in governance mode gives way to a bypass only: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html."""
    if flag(before.parameters.get("BypassGovernanceRetention")):
        return weakens("bypasses the lock of an object")
    retention = at(before.parameters, "Retention")
    return None if at(retention, "Mode") else weakens("takes the lock of an object away")


@rule("s3:PutObjectLegalHold")
def hold_off(before: Before) -> Ruling | None:
    """A hold that is off protects nothing: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html."""
    return (
        weakens("lifts the legal hold of an object") if at(before.parameters, "LegalHold", "Status") == "OFF" else None
    )
