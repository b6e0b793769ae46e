"""CloudFormation work that is accepted, goes on for a while, and fails: the states and events one sees meanwhile.

Nothing of a stack's members is changed, but for the members of a new stack, of which none ever comes to be. States after
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html, sentences after
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html and events of real stacks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from askfirst.harness.aws.gaps.base import Situation
from askfirst.harness.aws.gaps.stack_members import SettledOutputs
from askfirst.harness.aws.gaps.stacks import (
    STACK_TYPE,
    Stack,
    find_stack,
    members,
    physical_id,
    state_of,
    write_event,
    write_status,
)
from askfirst.harness.aws.striking import Accepted

PACE = timedelta(seconds=45)
"""How long a stack rolls back."""

CREATE, UPDATE, DELETE, CONTINUE = "CREATE", "UPDATE", "DELETE", "UPDATE_ROLLBACK"
OPERATIONS = {"CreateStack": CREATE, "UpdateStack": UPDATE, "DeleteStack": DELETE, "ContinueUpdateRollback": CONTINUE}


@dataclass(frozen=True, slots=True)
class StackWork:
    """One piece of work on a stack that is going to fail: `reason` is that of the member it fails at."""

    after: timedelta
    reason: str

    def begin(self, accepted: Accepted) -> None:
        """Let the stack be in progress, and the member it will fail at."""
        what = _work(accepted)
        stack = _stack(accepted) or _empty_stack(accepted)
        if (change_set := _change_set(accepted)) is not None:
            change_set.execution_status = "EXECUTE_IN_PROGRESS"
        told = _Told(accepted, stack, accepted.now)
        told.stack(f"{what}_IN_PROGRESS", "User Initiated")
        told.member(_failing(accepted, stack, what), f"{_verb(what)}_IN_PROGRESS")

    def fail(self, situation: Situation) -> None:
        """Let the member fail and the stack with it; a stack that somebody else took on meanwhile is left alone."""
        what, stack = _work(situation), _stack(situation)
        if stack is None or stack.status != f"{what}_IN_PROGRESS":
            return
        if (change_set := _change_set(situation)) is not None:
            change_set.execution_status = "EXECUTE_FAILED"
        told = _Told(situation, stack, situation.now + self.after)
        member = _failing(situation, stack, what)
        told.member(member, f"{_verb(what)}_FAILED", self.reason or told.unstable(member))
        words = f"The following resource(s) failed to {_verb(what).lower()}: [{member}]. "
        if what == CREATE:
            self._after_creation(told, member, words)
        elif what == UPDATE and situation.parameters.get("DisableRollback") is not True:
            told.stack("UPDATE_ROLLBACK_IN_PROGRESS", words)
            told.later("the stack goes back to what it was", lambda later: _roll_back(later, member))
        else:
            if what == DELETE:
                for other in [one for one, _, _ in members(stack) if one != member]:
                    told.member(other, "DELETE_FAILED", "Resource deletion cancelled")
            told.stack(f"{what}_FAILED", words)

    def _after_creation(self, told: _Told, member: str, words: str) -> None:
        situation = told.situation
        wanted = situation.text("OnFailure")
        if situation.parameters.get("DisableRollback") is True or wanted == "DO_NOTHING":
            told.stack("CREATE_FAILED", words)
            return
        going = "DELETE" if wanted == "DELETE" else "ROLLBACK"
        told.stack(f"{going}_IN_PROGRESS", f"{words}{going.title()} requested by user.")

        def end(later: _Told) -> None:
            later.member(member, "DELETE_COMPLETE")
            later.stack(f"{going}_COMPLETE")
            if going == "DELETE":
                backend = situation.backend("cloudformation")
                backend.deleted_stacks[later.told.stack_id] = backend.stacks.pop(later.told.stack_id)

        told.later("the stack is rolled back", end)


def _roll_back(told: _Told, member: str) -> None:
    told.member(member, "UPDATE_COMPLETE")
    told.stack("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    told.stack("UPDATE_ROLLBACK_COMPLETE")


def _work(situation: Situation) -> str:
    """Say what a call does to its stack, in the words of stack states."""
    change_set = _change_set(situation)
    if change_set is None:
        return OPERATIONS[situation.operation]
    return CREATE if change_set.change_set_type == CREATE else UPDATE


def _verb(what: str) -> str:
    return "UPDATE" if what == CONTINUE else what


def _stack(situation: Situation) -> Stack | None:
    change_set = _change_set(situation)
    if change_set is None:
        return find_stack(situation)
    stacks: Mapping[str, Stack] = situation.backend("cloudformation").stacks
    return stacks.get(change_set.stack_id)


def _change_set(situation: Situation) -> Any:  # noqa: ANN401 - moto's change set, or None
    if situation.operation != "ExecuteChangeSet":
        return None
    wanted = situation.text("ChangeSetName")
    change_sets = situation.backend("cloudformation").change_sets
    return next(one for name, one in change_sets.items() if wanted in {name, one.change_set_name})


def _empty_stack(accepted: Accepted) -> Stack:
    """Make the stack that is being created, under the id its caller was told, without any member."""
    from moto.cloudformation import models
    from moto.cloudformation.utils import get_stack_from_s3_url

    moto_stack: Any = models.Stack  # its types say that it is abstract
    backend = accepted.backend("cloudformation")
    said: Mapping[str, Any] = accepted.parameters
    template = said.get("TemplateBody") or get_stack_from_s3_url(
        said["TemplateURL"], account_id=accepted.account, partition=accepted.partition
    )
    made: Stack = moto_stack(
        stack_id=str(accepted.told["StackId"]),
        name=accepted.text("StackName"),
        template=template,
        parameters={one["ParameterKey"]: one.get("ParameterValue", "") for one in said.get("Parameters", ())},
        account_id=accepted.account,
        region_name=accepted.region,
        tags={one["Key"]: one["Value"] for one in said.get("Tags", ())},
        role_arn=accepted.text("RoleARN") or None,
        cross_stack_resources=backend.exports,
    )
    made.output_map = SettledOutputs((), ())  # moto's own would create members when it is read
    backend.stacks[made.stack_id] = made
    return made


def _failing(situation: Situation, stack: Stack, what: str) -> str:
    """Choose the member at which the work fails."""
    there = [one for one, _, _ in members(stack)]
    failed = [one for one in there if state_of(stack, one)[0] == "UPDATE_FAILED"]
    if what == CONTINUE and failed:
        return failed[0]
    if what == DELETE:
        return there[-1] if there else stack.name
    new = _new_members(situation, stack)
    old: Mapping[str, Any] = stack.template_dict.get("Resources", {})
    changed = [one for one in new if new[one] != old.get(one)] or list(new)
    return next(iter(changed if what == UPDATE else new), stack.name)


def _new_members(situation: Situation, stack: Stack) -> Mapping[str, Any]:
    """Give the members of the template the call brings, or those of the stack's own."""
    change_set = _change_set(situation)
    template = stack.template_dict if change_set is None else change_set.template_dict
    body = situation.text("TemplateBody")
    if body and change_set is None:
        parse: Callable[[str], Mapping[str, Any]] = type(stack).parse_template  # type: ignore[attr-defined]  # moto's own
        template = dict(parse(body))
    found: Mapping[str, Any] = template.get("Resources", {})
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """Writes the events of one moment of a call's work."""

    situation: Situation
    told: Stack
    at: datetime

    def stack(self, status: str, reason: str = "") -> None:
        write_status(self.told, status, event_id=self.situation.uuid(status), at=self.at, reason=reason)

    def member(self, logical_id: str, status: str, reason: str = "") -> None:
        event_id = f"{logical_id}-{status}-{self.at:%Y-%m-%dT%H:%M:%S.000Z}"
        write_event(self.told, status, event_id=event_id, at=self.at, logical_id=logical_id, reason=reason)
        event = self.told.events[-1]
        event.resource_type = event.resource_type or self._kind(logical_id)

    def unstable(self, logical_id: str) -> str:
        """Word the failure as a resource handler does."""
        thing = {one: physical_id(member) for one, member, _ in members(self.told)}.get(logical_id) or logical_id
        said = f"Resource of type '{self._kind(logical_id)}' with identifier '{thing}' did not stabilize."
        token = self.situation.uuid("handler")
        return f'Resource handler returned message: "{said}" (RequestToken: {token}, HandlerErrorCode: NotStabilized)'

    def later(self, why: str, act: Callable[[_Told], None]) -> None:
        """Go on after a while, if nobody else has taken the stack on."""
        status = self.told.status

        def go_on() -> None:
            if self.told.status == status:
                act(_Told(self.situation, self.told, self.at + PACE))

        self.situation.later(PACE, why, go_on)

    def _kind(self, logical_id: str) -> str:
        described = _new_members(self.situation, self.told).get(logical_id, {})
        return str(described.get("Type", STACK_TYPE))
