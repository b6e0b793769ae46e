"""Promise: a request is decided as the pages of the IAM User Guide say, each case naming its page.

A page is https://docs.aws.amazon.com/IAM/latest/UserGuide/<page>.html.
"""

# ruff: noqa: E501 - a case is a row of a table, and rows are compared with each other
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from askfirst.harness.aws.iam.decisions import Decision, PolicyKind, Reason
from askfirst.harness.aws.iam.principals import Caller

LOGIC = "reference_policies_evaluation-logic_policy-eval-denyallow"
BASICS = "reference_policies_evaluation-logic"
INTERPLAY = "reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay"
ACROSS = "reference_policies_evaluation-logic-cross-account"
BOUNDARY = "access_policies_boundaries"
SESSIONS = "access_policies#policies_session"
SCP = "reference_policies_evaluation-logic_policy-eval-basics-id-scp"
SCP_LEVELS = "organizations/latest/userguide/orgs_manage_policies_scps_evaluation"
ACTION = "reference_policies_elements_action"
NOT_ACTION = "reference_policies_elements_notaction"
RESOURCE = "reference_policies_elements_resource"
NOT_RESOURCE = "reference_policies_elements_notresource"
PRINCIPAL = "reference_policies_elements_principal"
NOT_PRINCIPAL = "reference_policies_elements_notprincipal"
TRUST = "id_roles_compare-resource-policies"
SIDS = "reference_policies_elements_sid"

ACCOUNT, OTHER = "111122223333", "444455556666"
USER = Caller(f"arn:aws:iam::{ACCOUNT}:user/carlos", ACCOUNT)
SESSION = Caller(f"arn:aws:sts::{ACCOUNT}:assumed-role/Operator/li", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:role/Operator")
FEDERATED = Caller(f"arn:aws:sts::{ACCOUNT}:federated-user/anna", ACCOUNT, USER.arn)
ROOT = Caller(f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT)

OBJECT, BUCKET = "arn:aws:s3:::carlossalazar/report.csv", "arn:aws:s3:::carlossalazar"
LOGS = "arn:aws:s3:::carlossalazar-logs/today"
TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/Books"
QUEUE = "arn:aws:sqs:us-east-1:111122223333:jobs"

ALLOWED = "allowed"
Case = tuple[str, str, tuple[str, str], dict[str, Any], str]


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    """Write a statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    """Write a statement that denies."""
    return {**allow(action, resource, **more), "Effect": "Deny"}


def to(principal: Any, action: Any = "*", **more: Any) -> dict[str, Any]:
    """Write a statement of a resource's own policy that allows."""
    return allow(action, Principal=principal, **more)


def explicit(kind: str) -> str:
    """Name an explicit deny."""
    return f"explicit deny: {kind}"


def missing(kind: str) -> str:
    """Name the kind in which nothing allows."""
    return f"no allow: {kind}"


IDENTITY, OF_BOUNDARY, OF_SCP, OF_SESSION, OWN, OF_TRUST = (one.value for one in PolicyKind)
CARLOS = [
    allow(["s3:GetBucketLocation", "s3:ListAllMyBuckets"], "arn:aws:s3:::*", Sid="AllowS3ListRead"),
    allow("s3:*", ["arn:aws:s3:::carlossalazar/*", BUCKET], Sid="AllowS3Self"),
    deny("s3:*", "arn:aws:s3:::*log*", Sid="DenyS3Logs"),
]
READER = [allow(["iam:Get*", "iam:List*"], Sid="AllowGetList"), deny("iam:*Report", Sid="DenyReports")]
ONLY_S3 = [allow("s3:*")]
FULL = [allow()]

SINGLE: tuple[Case, ...] = (
    (BASICS, "nothing allows by default", ("s3:GetObject", OBJECT), {}, missing(IDENTITY)),
    (BASICS, "an allow overrides the default", ("s3:GetObject", OBJECT), {"identity": CARLOS}, ALLOWED),
    (BASICS, "his own bucket, by its own ARN", ("s3:ListBucket", BUCKET), {"identity": CARLOS}, ALLOWED),
    (BASICS, "an explicit deny wins", ("s3:PutObject", LOGS), {"identity": CARLOS}, explicit(IDENTITY)),
    (BASICS, "the list of buckets", ("s3:ListAllMyBuckets", "arn:aws:s3:::*"), {"identity": CARLOS}, ALLOWED),
    (BASICS, "another bucket", ("s3:GetObject", "arn:aws:s3:::diego/x"), {"identity": CARLOS}, missing(IDENTITY)),
    (BASICS, "another service", ("sqs:SendMessage", QUEUE), {"identity": CARLOS}, missing(IDENTITY)),
    (INTERPLAY, "reads of IAM", ("iam:GetRole", "*"), {"identity": READER}, ALLOWED),
    (INTERPLAY, "an implicit deny", ("iam:CreatePolicy", "*"), {"identity": READER}, missing(IDENTITY)),
    (INTERPLAY, "allowed, and denied", ("iam:GetOrganizationsAccessReport", "*"), {"identity": READER}, explicit(IDENTITY)),
    (
        INTERPLAY,
        "a further allow does not help",
        ("iam:GenerateCredentialReport", "*"),
        {"identity": [*READER, allow("iam:GenerateCredentialReport")]},
        explicit(IDENTITY),
    ),
    (LOGIC, "root needs no policy", ("s3:GetObject", OBJECT), {"caller": ROOT}, ALLOWED),
    (LOGIC, "an SCP limits root too", ("s3:GetObject", OBJECT), {"caller": ROOT, "scps": [[allow("ec2:*")]]}, missing(OF_SCP)),
    (ACTION, "case does not matter in actions", ("IAM:ListAccessKeys", "*"), {"identity": [allow("iam:listaccesskeys")]}, ALLOWED),
    (ACTION, "a star inside", ("iam:CreateAccessKey", "*"), {"identity": [allow("iam:*AccessKey*")]}, ALLOWED),
    (ACTION, "a star does not cross services", ("sqs:ListQueues", "*"), {"identity": [allow("s*s:Send*")]}, missing(IDENTITY)),
    (ACTION, "a question mark is one character", ("ec2:RunInstances", "*"), {"identity": [allow("ec?:RunInstance?")]}, ALLOWED),
    (ACTION, "and not two", ("ec2:RunInstances", "*"), {"identity": [allow("ec2:RunInstanc?")]}, missing(IDENTITY)),
    (ACTION, "several actions", ("sqs:SendMessage", QUEUE), {"identity": [allow(["s3:*", "sqs:SendMessage"])]}, ALLOWED),
    (ACTION, "a bracket is a bracket", ("s3:GetObject", OBJECT), {"identity": [allow("s3:[G]etObject")]}, missing(IDENTITY)),
    (NOT_ACTION, "everything but the listed", ("s3:GetObject", OBJECT), {"identity": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]}, ALLOWED),
    (NOT_ACTION, "the listed is not allowed", ("iam:CreateUser", "*"), {"identity": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]}, missing(IDENTITY)),
    (NOT_ACTION, "which is no deny", ("iam:CreateUser", "*"), {"identity": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, allow("iam:*")]}, ALLOWED),
    (NOT_ACTION, "all but one bucket action", ("s3:PutObject", OBJECT), {"identity": [{"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::*"}]}, ALLOWED),
    (NOT_ACTION, "and of S3 alone, by the resource", ("sqs:SendMessage", QUEUE), {"identity": [{"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "arn:aws:s3:::*"}]}, missing(IDENTITY)),
    (NOT_ACTION, "a deny of all but the listed", ("s3:GetObject", OBJECT), {"identity": [*FULL, {"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}]}, explicit(IDENTITY)),
    (NOT_ACTION, "spares the listed", ("iam:ListUsers", "*"), {"identity": [*FULL, {"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}]}, ALLOWED),
    (RESOURCE, "one queue", ("sqs:SendMessage", QUEUE), {"identity": [allow("sqs:*", QUEUE)]}, ALLOWED),
    (RESOURCE, "and no other", ("sqs:SendMessage", f"{QUEUE}-2"), {"identity": [allow("sqs:*", QUEUE)]}, missing(IDENTITY)),
    (RESOURCE, "a star in the last part", ("dynamodb:GetItem", TABLE), {"identity": [allow("dynamodb:*", "arn:aws:dynamodb:us-east-1:111122223333:table/*")]}, ALLOWED),
    (RESOURCE, "in another region", ("dynamodb:GetItem", TABLE.replace("us-east-1", "eu-west-1")), {"identity": [allow("dynamodb:*", TABLE)]}, missing(IDENTITY)),
    (RESOURCE, "a star for the region", ("dynamodb:GetItem", TABLE), {"identity": [allow("dynamodb:*", "arn:aws:dynamodb:*:111122223333:table/Books")]}, ALLOWED),
    (RESOURCE, "case matters in ARNs", ("dynamodb:GetItem", TABLE), {"identity": [allow("dynamodb:*", TABLE.replace("Books", "books"))]}, missing(IDENTITY)),
    (RESOURCE, "a star for an account stays in it", ("sqs:SendMessage", "arn:aws:sqs:us-east-1:1:a:b"), {"identity": [allow("sqs:*", "arn:aws:sqs:us-east-1:*:b")]}, missing(IDENTITY)),
    (RESOURCE, "two stars", ("s3:GetObject", "arn:aws:s3:::b/test-1/deep/x"), {"identity": [allow("s3:*", "arn:aws:s3:::b/*/deep/*")]}, ALLOWED),
    (RESOURCE, "a question mark in a name", ("s3:GetObject", "arn:aws:s3:::b/abc"), {"identity": [allow("s3:*", "arn:aws:s3:::b/a?c")]}, ALLOWED),
    (RESOURCE, "an action without a resource needs '*'", ("sqs:ListQueues", "*"), {"identity": [allow("sqs:*", QUEUE)]}, missing(IDENTITY)),
    (RESOURCE, "a deny for one is none for '*'", ("sqs:ListQueues", "*"), {"identity": [*FULL, deny("sqs:*", QUEUE)]}, ALLOWED),
    (RESOURCE, "several resources", ("sqs:SendMessage", QUEUE), {"identity": [allow("sqs:*", [f"{QUEUE}-2", QUEUE])]}, ALLOWED),
    (NOT_RESOURCE, "denied but for his own", ("s3:GetObject", LOGS), {"identity": [*FULL, {"Effect": "Deny", "Action": "s3:*", "NotResource": [BUCKET, f"{BUCKET}/*"]}]}, explicit(IDENTITY)),
    (NOT_RESOURCE, "his own is spared", ("s3:GetObject", OBJECT), {"identity": [*FULL, {"Effect": "Deny", "Action": "s3:*", "NotResource": [BUCKET, f"{BUCKET}/*"]}]}, ALLOWED),
    (NOT_RESOURCE, "an allow reaches everything else", ("s3:GetObject", LOGS), {"identity": [{"Effect": "Allow", "Action": "s3:*", "NotResource": [BUCKET, f"{BUCKET}/*"]}]}, ALLOWED),
    (NOT_RESOURCE, "and not the listed", ("s3:GetObject", OBJECT), {"identity": [{"Effect": "Allow", "Action": "s3:*", "NotResource": [BUCKET, f"{BUCKET}/*"]}]}, missing(IDENTITY)),
)  # fmt: skip

LIMITED: tuple[Case, ...] = (
    (BOUNDARY, "both allow", ("s3:GetObject", OBJECT), {"identity": FULL, "boundary": ONLY_S3}, ALLOWED),
    (BOUNDARY, "the boundary does not", ("iam:CreateUser", "*"), {"identity": [allow("iam:CreateUser")], "boundary": [allow(["s3:*", "cloudwatch:*", "ec2:*"])]}, missing(OF_BOUNDARY)),
    (BOUNDARY, "a boundary alone grants nothing", ("s3:GetObject", OBJECT), {"boundary": FULL}, missing(IDENTITY)),
    (BOUNDARY, "an explicit deny in it", ("s3:DeleteBucket", BUCKET), {"identity": FULL, "boundary": [*FULL, deny("s3:Delete*")]}, explicit(OF_BOUNDARY)),
    (BOUNDARY, "an empty boundary allows nothing", ("s3:GetObject", OBJECT), {"identity": FULL, "boundary": []}, missing(OF_BOUNDARY)),
    (BOUNDARY, "a bucket's policy for the user is not limited by it", ("s3:GetObject", OBJECT), {"boundary": [allow("ec2:*")], "own": [to({"AWS": USER.arn})]}, ALLOWED),
    (BOUNDARY, "one for the role is", ("s3:GetObject", OBJECT), {"caller": SESSION, "boundary": [allow("ec2:*")], "own": [to({"AWS": SESSION.entity})]}, missing(OF_BOUNDARY)),
    (BOUNDARY, "one for the role needs no policy of its own", ("s3:GetObject", OBJECT), {"caller": SESSION, "boundary": ONLY_S3, "own": [to({"AWS": SESSION.entity})]}, ALLOWED),
    (BOUNDARY, "boundary, SCP and policy must all allow", ("s3:GetObject", OBJECT), {"identity": ONLY_S3, "boundary": ONLY_S3, "scps": [ONLY_S3]}, ALLOWED),
    (BOUNDARY, "and here the SCP does not", ("s3:GetObject", OBJECT), {"identity": ONLY_S3, "boundary": ONLY_S3, "scps": [[allow("ec2:*")]]}, missing(OF_SCP)),
    (SCP, "an SCP grants nothing", ("s3:GetObject", OBJECT), {"scps": [FULL]}, missing(IDENTITY)),
    (SCP, "it must allow", ("sqs:SendMessage", QUEUE), {"identity": FULL, "scps": [ONLY_S3]}, missing(OF_SCP)),
    (SCP, "it may deny", ("s3:DeleteBucket", BUCKET), {"identity": FULL, "scps": [[*FULL, deny("s3:DeleteBucket")]]}, explicit(OF_SCP)),
    (SCP, "it limits a bucket's own policy too", ("s3:GetObject", OBJECT), {"own": [to({"AWS": USER.arn})], "scps": [[allow("ec2:*")]]}, missing(OF_SCP)),
    (SCP_LEVELS, "root, unit and account all allow", ("s3:GetObject", OBJECT), {"identity": FULL, "scps": [FULL, FULL, ONLY_S3]}, ALLOWED),
    (SCP_LEVELS, "a level above does not", ("s3:GetObject", OBJECT), {"identity": FULL, "scps": [FULL, [allow("ec2:*")], FULL]}, missing(OF_SCP)),
    (SCP_LEVELS, "a level without any policy allows nothing", ("s3:GetObject", OBJECT), {"identity": FULL, "scps": [FULL, []]}, missing(OF_SCP)),
    (SCP_LEVELS, "a deny at the root reaches down", ("s3:GetObject", OBJECT), {"identity": FULL, "scps": [[*FULL, deny("s3:*")], FULL]}, explicit(OF_SCP)),
    (SESSIONS, "both allow", ("s3:GetObject", OBJECT), {"caller": SESSION, "identity": FULL, "session": ONLY_S3}, ALLOWED),
    (SESSIONS, "the session's policy does not", ("sqs:SendMessage", QUEUE), {"caller": SESSION, "identity": FULL, "session": ONLY_S3}, missing(OF_SESSION)),
    (SESSIONS, "it grants nothing by itself", ("s3:GetObject", OBJECT), {"caller": SESSION, "session": FULL}, missing(IDENTITY)),
    (SESSIONS, "it may deny", ("s3:DeleteBucket", BUCKET), {"caller": SESSION, "identity": FULL, "session": [*FULL, deny("s3:Delete*")]}, explicit(OF_SESSION)),
    (SESSIONS, "it limits what a bucket's policy gives the role", ("s3:GetObject", OBJECT), {"caller": SESSION, "session": [allow("ec2:*")], "own": [to({"AWS": SESSION.entity})]}, missing(OF_SESSION)),
    (SESSIONS, "and not what that gives the session", ("s3:GetObject", OBJECT), {"caller": SESSION, "session": [allow("ec2:*")], "own": [to({"AWS": SESSION.arn})]}, ALLOWED),
    (SESSIONS, "boundary, session and role must all allow", ("s3:GetObject", OBJECT), {"caller": SESSION, "identity": FULL, "boundary": [allow("ec2:*")], "session": ONLY_S3}, missing(OF_BOUNDARY)),
    (SESSIONS, "a federated user without a policy may nothing", ("s3:GetObject", OBJECT), {"caller": FEDERATED, "identity": FULL, "session": []}, missing(OF_SESSION)),
    (SESSIONS, "what names the user is limited for the federated", ("s3:GetObject", OBJECT), {"caller": FEDERATED, "session": [], "own": [to({"AWS": USER.arn})]}, missing(OF_SESSION)),
    (SESSIONS, "what names the federated is not", ("s3:GetObject", OBJECT), {"caller": FEDERATED, "session": [], "own": [to({"AWS": FEDERATED.arn})]}, ALLOWED),
)  # fmt: skip

BY_ACCOUNT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
SHARED: tuple[Case, ...] = (
    (LOGIC, "in one account either policy is enough: the bucket's", ("s3:GetObject", OBJECT), {"own": [to({"AWS": USER.arn}, "s3:*")]}, ALLOWED),
    (LOGIC, "or the user's", ("s3:GetObject", OBJECT), {"identity": ONLY_S3, "own": [to({"AWS": f"{USER.arn}2"})]}, ALLOWED),
    (LOGIC, "a deny in the bucket's policy wins", ("s3:GetObject", OBJECT), {"identity": FULL, "own": [deny("s3:*", Principal="*")]}, explicit(OWN)),
    (LOGIC, "a deny for somebody else is none", ("s3:GetObject", OBJECT), {"identity": FULL, "own": [deny("s3:*", Principal={"AWS": f"{USER.arn}2"})]}, ALLOWED),
    (LOGIC, "a deny of the user's wins over the bucket's allow", ("s3:GetObject", OBJECT), {"identity": [deny("s3:*")], "own": [to("*")]}, explicit(IDENTITY)),
    (PRINCIPAL, "everybody", ("s3:GetObject", OBJECT), {"own": [to("*")]}, ALLOWED),
    (PRINCIPAL, "everybody, the other way", ("s3:GetObject", OBJECT), {"own": [to({"AWS": "*"})]}, ALLOWED),
    (PRINCIPAL, "the account leaves it to the account", ("s3:GetObject", OBJECT), {"own": [to(BY_ACCOUNT)]}, missing(IDENTITY)),
    (PRINCIPAL, "its number means the same", ("s3:GetObject", OBJECT), {"own": [to({"AWS": ACCOUNT})]}, missing(IDENTITY)),
    (PRINCIPAL, "a deny for the account is for everybody in it", ("s3:GetObject", OBJECT), {"identity": FULL, "own": [deny("s3:*", Principal={"AWS": ACCOUNT})]}, explicit(OWN)),
    (PRINCIPAL, "a service is somebody else", ("sqs:SendMessage", QUEUE), {"own": [to({"Service": "sns.amazonaws.com"})]}, missing(IDENTITY)),
    (PRINCIPAL, "one of several", ("s3:GetObject", OBJECT), {"own": [to({"AWS": [f"{USER.arn}2", USER.arn]})]}, ALLOWED),
    (PRINCIPAL, "a wildcard in a name means nobody", ("s3:GetObject", OBJECT), {"own": [to({"AWS": f"arn:aws:iam::{ACCOUNT}:user/*"})]}, missing(IDENTITY)),
    (PRINCIPAL, "a session of the role is meant by the role", ("s3:GetObject", OBJECT), {"caller": SESSION, "own": [to({"AWS": SESSION.entity})]}, ALLOWED),
    (PRINCIPAL, "another session is not meant by one", ("s3:GetObject", OBJECT), {"caller": SESSION, "own": [to({"AWS": f"{SESSION.arn}2"})]}, missing(IDENTITY)),
    (NOT_PRINCIPAL, "a deny of all but the user and account", ("s3:GetObject", OBJECT), {"identity": FULL, "own": [{**deny("s3:*"), "NotPrincipal": {"AWS": [USER.arn, BY_ACCOUNT["AWS"]]}}]}, ALLOWED),
    (NOT_PRINCIPAL, "and somebody else", ("s3:GetObject", OBJECT), {"identity": FULL, "own": [{**deny("s3:*"), "NotPrincipal": {"AWS": [f"{USER.arn}2", BY_ACCOUNT["AWS"]]}}]}, explicit(OWN)),
    (NOT_PRINCIPAL, "a role must be listed with its session", ("s3:GetObject", OBJECT), {"caller": SESSION, "identity": FULL, "own": [{**deny("s3:*"), "NotPrincipal": {"AWS": [SESSION.entity, ACCOUNT]}}]}, explicit(OWN)),
    (NOT_PRINCIPAL, "then it is spared", ("s3:GetObject", OBJECT), {"caller": SESSION, "identity": FULL, "own": [{**deny("s3:*"), "NotPrincipal": {"AWS": [SESSION.entity, SESSION.arn, ACCOUNT]}}]}, ALLOWED),
    (ACROSS, "both accounts allow", ("s3:GetObject", OBJECT), {"elsewhere": True, "identity": ONLY_S3, "own": [to({"AWS": USER.arn})]}, ALLOWED),
    (ACROSS, "the resource's does, for the whole account", ("s3:GetObject", OBJECT), {"elsewhere": True, "identity": ONLY_S3, "own": [to(BY_ACCOUNT)]}, ALLOWED),
    (ACROSS, "the caller's does not", ("s3:GetObject", OBJECT), {"elsewhere": True, "own": [to({"AWS": USER.arn})]}, missing(IDENTITY)),
    (ACROSS, "the resource's does not", ("s3:GetObject", OBJECT), {"elsewhere": True, "identity": FULL, "own": []}, missing(OWN)),
    (ACROSS, "it has no policy at all", ("s3:GetObject", OBJECT), {"elsewhere": True, "identity": FULL}, missing(OWN)),
    (ACROSS, "it allows another account", ("s3:GetObject", OBJECT), {"elsewhere": True, "identity": FULL, "own": [to({"AWS": OTHER})]}, missing(OWN)),
    (ACROSS, "the caller's boundary limits it", ("s3:GetObject", OBJECT), {"elsewhere": True, "identity": FULL, "boundary": [allow("ec2:*")], "own": [to({"AWS": USER.arn})]}, missing(OF_BOUNDARY)),
    (ACROSS, "the caller's SCP limits it", ("s3:GetObject", OBJECT), {"elsewhere": True, "identity": FULL, "scps": [[allow("ec2:*")]], "own": [to({"AWS": USER.arn})]}, missing(OF_SCP)),
    (ACROSS, "the caller's session limits it", ("s3:GetObject", OBJECT), {"elsewhere": True, "caller": SESSION, "identity": FULL, "session": [allow("ec2:*")], "own": [to({"AWS": SESSION.arn})]}, missing(OF_SESSION)),
    (TRUST, "a trust policy must allow", ("sts:AssumeRole", SESSION.entity), {"identity": FULL, "own": [], "trust": True}, missing(OF_TRUST)),
    (TRUST, "it leaves it to the account", ("sts:AssumeRole", SESSION.entity), {"identity": [allow("sts:AssumeRole")], "own": [to(BY_ACCOUNT, "sts:AssumeRole")], "trust": True}, ALLOWED),
    (TRUST, "which does not allow", ("sts:AssumeRole", SESSION.entity), {"own": [to(BY_ACCOUNT, "sts:AssumeRole")], "trust": True}, missing(IDENTITY)),
    (TRUST, "it names the user, in the same account", ("sts:AssumeRole", SESSION.entity), {"own": [to({"AWS": USER.arn}, "sts:AssumeRole")], "trust": True}, ALLOWED),
    (TRUST, "it may deny", ("sts:AssumeRole", SESSION.entity), {"identity": FULL, "own": [to(BY_ACCOUNT), deny(Principal="*")], "trust": True}, explicit(OF_TRUST)),
    (TRUST, "a key's policy must allow as well", ("kms:Decrypt", "*"), {"identity": FULL, "own": [to({"AWS": OTHER})], "must": True}, missing(OWN)),
    (TRUST, "the usual key policy leaves it to IAM", ("kms:Decrypt", "*"), {"identity": [allow("kms:Decrypt")], "own": [to(BY_ACCOUNT, "kms:*")], "must": True}, ALLOWED),
)  # fmt: skip

CASES = (*SINGLE, *LIMITED, *SHARED)


@pytest.mark.parametrize(
    ("asked", "given", "expected"),
    [pytest.param(asked, given, expected, id=f"{page}: {name}") for page, name, asked, given, expected in CASES],
)
def test_a_request_is_decided_as_the_page_says(
    asked: tuple[str, str], given: dict[str, Any], expected: str, decide: Callable[..., Decision]
) -> None:
    """Allowed or not, by an explicit deny or for want of an allow, and in which kind of policy."""
    found = decide(*asked, **given)
    told = ALLOWED if found.kind is None else f"{found.reason.value}: {found.kind.value}"
    assert expected == told
    assert () == found.unknown


def test_no_case_stands_twice() -> None:
    """Names of cases are different, so that none hides another; there are as many as are promised."""
    names = [(page, name) for page, name, *_ in CASES]
    assert len(set(names)) == len(names)
    assert len(names) >= 100


def test_a_denial_names_the_statement(decide: Callable[..., Decision]) -> None:
    """Who reads a history sees by which statement a call was denied (reference_policies_elements_sid)."""
    found = decide("s3:PutObject", LOGS, identity=CARLOS)
    assert (Reason.EXPLICIT_DENY, "DenyS3Logs") == (found.reason, found.sid)
    assert "s3:PutObject on arn:aws:s3:::carlossalazar-logs/today is denied with an explicit deny" in str(found)
    assert "(DenyS3Logs)" in str(found)
