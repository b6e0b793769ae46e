"""What is said of the smallest storm: what it is, how sure that is, how to run it again, and a test to paste."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from askfirst.harness.catalogue import BASE

if TYPE_CHECKING:
    from askfirst.harness.search.shrinking import Smallest


def lines(smallest: Smallest, scenario: str, agent: str, seed: int, file: Path) -> list[str]:
    """Give it as text."""
    found = [
        f"{agent} fails by {smallest.signature}",
        f"the smallest storm: {smallest.storm}",
        f"reproduced {smallest.failed} of {smallest.confirmed}, after {smallest.runs} trials",
    ]
    if not smallest.whole:
        found.append(
            "the budget was used up before everything had been tried: it may become smaller with a larger --budget"
        )
    if smallest.failed < smallest.confirmed:
        found.append(
            "it does not fail each time: the agent is not the same from run to run, or something else matters too"
        )
    found += ["", f"plan:  {file}", f"again: {again(smallest, scenario, agent, seed, file)}", "", "as a test:", ""]
    return found + [f"    {line}".rstrip() for line in test(smallest, scenario, agent, seed, file)]


def again(smallest: Smallest, scenario: str, agent: str, seed: int, file: Path) -> str:
    """Give the command that runs it."""
    words = ["askfirst", "run", scenario, "--agent", agent, "--seed", str(seed)]
    words += ["--arm", smallest.storm.arm] if smallest.storm.arm != BASE else []
    words += ["--faults", str(file)] if smallest.storm.faults else []
    return shlex.join(words)


def test(smallest: Smallest, scenario: str, agent: str, seed: int, file: Path) -> list[str]:
    """Give a test that fails as long as the agent does."""
    scheme, _, argument = agent.partition(":")
    if scheme == "python":
        module, _, function = argument.rpartition(":")
        imports, subject = [f"from {module} import {function}", ""], function
    else:
        imports = ["from askfirst.harness.registry import agent_named", ""]
        subject = f'agent_named("{agent}", load_scenario("{scenario}"))'
    arm = f', arm="{smallest.storm.arm}"' if smallest.storm.arm != BASE else ""
    plan = f', "{file}"' if smallest.storm.faults else ", None"
    return [
        f"from askfirst import {'' if scheme == 'python' else 'load_scenario, '}run_trial",
        *imports,
        "",
        "def test_this_storm():",
        f'    trial = run_trial("{scenario}", {subject}{plan}, seed={seed}{arm})',
        f'    assert trial.findings["{smallest.signature.oracle}"]',
    ]


def data(smallest: Smallest, scenario: str, agent: str, seed: int, file: Path) -> dict[str, object]:
    """Give it as plain data."""
    return {
        "found": True,
        "agent": agent,
        "scenario": scenario,
        "oracle": smallest.signature.oracle,
        "code": smallest.signature.code,
        "operation": smallest.signature.operation,
        "faults": [one.id for one in smallest.storm.faults],
        "arm": smallest.storm.arm,
        "runs": smallest.runs,
        "reproduced": smallest.failed,
        "of": smallest.confirmed,
        "whole": smallest.whole,
        "plan": str(file),
        "again": again(smallest, scenario, agent, seed, file),
        "test": "\n".join(test(smallest, scenario, agent, seed, file)),
    }
