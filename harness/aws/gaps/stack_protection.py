"""CloudFormation: `UpdateTerminationProtection`, which moto lacks; the protection itself is a safeguard.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateTerminationProtection.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from askfirst.harness.aws.gaps.base import Guard, Implementation, Situation, invalid
from askfirst.harness.aws.gaps.stacks import STACK_TYPE, Stack, find_stack, members

if TYPE_CHECKING:
    from pydantic import JsonValue


def update_termination_protection(situation: Situation) -> Mapping[str, JsonValue]:
    """Switch the protection of a stack on or off. A nested stack has that of its root."""
    stack = find_stack(situation)
    if stack is None:
        msg = f"Stack [{situation.text('StackName')}] does not exist"
        raise invalid(msg)
    if _nested(situation, stack):
        # AWS documents that it refuses, and not the words.
        msg = f"Termination protection of the nested stack [{stack.name}] is that of its root stack and can not be updated"
        raise invalid(msg)
    stack.enable_termination_protection = situation.parameters.get("EnableTerminationProtection") is True
    return {"StackId": stack.stack_id}


def _nested(situation: Situation, stack: Stack) -> bool:
    stacks: Mapping[str, Stack] = situation.backend("cloudformation").stacks
    return any(thing is stack for one in stacks.values() for _, thing, kind in members(one) if kind == STACK_TYPE)


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {
    ("cloudformation", "UpdateTerminationProtection"): update_termination_protection,
}
GUARDS: Mapping[tuple[str, str], Guard] = {}
