"""What runs of real agents share: where the programs are, and a trial of one with a scripted model."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from askfirst.agents.command import CommandAgent
from askfirst.harness.errors import UsageError
from askfirst.harness.model.scripted import Request, ScriptedModel
from askfirst.harness.registry import agent_named, load_scenario
from askfirst.harness.sandbox.furnishing import MODEL_URL
from askfirst.harness.sandbox.presets import presets, version_of
from askfirst.harness.sandbox.shims import find_aws
from askfirst.harness.trial import Trial, run_trial

if TYPE_CHECKING:
    from askfirst.harness.model.script import Script

FOLDER = Path(os.environ.get("ASKFIRST_AGENTS", "") or "~/.cache/askfirst/agents").expanduser()
"""Where `tools/agents.sh` puts them."""

BINS = ("*/bin", "*/node_modules/.bin", "node/node_modules/node/bin")
KEYS = ("OPENAI_API_KEY", "ANTHROPIC_AUTH_TOKEN", "GEMINI_API_KEY")
SECONDS = 300.0
"""Real time for one agent: the stack alone takes more than two minutes to roll back."""


@dataclass(frozen=True, slots=True)
class Run:
    """One trial, and what its model was asked."""

    trial: Trial
    requests: tuple[Request, ...]


Live = Callable[[str, "Script"], Run]


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the installed agents and the real `aws` on PATH; give them keys, for they insist on some."""
    found = [str(one) for form in BINS for one in sorted(FOLDER.glob(form))]
    monkeypatch.setenv("PATH", os.pathsep.join([*found, os.environ["PATH"]]))
    for name in KEYS:
        monkeypatch.setenv(name, "key-of-nobody")
    monkeypatch.setenv("ANTHROPIC_MODEL", "scripted")
    monkeypatch.setenv("MSWEA_MODEL_NAME", "openai/scripted")


@pytest.fixture
def live(programs: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Live:
    """Run a preset in the incident of December, driven by a script; skips with the reason what is not installed."""
    del programs

    def run(name: str, script: Script) -> Run:
        preset = presets()[name.partition(":")[0]]
        if not preset.installed:
            pytest.skip(f"{preset.title} is not installed: tools/agents.sh {preset.name}")
        try:
            aws = find_aws(os.environ["PATH"])
        except UsageError as error:
            pytest.skip(f"{error} (or: tools/agents.sh aws)")
        december = load_scenario("cost-explorer-december")
        scenario = dataclasses.replace(december, limits=dataclasses.replace(december.limits, seconds=SECONDS))
        began = time.perf_counter()
        with ScriptedModel(script) as model:
            monkeypatch.setenv(MODEL_URL, model.url)
            agent = agent_named(f"command:{name}", scenario)
            assert isinstance(agent, CommandAgent)
            trial = run_trial(scenario, dataclasses.replace(agent, aws=aws))
        with capsys.disabled():
            version, seconds = version_of(preset), time.perf_counter() - began
            told = getattr(script, "__name__", "script")
            print(f"\n{name} ({version}), {told}: {trial.verdict.name} in {seconds:.1f} s")  # noqa: T201 - what ran is part of the answer
        return Run(trial, model.requests)

    return run
