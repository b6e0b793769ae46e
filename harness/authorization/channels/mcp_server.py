"""An MCP server on standard input and output. It offers one tool: ask for approval of a change and wait for the decision."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mcp.server import ServerRequestContext
    from mcp.types import CallToolRequestParams, CallToolResult, ListToolsResult, PaginatedRequestParams

TOOL = "approvals-mcp.json"


def answer(client: ModuleType, arguments: Mapping[str, object]) -> tuple[str, bool]:
    """Make a request; give the text for the model, and whether it is an error."""
    address = os.environ.get(client.ADDRESS, "")
    if not address:
        return f"{client.ADDRESS} is not set: there is nobody to ask from here", True
    try:
        told = client.exchange(address, arguments)
    except client.Down as error:
        return f"{error}; nothing was approved", True
    if "decision" in told:
        return f"{told['text']}\n{json.dumps(told['decision'])}", False
    if "refused" in told:
        return f"Nothing was asked: {told['refused']}", True
    return f"The request could not be delivered, and nothing is approved: {told.get('down')}", True


async def serve(here: Path) -> None:
    """Serve until standard input ends."""
    from anyio import to_thread
    from mcp.server import Server
    from mcp.server.stdio import stdio_server
    from mcp.types import CallToolResult, ListToolsResult, TextContent, Tool

    client = _client(here / "request-approval")
    tool = Tool.model_validate(json.loads((here / TOOL).read_text(encoding="utf-8")))

    async def tools(_: ServerRequestContext, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[tool])

    async def call(_: ServerRequestContext, params: CallToolRequestParams) -> CallToolResult:
        if params.name != tool.name:
            text, wrong = f"there is no tool called {params.name!r}, only {tool.name!r}", True
        else:
            text, wrong = await to_thread.run_sync(answer, client, params.arguments or {})
        return CallToolResult(content=[TextContent(type="text", text=text)], is_error=wrong)

    server = Server("approvals", on_list_tools=tools, on_call_tool=call)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def _client(command: Path) -> ModuleType:
    """Load the command that lies beside this script: it knows how to ask."""
    sys.dont_write_bytecode = True
    loader = SourceFileLoader("request_approval", str(command))
    spec = spec_from_loader(loader.name, loader)
    if spec is None:
        raise ImportError(command)
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


if __name__ == "__main__":
    import asyncio

    asyncio.run(serve(Path(__file__).parent))
