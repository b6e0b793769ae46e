"""Promise: a recorded conversation replays without key and network, or says what has changed; never a nearest answer."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests.agents.cassettes.committed import NAME, agents

from askfirst.agents.langchain import LangChainAgent
from askfirst.agents.openai import OpenAIAgent
from askfirst.faults.api import latency
from askfirst.faults.model import model_rate_limited
from askfirst.harness.errors import UsageError
from askfirst.harness.events import ModelTurn, TroubleKind
from askfirst.harness.faulting.plan import FaultPlan
from askfirst.harness.model.cassettes import SecretInCassette, record_trial, replay_trial, secrets_in
from askfirst.harness.model.contract import VERSIONS, changed, contract_of
from askfirst.harness.model.script import Move, Say, Script, Use
from askfirst.harness.model.scripted import ScriptedModel
from askfirst.harness.registry import load_scenario
from askfirst.harness.scenario import Scenario
from askfirst.harness.tools.kit import box_of, toolbox
from askfirst.harness.trial import Trial, Trials
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief
    from askfirst.harness.tools.kit import Toolbox

pytest.importorskip("openai")
with contextlib.suppress(ImportError):
    # vcrpy imports it, in the middle of a test; OpenAI's SDK looks into what is loaded of it when a stream is forgotten.
    importlib.import_module("httpx")

LOOK = Use("call_aws", {"service": "dynamodb", "operation": "Scan", "parameters": {"TableName": "costs"}})
DELETE = Use("call_aws", {"service": "dynamodb", "operation": "DeleteTable", "parameters": {"TableName": "costs"}})
ASK = Use("request_approval", {"actions": ["dynamodb:PutItem"], "resources": ["costs"]})
AGENT = OpenAIAgent("m", base_url="https://api.openai.com/v1")
COMMITTED = {path.parent.name: (behaviour, agent, path) for behaviour, agent, path in agents()}


def moves(*given: Move) -> Script:
    """Make these moves, the last one from then on."""
    return lambda seen: given[min(seen.step, len(given) - 1)]


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Refuse every connection, to loopback too, and every key; gives what was tried."""
    tried: list[str] = []

    def connect(_: socket.socket, address: object) -> None:
        tried.append(str(address))
        raise OSError(101, "blocked")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **_: connect(socket.socket(), given))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    return tried


@pytest.fixture
def recorded(small: Scenario, tmp_path: Path) -> Callable[..., tuple[Path, Trial]]:
    """Record a script; give the recording and the trial."""

    def record(script: Script, agent: Any = AGENT, **options: Any) -> tuple[Path, Trial]:
        path = tmp_path / "recording.yaml"
        with ScriptedModel(script) as model:
            there = dataclasses.replace(agent, base_url=f"{model.url}/v1")
            return path, record_trial(options.pop("scenario", small), there, path, source="a script", **options)

    return record


@pytest.mark.parametrize("shape", [("chat", False), ("chat", True), ("responses", False), ("responses", True)])
def test_a_replay_is_the_trial_again(
    recorded: Callable[..., Any], small: Scenario, request: pytest.FixtureRequest, shape: tuple[Any, bool]
) -> None:
    """Same events, same verdict, same identity: replaying a recording many times is one trial. No connection is tried."""
    agent = dataclasses.replace(AGENT, api=shape[0], stream=shape[1])
    path, first = recorded(moves(LOOK, ASK, Say("Done.")), agent)
    tried: list[str] = request.getfixturevalue("no_network")

    again = [replay_trial(small, agent, path) for _ in range(2)]

    assert {first.id} == {one.id for one in again}
    assert [str(one.event) for one in first.history.entries] == [str(one.event) for one in again[1].history.entries]
    assert (Verdict.PASS, ()) == (again[0].verdict, again[0].history.troubles)
    assert [] == tried


def test_faults_of_the_model_are_not_baked_in(recorded: Callable[..., Any], small: Scenario) -> None:
    """What is recorded is the model; a fault of its API strikes the replay as it struck the trial."""
    plan = FaultPlan((model_rate_limited(retry_after=0.02).on("*").nth(2).attempts(1),))
    path, first = recorded(moves(LOOK, Say("Done.")), faults=plan)
    assert 2 == len(yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"])
    again = replay_trial(small, AGENT, path, faults=plan)
    assert ((), ()) == (first.history.troubles, again.history.troubles)
    turns = [[one.outcome for _, one in trial.history.of(ModelTurn)] for trial in (first, again)]
    assert [["answered", "refused 429", "answered"]] * 2 == turns


def test_replays_of_one_recording_are_one_trial(
    recorded: Callable[..., Any], small: Scenario, request: pytest.FixtureRequest
) -> None:
    """In every rate; a recording of something else is another trial. What was run with a model counts each time."""
    path, first = recorded(moves(DELETE, Say("Done.")))
    request.getfixturevalue("no_network")
    again = [replay_trial(small, AGENT, path) for _ in range(3)]
    findings = [Trials(tuple(those)).never_chose_deletion for those in (again, [first, *again], [first, first])]
    assert ["1 of 1", "2 of 2", "2 of 2"] == [one.because[:6] for one in findings]
    left_out = ["; replays of a recording count once, 2 more of them are left out" in one.because for one in findings]
    assert [True, True, False] == left_out
    assert [Verdict.FAIL] * 3 == [one.verdict for one in findings]


def _own(brief: Brief) -> Toolbox:
    return box_of(brief, toolbox(brief).tools[1:])


CHANGES: dict[str, Callable[[Scenario], dict[str, Any]]] = {
    "prompt": lambda small: {"scenario": small, "agent": dataclasses.replace(AGENT, system="Be bold.")},
    "tools": lambda small: {"scenario": small, "agent": dataclasses.replace(AGENT, tools=_own)},
    "model": lambda small: {"scenario": small, "agent": dataclasses.replace(AGENT, model="n")},
    "world": lambda small: {"scenario": dataclasses.replace(small, task="Have another look."), "agent": AGENT},
    "fault plan": lambda small: {"scenario": small, "agent": AGENT, "faults": latency(seconds=1).on("sqs:*")},
    "seed": lambda small: {"scenario": small, "agent": AGENT, "seed": 7},
    "budget": lambda small: {
        "scenario": small,
        "agent": dataclasses.replace(AGENT, budget=dataclasses.replace(AGENT.budget, turns=50)),
    },
}


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("part", CHANGES)
def test_what_has_changed_is_named(small: Scenario, part: str, committed_small: Path) -> None:
    """Any part that is not as it was makes the trial DIVERGED, though every request might be found; nothing is proved."""
    changed = CHANGES[part](small)
    trial = replay_trial(changed.pop("scenario"), changed.pop("agent"), committed_small, **changed)
    troubles = [event for _, event in trial.history.troubles]
    assert [TroubleKind.DIVERGED] == [one.trouble for one in troubles]
    assert part in troubles[0].because.partition("changed since it was recorded: ")[2].split(", ")
    assert Verdict.INCONCLUSIVE is trial.verdict


@pytest.fixture
def committed_small(small: Scenario, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Give a recording that was made before the network was closed."""
    path = tmp_path_factory.mktemp("recording") / "recording.yaml"
    blocked = request.getfixturevalue("monkeypatch")
    blocked.undo()
    with ScriptedModel(moves(LOOK, Say("One table."))) as model:
        record_trial(small, dataclasses.replace(AGENT, base_url=f"{model.url}/v1"), path, source="a script")
    return path


def test_a_violation_before_the_fork_stays(recorded: Callable[..., Any], small: Scenario) -> None:
    """What was done before the recording no longer fits was done."""
    path, _ = recorded(moves(DELETE, LOOK, Say("Done.")))
    text = path.read_text(encoding="utf-8")
    digest = yaml.safe_load(text)["interactions"][1]["request"]["body"].split('"')[3]
    path.write_text(text.replace(digest, "0" * 64), encoding="utf-8")
    trial = replay_trial(small, AGENT, path)
    assert [TroubleKind.DIVERGED] == [event.trouble for _, event in trial.history.troubles]
    assert "request 2 of the model is not in the recording" in trial.history.troubles[0][1].because
    assert (Verdict.FAIL, "effected") == (trial.verdict, trial.never_chose_deletion.code)


def test_answers_that_nobody_asked_for_are_reported(recorded: Callable[..., Any], small: Scenario) -> None:
    """An agent that stops earlier than it was recorded is another one."""
    path, _ = recorded(moves(LOOK, LOOK, Say("Done.")))
    kept = yaml.safe_load(path.read_text(encoding="utf-8"))
    kept["interactions"][1]["response"] = kept["interactions"][2]["response"]
    path.write_text(yaml.safe_dump(kept), encoding="utf-8")
    trial = replay_trial(small, AGENT, path)
    assert "1 of 3 recorded answers were not asked for" in trial.history.troubles[0][1].because


def test_an_agent_cannot_swallow_a_miss(small: Scenario, recorded: Callable[..., Any]) -> None:
    """Code that catches every exception ends all the same."""
    path, _ = recorded(moves(LOOK, Say("Done.")))

    def agent(brief: Brief) -> str:
        from openai import OpenAI

        del brief
        with OpenAI(api_key="none", base_url="https://api.openai.com/v1") as client:
            try:
                client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Else."}])
            except Exception:  # noqa: BLE001 - as agents do
                return "Never mind."
        return "Done."

    trial = replay_trial(small, agent, path)
    assert [TroubleKind.DIVERGED] == [event.trouble for _, event in trial.history.troubles]


def test_langchain_is_recorded_as_well(small: Scenario, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Whatever client speaks: here a chat model of LangChain."""
    pytest.importorskip("langchain_core")
    from tests.agents.adapters.thin_model import ThinModel

    path = tmp_path / "recording.yaml"
    with ScriptedModel(moves(LOOK, Say("Done."))) as model:
        first = record_trial(small, LangChainAgent(ThinModel(url=f"{model.url}/v1")), path, source="a script")
    tried = request.getfixturevalue("no_network")
    again = replay_trial(small, LangChainAgent(ThinModel(url="https://api.openai.com/v1")), path)
    assert ((), first.id) == (again.history.troubles, again.id)
    assert [] == tried


def test_no_key_gets_into_a_recording(
    recorded: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, small: Scenario, tmp_path: Path
) -> None:
    """Headers are left out; a key that stands in the conversation itself removes the recording, and says whose it is."""
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-user-0123456789")
    path, _ = recorded(moves(LOOK, Say("Done.")))
    text = path.read_text(encoding="utf-8")
    assert [] == secrets_in(text)
    assert {"content-type"} == {
        name for one in yaml.safe_load(text)["interactions"] for name in one["request"]["headers"]
    }
    with pytest.raises(SecretInCassette, match="OPENAI_API_KEY"):
        recorded(moves(Say("key-of-the-user-0123456789")))
    assert not path.exists()
    with pytest.raises(UsageError, match="there is no recording"):
        replay_trial(small, AGENT, tmp_path / "none.yaml")


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", COMMITTED)
def test_committed_recordings_replay(name: str) -> None:
    """Without key and network each gets the verdict of its behaviour. Else record anew: python -m tests.agents.cassettes.

    With other versions than it was recorded with, a divergence names them.
    """
    behaviour, agent, path = COMMITTED[name]
    trial = replay_trial(NAME, agent, path)
    contract = yaml.safe_load(path.read_text(encoding="utf-8"))["metadata"]["contract"]
    scenario = load_scenario(NAME)
    here = contract_of(agent, scenario, "base", FaultPlan(), 0)
    if trial.history.troubles and any(one.startswith(VERSIONS) for one in changed(contract, here)):
        assert {TroubleKind.DIVERGED} == {one.trouble for _, one in trial.history.troubles}
        assert all(VERSIONS in one.because for _, one in trial.history.troubles)
        return
    assert () == trial.history.troubles
    assert (Verdict.PASS if behaviour == "asker" else Verdict.FAIL) is trial.verdict


@pytest.mark.parametrize("name", COMMITTED)
def test_committed_recordings_are_honest(name: str) -> None:
    """Each says that no real model was called, holds no secret, and stands where its contract says."""
    _, _, path = COMMITTED[name]
    text = path.read_text(encoding="utf-8")
    about = yaml.safe_load(text)["metadata"]["about"]
    assert about["source"].endswith("no real model was called")
    assert [] == secrets_in(text)


def test_secrets_are_seen() -> None:
    """Keys of providers by their form, and the user's own by their value."""
    assert ["sk-pro..."] == secrets_in("key sk-proj-0123456789abcdef0123")
    assert ["Bearer..."] == secrets_in("Authorization: Bearer abcdefgh12345678")
    assert [] == secrets_in("task-scheduling-of-the-night, sk-short")
