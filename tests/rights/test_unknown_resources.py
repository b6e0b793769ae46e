"""Promise: a thing that is not known is no way around a policy: an Allow for one thing does not fit it, a Deny is not lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from askfirst.harness.aws.iam.decisions import Decision
from askfirst.harness.aws.iam.globs import UNKNOWN

PLACE = "arn:aws:cloudformation:eu-west-1:111122223333:"
STACK = f"{PLACE}stack/shop/{UNKNOWN}"
NAMELESS = PLACE + UNKNOWN
SOMEWHERE = f"{PLACE}{UNKNOWN}shop{UNKNOWN}"

# The resource, a pattern, whether an Allow with it lets the call through, whether a Deny with it refuses the call.
PATTERNS: tuple[tuple[str, str, bool, bool], ...] = (
    (STACK, "*", True, True),
    (STACK, f"{PLACE}*", True, True),
    (STACK, f"{PLACE}stack/shop/*", True, True),
    (STACK, f"{PLACE}stack/shop*", True, True),
    (STACK, f"{PLACE}stack/shop/1234", False, True),
    (STACK, f"{PLACE}stack/sho?/*", True, True),
    (STACK, f"{PLACE}stack/shop/????", False, True),
    (STACK, f"{PLACE}stack/other/*", False, False),
    (STACK, f"{PLACE}stack/shop-2/*", False, False),
    (STACK, "arn:aws:cloudformation:us-east-1:*:*", False, False),
    (STACK, "arn:aws:cloudformation:*", True, True),
    (NAMELESS, "*", True, True),
    (NAMELESS, f"{PLACE}*", True, True),
    (NAMELESS, f"{PLACE}stack/shop/*", False, True),
    (NAMELESS, "arn:aws:cloudformation:us-east-1:*:stack/shop/*", False, False),
    (SOMEWHERE, f"{PLACE}stack/shop/*", False, True),
    (SOMEWHERE, f"{PLACE}stack/*", False, True),
    (SOMEWHERE, f"{PLACE}stack/other", False, False),
    (SOMEWHERE, f"{PLACE}*shop*", True, True),
)


@pytest.mark.parametrize(("resource", "pattern", "lets", "refuses"), PATTERNS)
def test_an_allow_must_be_sure_and_a_deny_may_be_careful(
    resource: str, pattern: str, lets: bool, refuses: bool, decide: Callable[..., Decision]
) -> None:
    """An Allow fits only if it fits whatever the unknown part is; a Deny if it fits anything the part may be."""
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    allowing = {**everything, "Resource": pattern}
    denying = {**everything, "Effect": "Deny", "Resource": pattern}
    allowed = decide("cloudformation:DeleteStack", resource, identity=[allowing])
    kept = decide("cloudformation:DeleteStack", resource, identity=[everything, denying])
    assert (lets, refuses) == (allowed.allowed, not kept.allowed)


@pytest.mark.parametrize(("resource", "pattern", "lets", "refuses"), PATTERNS)
def test_not_resource_is_as_careful(
    resource: str, pattern: str, lets: bool, refuses: bool, decide: Callable[..., Decision]
) -> None:
    """An Allow of all but a thing does not fit what may be the thing; a Deny of all but a thing spares only what surely is it."""
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    allowing = {"Effect": "Allow", "Action": "*", "NotResource": pattern}
    allowed = decide("cloudformation:DeleteStack", resource, identity=[allowing])
    kept = decide("cloudformation:DeleteStack", resource, identity=[everything, {**allowing, "Effect": "Deny"}])
    assert (not refuses, not lets) == (allowed.allowed, not kept.allowed)


def test_every_spelling_of_a_resource_counts(decide: Callable[..., Decision]) -> None:
    """A log group is meant by its ARN with ':*' behind it and without, in an Allow and in a Deny."""
    group = "arn:aws:logs:eu-west-1:111122223333:log-group:app"
    for pattern in (group, f"{group}:*"):
        allowing = {"Effect": "Allow", "Action": "logs:*", "Resource": pattern}
        everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        both = (f"{group}:*", group)
        assert decide("logs:DeleteLogGroup", both, identity=[allowing]).allowed
        assert not decide("logs:DeleteLogGroup", both, identity=[everything, {**allowing, "Effect": "Deny"}]).allowed
