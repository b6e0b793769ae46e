"""CloudFormation: `RollbackStack` and `CancelUpdateStack`, which moto lacks.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CancelUpdateStack.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from askfirst.harness.aws.gaps.base import Guard, Implementation, Situation, invalid
from askfirst.harness.aws.gaps.stack_members import delete_all, tell
from askfirst.harness.aws.gaps.stack_rollback import Continuation
from askfirst.harness.aws.gaps.stack_updating import bring_back
from askfirst.harness.aws.gaps.stacks import Stack, find_stack, members, state_of, write_status

if TYPE_CHECKING:
    from pydantic import JsonValue

PACE = timedelta(seconds=45)
"""How long a stack rolls back."""


def rollback_stack(situation: Situation) -> Mapping[str, JsonValue]:
    """Bring a stack whose update stopped back to its last stable state; undo a creation that stopped, members and all.

    The documentation says of the latter that the stack is deleted. Its record stays, in ROLLBACK_COMPLETE, as after every
    rolled back creation.
    """
    stack = _stack(situation)
    if stack.status not in {"CREATE_FAILED", "UPDATE_FAILED"}:
        # AWS documents which states it accepts, and not the words of its refusal; they follow those of UpdateStack.
        message = f"Stack:{stack.stack_id} is in {stack.status} state and can not be rolled back."
        raise invalid(message)
    if stack.status == "CREATE_FAILED":
        _status(situation, stack, "ROLLBACK_IN_PROGRESS", "User Initiated")
        situation.later(
            PACE, "CloudFormation takes away what was created", lambda: _uncreate(situation, stack.stack_id)
        )
    elif hasattr(stack, "last_stable"):
        _status(situation, stack, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
        why = "CloudFormation brings the stack back to its last stable state"
        situation.later(PACE, why, lambda: _bring_back(situation, stack.stack_id))
    else:  # a world that was built with a failed update says itself what is to be undone
        Continuation(situation, stack.stack_id, ()).start(stack)
    return {"StackId": stack.stack_id}


def cancel_update_stack(situation: Situation) -> Mapping[str, JsonValue]:
    """Stop an update that is under way, and bring back what it has changed so far."""
    stack = _stack(situation)
    if stack.status != "UPDATE_IN_PROGRESS":
        message = "CancelUpdateStack cannot be called from current stack status"
        raise invalid(message)
    for logical_id, thing, kind in members(stack):
        if state_of(stack, logical_id)[0] == "UPDATE_IN_PROGRESS":
            tell(situation, stack, logical_id, "UPDATE_FAILED", "Resource update cancelled", thing=thing, kind=kind)
    Continuation(situation, stack.stack_id, ()).start(stack)
    return {}


def _stack(situation: Situation) -> Stack:
    stack = find_stack(situation)
    if stack is None:
        msg = f"Stack [{situation.text('StackName')}] does not exist"
        raise invalid(msg)
    return stack


def _uncreate(situation: Situation, stack_id: str) -> None:
    stack: Stack | None = situation.backend("cloudformation").stacks.get(stack_id)
    if stack is None or stack.status != "ROLLBACK_IN_PROGRESS":
        return
    then = replace(situation, now=situation.now + PACE)
    failed = delete_all(then, stack, creating=True, everything=then.parameters.get("RetainExceptOnCreate") is True)
    if failed:
        reason = f"The following resource(s) failed to delete: [{', '.join(sorted(failed))}]. "
        _status(then, stack, "ROLLBACK_FAILED", reason)
        return
    _status(then, stack, "ROLLBACK_COMPLETE")


def _bring_back(situation: Situation, stack_id: str) -> None:
    stack: Stack | None = situation.backend("cloudformation").stacks.get(stack_id)
    if stack is not None and stack.status == "UPDATE_ROLLBACK_IN_PROGRESS":
        bring_back(replace(situation, now=situation.now + PACE), stack)


def _status(situation: Situation, stack: Stack, status: str, reason: str = "") -> None:
    write_status(stack, status, event_id=situation.uuid(status), at=situation.now, reason=reason)


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {
    ("cloudformation", "RollbackStack"): rollback_stack,
    ("cloudformation", "CancelUpdateStack"): cancel_update_stack,
}
GUARDS: Mapping[tuple[str, str], Guard] = {}
