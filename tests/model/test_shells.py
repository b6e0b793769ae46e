"""Promise: the tool that runs command lines is found whatever it is called, and is filled as its schema wants."""

from __future__ import annotations

from typing import Any

import pytest

from askfirst.harness.model.exchange import Asked, Call, Message, Role, Tool
from askfirst.harness.model.script import Run, Say
from askfirst.harness.model.shells import NO_SHELL, settled

TEXT: dict[str, Any] = {"type": "string"}


def tool(name: str, *required: str, about: str = "", **fields: Any) -> Tool:
    """Make a tool with these arguments."""
    return Tool(name, {"type": "object", "properties": fields, "required": list(required)} if fields else {}, about)


AT = {"type": "object", "properties": {"line": {"type": "integer"}}, "required": ["line"]}
OFFERED = {
    "Claude Code": (
        [
            tool("BashOutput", "bash_id", bash_id=TEXT),
            tool("Bash", "command", command=TEXT, timeout={"type": "number"}),
        ],
        {"command": "ls"},
    ),
    "Codex": (
        [tool("exec_command", "cmd", cmd=TEXT, yield_time_ms={"type": "number"})],
        {"cmd": "ls", "yield_time_ms": 120_000},
    ),
    "argv": ([tool("shell", "command", command={"type": "array", "items": TEXT})], {"command": ["bash", "-lc", "ls"]}),
    "more is required": (
        [
            tool(
                "terminal",
                *("command", "risk", "why", "again", "at"),
                command=TEXT,
                risk={"type": "string", "enum": ["LOW", "HIGH"]},
                why=TEXT,
                again={"type": ["boolean", "null"]},
                at=AT,
            )
        ],
        {"command": "ls", "risk": "LOW", "why": "Runs a command", "again": False, "at": {"line": 1}},
    ),
}


@pytest.mark.parametrize("name", OFFERED)
def test_the_shell_tool_is_called_as_it_wants(name: str) -> None:
    """By name, with the line where it belongs, and with no more than is required."""
    tools, expected = OFFERED[name]
    call = settled(Asked("m", (), tuple(tools)), Run("ls"), "1")

    assert isinstance(call, Call)
    assert (tools[-1].name, expected) == (call.tool, call.arguments)


def test_without_a_shell_tool_nothing_else_is_called() -> None:
    """A host that takes the shell away gets a text: no other tool stands in for it."""
    tools = (tool("read_file", "path", path=TEXT), tool("exec", about="Runs programs, but has no shell"))

    assert Say(NO_SHELL) == settled(Asked("m", (), tools), Run("ls"), "1")


def test_a_shell_within_a_tool_that_takes_programs_is_used() -> None:
    """The line stands in the program as it is, quotes and all."""
    tools = (tool("exec", about="JavaScript. Such as `await tools.exec_command(...)`"),)
    call = settled(Asked("m", (), tools), Run("""echo "it's" """), "1")

    assert isinstance(call, Call)
    assert r"""tools.exec_command({"cmd": "echo \"it's\" ",""" in call.source


def test_where_only_a_command_ends_the_work_a_text_becomes_one() -> None:
    """mini-swe-agent says so in its prompt, and goes on for ever otherwise."""
    said = Message(Role.USER, "End with: echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT")
    call = settled(Asked("m", (said,), (tool("bash", "command", command=TEXT),)), Say("It's done."), "1")

    assert isinstance(call, Call)
    assert str(call.arguments["command"]).startswith("printf '%s\\n' COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT ")
    assert "It's done." == call.text
