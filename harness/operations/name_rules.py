"""The rules that give an operation its class, domain and severity by its name, where nobody looked at it by hand.

Used by the generator alone: a trial reads the table. They are coarse on purpose; what they get wrong and matters is
put right in ``corrections.tsv``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

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
            "Retract Withdraw Unpublish Unregister Offboard Teardown Remove Revert",
        ),
        "stop": _words(
            "Stop Disable Suspend Deactivate Pause Cancel Abort Shutdown Reboot Restart Failover Failback Rollback "
            "Reset Drain Quarantine Isolate Block Reject Halt Interrupt Kill Lock Freeze Archive Decline Skip Exit "
            "Rotate Evacuate Hibernate",
        ),
        "detach": _words(
            "Detach Disassociate Unassign Unsubscribe Unlink Disconnect Unlock Untag Unarchive Dissociate Unmonitor "
            "Unassociate Unpeer Unshare Unlabel Disengage Unbind Unset Opt",
        ),
        "revoke": frozenset(("Revoke", "Deny")),
        "overwrite": _words(
            "Restore Replace Put Set Update Modify Change Import Overwrite Swap Rebuild Switchover Promote Reimport "
            "Upgrade Apply Execute Deploy Redeploy Reimage Merge Copy Move Transact Write Upload Upsert Migrate Resync "
            "Sync Reprocess Rewrite Patch Rename",
        ),
    },
)

_PREFIXES: Final = ("Batch", "Admin", "Bulk", "Initiate", "Request")
_DEFERRED_DELETION: Final = re.compile(
    r"^(?:Schedule|Start|Submit|Confirm|Prepare|Retry|Trigger|Execute|Create)\w*(?:Delete|Deletion)",
)
_FIRST_WORD: Final = re.compile(r"[A-Z][a-z]*|[a-z]+")
_TAGS: Final = re.compile(r"^Untag|^(?:Batch)?(?:Remove|Delete)\w*(?:Tags(?:$|From)|Tagging$)")
_MEMBER: Final = re.compile(r"^(?:Batch)?(?:Remove|Deregister)(?!Region)\w*[a-z]From[A-Z]")
_PERMISSION_REMOVED: Final = re.compile(r"^(?:Batch)?Remove\w*Permissions?$")

_ACCESS: Final = re.compile(
    r"Policy|Policies|Role|User|Group(?=From|Membership)|AccessKey|LoginProfile|Permission|Grant|Principal|Credential"
    r"|Certificate|SAML|OpenID|SecurityGroup(?:Ingress|Egress)|Identity|Token",
)
_NOT_ACCESS: Final = re.compile(r"UserPool|Cluster|Stack|UserProfile")
_AUDIT: Final = re.compile(
    r"Trail|Logging|FlowLog|LogGroup|LogStream|ConfigurationRecorder|DeliveryChannel|Detector|EventDataStore"
    r"|SecurityHub|GuardDuty|Macie|Monitoring|QueryLogging|AccessLog|ConfigRule|Finding|InsightSelector|EventSelector"
    r"|Analyzer|ResourcePolicy|AuditReport|SubscriptionFilter|MetricFilter",
)
_GUARDRAIL: Final = re.compile(
    r"Protection|Retention|LegalHold|ObjectLock|VaultLock|PermissionsBoundary|MFA|Mfa|AccessBlock|Guardrail"
    r"|ServiceControl|Lifecycle|Versioning|Alarm|Backup|Snapshot|RecoveryPoint|PointInTime|AutomatedBackup|Replication",
)
_NOT_GUARDRAIL: Final = re.compile(r"LifecycleHook|ReplicationTask|ReplicationInstance|ReplicationSubnet|Alarm")
_DATA: Final = re.compile(
    r"Object|Item|Message|Table|Bucket|DBInstance|DBCluster|Cluster|Database|Stream|Volume|FileSystem|Queue|Secret"
    r"|Key(?!Pair)|Snapshot|Backup|Image|Repository|Stack|Domain|Vault|Archive|Store|Dataset|Index|Parameter|HostedZone"
    r"|Instances?$|UserPool|Cache|Collection|Records?|Topic|Log(?:Group|Stream)|Keyspace|Graph|Workspace|Ledger"
    r"|Document|Partition|Recovery",
)
_NOT_DATA: Final = re.compile(
    r"RouteTable|SubnetGroup|ParameterGroup|RequestParameter|LifecycleHook|UserPoolClient|UserPoolDomain|DomainName"
    r"|ApiKey|UsagePlanKey|PublicKey|KeyGroup|SecurityProfile|Configuration$|Policy$|StreamingImage|ReplicationTask"
    r"|Endpoint|Association|Tags|Lambda|Listener|TargetGroup|JobQueue|DataSource|Connector|ResolverRule|Recorder",
)
_LAST_COPY: Final = frozenset({"data", "audit", "guardrail"})
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
    domain = _domain(operation_class, noun, access)
    return Kind(operation_class, _severity(operation_class, domain), domain, "verb")


def _verb(name: str) -> tuple[str, str]:
    """Give the class of the first verb and what is left of the name."""
    if _DEFERRED_DELETION.match(name):
        return "delete", name
    word, rest = _first(name)
    if word in _PREFIXES and rest:
        word, rest = _first(rest)
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


def _domain(operation_class: str, noun: str, access: str) -> str:
    """Name what is lost; the first noun list that fits wins."""
    harms = operation_class in {"stop", "detach", "revoke"}
    if access == "Permissions management" or (
        operation_class == "delete" and _ACCESS.search(noun) and not _NOT_ACCESS.search(noun)
    ):
        domain = "access"
    elif operation_class != "overwrite" and _AUDIT.search(noun):
        domain = "audit"
    elif _GUARDRAIL.search(noun) and not _NOT_GUARDRAIL.search(noun):
        domain = "guardrail"
    elif harms:
        domain = "availability"
    elif _DATA.search(noun) and not _NOT_DATA.search(noun):
        domain = "data"
    else:
        domain = "configuration"
    return domain


def _severity(operation_class: str, domain: str) -> str:
    if operation_class == "delete":
        return "irreversible" if domain in _LAST_COPY else "recoverable"
    return "recoverable" if operation_class == "overwrite" and domain == "data" else "reversible"
