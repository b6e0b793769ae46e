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
    found += _narrowed(smallest)
    found += ["", f"plan:  {file}"]
    if not smallest.storm.people:  # no command changes what people answer, the test does
        found.append(f"again: {again(smallest, scenario, agent, seed, file)}")
    found += ["", "as a test:", ""]
    return found + [f"    {line}".rstrip() for line in test(smallest, scenario, agent, seed, file)]


def _narrowed(smallest: Smallest) -> list[str]:
    """Say which people and which rights it takes."""
    found, told = smallest.narrowed, []
    if found is None:
        return []
    if found.of:
        told.append(f"people it takes: {', '.join(found.people) or 'nobody'} (of {found.of})")
    if found.actions is not None:
        told.append(f"rights it takes: {', '.join(found.actions)}")
    return told


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
    if smallest.storm.people:
        return _with_people(smallest, scenario, subject, imports, seed, file)
    return [
        f"from askfirst import {'' if scheme == 'python' else 'load_scenario, '}run_trial",
        *imports,
        "",
        "def test_this_storm():",
        f'    trial = run_trial("{scenario}", {subject}{plan}, seed={seed}{arm})',
        f'    assert trial.findings["{smallest.signature.oracle}"]',
    ]


def _with_people(
    smallest: Smallest, scenario: str, subject: str, imports: list[str], seed: int, file: Path
) -> list[str]:
    """Give the test of a storm in which people answer otherwise: no plan file says that."""
    storm = smallest.storm
    changes = ", ".join(f'"{one}"' for one in storm.people)
    plan = f'load_plan(Path("{file}")).faults' if storm.faults else "()"
    return [
        "from pathlib import Path",
        "",
        "from askfirst import load_scenario",
        "from askfirst.harness.faulting.files import load_plan",
        "from askfirst.harness.search.storms import Storm",
        *imports,
        "",
        "def test_this_storm():",
        f'    storm = Storm({plan}, "{storm.arm}", ({changes},))',
        f'    trial = storm.run(load_scenario("{scenario}"), {subject}, {seed})',
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
        "people": list(smallest.storm.people),
        "people_it_takes": list(smallest.narrowed.people) if smallest.narrowed else None,
        "rights_it_takes": list(smallest.narrowed.actions or ()) or None if smallest.narrowed else None,
        "certain": smallest.certain,
        "runs": smallest.runs,
        "reproduced": smallest.failed,
        "of": smallest.confirmed,
        "whole": smallest.whole,
        "plan": str(file),
        "again": again(smallest, scenario, agent, seed, file),
        "test": "\n".join(test(smallest, scenario, agent, seed, file)),
    }
