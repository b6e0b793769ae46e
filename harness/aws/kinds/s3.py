"""Kinds of S3: a bucket with its objects, their versions, and what guards them."""

from __future__ import annotations

from collections.abc import Iterator

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name
from askfirst.harness.aws.kinds.policies import ways
from askfirst.harness.aws.kinds.reading import Thing, flag, number
from askfirst.harness.aws.kinds.versions import CURRENT
from askfirst.harness.records import Part

LOCK_MODES = {"GOVERNANCE": 1.0, "COMPLIANCE": 2.0}
CIPHERS = {"AES256": 1.0, "aws:kms": 2.0, "aws:kms:dsse": 3.0}
DAYS_OF_A_YEAR = 365


def _read(bucket: Thing, _: Thing) -> Reading:
    parts, count = _objects(bucket)
    allowed, denied = ways(bucket.policy)
    return Reading(
        items=count,
        content=(bucket.accelerate_configuration, bucket.payer, bucket.ownership_rule, bucket.logging),
        guards=_guards(bucket),
        open=(*allowed, *_grants(bucket), *_targets(bucket), *_served(bucket)),
        shut=denied,
        doomed=tuple(_doomed(bucket.rules)),
        parts=parts,
    )


def _objects(bucket: Thing) -> tuple[dict[str, Part], int]:
    """Give the versions of every key, and how many keys can be read; one behind a delete marker cannot.

    Contents are known by ETag, which is that of the content where it was put in one piece.
    """
    found: dict[str, Part] = {}
    count = 0
    for key, versions in dict.items(bucket.keys):
        part: dict[str, str] = {}
        current, readable = "", 0
        for one in versions:
            size = getattr(one, "contentsize", None)  # a delete marker has none
            readable = 0 if size is None else 1
            current = _etag(one) if size else ""
            if readable:
                part[one._version_id or "null"] = current  # noqa: SLF001 - the public ones cost a third more
        part[CURRENT] = current
        found[key] = part
        count += readable
    return found, count


def _etag(one: Thing) -> str:
    if one._etag is None:  # noqa: SLF001 - as above; reading the public one lets moto compute it once
        one.etag  # noqa: B018 - as before
    return str(one._etag)  # noqa: SLF001 - as above, and the public one has quotes


def _guards(bucket: Thing) -> dict[str, float]:
    block = bucket.public_access_block
    years, days = number(bucket.default_lock_years), number(bucket.default_lock_days)
    found = {
        "versioning": flag(bucket.is_versioned),
        "MFA delete": flag(getattr(bucket, "mfa_delete", False)),  # kept by our own safeguard
        "block of public ACLs": flag(block and block.block_public_acls),
        "ignoring of public ACLs": flag(block and block.ignore_public_acls),
        "block of public policies": flag(block and block.block_public_policy),
        "restriction of public buckets": flag(block and block.restrict_public_buckets),
        "object lock": flag(bucket.object_lock_enabled),
        "default lock mode": LOCK_MODES.get(bucket.default_lock_mode or "", 0.0),
        "default lock days": years * DAYS_OF_A_YEAR + days,
        "encryption": _encryption(bucket.encryption),
        "replication rules": _replication(getattr(bucket, "replication", None)),
        "access logging": flag(bucket.logging),
    }
    if bucket.object_lock_enabled:
        found |= _locks(bucket)
    return found


def _locks(bucket: Thing) -> dict[str, float]:
    versions = [one for kept in dict.values(bucket.keys) for one in kept if hasattr(one, "contentsize")]
    return {
        "legal holds": float(sum(one.lock_legal_status == "ON" for one in versions)),
        "locked objects": float(sum(bool(one.lock_mode) for one in versions)),
    }


def _encryption(configuration: Thing) -> float:
    if not configuration:
        return 0.0
    rules = configuration.get("Rule", {})
    first = rules[0] if isinstance(rules, list) else rules
    return CIPHERS.get(first.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm", ""), 0.0)


def _replication(configuration: Thing) -> float:
    rules = configuration.get("Rule", []) if configuration else []
    return float(sum(rule.get("Status") == "Enabled" for rule in rules))


def _grants(bucket: Thing) -> Iterator[str]:
    for grant in bucket.acl.grants if bucket.acl else ():
        for grantee in grant.grantees:
            who = grantee.id or grantee.uri
            permissions = grant.permissions
            for permission in [permissions] if isinstance(permissions, str) else sorted(permissions):
                yield f"acl {permission} for {who}"


def _targets(bucket: Thing) -> Iterator[str]:
    told = bucket.notification_configuration
    if told is None:
        return
    for one in [*told.topic, *told.queue, *told.cloud_function]:
        for event in one.events:
            yield f"{event} -> {one.arn}"
    if told.event_bridge is not None:
        yield "events -> EventBridge"


def _served(bucket: Thing) -> Iterator[str]:
    if bucket.website_configuration:
        yield "website"
    for rule in bucket.cors:
        for method in rule.allowed_methods or ():
            for origin in rule.allowed_origins or ():
                yield f"cors {method} from {origin}"


def _doomed(rules: Thing) -> Iterator[str]:
    """Give what the lifecycle deletes. Ended uploads, markers with nothing behind them and moves to other classes are no loss.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
    """
    for rule in rules:
        if rule.status != "Enabled":
            continue
        where = _where(rule)
        if rule.expiration_days:
            yield f"objects under {where} expire after {rule.expiration_days} days"
        if rule.expiration_date:
            yield f"objects under {where} expire on {rule.expiration_date}"
        if rule.nve_noncurrent_days:
            yield f"earlier versions under {where} are deleted after {rule.nve_noncurrent_days} days"


def _where(rule: Thing) -> str:
    prefix, tags = rule.prefix, {}
    if rule.filter is not None:
        both = rule.filter.and_filter
        prefix = prefix or rule.filter.prefix or (both.prefix if both else "")
        tags = dict(both.tags) if both else {}
        if rule.filter.tag_key:
            tags = {rule.filter.tag_key: rule.filter.tag_value}
    tagged = "".join(f" tagged {name}={value}" for name, value in sorted(tags.items()))
    return f'"{prefix or ""}"{tagged}'


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="s3.bucket",
        service="s3",
        members=lambda backend: backend.buckets.values(),
        arn=own_arn,
        name=own_name,
        read=_read,
    ),
)
