"""Promise: what stands between an agent and its model passes everything on, and changes only what a fault wants changed."""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from askfirst import FaultPlan
from askfirst.faults import model as faults
from askfirst.harness.model.exchange import Asked, Call, Reply, Stop, Stopped, Wire
from askfirst.harness.model.passing import PassThrough
from askfirst.harness.model.script import Move, Say, Seen, Use
from askfirst.harness.model.scripted import ScriptedModel
from askfirst.harness.model.server import ModelServer
from askfirst.harness.model.striking import Struck
from askfirst.harness.model.turns import ModelTurns
from askfirst.harness.model.wires import anthropic, bedrock, gemini, openai_chat, openai_responses

if TYPE_CHECKING:
    from askfirst.harness.events import Event
    from askfirst.harness.faulting.declaring import Fault

WIRES = (openai_chat.WIRE, openai_responses.WIRE, anthropic.WIRE, gemini.WIRE, bedrock.CONVERSE)
PLACES = {
    "openai-chat": "/v1/chat/completions",
    "openai-responses": "/v1/responses",
    "anthropic": "/v1/messages",
    "gemini": "/v1beta/models/m:generateContent",
    "bedrock-converse": "/model/amazon.nova-pro-v1%3A0/converse",
}
TOOL = {"type": "object", "properties": {"path": {"type": "string"}}}
BODIES: dict[str, dict[str, Any]] = {
    "openai-chat": {
        "model": "m",
        "messages": [{"role": "user", "content": "hello"}],
        "tools": [{"type": "function", "function": {"name": "look", "parameters": TOOL}}],
    },
    "openai-responses": {
        "model": "m",
        "input": "hello",
        "tools": [{"type": "function", "name": "look", "parameters": TOOL}],
    },
    "anthropic": {
        "model": "m",
        "messages": [{"role": "user", "content": "hello"}],
        "tools": [{"name": "look", "input_schema": TOOL}],
    },
    "gemini": {
        "contents": [{"role": "user", "parts": [{"text": "hello"}]}],
        "tools": [{"functionDeclarations": [{"name": "look", "parametersJsonSchema": TOOL}]}],
    },
    "bedrock-converse": {
        "messages": [{"role": "user", "content": [{"text": "hello"}]}],
        "toolConfig": {"tools": [{"toolSpec": {"name": "look", "inputSchema": {"json": TOOL}}}]},
    },
}


def looks(_: Seen) -> Move:
    """Call a tool."""
    return Use("look", {"path": "a/b"}, "I look.")


def posted(url: str, name: str, *, stream: bool = False) -> tuple[int, str]:
    """Ask by one API; give the status and the body."""
    place, body = PLACES[name], {**BODIES[name]}
    if stream and name == "gemini":
        place = place.replace(":generateContent", ":streamGenerateContent") + "?alt=sse"
    elif stream and name == "bedrock-converse":
        place += "-stream"
    elif stream:
        body["stream"] = True
    return asked(url, "POST", place, json.dumps(body))


def asked(url: str, method: str, place: str, body: str = "") -> tuple[int, str]:
    """Send a request; give the status and the body."""
    with contextlib.closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)) as line:
        line.request(method, place, body.encode(), {"content-type": "application/json"})
        with line.getresponse() as answer:
            return answer.status, answer.read().decode(errors="replace")


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("name", PLACES)
def test_it_passes_on_what_comes(name: str, *, stream: bool) -> None:
    """Byte for byte, in every API, whole and streamed; errors and unknown addresses too."""
    with ScriptedModel(looks) as model, ModelServer(PassThrough(model.url)) as between:
        assert posted(model.url, name, stream=stream) == posted(between.url, name, stream=stream)
        assert [404, 404] == [asked(url, "GET", "/v1/nothing")[0] for url in (model.url, between.url)]


def _turns(plan: FaultPlan, events: list[Event]) -> ModelTurns:
    now = datetime(2025, 12, 15, tzinfo=UTC)
    return ModelTurns(plan, seed=1, now=lambda: now, record=events.append)


def struck(fault: Fault, name: str, *, stream: bool = False, through: bool = False) -> tuple[int, str]:
    """Ask by one API where a fault strikes the first turn, of a scripted model or of one behind us."""
    turns = _turns(FaultPlan((fault.on("*").first(1),)), [])
    with ScriptedModel(looks) as model:
        answering = PassThrough(model.url) if through else model
        with ModelServer(Struck(answering, turns)) as between:
            return posted(between.url, name, stream=stream)


ORDER = ("openai-chat", "openai-responses", "anthropic", "gemini", "bedrock-converse")
SAID: dict[str, tuple[Callable[[], Fault], tuple[str, ...]]] = {
    "empty": (
        faults.empty_choices,
        ('"choices": []', '"output": []', '"content": []', '"candidates": []', '"stopReason": "end_turn"'),
    ),
    "filtered": (
        faults.content_filtered,
        ("content_filter", "content_filter", '"refusal"', "SAFETY", "content_filtered"),
    ),
    "refused": (faults.model_refusal, ("I'm sorry", '"refusal": "I\'m sorry', '"refusal"', "SAFETY", "I'm sorry")),
    "truncated": (
        faults.truncated_arguments,
        ('"length"', "max_output_tokens", "max_tokens", "MAX_TOKENS", "max_tokens"),
    ),
    "other tool": (faults.wrong_tool_name, ('"execute_command"',) * 5),
    "twice": (faults.duplicate_tool_call, ("_2",) * 5),
    "rate": (
        faults.model_rate_limited,
        (*("rate_limit_exceeded",) * 2, "rate_limit_error", "RESOURCE_EXHAUSTED", "ThrottlingException"),
    ),
}
"""What stands in the answer of each API, in their order."""


@pytest.mark.parametrize("through", [False, True], ids=["scripted", "passed on"])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("name", PLACES)
def test_each_api_tells_a_fault_in_its_own_words(name: str, *, stream: bool, through: bool) -> None:
    """Whoever answers, whole and streamed."""
    for fault, words in SAID.values():
        status, body = struck(fault(), name, stream=stream, through=through)
        assert (429 if fault is faults.model_rate_limited else 200) == status
        assert words[ORDER.index(name)] in body, (fault, body)


@pytest.mark.parametrize("wire", WIRES, ids=lambda one: one.name)
@pytest.mark.parametrize("answer", [Say("Done."), Call("c1", "look", {"path": "a"}, "I look.")], ids=["text", "call"])
def test_an_answer_is_read_back(wire: Wire, answer: Say | Call) -> None:
    """What an API writes, it reads: the first call with its arguments, or the text."""
    back = wire.answer(wire.whole(Reply("1", "m", answer, 1, 1)))
    assert answer.text == back.text
    if isinstance(answer, Call):
        assert isinstance(back, Call)
        assert (answer.id, answer.tool, answer.arguments) == (back.id, back.tool, dict(back.arguments))


def test_a_retry_is_another_attempt_at_the_same_turn() -> None:
    """Two equal conversations are one turn; a longer one, or another model's, is the next."""
    turns = _turns(FaultPlan(), [])
    one, longer = Asked("m", ()), Asked("m", (), ())
    assert [(1, 1), (1, 2)] == [(each.turn, each.number) for each in (turns.begin("a", one), turns.begin("a", longer))]
    assert (2, 1) == (turns.begin("a", Asked("n", ())).turn, 1)


def test_stopped_says_why() -> None:
    """Three reasons, each another answer."""
    bodies = {str(openai_chat.WIRE.whole(Reply("1", "m", Stopped(one, "no"), 1, 1))) for one in Stop}
    assert len(Stop) == len(bodies)
