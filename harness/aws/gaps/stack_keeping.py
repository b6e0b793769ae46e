"""CloudFormation: what moto's stack is made of: taking another template over, and giving the earlier one back."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from askfirst.harness.aws.gaps.base import Situation
    from askfirst.harness.aws.gaps.stack_templates import Submitted
    from askfirst.harness.aws.gaps.stacks import Stack


@dataclass(frozen=True, slots=True)
class Kept:
    """What a stack had before an update."""

    text: Any
    described: dict[str, Any]
    parameters: dict[str, Any]
    parsed: dict[str, Any]
    evaluated: dict[str, Mapping[str, Any]]
    settings: dict[str, Any]

    @classmethod
    def of(cls, stack: Stack) -> Kept:
        """Keep what there is."""
        found = stack.resource_map
        parsed = dict(found._parsed_resources)  # noqa: SLF001 - moto's own keeping place
        names = [one for one in stack.template_dict.get("Resources", {}) if one in parsed]
        properties = {name: evaluated(stack, name) for name in names}
        described = stack.template_dict
        settings = {name: getattr(found, name) for name in SETTINGS if hasattr(found, name)}
        return cls(stack.template, described, dict(stack.parameters), parsed, properties, settings)

    def properties(self, logical_id: str) -> Mapping[str, Any]:
        """Give the properties a member had, as moto evaluates them."""
        return self.evaluated.get(logical_id, {})

    def give_back(self, stack: Stack) -> None:
        """Let the stack have it again."""
        stack.template, stack.template_dict, stack.parameters = self.text, self.described, dict(self.parameters)
        for name, value in self.settings.items():
            setattr(stack.resource_map, name, value)
        stack.resource_map._parsed_resources.clear()  # noqa: SLF001
        stack.resource_map._parsed_resources.update(self.parsed)  # noqa: SLF001


SETTINGS = (
    "_template",
    "_resource_json_map",
    "input_parameters",
    "resolved_parameters",
    "lazy_condition_map",
    "no_echo_parameter_keys",
)
"""What moto's map of a stack's members keeps beside them."""


def adopt(situation: Situation, stack: Stack, new: Submitted) -> None:
    """Let a stack have another template and other parameters; nothing is made or changed by that."""
    stack.template, stack.parameters = new.text, dict(new.side.parameters)
    stack.template_dict = type(stack).parse_template(new.text)  # type: ignore[attr-defined]  # moto's static method
    found = stack.resource_map
    found._template, found._resource_json_map = stack.template_dict, stack.template_dict["Resources"]  # noqa: SLF001
    found.input_parameters, found.resolved_parameters = dict(stack.parameters), {}
    found.load_mapping()
    found.load_parameters()
    found.load_conditions()
    for name in ("role_arn", "tags"):
        _take(situation, stack, name)


def _take(situation: Situation, stack: Stack, name: str) -> None:
    tags = situation.parameters.get("Tags")
    if name == "role_arn" and situation.text("RoleARN"):
        stack.role_arn = situation.text("RoleARN")
    elif name == "tags" and isinstance(tags, list) and tags:
        stack.tags = {str(one["Key"]): str(one["Value"]) for one in tags if isinstance(one, dict)}


def settle_outputs(situation: Situation, stack: Stack) -> None:
    """Let outputs and exports be those of the template the stack has now."""
    exports = situation.backend("cloudformation").exports
    for name in [name for name, one in exports.items() if one.exporting_stack_id == stack.stack_id]:
        del exports[name]
    stack.output_map = stack._create_output_map()  # type: ignore[attr-defined]  # noqa: SLF001 - as moto's update does
    for export in stack.exports:
        exports[export.name] = export


def evaluated(stack: Stack, logical_id: str) -> Mapping[str, Any]:
    """Give the properties of a member as moto evaluates them, references to other members included."""
    from moto.cloudformation.parsing import clean_json

    described = stack.template_dict["Resources"][logical_id].get("Properties") or {}
    found: Mapping[str, Any] = clean_json(copy.deepcopy(described), stack.resource_map)
    return found
