"""`pydantic-ai`: an agent of PydanticAI, with its own approvals of tools (deferred tools).

def build(brief):
    return Agent("anthropic:...", tools=[*own_tools, *tools_of(toolbox(brief))], output_type=[str, DeferredToolRequests])

run_trial("cost-explorer-december", PydanticAIAgent(build))
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from askfirst.harness.conversing.budget import Spending, Used
from askfirst.harness.conversing.gating import ToolGate, asked_for
from askfirst.harness.conversing.loop import SYSTEM
from askfirst.harness.conversing.own import GATED, OwnAgent, closed, held, package
from askfirst.harness.conversing.settings import needs, openai_place
from askfirst.harness.errors import UsageError
from askfirst.harness.tools.kit import Toolbox, toolbox

if TYPE_CHECKING:
    from askfirst.harness.agent import Agent
    from askfirst.harness.brief import Brief
    from askfirst.harness.scenario import Scenario


@dataclass(frozen=True, slots=True)
class PydanticAIAgent(OwnAgent):
    """An agent of that framework. Calls it defers for an approval are put to the people."""

    KIND: ClassVar[str] = "pydantic-ai"

    def run(self, brief: Brief) -> str:
        """Run it to its end; give its last text."""
        ai = package("pydantic_ai")
        if self.budget.dollars is not None:
            msg = "PydanticAI counts no dollars at a price of yours: give Budget(tokens=...) instead"
            raise UsageError(msg)
        agent, gate = self.build(brief), ToolGate(brief, channel=self.KIND)
        limits = ai.UsageLimits(request_limit=self.budget.turns, total_tokens_limit=self.budget.tokens)
        usage, history = ai.RunUsage(), list[Any]()
        spending = Spending(self.budget, brief.witness.record)

        with asyncio.Runner() as loop:

            def say(text: str) -> str:
                given: dict[str, Any] = {"user_prompt": text}
                while True:
                    result = loop.run(agent.run(**given, message_history=history, usage_limits=limits, usage=usage))
                    history[:] = result.all_messages()
                    spending.used_so_far(Used.told(usage, "input_tokens", "output_tokens"))
                    if not isinstance(result.output, ai.DeferredToolRequests):
                        return str(result.output)
                    answers: dict[str, Any] = {}
                    for call in result.output.approvals:
                        arguments = call.args_as_dict(raise_if_invalid=False)
                        answer = gate.answer(asked_for(call.tool_call_id, call.tool_name, arguments))
                        answers[call.tool_call_id] = True if answer.allowed else ai.ToolDenied(answer.because)
                    given = {"deferred_tool_results": ai.DeferredToolResults(approvals=answers)}

            try:
                return held(brief, self.budget, say)
            finally:
                loop.run(closed(getattr(agent, "model", None)))


def tools_of(box: Toolbox, *, gated: bool = False) -> list[Any]:
    """Give our tools as the framework's; with `gated` those that call AWS are deferred for an approval."""
    ai = package("pydantic_ai")

    def made(name: str) -> Any:  # noqa: ANN401 - the framework's own
        async def call(**arguments: object) -> str:
            return box.call(name, arguments)

        return call

    tools = []
    for one in box.tools:
        tool = ai.Tool.from_schema(made(one.name), one.name, one.description, dict(one.parameters))
        tool.requires_approval = gated and one.name in GATED
        tools.append(tool)
    return tools


def available() -> Iterable[tuple[str, str]]:
    """Describe the one form of name."""
    return [("MODEL", "PydanticAI with our tools, at OPENAI_BASE_URL; it asks before it calls AWS")]


def make(argument: str, scenario: Scenario) -> Agent:
    """Make the agent; what is missing raises `UsageError`."""
    from askfirst.harness.policy import Trust

    needs("pydantic_ai", "pydantic-ai", "pydantic-ai")
    url, key = openai_place(f"pydantic-ai:{argument}", argument)
    gated = scenario.trust is Trust.GATE_ON

    def build(brief: Brief) -> object:
        return agent_of(brief, argument, url, key, gated=gated)

    return PydanticAIAgent(build, argument)


def agent_of(brief: Brief, model: str, url: str, key: str, *, gated: bool) -> object:
    """Give an agent with our tools and a model that speaks chat completions."""
    from openai import AsyncOpenAI

    ai, models, providers = map(package, ("pydantic_ai", "pydantic_ai.models.openai", "pydantic_ai.providers.openai"))
    provider = providers.OpenAIProvider(openai_client=AsyncOpenAI(base_url=url, api_key=key))
    speaks = models.OpenAIChatModel(model, provider=provider)
    tools = tools_of(toolbox(brief), gated=gated)
    return ai.Agent(speaks, instructions=SYSTEM, tools=tools, output_type=[str, ai.DeferredToolRequests])
