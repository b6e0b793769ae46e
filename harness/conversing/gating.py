"""A framework that asks before it carries a tool call out: its question is one of its host's gate, and people answer it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING

from askfirst.harness.gates.gate import Gate, ToolCall
from askfirst.harness.gates.lines import needing
from askfirst.harness.tools.making import clean

if TYPE_CHECKING:
    from pydantic import JsonValue


class ToolGate(Gate):
    """The gate of an agent whose tools work in this process: what a call does is seen at the account itself."""

    def started(self, call: ToolCall) -> None:
        """Record nothing: unlike a program of a host, a tool tells the history itself what it could not do."""

    def _wanted(self, call: ToolCall) -> tuple[str, ...]:
        line = line_of(call.tool, call.arguments)
        return needing((line,), self._authority, self._brief.workspace) if line else super()._wanted(call)


def asked_for(number: str, name: object, arguments: object) -> ToolCall:
    """Give a call as a gate reads it, whatever the framework hands over."""
    said = clean(json.dumps(arguments, default=str, sort_keys=True))
    given = json.loads(said)
    tool = clean(str(name))
    return ToolCall(id=number, title=f"{tool} {said}", tool=tool, arguments=given if isinstance(given, dict) else {})


def line_of(tool: str, arguments: Mapping[str, JsonValue]) -> str:
    """Give the line of the AWS CLI that a call of our tools stands for, '' where it is about no AWS call."""
    if tool == "aws":
        return str(arguments.get("command") or "")
    if tool != "call_aws":
        return ""
    parameters = arguments.get("parameters")
    words = ["aws", str(arguments.get("service") or ""), _dashed(str(arguments.get("operation") or ""))]
    for name, value in parameters.items() if isinstance(parameters, dict) else ():
        words += [f"--{_dashed(name)}", value if isinstance(value, str) else json.dumps(value, sort_keys=True)]
    return shlex.join(words)


def _dashed(name: str) -> str:
    """Write a name as the AWS CLI does: DescribeStacks is describe-stacks."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_", "-", name)
    return re.sub("-+", "-", spaced).lower()
