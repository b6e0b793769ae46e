"""What an evaluation gives: allowed or not, by which kind of policy and statement, in a sentence."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class PolicyKind(enum.Enum):
    """The kinds of policies that take part, in AWS's words for them."""

    IDENTITY = "identity-based policy"
    BOUNDARY = "permissions boundary"
    SCP = "service control policy"
    SESSION = "session policy"
    RESOURCE = "resource-based policy"
    TRUST = "role trust policy"


class Reason(enum.Enum):
    """Why a request is allowed or denied."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicit deny"
    NO_ALLOW = "no allow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome for one action on one resource.

    `kind` is the kind of policy that denies, or in which no statement allows; None where it is allowed. `policy` and
    `sid` name what denied, as far as they have names. `unknown` lists what nobody here could judge and the outcome may
    hang on: the request was denied for safety, and AWS may have allowed it.
    """

    reason: Reason
    action: str
    resource: str
    kind: PolicyKind | None = None
    policy: str = ""
    sid: str = ""
    unknown: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether the request may go on."""
        return self.reason is Reason.ALLOWED

    @property
    def because(self) -> str:
        """The end of AWS's sentence: 'with an explicit deny in ...', 'because no ... allows the ... action'.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
        """
        if self.kind is None:
            return ""
        if self.reason is Reason.EXPLICIT_DENY:
            article = {PolicyKind.IDENTITY: "an", PolicyKind.TRUST: "the"}.get(self.kind, "a")
            return f"with an explicit deny in {article} {self.kind.value}"
        return f"because no {self.kind.value} allows the {self.action} action"

    def __str__(self) -> str:
        """Say it in a sentence for a reader of the history."""
        what = f"{self.action} on {self.resource}"
        if self.allowed:
            return f"{what} is allowed"
        by = ", ".join(part for part in (self.policy, self.sid) if part)
        said = f"{what} is denied {self.because}" + (f" ({by})" if by else "")
        return f"{said}; nobody here can judge {', '.join(self.unknown)}" if self.unknown else said
