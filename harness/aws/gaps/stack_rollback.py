"""CloudFormation: `ContinueUpdateRollback`, and the states in which AWS refuses to update a stack.

Behaviour after https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html. moto
keeps no earlier configuration of a stack's members, so whoever builds a stack that is stuck registers what its rollback
still has to undo: `register(stack, Rollback(...))`. A stack without a registration goes back with nothing to undo.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from askfirst.harness.aws.gaps.base import Guard, Implementation, Situation, invalid
from askfirst.harness.aws.gaps.stacks import Stack, find_stack, members, state_of, write_event, write_status

if TYPE_CHECKING:
    from pydantic import JsonValue

Backend = Callable[[str], Any]

UPDATABLE = frozenset(
    {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_FAILED",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
    }
)
"""States in which UpdateStack and a change set are accepted (UPDATE_FAILED: rollback was switched off)."""


class Step(Protocol):
    """One member whose earlier configuration is to come back. Picklable: it lies in the snapshot of the world."""

    @property
    def logical_id(self) -> str:
        """The member's name in the template."""
        ...

    def undo(self, backend: Backend) -> str:
        """Bring the earlier configuration back; give the reason if that fails, '' otherwise."""
        ...

    def undone(self, backend: Backend) -> bool:
        """Tell whether it is back, whoever did it."""
        ...


@dataclass(frozen=True, slots=True)
class FunctionSettings:
    """A Lambda function and the settings it had before, by the names of UpdateFunctionConfiguration."""

    logical_id: str
    function: str
    settings: Mapping[str, Any]

    def undo(self, backend: Backend) -> str:
        """Give the function its earlier settings; one that somebody deleted meanwhile cannot get them."""
        found = self._find(backend)
        if found is None:
            return f"Function not found: {self.function} (Service: Lambda, Status Code: 404)"
        found.update_configuration(dict(self.settings))
        return ""

    def undone(self, backend: Backend) -> bool:
        """Compare each setting."""
        found = self._find(backend)
        if found is None:
            return False
        now: Mapping[str, Any] = found.get_configuration()
        return all(now.get(name) == value for name, value in self.settings.items())

    def _find(self, backend: Backend) -> Any:  # noqa: ANN401 - moto's function
        # moto has two backends of Lambda, with and without Docker; only it knows which of them is in use.
        from moto.awslambda.utils import get_backend

        home = backend("cloudformation")
        functions = get_backend(home.account_id, home.region_name).list_functions()
        return next((one for one in functions if one.function_name == self.function), None)


@dataclass(frozen=True, slots=True)
class Recovery:
    """An alarm that returns to OK `after` the service works again, which is when every step is undone."""

    alarm: str
    after: timedelta
    reason: str


@dataclass(frozen=True, slots=True)
class Rollback:
    """What a stuck rollback still has to undo, how long that takes, and which alarms then clear."""

    steps: tuple[Step, ...] = ()
    recoveries: tuple[Recovery, ...] = ()
    pace: timedelta = field(default=timedelta(seconds=45))


def register(stack: Stack, rollback: Rollback) -> None:
    """Tell what a stack in UPDATE_ROLLBACK_FAILED would go back to."""
    stack.pending_rollback = rollback


def continue_update_rollback(situation: Situation) -> Mapping[str, JsonValue]:
    """Start the rollback again: at once UPDATE_ROLLBACK_IN_PROGRESS, minutes later UPDATE_ROLLBACK_COMPLETE."""
    stack = find_stack(situation)
    if stack is None:
        msg = f"Stack [{situation.text('StackName')}] does not exist"
        raise invalid(msg)
    if stack.status != "UPDATE_ROLLBACK_FAILED":
        # AWS documents the code and not the words; they follow those of UpdateStack.
        message = f"Stack:{stack.stack_id} is in {stack.status} state and can not be continued."
        raise invalid(message)
    skipped = situation.texts("ResourcesToSkip")
    for logical_id in skipped:
        if state_of(stack, logical_id)[0] != "UPDATE_FAILED":
            message = f"Resource [{logical_id}] can not be skipped: it is not in UPDATE_FAILED state"
            raise invalid(message)
    Continuation(situation, stack.stack_id, skipped).start(stack)
    return {}


@dataclass(frozen=True, slots=True)
class Continuation:
    """One continued rollback under way. It looks the stack up each time, for the stack may be deleted meanwhile."""

    situation: Situation
    stack_id: str
    skipped: tuple[str, ...]

    def start(self, stack: Stack) -> None:
        """Begin: at once in progress, and what failed is undone after a while."""
        now, pace = self.situation.now, _pending(stack).pace
        write_status(stack, "UPDATE_ROLLBACK_IN_PROGRESS", event_id=self._id("start"), at=now, reason="User Initiated")
        failed = [one for one, _, _ in members(stack) if state_of(stack, one)[0] == "UPDATE_FAILED"]
        for logical_id in failed:
            if logical_id not in self.skipped:
                self._event(stack, logical_id, "UPDATE_IN_PROGRESS", now)
        self._later(now, pace, "CloudFormation rolls the failed members back", lambda at: self._undo(failed, at))

    def _undo(self, failed: list[str], at: datetime) -> None:
        stack = self._stack()
        if stack is None:
            return
        steps = {step.logical_id: step for step in _pending(stack).steps}
        reasons: dict[str, str] = {}
        for logical_id in failed:
            step = steps.get(logical_id)
            reason = step.undo(self.situation.backend) if step and logical_id not in self.skipped else ""
            if reason:
                reasons[logical_id] = reason
            self._event(stack, logical_id, "UPDATE_FAILED" if reason else "UPDATE_COMPLETE", at, reason)
        if reasons:
            summary = f"The following resource(s) failed to update: [{', '.join(reasons)}]. "
            write_status(stack, "UPDATE_ROLLBACK_FAILED", event_id=self._id("failed"), at=at, reason=summary)
            return
        pace = _pending(stack).pace
        for count, status in enumerate(("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"), 1):
            self._later(at, pace * count, f"the stack reaches {status}", functools.partial(self._reach, status))
        for one in _pending(stack).recoveries:
            why = f"the service works again and the alarm {one.alarm} clears"
            self._later(at, one.after, why, functools.partial(self._recover, one))

    def _reach(self, status: str, at: datetime) -> None:
        stack = self._stack()
        if stack is not None:
            write_status(stack, status, event_id=self._id(status), at=at)

    def _recover(self, recovery: Recovery, _: datetime) -> None:
        stack, alarms = self._stack(), self.situation.backend("cloudwatch").alarms
        if stack is None or recovery.alarm not in alarms:
            return
        if all(step.undone(self.situation.backend) for step in _pending(stack).steps):
            alarms[recovery.alarm].update_state(recovery.reason, "{}", "OK")

    def _stack(self) -> Stack | None:
        stacks: Mapping[str, Stack] = self.situation.backend("cloudformation").stacks
        return stacks.get(self.stack_id)

    def _event(self, stack: Stack, logical_id: str, status: str, at: datetime, reason: str = "") -> None:
        event_id = self._id(f"{logical_id}/{status}")
        write_event(stack, status, event_id=event_id, at=at, logical_id=logical_id, reason=reason)

    def _id(self, label: str) -> str:
        return self.situation.uuid(label)

    def _later(self, start: datetime, delay: timedelta, why: str, act: Callable[[datetime], None]) -> None:
        """Book an act; it is told the time at which it is due."""
        self.situation.later(delay, why, lambda: act(start + delay))


def _pending(stack: Stack) -> Rollback:
    return getattr(stack, "pending_rollback", None) or Rollback()


def refuse_update(situation: Situation) -> None:
    """Refuse to update a stack in a state that does not allow it; moto refuses in ROLLBACK_COMPLETE only."""
    if situation.text("ChangeSetType") in {"CREATE", "IMPORT"}:
        return
    stack = find_stack(situation) or _stack_of_change_set(situation)
    reviewed = situation.operation == "ExecuteChangeSet" and stack is not None and stack.status == "REVIEW_IN_PROGRESS"
    if stack is not None and stack.status not in UPDATABLE and not reviewed:
        message = f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated."
        raise invalid(message)


def _stack_of_change_set(situation: Situation) -> Stack | None:
    """Give the stack of a change set that is named by its ARN, which needs no name of the stack beside it."""
    backend = situation.backend("cloudformation")
    change_set = backend.change_sets.get(situation.text("ChangeSetName"))
    stacks: Mapping[str, Stack] = backend.stacks
    return stacks.get(change_set.stack_id) if change_set is not None else None


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {
    ("cloudformation", "ContinueUpdateRollback"): continue_update_rollback,
}
GUARDS: Mapping[tuple[str, str], Guard] = {
    ("cloudformation", "UpdateStack"): refuse_update,
    ("cloudformation", "CreateChangeSet"): refuse_update,
    ("cloudformation", "ExecuteChangeSet"): refuse_update,
}
