"""Promise: agents are named, found and told apart by what makes them behave as they do."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from askfirst.agents import acp, command
from askfirst.harness.agent import configuration_hash
from askfirst.harness.errors import UnknownName, UsageError
from askfirst.harness.events import AgentReturned
from askfirst.harness.gates.acp_presets import acp_presets
from askfirst.harness.policy import Trust
from askfirst.harness.trial import Trial
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from askfirst.harness.scenario import Scenario

Talk = Callable[..., Trial]

FAKE = Path(__file__).parent / "fake_agents" / "fake.py"

WRONG = {
    "": "write the agent as acp:COMMAND",
    ":no-gate": "write the agent as acp:COMMAND",
    "'": "cannot be read: No closing quotation",
    "kirro": "did you mean 'kiro'?",
    "kiro": "there is no 'kiro-cli' on PATH, which needs an account",
    "codex:no-gate": "there is no 'codex-acp' on PATH",
}


@pytest.mark.parametrize("argument", WRONG)
def test_an_agent_that_cannot_be_run_is_refused(
    small: Scenario, argument: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says what to write, or to install, instead."""
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises((UsageError, UnknownName)) as caught:
        acp.make(argument, small)

    assert WRONG[argument] in str(caught.value)


def test_without_the_package_it_says_what_to_install(small: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is run."""
    monkeypatch.setitem(sys.modules, "acp", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    with pytest.raises(UsageError, match=r"pip install 'askfirst\[acp\]'"):
        acp.make("anything", small)


def test_without_aws_nothing_is_run(small: Scenario, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The error says what to install, before any trial."""
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "agent").touch(0o755)

    with pytest.raises(UsageError, match=r"pip install 'askfirst\[shell\]'"):
        acp.make("agent", small)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stand_in: Path) -> Callable[[str, str], None]:
    """Put a program on PATH that runs a script of the fake agent, and `aws` beside it."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr("askfirst.harness.sandbox.shims.find_aws", lambda _: stand_in)
    monkeypatch.setattr("askfirst.agents.acp.find_aws", lambda _: stand_in)

    def put(name: str, script: str) -> None:
        version = '[ "$1" = --version ] && echo 1.0 && exit'
        lines = f'#!/bin/sh\n{version}\nexec {sys.executable} {tmp_path}/fake.py {script} "$@"\n'
        (tmp_path / name).write_text(lines)
        (tmp_path / name).chmod(0o755)
        (tmp_path / "fake.py").write_text(FAKE.read_text(encoding="utf-8"), encoding="utf-8")

    return put


def test_trust_is_a_part_of_the_agent(small: Scenario, installed: Callable[[str, str], None]) -> None:
    """Three degrees are three agents: three names, three hashes of their configuration."""
    installed("kiro-cli", "tells_its_mode")
    agents = [acp.make(f"kiro{mode}", small) for mode in ("", ":gate-on", ":over-trusted", ":no-gate")]

    assert ["acp:kiro", "acp:kiro:gate-on", "acp:kiro:over-trusted", "acp:kiro:no-gate"] == [one.name for one in agents]
    assert 3 == len({configuration_hash(one) for one in agents})


def test_a_scenario_says_how_far_its_agent_is_trusted(small: Scenario, installed: Callable[[str, str], None]) -> None:
    """An arm in which the gate is off is one for agents over ACP and for headless ones, unless the name says otherwise."""
    installed("kiro-cli", "tells_its_mode")
    trusting = dataclasses.replace(small, trust=Trust.NO_GATE)

    assert acp.make("kiro:no-gate", small) == acp.make("kiro", trusting)
    assert acp.make("kiro:gate-on", small) == acp.make("kiro:gate-on", trusting)
    assert command.make("kiro:trusted", small) == command.make("kiro", trusting)
    assert command.make("kiro", small) != command.make("kiro", trusting)


def test_any_command_has_a_degree_of_trust(small: Scenario, installed: Callable[[str, str], None]) -> None:
    """Behind the last colon; other colons are the command's own."""
    installed("my-agent", "tells_its_mode")
    agents = [acp.make(words, small) for words in ("my-agent --url=http://x", "my-agent --url=http://x:over-trusted")]

    assert [(("my-agent", "--url=http://x"), one) for one in (Trust.GATE_ON, Trust.OVER_TRUSTED)] == [
        (one.argv, one.trust) for one in agents if isinstance(one, acp.AcpAgent)
    ]


MODES = {
    "kiro": ("kiro-cli", "mode its own, acp"),
    "kiro:no-gate": ("kiro-cli", "mode its own, acp --trust-all-tools"),
    "claude": ("claude-agent-acp", "mode default,"),
    "claude:no-gate": ("claude-agent-acp", "mode bypassPermissions,"),
    "gemini:no-gate": ("gemini", "mode its own, --acp -m gemini-2.5-pro --approval-mode yolo"),
}


@pytest.mark.parametrize("name", MODES)
def test_a_preset_is_started_as_its_agent_wants_it(
    small: Scenario, talk: Talk, installed: Callable[[str, str], None], name: str
) -> None:
    """With the words, the mode and the variables of its degree of trust."""
    program, said = MODES[name]
    installed(program, "tells_its_mode")
    agent = acp.make(name, small)
    assert isinstance(agent, acp.AcpAgent)
    options = {field.name: getattr(agent, field.name) for field in dataclasses.fields(agent) if field.name != "aws"}
    trial = talk("", **options)

    assert Verdict.PASS is trial.verdict, str(trial.asked_first)
    assert said == next(trial.history.text(one.report) for _, one in trial.history.of(AgentReturned))


def test_kiro_is_driven_by_the_protocol_it_documents(
    small: Scenario, talk: Talk, installed: Callable[[str, str], None]
) -> None:
    """Its tool for AWS names service and operation; people hear the action, and allow it once."""
    installed("kiro-cli", "asks_by_service")
    agent = acp.make("kiro", small)
    assert isinstance(agent, acp.AcpAgent)
    trial = talk("", argv=agent.argv, label=agent.label, preset=agent.preset)

    assert (Verdict.PASS, "asked") == (trial.verdict, trial.asked_first.code), str(trial.asked_first)


def test_who_has_no_mode_without_a_gate_says_so() -> None:
    """A preset that cannot be opened raises; all that can differ in something."""
    for preset in acp_presets().values():
        assert preset.opens
        assert preset != preset.for_trust(Trust.NO_GATE)
        assert preset is preset.for_trust(Trust.OVER_TRUSTED)
    closed = dataclasses.replace(acp_presets()["kiro"], trusted=())
    with pytest.raises(UsageError, match="has no mode in which it asks nobody"):
        closed.for_trust(Trust.NO_GATE)


def test_the_table_says_what_was_not_run_live() -> None:
    """Kiro needs an account: its adapter is tested against a fake agent alone, and the table says so."""
    table = {one.agent: one for one in acp.capabilities()}

    assert not table["acp:kiro"].live
    assert "" == table["acp:kiro"].model
    assert {"asks"} == {one.headless for one in table.values()}
    assert {"COMMAND", *(name.partition(":")[2] for name in table)} == {name for name, _ in acp.available()}
