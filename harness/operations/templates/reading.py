"""CloudFormation templates as text: JSON, or YAML with short tags, read into the long form.

`!Ref X` becomes `{"Ref": "X"}`, every other `!Name` becomes `{"Fn::Name": ...}`: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue

if TYPE_CHECKING:
    from yaml import Node, SafeLoader

Section = Mapping[str, JsonValue]


class UnreadableTemplate(ValueError):
    """A text is no template. The message says why."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template in the long form."""

    resources: Mapping[str, Section]
    parameters: Mapping[str, Section]
    conditions: Section
    mappings: Section
    transforms: tuple[str, ...] = ()
    """The macros the whole template goes through; what they make of it is not known here."""
    whole: Section | None = None
    """Everything, to tell whether anything at all differs."""


@functools.lru_cache(maxsize=32)
def read(text: str) -> Template:
    """Read a template. Raises `UnreadableTemplate`. One call to CloudFormation asks for the same text several times."""
    whole = data(text)
    if not isinstance(whole, dict):
        msg = "a template must be a mapping with a section Resources"
        raise UnreadableTemplate(msg)
    return of(whole)


def of(data: Section) -> Template:
    """Make a template of data in the long form. Raises `UnreadableTemplate`."""
    resources = _sections(data, "Resources")
    for logical_id, member in resources.items():
        if not logical_id.startswith("Fn::") and not isinstance(member.get("Type"), str):
            msg = f"the resource {logical_id} needs a Type"
            raise UnreadableTemplate(msg)
    transforms = data.get("Transform") or []
    return Template(
        resources=resources,
        parameters=_sections(data, "Parameters"),
        conditions=_section(data, "Conditions"),
        mappings=_section(data, "Mappings"),
        transforms=tuple(str(one) for one in (transforms if isinstance(transforms, list) else [transforms])),
        whole=data,
    )


def _section(data: Section, name: str) -> Section:
    section = data.get(name)
    if section is None:
        return {}
    if not isinstance(section, dict):
        msg = f"the section {name} of a template must be a mapping"
        raise UnreadableTemplate(msg)
    return section


def _sections(data: Section, name: str) -> Mapping[str, Section]:
    found: dict[str, Section] = {}
    for key, value in _section(data, name).items():
        if not isinstance(value, dict):
            if key.startswith("Fn::"):  # Fn::ForEach and Fn::Transform stand where a resource would, and are no mapping
                found[key] = {"Type": key, "Properties": {"Of": value}}
                continue
            msg = f"{name}.{key} of a template must be a mapping"
            raise UnreadableTemplate(msg)
        found[key] = value
    return found


def data(text: str) -> JsonValue:
    """Read JSON, or YAML with CloudFormation's short forms, as data in the long form. Raises `UnreadableTemplate`."""
    if text.lstrip().startswith("{"):
        try:
            read_as_json: JsonValue = json.loads(text)
        except ValueError:  # YAML's flow style begins the same way
            pass
        else:
            return read_as_json
    import yaml

    try:
        return _plain(yaml.load(text, Loader=_loader()))  # noqa: S506 - a SafeLoader with more tags
    except (yaml.YAMLError, ValueError) as error:
        msg = f"a template is neither JSON nor YAML: {error}"
        raise UnreadableTemplate(msg) from error


@functools.cache
def _loader() -> type[SafeLoader]:
    import yaml

    class Loader(yaml.SafeLoader):
        """YAML as CloudFormation reads it: short tags are functions, and a date is the text it is written as."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_multi_constructor("!", _function)
    return Loader


def _function(loader: Any, tag: str, node: Node) -> object:  # noqa: ANN401 - our own loader, made in a function
    import yaml

    value: object
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if tag in {"Ref", "Condition"}:
        return {tag: value}
    return {f"Fn::{tag}": value}


def _plain(value: object) -> JsonValue:
    """Let only what JSON has pass; keys become text, as CloudFormation reads them."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    msg = f"a template cannot hold {value!r}"
    raise UnreadableTemplate(msg)
