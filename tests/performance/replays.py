"""What it costs to replay a recorded conversation: 30 turns, against the same agent on a mock transport of its SDK."""

from __future__ import annotations

import dataclasses
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any
from unittest import mock

from tests.performance.measuring import Row, in_turns, ms, ratio

from askfirst import Scenario, World, run_trial
from askfirst.agents.openai import OpenAIAgent
from askfirst.harness.model.cassettes import record_trial, replay_trial
from askfirst.harness.model.script import Move, Say, Seen, Use
from askfirst.harness.model.scripted import ScriptedModel

TURNS = 30
AGENT = OpenAIAgent("m", base_url="https://api.openai.com/v1")
IDLE = Scenario(
    name="idle", world=World(build=lambda _: None, draws=1), task="Look through the files, again and again."
)


def rows(rounds: int) -> Iterator[Row]:
    """Give the row, or nothing where OpenAI's SDK is not installed."""
    try:
        import openai
    except ImportError:
        sys.stderr.write("replays are left out: openai is not installed\n")
        return
    del openai
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording.yaml"
        with ScriptedModel(_looks) as model:
            record_trial(IDLE, dataclasses.replace(AGENT, base_url=f"{model.url}/v1"), path, source="a script")
        answers = _answers(path)
        acts: dict[str, Callable[[], float]] = {
            "replay": lambda: _timed(lambda: replay_trial(IDLE, AGENT, path), nullcontext()),
            "mock": lambda: _timed(lambda: run_trial(IDLE, AGENT), _mocked(answers)),
        }
        for act in acts.values():
            act()
        found = in_turns(acts, rounds)
    ours, reference = (statistics.median(found[name]) for name in ("replay", "mock"))
    name = f"replaying {TURNS} turns against a mock transport of the SDK"
    yield Row(name, ms(ours), ms(reference), ratio(found["replay"], found["mock"]), 2)


def _looks(seen: Seen) -> Move:
    return Use("list_files", {}, f"Step {seen.step}.") if seen.step < TURNS - 1 else Say("Nothing but files.")


def _answers(path: Path) -> list[bytes]:
    import yaml

    bodies = [one["response"]["body"]["string"] for one in yaml.safe_load(path.read_text("utf-8"))["interactions"]]
    return [one.encode() if isinstance(one, str) else one for one in bodies]


def _mocked(answers: list[bytes]) -> AbstractContextManager[object]:
    """Give every client of the SDK a transport that hands out the answers in their order."""
    import importlib

    import openai

    # The SDK stands on httpx or on its successor; the class of its client says on which.
    library = importlib.import_module(openai.DefaultHttpxClient.__mro__[1].__module__.partition(".")[0])
    left = iter(answers)

    def handle(_: object) -> Any:
        return library.Response(200, headers={"content-type": "application/json"}, content=next(left))

    real: Any = openai.OpenAI

    def client(**options: Any) -> openai.OpenAI:
        transport = openai.DefaultHttpxClient(transport=library.MockTransport(handle))
        made: openai.OpenAI = real(**options, http_client=transport)
        return made

    return mock.patch.object(openai, "OpenAI", client)


def _timed(act: Callable[[], Any], around: AbstractContextManager[object]) -> float:
    with around:
        gc.collect()
        start = time.process_time()
        trial = act()
        used = time.process_time() - start
    turns = sum(type(one.event).__name__ == "AgentSaid" for one in trial.history.entries)
    if turns != TURNS - 1:
        msg = f"the conversation had {turns + 1} turns, not {TURNS}: {trial.history.troubles}"
        raise RuntimeError(msg)
    return used
