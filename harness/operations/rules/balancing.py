"""Load balancers: protection off, targets taken, listeners sent elsewhere."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import blinds, detaches, overwrites, weakens
from askfirst.harness.operations.rules.standing import guard, target
from askfirst.harness.operations.rules.values import at, attributes, flag, mappings, strings
from askfirst.harness.operations.table import Domain, Severity

R, UP = Severity.REVERSIBLE, Domain.AVAILABILITY


@rule("elbv2:ModifyLoadBalancerAttributes")
def protection_off(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html."""
    wanted, balancer = attributes(before.parameters.get("Attributes")), target(before)
    if flag(wanted.get("deletion_protection.enabled")) is False and guard(balancer, "deletion") != 0:
        return weakens("takes the deletion protection of the load balancer away")
    if flag(wanted.get("access_logs.s3.enabled")) is False and guard(balancer, "log") != 0:
        return blinds("ends the access log of the load balancer")
    return None


@rule(
    "elbv2:DeregisterTargets",
    "elb:DeregisterInstancesFromLoadBalancer",
    "elb:DetachLoadBalancerFromSubnets",
    "elb:DisableAvailabilityZonesForLoadBalancer",
)
def targets_taken(_: Before) -> Ruling | None:
    """They get no more requests: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeregisterTargets.html."""
    return detaches("takes targets from the load balancer")


@rule("elbv2:ModifyListener", "elbv2:ModifyRule")
def repointed(before: Before) -> Ruling | None:
    """The actions given replace all: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyListener.html."""
    actions = mappings(before.parameters.get("DefaultActions") or before.parameters.get("Actions"))
    if not actions:
        return None
    ways = " ".join(way for one in before.targets for way in one.open)
    groups = {
        group
        for one in actions
        for group in strings([one.get("TargetGroupArn"), at(one, "ForwardConfig", "TargetGroups")])
    }
    if ways and groups and all(group in ways for group in groups):
        return None
    return overwrites("sends requests elsewhere", R, UP)


@rule("elbv2:SetSecurityGroups", "elb:ApplySecurityGroupsToLoadBalancer", "elbv2:SetSubnets")
def shielded(before: Before) -> Ruling | None:
    """The groups given replace all: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSecurityGroups.html."""
    what = "subnets" if before.action.endswith("Subnets") else "security groups"
    return detaches(f"puts other {what} in the place of those the load balancer has")


@rule("elb:ModifyLoadBalancerAttributes")
def classic_logs_off(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_ModifyLoadBalancerAttributes.html."""
    if flag(at(before.parameters, "LoadBalancerAttributes", "AccessLog", "Enabled")) is False:
        return blinds("ends the access log of the load balancer")
    return None


@rule("elbv2:DeleteRule")
def rule_deleted(before: Before) -> Ruling | None:
    """Requests the rule took go to the default: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteRule.html."""
    if any(one.kind.startswith("elbv2.") and "rule" in one.kind for one in before.targets):
        return None
    return detaches("takes a rule of the listener away")
