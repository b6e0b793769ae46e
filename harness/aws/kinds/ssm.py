"""Kinds of Systems Manager: parameters with their history, documents, maintenance windows, patch baselines.

moto has no associations.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable

from askfirst.harness.aws.kinds.base import Kind, Reading, own_id, own_name
from askfirst.harness.aws.kinds.reading import Thing, arn_in_region, flag, simple
from askfirst.harness.aws.kinds.versions import CURRENT, IN_USE
from askfirst.harness.records import Part


def _parameters(backend: Thing) -> Iterable[Thing]:
    # moto makes a new object for each version of a parameter, and keys all of them, the latest last, under the name.
    return [
        versions[-1]
        for name, versions in dict.items(backend._parameters)  # noqa: SLF001 - moto's own keeping place
        if versions and not name.startswith("/aws/service")
    ]


def _parameter_arn(parameter: Thing, backend: Thing) -> str:
    place = f"arn:{backend.partition}:ssm:{backend.region_name}:{backend.account_id}:parameter"
    return f"{place}{'' if parameter.name.startswith('/') else '/'}{parameter.name}"


def _parameter(parameter: Thing, backend: Thing) -> Reading:
    """Read a parameter and its history, of which AWS keeps 100 versions.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
    """
    versions = dict.get(backend._parameters, parameter.name) or ()  # noqa: SLF001 - as above
    history = {f"version {one.version}": str(one.value) for one in versions}
    return Reading(
        content=(parameter.version, parameter.description, parameter.parameter_type, parameter.tier),
        guards={"encryption": flag(parameter.parameter_type == "SecureString")},
        doomed=_expiry(parameter.policies or ""),
        parts={"value": {IN_USE: str(parameter.value), **history}},
    )


@functools.lru_cache(maxsize=256)
def _expiry(policies: str) -> tuple[str, ...]:
    """Give when a parameter's policies delete it.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-policies.html
    """
    try:
        listed = json.loads(policies) if policies else []
    except ValueError:
        return ()
    return tuple(
        f"it expires on {one.get('Attributes', {}).get('Timestamp')}"
        for one in listed
        if one.get("Type") == "Expiration"
    )


def _document(documents: Thing, _: Thing) -> Reading:
    versions = {f"version {number}": number for number in documents.versions}
    return Reading(
        items=len(versions),
        content=(documents.latest_version, documents.default_version),
        open=tuple(sorted(f"use by {account}" for account in documents.permissions)),
        parts={"document": {CURRENT: documents.default_version, **versions}},
    )


def _window(window: Thing, _: Thing) -> Reading:
    parts: dict[str, Part] = {f"task {one}": str(task.task_arn) for one, task in window.tasks.items()}
    parts |= {f"target {one}": repr(target.targets) for one, target in window.targets.items()}
    return Reading(content=(window.schedule, window.duration, window.cutoff), parts=parts)


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="ssm.parameter",
        service="ssm",
        members=_parameters,
        arn=_parameter_arn,
        name=own_name,
        read=_parameter,
        physical=own_name,
    ),
    Kind(
        kind="ssm.document",
        service="ssm",
        members=lambda backend: backend._documents.values(),  # noqa: SLF001 - as above
        arn=arn_in_region("ssm", "document/", lambda documents: str(documents.get_latest_version().name)),
        name=lambda documents: str(documents.get_latest_version().name),
        read=_document,
    ),
    Kind(
        kind="ssm.maintenance-window",
        service="ssm",
        members=lambda backend: backend.windows.values(),
        arn=arn_in_region("ssm", "maintenancewindow/", own_id),
        name=own_id,
        read=_window,
    ),
    simple(
        "ssm.patch-baseline",
        "ssm",
        "baselines",
        "id",
        content=("name", "approval_rules", "approved_patches", "rejected_patches"),
        arn=arn_in_region("ssm", "patchbaseline/", own_id),
    ),
)
