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


@pytest.mark.parametrize(
    ("pattern", "action", "fits"),
    [
        # from the pages on the elements Action and Resource of the IAM user guide
        ("sqs:SendMessage", "sqs:SendMessage", True),
        ("s3:*", "s3:GetObject", True),
        ("s3:*", "s3-outposts:GetObject", False),
        ("*", "iam:DeleteUser", True),
        ("iam:*AccessKey*", "iam:CreateAccessKey", True),
        ("iam:*AccessKey*", "iam:ListAccessKeys", True),
        ("iam:*AccessKey*", "iam:DeleteUser", False),
        ("iam:ListAccessKeys", "IAM:listaccesskeys", True),
        ("S3:GETOBJECT", "s3:GetObject", True),
        ("S3:GET*", "s3:GetObject", True),
        ("ec2:Describe?nstances", "ec2:DescribeInstances", True),
        ("ec2:Describe?nstances", "ec2:Describenstances", False),
        ("s3:Get*", "s3:PutObject", False),
        ("s3*", "s3:GetObject", False),
        ("*:*", "s3:GetObject", True),
        ("cloudform*:DeleteStack", "cloudformation:DeleteStack", True),
        ("s3:Delete[OB]*", "s3:DeleteObject", False),
        ("", "s3:GetObject", False),
    ],
)
def test_actions_fit_as_iam_says(pattern: str, action: str, fits: bool) -> None:
    """Case does not matter, `*` and `?` are wildcards, the service is matched by itself."""
    assert fits == action_matches(pattern, action)


@pytest.mark.parametrize(
    ("pattern", "arn", "fits"),
    [
        ("arn:aws:sqs:us-east-2:111122223333:queue1", "arn:aws:sqs:us-east-2:111122223333:queue1", True),
        ("arn:aws:iam::111122223333:user/Bob", "arn:aws:iam::111122223333:user/bob", False),
        ("arn:aws:iam::111122223333:user/accounting/*", "arn:aws:iam::111122223333:user/accounting/a/Bob", True),
        ("arn:aws:iam::111122223333:user/accounting/*", "arn:aws:iam::111122223333:user/Bob", False),
        ("arn:aws:s3:::amzn-s3-demo-bucket/*", "arn:aws:s3:::amzn-s3-demo-bucket/1/2/3/4", True),
        ("arn:aws:s3:::amzn-s3-demo-bucket/*", "arn:aws:s3:::amzn-s3-demo-bucket", False),
        ("arn:aws:s3:::amzn-s3-demo-bucket/*/test/*", "arn:aws:s3:::amzn-s3-demo-bucket/1/test/object.jpg", True),
        ("arn:aws:s3:::amzn-s3-demo-bucket/*/test/*", "arn:aws:s3:::amzn-s3-demo-bucket/1/2/test/3/o.jpg", True),
        ("arn:aws:s3:::amzn-s3-demo-bucket/*/test/*", "arn:aws:s3:::amzn-s3-demo-bucket/1/2/3/test.jpg", False),
        ("arn:aws:s3:::amzn-s3-demo-bucket/*/test/?1", "arn:aws:s3:::amzn-s3-demo-bucket/a/test/x1", True),
        ("arn:aws:sqs:*:111122223333:bob_*", "arn:aws:sqs:us-east-1:111122223333:bob_a", True),
        ("arn:aws:sqs", "arn:aws:sqs:us-east-1:111122223333:queue1", True),
        ("arn:aws:sqs", "arn:aws:sns:us-east-1:111122223333:topic1", False),
        ("*", "arn:aws:sqs:us-east-1:111122223333:queue1", True),
        # ours: no wildcard reaches over a colon into the next part
        ("arn:aws:sqs:*:queue1", "arn:aws:sqs:us-east-1:111122223333:queue1", False),
        ("arn:aws:sqs:us-*:queue1:*", "arn:aws:sqs:us-east-1:111122223333:queue1", False),
        ("arn:aws:logs:eu-*:log-group:*", "arn:aws:logs:eu-west-1:111122223333:log-group:web", False),
        ("arn:aws:*:111122223333:queue1", "arn:aws:sqs:us-east-1:111122223333:queue1", False),
        ("arn:aws:logs:*:*:log-group:web:*", "arn:aws:logs:eu-west-1:111122223333:log-group:web:log-stream:a", True),
        ("arn:aws:s3:::a[1]", "arn:aws:s3:::a[1]", True),
        ("arn:aws:s3:::a[1]*", "arn:aws:s3:::a1", False),
        ("arn:aws:s3:::a?c", "arn:aws:s3:::a\nc", True),
        ("queue1", "arn:aws:sqs:us-east-1:111122223333:queue1", False),
        ("queue1", "queue1", True),
    ],
)
def test_arns_fit_as_iam_says_and_stay_within_their_parts(pattern: str, arn: str, fits: bool) -> None:
    """Case matters, '[' is a bracket, and region and account are never reached by a wildcard of another part."""
    assert fits == arn_matches(pattern, arn)


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
