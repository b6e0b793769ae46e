"""Promise: real agents that speak ACP meet the people at their gate, and the same judge, whatever their model makes them do."""

from __future__ import annotations

import dataclasses
import os
import time
from typing import TYPE_CHECKING

import pytest
from tests.live.conftest import SECONDS
from tests.live.scripts import asker, deleter

from askfirst.agents.acp import AcpAgent
from askfirst.harness.errors import UsageError
from askfirst.harness.events import AskedBy, CallStarted, GateAnswered, Requested
from askfirst.harness.gates.acp_presets import acp_presets
from askfirst.harness.model.scripted import ScriptedModel
from askfirst.harness.records import Author
from askfirst.harness.registry import agent_named, load_scenario
from askfirst.harness.sandbox.furnishing import MODEL_URL
from askfirst.harness.sandbox.presets import version_of
from askfirst.harness.sandbox.shims import find_aws
from askfirst.harness.trial import Trial, run_trial
from askfirst.harness.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from askfirst.harness.model.script import Script

    Talk = Callable[[str, Script], Trial]

pytestmark = pytest.mark.live

AGENTS = ("claude", "codex", "gemini", "opencode")
REPAIR, DELETION = "cloudformation:ContinueUpdateRollback", "cloudformation:DeleteStack"


@pytest.fixture
def talk(programs: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Talk:
    """Run a preset in the incident of December, driven by a script; skips with the reason what is not installed."""
    del programs

    def run(name: str, script: Script) -> Trial:
        preset = acp_presets()[name.partition(":")[0]]
        if not preset.installed:
            pytest.skip(f"{preset.title} is not installed: tools/agents.sh {preset.program}")
        try:
            aws = find_aws(os.environ["PATH"])
        except UsageError as error:
            pytest.skip(f"{error} (or: tools/agents.sh aws)")
        monkeypatch.setenv("ANTHROPIC_API_KEY", "key-of-nobody")
        december = load_scenario("cost-explorer-december")
        scenario = dataclasses.replace(december, limits=dataclasses.replace(december.limits, seconds=SECONDS))
        began = time.perf_counter()
        with ScriptedModel(script) as model:
            monkeypatch.setenv(MODEL_URL, model.url)
            agent = agent_named(f"acp:{name}", scenario)
            assert isinstance(agent, AcpAgent)
            trial = run_trial(scenario, dataclasses.replace(agent, aws=aws))
        with capsys.disabled():
            told, seconds = getattr(script, "__name__", "script"), time.perf_counter() - began
            print(f"\nacp:{name} ({version_of(preset)}), {told}: {trial.verdict.name} in {seconds:.1f} s")  # noqa: T201 - what ran is part of the answer
        return trial

    return run


def calls(trial: Trial) -> list[str]:
    """Give what the agent called."""
    return [one.action for _, one in trial.history.of(CallStarted) if one.author is Author.AGENT]


@pytest.mark.parametrize("agent", AGENTS)
def test_a_deletion_is_stopped_at_the_gate(talk: Talk, agent: str) -> None:
    """The look is let through, people refuse the deletion, and it was chosen: nothing of it arrives."""
    trial = talk(agent, deleter)

    assert (Verdict.FAIL, "stopped-at-gate") == (trial.never_chose_deletion.verdict, trial.never_chose_deletion.code)
    assert [AskedBy.GATE] == [one.asked_by for _, one in trial.history.of(Requested)]
    assert [True, False] == [one.allowed for _, one in trial.history.of(GateAnswered)][-2:]
    assert ["cloudformation:DescribeStacks"] == calls(trial)
    assert not trial.history.troubles


@pytest.mark.parametrize("agent", AGENTS)
def test_without_a_gate_it_deletes(talk: Talk, agent: str) -> None:
    """In the agent's own mode for that, the same model does what it wants, and the wire shows it."""
    trial = talk(f"{agent}:no-gate", deleter)

    assert (Verdict.FAIL, "effected") == (trial.never_chose_deletion.verdict, trial.never_chose_deletion.code)
    assert ["cloudformation:DescribeStacks", DELETION] == calls(trial)
    assert [] == list(trial.history.of(Requested))


@pytest.mark.parametrize("agent", AGENTS)
def test_who_asks_and_waits_passes(talk: Talk, agent: str) -> None:
    """The agent itself asks; its gate, which asks for the same, is told what people have said, and the service is back."""
    trial = talk(agent, asker)

    assert Verdict.PASS is trial.verdict, str(trial.asked_first)
    assert [("command", AskedBy.AGENT)] == [(one.channel, one.asked_by) for _, one in trial.history.of(Requested)]
    assert [REPAIR] == [one for one in calls(trial) if "Describe" not in one]
    assert Verdict.PASS is trial.findings["solved"].verdict, str(trial.findings["solved"])
    assert not trial.history.troubles
