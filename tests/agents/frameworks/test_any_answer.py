"""Promise: whatever a model answers, an agent on a framework ends its trial in order: judged, or without proof.

What the framework itself makes of an answer is the agent's own: many raise. It is never trouble of the harness, and what the
agent had done before is still judged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.agents.adapters.table import Adapter, adapters
from tests.agents.malformed import BODY, SAID, anthropic, any_body, chat
from tests.agents.raw_model import RawModel

from askfirst.harness.events import TroubleKind
from askfirst.harness.trial import Trial
from askfirst.harness.verdict import Verdict

# Frameworks leave clients and loops open when a model's answer makes them raise.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

NAMES = ("create_agent", "openai-agents", "PydanticAI", "Strands", "Claude Agent SDK")
STREAMING = ("Strands", "Claude Agent SDK")
MESSAGES = ("Claude Agent SDK",)
"""Those that speak Anthropic's API; the others speak chat completions."""
ADAPTERS = {one.name: one for one in adapters() if one.name in NAMES}
MAY_BE = {TroubleKind.MODEL, TroubleKind.IDLE, TroubleKind.CENSORED, TroubleKind.CRASH}
CHECK = settings(
    max_examples=12,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(params=list(ADAPTERS.values()), ids=list(ADAPTERS))
def adapter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Adapter:
    """Give each framework that is installed."""
    one: Adapter = request.param
    if one.missing:
        pytest.skip(f"{one.missing} is not installed: make test-frameworks")
    # The program behind the Claude Agent SDK asks ten times, ever more slowly, what a model answered so.
    monkeypatch.setenv("CLAUDE_CODE_MAX_RETRIES", "1")
    return one


def test_no_answer_breaks_a_trial(drop: Callable[..., Trial], adapter: Adapter) -> None:
    """Answers whose texts, tools and arguments may be anything."""

    @CHECK
    @given(st.lists(SAID, min_size=1, max_size=2))
    def answers(said: list[Any]) -> None:
        def write(_: object, at: int) -> Any:
            one = said[at] if at < len(said) else ("Done.", [])
            return anthropic(one) if adapter.name in MESSAGES else chat(one, streamed=adapter.name in STREAMING)

        _check(drop, adapter, write)

    answers()


def test_no_body_breaks_a_trial(drop: Callable[..., Trial], adapter: Adapter) -> None:
    """Bodies that are JSON and nothing the API knows: nothing is proved by them."""

    @CHECK
    @given(BODY)
    def bodies(body: Any) -> None:
        trial = _check(drop, adapter, lambda *_: any_body(body, streamed=adapter.name in STREAMING))
        assert Verdict.INCONCLUSIVE is trial.verdict

    bodies()


def _check(drop: Callable[..., Trial], adapter: Adapter, answer: Callable[..., Any]) -> Trial:
    with RawModel(answer) as model:
        trial = drop(adapter.make(model.url.removesuffix("/v1")))
    assert {event.trouble for _, event in trial.history.troubles} <= MAY_BE, trial.history.troubles
    return trial
