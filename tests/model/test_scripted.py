"""Promise: one script drives any agent, whichever provider's API it speaks to its model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.model.conftest import LINE, looks_once, sent_to
from tests.model.dialects import DIALECTS, GEMINI, RESULT, TASK

from askfirst.harness.model.script import Move, Run, Say, Seen, Steps
from askfirst.harness.model.scripted import ScriptedModel, ScriptFailed, answered

if TYPE_CHECKING:
    from tests.model.conftest import Got, Send

dialects = pytest.mark.parametrize("name", DIALECTS)


@dialects
def test_the_script_says_the_same_in_every_api(model: ScriptedModel, send: Send, name: str) -> None:
    """First the line by the shell tool that is offered, then, with its result in the conversation, the text."""
    how = DIALECTS[name]
    first = send(how.path, how.first).json
    second = send(how.path, {**how.first, how.turns: [*how.first[how.turns], *how.then(first)]}).json

    assert {"command": LINE} == how.call(first)
    assert f"Found: {RESULT}" == how.said(second)
    asked = model.requests[-1].asked
    assert asked is not None
    assert ["Be brief.", TASK, "I look.", RESULT] == [one.text for one in asked.messages]


@dialects
def test_a_stream_adds_up_to_the_whole_answer(send: Send, name: str) -> None:
    """The pieces, put together as a client does, are what comes in one piece otherwise."""
    how = DIALECTS[name]
    whole = send(how.path, how.first).json
    streamed = send(how.streamed, {**how.first, "stream": True})

    assert streamed.kind.startswith("text/event-stream")
    assert how.call(whole) == how.call(how.whole(streamed.pieces))
    assert how.said(whole) == how.said(how.whole(streamed.pieces))


@dialects
def test_the_same_request_has_the_same_answer(model: ScriptedModel, send: Send, name: str) -> None:
    """A retry takes no step, and every request is kept with the tools it offers."""
    how = DIALECTS[name]
    answers = {send(how.path, how.first).text for _ in range(3)}

    assert 1 == len(answers)
    assert [1, 1, 1] == [len(one.asked.tools) for one in model.requests if one.asked]


UNKNOWN = {
    "/v1/embeddings": ({}, "invalid_request_error"),
    "/v1/complete": ({"anthropic-version": "2023-06-01"}, "not_found_error"),
    "/v1beta/models/x:embedContent": ({}, "NOT_FOUND"),
}


@pytest.mark.parametrize("path", UNKNOWN)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_address_is_refused_as_its_provider_does(send: Send, path: str, method: str) -> None:
    """With 404 and an error that the client can read."""
    headers, word = UNKNOWN[path]
    got = send(path, {}, method, headers)

    assert 404 == got.status
    assert word in got.json["error"].values(), got.text


def test_calls_on_the_side_are_answered_plausibly(send: Send) -> None:
    """What comes without tools is no turn: a title gets a text, a demanded form is kept, tokens are counted."""
    form = {
        "type": "object",
        "properties": {"title": {"type": "string"}, "new": {"type": "boolean"}},
        "required": ["title"],
    }
    title = send("/v1/chat/completions", {"messages": [{"role": "user", "content": "Make a title."}]})
    routed = send(f"{GEMINI}:generateContent", {"contents": [], "generationConfig": {"responseJsonSchema": form}})
    counted = send("/v1/messages/count_tokens", {"messages": [{"role": "user", "content": "word " * 400}]})

    assert "Cost service" == title.json["choices"][0]["message"]["content"]
    assert {"title": "Cost service"} == json.loads(routed.json["candidates"][0]["content"]["parts"][0]["text"])
    assert 501 == counted.json["input_tokens"]


def test_the_real_client_of_openai_reads_both_apis(model: ScriptedModel) -> None:
    """Its parsers are strict about events; streamed and not."""
    openai = pytest.importorskip("openai")
    chat, responses = DIALECTS["chat"].first, DIALECTS["responses"].first
    with openai.OpenAI(base_url=f"{model.url}/v1", api_key="none", max_retries=0) as client:
        whole = client.chat.completions.create(**chat).choices[0].message.tool_calls[0].function.arguments
        pieces = [one for one in client.chat.completions.create(**chat, stream=True) if one.choices]
        answer = client.responses.create(**responses)
        with client.responses.stream(**responses) as events:
            final = events.get_final_response()

    assert {"command": LINE} == json.loads(whole)
    assert [whole] == [call.function.arguments for one in pieces for call in one.choices[0].delta.tool_calls or []]
    assert [LINE, LINE] == [json.loads(one.output[-1].arguments)["command"] for one in (answer, final)]
    assert "I look." == final.output_text


KEYS = [
    *(
        "messages",
        "input",
        "contents",
        "content",
        "parts",
        "role",
        "text",
        "tools",
        "function",
        "name",
        "type",
        "stream",
    ),
    *(
        "parameters",
        "properties",
        "required",
        "command",
        "system",
        "tool_result",
        "functionResponse",
        "response",
        "enum",
    ),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["bash", "object", "namespace"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(body=JSON, name=st.sampled_from(sorted(DIALECTS)))
def test_nothing_that_is_sent_breaks_it(body: object, name: str) -> None:
    """Whatever is in a request, it is answered, in one piece and in several."""
    how = DIALECTS[name]
    request: Any = {**how.first, **(body if isinstance(body, dict) else {how.turns: body})}
    reply = answered(how.wire.read(request), looks_once)

    assert json.dumps(how.wire.whole(reply))
    assert [json.dumps(one.data) for one in how.wire.events(reply)]


def test_what_is_no_json_is_refused(model: ScriptedModel, send: Send) -> None:
    """With 400; that it came is kept."""
    got = send("/v1/messages", b"{oops")

    assert (400, "invalid_request_error") == (got.status, got.json["error"]["type"])
    assert ["{oops"] == [one.body for one in model.requests]


def test_a_script_that_fails_is_never_overlooked() -> None:
    """The client gets an error that is not worth a retry, and whoever opened the model hears of it."""

    def broken(seen: Seen) -> Move:
        raise LookupError(seen.user[0])

    how = DIALECTS["chat"]
    answers: list[Got] = []
    with pytest.raises(ScriptFailed, match="LookupError: Look around"), ScriptedModel(broken) as model:
        answers += [sent_to(model, how.path, how.first)]

    assert [(400, "invalid_request_error")] == [(one.status, one.json["error"]["type"]) for one in answers]


def test_a_script_can_be_data() -> None:
    """One move for each step, and the last one from then on."""
    steps = Steps((Run("a"), Say("b")))

    assert [Run("a"), Say("b"), Say("b")] == [steps(Seen((), (), ("x",) * number)) for number in range(3)]
