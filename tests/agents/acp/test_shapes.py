"""Promise: what agents say of a tool call is read the same, whichever agent says it, and no answer silences a gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.harness.gates import acp_shapes as shapes
from askfirst.harness.gates.acp_calls import Calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from askfirst.harness.gates.gate import ToolCall

DELETE = "aws s3api delete-bucket --bucket prod-data"
PLACE = "[current working directory /w/x]"

CALLS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "claude": (
        {"kind": "execute", "title": f"`{DELETE}`", "rawInput": {"command": DELETE, "description": "x"}},
        (DELETE,),
    ),
    "codex": ({"kind": "execute", "rawInput": {"command": ["/bin/bash", "-lc", DELETE]}}, ("/bin/bash", "-lc", DELETE)),
    "gemini": ({"kind": "execute", "title": f"{DELETE} {PLACE} (Delete the bucket)"}, (DELETE,)),
    "gemini without a folder": ({"kind": "execute", "title": f"{DELETE} (Delete the bucket)"}, (DELETE,)),
    "gemini in a folder": ({"kind": "execute", "title": f"{DELETE} [in infra]"}, (DELETE,)),
    "a title in backticks": ({"title": f"`{DELETE}`"}, (DELETE,)),
    "kiro's shell": ({"kind": "execute", "title": "Running", "rawInput": {"command": DELETE}}, (DELETE,)),
    "kiro's aws": (
        {
            "title": "use_aws",
            "rawInput": {
                "service_name": "s3api",
                "operation_name": "DeleteBucket",
                "parameters": {"Bucket": "prod-data"},
                "region": "eu-west-1",
            },
        },
        (*DELETE.split(), "--region", "eu-west-1"),
    ),
    "a tool of an MCP server": ({"title": "call_aws", "rawInput": {"cli_command": DELETE}}, (DELETE,)),
    "an edit": ({"kind": "edit", "title": "Write template.yaml"}, ()),
    "a read": ({"kind": "read", "title": "Read template.yaml", "rawInput": {"path": "template.yaml"}}, ()),
    "nothing": ({}, ()),
    "wrong types": ({"title": 7, "rawInput": [1], "kind": None, "toolCallId": {}}, ()),
}


@pytest.mark.parametrize("agent", CALLS)
def test_the_command_is_found_wherever_an_agent_puts_it(agent: str) -> None:
    """In `rawInput` as a text, a list or an operation, else in the title."""
    call, line = CALLS[agent]

    assert line == shapes.tool_call(call).line


def test_the_deletion_of_a_file_is_read_as_one() -> None:
    """A tool that deletes says which file in its locations, where it gives no arguments."""
    call = shapes.tool_call({"kind": "delete", "title": "Delete", "locations": [{"path": "infra/main.tf"}]})

    assert ("delete_file", {"path": "infra/main.tf"}) == (call.tool, call.arguments)


def test_always_is_never_chosen() -> None:
    """Neither an option to allow for always, nor one whose kind is not known, is read as a yes."""
    offered: list[Any] = [{"optionId": one, "kind": one} for one in ("allow_always", "reject_always", "allow_forever")]

    found = shapes.options({"options": offered})

    assert ("", "", "reject_always") == (found.allow_once, found.reject_once, found.reject)
    assert {"outcome": {"outcome": "cancelled"}} == shapes.chosen(found.allow_once)


PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
NAMES = st.sampled_from(
    ["command", "kind", "title", "options", "optionId", "parameters", "service_name", "operation_name"]
)
NESTED = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(NAMES, PLAIN, max_size=3)
ANYTHING = NESTED | st.lists(NESTED, max_size=3) | st.dictionaries(NAMES, NESTED, max_size=4)
FIELDS = st.dictionaries(
    st.sampled_from(["toolCallId", "kind", "title", "rawInput", "locations", "status", "options", "sessionUpdate"]),
    ANYTHING,
)


@given(FIELDS)
def test_nothing_an_agent_sends_breaks_the_reader(said: dict[str, Any]) -> None:
    """Whatever stands in the fields, something is read, and always is not chosen."""
    call = shapes.tool_call(said)

    assert isinstance(call.words, str)
    assert all(isinstance(one, str) for one in call.line)
    assert shapes.options(said).allow_once != "allow_always"


def told(*updates: dict[str, Any], watched: bool = False) -> list[str]:
    """Give the calls that are told of, of some announcements; one with `options` is a permission request, {} a wait."""
    found: list[ToolCall] = []
    waiting: list[Callable[[], None]] = []
    calls = Calls(found.append, waiting.append, watched=watched)
    for update in updates:
        if not update:
            for one in waiting:
                one()
        elif "options" in update:
            calls.asked(update)
        else:
            calls.heard(update)
    calls.end_turn()
    return [one.words for one in found]


ID = {"toolCallId": "c-1"}
RUNS = {"rawInput": {"command": "ls"}, "status": "in_progress"}

STORIES: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "announced, then run": ([{**ID, "title": "Terminal"}, {**ID, **RUNS}, {**ID, "status": "completed"}], ["ls"]),
    "announced in two parts": ([{**ID, "title": "Terminal", "status": "in_progress"}, {**ID, **RUNS}], ["ls"]),
    "asked about": ([{**ID, "title": "Terminal"}, {**ID, "options": []}, {**ID, **RUNS}], []),
    "runs, then asked about": ([{**ID, **RUNS}, {**ID, "options": []}, {}], []),
    "runs, and nobody is asked": ([{**ID, **RUNS}, {}, {}], ["ls"]),
    "never heard of again": ([{**ID, "rawInput": {"command": "ls"}, "status": "pending"}], ["ls"]),
    "a name used again": (
        [
            {**ID, **RUNS},
            {**ID, "status": "completed"},
            {**ID, "sessionUpdate": "tool_call", "rawInput": {"command": "pwd"}, "status": "completed"},
        ],
        ["ls", "pwd"],
    ),
    "without names": ([{**RUNS}, {}, {"rawInput": {"command": "pwd"}, "status": "completed"}], ["ls", "pwd"]),
}


@pytest.mark.parametrize("story", STORIES)
def test_each_call_that_goes_on_is_told_once(story: str) -> None:
    """However many messages it takes to say it; of what the gate was asked about, the gate tells."""
    updates, expected = STORIES[story]

    assert expected == told(*updates)


def test_of_a_line_that_has_run_the_sandbox_has_told() -> None:
    """Where programs are read as they start; one that failed may never have been started."""
    done, failed = ({**ID, "rawInput": {"command": "ls"}, "status": one} for one in ("completed", "failed"))

    assert [] == told(done, watched=True)
    assert ["ls"] == told(failed, watched=True)
    assert ["ls"] == told({**ID, **RUNS}, {}, done, watched=True)
