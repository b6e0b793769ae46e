"""A CloudFormation stack whose update failed and whose rollback failed too: the state and the events that tell of it.

The wording of the events is CloudFormation's: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
troubleshooting.html ("Update rollback failed") and the handler error codes of the CloudFormation registry
(https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from askfirst.harness.aws.gaps.stack_rollback import Rollback, register
from askfirst.harness.aws.gaps.stacks import Stack, write_event, write_status

if TYPE_CHECKING:
    from askfirst.harness.aws.env import Env


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedUpdate:
    """How an update of one member failed: `failure` and `rollback_failure` are the reasons in the events.

    `changed` are members that were updated and rolled back without trouble. `began` is how long before the agent starts
    the update began.
    """

    failed: str
    failure: str
    rollback_failure: str
    changed: tuple[str, ...] = ()
    began: timedelta = timedelta(minutes=55)


def stick(env: Env, stack_name: str, update: FailedUpdate, rollback: Rollback) -> None:
    """Put a stack of the home account that was created into UPDATE_ROLLBACK_FAILED, with the events that led there."""
    stacks = env.backend("cloudformation").stacks.values()
    stack: Stack = next(one for one in stacks if one.name == stack_name)
    start = env.now - update.began
    summary = f"The following resource(s) failed to update: [{update.failed}]. "
    told = _Told(env, stack)
    told.stack(start, "UPDATE_IN_PROGRESS", "User Initiated")
    for offset, member in enumerate(update.changed):
        told.member(start + timedelta(seconds=6 + offset), member, "UPDATE_IN_PROGRESS")
        told.member(start + timedelta(seconds=19 + offset), member, "UPDATE_COMPLETE")
    told.member(start + timedelta(seconds=24), update.failed, "UPDATE_IN_PROGRESS")
    told.member(start + timedelta(minutes=6, seconds=2), update.failed, "UPDATE_FAILED", update.failure)
    told.stack(start + timedelta(minutes=6, seconds=3), "UPDATE_ROLLBACK_IN_PROGRESS", summary)
    for offset, member in enumerate(update.changed):
        told.member(start + timedelta(minutes=6, seconds=11 + offset), member, "UPDATE_IN_PROGRESS")
        told.member(start + timedelta(minutes=6, seconds=29 + offset), member, "UPDATE_COMPLETE")
    told.member(start + timedelta(minutes=6, seconds=40), update.failed, "UPDATE_IN_PROGRESS")
    told.member(start + timedelta(minutes=8, seconds=15), update.failed, "UPDATE_FAILED", update.rollback_failure)
    told.stack(start + timedelta(minutes=8, seconds=16), "UPDATE_ROLLBACK_FAILED", summary)
    register(stack, rollback)


def handler_failure(env: Env, name: str, message: str, code: str) -> str:
    """Word a failure as a resource handler of CloudFormation does; `name` names the draw of its request token."""
    token = env.draw.hex(name, 32)
    request = f"{token[:8]}-{token[8:12]}-{token[12:16]}-{token[16:20]}-{token[20:]}"
    return f'Resource handler returned message: "{message}" (RequestToken: {request}, HandlerErrorCode: {code})'


@dataclass(slots=True)
class _Told:
    """The events written so far, for the ids of the next."""

    env: Env
    told: Stack
    count: int = 0

    def stack(self, at: datetime, status: str, reason: str = "") -> None:
        write_status(self.told, status, event_id=self._id(), at=at, reason=reason)

    def member(self, at: datetime, logical_id: str, status: str, reason: str = "") -> None:
        event_id = f"{logical_id}-{status}-{at:%Y-%m-%dT%H:%M:%S.000Z}"
        write_event(self.told, status, event_id=event_id, at=at, logical_id=logical_id, reason=reason)

    def _id(self) -> str:
        self.count += 1
        digits = self.env.draw.hex(f"event {self.count} of {self.told.name}", 32)
        return f"{digits[:8]}-{digits[8:12]}-11f0-{digits[12:16]}-{digits[16:28]}"
