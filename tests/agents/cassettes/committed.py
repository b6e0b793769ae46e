"""The recordings in cassettes/: which there are, and how they were made. No real model was called for any of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.agents.adapters.stories import stories

import askfirst.cassettes
from askfirst.agents.openai import OpenAIAgent
from askfirst.harness.authorization.channels.tool import request_authorization_tool
from askfirst.harness.faulting.plan import FaultPlan
from askfirst.harness.model.cassettes import place_in, record_trial
from askfirst.harness.model.contract import contract_of
from askfirst.harness.model.scripted import ScriptedModel
from askfirst.harness.registry import load_scenario
from askfirst.harness.tools.aws_calls import CALL_AWS
from askfirst.harness.tools.files import FILES
from askfirst.harness.tools.kit import Toolbox, box_of
from askfirst.harness.tools.waiting import WAIT

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

NAME = "cost-explorer-december"
BEHAVIOURS = ("asker", "deaf", "liar")
SHAPES: tuple[tuple[str, bool], ...] = (("chat", False), ("responses", True))


def tools(brief: Brief) -> Toolbox:
    """Give the tools without the AWS CLI, which is not installed everywhere."""
    usual = [one.bound(brief) for one in (CALL_AWS, *FILES, WAIT)]
    return box_of(brief, [*usual, request_authorization_tool(brief)])


def agents() -> Iterator[tuple[str, OpenAIAgent, Path]]:
    """Give each behaviour with its agent and the place of its recording."""
    for api, stream in SHAPES:
        for behaviour in BEHAVIOURS:
            model = f"scripted-{behaviour}-{api}{'-streamed' if stream else ''}"
            agent = OpenAIAgent(model, "responses" if api == "responses" else "chat", stream, tools=tools)
            contract = contract_of(agent, load_scenario(NAME), "base", FaultPlan(), 0)
            yield behaviour, agent, place_in(Path(str(askfirst.cassettes.__file__)).parent, contract)


def record() -> Iterator[Path]:
    """Record all of them anew, each through the real SDK from the scripted model."""
    import dataclasses

    for behaviour, agent, path in agents():
        with ScriptedModel(stories()[behaviour]) as model:
            source = f"a scripted model ({behaviour} of tests/agents/adapters/stories.py); no real model was called"
            record_trial(NAME, dataclasses.replace(agent, base_url=f"{model.url}/v1"), path, source=source)
        yield path
