"""The rules that give an operation its class and severity by its name, where nobody looked at it by hand.

Used by the generator alone: a trial reads the table. They are coarse on purpose; what they get wrong and matters is
put right in ``corrections.tsv``. What is lost is told by the noun: ``noun_rules.py``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from askfirst.harness.operations.noun_rules import domain_of, has_no_other_copy

__all__ = ["Kind", "kind_of", "reads_by_name"]


@dataclass(frozen=True, slots=True)
class Kind:
    """Class, severity and domain as the table spells them, and which rule said so."""

    operation_class: str
    severity: str
    domain: str
    rule: str


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A verb in two lists belongs to the first list that has it.
_VERBS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "delete": _words(
            "Delete Destroy Terminate Purge Deregister Erase Wipe Empty Flush Clear Drop Evict Discard Expire Forget "
            "Retire Release Deprovision Decommission Scrub Truncate Close Leave Undeploy Uninstall Abandon Deallocate "
            "Retract Withdraw Unpublish Unregister Offboard Teardown Remove Revert Redact",
        ),
        "stop": _words(
            "Stop Disable Suspend Deactivate Pause Cancel Abort Shutdown Reboot Restart Failover Failback Rollback "
            "Drain Quarantine Isolate Block Reject Halt Interrupt Kill Lock Freeze Archive Decline Skip Exit "
            "Evacuate Hibernate Deprecate",
        ),
        "detach": _words(
            "Detach Disassociate Unassign Unsubscribe Unlink Disconnect Unlock Untag Unarchive Dissociate Unmonitor "
            "Unassociate Unpeer Unshare Unlabel Disengage Unbind Unset Opt",
        ),
        "revoke": frozenset(("Revoke", "Deny")),
        "overwrite": _words(
            "Replace Put Set Update Modify Change Overwrite Swap Rebuild Switchover Promote Reimport Upgrade Apply Deploy "
            "Redeploy Reimage Merge Move Transact Write Upsert Migrate Resync Sync Reprocess Rewrite Patch Rename Reset "
            "Rotate Regenerate Configure Define Reorder Override Shrink Rebalance",
        ),
        "execute": frozenset(("Execute", "Invoke")),
    },
)

_PREFIXES: Final = ("Batch", "Admin", "Bulk", "Initiate", "Request")
_DEFERRED_DELETION: Final = re.compile(
    r"^(?:Schedule|Start|Submit|Confirm|Prepare|Retry|Trigger|Execute|Create)\w*(?:Delete|Deletion)",
)
_DELETION: Final = re.compile(r"Deletion|Delete")
_FIRST_WORD: Final = re.compile(r"[A-Z][a-z]*|[a-z]+")
_TAGS: Final = re.compile(r"^Untag|^(?:Batch)?(?:Remove|Delete)\w*(?:Tags(?:$|From)|Tagging$)")
_MEMBER: Final = re.compile(r"^(?:Batch)?(?:Remove|Deregister)(?!Region)\w*[a-z]From[A-Z]")
_ATTACHED_POLICY: Final = re.compile(r"^Attach\w*Policy")
# A Put that adds a record to many, and replaces none.
_ADDED: Final = re.compile(
    r"^(?:Batch)?Put\w*(?:Events?|Feedback|Interactions|Metrics|RequestBatch|Reaction|PropertyValues?)$"
)
_PERMISSION_REMOVED: Final = re.compile(r"^(?:Batch)?Remove\w*Permissions?$")

_READING: Final = re.compile(r"^(?:Describe|Get|List|Head)(?=[A-Z])")


def reads_by_name(name: str) -> bool:
    """Tell whether the name promises a read; a last resort for operations without any source."""
    return _READING.match(name) is not None


def kind_of(name: str, access: str) -> Kind:
    """Classify a name of a given access level."""
    if access in {"Read", "List"}:
        return Kind("none", "none", "none", "level")
    if _TAGS.match(name):
        return Kind("detach", "reversible", "configuration", "verb")
    if access == "Tagging" and name.startswith("Update"):
        return Kind("none", "none", "none", "verb")
    operation_class, noun = _verb(name)
    if operation_class == "none":
        return Kind("none", "none", "none", "no-verb")
    if operation_class == "execute":
        return Kind("execute", "irreversible", "data", "verb")
    domain = domain_of(operation_class, noun, access)
    return Kind(operation_class, _severity(operation_class, domain, noun), domain, "verb")


def _verb(name: str) -> tuple[str, str]:
    """Give the class of the first verb and what is left of the name."""
    if _DEFERRED_DELETION.match(name):
        return "delete", _DELETION.sub("", _first(name)[1])
    if _ADDED.match(name):
        return "none", name
    word, rest = _first(name)
    if word in _PREFIXES and rest:
        word, rest = _first(rest)
    if _ATTACHED_POLICY.match(name):
        return "overwrite", rest
    if _PERMISSION_REMOVED.match(name):
        return "revoke", rest
    if _MEMBER.match(name):
        return "detach", rest
    for operation_class, verbs in _VERBS.items():
        if word in verbs:
            return operation_class, rest
    return "none", name


def _first(name: str) -> tuple[str, str]:
    match = _FIRST_WORD.match(name)
    return (match.group(), name[match.end() :]) if match else (name, "")


def _severity(operation_class: str, domain: str, noun: str) -> str:
    """Give the worst case: contents have no other copy, a definition can be written again, a switch be turned back."""
    if operation_class == "delete":
        return "irreversible" if has_no_other_copy(domain, noun) else "recoverable"
    return "irreversible" if operation_class == "overwrite" and domain == "data" else "reversible"
