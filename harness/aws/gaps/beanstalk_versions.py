"""Elastic Beanstalk: application versions, which moto lacks. They are kept on moto's application.

https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DeleteApplicationVersion.html: a version that an environment
runs is not deleted; with `DeleteSourceBundle` its file in S3 goes too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws.gaps.base import Guard, Implementation, Situation
from askfirst.harness.aws.gaps.beanstalk import SERVICE, invalid
from askfirst.harness.aws.gaps.beanstalk_words import iso, page

if TYPE_CHECKING:
    from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an application."""

    label: str
    created: datetime
    description: str
    bucket: str
    key: str


def versions_of(application: Any) -> dict[str, Version]:  # noqa: ANN401 - moto's
    """Give the versions of an application by label, as they are kept on it."""
    found: dict[str, Version] = vars(application).setdefault("known_versions", {})
    return found


def must_exist(application: Any, label: str) -> None:  # noqa: ANN401 - moto's
    """Refuse a label nobody gave a version; an application without any version may run whatever it says."""
    if label and versions_of(application) and label not in versions_of(application):
        msg = f"No Application Version named '{label}' found."
        raise invalid(msg)


def create_version(situation: Situation) -> Mapping[str, JsonValue]:
    """Make a version from a file in S3; nothing runs it yet."""
    name, label = situation.text("ApplicationName"), situation.text("VersionLabel")
    applications = situation.backend(SERVICE).applications
    if name not in applications and situation.flag("AutoCreateApplication"):
        situation.backend(SERVICE).create_application(name)
    application = applications.get(name)
    if application is None:
        msg = f"No Application named '{name}' found."
        raise invalid(msg)
    if label in versions_of(application):
        msg = f"Application Version {label} already exists."
        raise invalid(msg)
    bundle = situation.one("SourceBundle")
    made = Version(
        label,
        situation.now,
        situation.text("Description"),
        str(bundle.get("S3Bucket", "")),
        str(bundle.get("S3Key", "")),
    )
    if made.bucket and made.bucket not in situation.backend("s3").buckets:
        msg = f"Unable to download from S3 location (Bucket: {made.bucket} Key: {made.key}). Reason: Not Found"
        raise invalid(msg)
    versions_of(application)[label] = made
    return {"ApplicationVersion": _said(situation, name, made)}


def describe_versions(situation: Situation) -> Mapping[str, JsonValue]:
    """List versions, the newest first."""
    name, labels = situation.text("ApplicationName"), situation.texts("VersionLabels")
    found: list[JsonValue] = [
        _said(situation, application.application_name, one)
        for application in situation.backend(SERVICE).applications.values()
        if name in {"", application.application_name}
        for one in sorted(versions_of(application).values(), key=lambda one: one.created, reverse=True)
        if not labels or one.label in labels
    ]
    return page(found, situation, 1000, "ApplicationVersions")


def delete_version(situation: Situation) -> Mapping[str, JsonValue]:
    """Delete a version that no environment runs, and its file if that is asked for. An unknown one is no error."""
    application = situation.backend(SERVICE).applications.get(situation.text("ApplicationName"))
    found = versions_of(application).get(situation.text("VersionLabel")) if application is not None else None
    if application is None or found is None:
        return {}
    running = [name for name, one in application.environments.items() if one.version_label == found.label]
    if running:
        msg = f"Cannot delete application version '{found.label}': it is deployed to environment '{running[0]}'."
        raise invalid(msg)
    if situation.flag("DeleteSourceBundle") and found.bucket:
        situation.backend("s3").delete_object(found.bucket, found.key)
    del versions_of(application)[found.label]
    return {}


def _said(situation: Situation, application: str, version: Version) -> dict[str, JsonValue]:
    place = f"arn:{situation.partition}:elasticbeanstalk:{situation.region}:{situation.account}:applicationversion"
    said: dict[str, JsonValue] = {
        "ApplicationVersionArn": f"{place}/{application}/{version.label}",
        "ApplicationName": application,
        "VersionLabel": version.label,
        "DateCreated": iso(version.created),
        "DateUpdated": iso(version.created),
        "Status": "PROCESSED",
    }
    if version.bucket:
        said["SourceBundle"] = {"S3Bucket": version.bucket, "S3Key": version.key}
    return said | ({"Description": version.description} if version.description else {})


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {
    (SERVICE, "CreateApplicationVersion"): create_version,
    (SERVICE, "DescribeApplicationVersions"): describe_versions,
    (SERVICE, "DeleteApplicationVersion"): delete_version,
}
GUARDS: Mapping[tuple[str, str], Guard] = {}
