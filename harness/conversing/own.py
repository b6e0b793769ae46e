"""An agent of the user's own on some framework: built for each trial, driven turn by turn, its gate answered by the people."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from askfirst.harness.conversing.budget import Budget, model_trouble
from askfirst.harness.ended import Ended
from askfirst.harness.events import Trouble, TroubleKind
from askfirst.harness.sourcing import source_text
from askfirst.harness.tools.making import clean

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

GATED = frozenset({"aws", "call_aws", "shell"})
"""Which of our tools a framework asks about first, where it is told to ask."""

OF_THE_MODEL = ("openai", "httpx", "anthropic", "botocore")
"""Packages whose errors are those of a model's API."""

MODEL_ERRORS = frozenset({"ModelAPIError", "ModelBehaviorError", "ModelHTTPError", "UnexpectedModelBehavior"})
"""Names of errors by which frameworks say that the model's answer cannot be used."""

SPENT = frozenset({"MaxTurnsExceeded", "UsageLimitExceeded", "MaxTokensReachedException"})
"""Names of errors by which frameworks say that a budget of theirs is spent."""


def package(name: str) -> Any:  # noqa: ANN401 - an optional package, whose types are not there for most
    """Give a module of a framework."""
    return importlib.import_module(name)


@dataclass(frozen=True, slots=True)
class OwnAgent:
    """`build(brief)` gives the framework's agent. `model_hosts` is what its models must reach over the network.

    Where the framework asks before a tool is used, people are asked as by the gate of a host. Its source is its identity.
    """

    KIND: ClassVar[str] = ""

    build: Callable[[Brief], Any]
    label: str = ""
    budget: Budget = field(default_factory=Budget)
    model_hosts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The framework, and where the function stands."""
        function = f"{self.build.__module__}:{self.build.__qualname__}" if hasattr(self.build, "__qualname__") else ""
        return f"{self.KIND}:{self.label or function}"

    @property
    def configuration(self) -> str:
        """The source of the function."""
        return json.dumps([source_text(self.build), repr(self.budget)])


async def closed(model: Any) -> None:  # noqa: ANN401 - the framework's own
    """Close the connections of a model while there is a loop; else they complain when they are forgotten."""
    for name in ("client", "_client"):
        client = getattr(model, name, None)
        if client is not None and hasattr(client, "close"):
            await client.close()


def held(brief: Brief, budget: Budget, say: Callable[[str], str]) -> str:
    """Hold a conversation: the task, then what the people reply to the end of each turn; give the last text."""
    text = _tried(lambda: say(clean(brief.task)))
    for _ in range(budget.replies):
        reply = brief.end_turn(text) if text.strip() else ""
        if not reply:
            break
        answer = clean(reply)
        text = _tried(lambda: say(answer))  # noqa: B023 - called at once
    return text


def _tried(act: Callable[[], str]) -> str:
    """Do it; what goes wrong with the model is its API's trouble, and a budget that is spent is recorded as one."""
    try:
        return clean(act())
    except Exception as error:
        chain = [one for one in (error, error.__cause__, error.__context__) if one is not None]
        names = {type(one).__name__ for one in chain}
        if names & SPENT:
            raise Ended(Trouble(TroubleKind.CENSORED, f"a budget of the framework is spent: {error}")) from error
        modules = {type(one).__module__.partition(".")[0] for one in chain}
        if names & MODEL_ERRORS or modules & {*OF_THE_MODEL}:
            raise model_trouble(error) from error
        raise
