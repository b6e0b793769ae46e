"""IAM: access that is denied or taken, boundaries and second factors that go, credentials that come."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.policies import locks, new_locks, statements
from askfirst.harness.operations.rules.saying import harmless, revokes, stops, weakens
from askfirst.harness.operations.rules.standing import target
from askfirst.harness.operations.rules.values import flag
from askfirst.harness.operations.table import Domain

DENIES_ALL = ("AWSDenyAll", "AWSCompromisedKeyQuarantine")
"""Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSDenyAll.html."""


@rule("iam:UpdateAssumeRolePolicy")
def trust_taken(before: Before) -> Ruling | None:
    """Who is trusted by no statement cannot take the role: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html."""
    policy, role = before.parameters.get("PolicyDocument"), target(before, "iam.role")
    locked = new_locks(policy, role.shut if role else ())
    if locked:
        return revokes(f"denies {', '.join(locked)} to everybody")
    if not any(one.get("Effect") == "Allow" for one in statements(policy)):
        return revokes("lets nobody take the role")
    return None


@rule("iam:PutRolePolicy", "iam:PutUserPolicy", "iam:PutGroupPolicy", "iam:CreatePolicyVersion")
def denied(before: Before) -> Ruling | None:
    """A deny beats every allow: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html."""
    identity = target(before, "iam.")
    locked = new_locks(before.parameters.get("PolicyDocument"), identity.shut if identity else ())
    if not locked or (before.action.endswith("Version") and flag(before.parameters.get("SetAsDefault")) is not True):
        return None
    return revokes(f"denies {', '.join(locked)}")


@rule("iam:AttachRolePolicy", "iam:AttachUserPolicy", "iam:AttachGroupPolicy")
def denied_by_attaching(before: Before) -> Ruling | None:
    """Some of Amazon's policies are there to deny."""
    name = before.text("PolicyArn").rsplit("/", 1)[-1]
    return revokes(f"attaches {name}, which denies") if name.startswith(DENIES_ALL) else None


@rule("iam:DetachRolePolicy", "iam:DetachUserPolicy", "iam:DetachGroupPolicy")
def policy_detached(before: Before) -> Ruling | None:
    """What it allowed is allowed no more: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_manage-attach-detach.html."""
    name = before.text("PolicyArn").rsplit("/", 1)[-1]
    if name.startswith(DENIES_ALL):
        return weakens(f"detaches {name}, which denies")
    return revokes("takes a policy from whoever has it")


@rule("iam:DeleteRolePolicy", "iam:DeleteUserPolicy", "iam:DeleteGroupPolicy")
def policy_taken(_: Before) -> Ruling | None:
    """The identity stays, what the policy allowed goes."""
    return revokes("takes a policy from whoever has it")


@rule("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary")
def boundary_removed(_: Before) -> Ruling | None:
    """Without it only policies limit: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html."""
    return weakens("takes the permissions boundary away")


@rule("iam:PutRolePermissionsBoundary", "iam:PutUserPermissionsBoundary")
def boundary_of_nothing(before: Before) -> Ruling | None:
    """A boundary that allows all limits nothing."""
    if before.text("PermissionsBoundary").endswith(":policy/AdministratorAccess"):
        return weakens("puts a boundary that limits nothing")
    return None


@rule("iam:UpdateAccessKey")
def key_off(before: Before) -> Ruling | None:
    """An inactive key opens nothing: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html."""
    return stops("makes an access key inactive", domain=Domain.ACCESS) if before.text("Status") == "Inactive" else None


@rule("iam:DeleteAccessKey", "iam:DeleteLoginProfile", "iam:DeleteSSHPublicKey", "iam:DeleteServiceSpecificCredential")
def credential_taken(_: Before) -> Ruling | None:
    """The user stays, and can be given another."""
    return revokes("takes a credential from the user")


@rule("iam:RemoveUserFromGroup", "iam:RemoveRoleFromInstanceProfile")
def membership_ended(_: Before) -> Ruling | None:
    """What the group or the profile gave is gone."""
    return revokes("takes an identity out of what gave it rights")


@rule("iam:DeactivateMFADevice", "iam:DeleteAccountPasswordPolicy")
def factor_off(_: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_disable.html."""
    return weakens("weakens how people prove who they are")


@rule("iam:DeletePolicyVersion")
def version_deleted(_: Before) -> Ruling | None:
    """Only versions that are not in force can be deleted: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicyVersion.html."""
    return harmless("deletes a version of a policy that is not in force")


@rule("iam:CreatePolicy")
def written_only(before: Before) -> Ruling | None:
    """A policy nobody has yet denies nothing."""
    return (
        harmless("denies nobody anything before it is attached")
        if locks(before.parameters.get("PolicyDocument"))
        else None
    )
