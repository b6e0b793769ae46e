"""CloudFormation: `UpdateStack` as AWS does it, see `stack_updating`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from askfirst.harness.aws.gaps.base import Guard, Implementation, Situation, invalid
from askfirst.harness.aws.gaps.stack_templates import side_of, submitted
from askfirst.harness.aws.gaps.stack_updating import difference, update
from askfirst.harness.aws.gaps.stacks import Stack, find_stack

if TYPE_CHECKING:
    from pydantic import JsonValue

    from askfirst.harness.aws.gaps.stack_templates import Submitted
    from askfirst.harness.operations.templates import TemplateDiff


def update_stack(situation: Situation) -> Mapping[str, JsonValue]:
    """Update a stack, all within the call."""
    stack = find_stack(situation)
    if stack is None:
        msg = f"Stack [{situation.text('StackName')}] does not exist"
        raise invalid(msg)
    new = submitted(situation, stack)
    if nothing_to_do(situation, stack, new, difference(situation, stack, new)):
        msg = "No updates are to be performed."
        raise invalid(msg)
    update(situation, stack, new)
    return {"StackId": stack.stack_id}


def nothing_to_do(situation: Situation, stack: Stack, new: Submitted, found: TemplateDiff) -> bool:
    """Tell whether a stack would stay as it is, its outputs and tags included."""
    if not found.empty or found.unexpanded or situation.parameters.get("Tags"):
        return False
    if stack.status == "UPDATE_FAILED":  # the same again is how an update that stopped is tried once more
        return False
    old = side_of(stack)
    outputs = [dict(one.template.whole or {}).get("Outputs") for one in (old, new.side)]
    return outputs[0] == outputs[1] and (not outputs[0] or dict(old.parameters) == dict(new.side.parameters))


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {("cloudformation", "UpdateStack"): update_stack}
GUARDS: Mapping[tuple[str, str], Guard] = {}
