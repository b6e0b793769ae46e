"""Writing the past of a stack: the events that led to the state a fault leaves it in.

States after https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from askfirst.faults.scene_words import backend, digits
from askfirst.harness.aws.gaps.stacks import Stack, members, physical_id, write_event, write_status
from askfirst.harness.faulting.contexts import Scene
from askfirst.harness.records import Resource

LENGTH = timedelta(minutes=8)
"""How long what is told takes, if there is so much time."""


def stack_of(scene: Scene, resource: Resource) -> Stack:
    """Give moto's stack."""
    stacks = backend(scene, "cloudformation", resource).stacks
    found: Stack = stacks[resource.arn]
    return found


def members_of(stack: Stack) -> dict[str, tuple[str, str]]:
    """Map the logical id of each member that is there to its physical id and its type."""
    return {logical_id: (physical_id(member), kind) for logical_id, member, kind in members(stack)}


@dataclass(slots=True)
class Past:
    """Events of one stack, told in order; `part` says when, from 0 (the beginning) to 1 (the end)."""

    scene: Scene
    told: Stack
    began: datetime
    length: timedelta = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        """Begin after what was told before, and end before now."""
        if self.told.events:
            self.began = max(self.began, self.told.events[-1].timestamp.replace(tzinfo=UTC))
        self.began = min(self.began, self.scene.env.now)
        self.length = min(LENGTH, self.scene.env.now - self.began)

    def at(self, part: float) -> datetime:
        """Give the time, in whole seconds."""
        return (self.began + self.length * part).replace(microsecond=0)

    def stack(self, part: float, status: str, reason: str = "") -> None:
        """Let the stack go into a state."""
        self.count += 1
        one = digits(self.scene, f"event {self.count} of {self.told.name}", 32)
        event_id = f"{one[:8]}-{one[8:12]}-11f0-{one[12:16]}-{one[16:28]}"
        write_status(self.told, status, event_id=event_id, at=self.at(part), reason=reason)

    def member(self, part: float, logical_id: str, status: str, reason: str = "") -> None:
        """Let a member go into a state; also one that never came to be, if the template says it."""
        at = self.at(part)
        event_id = f"{logical_id}-{status}-{at:%Y-%m-%dT%H:%M:%S.000Z}"
        write_event(self.told, status, event_id=event_id, at=at, logical_id=logical_id, reason=reason)
        event = self.told.events[-1]
        event.resource_type = event.resource_type or self.told.template_dict["Resources"][logical_id]["Type"]

    def handler_said(self, message: str, code: str) -> str:
        """Word a failure as a handler of the CloudFormation registry does."""
        one = digits(self.scene, f"handler {message}", 32)
        request = f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}"
        return f'Resource handler returned message: "{message}" (RequestToken: {request}, HandlerErrorCode: {code})'
