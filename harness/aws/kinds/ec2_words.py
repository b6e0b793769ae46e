"""Words that the kinds of EC2 share: ARNs, and how a rule of a security group or a network ACL is said."""
# ruff: noqa: ANN401 - moto's objects have no common type

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def place(backend: Any) -> str:
    """Give what the ARN of everything of EC2 in this region and account begins with."""
    return f"arn:{backend.partition}:ec2:{backend.region_name}:{backend.account_id}:"


def ec2_arn(noun: str) -> Callable[[Any, Any], str]:
    """Give the function that says the ARN of a thing with an id."""

    def arn(thing: Any, backend: Any) -> str:
        return f"arn:{backend.partition}:ec2:{backend.region_name}:{backend.account_id}:{noun}/{thing.id}"

    return arn


def nested(values: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Give what is kept by a first and a second key."""
    return [one for group in values for one in group.values()]


def yes(value: object) -> float:
    """Give 1 for what moto keeps as True or as 'true', else 0."""
    return 1.0 if value is True or str(value).lower() == "true" else 0.0


def ports(first: object, last: object) -> str:
    """Say a range of ports: '443', '80-90', 'all'."""
    if first in (None, "", -1):
        return "all"
    return str(first) if first == last else f"{first}-{last}"


def elastic(address: str | None, backend: Any) -> str | None:
    """Give a public address if it is an elastic one: another is gone with every stop, and nobody relies on it.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
    """
    return address if address and any(one.public_ip == address for one in backend.addresses) else None
