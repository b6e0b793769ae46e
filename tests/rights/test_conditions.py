"""Promise: a Condition holds when the pages of the IAM User Guide say so, and what is not known never lets a call through.

A page is https://docs.aws.amazon.com/IAM/latest/UserGuide/<page>.html.
"""

# ruff: noqa: E501 - a case is a row of a table, and rows are compared with each other
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from askfirst.harness.aws.iam.decisions import Decision, PolicyKind, Reason

OPERATORS = "reference_policies_elements_condition_operators"
LOGIC = "reference_policies_condition-logic-multiple-context-keys-or-values"
SETS = "reference_policies_condition-single-vs-multi-valued-context-keys"
SET_EXAMPLES = "reference_policies_condition_examples-multi-valued-context-keys"
NULL = "reference_policies_elements_condition_operators#Conditions_Null"
IF_EXISTS = "reference_policies_elements_condition_operators#Conditions_IfExists"
KEYS = "reference_policies_condition-keys"
VARIABLES = "reference_policies_variables"

QUEUE = "arn:aws:sqs:us-east-1:111122223333:jobs"
ROLE = "arn:aws:iam::111122223333:role/Operator"
FAR = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"
TIME, KEY, TAG = "aws:CurrentTime", "aws:TagKeys", "aws:PrincipalTag/team"
TAGS = {"ForAllValues:StringEquals": {KEY: ["environment", "webserver"]}}

# Page, what it says, the condition, what the request has, whether the condition holds.
Case = tuple[str, str, dict[str, Any], dict[str, Any], bool]

SINGLE_VALUED: tuple[Case, ...] = (
    (OPERATORS, "StringEquals, the same", {"StringEquals": {TAG: "blue"}}, {TAG: "blue"}, True),
    (OPERATORS, "StringEquals minds the case", {"StringEquals": {TAG: "blue"}}, {TAG: "Blue"}, False),
    (OPERATORS, "StringEquals knows no wildcards", {"StringEquals": {TAG: "bl*"}}, {TAG: "blue"}, False),
    (OPERATORS, "StringEquals, absent", {"StringEquals": {TAG: "blue"}}, {}, False),
    (OPERATORS, "StringNotEquals, another", {"StringNotEquals": {TAG: "blue"}}, {TAG: "red"}, True),
    (OPERATORS, "StringNotEquals, the same", {"StringNotEquals": {TAG: "blue"}}, {TAG: "blue"}, False),
    (OPERATORS, "StringNotEquals, absent, is true", {"StringNotEquals": {TAG: "blue"}}, {}, True),
    (OPERATORS, "StringEqualsIgnoreCase", {"StringEqualsIgnoreCase": {TAG: "blue"}}, {TAG: "BLUE"}, True),
    (OPERATORS, "StringNotEqualsIgnoreCase", {"StringNotEqualsIgnoreCase": {TAG: "blue"}}, {TAG: "BLUE"}, False),
    (OPERATORS, "StringNotEqualsIgnoreCase, absent", {"StringNotEqualsIgnoreCase": {TAG: "blue"}}, {}, True),
    (OPERATORS, "StringLike, a star", {"StringLike": {"s3:prefix": ["", "home/", "home/li/*"]}}, {"s3:prefix": "home/li/x"}, True),
    (OPERATORS, "StringLike, one character", {"StringLike": {TAG: "bl?e"}}, {TAG: "blue"}, True),
    (OPERATORS, "StringLike fits the whole", {"StringLike": {TAG: "blu"}}, {TAG: "blue"}, False),
    (OPERATORS, "StringLike minds the case", {"StringLike": {TAG: "B*"}}, {TAG: "blue"}, False),
    (OPERATORS, "StringLike crosses colons", {"StringLike": {"aws:SourceArn": "arn:aws:someservice:*:111122223333:finance/*"}}, {"aws:SourceArn": FAR}, True),
    (OPERATORS, "a bracket is a bracket", {"StringLike": {TAG: "[b]lue"}}, {TAG: "blue"}, False),
    (OPERATORS, "StringNotLike", {"StringNotLike": {TAG: "bl*"}}, {TAG: "blue"}, False),
    (OPERATORS, "StringNotLike, absent", {"StringNotLike": {TAG: "bl*"}}, {}, True),
    (OPERATORS, "NumericLessThanEquals, at", {"NumericLessThanEquals": {"s3:max-keys": "10"}}, {"s3:max-keys": "10"}, True),
    (OPERATORS, "NumericLessThanEquals, above", {"NumericLessThanEquals": {"s3:max-keys": "10"}}, {"s3:max-keys": "11"}, False),
    (OPERATORS, "NumericLessThanEquals, absent", {"NumericLessThanEquals": {"s3:max-keys": "10"}}, {}, False),
    (OPERATORS, "NumericLessThan is no order of texts", {"NumericLessThan": {"s3:max-keys": "10"}}, {"s3:max-keys": "9"}, True),
    (OPERATORS, "NumericEquals of a decimal", {"NumericEquals": {"s3:max-keys": "10.0"}}, {"s3:max-keys": "10"}, True),
    (OPERATORS, "NumericEquals of a number in JSON", {"NumericEquals": {"s3:max-keys": 10}}, {"s3:max-keys": "10"}, True),
    (OPERATORS, "NumericNotEquals, absent", {"NumericNotEquals": {"s3:max-keys": "10"}}, {}, True),
    (OPERATORS, "NumericGreaterThan", {"NumericGreaterThan": {"s3:max-keys": "10"}}, {"s3:max-keys": "10"}, False),
    (OPERATORS, "NumericGreaterThanEquals", {"NumericGreaterThanEquals": {"s3:max-keys": "10"}}, {"s3:max-keys": "10"}, True),
    (OPERATORS, "DateGreaterThan, of a token", {"DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:01Z"}}, {"aws:TokenIssueTime": "2025-12-15T01:00:00Z"}, True),
    (OPERATORS, "DateGreaterThan, without a token", {"DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:01Z"}}, {}, False),
    (OPERATORS, "DateLessThan", {"DateLessThan": {TIME: "2025-12-15T02:00:00Z"}}, {TIME: "2025-12-15T01:59:59Z"}, True),
    (OPERATORS, "DateLessThan in another zone", {"DateLessThan": {TIME: "2025-12-15T03:00:00+01:00"}}, {TIME: "2025-12-15T02:00:01Z"}, False),
    (OPERATORS, "DateEquals in seconds since 1970", {"DateEquals": {"aws:EpochTime": "2025-12-15T01:20:00Z"}}, {"aws:EpochTime": "1765761600"}, True),
    (OPERATORS, "DateLessThanEquals against seconds", {"DateLessThanEquals": {TIME: "1765761600"}}, {TIME: "2025-12-15T01:20:00Z"}, True),
    (OPERATORS, "DateGreaterThanEquals of a day", {"DateGreaterThanEquals": {TIME: "2025-12-15"}}, {TIME: "2025-12-15T00:00:00Z"}, True),
    (OPERATORS, "DateGreaterThan of a year", {"DateGreaterThan": {TIME: "2026"}}, {TIME: "2025-12-31T23:59:59Z"}, False),
    (OPERATORS, "DateNotEquals", {"DateNotEquals": {TIME: "2025-12-15"}}, {TIME: "2025-12-15T00:00:00Z"}, False),
    (OPERATORS, "Bool", {"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": "true"}, False),
    (OPERATORS, "Bool in JSON's own truth values", {"Bool": {"aws:SecureTransport": True}}, {"aws:SecureTransport": "true"}, True),
    (OPERATORS, "Bool, absent", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {}, False),
    (KEYS, "a missing MFA is not a false one", {"Bool": {"aws:MultiFactorAuthPresent": "false"}}, {}, False),
    (KEYS, "so BoolIfExists denies both", {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}, {}, True),
    (OPERATORS, "BinaryEquals", {"BinaryEquals": {"key": "QmluYXJ5VmFsdWVJbkJhc2U2NA=="}}, {"key": "QmluYXJ5VmFsdWVJbkJhc2U2NA=="}, True),
    (OPERATORS, "BinaryEquals of other bytes", {"BinaryEquals": {"key": "QmluYXJ5"}}, {"key": "Qm9vbGVhbg=="}, False),
    (OPERATORS, "IpAddress within", {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {"aws:SourceIp": "203.0.113.255"}, True),
    (OPERATORS, "IpAddress without", {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {"aws:SourceIp": "203.0.114.1"}, False),
    (OPERATORS, "IpAddress without a prefix is one address", {"IpAddress": {"aws:SourceIp": "203.0.113.7"}}, {"aws:SourceIp": "203.0.113.7"}, True),
    (OPERATORS, "IpAddress of both versions", {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:DB8:1234:5678::/64"]}}, {"aws:SourceIp": "2001:db8:1234:5678::1"}, True),
    (OPERATORS, "NotIpAddress, within", {"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"]}}, {"aws:SourceIp": "203.0.113.9"}, False),
    (OPERATORS, "NotIpAddress, absent", {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, {}, True),
    (OPERATORS, "ArnLike keeps to its segment", {"ArnLike": {"aws:SourceArn": "arn:aws:someservice:*:111122223333:finance/*"}}, {"aws:SourceArn": FAR}, False),
    (OPERATORS, "ArnLike", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Oper*"}}, {"aws:PrincipalArn": ROLE}, True),
    (OPERATORS, "ArnEquals knows wildcards too", {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/Oper*"}}, {"aws:PrincipalArn": ROLE}, True),
    (OPERATORS, "ArnEquals minds the case", {"ArnEquals": {"aws:PrincipalArn": ROLE.lower()}}, {"aws:PrincipalArn": ROLE}, False),
    (OPERATORS, "ArnNotEquals", {"ArnNotEquals": {"aws:PrincipalArn": ROLE}}, {"aws:PrincipalArn": ROLE}, False),
    (OPERATORS, "ArnNotLike, absent", {"ArnNotLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}, {}, True),
    (IF_EXISTS, "absent", {"StringLikeIfExists": {"ec2:InstanceType": ["t1.*", "t2.*"]}}, {}, True),
    (IF_EXISTS, "present, and one of them", {"StringLikeIfExists": {"ec2:InstanceType": ["t1.*", "t2.*"]}}, {"ec2:InstanceType": "t2.micro"}, True),
    (IF_EXISTS, "present, and none of them", {"StringLikeIfExists": {"ec2:InstanceType": ["t1.*", "t2.*"]}}, {"ec2:InstanceType": "m5.large"}, False),
    (IF_EXISTS, "a negated one, absent", {"StringNotEqualsIfExists": {TAG: "blue"}}, {}, True),
    (IF_EXISTS, "another key may still fail", {"StringLikeIfExists": {"ec2:InstanceType": "t1.*"}, "StringEquals": {TAG: "blue"}}, {TAG: "red"}, False),
    (NULL, "true: it is absent", {"Null": {"aws:TokenIssueTime": "true"}}, {}, True),
    (NULL, "true: it is there", {"Null": {"aws:TokenIssueTime": "true"}}, {"aws:TokenIssueTime": "2025-12-15T01:00:00Z"}, False),
    (NULL, "false: it is there", {"Null": {"aws:TokenIssueTime": "false"}}, {"aws:TokenIssueTime": "2025-12-15T01:00:00Z"}, True),
    (NULL, "false: it is absent", {"Null": {"aws:TokenIssueTime": False}}, {}, False),
    (KEYS, "the case of a key does not matter", {"StringEquals": {"AWS:requestedregion": "eu-west-1"}}, {"aws:RequestedRegion": "eu-west-1"}, True),
)  # fmt: skip

SEVERAL: tuple[Case, ...] = (
    (LOGIC, "values are joined by OR", {"StringEquals": {TAG: ["blue", "red"]}}, {TAG: "red"}, True),
    (LOGIC, "keys are joined by AND", {"StringEquals": {TAG: "blue", "aws:RequestedRegion": "eu-west-1"}}, {TAG: "blue", "aws:RequestedRegion": "us-east-1"}, False),
    (LOGIC, "operators are joined by AND", {"StringEquals": {TAG: "blue"}, "Bool": {"aws:SecureTransport": "true"}}, {TAG: "blue", "aws:SecureTransport": "true"}, True),
    (LOGIC, "one operator that fails is enough", {"StringEquals": {TAG: "blue"}, "Bool": {"aws:SecureTransport": "true"}}, {TAG: "blue", "aws:SecureTransport": "false"}, False),
    (LOGIC, "values of a negated operator by NOR: none of them", {"StringNotEquals": {TAG: ["blue", "red"]}}, {TAG: "green"}, True),
    (LOGIC, "one of them", {"StringNotEquals": {TAG: ["blue", "red"]}}, {TAG: "red"}, False),
    (SETS, "ForAllValues, all of them", TAGS, {KEY: ["environment", "webserver"]}, True),
    (SETS, "ForAllValues, some of them", TAGS, {KEY: ["environment"]}, True),
    (SETS, "ForAllValues, one more", TAGS, {KEY: ["environment", "owner"]}, False),
    (SETS, "the trap: ForAllValues of nothing is true", TAGS, {}, True),
    (SETS, "ForAllValues of an empty list is true", TAGS, {KEY: []}, True),
    (SETS, "closed by Null", {**TAGS, "Null": {KEY: "false"}}, {}, False),
    (SETS, "which lets tags pass", {**TAGS, "Null": {KEY: "false"}}, {KEY: ["webserver"]}, True),
    (SETS, "ForAnyValue, one of them", {"ForAnyValue:StringEquals": {KEY: ["environment", "webserver"]}}, {KEY: ["owner", "webserver"]}, True),
    (SETS, "ForAnyValue, none of them", {"ForAnyValue:StringEquals": {KEY: ["environment", "webserver"]}}, {KEY: ["owner"]}, False),
    (SETS, "ForAnyValue of nothing is false", {"ForAnyValue:StringEquals": {KEY: ["environment"]}}, {}, False),
    (SETS, "ForAnyValue of an empty list is false", {"ForAnyValue:StringEquals": {KEY: ["environment"]}}, {KEY: []}, False),
    (SET_EXAMPLES, "attributes: only the listed", {"ForAllValues:StringLike": {"dynamodb:Attributes": ["PostDateTime", "Message", "Tags"]}}, {"dynamodb:Attributes": ["PostDateTime", "Message"]}, True),
    (SET_EXAMPLES, "attributes: another one", {"ForAllValues:StringLike": {"dynamodb:Attributes": ["PostDateTime", "Message", "Tags"]}}, {"dynamodb:Attributes": ["PostDateTime", "UserName"]}, False),
    (SET_EXAMPLES, "attributes: a forbidden one", {"ForAnyValue:StringLike": {"dynamodb:Attributes": ["ID", "PostDateTime"]}}, {"dynamodb:Attributes": ["UserName", "Message", "PostDateTime"]}, True),
    (SET_EXAMPLES, "attributes: no forbidden one", {"ForAnyValue:StringLike": {"dynamodb:Attributes": ["ID", "PostDateTime"]}}, {"dynamodb:Attributes": ["UserName"]}, False),
    (SET_EXAMPLES, "ForAllValues of a negated one: none is listed", {"ForAllValues:StringNotEquals": {KEY: ["owner"]}}, {KEY: ["a", "b"]}, True),
    (SET_EXAMPLES, "ForAllValues of a negated one: one is", {"ForAllValues:StringNotEquals": {KEY: ["owner"]}}, {KEY: ["a", "owner"]}, False),
    (SET_EXAMPLES, "ForAnyValue of a negated one: one is not listed", {"ForAnyValue:StringNotEquals": {KEY: ["owner"]}}, {KEY: ["a", "owner"]}, True),
    (SET_EXAMPLES, "ForAnyValue of a negated one: all are", {"ForAnyValue:StringNotEquals": {KEY: ["a", "owner"]}}, {KEY: ["a", "owner"]}, False),
    (SET_EXAMPLES, "ForAnyValue with IfExists, absent", {"ForAnyValue:StringEqualsIfExists": {KEY: "a"}}, {}, True),
)  # fmt: skip

WITH_VARIABLES: tuple[Case, ...] = (
    (VARIABLES, "the caller's name", {"StringLike": {"s3:prefix": "${aws:username}/*"}}, {"aws:username": "anna", "s3:prefix": "anna/x"}, True),
    (VARIABLES, "somebody else's", {"StringLike": {"s3:prefix": "${aws:username}/*"}}, {"aws:username": "anna", "s3:prefix": "li/x"}, False),
    (VARIABLES, "a star in a name is no wildcard", {"StringLike": {"s3:prefix": "${aws:username}/x"}}, {"aws:username": "*", "s3:prefix": "li/x"}, False),
    (VARIABLES, "it is a star", {"StringLike": {"s3:prefix": "${aws:username}/x"}}, {"aws:username": "*", "s3:prefix": "*/x"}, True),
    (VARIABLES, "no name at all", {"StringEquals": {TAG: "${aws:username}"}}, {TAG: "blue"}, False),
    (VARIABLES, "no name at all, negated", {"StringNotEquals": {TAG: "${aws:username}"}}, {TAG: "blue"}, False),
    (VARIABLES, "a default value", {"StringEquals": {TAG: "${aws:username, 'nobody'}"}}, {TAG: "nobody"}, True),
    (VARIABLES, "which is not used where there is a name", {"StringEquals": {TAG: "${aws:username, 'nobody'}"}}, {TAG: "anna", "aws:username": "anna"}, True),
    (VARIABLES, "a default with a comma", {"StringEquals": {TAG: "${aws:username, 'no, nobody'}"}}, {TAG: "no, nobody"}, True),
    (VARIABLES, "a tag", {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}, {"aws:ResourceTag/team": "blue", TAG: "blue"}, True),
    (VARIABLES, "another tag", {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}, {"aws:ResourceTag/team": "blue", TAG: "red"}, False),
    (VARIABLES, "${*} is a star", {"StringLike": {TAG: "a${*}b"}}, {TAG: "a*b"}, True),
    (VARIABLES, "and no wildcard", {"StringLike": {TAG: "a${*}b"}}, {TAG: "axb"}, False),
    (VARIABLES, "${?} is a question mark", {"StringLike": {TAG: "a${?}"}}, {TAG: "ax"}, False),
    (VARIABLES, "${$} is a dollar", {"StringEquals": {TAG: "${$}{x}"}}, {TAG: "${x}"}, True),
    (VARIABLES, "a key of several values is no variable", {"StringEquals": {TAG: "${aws:TagKeys}"}}, {TAG: "a", KEY: ["a", "b"]}, False),
    (VARIABLES, "an ARN operator takes them", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/${aws:PrincipalTag/team}"}}, {"aws:PrincipalArn": ROLE, TAG: "Operator"}, True),
)  # fmt: skip

CASES = (*SINGLE_VALUED, *SEVERAL, *WITH_VARIABLES)


@pytest.mark.parametrize(
    ("condition", "context", "holds"),
    [pytest.param(one, has, holds, id=f"{page}: {name}") for page, name, one, has, holds in CASES],
)
def test_a_condition_holds_as_the_page_says(
    condition: dict[str, Any], context: dict[str, Any], holds: bool, decide: Callable[..., Decision]
) -> None:
    """An Allow with the condition allows exactly when it holds, and a Deny denies exactly then; nothing is unknown."""
    statement = {"Action": "*", "Resource": "*", "Condition": condition}
    allowed = decide("sqs:SendMessage", QUEUE, identity=[{"Effect": "Allow", **statement}], context=context)
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    kept = decide("sqs:SendMessage", QUEUE, identity=[everything, {"Effect": "Deny", **statement}], context=context)
    assert (holds, not holds) == (allowed.allowed, kept.allowed)
    assert ((), ()) == (allowed.unknown, kept.unknown)


UNKNOWN: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("the condition operator StringMatches", {"StringMatches": {TAG: "blue"}}, {TAG: "blue"}),
    ("the condition operator ForMostValues:StringEquals", {"ForMostValues:StringEquals": {KEY: "a"}}, {KEY: ["a"]}),
    ("the condition operator NullIfExists", {"NullIfExists": {KEY: "true"}}, {}),
    ("the condition key acme:Phase", {"StringEquals": {"acme:Phase": "moon"}}, {"acme:Phase": None}),
    ("the condition key acme:Phase", {"StringNotEquals": {"acme:Phase": "moon"}}, {"acme:Phase": None}),
    ("the condition key acme:Phase", {"StringEqualsIfExists": {"acme:Phase": "moon"}}, {"acme:Phase": None}),
    ("the condition key acme:Phase", {"Null": {"acme:Phase": "true"}}, {"acme:Phase": None}),
    ("the condition key acme:Phase", {"ForAllValues:StringLike": {"acme:Phase": "*"}}, {"acme:Phase": None}),
    ("the policy variable acme:phase", {"StringEquals": {TAG: "${acme:phase}"}}, {TAG: "x", "acme:phase": None}),
    ("what NumericEquals compares in s3:max-keys", {"NumericEquals": {"s3:max-keys": "ten"}}, {"s3:max-keys": "10"}),
    ("what DateLessThan compares in aws:CurrentTime", {"DateLessThan": {TIME: "soon"}}, {TIME: "2025-12-15T01:00:00Z"}),
    ("what NotIpAddress compares in aws:SourceIp", {"NotIpAddress": {"aws:SourceIp": "home"}}, {"aws:SourceIp": "1.2.3.4"}),
    ("what Null asks of aws:TagKeys", {"Null": {KEY: "perhaps"}}, {}),
)  # fmt: skip


@pytest.mark.parametrize(("what", "condition", "context"), UNKNOWN)
def test_what_is_not_known_lets_nothing_through(
    what: str, condition: dict[str, Any], context: dict[str, Any], decide: Callable[..., Decision]
) -> None:
    """In an Allow it does not match, in a Deny it matches, in a boundary it does not allow; the decision says what."""
    statement = {"Action": "*", "Resource": "*", "Condition": condition}
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    unsure = {"Effect": "Allow", **statement}
    found = [
        decide("sqs:SendMessage", QUEUE, identity=[unsure], context=context),
        decide("sqs:SendMessage", QUEUE, identity=[everything, {"Effect": "Deny", **statement}], context=context),
        decide("sqs:SendMessage", QUEUE, identity=[everything], boundary=[unsure], context=context),
    ]
    assert [Reason.NO_ALLOW, Reason.EXPLICIT_DENY, Reason.NO_ALLOW] == [one.reason for one in found]
    assert [PolicyKind.IDENTITY, PolicyKind.IDENTITY, PolicyKind.BOUNDARY] == [one.kind for one in found]
    assert [(what,)] * 3 == [one.unknown for one in found]
    assert all(f"nobody here can judge {what}" in str(one) for one in found)


def test_what_is_certain_is_not_blamed_on_the_unknown(decide: Callable[..., Decision]) -> None:
    """Where the outcome does not hang on it, what is not known is not told: another Allow, a sure Deny, no Allow at all."""
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    odd = {"Action": "*", "Resource": "*", "Condition": {"StringMatches": {TAG: "blue"}}}
    allowed = decide("sqs:SendMessage", identity=[{"Effect": "Allow", **odd}, everything])
    denied = decide("sqs:SendMessage", identity=[{"Effect": "Deny", **odd}, {**everything, "Effect": "Deny"}])
    nothing = decide("sqs:SendMessage", identity=[{"Effect": "Deny", **odd}])
    assert (True, ()) == (allowed.allowed, allowed.unknown)
    assert (Reason.EXPLICIT_DENY, ()) == (denied.reason, denied.unknown)
    assert (Reason.NO_ALLOW, ()) == (nothing.reason, nothing.unknown)


def test_a_condition_that_fails_decides_beside_an_unknown_one(decide: Callable[..., Decision]) -> None:
    """A statement with one condition that certainly fails does not apply, whatever the others are."""
    condition = {"StringMatches": {TAG: "blue"}, "Bool": {"aws:SecureTransport": "false"}}
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    denying = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
    assert decide("s3:GetObject", identity=[everything, denying], context={"aws:SecureTransport": "true"}).allowed


RESOURCES: tuple[tuple[str, str, str, dict[str, str], bool], ...] = (
    ("his own folder", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/anna/x", {"aws:username": "anna"}, True),
    ("not another's", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/li/x", {"aws:username": "anna"}, False),
    ("no name, no folder", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/li/x", {}, False),
    ("a name that is a star", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/li/x", {"aws:username": "*"}, False),
    ("a queue of his name", "arn:aws:sqs:us-east-2:*:${aws:username}-queue", "arn:aws:sqs:us-east-2:1:li-queue", {"aws:username": "li"}, True),
    ("a bucket of a tag", "arn:aws:s3:::bucket/${aws:PrincipalTag/team}", "arn:aws:s3:::bucket/blue", {TAG: "blue"}, True),
    ("a default", "arn:aws:s3:::b/${aws:userid, 'anonymous'}", "arn:aws:s3:::b/anonymous", {}, True),
    ("a star that is a star", "arn:aws:s3:::b/${*}", "arn:aws:s3:::b/x", {}, False),
)  # fmt: skip


@pytest.mark.parametrize(("name", "pattern", "arn", "context", "fits"), RESOURCES)
def test_variables_stand_in_resources(
    name: str, pattern: str, arn: str, context: dict[str, str], fits: bool, decide: Callable[..., Decision]
) -> None:
    """A variable in a resource is the caller's own value, and no character of it is a wildcard (reference_policies_variables)."""
    allowing = {"Effect": "Allow", "Action": "*", "Resource": pattern}
    assert fits is decide("s3:GetObject", arn, identity=[allowing], context=context).allowed, name


def test_an_old_version_of_the_language_has_no_variables(decide: Callable[..., Decision]) -> None:
    """In version 2008-10-17 `${aws:username}` is text (reference_policies_elements_version)."""
    allowing = {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/${aws:username}"}
    has = {"aws:username": "anna"}
    assert not decide(
        "s3:GetObject", "arn:aws:s3:::b/anna", identity=[allowing], context=has, version="2008-10-17"
    ).allowed
    literal = decide(
        "s3:GetObject", "arn:aws:s3:::b/${aws:username}", identity=[allowing], context=has, version="2008-10-17"
    )
    assert literal.allowed


def test_no_case_stands_twice() -> None:
    """Names of cases are different, so that none hides another."""
    names = [(page, name) for page, name, *_ in CASES]
    assert len(set(names)) == len(names)
