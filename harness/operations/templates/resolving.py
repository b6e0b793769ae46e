"""What the functions of a template come to, given its parameters.

Parameters, pseudo parameters, mappings and conditions are known before an update; what another resource gives, what
another stack exports and what Systems Manager holds is not, and stays in the value as `Reference` or `Unknown`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askfirst.harness.operations.templates.values import Absent, Reference, Unknown, Value, is_plain, plain_text, scalar

if TYPE_CHECKING:
    from pydantic import JsonValue

    from askfirst.harness.operations.templates.reading import Template

RESOLVE = "resolve"
"""The function a dynamic reference `{{resolve:...}}` stands for."""

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the pseudo parameters come to."""

    stack_name: str = ""
    stack_id: str = ""
    account: str = ""
    region: str = "us-east-1"
    partition: str = "aws"

    def pseudo(self) -> Mapping[str, Value]:
        """Give the pseudo parameters by name."""
        suffix = "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
        known = {
            "AWS::StackName": self.stack_name,
            "AWS::StackId": self.stack_id,
            "AWS::AccountId": self.account,
            "AWS::Region": self.region,
            "AWS::Partition": self.partition,
            "AWS::URLSuffix": suffix,
        }
        return {
            "AWS::NoValue": Absent.NO_VALUE,
            "AWS::NotificationARNs": Unknown("AWS::NotificationARNs", None),
            **known,
        }


class Evaluation:
    """Evaluates one template with one set of parameters."""

    def __init__(self, template: Template, parameters: Mapping[str, str], surroundings: Surroundings) -> None:
        """`parameters` are those given; the others have their defaults."""
        self._template = template
        self._names: dict[str, Value] = dict(surroundings.pseudo())
        for name, declared in template.parameters.items():
            given = parameters.get(name, declared.get("Default"))
            self._names[name] = _parameter(name, str(declared.get("Type", "String")), given)
        self._functions: Mapping[str, Callable[[JsonValue], Value]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::FindInMap": self._find_in_map,
            "Fn::If": self._if,
            "Fn::Join": self._join,
            "Fn::Sub": self._sub,
            "Fn::Split": self._split,
            "Fn::Select": self._select,
            "Fn::Base64": self._base64,
            "Fn::ToJsonString": self._to_json,
            "Fn::Length": self._length,
            "Fn::Transform": lambda arguments: Unknown("Fn::Transform", self.value(arguments), fresh=True),
        }

    def condition(self, name: str, *, within: frozenset[str] = frozenset()) -> bool | None:
        """Tell whether a condition holds; None where that cannot be known."""
        if name in within or name not in self._template.conditions:
            return None
        return self._holds(self._template.conditions[name], within | {name})

    def value(self, expression: JsonValue) -> Value:
        """Evaluate as far as possible."""
        if isinstance(expression, list):
            items = [self.value(one) for one in expression]
            return [one for one in items if one is not Absent.NO_VALUE]
        if isinstance(expression, dict):
            if len(expression) == 1:
                ((name, arguments),) = expression.items()
                if name in self._functions:
                    return self._functions[name](arguments)
                if name.startswith("Fn::"):  # Cidr, GetAZs, ImportValue: the same arguments give the same
                    return Unknown(name, self.value(arguments))
            members = {name: self.value(one) for name, one in expression.items()}
            return {name: one for name, one in members.items() if one is not Absent.NO_VALUE}
        if expression is None:
            return None
        text = scalar(expression)
        return Unknown(RESOLVE, text) if "{{resolve:" in text else text

    def _holds(self, expression: JsonValue, within: frozenset[str]) -> bool | None:
        if not isinstance(expression, dict) or len(expression) != 1:
            return None
        ((name, arguments),) = expression.items()
        if name == "Condition":
            return self.condition(str(arguments), within=within)
        if not isinstance(arguments, list):
            return None
        if name == "Fn::Equals" and len(arguments) == 2:
            left, right = (self.value(one) for one in arguments)
            if is_plain(left) and is_plain(right):
                return plain_text(left) == plain_text(right)
            return None
        parts = [self._holds(one, within) for one in arguments]
        if name == "Fn::Not" and len(parts) == 1:
            return None if parts[0] is None else not parts[0]
        if name in {"Fn::And", "Fn::Or"}:
            decisive = name == "Fn::Or"
            return decisive if decisive in parts else None if None in parts else not decisive
        return None

    def _ref(self, arguments: JsonValue) -> Value:
        name = str(arguments)
        if name in self._names:
            return self._names[name]
        return Reference(name) if name in self._template.resources else Unknown("Ref", name)

    def _get_att(self, arguments: JsonValue) -> Value:
        parts = arguments.split(".", 1) if isinstance(arguments, str) else arguments
        if isinstance(parts, list) and len(parts) >= 2:
            name, attribute = parts[0], self.value(parts[1])
            rest = ".".join(str(one) for one in parts[2:])
            if isinstance(name, str) and isinstance(attribute, str):
                return Reference(name, f"{attribute}.{rest}" if rest else attribute)
        return Unknown("Fn::GetAtt", self.value(arguments))

    def _find_in_map(self, arguments: JsonValue) -> Value:
        values = self.value(arguments)
        if isinstance(values, list) and len(values) >= 3:
            found: JsonValue = dict(self._template.mappings)
            for key in values[:3]:
                if not isinstance(key, str) or not isinstance(found, dict) or key not in found:
                    break
                found = found[key]
            else:
                return self.value(found)
            default = values[3] if len(values) > 3 else None
            if isinstance(default, dict) and "DefaultValue" in default and is_plain(values[:3]):
                return default["DefaultValue"]
        return Unknown("Fn::FindInMap", values)

    def _if(self, arguments: JsonValue) -> Value:
        if not isinstance(arguments, list) or len(arguments) != 3:
            return Unknown("Fn::If", self.value(arguments))
        holds = self.condition(str(arguments[0]))
        if holds is None:
            return Unknown("Fn::If", [str(arguments[0]), self.value(arguments[1]), self.value(arguments[2])])
        return self.value(arguments[1] if holds else arguments[2])

    def _join(self, arguments: JsonValue) -> Value:
        values = self.value(arguments)
        if isinstance(values, list) and len(values) == 2 and isinstance(values[0], str) and isinstance(values[1], list):
            pieces: list[Value] = []
            for one in values[1]:
                pieces += [values[0], one] if pieces else [one]
            return _joined(pieces)
        return Unknown("Fn::Join", values)

    def _sub(self, arguments: JsonValue) -> Value:
        text: JsonValue = arguments
        own: dict[str, Value] = {}
        if isinstance(arguments, list) and len(arguments) == 2 and isinstance(arguments[1], dict):
            text, own = arguments[0], {name: self.value(one) for name, one in arguments[1].items()}
        if not isinstance(text, str):
            return Unknown("Fn::Sub", self.value(arguments))
        pieces: list[Value] = []
        end = 0
        for found in _PLACEHOLDER.finditer(text):
            pieces.append(text[end : found.start()])
            end = found.end()
            name = found.group(1).strip()
            if name.startswith("!"):
                pieces.append(f"${{{name[1:]}}}")
            elif name in own:
                pieces.append(own[name])
            else:
                pieces.append(self._get_att(name) if "." in name else self._ref(name))
        return _joined([*pieces, text[end:]])

    def _split(self, arguments: JsonValue) -> Value:
        values = self.value(arguments)
        if isinstance(values, list) and len(values) == 2:
            delimiter, text = values
            if isinstance(delimiter, str) and delimiter and isinstance(text, str):
                return list(text.split(delimiter))
        return Unknown("Fn::Split", values)

    def _select(self, arguments: JsonValue) -> Value:
        values = self.value(arguments)
        if isinstance(values, list) and len(values) == 2:
            index, items = values
            if isinstance(index, str) and index.isdigit() and isinstance(items, list) and int(index) < len(items):
                return items[int(index)]
        return Unknown("Fn::Select", values)

    def _base64(self, arguments: JsonValue) -> Value:
        value = self.value(arguments)
        return base64.b64encode(value.encode()).decode() if isinstance(value, str) else Unknown("Fn::Base64", value)

    def _to_json(self, arguments: JsonValue) -> Value:
        value = self.value(arguments)
        return plain_text(value) if is_plain(value) else Unknown("Fn::ToJsonString", value)

    def _length(self, arguments: JsonValue) -> Value:
        value = self.value(arguments)
        return str(len(value)) if isinstance(value, list) else Unknown("Fn::Length", value)


def _parameter(name: str, kind: str, given: JsonValue) -> Value:
    if given is None:
        return Unknown("Ref", name)
    if kind.startswith("AWS::SSM::Parameter::Value"):
        return Unknown("AWS::SSM::Parameter::Value", str(given), fresh=True)
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        items = given if isinstance(given, list) else scalar(given).split(",")
        return [scalar(one).strip() for one in items]
    return scalar(given)


def _joined(pieces: list[Value]) -> Value:
    """Put pieces of text together; where not all are known, what is known stays in as few pieces as possible."""
    merged: list[Value] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece != "":
            merged.append(piece)
    if not merged:
        return ""
    return merged[0] if len(merged) == 1 else Unknown("Fn::Join", merged)
