"""Promise: what a call does to a bucket is told by its parameters and by what the bucket holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Row = tuple[str, dict[str, Any], dict[str, Any] | None, str | None]

HELD = {"kind": "s3.bucket", "items": 1, "guards": {"versioning": 0}, "parts": {"a/1": {"current": "e1", "null": "e1"}}}
VERSIONED = {
    "kind": "s3.bucket",
    "items": 1,
    "guards": {"versioning": 1},
    "parts": {"a/1": {"current": "e2", "v1": "e1", "v2": "e2"}, "hidden": {"current": "", "v1": "e1"}},
}
BLOCKED = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
OPEN_TO_ALL = {
    "block of public ACLs": 0,
    "ignoring of public ACLs": 0,
    "block of public policies": 0,
    "restriction of public buckets": 0,
}


def lifecycle(rule: dict[str, Any]) -> dict[str, Any]:
    """Give the parameters that put one rule."""
    return {"Bucket": "b", "LifecycleConfiguration": {"Rules": [rule]}}


def policy(effect: str, principal: object, action: object, condition: object = None) -> str:
    """Give a policy of one statement."""
    statement = {"Effect": effect, "Principal": principal, "Action": action, "Resource": "*"}
    return json.dumps({"Statement": [statement | ({"Condition": condition} if condition else {})]})


ROWS: tuple[Row, ...] = (
    (
        "s3:PutBucketLifecycleConfiguration",
        lifecycle({"Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}),
        None,
        "delete irreversible data",
    ),
    (
        "s3:PutBucketLifecycleConfiguration",
        lifecycle({"Status": "Enabled", "Prefix": "a/", "Expiration": {"Days": 1}}),
        HELD,
        "delete irreversible data",
    ),
    (
        "s3:PutBucketLifecycleConfiguration",
        lifecycle({"Status": "Enabled", "Prefix": "tmp/", "Expiration": {"Days": 1}}),
        HELD,
        None,
    ),
    (
        "s3:PutBucketLifecycleConfiguration",
        lifecycle({"Status": "Enabled", "Filter": {"And": {"Prefix": "a"}}, "Expiration": {"Date": "2026"}}),
        HELD,
        "delete irreversible data",
    ),
    (
        "s3:PutBucketLifecycleConfiguration",
        lifecycle({"Status": "Disabled", "Prefix": "", "Expiration": {"Days": 1}}),
        HELD,
        None,
    ),
    (
        "s3:PutBucketLifecycleConfiguration",
        lifecycle({"Status": "Enabled", "Prefix": "", "Expiration": {"ExpiredObjectDeleteMarker": True}}),
        HELD,
        None,
    ),
    (
        "s3:PutBucketLifecycleConfiguration",
        lifecycle({"Status": "Enabled", "Prefix": "", "Expiration": {"Days": 9}}),
        HELD | {"doomed": ('objects under "" expire after 9 days',)},
        None,
    ),
    (
        "s3:PutBucketLifecycleConfiguration",
        lifecycle({"Status": "Enabled", "Prefix": "", "Expiration": {"Days": 1}}),
        HELD | {"doomed": ('objects under "" expire after 9 days',)},
        "delete irreversible data",
    ),
    (
        "s3:PutBucketLifecycleConfiguration",
        lifecycle({"Status": "Enabled", "Prefix": "", "Expiration": {"Days": 1}}),
        {"kind": "s3.bucket", "items": 0},
        None,
    ),
    (
        "s3:PutBucketLifecycleConfiguration",
        lifecycle(
            {"ID": "1", "Status": "Enabled", "Prefix": "", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}}
        ),
        HELD,
        "none none none",
    ),
    (
        "s3:PutBucketLifecycleConfiguration",
        lifecycle({"Status": "Enabled", "Prefix": "", "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}]}),
        HELD,
        None,
    ),
    (
        "s3:PutBucketLifecycleConfiguration",
        lifecycle({"Status": "Enabled", "Prefix": "", "NoncurrentVersionExpiration": {"NoncurrentDays": 1}}),
        VERSIONED,
        "delete irreversible guardrail",
    ),
    (
        "s3:PutBucketLifecycleConfiguration",
        lifecycle({"Status": "Enabled", "Prefix": "", "NoncurrentVersionExpiration": {"NoncurrentDays": 1}}),
        HELD,
        None,
    ),
    (
        "s3:PutBucketLifecycle",
        lifecycle({"Status": "Enabled", "Prefix": "", "Expiration": {"Days": 1}}),
        HELD,
        "delete irreversible data",
    ),
    (
        "s3:PutBucketVersioning",
        {"Bucket": "b", "VersioningConfiguration": {"Status": "Suspended"}},
        VERSIONED,
        "overwrite reversible guardrail",
    ),
    (
        "s3:PutBucketVersioning",
        {"Bucket": "b", "VersioningConfiguration": {"Status": "Suspended"}},
        None,
        "overwrite reversible guardrail",
    ),
    ("s3:PutBucketVersioning", {"Bucket": "b", "VersioningConfiguration": {"Status": "Suspended"}}, HELD, None),
    ("s3:PutBucketVersioning", {"Bucket": "b", "VersioningConfiguration": {"Status": "Enabled"}}, HELD, None),
    (
        "s3:PutBucketVersioning",
        {"Bucket": "b", "VersioningConfiguration": {"Status": "Enabled", "MFADelete": "Disabled"}},
        {"kind": "s3.bucket", "guards": {"MFA delete": 1}},
        "overwrite reversible guardrail",
    ),
    (
        "s3:PutBucketVersioning",
        {"Bucket": "b", "VersioningConfiguration": {"Status": "Enabled", "MFADelete": "Disabled"}},
        {"kind": "s3.bucket", "guards": {"MFA delete": 0}},
        None,
    ),
    ("s3:PutBucketPolicy", {"Bucket": "b", "Policy": policy("Deny", "*", "s3:*")}, None, "revoke reversible access"),
    (
        "s3:PutBucketPolicy",
        {"Bucket": "b", "Policy": policy("Deny", {"AWS": "*"}, ["s3:GetObject"])},
        HELD,
        "revoke reversible access",
    ),
    (
        "s3:PutBucketPolicy",
        {
            "Bucket": "b",
            "Policy": policy("Deny", "*", ["s3:DeleteObject", "s3:DeleteBucket", "s3:PutBucketVersioning"]),
        },
        HELD,
        None,
    ),
    (
        "s3:PutBucketPolicy",
        {"Bucket": "b", "Policy": policy("Deny", "*", "s3:*", {"Bool": {"aws:SecureTransport": "false"}})},
        HELD,
        None,
    ),
    (
        "s3:PutBucketPolicy",
        {
            "Bucket": "b",
            "Policy": policy(
                "Deny", "*", "s3:*", {"StringNotLike": {"aws:PrincipalArn": "arn:aws:iam::1:role/nobody"}}
            ),
        },
        HELD,
        "revoke reversible access",
    ),
    (
        "s3:PutBucketPolicy",
        {"Bucket": "b", "Policy": policy("Deny", {"AWS": "arn:aws:iam::1:user/leaver"}, "s3:*")},
        HELD,
        None,
    ),
    ("s3:PutBucketPolicy", {"Bucket": "b", "Policy": policy("Allow", "*", "s3:GetObject")}, HELD, None),
    (
        "s3:PutBucketPolicy",
        {"Bucket": "b", "Policy": policy("Deny", "*", "s3:Get*")},
        HELD | {"shut": ("deny * s3:Get* on *",)},
        None,
    ),
    (
        "s3:PutBucketReplication",
        {"Bucket": "b", "ReplicationConfiguration": {"Role": "r", "Rules": [{"Status": "Disabled"}]}},
        None,
        "overwrite reversible guardrail",
    ),
    (
        "s3:PutBucketReplication",
        {"Bucket": "b", "ReplicationConfiguration": {"Role": "r", "Rules": [{"Status": "Enabled"}]}},
        None,
        None,
    ),
    ("s3:PutBucketLogging", {"Bucket": "b", "BucketLoggingStatus": {}}, None, "overwrite reversible audit"),
    (
        "s3:PutBucketLogging",
        {"Bucket": "b", "BucketLoggingStatus": {}},
        {"kind": "s3.bucket", "guards": {"access logging": 0}},
        None,
    ),
    (
        "s3:PutBucketLogging",
        {"Bucket": "b", "BucketLoggingStatus": {"LoggingEnabled": {"TargetBucket": "l", "TargetPrefix": ""}}},
        None,
        None,
    ),
    (
        "s3:PutPublicAccessBlock",
        {"Bucket": "b", "PublicAccessBlockConfiguration": {"BlockPublicAcls": True}},
        None,
        "overwrite reversible guardrail",
    ),
    ("s3:PutPublicAccessBlock", {"Bucket": "b", "PublicAccessBlockConfiguration": BLOCKED}, None, None),
    (
        "s3:PutPublicAccessBlock",
        {"Bucket": "b", "PublicAccessBlockConfiguration": {"BlockPublicAcls": True}},
        {"kind": "s3.bucket", "guards": OPEN_TO_ALL},
        None,
    ),
    (
        "s3:PutPublicAccessBlock",
        {"Bucket": "b", "PublicAccessBlockConfiguration": {"BlockPublicAcls": True}},
        {"kind": "s3.bucket", "guards": OPEN_TO_ALL | {"block of public policies": 1}},
        "overwrite reversible guardrail",
    ),
    (
        "s3control:PutPublicAccessBlock",
        {"AccountId": "1", "PublicAccessBlockConfiguration": {}},
        None,
        "overwrite reversible guardrail",
    ),
    ("s3control:PutPublicAccessBlock", {"AccountId": "1", "PublicAccessBlockConfiguration": BLOCKED}, None, None),
    (
        "s3:PutObjectLockConfiguration",
        {"Bucket": "b", "ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}},
        None,
        "overwrite reversible guardrail",
    ),
    (
        "s3:PutObjectLockConfiguration",
        {
            "Bucket": "b",
            "ObjectLockConfiguration": {
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}},
            },
        },
        None,
        None,
    ),
    (
        "s3:PutObjectRetention",
        {
            "Bucket": "b",
            "Key": "a/1",
            "BypassGovernanceRetention": True,
            "Retention": {"Mode": "GOVERNANCE", "RetainUntilDate": "2020"},
        },
        HELD,
        "overwrite reversible guardrail",
    ),
    ("s3:PutObjectRetention", {"Bucket": "b", "Key": "a/1", "Retention": {}}, HELD, "overwrite reversible guardrail"),
    (
        "s3:PutObjectRetention",
        {"Bucket": "b", "Key": "a/1", "Retention": {"Mode": "COMPLIANCE", "RetainUntilDate": "2036"}},
        HELD,
        None,
    ),
    (
        "s3:PutObjectLegalHold",
        {"Bucket": "b", "Key": "a/1", "LegalHold": {"Status": "OFF"}},
        HELD,
        "overwrite reversible guardrail",
    ),
    ("s3:PutObjectLegalHold", {"Bucket": "b", "Key": "a/1", "LegalHold": {"Status": "ON"}}, HELD, None),
    ("s3:DeleteObject", {"Bucket": "b", "Key": "a/1"}, HELD, "delete irreversible data"),
    ("s3:DeleteObject", {"Bucket": "b", "Key": "a/1"}, None, "delete irreversible data"),
    ("s3:DeleteObject", {"Bucket": "b", "Key": "a/2"}, HELD, "none none none"),
    ("s3:DeleteObject", {"Bucket": "b", "Key": "a/1"}, VERSIONED, "delete reversible data"),
    ("s3:DeleteObject", {"Bucket": "b", "Key": "a/1", "VersionId": "v1"}, VERSIONED, "delete irreversible data"),
    ("s3:DeleteObject", {"Bucket": "b", "Key": "hidden", "VersionId": "marker"}, VERSIONED, "none none none"),
    ("s3:DeleteObject", {"Bucket": "b", "Key": "hidden"}, VERSIONED, "none none none"),
    (
        "s3:DeleteObject",
        {"Bucket": "b", "Key": "a/1", "VersionId": "v1", "BypassGovernanceRetention": True},
        VERSIONED,
        "delete irreversible data",
    ),
    (
        "s3:DeleteObjects",
        {"Bucket": "b", "Delete": {"Objects": [{"Key": "no"}, {"Key": "a/1"}]}},
        HELD,
        "delete irreversible data",
    ),
    ("s3:DeleteObjects", {"Bucket": "b", "Delete": {"Objects": [{"Key": "no"}]}}, HELD, "none none none"),
    (
        "s3:DeleteObjects",
        {"Bucket": "b", "Delete": {"Objects": [{"Key": "a/1"}, {"Key": "a/1", "VersionId": "v1"}]}},
        VERSIONED,
        "delete irreversible data",
    ),
    ("s3:PutObject", {"Bucket": "b", "Key": "a/1", "Body": ""}, HELD, "delete irreversible data"),
    ("s3:PutObject", {"Bucket": "b", "Key": "a/1", "Body": "bmV3"}, HELD, "overwrite irreversible data"),
    ("s3:PutObject", {"Bucket": "b", "Key": "a/1", "Body": ""}, VERSIONED, "none none none"),
    ("s3:PutObject", {"Bucket": "b", "Key": "a/2", "Body": ""}, HELD, None),
    ("s3:PutObject", {"Bucket": "b", "Key": "folder/", "Body": ""}, None, None),
    ("s3:PutObject", {"Bucket": "b", "Key": "unknown", "Body": ""}, None, "overwrite irreversible data"),
    ("s3:PutObject", {"Bucket": "b", "Key": "unknown", "Body": "bmV3"}, None, None),
    (
        "s3:CopyObject",
        {"Bucket": "b", "Key": "a/1", "CopySource": {"Bucket": "b", "Key": "x"}},
        HELD,
        "overwrite irreversible data",
    ),
    ("s3:CopyObject", {"Bucket": "b", "Key": "a/1", "CopySource": "b/a/1", "MetadataDirective": "REPLACE"}, HELD, None),
    ("s3:CopyObject", {"Bucket": "b", "Key": "new", "CopySource": "b/a/1"}, HELD, None),
    ("s3:CompleteMultipartUpload", {"Bucket": "b", "Key": "a/1", "UploadId": "u"}, HELD, "overwrite irreversible data"),
    ("s3:CompleteMultipartUpload", {"Bucket": "b", "Key": "new", "UploadId": "u"}, HELD, None),
)


@pytest.mark.parametrize(("action", "parameters", "before", "expected"), ROWS)
def test_rules(
    judge: Callable[..., str | None],
    action: str,
    parameters: dict[str, Any],
    before: dict[str, Any] | None,
    expected: str | None,
) -> None:
    """Expiry, overwriting and weaker protection are told from housekeeping and from more protection."""
    assert expected == judge(action, parameters, before)
