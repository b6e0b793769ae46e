"""Calls that nobody signed: a few operations need no signature, and some buckets are open to everybody.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
"""

from __future__ import annotations

from collections.abc import Mapping

from askfirst.harness.aws.wire import Resolved

OPEN = frozenset({"none", "smithy.api#noAuth"})
MISSING: Mapping[str, tuple[str, str, int]] = {
    "query": ("MissingAuthenticationToken", "Request is missing Authentication Token", 403),
    "ec2": ("MissingAuthenticationToken", "Request is missing Authentication Token", 403),
    "json": ("MissingAuthenticationTokenException", "Missing Authentication Token", 400),
    "rest-json": ("MissingAuthenticationTokenException", "Missing Authentication Token", 403),
}
"""What a service says to a call without a signature, by its wire protocol; the others deny access."""

DENIED = ("AccessDenied", "Access Denied", 403)


def needs_no_signature(resolved: Resolved) -> bool:
    """Say whether an operation is open to everybody, as those that exchange a token of somebody else for keys are."""
    model = resolved.model
    kinds = [*(getattr(model, "auth", None) or ()), getattr(model, "auth_type", None)]
    return bool(OPEN & {str(one) for one in kinds if one})


def missing(resolved: Resolved) -> tuple[str, str, int]:
    """Give code, message and status for a call that should have been signed."""
    return MISSING.get(resolved.protocol, DENIED)
