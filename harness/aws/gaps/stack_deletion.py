"""CloudFormation: `DeleteStack` as AWS does it.

moto ignores termination protection, says DELETE_COMPLETE though a bucket that still holds objects stays behind, deletes
members in an order that changes with the hash seed, and lets a later look at a deleted stack create its members anew
(its maps of members and outputs are lazy). Here a stack whose members do not all go ends in DELETE_FAILED, the others
gone: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html ("Delete stack fails").

One thing is quicker than AWS: members go within the call, so that what is lost is the doing of the call that lost it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws.gaps.base import Guard, Implementation, Situation, invalid
from askfirst.harness.aws.gaps.stacks import Stack, find_stack, members, physical_id, write_event, write_status

if TYPE_CHECKING:
    from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class SettledOutputs:
    """The outputs of a stack whose members are gone, in place of moto's lazy map."""

    settled: tuple[Any, ...]
    exports: tuple[Any, ...]

    def values(self) -> tuple[Any, ...]:
        """Give the outputs, as moto's map does."""
        return self.settled


def delete_stack(situation: Situation) -> Mapping[str, JsonValue]:
    """Delete every member that can be deleted, and the stack if that was all. A stack that is not there is no error."""
    stack = find_stack(situation)
    if stack is None:
        return {}
    _refuse(situation, stack)
    stack.output_map = SettledOutputs(tuple(stack.output_map.values()), tuple(stack.exports))
    write_status(
        stack, "DELETE_IN_PROGRESS", event_id=situation.uuid("start"), at=situation.now, reason="User Initiated"
    )
    failed = _delete_members(situation, stack)
    if failed:
        reason = f"The following resource(s) failed to delete: [{', '.join(sorted(failed))}]. "
        write_status(stack, "DELETE_FAILED", event_id=situation.uuid("end"), at=situation.now, reason=reason)
        return {}
    write_status(stack, "DELETE_COMPLETE", event_id=situation.uuid("end"), at=situation.now)
    backend = situation.backend("cloudformation")
    for export in stack.exports:
        backend.exports.pop(export.name, None)
    backend.deleted_stacks[stack.stack_id] = backend.stacks.pop(stack.stack_id)
    return {}


def _refuse(situation: Situation, stack: Stack) -> None:
    if stack.status.startswith("UPDATE") and stack.status.endswith("IN_PROGRESS"):
        msg = f"Stack [{stack.stack_id}] cannot be deleted while in status {stack.status}"
        raise invalid(msg)
    if situation.texts("RetainResources") and stack.status != "DELETE_FAILED":
        message = "RetainResources can only be specified for a stack in the DELETE_FAILED state"
        raise invalid(message)


def _delete_members(situation: Situation, stack: Stack) -> list[str]:
    """Delete members, the last of the template first, in passes until a pass gets nowhere; give those that stay."""
    retained = situation.texts("RetainResources")
    left = list(members(stack))[::-1]
    reasons: dict[str, str] = {}
    while left:
        stuck = []
        for logical_id, member, kind in left:
            if logical_id in retained or _policy(stack, logical_id) in {"Retain", "RetainExceptOnCreate"}:
                _gone(situation, stack, logical_id, "DELETE_SKIPPED")
                continue
            reason = _delete(situation, stack, logical_id, member, kind)
            if reason:
                reasons[logical_id] = reason
                stuck.append((logical_id, member, kind))
            else:
                _gone(situation, stack, logical_id, "DELETE_COMPLETE")
        if len(stuck) == len(left):
            break
        left = stuck
    for logical_id, _, _ in left:
        _event(situation, stack, logical_id, "DELETE_FAILED", reasons[logical_id])
    return [logical_id for logical_id, _, _ in left]


def _delete(situation: Situation, stack: Stack, logical_id: str, member: object, kind: str) -> str:
    """Delete one member; give the reason if it stays, '' if it is gone."""
    if kind == "AWS::S3::Bucket":
        bucket = situation.backend("s3").buckets.get(physical_id(member))
        if bucket is not None and any(bucket.keys.getlist(name) for name in bucket.keys):
            return (
                "The bucket you tried to delete is not empty. You must delete all versions in the bucket. "
                f"(Service: S3, Status Code: 409, Request ID: {situation.token(logical_id)[:16].upper()})"
            )
    try:
        stack.resource_map._delete_resource(member, stack.template_dict["Resources"][logical_id])  # noqa: SLF001
    except Exception as error:  # noqa: BLE001 - whatever a service of moto refuses with
        return str(getattr(error, "message", "")) or str(error) or type(error).__name__
    return ""


def _policy(stack: Stack, logical_id: str) -> str:
    return str(stack.template_dict["Resources"][logical_id].get("DeletionPolicy", ""))


def _gone(situation: Situation, stack: Stack, logical_id: str, status: str) -> None:
    _event(situation, stack, logical_id, status, "")
    stack.resource_map._parsed_resources.pop(logical_id, None)  # noqa: SLF001 - moto's own way of forgetting it


def _event(situation: Situation, stack: Stack, logical_id: str, status: str, reason: str) -> None:
    event_id = situation.uuid(f"{logical_id}/{status}")
    write_event(stack, status, event_id=event_id, at=situation.now, logical_id=logical_id, reason=reason)


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {("cloudformation", "DeleteStack"): delete_stack}
GUARDS: Mapping[tuple[str, str], Guard] = {}
