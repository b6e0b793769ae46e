"""CloudFormation templates: what an update removes, replaces and changes, before it runs.

difference = diff(Side(read(old), {"Stage": "prod"}), Side(read(new), {"Stage": "prod"}))
[entry.logical_id for entry in difference.losses]
"""

from __future__ import annotations

from askfirst.harness.operations.templates.diffing import EMPTY, Entry, EntryKind, Side, TemplateDiff, diff
from askfirst.harness.operations.templates.members import Fate, Member, members_of
from askfirst.harness.operations.templates.reading import Template, UnreadableTemplate, read
from askfirst.harness.operations.templates.resolving import Surroundings

__all__ = [
    "EMPTY",
    "Entry",
    "EntryKind",
    "Fate",
    "Member",
    "Side",
    "Surroundings",
    "Template",
    "TemplateDiff",
    "UnreadableTemplate",
    "diff",
    "members_of",
    "read",
]
