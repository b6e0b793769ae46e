"""CloudFormation: `DeleteStack` as AWS does it.

moto ignores termination protection, says DELETE_COMPLETE though a bucket that still holds objects stays behind, deletes
members in an order that changes with the hash seed, and lets a later look at a deleted stack create its members anew
(its maps of members and outputs are lazy). Here a stack whose members do not all go ends in DELETE_FAILED, the others
gone: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html ("Delete stack fails").

One thing is quicker than AWS: members go within the call, so that what is lost is the doing of the call that lost it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from askfirst.harness.aws.gaps.base import Guard, Implementation, Situation, invalid
from askfirst.harness.aws.gaps.stack_members import delete_whole
from askfirst.harness.aws.gaps.stacks import Stack, find_stack

if TYPE_CHECKING:
    from pydantic import JsonValue


def delete_stack(situation: Situation) -> Mapping[str, JsonValue]:
    """Delete every member that can be deleted, and the stack if that was all. A stack that is not there is no error."""
    stack = find_stack(situation)
    if stack is None:
        return {}
    _refuse(situation, stack)
    delete_whole(situation, stack, retained=situation.texts("RetainResources"))
    return {}


def _refuse(situation: Situation, stack: Stack) -> None:
    if stack.status.startswith("UPDATE") and stack.status.endswith("IN_PROGRESS"):
        msg = f"Stack [{stack.stack_id}] cannot be deleted while in status {stack.status}"
        raise invalid(msg)
    if situation.texts("RetainResources") and stack.status != "DELETE_FAILED":
        message = "RetainResources can only be specified for a stack in the DELETE_FAILED state"
        raise invalid(message)


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {("cloudformation", "DeleteStack"): delete_stack}
GUARDS: Mapping[tuple[str, str], Guard] = {}
