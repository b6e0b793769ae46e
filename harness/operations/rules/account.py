"""Organizations: what protects accounts from above."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.policies import statements
from askfirst.harness.operations.rules.saying import weakens


@rule("organizations:LeaveOrganization", "organizations:RemoveAccountFromOrganization")
def left(_: Before) -> Ruling | None:
    """Its policies hold no more: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_remove.html."""
    return weakens("takes the account out of the organization and of its policies")


@rule("organizations:DetachPolicy", "organizations:DisablePolicyType")
def policy_detached(_: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_policies_detach.html."""
    return weakens("takes a policy of the organization away")


@rule("organizations:UpdatePolicy")
def policy_emptied(before: Before) -> Ruling | None:
    """A policy without a deny guards nothing: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html."""
    found = statements(before.parameters.get("Content"))
    if "Content" in before.parameters and not any(one.get("Effect") == "Deny" for one in found):
        return weakens("leaves the policy of the organization without a deny")
    return None
