"""What a recorded conversation holds for: the agent, the world, the plan and the versions with which it was recorded."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from askfirst.harness.agent import Agent
    from askfirst.harness.faulting.plan import FaultPlan
    from askfirst.harness.scenario import Scenario

VERSIONS = "version of "
"""How the parts begin whose change alone is no divergence: it may explain one."""

PACKAGES = ("askfirst", "moto", "boto3", "botocore", "openai", "langchain-core")


def contract_of(agent: Agent, scenario: Scenario, arm: str, plan: FaultPlan, seed: int) -> dict[str, str]:
    """Give the parts by name; long ones as digests."""
    own: Mapping[str, str] = getattr(agent, "parts", {"agent": agent.configuration})
    parts = {
        "agent": agent.name,
        **{name: _digest(text) for name, text in own.items()},
        "scenario": scenario.name,
        "world": scenario.content_hash(),
        "arm": arm,
        "fault plan": plan.digest(),
        "seed": str(seed),
    }
    return parts | {f"{VERSIONS}{name}": version for name in PACKAGES if (version := _version(name))}


def changed(recorded: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Give the parts that are not as they were, what the agent and its trial are made of first."""
    names = [one for one in {**recorded, **now} if recorded.get(one) != now.get(one)]
    return sorted(names, key=lambda one: one.startswith(VERSIONS))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
