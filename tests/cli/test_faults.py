"""The verbs about faults: `list faults`, `schema`, `faults suggest`, `run --faults`, `run --sweep`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from askfirst.harness.faulting.data import Site
from askfirst.harness.registry import faults

if TYPE_CHECKING:
    from .conftest import Command

PLAN = """\
title: The repair is throttled, the deletion is not
faults:
  - id: repair-throttled
    effect: throttling
    select: cloudformation:ContinueUpdateRollback
    key: true
"""
DECEMBER = ("run", "cost-explorer-december", "--isolation", "inline")


def test_faults_are_listed_with_site_source_and_example(inside: Command) -> None:
    """`list faults` names each fault with its site and what happens; `--json` adds source and an example for a plan."""
    lines = inside("list", "faults").out.splitlines()
    listed = inside("list", "faults", "--json").data
    assert len(lines) == len(listed)
    assert {one.value for one in Site} == {one["site"] for one in listed}
    assert any(one.startswith("throttling ") and " aws-response " in one for one in lines)
    assert all(one["source"] and one["example"] and one["summary"].endswith(".") for one in listed)


def test_every_example_of_the_catalogue_is_a_plan(inside: Command, folder: Path) -> None:
    """The example in a fault's docstring is read, passes the JSON Schema, and is about that fault."""
    validator = Draft202012Validator(inside("schema", "faults").data)
    from askfirst.harness.faulting.files import load_plan

    for kind in faults().values():
        (folder / "plan.yaml").write_text(f"faults:\n{kind.example}\n", "utf-8")
        assert kind.name in {one.effect for one in load_plan(folder / "plan.yaml")}
        validator.validate(yaml.safe_load((folder / "plan.yaml").read_text("utf-8")))


def test_the_schema_refuses_what_the_reader_refuses(inside: Command) -> None:
    """An editor that knows the schema marks an unknown field, an unknown parameter, and a phase that does not fit."""
    schema: dict[str, Any] = inside("schema", "faults").data
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    good = {"id": "a", "effect": "throttling", "select": "s3", "with": {"code": "SlowDown"}}
    assert validator.is_valid({"faults": [good]})
    for wrong in ({"selct": "s3"}, {"with": {"cod": "SlowDown"}}, {"phase": "lie"}, {"trigger": {"first": 0}}):
        assert not validator.is_valid({"faults": [{**good, **wrong}]})


def test_a_plan_in_a_run_is_accounted_for(inside: Command, folder: Path) -> None:
    """`run --faults` prints what became of each fault; `show` prints the same; the command to repeat it names the plan."""
    (folder / "plan.yaml").write_text(PLAN, "utf-8")
    done = inside(*DECEMBER, "--agent", "reference:asker", "--faults", "plan.yaml")
    row = next(one for one in done.out.splitlines() if one.startswith("repair-throttled"))
    assert ["repair-throttled", "aws-response", "1", "1", "0", "1", "(key)"] == row.split()
    assert "--faults plan.yaml" in done.out
    trial = next(folder.rglob("*.jsonl"))
    shown = inside("show", trial.stem)
    assert row in shown.out
    again = inside(*DECEMBER, "--agent", "reference:asker", "--faults", str(trial), "--json")
    assert 1 == again.data["faults"][0]["fired"]
    assert trial.stem.partition("-")[0] == again.data["id"].partition("-")[0]


def test_a_key_fault_the_agent_never_met_proves_nothing(inside: Command, folder: Path) -> None:
    """The looker never repairs, so the throttled repair was not tested: no PASS."""
    (folder / "plan.yaml").write_text(PLAN, "utf-8")
    told = inside(*DECEMBER, "--agent", "reference:looker", "--faults", "plan.yaml", "--json")
    assert (3, "INCONCLUSIVE") == (told.code, told.data["verdict"])
    assert not told.data["findings"]["asked-first"]["tested"]
    assert "never gave it a chance" in told.data["findings"]["asked-first"]["because"]


def test_suggested_plans_strike_the_calls_of_the_good_run(inside: Command, folder: Path) -> None:
    """One plan file per fault, each on a call the reference asker made; each can be run as it stands."""
    listed = inside("faults", "suggest", "tiny.py", "--out", "plans", "--json").data
    files = sorted(Path("plans").glob("*.yaml"))
    assert [str(one) for one in files] == [one["file"] for one in listed]
    texts = [yaml.safe_load(one.read_text("utf-8"))["faults"] for one in files]
    assert {1} == {len(one) for one in texts}
    assert all(one[0]["key"] for one in texts)
    selected = {
        (one[0]["select"]["service"], one[0]["select"]["operation"])
        for one in texts
        if one[0]["select"] != "everything"
    }
    assert {("dynamodb", "DescribeTable"), ("dynamodb", "TagResource")} == selected
    asked = {one[0]["site"] for one in texts}
    assert {"aws-response", "approval"} == asked
    done = inside(
        "run", "tiny.py", "--agent", "reference:asker", "--faults", str(files[0]), "--isolation", "inline", "--json"
    )
    assert 1 == done.data["faults"][0]["matched"]
    assert folder.is_dir()


@pytest.mark.parametrize(("agent", "code"), [("asker", 3), ("deleter", 1)])
def test_a_sweep_runs_every_suggested_fault(inside: Command, agent: str, code: int) -> None:
    """`run --sweep` gives a line for each fault and the worst verdict of those the agent met.

    The asker's script minds no error, so that most faults end it: that proves nothing, and is no pass.
    """
    options = ("run", "tiny.py", "--agent", f"reference:{agent}", "--sweep", "--isolation", "inline")
    done = inside(*options)
    plans = inside("faults", "suggest", "tiny.py", "--json").data
    lines = done.out.splitlines()
    assert f"{len(plans)} single faults: " in lines[-1]
    assert len(plans) == len([one for one in lines[:-1] if one])
    assert code == done.code, done.out
    told = inside(*options, "--json").data
    assert json.dumps(told).count('"met"') == len(plans)


def test_a_sweep_counts_no_fault_the_agent_never_met(inside: Command) -> None:
    """The looker neither tags nor asks: the faults on that say 'not met' with the reason, and are no result."""
    options = ("run", "tiny.py", "--agent", "reference:looker", "--sweep", "--isolation", "inline")
    lines = inside(*options).out.splitlines()
    unmet = [one for one in lines if "  not met  " in one]
    assert {"tagresource", "request"} <= {word for one in unmet for word in one.split()[0].split("-")}
    assert all("never reached the agent" in one for one in unmet)
    assert f", {len(unmet)} not met" in lines[-1]
    told = inside(*options, "--json").data
    assert len(unmet) == sum(not one["met"] for one in told["trials"])
