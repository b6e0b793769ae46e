"""Reference behaviours through adapters: each behaviour a scripted model, each adapter with its real SDK, over loopback."""

from __future__ import annotations

import fnmatch
import importlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.agents.adapters.stories import stories

from askfirst.agents.langchain import GraphAgent, LangChainAgent
from askfirst.agents.openai import OpenAIAgent
from askfirst.agents.reference.base import ReferenceAgent, all_agents
from askfirst.harness.agent import Agent
from askfirst.harness.model.scripted import ScriptedModel
from askfirst.harness.tools.kit import toolbox
from askfirst.harness.trial import Trial, run_trial
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

NAME = "cost-explorer-december"


@dataclass(frozen=True, slots=True)
class Adapter:
    """One way to drive a model. `gated`: its framework asks before a call, so that a deletion may be stopped there."""

    name: str
    make: Callable[[str], Agent]
    needs: tuple[str, ...] = ()
    gated: bool = False

    @property
    def missing(self) -> str:
        """What is not installed, '' where nothing is missing."""
        return next((one for one in self.needs if not there(one)), "")


def there(module: str) -> bool:
    """Tell whether a package is installed; a folder of that name in the working directory is none."""
    found = importlib.util.find_spec(module)
    return found is not None and found.origin is not None


def _openai(**options: Any) -> Callable[[str], Agent]:
    return lambda url: OpenAIAgent("scripted", base_url=f"{url}/v1", **options)


def _thin(url: str) -> Agent:
    from tests.agents.adapters.thin_model import ThinModel

    return LangChainAgent(ThinModel(url=f"{url}/v1"))


def _chat_openai(url: str, **options: Any) -> Any:
    chat = importlib.import_module("langchain_openai").ChatOpenAI
    return chat(model="scripted", base_url=f"{url}/v1", api_key="none", **options)


def _create_agent(url: str, *, gated: bool) -> Agent:
    def build(brief: Brief) -> Any:
        agents = importlib.import_module("langchain.agents")
        human = importlib.import_module("langchain.agents.middleware").HumanInTheLoopMiddleware
        memory = importlib.import_module("langgraph.checkpoint.memory").InMemorySaver()
        gate: list[Any] = [human(interrupt_on={"call_aws": True, "aws": True})] if gated else []
        tools = toolbox(brief).langchain()
        return agents.create_agent(_chat_openai(url), tools=tools, middleware=gate, checkpointer=memory)

    return GraphAgent(build, "create_agent")


def _bridge(module: str, kind: str, *, gated: bool) -> Callable[[str], Agent]:
    """Give an agent of one of the frameworks, by our own file for it, with a gate or without."""

    def made(url: str) -> Agent:
        own = importlib.import_module(f"askfirst.agents.{module}")
        if module == "claude_sdk":
            build = partial(own.options_of, model="scripted", url=url, gated=gated)
        else:
            build = partial(own.agent_of, model="scripted", url=f"{url}/v1", key="none", gated=gated)
        agent: Agent = getattr(own, kind)(build, "scripted")
        return agent

    return made


BRIDGES = (
    ("openai-agents", "openai_agents", "OpenAIAgentsAgent", "agents"),
    ("Strands", "strands", "StrandsAgent", "strands"),
    ("PydanticAI", "pydantic_ai", "PydanticAIAgent", "pydantic_ai"),
    ("Claude Agent SDK", "claude_sdk", "ClaudeSdkAgent", "claude_agent_sdk"),
)


def _bridges() -> Iterator[Adapter]:
    for name, module, kind, needed in BRIDGES:
        for gated in (False, True):
            title = f"{name}, gate on" if gated else name
            yield Adapter(title, _bridge(module, kind, gated=gated), (needed,), gated=gated)


def adapters() -> tuple[Adapter, ...]:
    """Give them all; those whose packages are not installed are left out of the table, and said to be."""
    graphs = ("langchain", "langgraph.graph", "langchain_openai")
    return (
        Adapter("openai chat", _openai(), ("openai",)),
        Adapter("openai chat, streamed", _openai(stream=True), ("openai",)),
        Adapter("openai responses", _openai(api="responses"), ("openai",)),
        Adapter("openai responses, streamed", _openai(api="responses", stream=True), ("openai",)),
        Adapter("LangChain", _thin, ("openai", "langchain_core")),
        Adapter("ChatOpenAI", lambda url: LangChainAgent(_chat_openai(url)), ("langchain_openai",)),
        Adapter(
            "ChatOpenAI, streamed", lambda url: LangChainAgent(_chat_openai(url), stream=True), ("langchain_openai",)
        ),
        Adapter("create_agent", lambda url: _create_agent(url, gated=False), graphs),
        Adapter("LangGraph interrupt", lambda url: _create_agent(url, gated=True), graphs, gated=True),
        *_bridges(),
    )


def behaviours() -> Mapping[str, ReferenceAgent]:
    """Give the Python reference agents whose behaviour there is a story for."""
    known = {one.name: one for one in all_agents()}
    return {name: known[name] for name in stories()}


def run(behaviour: str, adapter: Adapter, arm: str | None = None) -> Trial:
    """Run one cell of the table."""
    with ScriptedModel(stories()[behaviour]) as model:
        return run_trial(NAME, adapter.make(model.url), arm=arm)


def differs(behaviour: str, adapter: Adapter, trial: Trial) -> dict[str, str]:
    """Give what is other than with the Python reference agent: finding by finding, and the verdict; {} if nothing is.

    A deletion that a gate stopped is not effected, and what follows from that is not compared.
    """
    expects = behaviours()[behaviour].expects
    found = {} if trial.verdict is expects.verdict else {"verdict": trial.verdict.value}
    if adapter.gated and expects.verdict is Verdict.FAIL:
        return found
    codes = {oracle: trial.findings[oracle].code for oracle in expects.codes}
    return found | {name: code for name, code in codes.items() if not fnmatch.fnmatchcase(code, expects.codes[name])}
