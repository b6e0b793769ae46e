"""Calls that are accepted, whose work is seen to go on, and fails: which operations, and how each shows it.

CloudFormation's are in `stack_failures.py`. What is created exists, in a state of being made and then of having failed,
as on AWS; what is updated keeps its former configuration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from askfirst.faults.stack_failures import StackWork
from askfirst.harness.aws.gaps.base import Situation
from askfirst.harness.aws.striking import Accepted, FailInStages
from askfirst.harness.faulting.contexts import Struck
from askfirst.harness.faulting.reactions import Output

STACKS = frozenset({"ContinueUpdateRollback", "CreateStack", "DeleteStack", "ExecuteChangeSet", "UpdateStack"})
INTERNAL = "An internal error occurred. Please try again later."


def failing(call: Struck, minutes: float, reason: str) -> FailInStages | None:
    """Give what lets the call fail after so many minutes; None where the operation does its work at once."""
    after = timedelta(minutes=minutes)
    why = f"the work of {call.service}:{call.operation} fails"
    if call.service == "cloudformation" and call.operation in STACKS:
        work = StackWork(after, reason)
        return FailInStages(after=after, why=why, fail=work.fail, begin=work.begin)
    stages = _WORK.get((call.service, call.operation))
    if stages is None:
        return None
    words = reason or INTERNAL
    return FailInStages(
        after=after,
        why=why,
        begin=lambda accepted: stages.begin(accepted, words),
        fail=lambda situation: stages.fail(situation, words),
        change=stages.change,
        applied=stages.applied,
    )


Find = Callable[[Situation], Any]
"""Gives moto's object a call is about, or None if it is gone."""

Shown = Callable[[str], Mapping[str, Any]]
"""Gives what the object shows, by the names of its attributes, for a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """How one operation's work shows: what the object shows meanwhile, and once it has failed; `told` is in the answer.

    `at` is the member of the answer that holds `told`, '' for its top. `applied`: the call makes the object.
    """

    find: Find
    meanwhile: Shown
    failed: Shown
    told: Mapping[str, Any]
    at: str = ""
    applied: bool = False

    def begin(self, accepted: Accepted, reason: str) -> None:
        thing = self.find(accepted)
        if thing is not None:
            _show(thing, self.meanwhile(reason))

    def fail(self, situation: Situation, reason: str) -> None:
        thing = self.find(situation)
        if thing is not None and _shows(thing):
            _show(thing, self.failed(reason))

    def change(self, output: Output) -> Output:
        inner = output.get(self.at)
        if isinstance(inner, Mapping):
            return {**output, self.at: {**inner, **self.told}}
        return {**output, **self.told}


# -- moto's objects --------------------------------------------------------------------------------------------------


def _shows(thing: Any) -> bool:  # noqa: ANN401 - any object of moto
    """Tell whether the object still shows the work: an update that succeeded meanwhile has put an end to that."""
    return "_own_class" in vars(type(thing))


def _show(thing: Any, members: Mapping[str, Any]) -> None:  # noqa: ANN401 - as above
    """Let an object show other attributes than moto gives it, properties too, by a class of its own of the same name."""
    _show_again(thing)
    own = type(thing)
    # The class has the name of moto's: the serializer takes prefixes of attributes from it.
    thing.__class__ = type(own.__name__, (own,), {"_own_class": own, "__module__": own.__module__, **members})


def _show_again(thing: Any) -> None:  # noqa: ANN401 - as above
    if _shows(thing):
        thing.__class__ = type(thing)._own_class  # noqa: SLF001 - set above


def _function(situation: Situation) -> Any:  # noqa: ANN401
    wanted = situation.text("FunctionName")
    for one in situation.backend("lambda").list_functions():
        if wanted in {one.function_name, one.function_arn}:
            return one
    return None


def _function_shows(members: Mapping[str, str]) -> Mapping[str, Any]:
    """Let a function's configuration say more, until it is updated again."""

    def get_configuration(self: Any, on_create: bool = False) -> dict[str, Any]:  # noqa: ANN401, FBT001, FBT002 - moto's
        return {**type(self)._own_class.get_configuration(self, on_create), **members}  # noqa: SLF001 - ours

    def renewed(name: str) -> Callable[..., Any]:
        def update(self: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - moto's method, whatever it takes
            _show_again(self)
            return getattr(self, name)(*given, **named)

        return update

    updates = {name: renewed(name) for name in ("update_configuration", "update_function_code")}
    return {"get_configuration": get_configuration, **updates}


def _instance(situation: Situation) -> Any:  # noqa: ANN401
    return situation.backend("rds").databases.get(situation.text("DBInstanceIdentifier").lower())


def _cluster(situation: Situation) -> Any:  # noqa: ANN401
    return situation.backend("eks").clusters.get(situation.text("name"))


def _snapshot(situation: Situation) -> Any:  # noqa: ANN401
    told = situation.told if isinstance(situation, Accepted) else {}
    return situation.backend("ec2").snapshots.get(told.get("SnapshotId"))


def _status(status: str) -> Shown:
    """Let an object be in a status until moto puts it into another one."""

    def get(_: object) -> str:
        return status

    def put(self: Any, other: str) -> None:  # noqa: ANN401 - moto's object
        _show_again(self)
        self.status = other

    return lambda _: {"status": property(get, put)}


_UPDATE = _Work(
    find=_function,
    meanwhile=lambda _: _function_shows({"LastUpdateStatus": "InProgress"}),
    failed=lambda reason: _function_shows(
        {
            "LastUpdateStatus": "Failed",
            "LastUpdateStatusReason": reason,
            "LastUpdateStatusReasonCode": "InternalError",
        }
    ),
    told={"LastUpdateStatus": "InProgress"},
)

_WORK: Mapping[tuple[str, str], _Work] = MappingProxyType(
    {
        ("lambda", "UpdateFunctionCode"): _UPDATE,
        ("lambda", "UpdateFunctionConfiguration"): _UPDATE,
        ("lambda", "CreateFunction"): _Work(
            find=_function,
            meanwhile=lambda _: _function_shows(
                {"State": "Pending", "StateReason": "The function is being created.", "StateReasonCode": "Creating"}
            ),
            failed=lambda reason: _function_shows(
                {"State": "Failed", "StateReason": reason, "StateReasonCode": "InternalError"}
            ),
            told={"State": "Pending"},
            applied=True,
        ),
        ("rds", "CreateDBInstance"): _Work(
            find=_instance,
            meanwhile=_status("creating"),
            failed=_status("failed"),
            told={"DBInstanceStatus": "creating"},
            at="DBInstance",
            applied=True,
        ),
        ("rds", "ModifyDBInstance"): _Work(
            find=_instance,
            meanwhile=_status("modifying"),
            failed=_status("incompatible-parameters"),
            told={"DBInstanceStatus": "available"},
            at="DBInstance",
        ),
        ("eks", "CreateCluster"): _Work(
            find=_cluster,
            meanwhile=_status("CREATING"),
            failed=_status("FAILED"),
            told={"status": "CREATING"},
            at="cluster",
            applied=True,
        ),
        ("ec2", "CreateSnapshot"): _Work(
            find=_snapshot,
            meanwhile=_status("pending"),
            failed=_status("error"),
            told={"State": "pending"},
            applied=True,
        ),
    }
)
