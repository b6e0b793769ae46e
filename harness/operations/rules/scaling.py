"""Auto Scaling: groups scaled to nothing, instances given up, protection from scale-in off."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import deletes, detaches, overwrites, stops, weakens
from askfirst.harness.operations.rules.standing import served, stood, target
from askfirst.harness.operations.rules.values import at, flag, mappings, number, texts
from askfirst.harness.operations.table import Domain, Severity

I = Severity.IRREVERSIBLE  # noqa: E741 - as the table writes it
HOLDS_UP = frozenset({"Launch", "HealthCheck", "ReplaceUnhealthy", "AddToLoadBalancer"})


@rule("autoscaling:UpdateAutoScalingGroup", "autoscaling:SetDesiredCapacity")
def no_instances(before: Before) -> Ruling | None:
    """A maximum or a desired capacity of 0 terminates all: https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-capacity-limits.html."""
    if 0 not in {before.number("MaxSize"), before.number("DesiredCapacity")}:
        return None
    if not served(target(before, "autoscaling.group"), "desired"):
        return None
    return stops("scales the group to 0: its instances are terminated", I)


@rule("autoscaling:UpdateAutoScalingGroup")
def protection_off(before: Before) -> Ruling | None:
    """Protection from scale-in: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-protection.html."""
    if before.text("DeletionProtection") == "none":
        return weakens("takes the deletion protection of the group away")
    group = target(before, "autoscaling.group")
    if flag(before.parameters.get("NewInstancesProtectedFromScaleIn")) is False and stood(group, "new instances"):
        return weakens("protects new instances from scale-in no more")
    return None


@rule("autoscaling:PutScheduledUpdateGroupAction", "autoscaling:BatchPutScheduledUpdateGroupAction")
def scheduled_to_nothing(before: Before) -> Ruling | None:
    """At its time it scales to 0: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html."""
    for one in (before.parameters, *mappings(before.parameters.get("ScheduledUpdateGroupActions"))):
        if 0 in {number(one.get("MaxSize")), number(one.get("DesiredCapacity"))}:
            return stops("books the group to be scaled to 0", I)
    return None


@rule("autoscaling:SetInstanceHealth")
def marked_unhealthy(before: Before) -> Ruling | None:
    """An unhealthy instance is terminated and replaced: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html."""
    return (
        deletes("has the instance terminated as unhealthy", domain=Domain.AVAILABILITY)
        if (before.text("HealthStatus") == "Unhealthy")
        else None
    )


@rule("autoscaling:SuspendProcesses")
def processes_suspended(before: Before) -> Ruling | None:
    """Without these a group keeps nothing running: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html."""
    named = set(texts(before.parameters.get("ScalingProcesses")))
    held = sorted(HOLDS_UP & named) if named else ["all processes"]
    return stops(f"suspends what keeps the group running: {', '.join(held)}") if held else None


@rule("autoscaling:DetachInstances")
def instances_detached(before: Before) -> Ruling | None:
    """With the desired capacity lowered none takes its place: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-detach-attach-instances.html."""
    if flag(before.parameters.get("ShouldDecrementDesiredCapacity")):
        return detaches("takes instances out of the group and lets none take their place")
    return None


@rule("autoscaling:SetInstanceProtection")
def scale_in_allowed(before: Before) -> Ruling | None:
    """Unprotected instances go first: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceProtection.html."""
    if flag(before.parameters.get("ProtectedFromScaleIn")) is False:
        return weakens("takes the protection from scale-in away")
    return None


@rule("autoscaling:EnterStandby")
def stood_by(_: Before) -> Ruling | None:
    """An instance that stands by serves nothing: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html."""
    return stops("takes instances out of service")


@rule("autoscaling:StartInstanceRefresh")
def all_replaced(_: Before) -> Ruling | None:
    """Every instance is replaced: https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html."""
    return overwrites("replaces all instances of the group", I, Domain.AVAILABILITY)


@rule(
    "autoscaling:DetachLoadBalancers",
    "autoscaling:DetachLoadBalancerTargetGroups",
    "autoscaling:DetachTrafficSources",
)
def no_traffic(_: Before) -> Ruling | None:
    """Its instances get no traffic any more: https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html."""
    return detaches("takes the group from its load balancer")


@rule("autoscaling:DeleteAutoScalingGroup")
def forced(before: Before) -> Ruling | None:
    """ForceDelete terminates its instances: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeleteAutoScalingGroup.html."""
    if flag(before.parameters.get("ForceDelete")):
        return deletes("deletes the group with its instances", I, Domain.AVAILABILITY)
    return None


@rule("application-autoscaling:RegisterScalableTarget", "application-autoscaling:PutScheduledAction")
def target_to_nothing(before: Before) -> Ruling | None:
    """A maximum of 0 scales to 0: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html."""
    action = at(before.parameters, "ScalableTargetAction")
    if 0 in {before.number("MaxCapacity"), number(at(action, "MaxCapacity"))}:
        return stops("limits the capacity to 0")
    return None
