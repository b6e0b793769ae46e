"""CloudFormation: a template diff in the words of `DescribeChangeSet`.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from askfirst.harness.operations.templates import Entry, EntryKind, Fate, TemplateDiff

if TYPE_CHECKING:
    from pydantic import JsonValue

REPLACEMENT = {EntryKind.REPLACED: "True", EntryKind.MAY_BE_REPLACED: "Conditional", EntryKind.MODIFIED: "False"}
ACTION = {
    EntryKind.ADDED: "Add",
    EntryKind.REMOVED: "Remove",
    EntryKind.MAY_BE_REMOVED: "Dynamic",
    EntryKind.REPLACED: "Modify",
    EntryKind.MAY_BE_REPLACED: "Modify",
    EntryKind.MODIFIED: "Modify",
}
POLICY = {Fate.DELETED: "Delete", Fate.RETAINED: "Retain", Fate.SNAPSHOT: "Snapshot"}


def changes_in_words(found: TemplateDiff, ids: Mapping[str, str]) -> Iterator[JsonValue]:
    """Give `Changes`; `ids` are the physical ids by logical id. What stays as it is is not mentioned."""
    for entry in found.entries:
        if entry.kind in ACTION:
            yield {"Type": "Resource", "ResourceChange": _change(entry, ids.get(entry.logical_id, ""))}


def _change(entry: Entry, physical: str) -> dict[str, JsonValue]:
    said: dict[str, JsonValue] = {
        "Action": ACTION[entry.kind],
        "LogicalResourceId": entry.logical_id,
        "ResourceType": entry.resource_type,
        "Scope": [],
        "Details": [],
    }
    if physical:
        said["PhysicalResourceId"] = physical
    policy = POLICY.get(entry.fate)
    if policy:
        said["PolicyAction"] = policy if entry.kind not in REPLACEMENT else f"ReplaceAnd{policy}"
    if entry.kind in REPLACEMENT:
        said["Replacement"] = REPLACEMENT[entry.kind]
        said["Scope"] = [*(["Properties"] if entry.changed else []), *entry.scope]
        said["Details"] = [*(_property(entry, one) for one in entry.changed), *(_attribute(one) for one in entry.scope)]
    return said


def _property(entry: Entry, name: str) -> JsonValue:
    forced = name in {one.split(".")[0] for one in entry.forced_by}
    recreation = {EntryKind.REPLACED: "Always", EntryKind.MAY_BE_REPLACED: "Conditionally"}.get(entry.kind, "Never")
    return {
        "Target": {"Attribute": "Properties", "Name": name, "RequiresRecreation": recreation if forced else "Never"},
        "Evaluation": "Static",
        "ChangeSource": "DirectModification",
    }


def _attribute(name: str) -> JsonValue:
    return {
        "Target": {"Attribute": name, "RequiresRecreation": "Never"},
        "Evaluation": "Static",
        "ChangeSource": "DirectModification",
    }
