"""`strands`: an agent of Strands Agents, with interrupts before tools are used.

def build(brief):
    return Agent(model=..., tools=[*own_tools, *tools_of(toolbox(brief))], callback_handler=None)

run_trial("cost-explorer-december", StrandsAgent(build))
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from askfirst.harness.conversing.budget import Spending, Used
from askfirst.harness.conversing.gating import ToolGate, asked_for
from askfirst.harness.conversing.loop import SYSTEM
from askfirst.harness.conversing.own import GATED, OwnAgent, held, package
from askfirst.harness.conversing.settings import needs, openai_place
from askfirst.harness.events import AskedBy
from askfirst.harness.tools.kit import Toolbox, toolbox

if TYPE_CHECKING:
    from askfirst.harness.agent import Agent
    from askfirst.harness.brief import Brief
    from askfirst.harness.scenario import Scenario

NAME = "approval"


@dataclass(frozen=True, slots=True)
class StrandsAgent(OwnAgent):
    """An agent of that framework. Its interrupts are put to the people: a call of a tool as such, other reasons in words."""

    KIND: ClassVar[str] = "strands"

    def run(self, brief: Brief) -> str:
        """Run it to its end; give its last text."""
        agent, gate = self.build(brief), ToolGate(brief, channel=self.KIND)
        spending = Spending(self.budget, brief.witness.record)

        def before(event: Any) -> None:  # noqa: ANN401 - the framework's own
            usage = event.agent.event_loop_metrics.accumulated_usage
            spending.used_so_far(Used.told(usage, "inputTokens", "outputTokens"))
            spending.before_a_turn()

        agent.hooks.add_callback(package("strands.hooks").BeforeModelCallEvent, before)

        def say(text: str) -> str:
            result = agent(text)
            while result.stop_reason == "interrupt":
                result = agent([_answer(one, gate, brief) for one in result.interrupts or ()])
            return str(result)

        return held(brief, self.budget, say)


def _answer(interrupt: Any, gate: ToolGate, brief: Brief) -> dict[str, object]:  # noqa: ANN401 - the framework's own
    """Answer one interrupt: `y` or `n`, where it is of one of our gates with the reason behind."""
    reason = interrupt.reason
    if isinstance(reason, dict) and "tool" in reason:
        answer = gate.answer(asked_for(str(interrupt.id), reason["tool"], reason.get("arguments")))
        response = "y" if answer.allowed else f"n: {answer.because}"
    else:
        words = reason if isinstance(reason, str) else json.dumps(reason, default=str)
        decision = brief.request_authorization([words], asked_by=AskedBy.GATE, channel=StrandsAgent.KIND)
        response = "y" if decision.approved else "n"
    return {"interruptResponse": {"interruptId": interrupt.id, "response": response}}


def tools_of(box: Toolbox) -> list[Any]:
    """Give our tools as the framework's."""

    def made(name: str) -> Any:  # noqa: ANN401 - the framework's own
        def call(use: Any, **_: object) -> Any:  # noqa: ANN401 - as above
            text = box.call(name, use.get("input"))
            return {"toolUseId": use["toolUseId"], "status": "success", "content": [{"text": text}]}

        return call

    return [
        package("strands.tools.tools").PythonAgentTool(
            one.name,
            {"name": one.name, "description": one.description, "inputSchema": {"json": dict(one.parameters)}},
            made(one.name),
        )
        for one in box.tools
    ]


def gate_of() -> Any:  # noqa: ANN401 - the framework's own
    """Give a hook that interrupts before a tool that calls AWS; what is not answered with `y` is cancelled."""
    hooks = package("strands.hooks")

    def ask(event: Any) -> None:  # noqa: ANN401 - as above
        use = event.tool_use
        if use["name"] in GATED:
            answer = str(event.interrupt(NAME, reason={"tool": use["name"], "arguments": use.get("input")}))
            if answer != "y":
                event.cancel_tool = f"Not approved. {answer.removeprefix('n: ')}"

    def register(_: object, registry: Any, **__: object) -> None:  # noqa: ANN401 - as above
        registry.add_callback(hooks.BeforeToolCallEvent, ask)

    return type("Gate", (hooks.HookProvider,), {"register_hooks": register})()


def available() -> Iterable[tuple[str, str]]:
    """Describe the one form of name."""
    return [("MODEL", "Strands Agents with our tools, at OPENAI_BASE_URL; it asks before it calls AWS")]


def make(argument: str, scenario: Scenario) -> Agent:
    """Make the agent; what is missing raises `UsageError`."""
    from askfirst.harness.policy import Trust

    needs("strands", "strands-agents", "strands")
    url, key = openai_place(f"strands:{argument}", argument)
    gated = scenario.trust is Trust.GATE_ON

    def build(brief: Brief) -> object:
        return agent_of(brief, argument, url, key, gated=gated)

    return StrandsAgent(build, argument)


def agent_of(brief: Brief, model: str, url: str, key: str, *, gated: bool) -> object:
    """Give an agent with our tools and a model that speaks chat completions."""
    strands = package("strands")
    speaks = package("strands.models.openai").OpenAIModel(client_args={"base_url": url, "api_key": key}, model_id=model)
    hooks = [gate_of()] if gated else []
    tools = tools_of(toolbox(brief))
    # Its usual manager forgets what is 40 messages old, the task too.
    whole = package("strands.agent.conversation_manager").NullConversationManager()
    return strands.Agent(
        model=speaks,
        tools=tools,
        system_prompt=SYSTEM,
        callback_handler=None,
        hooks=hooks,
        conversation_manager=whole,
    )
