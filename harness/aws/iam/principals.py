"""Who asks, and whether a Principal element means them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from askfirst.harness.aws.iam.documents import Rule


class Meant(enum.IntEnum):
    """How directly a Principal element means somebody; what it grants depends on that."""

    NOT = 0
    ACCOUNT = 1
    """Their whole account: it is for that account to allow them."""
    ENTITY = 2
    """The role, or the user who federated, behind their session."""
    DIRECTLY = 3
    """Their own ARN, or everybody."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal: its ARN, its account, and the ARN of the role or user behind it (its own for a user)."""

    arn: str
    account: str
    entity: str = ""

    @property
    def root(self) -> bool:
        """Whether it is the account's root user, whom nothing but service control policies limits."""
        return self.arn.endswith(":root")

    @property
    def partition(self) -> str:
        """The partition its ARN lies in."""
        return self.arn.split(":", 2)[1] if self.arn.startswith("arn:") else "aws"

    @property
    def ways(self) -> dict[str, Meant]:
        """The names a policy may mean it by."""
        return {
            self.account: Meant.ACCOUNT,
            f"arn:{self.partition}:iam::{self.account}:root": Meant.ACCOUNT,
            self.entity or self.arn: Meant.ENTITY,
            self.arn: Meant.DIRECTLY,
            "*": Meant.DIRECTLY,
        }


def meant(rule: Rule, caller: Caller) -> Meant:
    """Say how directly a statement of a resource-based policy means somebody.

    A Deny with NotPrincipal spares only whom it lists by every name: the account, the role and the session. AWS says to
    list them all, for the statement denies the whole account otherwise.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    ways = caller.ways
    if rule.not_principals is not None:
        listed = {name for kind, name in rule.not_principals if kind == "AWS"}
        own = {caller.entity or caller.arn, caller.arn}
        whole = {caller.account, f"arn:{caller.partition}:iam::{caller.account}:root"} & listed
        spared = bool(own <= listed and whole) if not rule.allows else bool(listed & set(ways))
        return Meant.NOT if spared or "*" in listed else Meant.DIRECTLY
    named = rule.principals or ()
    return max((ways[name] for kind, name in named if kind == "AWS" and name in ways), default=Meant.NOT)
