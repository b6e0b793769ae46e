"""AWS WAF: web ACLs, which are guardrails of what they are associated with, and the sets of addresses they use."""
# ruff: noqa: ANN401 - moto's objects have no common type

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name

BLOCKS, ACTS, COUNTS = 3.0, 2.0, 1.0


def _acl(acl: Any, _: Any) -> Reading:
    guards = {f"rule {one.name}": _strength(one) for one in acl.rules or ()}
    guards |= {f"before {one}": 1.0 for one in acl.associated_resources}
    return Reading(content=(acl.description, str(acl.default_action)), guards=guards, aliases=(acl.id,))


def _strength(rule: Any) -> float:
    """Say how much a rule does: one that merely counts keeps nobody out.

    https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-action.html
    """
    action = rule.action if isinstance(rule.action, Mapping) else {}
    override = rule.override_action if isinstance(rule.override_action, Mapping) else {}
    if "Count" in action or "Count" in override:
        return COUNTS
    return BLOCKS if "Block" in action else ACTS


def _addresses(addresses: Any, _: Any) -> Reading:
    """Read a set of addresses: whether they are let in or kept out is the rule's to say, so losing one is a loss."""
    return Reading(
        items=len(addresses.addresses),
        aliases=(addresses.ip_set_id,),
        parts={"addresses": dict.fromkeys(sorted(addresses.addresses), "there")},
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="wafv2.web-acl",
        service="wafv2",
        members=lambda backend: backend.wacls.values(),
        arn=own_arn,
        name=own_name,
        read=_acl,
    ),
    Kind(
        kind="wafv2.ip-set",
        service="wafv2",
        members=lambda backend: backend.ip_sets.values(),
        arn=own_arn,
        name=own_name,
        read=_addresses,
    ),
)
