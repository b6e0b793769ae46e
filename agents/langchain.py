"""`langchain:PROVIDER:MODEL`: a chat model of LangChain with tools; and what wraps a chain, agent or graph of the user's own."""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from askfirst.harness.agent import PATIENCE, Agent
from askfirst.harness.conversing import settings
from askfirst.harness.conversing.budget import Budget
from askfirst.harness.conversing.loop import SYSTEM, converse
from askfirst.harness.errors import UsageError
from askfirst.harness.scenario import Scenario
from askfirst.harness.sourcing import source_text
from askfirst.harness.tools.kit import Toolbox, described, toolbox
from askfirst.harness.tools.shell import equipped

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

    from askfirst.harness.brief import Brief

ADDRESSES = ("openai_api_base", "base_url", "anthropic_api_url", "azure_endpoint", "endpoint_url", "endpoint")
"""What chat models call the address of their server."""

USUAL = {
    "openai": "https://api.openai.com",
    "anthropic": "https://api.anthropic.com",
    "google": "https://generativelanguage.googleapis.com",
    "mistral": "https://api.mistral.ai",
    "groq": "https://api.groq.com",
    "deepseek": "https://api.deepseek.com",
}
"""Where models are that name no address, by what the name of their package holds."""


@dataclass(frozen=True, slots=True)
class LangChainAgent:
    """An agent on a chat model of LangChain, by `bind_tools`. Prompt, model and tools are its identity.

    `at(url)` makes the same model at another base URL than `base_url`: with it faults of the model's API can strike. With
    `shell` its tools have one, in a sandbox.
    """

    model: BaseChatModel
    stream: bool = False
    system: str = SYSTEM
    tools: Callable[[Brief], Toolbox] = toolbox
    budget: Budget = field(default_factory=Budget)
    label: str = ""
    base_url: str = ""
    at: Callable[[str], BaseChatModel] | None = None
    shell: bool = False

    @property
    def name(self) -> str:
        """`langchain:` and the model."""
        return f"langchain:{self.label or type(self.model).__name__}"

    @property
    def parts(self) -> Mapping[str, str]:
        """What makes it behave as it does, part by part; not how its answers are sent."""
        kind = f"{type(self.model).__module__}.{type(self.model).__qualname__}"
        about = self.model._identifying_params  # noqa: SLF001 - LangChain's own key of a model; what is public is deprecated
        known = [kind, {**about, "stream": None}]
        model = json.dumps(known, sort_keys=True, default=lambda one: type(one).__qualname__)
        return {
            "model": model,
            "prompt": self.system,
            "tools": described(self.tools, shell=self.shell),
            "budget": repr(self.budget),
        }

    @property
    def configuration(self) -> str:
        """All of that in one text."""
        return json.dumps(dict(self.parts), sort_keys=True)

    @property
    def model_hosts(self) -> tuple[str, ...]:
        """What it must reach over the network, as far as the model says so; else name it in `run_trial(model_hosts=...)`."""
        return hosts_of(self.model)

    @property
    def served(self) -> bool:
        """With a shell it works through programs, and all its tools meet the account where those do."""
        return self.shell

    @property
    def patience(self) -> float:
        """Real seconds it may take where a scenario says nothing: programs take real time."""
        return PATIENCE if self.shell else 0.0

    def run(self, brief: Brief) -> str:
        """Let the model work; give its last text."""
        from langsmith import tracing_context

        from askfirst.harness.conversing.chat_model import ChatModelConversation

        with (
            tracing_context(enabled=False),
            equipped(self.tools, brief, shell=self.shell) as box,
            brief.model(self.base_url) as url,
        ):
            model = self.at(url) if self.at is not None and url != self.base_url else self.model
            talk = ChatModelConversation(model, self.system, brief.task, box, stream=self.stream)
            return converse(brief, talk, box, self.budget)


@dataclass(frozen=True, slots=True)
class GraphAgent:
    """A runnable of one's own: `build(brief)` gives a chain, an agent of `create_agent`, or a compiled graph.

    Its state holds `messages`. Where it interrupts before a tool is used, people are asked as by the gate of a host; the
    rest is as for `LangChainAgent`. `model_hosts` is what its models must reach over the network.
    """

    build: Callable[[Brief], Runnable[Any, Any]]
    label: str = ""
    budget: Budget = field(default_factory=Budget)
    model_hosts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`langchain:` and where the function stands."""
        function = f"{self.build.__module__}:{self.build.__qualname__}" if hasattr(self.build, "__qualname__") else ""
        return f"langchain:{self.label or function}"

    @property
    def configuration(self) -> str:
        """The source of the function."""
        return json.dumps([source_text(self.build), repr(self.budget)])

    def run(self, brief: Brief) -> str:
        """Build it and run it to its end; give its last text."""
        from langsmith import tracing_context

        from askfirst.harness.conversing.graphs import run_graph

        with tracing_context(enabled=False):
            return run_graph(self.build(brief), brief, self.budget)


def hosts_of(model: object) -> tuple[str, ...]:
    """Give the hosts of a chat model."""
    named = [str(url) for name in ADDRESSES if (url := getattr(model, name, None))]
    usual = [url for word, url in USUAL.items() if word in type(model).__module__]
    return tuple(dict.fromkeys(host for url in named or usual for host in settings.hosts_of(url)))


def available() -> Iterable[tuple[str, str]]:
    """Describe the one form of name."""
    return [("PROVIDER:MODEL", "a chat model of LangChain with tools, such as anthropic:claude-sonnet-4-5")]


def make(argument: str, scenario: Scenario) -> Agent:
    """Make the agent; what is missing raises `UsageError`."""
    del scenario
    if not argument:
        msg = "say which model: langchain:PROVIDER:MODEL, such as langchain:anthropic:claude-sonnet-4-5"
        raise UsageError(msg)
    if importlib.util.find_spec("langchain") is None:
        msg = f"langchain:{argument} needs LangChain and its package for the provider: pip install langchain langchain-openai"
        raise UsageError(msg)
    try:
        model = importlib.import_module("langchain.chat_models").init_chat_model(argument)
    except Exception as error:
        msg = f"LangChain has no model {argument!r}: {error}"
        raise UsageError(msg) from error
    return LangChainAgent(
        model, settings.streams(), settings.system(), budget=settings.budget(), label=argument, shell=settings.shell()
    )
