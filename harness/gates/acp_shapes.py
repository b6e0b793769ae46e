"""What messages of the Agent Client Protocol (version 1) say. Where agents differ, they differ in `tool_call`.

https://agentclientprotocol.com/protocol/v1: nothing here relies on a field that an agent may leave out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from askfirst.harness.gates.gate import ToolCall
from askfirst.harness.offwire.tool_calls import COMMANDS

if TYPE_CHECKING:
    from pydantic import JsonValue

    Fields = Mapping[str, JsonValue]

NO_LINE: Final = frozenset({"delete", "edit", "fetch", "move", "read", "search", "switch_mode", "think"})
"""Kinds of tools whose title is no command line."""

BESIDE: Final = re.compile(r"(\s+\[(?:current working directory|in)\b[^\]]*\])(?:\s+\([^()]*\))?\s*$")
"""What Gemini CLI writes behind a command: the folder, and what the model says it is for."""

DESCRIBED: Final = re.compile(r"^(aws\s.*?)\s+\([A-Z][^()]*\)\s*$", re.DOTALL)


def fields(value: JsonValue) -> Fields:
    """Give an object's members; none for what is no object."""
    return value if isinstance(value, dict) else {}


def text(value: JsonValue) -> str:
    """Give a text; '' for what is none."""
    return value if isinstance(value, str) else ""


def tool_call(call: Fields) -> ToolCall:
    """Read what an agent wants to do. Each agent says it in a way of its own:

    Claude and OpenCode: `rawInput.command` is a shell text. Codex: `rawInput.command` is a list of words, a login shell
    first. Gemini CLI: no `rawInput`, the title is the command, with folder and description behind. Kiro: `execute_bash`
    has a command; `use_aws` has service, operation and parameters. Tools of MCP servers: whatever their schema says.
    """  # noqa: D415 - a list
    name, title, kind = text(call.get("toolCallId")), text(call.get("title")), text(call.get("kind"))
    raw = fields(call.get("rawInput"))
    line = _command(raw) or _aws_tool(raw)
    if not line and not raw and title and kind not in NO_LINE:
        line = (_of_title(title),)
    tool = "" if line else "delete_file" if kind == "delete" else title or kind
    arguments = dict(raw)
    if kind == "delete" and not arguments:
        arguments = {"path": next((text(fields(one).get("path")) for one in _list(call.get("locations"))), "")}
    return ToolCall(id=name, title=title, line=line, tool=tool, arguments=arguments)


def _command(raw: Fields) -> tuple[str, ...]:
    for key, value in raw.items():
        if key.lower().replace("-", "_") in COMMANDS:
            words = [one for one in _list(value) if isinstance(one, str)]
            if isinstance(value, str) and value.strip():
                return (value.strip(),)
            if words:
                return tuple(words)
    return ()


def _aws_tool(raw: Fields) -> tuple[str, ...]:
    """Write the call of a tool such as Kiro's `use_aws` as the line of the AWS command line that says the same."""
    service, operation = text(raw.get("service_name")), text(raw.get("operation_name"))
    if not service or not operation:
        return ()
    words = ["aws", service, re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", "-", operation).lower()]
    for name, value in fields(raw.get("parameters")).items():
        option = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", "-", name.lstrip("-")).lower()
        values = [one if isinstance(one, str) else str(one) for one in (_list(value) or [value])]
        words += [f"--{option}", *(one for one in values if one)]
    region = text(raw.get("region"))
    return (*words, *(("--region", region) if region else ()))


def _of_title(title: str) -> str:
    plain = BESIDE.sub("", title.strip().strip("`").strip())
    found = DESCRIBED.match(plain)
    return found[1] if found else plain


def _list(value: JsonValue) -> Sequence[JsonValue]:
    return value if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Options:
    """The answers that a permission request offers, by what they do; '' where it offers none."""

    allow_once: str
    reject_once: str
    reject_always: str

    @property
    def reject(self) -> str:
        """How to say no."""
        return self.reject_once or self.reject_always


def options(params: Fields) -> Options:
    """Read what may be answered. 'allow_always' is left out: whoever takes it is never asked again."""
    found: dict[str, str] = {}
    for one in _list(params.get("options")):
        option = fields(one)
        found.setdefault(text(option.get("kind")), text(option.get("optionId")))
    return Options(*(found.get(kind, "") for kind in ("allow_once", "reject_once", "reject_always")))


def chosen(option: str) -> dict[str, JsonValue]:
    """Answer a permission request with an option, '' for none of them."""
    if not option:
        return {"outcome": {"outcome": "cancelled"}}
    return {"outcome": {"outcome": "selected", "optionId": option}}
