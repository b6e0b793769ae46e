"""Promise: whatever a model answers, the agent's adapter does not fall over: the trial goes on, or ends without proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.agents.malformed import BODY, SAID, any_body, chat, responses
from tests.agents.raw_model import RawModel

from askfirst.agents.openai import OpenAIAgent
from askfirst.harness.events import TroubleKind
from askfirst.harness.trial import Trial

pytest.importorskip("openai")

MAY_BE = {TroubleKind.MODEL, TroubleKind.IDLE}
SHAPES = [("chat", False), ("chat", True), ("responses", False), ("responses", True)]
CHECK = settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize(("api", "streamed"), SHAPES)
def test_no_answer_crashes_the_openai_agent(drop: Callable[..., Trial], api: Any, streamed: bool) -> None:
    """Answers whose parts may be anything: each call gets a result that can be sent back, until one holds no call."""
    write = chat if api == "chat" else responses

    @CHECK
    @given(st.lists(SAID, min_size=1, max_size=2))
    def answers(said: list[Any]) -> None:
        with RawModel(lambda _, at: write(said[at] if at < len(said) else ("Done.", []), streamed=streamed)) as model:
            trial = drop(OpenAIAgent("m", api, streamed, model.url, retries=0))
        assert {event.trouble for _, event in trial.history.troubles} <= {TroubleKind.IDLE}, trial.history.troubles
        called = [bool(calls) for _, calls in said]
        assert (called.index(False) if False in called else len(said)) + 1 == len(model.bodies)

    answers()


@pytest.mark.parametrize(("api", "streamed"), SHAPES)
def test_no_body_crashes_the_openai_agent(drop: Callable[..., Trial], api: Any, streamed: bool) -> None:
    """A body that is JSON, and not what was asked for, is the model's trouble."""

    @CHECK
    @given(BODY)
    def bodies(body: Any) -> None:
        with RawModel(lambda *_: any_body(body, streamed=streamed)) as model:
            trial = drop(OpenAIAgent("m", api, streamed, model.url, retries=0))
        assert {event.trouble for _, event in trial.history.troubles} <= MAY_BE, trial.history.troubles

    bodies()
