"""Globs: IAM's own examples, a slow obvious matcher as a second opinion, and time that stays linear."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from askfirst.harness.authorization.matching import action_matches, arn_matches, is_exact, text_matcher

ACTIONS = st.text(alphabet="abAB:*?[", max_size=8)
NAMES = st.text(alphabet="aA:/[].*?", max_size=10)


def slow(pattern: str, text: str) -> bool:
    """Say by the definition whether a text fits a glob."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return slow(pattern[1:], text) or bool(text and slow(pattern, text[1:]))
    return bool(text) and pattern[0] in {"?", text[0]} and slow(pattern[1:], text[1:])


def slow_arn(pattern: str, arn: str) -> bool:
    """Say by the definition whether an ARN fits: the first five parts each by itself, the rest as a whole."""
    if pattern == "*":
        return True
    if not pattern.startswith("arn:"):
        return pattern == arn
    parts = pattern.split(":", 5)
    parts += ["*"] * (6 - len(parts))
    found = arn.split(":", 5)
    return len(found) == 6 and all(slow(one, other) for one, other in zip(parts, found, strict=True))


# The pages of AWS's documentation that the rows below are from, by their titles.
ACTION = "IAM JSON policy elements: Action"
RESOURCE = "IAM JSON policy elements: Resource"
OPERATORS = "IAM JSON policy elements: Condition operators"
ARNS = "Identify AWS resources with Amazon Resource Names (ARNs)"
IDENTIFIERS = "IAM identifiers"
OF_S3 = "Actions, resources, and condition keys for Amazon S3"
OF_EC2 = "Actions, resources, and condition keys for Amazon EC2"
OF_DYNAMODB = "Actions, resources, and condition keys for Amazon DynamoDB"
OF_SNS = "Actions, resources, and condition keys for Amazon SNS"
OF_LOGS = "Actions, resources, and condition keys for Amazon CloudWatch Logs"
OF_STACKS = "Actions, resources, and condition keys for AWS CloudFormation"
STRICTER = "ours: no wildcard reaches over a colon into the next part"
PLAIN = "ours: what is not special in IAM is not special here"

ACTION_ROWS = (
    (ACTION, "sqs:SendMessage", "sqs:SendMessage", True),
    (ACTION, "ec2:StartInstances", "ec2:StartInstances", True),
    (ACTION, "ec2:StartInstances", "ec2:StopInstances", False),
    (ACTION, "iam:ChangePassword", "iam:ChangePassword", True),
    (ACTION, "s3:GetObject", "s3:GetObject", True),
    (ACTION, "s3:*", "s3:GetObject", True),
    (ACTION, "s3:*", "s3-outposts:GetObject", False),
    (ACTION, "*", "iam:DeleteUser", True),
    (ACTION, "iam:*AccessKey*", "iam:CreateAccessKey", True),
    (ACTION, "iam:*AccessKey*", "iam:DeleteAccessKey", True),
    (ACTION, "iam:*AccessKey*", "iam:ListAccessKeys", True),
    (ACTION, "iam:*AccessKey*", "iam:UpdateAccessKey", True),
    (ACTION, "iam:*AccessKey*", "iam:DeleteUser", False),
    (ACTION, "iam:ListAccessKeys", "IAM:listaccesskeys", True),
    (ACTION, "S3:GETOBJECT", "s3:GetObject", True),
    (OF_S3, "S3:GET*", "s3:GetObject", True),
    (OF_S3, "s3:Get*", "s3:PutObject", False),
    (OF_S3, "s3:DeleteObject", "s3:DeleteObjectVersion", False),
    (OF_S3, "s3:DeleteObject*", "s3:DeleteObjectVersion", True),
    (OF_EC2, "ec2:Describe*", "ec2:DescribeInstances", True),
    (OF_EC2, "ec2:Describe?nstances", "ec2:DescribeInstances", True),
    (OF_EC2, "ec2:Describe?nstances", "ec2:Describenstances", False),
    (OF_DYNAMODB, "dynamodb:*Item", "dynamodb:BatchWriteItem", True),
    (OF_DYNAMODB, "dynamodb:*Item", "dynamodb:DeleteItems", False),
    (OF_DYNAMODB, "dynamodb:Batch*Item", "dynamodb:BatchGetItem", True),
    (OF_SNS, "sns:Publish", "sns:PublishBatch", False),
    (OF_STACKS, "cloudform*:DeleteStack", "cloudformation:DeleteStack", True),
    (STRICTER, "s3*", "s3:GetObject", False),
    (STRICTER, "*Object", "s3:GetObject", False),
    (PLAIN, "*:*", "s3:GetObject", True),
    (PLAIN, "s3:Delete[OB]*", "s3:DeleteObject", False),
    (PLAIN, "s3:Delete.bject", "s3:DeleteObject", False),
    (PLAIN, "", "s3:GetObject", False),
)


@pytest.mark.parametrize(("page", "pattern", "action", "fits"), ACTION_ROWS)
def test_actions_fit_as_iam_says(page: str, pattern: str, action: str, fits: bool) -> None:
    """Case does not matter, `*` and `?` are wildcards, the service is matched by itself."""
    assert fits == action_matches(pattern, action), page


QUEUE = "arn:aws:sqs:us-east-2:111122223333:queue1"
TABLE = "arn:aws:dynamodb:us-east-2:111122223333:table/books_table"
TOPIC = "arn:aws:sns:us-east-1:111122223333:topicname"
SUBSCRIPTION = f"{TOPIC}:4e8e1a2b-1b2c"
EXAMPLE = "arn:aws:s3:::amzn-s3-demo-bucket"
LOGS = "arn:aws:logs:eu-west-1:111122223333:log-group:web"

ARN_ROWS = (
    (RESOURCE, QUEUE, QUEUE, True),
    (RESOURCE, "arn:aws:iam::111122223333:user/Bob", "arn:aws:iam::111122223333:user/Bob", True),
    (RESOURCE, "arn:aws:iam::111122223333:user/Bob", "arn:aws:iam::111122223333:user/bob", False),
    (RESOURCE, "arn:aws:iam::111122223333:user/accounting/*", "arn:aws:iam::111122223333:user/accounting/Bob", True),
    (RESOURCE, "arn:aws:iam::111122223333:user/accounting/*", "arn:aws:iam::111122223333:user/accounting/a/Bob", True),
    (RESOURCE, "arn:aws:iam::111122223333:user/accounting/*", "arn:aws:iam::111122223333:user/Bob", False),
    (RESOURCE, f"{EXAMPLE}/*/test/*", f"{EXAMPLE}/1/test/object.jpg", True),
    (RESOURCE, f"{EXAMPLE}/*/test/*", f"{EXAMPLE}/1/2/test/3/object.jpg", True),
    (RESOURCE, f"{EXAMPLE}/*/test/*", f"{EXAMPLE}/1/2/3/test/4/object.jpg", True),
    (RESOURCE, f"{EXAMPLE}/*/test/*", f"{EXAMPLE}/1-test/object.jpg", False),
    (RESOURCE, f"{EXAMPLE}/*/test/*", f"{EXAMPLE}/test/object.jpg", False),
    (RESOURCE, f"{EXAMPLE}/*/test/*", f"{EXAMPLE}/1/2/test.jpg", False),
    (RESOURCE, f"{EXAMPLE}/*", f"{EXAMPLE}/1/2/3/4", True),
    (RESOURCE, f"{EXAMPLE}/*", EXAMPLE, False),
    (RESOURCE, EXAMPLE, f"{EXAMPLE}/1", False),
    (RESOURCE, TABLE, TABLE, True),
    (RESOURCE, TABLE, f"{TABLE}/index/by-title", False),
    (RESOURCE, "*", QUEUE, True),
    (ARNS, "arn:aws:iam::111122223333:user/Development/product_1234/*", "arn:aws:iam::111122223333:user/x", False),
    (ARNS, "arn:aws:s3:::my_corporate_bucket/Development/*", "arn:aws:s3:::my_corporate_bucket/Development/a/b", True),
    (ARNS, "arn:aws:s3:::my_corporate_bucket/*", "arn:aws:s3:::my_corporate_bucket/exampleobject.png", True),
    (ARNS, "arn:aws:sns:us-east-1:*:*", SUBSCRIPTION, True),
    (ARNS, "arn:aws:sns:us-east-1:*:*", TOPIC.replace("us-east-1", "us-east-2"), False),
    (IDENTIFIERS, "arn:aws:iam::111122223333:group/*", "arn:aws:iam::111122223333:group/division_abc/Developers", True),
    (IDENTIFIERS, "arn:aws:iam::111122223333:group/*", "arn:aws:iam::111122223333:user/Developers", False),
    (RESOURCE, f"{EXAMPLE}/house/?", f"{EXAMPLE}/house/a", True),
    (RESOURCE, f"{EXAMPLE}/house/?", f"{EXAMPLE}/house/ab", False),
    (RESOURCE, f"{EXAMPLE}/house/?", f"{EXAMPLE}/house/", False),
    (OPERATORS, "arn:aws:sns:us-east-2:444455556666:*", "arn:aws:sns:us-east-2:444455556666:topic", True),
    (OPERATORS, "arn:aws:sns:us-east-2:444455556666:*", TOPIC, False),
    (OPERATORS, "arn:aws:sqs:*:111122223333:bob_*", "arn:aws:sqs:us-east-1:111122223333:bob_a", True),
    (OPERATORS, "arn:aws:*:*:*:*", QUEUE, True),
    (OPERATORS, "arn:aws:s?s:*:*:*", QUEUE, True),
    (OPERATORS, "arn:aws:s?s:*:*:*", TOPIC, True),
    (OPERATORS, "arn:aws:s?s:*:*:*", TABLE, False),
    (OPERATORS, "arn:aws-cn:*:*:*:*", QUEUE, False),
    (OF_S3, "arn:aws:s3:::*", EXAMPLE, True),
    (OF_S3, "arn:aws:s3:::*", f"{EXAMPLE}/a:b", True),
    (OF_S3, "arn:aws:s3:*:*:*", EXAMPLE, True),
    (OF_S3, "arn:aws:s3:::amzn-s3-demo-bucket/*/test/?1", "arn:aws:s3:::amzn-s3-demo-bucket/a/test/x1", True),
    (OF_S3, "arn:aws:s3:us-east-1::amzn-s3-demo-bucket", EXAMPLE, False),
    (OF_EC2, "arn:aws:ec2:*:*:instance/i-0a*", "arn:aws:ec2:us-east-1:111122223333:instance/i-0a1b", True),
    (OF_EC2, "arn:aws:ec2:*:*:instance/i-0a*", "arn:aws:ec2:us-east-1:111122223333:volume/i-0a1b", False),
    (OF_EC2, "arn:aws:ec2:us-*:*:volume/*", "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1", False),
    (OF_EC2, "arn:aws:ec2:*::image/ami-*", "arn:aws:ec2:us-east-1::image/ami-1", True),
    (OF_EC2, "arn:aws:ec2:*::image/ami-*", "arn:aws:ec2:us-east-1:111122223333:image/ami-1", False),
    (OF_DYNAMODB, f"{TABLE}/index/*", f"{TABLE}/index/by-title", True),
    (OF_DYNAMODB, "arn:aws:dynamodb:*:*:table/books_*", TABLE, True),
    (OF_DYNAMODB, "arn:aws:dynamodb:*:*:table/Books_*", TABLE, False),
    (OF_SNS, TOPIC, SUBSCRIPTION, False),
    (OF_SNS, f"{TOPIC}:*", SUBSCRIPTION, True),
    (OF_LOGS, "arn:aws:logs:*:*:log-group:web:*", f"{LOGS}:log-stream:a", True),
    (OF_LOGS, "arn:aws:logs:*:*:log-group:*:log-stream:?", f"{LOGS}:log-stream:a", True),
    (RESOURCE, "arn:aws:sqs", QUEUE, True),
    (RESOURCE, "arn:aws:sqs:us-east-2", QUEUE, True),
    (RESOURCE, "arn:aws:sqs", TOPIC, False),
    (STRICTER, "arn:aws:sqs:*:queue1", QUEUE, False),
    (STRICTER, "arn:aws:sqs:us-*:queue1:*", QUEUE, False),
    (STRICTER, "arn:aws:logs:eu-*:log-group:*", LOGS, False),
    (STRICTER, "arn:aws:*:111122223333:queue1", QUEUE, False),
    (STRICTER, "arn:*:queue1", QUEUE, False),
    (STRICTER, "arn*", QUEUE, False),
    (STRICTER, "*:queue1", QUEUE, False),
    (STRICTER, "arn:aws:sqs:*:1111?2223333:queue1", QUEUE, True),
    (STRICTER, "arn:aws:sqs:us?east?2:111122223333:queue1", QUEUE, True),
    (STRICTER, "arn:aws:sqs:us-east-2?111122223333:queue1", QUEUE, False),
    (PLAIN, "arn:aws:s3:::a[1]", "arn:aws:s3:::a[1]", True),
    (PLAIN, "arn:aws:s3:::a[1]*", "arn:aws:s3:::a1", False),
    (PLAIN, "arn:aws:s3:::a[1]*", "arn:aws:s3:::a[1]b", True),
    (PLAIN, "arn:aws:s3:::a.c", "arn:aws:s3:::abc", False),
    (PLAIN, "arn:aws:s3:::a.?", "arn:aws:s3:::abc", False),
    (PLAIN, "arn:aws:s3:::a?c", "arn:aws:s3:::a\nc", True),
    (PLAIN, "arn:aws:s3:::a?c", "arn:aws:s3:::äc", False),
    (PLAIN, "queue1", QUEUE, False),
    (PLAIN, "queue1", "queue1", True),
)


@pytest.mark.parametrize(("page", "pattern", "arn", "fits"), ARN_ROWS)
def test_arns_fit_as_iam_says_and_stay_within_their_parts(page: str, pattern: str, arn: str, fits: bool) -> None:
    """Case matters, '[' is a bracket, and region and account are never reached by a wildcard of another part."""
    assert fits == arn_matches(pattern, arn), page


@settings(deadline=None)
@given(pattern=ACTIONS, action=ACTIONS)
@example(pattern="*a:*b", action="aa:ab")
@example(pattern="*:b", action="a:b:b")
def test_actions_fit_as_the_obvious_matcher_says(pattern: str, action: str) -> None:
    """Two texts of an action, service and operation, each by the definition of a glob."""
    service, colon, operation = pattern.lower().partition(":")
    found_service, found_colon, found_operation = action.lower().partition(":")
    fits = bool(colon and found_colon) and slow(service, found_service) and slow(operation, found_operation)
    assert (pattern == "*" or fits) == action_matches(pattern, action)


@settings(deadline=None)
@given(parts=st.lists(NAMES, min_size=0, max_size=6), found=st.lists(NAMES, min_size=4, max_size=6))
@example(parts=["aws", "s3", "", "", "*aa*a"], found=["aws", "s3", "", "", "aaa"])
@example(parts=["*", "*", "*", "*", "a*?"], found=["aws", "s3", "", "", "a:"])
@example(parts=["aws", "s3", "a*", "b", "*"], found=["aws", "s3", "a", "c", "b:d"])
def test_arns_fit_as_the_obvious_matcher_says(parts: list[str], found: list[str]) -> None:
    """Any pattern over any ARN gives what the definition gives."""
    pattern, arn = ":".join(["arn", *parts]), ":".join(["arn", *found])
    assert slow_arn(pattern, arn) == arn_matches(pattern, arn)


@settings(deadline=None)
@given(text=st.text(alphabet="ab[*?\n", max_size=12), pattern=st.text(alphabet="ab[*?\n", max_size=6))
def test_plain_globs_fit_as_the_obvious_matcher_says(pattern: str, text: str) -> None:
    """The matcher for names is a glob and nothing else."""
    assert slow(pattern, text) == bool(text_matcher(pattern)(text))


@settings(deadline=None)
@given(
    one=st.lists(st.text(alphabet="ab/:[", max_size=3), min_size=5, max_size=5),
    other=st.lists(st.text(alphabet="ab/:[", max_size=3), min_size=5, max_size=5),
)
def test_a_pattern_without_wildcards_fits_itself_and_nothing_else(one: list[str], other: list[str]) -> None:
    """Of two ARNs, one taken as a pattern fits the other exactly where they are the same text; so it is for actions."""
    pattern, arn = ":".join(["arn", *one]), ":".join(["arn", *other])
    assert (pattern == arn) == arn_matches(pattern, arn)
    assert arn_matches(pattern, pattern)
    action, found = f"{one[0]}x:{one[1]}".replace("[", ""), f"{other[0]}x:{other[1]}".replace("[", "")
    assert (action.lower() == found.lower()) == action_matches(action, found)


@settings(deadline=None)
@given(arn=st.lists(st.text(alphabet="ab/:[", max_size=6), min_size=5, max_size=5))
def test_an_exact_pattern_fits_itself_alone(arn: list[str]) -> None:
    """What has no wildcard and all its parts fits itself, and is known to fit nothing else."""
    text = ":".join(["arn", *arn])
    assert is_exact(text)
    assert arn_matches(text, text)
    assert not arn_matches(text, text + "a")


def test_time_is_linear_for_any_number_of_stars() -> None:
    """A pattern made to blow up a backtracking matcher costs less than a tenth of a second."""
    bomb, text = "arn:aws:s3:::" + "*a" * 30 + "b", "arn:aws:s3:::" + "a" * 5000
    begin = time.process_time()
    assert not arn_matches(bomb, text)
    assert not action_matches("s3:" + "*a" * 30 + "b", "s3:" + "a" * 5000)
    assert time.process_time() - begin < 0.1
