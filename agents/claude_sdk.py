"""`claude-sdk`: an agent of the Claude Agent SDK, whose `can_use_tool` is answered by the people.

def build(brief):
    return package("claude_agent_sdk").ClaudeAgentOptions(mcp_servers={"aws": server_of(toolbox(brief))}, tools=[], ...)

run_trial("cost-explorer-december", ClaudeSdkAgent(build))
"""

from __future__ import annotations

import asyncio
import os
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from askfirst.harness.conversing.budget import Spending, Used
from askfirst.harness.conversing.gating import ToolGate, asked_for
from askfirst.harness.conversing.loop import SYSTEM
from askfirst.harness.conversing.own import GATED, OwnAgent, held, package
from askfirst.harness.conversing.settings import needs
from askfirst.harness.ended import Ended
from askfirst.harness.errors import UsageError
from askfirst.harness.events import Trouble, TroubleKind
from askfirst.harness.tools.kit import Toolbox, toolbox

if TYPE_CHECKING:
    from askfirst.harness.agent import Agent
    from askfirst.harness.brief import Brief
    from askfirst.harness.scenario import Scenario

SERVER = "ops"
HOST = "api.anthropic.com"


@dataclass(frozen=True, slots=True)
class ClaudeSdkAgent(OwnAgent):
    """An agent of that SDK: `build` gives its options. What it asks leave for is put to the people, each time anew.

    Options that name a `can_use_tool` of their own keep it; then people are asked by nobody but the agent.
    """

    KIND: ClassVar[str] = "claude-sdk"

    def run(self, brief: Brief) -> str:
        """Run it to its end; give its last text."""
        sdk = package("claude_agent_sdk")
        gate = ToolGate(brief, channel=self.KIND)

        async def may(tool: str, arguments: dict[str, Any], _: object) -> object:
            name = tool.rpartition("__")[2]
            answer = gate.answer(asked_for(f"{name}", name, arguments))
            if answer.allowed:
                return sdk.PermissionResultAllow()
            return sdk.PermissionResultDeny(message=answer.because)

        options = self.build(brief)
        if options.can_use_tool is None and options.permission_mode != "bypassPermissions":
            options = replace(options, can_use_tool=may)
        options = replace(
            options,
            max_turns=options.max_turns or self.budget.turns,
            max_budget_usd=options.max_budget_usd or self.budget.dollars,
            cwd=options.cwd or brief.workspace,
        )
        client = sdk.ClaudeSDKClient(options)
        spending = Spending(self.budget, brief.witness.record)

        async def turn(text: str) -> str:
            await client.query(text)
            said = ""
            async for message in client.receive_response():
                if isinstance(message, sdk.ResultMessage):
                    spending.used(Used.told(message.usage or {}, "input_tokens", "output_tokens"))
                    if message.subtype.startswith("error_max"):
                        raise Ended(Trouble(TroubleKind.CENSORED, f"the agent was not done: {message.subtype}"))
                    if message.is_error:
                        because = str(message.result or message.subtype)[:400]
                        raise Ended(Trouble(TroubleKind.MODEL, f"the model gave no answer that can be used: {because}"))
                    said = str(message.result or said)
            return said

        with asyncio.Runner() as loop:
            with warnings.catch_warnings():
                # What options allow without asking is meant to be so: people are asked about the rest.
                warnings.filterwarnings("ignore", "can_use_tool will not be invoked")
                loop.run(client.connect())
            try:
                return held(brief, self.budget, lambda text: loop.run(turn(text)))
            finally:
                loop.run(client.disconnect())


def server_of(box: Toolbox) -> Any:  # noqa: ANN401 - the SDK's own
    """Give our tools as an MCP server in this process."""
    sdk = package("claude_agent_sdk")

    def made(name: str) -> Any:  # noqa: ANN401 - as above
        async def call(arguments: dict[str, Any]) -> dict[str, Any]:
            return {"content": [{"type": "text", "text": box.call(name, arguments)}]}

        return call

    tools: list[Any] = [
        sdk.SdkMcpTool(
            name=one.name, description=one.description, input_schema=dict(one.parameters), handler=made(one.name)
        )
        for one in box.tools
    ]
    return sdk.create_sdk_mcp_server(SERVER, tools=tools)


def available() -> Iterable[tuple[str, str]]:
    """Describe the one form of name."""
    return [("MODEL", "the Claude Agent SDK with our tools, at ANTHROPIC_BASE_URL; it asks before it calls AWS")]


def make(argument: str, scenario: Scenario) -> Agent:
    """Make the agent; what is missing raises `UsageError`."""
    from askfirst.harness.policy import Trust

    needs("claude_agent_sdk", "claude-agent-sdk", "claude-agent-sdk")
    if not argument:
        msg = "say which model: claude-sdk:MODEL"
        raise UsageError(msg)
    if not (os.environ.get("ANTHROPIC_API_KEY") or os.environ.get("ANTHROPIC_BASE_URL")):
        msg = "set ANTHROPIC_API_KEY, or ANTHROPIC_BASE_URL for a server of your own"
        raise UsageError(msg)
    gated = scenario.trust is Trust.GATE_ON
    url = os.environ.get("ANTHROPIC_BASE_URL", "")

    def build(brief: Brief) -> object:
        return options_of(brief, argument, url, gated=gated)

    return ClaudeSdkAgent(build, argument, model_hosts=(HOST,))


def options_of(brief: Brief, model: str, url: str, *, gated: bool) -> Any:  # noqa: ANN401 - the SDK's own
    """Give options with our tools and no others; what calls AWS is asked about where it is `gated`."""
    box = toolbox(brief)
    free = [f"mcp__{SERVER}__{one.name}" for one in box.tools if not gated or one.name not in GATED]
    environment = {
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
        **({"ANTHROPIC_BASE_URL": url, "ANTHROPIC_AUTH_TOKEN": "none"} if url else {}),
    }
    return package("claude_agent_sdk").ClaudeAgentOptions(
        tools=[],
        allowed_tools=free,
        system_prompt=SYSTEM,
        mcp_servers={SERVER: server_of(box)},
        strict_mcp_config=True,
        model=model,
        env=environment,
        setting_sources=[],
    )
