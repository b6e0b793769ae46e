"""Which resources a call is about, from its parameters and from what is there.

A call is about what it changes or names as its subject; what it merely refers to (a role it hands over, a key, a subnet of
a new instance) is none of it. A name that fits nothing that exists stays a target without an ARN.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from askfirst.harness.aws import target_members as members
from askfirst.harness.aws.target_index import Index, State
from askfirst.harness.aws.target_places import places_of
from askfirst.harness.operations.deferred import deferred
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
ENDING = re.compile(r"(Names?|Ids?|Identifiers?|Arns?|ARNs?|Urls?)$")
PLAIN = ("Name", "name", "Id", "id")
"""Members that name whatever the operation is named for."""
VERB = re.compile(r"^[A-Z][a-z]+")
TAGGING = re.compile(r"^(Tag|Untag)(Resources?|[A-Z]\w*)$|^(AddTags|RemoveTags|CreateOrUpdateTags)")
ARN_MEMBERS = (
    "ResourceArn",
    "resourceArn",
    "ResourceARN",
    "resourceARN",
    "Resource",
    "ResourceARNList",
    "ResourceName",
)


class Finder:
    """Finds targets; the index of names is made anew only when the account was looked at anew."""

    def __init__(self) -> None:
        self._index = Index({})

    def targets(
        self, service: str, operation: str, region: str, account: str, parameters: Parameters, state: State
    ) -> tuple[Target, ...]:
        """Give the targets of a call, in the order of its parameters."""
        if self._index.state is not state:
            self._index = Index(state)
        return targets_of(service, operation, region, account, parameters, self._index)


def targets_of(
    service: str, operation: str, region: str, account: str, parameters: Parameters, index: Index
) -> tuple[Target, ...]:
    """Give the targets of a call, and those of the calls it books for later."""
    action = f"{service}:{operation}"
    found = dict(_own(service, operation, region, account, parameters, index))
    for one in deferred(action, parameters):
        inner = one.operation
        later = _own(inner.service, inner.name, region, account, one.parameters, index)
        found.update({key: target for key, target in later if target.known})
    known = {key: one for key, one in found.items() if one.known}
    # One name that was understood is what the call is about; the others are its sub-names (a key, a version).
    return tuple((known or found).values())


def _own(
    service: str, operation: str, region: str, account: str, parameters: Parameters, index: Index
) -> Iterator[tuple[str, Target]]:
    """Go through what a call names itself, each under the key that makes it one."""
    for value, found in _places(service, operation, region, account, parameters, index):
        if found:
            yield from ((one.arn, Target(one.arn, one.name)) for one in found)
        else:
            yield value, Target("", value, known=False)


def _places(
    service: str, operation: str, region: str, account: str, parameters: Parameters, index: Index
) -> Iterator[tuple[str, list[Resource]]]:
    action = f"{service}:{operation}"
    for member in members.INSTANCES.get(action, ()):
        for value in values_at(parameters, member):
            found = index.find(value, "ec2", r"ec2\.instance", region, account)
            if found or value.startswith("i-"):
                yield value, found
    if TAGGING.match(operation):
        arns = [value for member in ARN_MEMBERS for value in values_at(parameters, member) if value.startswith("arn:")]
        if arns:
            yield from ((arn, index.anywhere(arn)) for arn in arns)
            return
    special = places_of(action, parameters, region, account, index)
    if special is not None:
        yield from special
        return
    for member, value, kind in _subjects(service, operation, parameters):
        found = index.find(value, service, kind or _kind_by_noun(service, operation, member), region, account)
        yield value, found or (index.anywhere(value) if value.startswith("arn:") and not kind else [])


def _subjects(service: str, operation: str, parameters: Parameters) -> Iterator[tuple[str, str, str]]:
    """Go through member, value and pattern of kinds of what names the subject of a call."""
    action = f"{service}:{operation}"
    several = members.ALL_OF.get(action)
    if several is not None:
        yield from ((member, value, kind) for member, kind in several for value in values_at(parameters, member))
        return
    listed = members.OF_OPERATION.get(action, members.OF_SERVICE.get(service))
    for member, kind in listed or ():
        values = values_at(parameters, member)
        if values:
            yield from ((member, value, kind) for value in values)
            return
    if action in members.OF_OPERATION:
        return
    found = _by_noun(operation, parameters)
    if not found and listed is None:
        found = list(named_values(parameters))
    yield from ((member, value, "") for member, value in found)


def _by_noun(operation: str, parameters: Parameters) -> list[tuple[str, str]]:
    """Give the members that are named as the operation is: 'VolumeId' of DetachVolume, and not its 'InstanceId'."""
    noun = VERB.sub("", operation, count=1).lower()
    found: list[tuple[str, str]] = []
    best = 0
    for member in parameters:
        stem = ENDING.sub("", member).lower()
        if not stem or stem == member.lower() or stem not in noun:
            continue
        values = values_at(parameters, member)
        if values and len(stem) >= best:
            if len(stem) > best:
                found, best = [], len(stem)
            found += [(member, value) for value in values]
    return found or [(name, value) for name in PLAIN for value in values_at(parameters, name)]


def _kind_by_noun(service: str, operation: str, member: str) -> str:
    """Give a pattern of kinds for EC2, whose ids tell the kind anyway, and for plain names: the thing the operation names."""
    if member not in PLAIN or service in {"stepfunctions", "cloudtrail"}:
        return ""
    words = [word.lower() for word in re.findall(r"[A-Z][a-z0-9]*", VERB.sub("", operation, count=1))]
    if not words:
        return ""
    return rf"{re.escape(service)}\.(?:[\w-]*{re.escape(words[-1].rstrip('s'))}s?|{'-?'.join(map(re.escape, words))})"


def values_at(parameters: Parameters, path: str) -> list[str]:
    """Give the texts at a dotted path; '[]' goes through a list, and a list of texts at its end is gone through."""
    found: list[JsonValue] = [dict(parameters)]
    for step in path.split("."):
        name = step.removesuffix("[]")
        inner = [one[name] for one in found if isinstance(one, Mapping) and name in one]
        found = [each for one in inner for each in (one if isinstance(one, list) else [one])]
    return [one for one in found if isinstance(one, str) and one]


def named_values(parameters: Parameters) -> Iterator[tuple[str, str]]:
    """Go through the (member, value) pairs that name things; the deep content of items and documents is no name."""
    yield from _walk(parameters, 1)


def _walk(value: Mapping[str, JsonValue], depth: int) -> Iterator[tuple[str, str]]:
    for member, inner in value.items():
        naming = bool(NAMING.search(member)) and (not NOT_NAMING.search(member) or member in OWN_KIND)
        if isinstance(inner, str) and naming:
            yield member, inner
        elif isinstance(inner, list):
            yield from _walk_list(member, inner, depth, naming=naming)
        elif isinstance(inner, Mapping) and depth < DEPTH:
            if member in KEYED_BY_NAME:
                for name in inner:
                    yield member, name
            elif depth > 1 or member in NESTED_ONLY:
                yield from _walk(inner, depth + 1)


def _walk_list(member: str, several: Iterable[JsonValue], depth: int, *, naming: bool) -> Iterator[tuple[str, str]]:
    for one in several:
        if isinstance(one, str) and naming:
            yield member, one
        elif isinstance(one, Mapping) and depth < DEPTH and member in NESTED_ONLY:
            yield from _walk(one, depth + 1)
