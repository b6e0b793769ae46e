"""Promise: whichever way an agent asks, it is the same request, and people give the same decision."""

from __future__ import annotations

import importlib.util
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from askfirst.harness.authorization.channels.elicitation import elicitation_callback
from askfirst.harness.authorization.channels.tool import request_authorization_tool
from askfirst.harness.events import AskedBy, Decided, Granted, Requested
from askfirst.harness.trial import Trial

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

Ask = Callable[["Brief", str, Callable[..., Any]], object]

REASON = "the row of November is missing"
LINES = {
    "allowed": "aws dynamodb put-item --table-name costs --item file://row.json",
    "forbidden": "aws dynamodb delete-table --table-name costs",
    "not understood": "aws dynamodb frobnicate-table --table-name costs",
}


def _in_process(brief: Brief, line: str, _: Callable[..., Any]) -> None:
    brief.request_authorization([line], [], REASON)


def _by_command(brief: Brief, line: str, request_approval: Callable[..., Any]) -> None:
    request_approval(brief, line, "--reason", REASON)


def _by_tool(brief: Brief, line: str, _: Callable[..., Any]) -> None:
    request_authorization_tool(brief).call({"actions": [line], "reason": REASON})


def _by_yaml(brief: Brief, line: str, _: Callable[..., Any]) -> None:
    folder = brief.workspace / "change-requests"
    folder.mkdir()
    (folder / "row.yaml").write_text(json.dumps({"actions": line, "reason": REASON}))
    time.sleep(3600)


def _by_markdown(brief: Brief, line: str, _: Callable[..., Any]) -> None:
    folder = brief.workspace / "change-requests"
    folder.mkdir()
    (folder / "row.md").write_text(f"# A row\n\n## Action\n\n```\n{line}\n```\n\n## Reason\n\n{REASON}\n")
    time.sleep(3600)


async def _by_mcp(brief: Brief, line: str, _: Callable[..., Any]) -> None:
    from mcp import Client, StdioServerParameters, stdio_client

    server = brief.mcp_server()
    parameters = StdioServerParameters(command=server.command, env=dict(server.env))
    async with Client(stdio_client(parameters)) as client:
        await client.call_tool("request_approval", {"actions": [line], "reason": REASON})


async def _by_elicitation(brief: Brief, line: str, _: Callable[..., Any]) -> None:
    from mcp.types import ElicitRequestFormParams

    callback: Any = elicitation_callback(brief)
    await callback(None, ElicitRequestFormParams(message=f"May I run '{line}'?", requested_schema={}))


WAYS: dict[str, tuple[Ask, str, AskedBy]] = {
    "in process": (_in_process, "brief", AskedBy.AGENT),
    "command": (_by_command, "command", AskedBy.AGENT),
    "tool": (_by_tool, "tool", AskedBy.AGENT),
    "yaml": (_by_yaml, "file", AskedBy.AGENT),
    "markdown": (_by_markdown, "file", AskedBy.AGENT),
    "mcp": (_by_mcp, "mcp", AskedBy.AGENT),
    "elicitation": (_by_elicitation, "elicitation", AskedBy.GATE),
}


@pytest.fixture
def asked(drop: Callable[..., Trial], request_approval: Callable[..., Any]) -> Callable[[str, str], Any]:
    """Ask in one way for one thing; give the request, and what was decided about it and when."""

    def ask(way: str, line: str) -> Any:
        history = drop(lambda brief: WAYS[way][0](brief, line, request_approval)).history
        (request,) = [event for _, event in history.of(Requested)]
        decided = [(entry.at - history.header.started, event) for entry, event in history.of(Decided)]
        granted = [(entry.at - history.header.started, event) for entry, event in history.of(Granted)]
        return request, decided, granted

    return ask


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("what", LINES)
def test_every_way_to_ask_comes_to_the_same(asked: Callable[[str, str], Any], way: str, what: str) -> None:
    """The same scope, the same answer by the same person after the same time, the same grant; the way is recorded."""
    if way in {"mcp", "elicitation"} and importlib.util.find_spec("mcp") is None:
        pytest.skip("the extra mcp is not installed")
    _, channel, asked_by = WAYS[way]
    request, decided, granted = asked(way, LINES[what])
    expected, decided_in_process, granted_in_process = asked("in process", LINES[what])

    assert (channel, asked_by) == (request.channel, request.asked_by)
    assert (expected.scope, expected.actions, expected.requester) == (request.scope, request.actions, request.requester)
    assert (decided_in_process, granted_in_process) == (decided, granted)
    assert (what == "allowed") is bool(granted)
    assert timedelta(minutes=1 if what == "not understood" else 5) == decided[0][0]
