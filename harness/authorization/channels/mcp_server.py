"""An MCP server on standard input and output: ask for approval of a change and wait for the decision, call AWS.

Which tools it offers stands in a file beside it; `call_aws` is for hosts that give their model no shell.
"""

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

TOOLS = "approvals-mcp.json"
CALLING = "aws_calling.py"


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


def called(calling: ModuleType, arguments: Mapping[str, object]) -> tuple[str, bool]:
    """Make a call of AWS; give its answer, and whether it is an error."""
    import boto3

    service, operation = arguments.get("service"), arguments.get("operation")
    parameters, region = arguments.get("parameters") or {}, arguments.get("region")
    if not isinstance(service, str) or not isinstance(operation, str) or not isinstance(parameters, Mapping):
        return "Nothing was called: say service and operation as texts, and parameters as an object", True
    try:
        text = calling.call(
            boto3.Session(), service, operation, dict(parameters), region if isinstance(region, str) else None
        )
    except calling.NoSuchCall as error:
        return str(error), True
    return text, text.startswith("Error: ")


async def serve(here: Path) -> None:
    """Serve until standard input ends."""
    from anyio import to_thread
    from mcp.server import Server
    from mcp.server.stdio import stdio_server
    from mcp.types import CallToolResult, ListToolsResult, TextContent, Tool

    client = _loaded(here / "request-approval")
    offered = [Tool.model_validate(one) for one in json.loads((here / TOOLS).read_text(encoding="utf-8"))]
    names = [one.name for one in offered]

    async def tools(_: ServerRequestContext, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=offered)

    async def call(_: ServerRequestContext, params: CallToolRequestParams) -> CallToolResult:
        if params.name not in names:
            text, wrong = f"there is no tool called {params.name!r}, only {' and '.join(map(repr, names))}", True
        elif params.name == "call_aws":
            calling = _loaded(here / CALLING)
            text, wrong = await to_thread.run_sync(called, calling, params.arguments or {})
        else:
            text, wrong = await to_thread.run_sync(answer, client, params.arguments or {})
        return CallToolResult(content=[TextContent(type="text", text=text)], is_error=wrong)

    server = Server("approvals", on_list_tools=tools, on_call_tool=call)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def _loaded(file: Path) -> ModuleType:
    """Load a file that lies beside this script: it knows how to ask, or to call."""
    sys.dont_write_bytecode = True
    loader = SourceFileLoader(file.stem.replace("-", "_"), str(file))
    spec = spec_from_loader(loader.name, loader)
    if spec is None:
        raise ImportError(file)
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


if __name__ == "__main__":
    import asyncio

    asyncio.run(serve(Path(__file__).parent))
