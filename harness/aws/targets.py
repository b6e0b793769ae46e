"""Which resources a call is about, from its parameters alone.

Values of members that name things (`StackName`, `QueueUrl`, `Ids`, ...) are compared with ARNs, names and aliases of what
exists in the call's own service and region. What a call merely refers to (a role's ARN) is recorded elsewhere, in its
parameters. A name that fits nothing that exists stays a target without an ARN.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from askfirst.harness.records import Parameters, Resource, Target

if TYPE_CHECKING:
    from pydantic import JsonValue

NAMING = re.compile(r"(Name|Names|Id|Ids|Identifier|Identifiers|Arn|Arns|ARN|ARNs|Url|Bucket|GroupIds?)$")
NOT_NAMING = re.compile(
    r"(Role|Policy|Token|Principal|AttributeName|LogicalResourceId|EventId|RequestId|MessageId|KmsKey)"
)
OWN_KIND = {"PolicyArn", "PolicyName", "RoleName", "RoleArn", "KeyId"}
KEYED_BY_NAME = {"RequestItems"}
DEPTH = 4
NESTED_ONLY = {"TransactItems", "RequestItems", "Entries"}


def named_values(parameters: Parameters) -> Iterator[tuple[str, str]]:
    """Go through the (member, value) pairs that name things; the deep content of items and documents is no name."""
    yield from _walk(parameters, 1)


def _walk(value: Mapping[str, JsonValue], depth: int) -> Iterator[tuple[str, str]]:
    for member, inner in value.items():
        naming = bool(NAMING.search(member)) and (not NOT_NAMING.search(member) or member in OWN_KIND)
        if isinstance(inner, str) and naming:
            yield member, inner
        elif isinstance(inner, list):
            for one in inner:
                if isinstance(one, str) and naming:
                    yield member, one
                elif isinstance(one, Mapping) and depth < DEPTH and member in NESTED_ONLY:
                    yield from _walk(one, depth + 1)
        elif isinstance(inner, Mapping) and depth < DEPTH:
            if member in KEYED_BY_NAME:
                for name in inner:
                    yield member, name
            elif depth > 1 or member in NESTED_ONLY:
                yield from _walk(inner, depth + 1)


def targets_of(
    service: str, region: str, account: str, parameters: Parameters, resources: Iterable[Resource]
) -> tuple[Target, ...]:
    """Give the targets of a call, in the order of its parameters; resources of other services are not looked at."""
    values = [value for _, value in named_values(parameters)]
    if not values:
        return ()
    names: dict[str, list[Resource]] = {}
    for resource in resources:
        if resource.kind.startswith(f"{service}."):
            for name in {resource.arn, resource.name, *resource.aliases}:
                names.setdefault(name, []).append(resource)
    found: dict[str, Target] = {}
    for value in values:
        fitting = [one for one in _candidates(value, names) if _here(one.arn, region, account)]
        if fitting:
            for resource in fitting:
                found.setdefault(resource.arn, Target(resource.arn, resource.name))
        else:
            found.setdefault(value, Target("", value, known=False))
    known = {key: one for key, one in found.items() if one.known}
    # One name that was understood is what the call is about; the others are its sub-names (a key, a version).
    return tuple((known or found).values())


def _candidates(value: str, names: Mapping[str, list[Resource]]) -> list[Resource]:
    """Find what a value names: exactly, or by the last part of a URL, or by the ARN a longer ARN begins with."""
    if value in names:
        return names[value]
    if value.startswith(("http://", "https://")):
        return names.get(value.rstrip("/").rsplit("/", 1)[-1], [])
    if value.startswith("arn:"):
        return [
            one for name, found in names.items() if name.startswith("arn:") and _inside(value, name) for one in found
        ]
    return []


def _inside(arn: str, container: str) -> bool:
    return arn.startswith(container) and arn[len(container) :][:1] in {"/", ":"}


def _here(arn: str, region: str, account: str) -> bool:
    """Tell whether an ARN lies in the region and account of the call; global services leave the region empty."""
    parts = arn.split(":")
    return len(parts) < 6 or (parts[3] in {"", region} and parts[4] in {"", account})
