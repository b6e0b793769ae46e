"""Finds the tool that runs command lines among those an agent offers, and fills its arguments from their schema.

Every agent calls it otherwise and wants other arguments; one script serves them all.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from askfirst.harness.model.exchange import Asked, Call, Role, Tool
from askfirst.harness.model.reading import at, listed, table, word
from askfirst.harness.model.script import Move, Run, Say, Use

if TYPE_CHECKING:
    from pydantic import JsonValue

NAMES = (
    "exec_command",
    "shell_command",
    "shell",
    "bash",
    "run_shell_command",
    "execute_bash",
    "terminal",
    "run_command",
)
LINES = ("command", "cmd", "commands", "script")
"""What the argument is called that takes the line."""

WITHIN = "tools.exec_command"
"""How a tool that takes a program (Codex: `exec`) names the shell tool that is only found within it."""

FINAL = "COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT"
"""An agent whose prompt says this ends by a command that prints it first; a text alone does not end it."""

NO_SHELL = "I cannot run commands here: no tool for that is offered to me."
PATIENCE = 120_000
"""Milliseconds that a tool may wait for a command before it gives back what there is so far."""


def settled(asked: Asked, move: Move, number: str) -> Say | Call:
    """Turn what the script wants into what this agent can do; `number` tells this call from others."""
    if isinstance(move, Say):
        ends_by_command = any(FINAL in one.text for one in asked.messages if one.role in {Role.SYSTEM, Role.USER})
        if not ends_by_command:
            return move
        move = Run(f"printf '%s\\n' {FINAL} {shlex.quote(move.text)}", move.text)
    if isinstance(move, Use):
        # A host puts the name of the server before that of its tools: mcp__ops__call_aws.
        offered = {one.name.rpartition("__")[2]: one.name for one in asked.tools}
        return Call(f"call_{number}", offered.get(move.tool, move.tool), move.arguments, move.text)
    tool = shell_of(asked.tools)
    if tool is not None:
        return Call(f"call_{number}", tool.name, arguments(tool, move.line), move.text)
    scripted = next((one for one in asked.tools if not one.schema and WITHIN in one.about), None)
    if scripted is not None:
        return Call(f"call_{number}", scripted.name, {}, move.text, source=program(move.line))
    return Say(NO_SHELL)


def shell_of(tools: Iterable[Tool]) -> Tool | None:
    """Give the tool that runs command lines, None where none is offered."""
    known = {one.name.lower(): one for one in tools if _line_of(one)}
    return next((known[name] for name in NAMES if name in known), None)


def program(line: str) -> str:
    """Give the program that runs a line, for a tool that takes JavaScript and has the shell tool within."""
    given = json.dumps({"cmd": line, "yield_time_ms": PATIENCE})
    wait = json.dumps({"yield_time_ms": PATIENCE})
    return f"// @exec: {wait}\nconst done = await {WITHIN}({given});\ntext(done.output);"


def arguments(tool: Tool, line: str) -> dict[str, JsonValue]:
    """Give the arguments: the line, and whatever else is required or keeps the tool waiting."""
    takes = _line_of(tool)
    fields = table(at(dict(tool.schema), "properties"))
    as_list = at(fields[takes], "type") == "array"
    given: dict[str, JsonValue] = {takes: ["bash", "-lc", line] if as_list else line}
    needed = set(map(word, listed(at(dict(tool.schema), "required"))))
    for name, schema in fields.items():
        if name.startswith("yield"):
            given[name] = PATIENCE
        elif name in needed and name != takes:
            given[name] = filled(table(schema), "Runs a command")
    return given


def filled(schema: Mapping[str, JsonValue], text: str) -> JsonValue:
    """Give a plausible value for a schema."""
    choices = listed(at(dict(schema), "enum"))
    if choices:
        return choices[0]
    kind = at(dict(schema), "type")
    match kind[0] if isinstance(kind, list) and kind else kind:
        case "object":
            needed = set(map(word, listed(at(dict(schema), "required"))))
            fields = table(at(dict(schema), "properties"))
            return {name: filled(table(one), text) for name, one in fields.items() if name in needed}
        case "array":
            return []
        case "boolean":
            return False
        case "integer" | "number":
            return 1
        case _:
            return text


def _line_of(tool: Tool) -> str:
    """Give the name of the argument that takes the line, '' where there is none."""
    fields = table(at(dict(tool.schema), "properties"))
    return next((one for one in LINES if one in fields), "")
