"""`openai:MODEL`: a loop on OpenAI's SDK (2 or 3) with tools, at OpenAI or any server that speaks its API (OPENAI_BASE_URL)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from askfirst.harness.agent import PATIENCE, Agent
from askfirst.harness.conversing import settings
from askfirst.harness.conversing.budget import Budget
from askfirst.harness.conversing.loop import SYSTEM, converse
from askfirst.harness.errors import UsageError
from askfirst.harness.scenario import Scenario
from askfirst.harness.tools.kit import Toolbox, described, toolbox
from askfirst.harness.tools.shell import equipped

if TYPE_CHECKING:
    from pydantic import JsonValue

    from askfirst.harness.brief import Brief

Api = Literal["chat", "responses"]
OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class OpenAIAgent:
    """An agent on OpenAI's SDK.

    `base_url` and the key are as the SDK finds them unless given (OPENAI_BASE_URL, OPENAI_API_KEY); `options` go with every
    request (temperature, reasoning); `retries` are the SDK's own. Prompt, model, options and tools are its identity. With
    `shell` its tools have one, in a sandbox.
    """

    model: str
    api: Api = "chat"
    stream: bool = False
    base_url: str = ""
    system: str = SYSTEM
    tools: Callable[[Brief], Toolbox] = toolbox
    budget: Budget = field(default_factory=Budget)
    options: Mapping[str, JsonValue] = field(default_factory=dict)
    timeout: float = 300.0
    retries: int = 2
    shell: bool = False

    @property
    def name(self) -> str:
        """`openai:` and the model."""
        return f"openai:{self.model}"

    @property
    def parts(self) -> Mapping[str, str]:
        """What makes it behave as it does, part by part; not where the model stands, and not how its answers are sent."""
        model = json.dumps([self.api, self.model, dict(self.options)], sort_keys=True, default=str)
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
        """What it must reach over the network."""
        return settings.hosts_of(self._url())

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
        from openai import OpenAI

        from askfirst.harness.conversing.openai_chat import ChatConversation
        from askfirst.harness.conversing.openai_responses import ResponsesConversation

        kind = ResponsesConversation if self.api == "responses" else ChatConversation
        key = os.environ.get("OPENAI_API_KEY") or "none"  # a server of one's own wants none; OpenAI says so itself
        with (
            equipped(self.tools, brief, shell=self.shell) as box,
            brief.model(self._url()) as url,
            OpenAI(base_url=url, api_key=key, timeout=self.timeout, max_retries=self.retries) as client,
        ):
            talk = kind(client, self.model, self.system, brief.task, box, stream=self.stream, **self.options)
            return converse(brief, talk, box, self.budget)

    def _url(self) -> str:
        return self.base_url or os.environ.get("OPENAI_BASE_URL") or OPENAI


def available() -> Iterable[tuple[str, str]]:
    """Describe the one form of name."""
    return [
        ("MODEL", "a model with tools by OpenAI's SDK, at OPENAI_BASE_URL; ASKFIRST_API, _STREAM, _PROMPT, _TURNS ...")
    ]


def make(argument: str, scenario: Scenario) -> Agent:
    """Make the agent; what is missing raises `UsageError`."""
    import importlib.util

    del scenario
    model = argument or os.environ.get("OPENAI_MODEL", "")
    if not model:
        msg = "say which model: openai:MODEL, or set OPENAI_MODEL"
        raise UsageError(msg)
    if importlib.util.find_spec("openai") is None:
        msg = "the agent openai needs OpenAI's SDK: pip install 'askfirst[openai]'"
        raise UsageError(msg)
    if not (os.environ.get("OPENAI_API_KEY") or os.environ.get("OPENAI_BASE_URL")):
        msg = "set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own that needs no key"
        raise UsageError(msg)
    api: Api = "responses" if settings.api() == "responses" else "chat"
    return OpenAIAgent(
        model, api, settings.streams(), system=settings.system(), budget=settings.budget(), shell=settings.shell()
    )
