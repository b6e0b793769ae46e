"""Policy documents: which of them shut somebody out.

A deny is a guardrail as often as a lock. It is taken for a lock where nothing but its being there decides it (no
condition, or one that is not about how a call is made) and where what it denies is more than deletion and undoing of
protection: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from askfirst.harness.operations.rules.values import document, mappings, strings, texts

if TYPE_CHECKING:
    from pydantic import JsonValue

PROTECTIVE = re.compile(
    r"^[\w-]+:(Delete|Terminate|Remove|Purge|Deregister|Disable|Stop|Bypass|Detach|Leave|Schedule\w*Deletion"
    r"|(Put|Update|Set)\w*(Policy|Protection|Versioning|Lock\w*|AccessBlock|Acl)$)",
    re.IGNORECASE,
)
HOW_IT_IS_CALLED = re.compile(
    r"^(aws:(SecureTransport|MultiFactorAuth\w*|PrincipalOrg\w*|ViaAWSService|CalledVia\w*|RequestedRegion|SourceVpc\w*"
    r"|SourceOrg\w*|SourceAccount|ResourceAccount|PrincipalIsAWSService|PrincipalAccount|TagKeys|RequestTag/.*)"
    r"|\w+:(x-amz-\w[\w-]*|TlsVersion|ViaService|EncryptionContext.*|BypassPolicyLockoutSafetyCheck))$",
    re.IGNORECASE,
)


def statements(policy: JsonValue) -> tuple[Mapping[str, JsonValue], ...]:
    """Give the statements of a policy, as text or as a document."""
    return mappings(document(policy).get("Statement"))


def locks(policy: JsonValue) -> tuple[str, ...]:
    """Give what a policy denies to everybody it is about, as texts like 's3:*'; nothing where its denies protect."""
    found: list[str] = []
    for one in statements(policy):
        if one.get("Effect") != "Deny" or not _everybody(one) or _by_manner(one):
            continue
        if "Action" in one:
            found += [action for action in texts(one["Action"]) if not PROTECTIVE.match(action)]
        else:
            found.append("all but " + ", ".join(texts(one.get("NotAction"))))
    return tuple(found)


def new_locks(policy: JsonValue, shut: tuple[str, ...]) -> tuple[str, ...]:
    """Give what a policy locks that was not locked before; `shut` are the barriers that stand already."""
    known = "\n".join(shut)
    return tuple(one for one in locks(policy) if one not in known)


def allows_account(policy: JsonValue) -> bool:
    """Tell whether a key policy leaves its account, or anybody, the right to manage the key.

    Without that nobody can change it any more: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    return any(
        one.get("Effect") == "Allow"
        and any(action in {"*", "kms:*"} or action.startswith("kms:Put") for action in texts(one.get("Action")))
        for one in statements(policy)
    )


def _everybody(statement: Mapping[str, JsonValue]) -> bool:
    """Tell whether a statement is about everybody: policies of an identity name nobody."""
    if "NotPrincipal" in statement:
        return True
    who = statement.get("Principal")
    return who is None or any(one == "*" or one.endswith(":root") for one in strings(who))


def _by_manner(statement: Mapping[str, JsonValue]) -> bool:
    """Tell whether a condition on how a call is made decides: by whom of the organization, encrypted, with MFA."""
    condition = statement.get("Condition")
    if not isinstance(condition, Mapping) or not condition:
        return False
    keys = [key for test in condition.values() if isinstance(test, Mapping) for key in test]
    return bool(keys) and all(HOW_IT_IS_CALLED.match(key) for key in keys)
