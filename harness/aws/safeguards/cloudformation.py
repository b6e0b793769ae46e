"""CloudFormation: termination protection."""

from __future__ import annotations

from askfirst.harness.aws.gaps.base import invalid
from askfirst.harness.aws.gaps.stacks import find_stack
from askfirst.harness.aws.safeguards.base import Safeguard, Situation


def _refuse(situation: Situation, forced: bool) -> None:  # noqa: FBT001 - `Check`
    stack = find_stack(situation)
    if stack is not None and (forced or stack.enable_termination_protection):
        message = f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
        raise invalid(message)


TERMINATION_PROTECTION = Safeguard(
    name="cloudformation-termination-protection",
    summary="a stack with termination protection is not deleted",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html",
    checks={"cloudformation:DeleteStack": _refuse},
)
