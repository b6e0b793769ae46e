"""Elastic Load Balancing: deletion protection of load balancers."""

from __future__ import annotations

from askfirst.harness.aws.safeguards.base import Refused, Safeguard, Situation


def _refuse(situation: Situation, forced: bool) -> None:  # noqa: FBT001 - `Check`
    arn = situation.text("LoadBalancerArn")
    balancer = situation.backend("elbv2").load_balancers.get(arn)
    if balancer is not None and (forced or balancer.attrs.get("deletion_protection.enabled") == "true"):
        code = "OperationNotPermitted"
        message = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        raise Refused(code, message)


DELETION_PROTECTION = Safeguard(
    name="elbv2-deletion-protection",
    summary="a load balancer with deletion protection is not deleted",
    source="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
    checks={"elbv2:DeleteLoadBalancer": _refuse},
)
