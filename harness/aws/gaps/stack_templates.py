"""CloudFormation: the two sides of an update as the template diff takes them: what a stack has, what a call submits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from askfirst.harness.aws.gaps.base import Situation, invalid
from askfirst.harness.operations.templates import EMPTY, Side, Surroundings, UnreadableTemplate, read
from askfirst.harness.operations.templates.values import scalar

if TYPE_CHECKING:
    from askfirst.harness.aws.gaps.stacks import Stack
    from askfirst.harness.operations.templates import Template


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a stack is to become: the text of the template, and the same as the diff takes it."""

    text: str
    side: Side


def surroundings_of(situation: Situation, stack: Stack | None) -> Surroundings:
    """Give what pseudo parameters come to."""
    return Surroundings(
        stack_name=stack.name if stack else situation.text("StackName"),
        stack_id=stack.stack_id if stack else "",
        account=situation.account,
        region=situation.region,
        partition=situation.partition,
    )


def side_of(stack: Stack | None) -> Side:
    """Give what a stack has; a stack under review has nothing yet."""
    if stack is None or not isinstance(stack.template, str):
        return Side(EMPTY, {})
    return Side(read(stack.template), {name: scalar(value) for name, value in stack.parameters.items()})


def submitted(situation: Situation, stack: Stack | None) -> Submitted:
    """Give what a call submits. Raises `Refused` in AWS's words where it submits no template, or not all parameters."""
    text = _text(situation, stack)
    return of_text(text, _given(situation, stack))


def of_text(text: str, given: Mapping[str, str]) -> Submitted:
    """Give a template with parameters. Raises `Refused` where they do not fit together."""
    try:
        template = read(text)
    except UnreadableTemplate as error:
        message = f"Template format error: {error}"
        raise invalid(message) from error
    unknown = sorted(given.keys() - template.parameters.keys())
    if unknown:
        message = f"Parameters: [{', '.join(unknown)}] do not exist in the template"
        raise invalid(message)
    missing = sorted(name for name, one in template.parameters.items() if "Default" not in one and name not in given)
    if missing:
        message = f"Parameters: [{', '.join(missing)}] must have values"
        raise invalid(message)
    return Submitted(text, Side(template, given))


def template_at(situation: Situation, url: str) -> str:
    """Read a template from a bucket of the account; the address names the bucket in its path or in its host."""
    parts = urlsplit(url)
    host, path = parts.netloc.split(".")[0], unquote(parts.path.lstrip("/"))
    bucket, _, key = path.partition("/") if host.startswith("s3") else (host, "", path)
    buckets = situation.backend("s3").buckets
    found = buckets[bucket].keys.get(key) if bucket in buckets else None
    if found is None:
        message = "S3 error: Access Denied" if bucket not in buckets else "S3 error: The specified key does not exist."
        raise invalid(message)
    return str(found.value.decode())


def _text(situation: Situation, stack: Stack | None) -> str:
    body, url = situation.text("TemplateBody"), situation.text("TemplateURL")
    if situation.parameters.get("UsePreviousTemplate") is True:
        if body or url:
            message = "You cannot specify both usePreviousTemplate and Template Body/Template URL."
            raise invalid(message)
        return str(stack.template) if stack else ""
    if not body and not url:
        message = "Either Template URL or Template Body must be specified."
        raise invalid(message)
    return body or template_at(situation, url)


def _given(situation: Situation, stack: Stack | None) -> dict[str, str]:
    """Give the parameters of a call. One that is not named has its default, not its previous value."""
    old = side_of(stack)
    listed = situation.parameters.get("Parameters")
    given: dict[str, str] = {}
    for one in listed if isinstance(listed, list) else []:
        if not isinstance(one, dict):
            continue
        name = str(one.get("ParameterKey", ""))
        if one.get("UsePreviousValue") is True:
            given[name] = previous(old.template, old.parameters, name)
        else:
            given[name] = scalar(one.get("ParameterValue", ""))
    return given


def previous(template: Template, parameters: Mapping[str, str], name: str) -> str:
    """Give the value a parameter has in the stack."""
    if name in parameters:
        return parameters[name]
    default = template.parameters.get(name, {}).get("Default")
    if default is None:
        message = (
            f"Invalid input for parameter key {name}. "
            "Cannot specify usePreviousValue as true for a parameter key not in the previous template"
        )
        raise invalid(message)
    return scalar(default)
