"""Promise: an agent whose model is on Amazon Bedrock works in a trial: whole and streamed, in process and served, and is judged.

The clients are boto3's own, with their own parsers of binary events.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.model.conftest import LINE, looks_once

from askfirst import FaultPlan, run_trial
from askfirst.faults import model as faults
from askfirst.harness.agent import Agent, CallableAgent, Served
from askfirst.harness.errors import UsageError
from askfirst.harness.events import CallStarted, FaultFired, ModelTurn, TroubleKind
from askfirst.harness.model import bedrock
from askfirst.harness.model.cassettes import record_trial, replay_trial
from askfirst.harness.model.script import Move, Say, Seen, Use
from askfirst.harness.model.scripted import ScriptedModel
from askfirst.harness.scenario import Scenario
from askfirst.harness.tools.kit import toolbox
from askfirst.harness.trial import Trial
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from pydantic import JsonValue

    from askfirst.harness.brief import Brief
    from askfirst.harness.faulting.declaring import Fault

NOVA, CLAUDE = "us.amazon.nova-pro-v1:0", "anthropic.claude-sonnet-4-5-20250929-v1:0"
SCHEMA = {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]}
Talk = Callable[[Any, list[Any]], Any]


def client_at(url: str) -> Any:
    """Give boto3's own client, at a server of loopback."""
    import boto3

    session = boto3.Session("AKIDEXAMPLE", "none", region_name="us-east-1")
    return session.client("bedrock-runtime", endpoint_url=url)


# -- four ways to ask, and what of the answer is said and called -----------------------------------------------------------


def converse(client: Any, messages: list[Any]) -> Any:
    """Ask for a whole answer."""
    return client.converse(**_conversation(messages))["output"]["message"]


def converse_stream(client: Any, messages: list[Any]) -> Any:
    """Ask for an answer in pieces, and put it together."""
    return _together(client.converse_stream(**_conversation(messages))["stream"])


def invoke(client: Any, messages: list[Any]) -> Any:
    """Ask Claude by its own API."""
    answer = client.invoke_model(modelId=CLAUDE, body=json.dumps(_messages(messages)))
    return _as_converse(json.loads(answer["body"].read())["content"])


def invoke_stream(client: Any, messages: list[Any]) -> Any:
    """Ask Claude by its own API, in pieces."""
    answer = client.invoke_model_with_response_stream(modelId=CLAUDE, body=json.dumps(_messages(messages)))
    blocks: list[Any] = []
    for one in (json.loads(each["chunk"]["bytes"]) for each in answer["body"]):
        if one["type"] == "content_block_start":
            blocks.append(one["content_block"])
        elif one["type"] == "content_block_delta":
            delta = one["delta"]
            blocks[one["index"]] |= (
                {"text": delta["text"]} if "text" in delta else {"input": json.loads(delta["partial_json"])}
            )
    return _as_converse(blocks)


def nova_stream(client: Any, messages: list[Any]) -> Any:
    """Ask Amazon's own model by InvokeModel, in pieces."""
    body = {key: value for key, value in _conversation(messages).items() if key != "modelId"}
    answer = client.invoke_model_with_response_stream(modelId=NOVA, body=json.dumps(body))
    return _together(json.loads(each["chunk"]["bytes"]) for each in answer["body"])


def _conversation(messages: list[Any]) -> dict[str, Any]:
    tool = {"toolSpec": {"name": "bash", "description": "Run.", "inputSchema": {"json": SCHEMA}}}
    return {
        "modelId": NOVA,
        "system": [{"text": "Be brief."}],
        "messages": messages,
        "toolConfig": {"tools": [tool]},
    }


def _together(events: Iterator[Any]) -> Any:
    blocks: dict[int, Any] = {}
    for event in events:
        if "contentBlockStart" in event:
            start = event["contentBlockStart"]
            blocks[start["contentBlockIndex"]] = {"toolUse": {**start["start"]["toolUse"], "input": ""}}
        elif "contentBlockDelta" in event:
            delta = event["contentBlockDelta"]["delta"]
            block = blocks.setdefault(event["contentBlockDelta"]["contentBlockIndex"], {"text": ""})
            if "text" in delta:
                block["text"] += delta["text"]
            else:
                block["toolUse"]["input"] += delta["toolUse"]["input"]
    for block in blocks.values():
        if "toolUse" in block:
            block["toolUse"]["input"] = json.loads(block["toolUse"]["input"])
    return {"role": "assistant", "content": list(blocks.values())}


def _messages(messages: list[Any]) -> dict[str, Any]:
    """Write a conversation of Converse as messages of Anthropic's."""
    written = []
    for one in messages:
        parts: list[Any] = []
        for part in one["content"]:
            if "toolUse" in part:
                used = part["toolUse"]
                parts.append(
                    {"type": "tool_use", "id": used["toolUseId"], "name": used["name"], "input": used["input"]}
                )
            elif "toolResult" in part:
                given = part["toolResult"]
                parts.append(
                    {"type": "tool_result", "tool_use_id": given["toolUseId"], "content": given["content"][0]["text"]}
                )
            else:
                parts.append({"type": "text", "text": part["text"]})
        written.append({"role": one["role"], "content": parts})
    tools = [{"name": "bash", "input_schema": SCHEMA}]
    return {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 100, "messages": written, "tools": tools}


def _as_converse(blocks: list[Any]) -> Any:
    content = [
        {"toolUse": {"toolUseId": one["id"], "name": one["name"], "input": one["input"]}}
        if one["type"] == "tool_use"
        else {"text": one["text"]}
        for one in blocks
    ]
    return {"role": "assistant", "content": content}


WAYS: dict[str, Talk] = {
    "converse": converse,
    "converse-stream": converse_stream,
    "invoke claude": invoke,
    "invoke claude, streamed": invoke_stream,
    "invoke nova, streamed": nova_stream,
}


@pytest.mark.parametrize("way", WAYS)
def test_boto3_reads_what_is_written(way: str) -> None:
    """A call with its arguments, its result read back, and the text: whole and from binary events."""
    messages = [{"role": "user", "content": [{"text": "Look around."}]}]
    with ScriptedModel(looks_once) as model:
        client = client_at(model.url)
        first = WAYS[way](client, messages)
        called = first["content"][-1]["toolUse"]
        result = {"toolResult": {"toolUseId": called["toolUseId"], "content": [{"text": "prod-data"}]}}
        last = WAYS[way](client, [*messages, first, {"role": "user", "content": [result]}])
        asked = [one.asked.model for one in model.requests if one.asked]
    assert ("I look.", "bash", {"command": LINE}) == (first["content"][0]["text"], called["name"], called["input"])
    assert [{"text": "Found: prod-data"}] == last["content"]
    assert [CLAUDE if "claude" in way else NOVA] * 2 == asked


def test_a_wrong_request_is_refused_as_by_bedrock() -> None:
    """With the code by which boto3 names its exceptions."""
    with ScriptedModel(lambda _: Use("")) as model:
        client = client_at(model.url)
        with pytest.raises(client.exceptions.ValidationException, match="parse the JSON"):
            client.invoke_model(modelId=NOVA, body=b"{")
    with ScriptedModel(looks_once) as model:
        client = client_at(model.url)
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            client.count_tokens(modelId=NOVA, input={"converse": {"messages": []}})


# -- agents in trials ------------------------------------------------------------------------------------------------------


def agent_by(talk: Talk) -> Callable[[Brief], str]:
    """Give an agent that asks its model and carries out what that calls, until it only says something."""

    def agent(brief: Brief) -> str:
        client, box = brief.session.client("bedrock-runtime"), toolbox(brief)
        messages: list[Any] = [{"role": "user", "content": [{"text": brief.task}]}]
        for _ in range(10):
            answer = talk(client, messages)
            calls = [one["toolUse"] for one in answer["content"] if "toolUse" in one]
            messages.append(answer)
            if not calls:
                return str(answer["content"][0]["text"]) if answer["content"] else ""
            results = [
                {
                    "toolResult": {
                        "toolUseId": one["toolUseId"],
                        "content": [{"text": box.call(one["name"], one["input"])}],
                    }
                }
                for one in calls
            ]
            messages.append({"role": "user", "content": results})
        return "I gave up."

    return agent


def scans(seen: Seen) -> Move:
    """Look into the table once."""
    look: dict[str, JsonValue] = {"service": "dynamodb", "operation": "Scan", "parameters": {"TableName": "costs"}}
    return Say("Three rows.") if seen.step else Use("call_aws", look, "I look.")


def deletes(seen: Seen) -> Move:
    """Delete the table."""
    what: dict[str, JsonValue] = {
        "service": "dynamodb",
        "operation": "DeleteTable",
        "parameters": {"TableName": "costs"},
    }
    return Say("Gone.") if seen.step else Use("call_aws", what)


@pytest.fixture
def on_bedrock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Name a server in the place of Bedrock."""
    return lambda url: monkeypatch.setenv(bedrock.URL, url)


@pytest.mark.parametrize("served", [False, True], ids=["in process", "served"])
@pytest.mark.parametrize("way", ["converse", "converse-stream", "invoke claude, streamed"])
def test_its_model_is_reached_from_within_a_trial(
    small: Scenario, on_bedrock: Callable[[str], None], way: str, *, served: bool
) -> None:
    """Each turn is in the history; what it asks of the model is no call of the account."""
    agent: Agent = CallableAgent(agent_by(WAYS[way]), "nova")
    with ScriptedModel(scans) as model:
        on_bedrock(model.url)
        trial = run_trial(small, Served(agent) if served else agent)
    assert () == trial.history.troubles
    assert Verdict.PASS is trial.verdict
    assert ["Scan"] == [one.operation for _, one in trial.history.of(CallStarted) if one.author.value == "agent"]
    assert [(1, "answered"), (2, "answered")] == [(one.turn, one.outcome) for _, one in trial.history.of(ModelTurn)]


def test_what_such_an_agent_deletes_counts(small: Scenario, on_bedrock: Callable[[str], None]) -> None:
    """As of any other."""
    with ScriptedModel(deletes) as model:
        on_bedrock(model.url)
        trial = run_trial(small, agent_by(converse))
    assert (Verdict.FAIL, "effected") == (trial.verdict, trial.never_chose_deletion.code)


def test_without_a_model_nothing_is_proved(small: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trial says how to name one."""
    for name in (bedrock.URL, bedrock.PROFILE):
        monkeypatch.delenv(name, raising=False)
    trial = run_trial(small, agent_by(converse))
    assert Verdict.INCONCLUSIVE is trial.verdict
    assert TroubleKind.MODEL is trial.history.troubles[0][1].trouble
    assert "name one by ASKFIRST_BEDROCK_PROFILE" in trial.history.troubles[0][1].because


STRIKES: dict[str, tuple[Fault, str, str]] = {
    "rate limited once": (faults.model_rate_limited(retry_after=0.02).on("*").nth(1).attempts(1), "", "PASS"),
    "rate limited for good": (faults.model_rate_limited().on("*").nth(1), "ThrottlingException", "INCONCLUSIVE"),
    "no answer": (faults.model_timeout().on("*").nth(1), "ReadTimeoutError", "INCONCLUSIVE"),
    "reset": (faults.model_reset().on("*").nth(1), "", "PASS"),
    "slow": (faults.model_hang(seconds=20).on("*").nth(1), "", "PASS"),
    "overloaded": (faults.model_overloaded(status=503).on("*").nth(1), "ServiceUnavailable", "INCONCLUSIVE"),
    "context too long": (faults.context_too_long().on("*").nth(1), "ValidationException", "INCONCLUSIVE"),
    "empty": (faults.empty_choices().on("*").nth(1), "", "INCONCLUSIVE"),
    "twice": (faults.duplicate_tool_call().on("*").nth(1), "", "PASS"),
    "another tool": (faults.wrong_tool_name().on("*").nth(1), "", ""),
    "stream cut": (faults.stream_cut().on("*").nth(1), "", "PASS"),
    "filtered": (faults.content_filtered().on("*").nth(1), "", "INCONCLUSIVE"),
}


@pytest.mark.parametrize("name", STRIKES)
@pytest.mark.parametrize("way", ["converse", "converse-stream"])
def test_faults_of_a_models_api_strike_it(
    small: Scenario, on_bedrock: Callable[[str], None], name: str, way: str
) -> None:
    """In boto3's own words, without waiting for real; what became of each is in the history."""
    fault, told, verdict = STRIKES[name]
    began = time.perf_counter()
    with ScriptedModel(scans) as model:
        on_bedrock(model.url)
        trial = run_trial(small, agent_by(WAYS[way]), FaultPlan((fault,)))
    assert len(list(trial.history.of(FaultFired))) >= 1
    assert verdict in {"", trial.verdict.value}
    assert told in "".join(one.because for _, one in trial.history.troubles)
    assert [one for _, one in trial.history.of(ModelTurn) if one.fault]
    assert time.perf_counter() - began < 20


# -- the real thing, as far as it can be seen from here ----------------------------------------------------------------------


class _Listening(HTTPServer):
    heard: list[dict[str, str]]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, _Listening)
        self.rfile.read(int(self.headers["content-length"]))
        self.server.heard.append({**{name.lower(): value for name, value in self.headers.items()}, "path": self.path})
        said = {"output": {"message": {"role": "assistant", "content": [{"text": "Hello."}]}}, "stopReason": "end_turn"}
        body = json.dumps({**said, "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the base class's
        pass


def test_calls_are_signed_by_credentials_of_their_own(
    small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By those of the named profile, for Bedrock, at the real time: neither the agent's keys nor the trial's date go out."""
    keys = tmp_path / "credentials"
    keys.write_text("[models]\naws_access_key_id = AKIAMODELS\naws_secret_access_key = secret-of-models\n", "utf-8")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(keys))
    server = _Listening(("127.0.0.1", 0), _Handler)
    server.heard = []
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv(bedrock.URL, f"http://127.0.0.1:{server.server_address[1]}")
    monkeypatch.setenv(bedrock.PROFILE, "models")
    monkeypatch.setenv(bedrock.REGION, "eu-west-3")
    own: list[str] = []

    def agent(brief: Brief) -> str:
        found = brief.session.get_credentials()
        own.append(found.access_key if found else "")
        return agent_by(converse)(brief)

    run_trial(small, agent)
    server.shutdown()
    server.server_close()

    (heard,) = server.heard
    assert "Credential=AKIAMODELS/" in heard["authorization"]
    assert "/eu-west-3/bedrock/aws4_request" in heard["authorization"]
    signed = datetime.strptime(heard["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - signed).total_seconds()) < 300
    assert "/model/us.amazon.nova-pro-v1%3A0/converse" == heard["path"]
    assert own[0] not in str(heard)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({bedrock.URL: "somewhere"}, "write an address such as"),
        ({bedrock.PROFILE: "nobody"}, "nobody"),
        ({bedrock.PROFILE: "bare"}, "has no credentials: aws configure --profile bare"),
        ({bedrock.PROFILE: "lost"}, "names no region: set ASKFIRST_BEDROCK_REGION"),
    ],
)
def test_wrong_settings_are_told(
    small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], told: str
) -> None:
    """Before anything runs, with what to do."""
    (tmp_path / "config").write_text("[profile bare]\noutput = json\n[profile lost]\noutput = json\n", "utf-8")
    keys = "[lost]\naws_access_key_id = A\naws_secret_access_key = b\n"
    (tmp_path / "credentials").write_text(keys, "utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in (bedrock.URL, bedrock.PROFILE, bedrock.REGION, "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=told):
        run_trial(small, lambda _: "")


def test_a_conversation_is_recorded_and_replayed(
    small: Scenario, tmp_path: Path, on_bedrock: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of any other model; the replay needs neither server nor setting."""
    agent, path = CallableAgent(agent_by(converse), "nova"), tmp_path / "nova.yaml"
    with ScriptedModel(scans) as model:
        on_bedrock(model.url)
        first = record_trial(small, agent, path, source="a script")
    monkeypatch.delenv(bedrock.URL)
    again: Trial = replay_trial(small, agent, path)
    assert ((), first.id) == (again.history.troubles, again.id)
    assert [str(one.event) for one in first.history.entries] == [str(one.event) for one in again.history.entries]
