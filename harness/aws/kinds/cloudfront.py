"""CloudFront: distributions."""
# ruff: noqa: ANN401 - moto's objects have no common type

from __future__ import annotations

from typing import Any

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_id


def _distribution(distribution: Any, _: Any) -> Reading:
    """Read a distribution; its status is left out, for moto moves it on when it is read."""
    given = distribution.distribution_config
    origins = [
        f"origin {one.id} {one.domain_name}"
        for one in sorted(given.Origins.get("Items") or (), key=lambda one: str(one.id))
    ]
    names = sorted(f"name {one}" for one in given.Aliases.get("Items") or ())
    return Reading(
        content=(given.Comment, given.PriceClass, given.DefaultRootObject, given.HttpVersion),
        aliases=(distribution.domain_name,),
        guards={"firewall": float(bool(given.WebACLId)), "logging": float(bool(given.Logging.enabled))},
        capacity={"enabled": float(str(given.Enabled).lower() == "true")},
        open=(*names, *origins),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="cloudfront.distribution",
        service="cloudfront",
        members=lambda backend: backend.distributions.values(),
        arn=own_arn,
        name=own_id,
        read=_distribution,
    ),
)
