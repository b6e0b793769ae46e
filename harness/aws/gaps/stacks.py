"""What the CloudFormation parts share: finding a stack, writing its events, reading a member's state out of them.

moto keeps no state of a stack's members and writes events of the stack alone, so members' states are read from the
events here: the newest event of a logical id is its state, and a member without one has been there since the creation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from askfirst.harness.aws.gaps.base import Refused, Situation, invalid

if TYPE_CHECKING:
    from askfirst.harness.aws.gaps.stack_drift import Detection, Drift
    from askfirst.harness.aws.gaps.stack_rollback import Rollback
    from askfirst.harness.aws.gaps.stack_templates import Submitted

STACK_TYPE = "AWS::CloudFormation::Stack"


class Event(Protocol):
    """moto's event of a stack, as far as it is used here."""

    event_id: str
    timestamp: datetime
    client_request_token: str | None
    logical_resource_id: str
    resource_type: str
    resource_status: str
    resource_status_reason: str | None


class Stack(Protocol):
    """moto's stack, as far as it is used here.

    From `stack_status_reason` on they are ours; moto serves the first two as `StackStatusReason` and `LastUpdatedTime`.
    """

    stack_id: str
    name: str
    status: str
    creation_time: datetime
    events: list[Any]
    template: str | dict[str, Any]
    template_dict: dict[str, Any]
    parameters: dict[str, Any]
    tags: dict[str, str]
    role_arn: str | None
    policy: str
    resource_map: Any
    output_map: Any
    exports: Sequence[Any]
    enable_termination_protection: bool
    stack_status_reason: str | None
    last_updated_time: datetime
    pending_rollback: Rollback
    not_carried_out: tuple[str, ...]
    last_stable: Submitted
    left_behind: Mapping[str, object]
    drifts: Mapping[str, Drift]
    detections: Mapping[str, Detection]
    drift_information: Mapping[str, Any]


def find_stack(situation: Situation, *, deleted: bool = False) -> Stack | None:
    """Give moto's stack that `StackName` (a name or an id) means; a deleted one only by id and on demand."""
    wanted = situation.text("StackName")
    backend = situation.backend("cloudformation")
    stacks: list[Stack] = list(backend.stacks.values())
    for stack in stacks:
        if wanted in {stack.name, stack.stack_id}:
            return stack
    gone: Mapping[str, Stack] = backend.deleted_stacks if deleted else {}
    return gone.get(wanted)


def no_such_stack(situation: Situation) -> Refused:
    """Give the refusal AWS words so for operations that read."""
    return invalid(f"Stack with id {situation.text('StackName')} does not exist")


def members(stack: Stack) -> Iterator[tuple[str, object, str]]:
    """Give logical id, moto's object and CloudFormation type of every member that exists."""
    for logical_id, description in stack.template_dict.get("Resources", {}).items():
        # Asking the map itself would create what is not there (it is lazy), after a deletion too.
        member = stack.resource_map._parsed_resources.get(logical_id)  # noqa: SLF001
        if member is not None:
            yield logical_id, member, description["Type"]


def physical_id(member: object) -> str:
    """Give the id by which the member's own service knows it, '' where moto has none."""
    return str(getattr(member, "physical_resource_id", "") or "")


def state_of(stack: Stack, logical_id: str) -> tuple[str, str, datetime]:
    """Give a member's state, its reason and since when."""
    for event in reversed(stack.events):
        if event.logical_resource_id == logical_id and event.resource_type != STACK_TYPE:
            return event.resource_status, event.resource_status_reason or "", event.timestamp
    return "CREATE_COMPLETE", "", stack.creation_time


def write_event(
    stack: Stack,
    status: str,
    *,
    event_id: str,
    at: datetime,
    logical_id: str = "",
    reason: str = "",
    client_token: str = "",
    member: tuple[object, str] | None = None,
) -> None:
    """Append an event of the stack, or of its member `logical_id`; newest last, as moto keeps them.

    `member` is moto's object and the type where the stack's own member of that name is not the one that is meant.
    """
    found = member or {one: (thing, kind) for one, thing, kind in members(stack)}.get(logical_id)
    event_class = type(stack.events[0]) if stack.events else _event_class()
    event = event_class(
        stack_id=stack.stack_id,
        stack_name=stack.name,
        logical_resource_id=logical_id or stack.name,
        physical_resource_id=physical_id(found[0]) if found else "" if logical_id else stack.stack_id,
        resource_type=found[1] if found else "" if logical_id else STACK_TYPE,
        resource_status=status,
        resource_status_reason=reason or None,
        resource_properties=None,
    )
    event.event_id, event.timestamp = event_id, at.replace(tzinfo=None)
    event.client_request_token = client_token or None
    stack.events.append(event)


def write_status(
    stack: Stack,
    status: str,
    *,
    event_id: str,
    at: datetime,
    reason: str = "",
    client_token: str = "",
) -> None:
    """Put the stack into a state and write the event that says so."""
    stack.status = status
    stack.stack_status_reason = reason or None
    stack.last_updated_time = at.replace(tzinfo=None)
    write_event(stack, status, event_id=event_id, at=at, reason=reason, client_token=client_token)


def _event_class() -> type[Any]:
    from moto.cloudformation.models import Event

    return Event
