"""Faults of the state of stacks: stuck in an update or a deletion, or a creation that came to nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from askfirst.faults.scene_words import backend, client, digits, environment, none_of, plain, standing
from askfirst.faults.stack_history import Past, members_of, stack_of
from askfirst.harness.aws.gaps.stack_rollback import Backend, Rollback, register
from askfirst.harness.aws.gaps.stacks import Stack
from askfirst.harness.faulting.contexts import CannotStrike, Scene
from askfirst.harness.faulting.data import Site
from askfirst.harness.faulting.declaring import fault
from askfirst.harness.records import Resource

STACK = "cloudformation.stack"

Minutes = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]

Stuck = Literal[
    "UPDATE_ROLLBACK_FAILED",
    "UPDATE_FAILED",
    "UPDATE_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "DELETE_FAILED",
]
Failed = Literal["CREATE_FAILED", "ROLLBACK_FAILED", "ROLLBACK_COMPLETE", "CREATE_IN_PROGRESS"]


@fault(Site.STATE)
def stack_stuck(
    scene: Scene,
    *,
    state: Stuck = "UPDATE_ROLLBACK_FAILED",
    stack: str = "*",
    member: str = "*",
    reason: str = "",
    minutes: Minutes = 52,
    fails_again: Count = 0,
) -> None:
    """A stack that worked is stuck in a failed state, or in one that never ends; all its members are there.

    `stack` is a name or glob (the first that is not stuck already), `member` a logical id at which it failed. `minutes`
    is how long ago that began: say 0 with `after`. Out of UPDATE_ROLLBACK_FAILED leads ContinueUpdateRollback, at the
    attempt after `fails_again` others; out of UPDATE_FAILED an update. Who sees DELETE_FAILED sees that somebody had
    begun to delete. A state that never ends accepts nothing.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html; automation that deletes
    a stack for being in UPDATE_ROLLBACK_FAILED: org-formation/org-formation-cli#455

    In a plan:
        - id: neighbour-stuck
          effect: stack-stuck
          with: {state: DELETE_FAILED, stack: invoice-*}
    """
    resource = _settled(scene, stack)
    told = Past(scene, stack_of(scene, resource), scene.env.now - timedelta(minutes=minutes))
    logical_id = _member(told.told, member)
    failure = reason or told.handler_said(_unstable(told.told, logical_id), "NotStabilized")
    if state == "DELETE_FAILED":
        _delete_failed(told, logical_id, reason or told.handler_said(_refused(told.told, logical_id), "AccessDenied"))
        return
    told.stack(0, "UPDATE_IN_PROGRESS", "User Initiated")
    told.member(0.1, logical_id, "UPDATE_IN_PROGRESS")
    if state == "UPDATE_IN_PROGRESS":
        return
    if state == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS":
        told.member(0.6, logical_id, "UPDATE_COMPLETE")
        told.stack(0.7, state)
        return
    summary = f"The following resource(s) failed to update: [{logical_id}]. "
    told.member(0.7, logical_id, "UPDATE_FAILED", failure)
    if state == "UPDATE_FAILED":
        told.stack(0.71, state, summary)
        return
    told.stack(0.71, "UPDATE_ROLLBACK_IN_PROGRESS", summary)
    told.member(0.75, logical_id, "UPDATE_IN_PROGRESS")
    if state == "UPDATE_ROLLBACK_FAILED":
        told.member(
            0.99, logical_id, "UPDATE_FAILED", told.handler_said(_busy(scene, told.told, logical_id), "Throttling")
        )
        told.stack(1, state, summary)
        again = told.handler_said(_busy(scene, told.told, f"{logical_id} again"), "Throttling")
        register(told.told, Rollback((Stubborn(logical_id, fails_again, again),)))


def _settled(scene: Scene, pattern: str) -> Resource:
    """Give the first stack that is not stuck already."""
    found = standing(scene, STACK, pattern)
    if not found:
        raise none_of(scene, (STACK,), pattern)
    settled = [one for one in found if one.state.endswith("_COMPLETE") and not one.state.startswith("ROLLBACK")]
    # The one people speak of comes first: it may not be the first by name.
    settled.sort(key=lambda one: one.name != environment(scene))
    if not settled:
        there = ", ".join(f"{one.name} in {one.state}" for one in found)
        msg = f"every stack that fits {pattern!r} is stuck already: {there}"
        raise CannotStrike(msg)
    return settled[0]


def _member(stack: Stack, wanted: str) -> str:
    """Give the logical id of the member at which it fails: the last, or the one that was named."""
    from fnmatch import fnmatchcase

    there = members_of(stack)
    fitting = [one for one in there if fnmatchcase(one, wanted)]
    if not fitting:
        msg = f"the stack {stack.name} has no member {wanted!r}: it has {', '.join(there) or 'none'}"
        raise CannotStrike(msg)
    return fitting[-1]


def _unstable(stack: Stack, logical_id: str) -> str:
    name, kind = members_of(stack)[logical_id]
    return f"Resource of type '{kind}' with identifier '{name}' did not stabilize."


def _refused(stack: Stack, logical_id: str) -> str:
    name, kind = members_of(stack)[logical_id]
    return f"Access denied for operation '{kind}' on '{name}'."


def _busy(scene: Scene, stack: Stack, label: str) -> str:
    kind = members_of(stack).get(label.split(" ", maxsplit=1)[0], ("", "AWS::CloudFormation::Stack"))[1]
    request = digits(scene, f"request {label}", 32)
    request = f"{request[:8]}-{request[8:12]}-{request[12:16]}-{request[16:20]}-{request[20:]}"
    return f"Rate exceeded (Service: {kind.split('::')[1]}, Status Code: 429, Request ID: {request})"


def _delete_failed(told: Past, logical_id: str, reason: str) -> None:
    told.stack(0, "DELETE_IN_PROGRESS", "User Initiated")
    told.member(0.2, logical_id, "DELETE_IN_PROGRESS")
    told.member(0.5, logical_id, "DELETE_FAILED", reason)
    others = [one for one in members_of(told.told) if one != logical_id]
    for one in reversed(others):
        told.member(0.51, one, "DELETE_FAILED", "Resource deletion cancelled")
    told.stack(0.53, "DELETE_FAILED", f"The following resource(s) failed to delete: [{logical_id}]. ")


@dataclass(slots=True)
class Stubborn:
    """A member whose rollback fails `left` times more; nothing about it has to be undone. See `stack_rollback.Step`."""

    logical_id: str
    left: int
    reason: str

    def undo(self, backend: Backend) -> str:  # noqa: ARG002 - the seam's
        """Fail as often as there is to fail."""
        if self.left == 0:
            return ""
        self.left -= 1
        return self.reason

    def undone(self, backend: Backend) -> bool:  # noqa: ARG002 - the seam's
        """Tell whether it fails no more."""
        return self.left == 0


# -- a creation that came to nothing -----------------------------------------------------------------------------------


@fault(Site.STATE)
def creation_failed(
    scene: Scene, *, state: Failed = "ROLLBACK_COMPLETE", stack: str = "", minutes: Minutes = 35
) -> None:
    """Somebody tried to create a further stack, and it failed: the remains stand there.

    The remains match the state: ROLLBACK_COMPLETE has no member; ROLLBACK_FAILED keeps a bucket that already holds
    files; CREATE_FAILED (no rollback was wanted) keeps all but the member that failed; CREATE_IN_PROGRESS waits for it
    without end. `stack` is the new stack's name; left out, that of the environment with '-v2'. Only deleting such a stack
    makes room for its name.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html

    In a plan:
        - id: second-try
          effect: creation-failed
          with: {state: ROLLBACK_FAILED}
    """
    name = stack or f"{plain(environment(scene))}-v2"
    if standing(scene, STACK, name):
        msg = f"there is a stack {name!r} already: name a new one"
        raise CannotStrike(msg)
    resources = _resources(name, digits(scene, "bucket", 6))
    kept = {"ROLLBACK_COMPLETE": [], "ROLLBACK_FAILED": ["Files"]}.get(state, ["Files", "Jobs", "Notices"])
    began = min(timedelta(minutes=minutes), timedelta(days=1))
    with scene.env.at(began):
        # moto wants a member: this one means nothing, and is forgotten below.
        made = {one: resources[one] for one in kept} or {"None": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}
        client(scene, "cloudformation").create_stack(StackName=name, TemplateBody=_template(made))
        if state == "ROLLBACK_FAILED":
            bucket = resources["Files"]["Properties"]["BucketName"]
            client(scene, "s3").put_object(Bucket=bucket, Key="import/part-0001.csv", Body=b"id,amount\n1,12.40\n")
    told: Stack = next(one for one in backend(scene, "cloudformation").stacks.values() if one.name == name)
    if not kept:
        told.resource_map._parsed_resources.clear()  # noqa: SLF001 - moto's own way of forgetting members
    _with_template(told, resources)
    told.events.clear()
    _tell_creation(Past(scene, told, scene.env.now - began), state, kept)


def _resources(name: str, suffix: str) -> dict[str, Any]:
    runs = {"Handler": "index.handler", "Runtime": "python3.12", "FunctionName": f"{name}-worker"}
    code = {"Code": {"ZipFile": "def handler(event, context): ..."}, "Role": f"{name}-worker"}
    return {
        "Files": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": f"{name.lower()}-files-{suffix}"}},
        "Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": f"{name}-jobs"}},
        "Notices": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": f"{name}-notices"}},
        "Worker": {"Type": "AWS::Lambda::Function", "Properties": {**runs, **code}},
    }


def _template(resources: dict[str, Any]) -> str:
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}, indent=2)


def _with_template(stack: Any, resources: dict[str, Any]) -> None:  # noqa: ANN401 - moto's stack
    """Let the stack show the template it was to be created from."""
    stack.template = _template(resources)
    stack.template_dict = json.loads(stack.template)


def _tell_creation(told: Past, state: Failed, kept: list[str]) -> None:
    told.stack(0, "CREATE_IN_PROGRESS", "User Initiated")
    for place, one in enumerate(["Files", "Jobs", "Notices"]):
        told.member(0.02 + place / 100, one, "CREATE_IN_PROGRESS")
    for place, one in enumerate(["Files", "Jobs", "Notices"]):
        told.member(0.12 + place / 100, one, "CREATE_COMPLETE")
    told.member(0.2, "Worker", "CREATE_IN_PROGRESS")
    if state == "CREATE_IN_PROGRESS":
        return
    said = "The role defined for the function cannot be assumed by Lambda. (Service: Lambda, Status Code: 400)"
    told.member(0.3, "Worker", "CREATE_FAILED", told.handler_said(said, "InvalidRequest"))
    summary = "The following resource(s) failed to create: [Worker]. "
    if state == "CREATE_FAILED":
        told.stack(0.31, "CREATE_FAILED", summary)
        return
    told.stack(0.31, "ROLLBACK_IN_PROGRESS", f"{summary}Rollback requested by user.")
    for place, one in enumerate(["Worker", "Notices", "Jobs"]):
        told.member(0.5 + place / 100, one, "DELETE_COMPLETE")
    if kept:
        said = "The bucket you tried to delete is not empty (Service: S3, Status Code: 409)"
        told.member(0.6, "Files", "DELETE_FAILED", told.handler_said(said, "GeneralServiceException"))
        told.stack(0.61, "ROLLBACK_FAILED", "The following resource(s) failed to delete: [Files]. ")
        return
    told.member(0.6, "Files", "DELETE_COMPLETE")
    told.stack(0.61, "ROLLBACK_COMPLETE")
