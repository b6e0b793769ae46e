"""`openai-agents`: an agent of the OpenAI Agents SDK (the package `openai-agents`), with its own approvals of tools.

def build(brief):
    return sdk.Agent(name="ops", instructions=..., tools=[*own_tools, *tools_of(toolbox(brief))], model=...)

run_trial("cost-explorer-december", OpenAIAgentsAgent(build))
"""

from __future__ import annotations

import asyncio
import json
import types
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from askfirst.harness.conversing.budget import Spending, Used
from askfirst.harness.conversing.gating import ToolGate, asked_for
from askfirst.harness.conversing.loop import SYSTEM
from askfirst.harness.conversing.own import GATED, OwnAgent, closed, held, package
from askfirst.harness.conversing.settings import needs, openai_place
from askfirst.harness.tools.kit import Toolbox, toolbox

if TYPE_CHECKING:
    from askfirst.harness.agent import Agent
    from askfirst.harness.brief import Brief
    from askfirst.harness.scenario import Scenario


@dataclass(frozen=True, slots=True)
class OpenAIAgentsAgent(OwnAgent):
    """An agent of that SDK. What needs an approval (`needs_approval`) is put to the people; 'always' is never said."""

    KIND: ClassVar[str] = "openai-agents"

    def run(self, brief: Brief) -> str:
        """Run it to its end; give its last text."""
        sdk = package("agents")
        sdk.set_tracing_disabled(True)
        agent, gate = self.build(brief), ToolGate(brief, channel=self.KIND)
        spending = Spending(self.budget, brief.witness.record)
        said: list[Any] = []

        async def before(*_: object, **__: object) -> None:
            spending.before_a_turn()

        async def after(_: object, __: object, ___: object, response: Any) -> None:  # noqa: ANN401 - the SDK's own
            spending.used(Used.told(response.usage, "input_tokens", "output_tokens"))

        watching = {"on_llm_start": before, "on_llm_end": after}
        hooks = types.new_class("Hooks", (sdk.RunHooks,), exec_body=lambda body: body.update(watching))()

        with asyncio.Runner() as loop:

            def say(text: str) -> str:
                said.append({"role": "user", "content": text})
                given: Any = list(said)
                while True:
                    result = loop.run(sdk.Runner.run(agent, given, hooks=hooks, max_turns=self.budget.turns + 1))
                    if not result.interruptions:
                        said[:] = result.to_input_list()
                        return str(result.final_output or "")
                    given = result.to_state()
                    for item in result.interruptions:
                        answer = gate.answer(asked_for(str(item.call_id), item.name, _read(item.arguments)))
                        if answer.allowed:
                            given.approve(item)
                        else:
                            given.reject(item, rejection_message=answer.because)

            try:
                return held(brief, self.budget, say)
            finally:
                loop.run(closed(getattr(agent, "model", None)))


def tools_of(box: Toolbox, *, gated: bool = False) -> list[Any]:
    """Give our tools as the SDK's; with `gated` it asks before those that call AWS."""
    sdk = package("agents")

    def made(name: str) -> Any:  # noqa: ANN401 - the SDK's own
        async def call(_: object, arguments: str) -> str:
            return box.call(name, arguments)

        return call

    return [
        sdk.FunctionTool(
            name=one.name,
            description=one.description,
            params_json_schema=dict(one.parameters),
            on_invoke_tool=made(one.name),
            strict_json_schema=False,
            needs_approval=gated and one.name in GATED,
        )
        for one in box.tools
    ]


def _read(arguments: object) -> object:
    try:
        return json.loads(arguments) if isinstance(arguments, str) else arguments
    except ValueError:
        return {}


def available() -> Iterable[tuple[str, str]]:
    """Describe the one form of name."""
    return [("MODEL", "the OpenAI Agents SDK with our tools, at OPENAI_BASE_URL; it asks before it calls AWS")]


def make(argument: str, scenario: Scenario) -> Agent:
    """Make the agent; what is missing raises `UsageError`."""
    from askfirst.harness.policy import Trust

    needs("agents", "openai-agents", "openai-agents")
    url, key = openai_place(f"openai-agents:{argument}", argument)
    gated = scenario.trust is Trust.GATE_ON

    def build(brief: Brief) -> object:
        return agent_of(brief, argument, url, key, gated=gated)

    return OpenAIAgentsAgent(build, argument)


def agent_of(brief: Brief, model: str, url: str, key: str, *, gated: bool) -> object:
    """Give an agent with our tools and a model that speaks chat completions."""
    from openai import AsyncOpenAI

    sdk = package("agents")

    speaks = sdk.OpenAIChatCompletionsModel(model, AsyncOpenAI(base_url=url, api_key=key))
    return sdk.Agent(name="ops", instructions=SYSTEM, tools=tools_of(toolbox(brief), gated=gated), model=speaks)
