"""Drops the model of an Inspect sample into a scenario: the trial in a process of its own, the model answered for here."""

from __future__ import annotations

import importlib
import json
import multiprocessing
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askfirst.harness.inspecting.line import Answer, Asked, Begun, InspectAgent, Result, Spoken
from askfirst.harness.trial import Trial, run_trial

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from askfirst.harness.scenario import Scenario

SECONDS = 3600.0
"""Real seconds a trial may take: a model may be slow, and Inspect has limits of its own."""
STORE = Path(".askfirst") / "trials"
LOOK = 0.05
"""Seconds between two looks at whether the trial has ended."""


async def dropped(state: Any, scenario: Scenario, arm: str, seed: int) -> Trial:  # noqa: ANN401 - Inspect's TaskState
    """Run the trial; the conversation is kept in the sample's messages."""
    anyio: Any = importlib.import_module("anyio")
    model: Any = importlib.import_module("inspect_ai.model").get_model()
    here, there = multiprocessing.Pipe()
    talk = _Talk(state, model)
    ended = threading.Event()
    trial: list[Trial] = []

    def run() -> None:
        limits = replace(scenario.limits, seconds=SECONDS)
        try:
            agent = InspectAgent(there, str(model))
            trial.append(run_trial(scenario, agent, None, seed, "fork", arm=arm, limits=limits, store=STORE))
        finally:
            ended.set()

    def serve() -> None:
        while not ended.is_set() or here.poll():
            if here.poll(LOOK):
                _answered(here, talk, anyio)

    try:
        async with anyio.create_task_group() as both:
            both.start_soon(anyio.to_thread.run_sync, run)
            both.start_soon(anyio.to_thread.run_sync, serve)
    finally:
        here.close()
        there.close()
    return trial[0]


def _answered(line: Connection, talk: _Talk, anyio: Any) -> None:  # noqa: ANN401 - an optional package
    try:
        said = line.recv()
    except (EOFError, OSError):  # the trial was killed in the middle of a word
        return
    if not isinstance(said, Asked):
        talk.add(said)
        return
    answer = anyio.from_thread.run(talk.answer)
    try:
        line.send(answer)
    except OSError:
        return


class _Talk:
    """The conversation in Inspect's own form."""

    def __init__(self, state: Any, model: Any) -> None:  # noqa: ANN401 - Inspect's own
        self._state = state
        self._model = model
        self._form: Any = importlib.import_module("inspect_ai.model")
        self._tools: list[Any] = []

    def add(self, said: object) -> None:
        """Add what happened."""
        form, messages = self._form, self._state.messages
        if isinstance(said, Begun):
            tool: Any = importlib.import_module("inspect_ai.tool")
            self._tools = [
                tool.ToolInfo(name=name, description=text, parameters=tool.ToolParams.model_validate(schema))
                for name, text, schema in said.tools
            ]
            messages[:] = [form.ChatMessageSystem(content=said.system), form.ChatMessageUser(content=said.task)]
        elif isinstance(said, Result):
            messages.append(form.ChatMessageTool(content=said.text, tool_call_id=said.call, function=said.tool))
        elif isinstance(said, Spoken):
            messages.append(form.ChatMessageUser(content=said.text))

    async def answer(self) -> Answer:
        """Let the model answer; what goes wrong with it is told, and becomes the trial's trouble."""
        try:
            output = await self._model.generate(self._state.messages, tools=self._tools)
        except Exception as error:  # noqa: BLE001 - whatever a provider raises
            return Answer(error=f"{type(error).__name__}: {error}")
        self._state.output = output
        self._state.messages.append(output.message)
        usage = output.usage
        return Answer(
            output.message.text,
            tuple((one.id, one.function, _arguments(one)) for one in output.message.tool_calls or ()),
            usage.input_tokens if usage else 0,
            usage.output_tokens if usage else 0,
        )


def _arguments(call: Any) -> str:  # noqa: ANN401 - Inspect's ToolCall
    """Give the arguments as JSON; those Inspect could not read are what the model wrote."""
    if call.parse_error:
        return str(next(iter(call.arguments.values()), call.parse_error))
    return json.dumps(call.arguments, default=str)
