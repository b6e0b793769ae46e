"""EC2 Auto Scaling: a group with instances is deleted by force only; deletion protection of groups, which moto drops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from askfirst.harness.aws.safeguards.base import Refused, Safeguard, Situation

LEVELS = ("none", "prevent-force-deletion", "prevent-all-deletion")


def _not_empty(situation: Situation, forced: bool) -> None:  # noqa: FBT001, ARG001 - `Check`; instances are a fact
    group = _group(situation)
    if group is None or situation.parameters.get("ForceDelete") is True:
        return
    if group.instance_states:
        code = "ResourceInUse"
        message = (
            "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in "
            "the group."
        )
        raise Refused(code, message)


def _protected(situation: Situation, forced: bool) -> None:  # noqa: FBT001 - `Check`
    group = _group(situation)
    if group is None:
        return
    level = LEVELS[2] if forced else getattr(group, "deletion_protection", LEVELS[0])
    if level == LEVELS[2] or (level == LEVELS[1] and situation.parameters.get("ForceDelete") is True):
        code = "ResourceInUse"
        message = f"The Auto Scaling group {group.name} cannot be deleted because its deletion protection is {level}."
        raise Refused(code, message)


def _remember(situation: Situation, _: Mapping[str, object]) -> None:
    group, wanted = _group(situation), situation.text("DeletionProtection")
    if group is not None and wanted in LEVELS:
        group.deletion_protection = wanted


def _group(situation: Situation) -> Any:  # noqa: ANN401 - moto's group
    return situation.backend("autoscaling").autoscaling_groups.get(situation.text("AutoScalingGroupName"))


NOT_EMPTY = Safeguard(
    name="autoscaling-group-not-empty",
    summary="an Auto Scaling group with instances is not deleted without ForceDelete",
    source="https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html",
    checks={"autoscaling:DeleteAutoScalingGroup": _not_empty},
)
DELETION_PROTECTION = Safeguard(
    name="autoscaling-deletion-protection",
    summary="an Auto Scaling group with deletion protection is not deleted",
    source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/resource-deletion-protection.html",
    checks={"autoscaling:DeleteAutoScalingGroup": _protected},
    remembers={
        "autoscaling:CreateAutoScalingGroup": _remember,
        "autoscaling:UpdateAutoScalingGroup": _remember,
    },
)
