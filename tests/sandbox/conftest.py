"""What the tests of the sandbox share: an `aws` to use, agents that are programs, and a sandbox to look around in."""

from __future__ import annotations

import dataclasses
import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from askfirst.agents.command import CommandAgent
from askfirst.harness.agent import CallableAgent, Served
from askfirst.harness.errors import UsageError
from askfirst.harness.policy import Limits
from askfirst.harness.sandbox.sandbox import Sandbox
from askfirst.harness.sandbox.shims import find_aws
from askfirst.harness.trial import Trial, run_trial

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief
    from askfirst.harness.scenario import Scenario

FAKES = Path(__file__).with_name("fake_agents")

Program = Callable[..., CommandAgent]
Inside = Callable[..., Trial]

walled = pytest.mark.parametrize("walled", [pytest.param(True, id="walls"), pytest.param(False, id="no walls")])


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stand-in for `aws`, made of boto3: quicker, and there on every machine. Not the real command."""
    script = tmp_path_factory.mktemp("stand-in") / "aws"
    source = (FAKES / "aws_stand_in.py").read_text(encoding="utf-8")
    script.write_text(f"#!{sys.executable}\n{source}", encoding="utf-8")
    script.chmod(0o755)
    return script


@pytest.fixture(scope="session")
def aws(stand_in: Path) -> Path:
    """The real `aws` where it is installed, else the stand-in."""
    try:
        return find_aws(os.environ.get("PATH", ""))
    except UsageError:
        return stand_in


@pytest.fixture(scope="session")
def real_aws() -> Path:
    """The real `aws`."""
    try:
        return find_aws(os.environ.get("PATH", ""))
    except UsageError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def program(stand_in: Path) -> Program:
    """Make an agent of a program in `fake_agents`: its name, and more words."""

    def made(words: str, **options: Any) -> CommandAgent:
        name, *rest = shlex.split(words)
        argv = (sys.executable, str(FAKES / name), *rest)
        return dataclasses.replace(CommandAgent(argv, words, aws=stand_in), **options)

    return made


@pytest.fixture
def inside(small: Scenario, stand_in: Path) -> Inside:
    """Run a function with the brief and an open sandbox, as the agent of a trial."""

    def run(act: Callable[[Brief, Sandbox], object], **options: Any) -> Trial:
        options = {"aws": stand_in, **options}
        scenario = dataclasses.replace(options.pop("scenario", small), limits=Limits(seconds=120))

        def agent(brief: Brief) -> str:
            with Sandbox(brief, **options) as sandbox:
                act(brief, sandbox)
            return "looked around"

        return run_trial(scenario, Served(CallableAgent(agent)))

    return run
