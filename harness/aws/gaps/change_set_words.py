"""CloudFormation: a template diff in the words of `DescribeChangeSet`.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from askfirst.harness.operations.templates import Entry, EntryKind, Fate, TemplateDiff
from askfirst.harness.operations.templates.schemas import rules_of

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
RECREATION = (EntryKind.REPLACED, EntryKind.MAY_BE_REPLACED)
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
    forced = entry.kind in RECREATION and name in {one.split(".")[0] for one in entry.forced_by}
    # Always and Dynamic: it would replace the resource, if its value turns out to be another one.
    listed = {one[0] for one in rules_of(entry.resource_type).create_only}
    certain = entry.kind is EntryKind.REPLACED or name in listed
    recreation = "Never" if not forced else "Always" if certain else "Conditionally"
    dynamic = forced and certain and entry.kind is EntryKind.MAY_BE_REPLACED
    return {
        "Target": {"Attribute": "Properties", "Name": name, "RequiresRecreation": recreation},
        "Evaluation": "Dynamic" if dynamic else "Static",
        "ChangeSource": "DirectModification",
    }


def _attribute(name: str) -> JsonValue:
    return {
        "Target": {"Attribute": name, "RequiresRecreation": "Never"},
        "Evaluation": "Static",
        "ChangeSource": "DirectModification",
    }
