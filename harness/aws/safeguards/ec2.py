"""EC2: termination protection, also where it is set at launch (moto drops it there), and security groups in use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from askfirst.harness.aws.safeguards.base import Refused, Safeguard, Situation


def _protected(situation: Situation, forced: bool) -> None:  # noqa: FBT001 - `Check`
    wanted = situation.texts("InstanceIds")
    for instance in _instances(situation):
        if instance.id in wanted and (forced or instance.disable_api_termination is True):
            code = "OperationNotPermitted"
            message = (
                f"The instance '{instance.id}' may not be terminated. Modify its 'disableApiTermination' instance "
                "attribute and try again."
            )
            raise Refused(code, message)


def _remember(situation: Situation, output: Mapping[str, object]) -> None:
    if situation.parameters.get("DisableApiTermination") is not True:
        return
    launched = output.get("Instances")
    ids = {one["InstanceId"] for one in launched} if isinstance(launched, list) else set()
    for instance in _instances(situation):
        if instance.id in ids:
            instance.disable_api_termination = True


def _in_use(situation: Situation, forced: bool) -> None:  # noqa: FBT001, ARG001 - `Check`; a use is a fact
    backend = situation.backend("ec2")
    wanted = situation.text("GroupId")
    group = backend.get_security_group_from_id(wanted) if wanted else None
    if group is None and situation.text("GroupName"):
        group = backend.get_security_group_from_name(situation.text("GroupName"))
    if group is None:
        return
    if any(group.id in _groups_of(one) for one in _instances(situation)) or any(
        group.id in _groups_of(one) for one in backend.enis.values()
    ):
        code = "DependencyViolation"
        raise Refused(code, f"resource {group.id} has a dependent object")


def _groups_of(thing: Any) -> set[str]:  # noqa: ANN401 - an instance or interface of moto's
    if getattr(thing, "state", "") in {"terminated", "shutting-down"}:
        return set()
    groups = getattr(thing, "security_groups", None) or getattr(thing, "group_set", None) or []
    return {one.id for one in groups}


def _instances(situation: Situation) -> Iterator[Any]:
    for reservation in situation.backend("ec2").reservations.values():
        yield from reservation.instances


TERMINATION_PROTECTION = Safeguard(
    name="ec2-termination-protection",
    summary="an instance with termination protection is not terminated",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html",
    checks={"ec2:TerminateInstances": _protected},
    remembers={"ec2:RunInstances": _remember},
    by_mock=True,
)
GROUP_IN_USE = Safeguard(
    name="ec2-security-group-in-use",
    summary="a security group that an instance or interface uses is not deleted",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html",
    checks={"ec2:DeleteSecurityGroup": _in_use},
)
