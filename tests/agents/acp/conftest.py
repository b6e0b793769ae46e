"""What the tests of ACP agents share: an agent on the other side of the same package, and an `aws` for the sandbox."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from askfirst.agents.acp import AcpAgent
from askfirst.harness.policy import Limits
from askfirst.harness.trial import Trial, run_trial

if TYPE_CHECKING:
    from askfirst.harness.faulting.plan import FaultPlan
    from askfirst.harness.scenario import Scenario

FAKE = Path(__file__).parent / "fake_agents" / "fake.py"
STAND_IN = Path(__file__).parents[2] / "sandbox" / "fake_agents" / "aws_stand_in.py"

Talk = Callable[..., Trial]


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stand-in for `aws`, made of boto3: there on every machine. Not the real command."""
    script = tmp_path_factory.mktemp("stand-in") / "aws"
    script.write_text(f"#!{sys.executable}\n{STAND_IN.read_text(encoding='utf-8')}", encoding="utf-8")
    script.chmod(0o755)
    return script


@pytest.fixture
def talk(small: Scenario, stand_in: Path) -> Talk:
    """Drop a script of the fake agent into the small scenario."""

    def talked(
        script: str,
        *,
        seconds: float = 120,
        hours: float = 72,
        scenario: Scenario = small,
        faults: FaultPlan | None = None,
        **options: Any,
    ) -> Trial:
        scenario = dataclasses.replace(scenario, limits=Limits(seconds=seconds, world_hours=hours))
        options = {"argv": (sys.executable, str(FAKE), script), "label": script, "aws": stand_in, **options}
        return run_trial(scenario, AcpAgent(**options), faults=faults)

    return talked
