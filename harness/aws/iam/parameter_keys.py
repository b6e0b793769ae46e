"""Condition keys whose values stand in the parameters of a call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from askfirst.harness.aws.iam.variables import Values
from askfirst.harness.records import Parameters

if TYPE_CHECKING:
    from pydantic import JsonValue

TAG_MEMBERS = frozenset({"tags", "tagset", "taglist", "tagging", "tagspecifications"})
TAG_KEY_MEMBERS = frozenset({"tagkeys", "tagkeylist"})

PASSED_TO: Mapping[str, str] = {
    "apigateway": "apigateway",
    "autoscaling": "autoscaling",
    "backup": "backup",
    "batch": "batch",
    "cloudformation": "cloudformation",
    "codebuild": "codebuild",
    "codepipeline": "codepipeline",
    "config": "config",
    "ecs": "ecs-tasks",
    "eks": "eks",
    "elasticbeanstalk": "elasticbeanstalk",
    "events": "events",
    "firehose": "firehose",
    "glue": "glue",
    "lambda": "lambda",
    "rds": "rds",
    "redshift": "redshift",
    "s3": "s3",
    "sagemaker": "sagemaker",
    "scheduler": "scheduler",
    "stepfunctions": "states",
}
"""The service principal that gets a role passed by calls of a service, without '.amazonaws.com'."""


class Call(Protocol):
    """A call as far as its parameters go."""

    @property
    def service(self) -> str:
        """The service, by botocore's name."""
        ...

    @property
    def parameters(self) -> Parameters:
        """Its parameters."""
        ...


def parameter(name: str) -> Callable[[Call, str], Values]:
    """Read a key whose value is one parameter; absent where the call does not give it."""
    return lambda call, _: _texts([call.parameters.get(name)])


def every(name: str) -> Callable[[Call, str], Values]:
    """Read a key whose values are a parameter that is a list."""

    def values(call: Call, _: str) -> Values:
        found = call.parameters.get(name)
        return _texts(found if isinstance(found, list) else [])

    return values


def _texts(values: Iterable[JsonValue]) -> tuple[str, ...]:
    return tuple(
        str(one).lower() if isinstance(one, bool) else str(one)
        for one in values
        if isinstance(one, str | int | float | bool)
    )


def tags(parameters: Parameters) -> Mapping[str, str]:
    """Give the tags a call puts on something, in whichever of AWS's ways it writes them."""
    return dict(_tags(parameters))


def _tags(value: JsonValue | Parameters) -> Iterator[tuple[str, str]]:
    if not isinstance(value, Mapping):
        return
    for member, inner in value.items():
        if member.lower() not in TAG_MEMBERS:
            continue
        if isinstance(inner, list):
            for one in inner:
                yield from _pair(one)
                yield from _tags(one)  # EC2's TagSpecifications
        elif isinstance(inner, Mapping):
            if not any(one.lower() in TAG_MEMBERS for one in inner):
                yield from ((name, text) for name, text in inner.items() if isinstance(text, str))
            yield from _tags(inner)  # S3's Tagging.TagSet


def _pair(tag: JsonValue) -> Iterator[tuple[str, str]]:
    if isinstance(tag, Mapping):
        lower = {name.lower(): text for name, text in tag.items()}
        key = lower.get("key", lower.get("tagkey"))
        if isinstance(key, str):
            yield key, str(lower.get("value", lower.get("tagvalue")) or "")


def tag_keys(parameters: Parameters) -> tuple[str, ...]:
    """Give the keys of the tags a call puts on something, or takes away."""
    listed = [
        one
        for member, inner in parameters.items()
        if member.lower() in TAG_KEY_MEMBERS and isinstance(inner, list)
        for one in inner
    ]
    return tuple(dict.fromkeys((*tags(parameters), *_texts(listed))))


def passed_to_service(call: Call, _: str) -> Values:
    """Give the service that gets a role; None where nobody here knows its principal's name."""
    name = PASSED_TO.get(call.service)
    return (f"{name}.amazonaws.com",) if name else None


def leading_keys(call: Call, _: str) -> Values:
    """Give the values of the partition keys a DynamoDB call is about; None where they are written otherwise.

    The name of the partition key is not in the call: of a key with two attributes nobody here knows which it is.
    """
    keys = [one for one in _items(call.parameters) if one]
    if not keys:
        return ()
    if any(len(one) != 1 for one in keys):
        return None
    return _texts(
        text for one in keys for value in one.values() if isinstance(value, Mapping) for text in value.values()
    )


def _items(parameters: Parameters) -> Iterator[Mapping[str, JsonValue]]:
    for member in ("Key", "Item"):
        found = parameters.get(member)
        if isinstance(found, Mapping):
            yield found
    if "KeyConditionExpression" in parameters or "RequestItems" in parameters or "TransactItems" in parameters:
        yield {"one": None, "other": None}  # written as expressions, or for several tables


def attributes(call: Call, _: str) -> Values:
    """Give the attributes a DynamoDB call names, None where they stand in an expression."""
    if any(member.endswith("Expression") for member in call.parameters):
        return None
    listed = every("AttributesToGet")(call, "") or ()
    return tuple(dict.fromkeys((*listed, *(name for one in _items(call.parameters) for name in one))))
