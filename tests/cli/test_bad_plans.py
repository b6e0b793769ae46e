"""A plan that cannot be right is refused with what to change, before anything is run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Command

GOOD = """\
faults:
  - id: repair-throttled
    effect: throttling
    select: cloudformation:ContinueUpdateRollback
    trigger: {first: 3}
"""

MISTAKES = {
    "no such file": (None, "plan.yaml: is not there"),
    "empty": ("", "plan.yaml: is empty"),
    "not a mapping": ("- a\n", "must be a mapping of fields at the top"),
    "broken syntax": ("faults: [\n", "plan.yaml:"),
    "no faults": ("title: x\nfaults: []\n", "plan.yaml:2: faults: the plan holds no fault"),
    "unknown field": (
        GOOD.replace("trigger", "triger"),
        "plan.yaml:5: faults[0]: there is no field 'triger' here: did you mean 'trigger'?",
    ),
    "missing id": (GOOD.replace("id: repair-throttled", "key: true"), "plan.yaml:2: faults[0]: needs a field 'id'"),
    "missing effect": (GOOD.replace("    effect: throttling\n", ""), "needs a field 'effect'"),
    "unknown effect": (
        GOOD.replace("throttling\n", "throtling\n"),
        "plan.yaml:3: fault 'repair-throttled', effect: there is no fault called 'throtling': did you mean 'throttling'",
    ),
    "unknown parameter": (GOOD + "    with: {cod: Throttling}\n", "there is no field 'cod' here: did you mean 'code'?"),
    "wrong type of a parameter": (GOOD + "    with: {code: [1]}\n", "plan.yaml:6: faults[0].with.code: must be text"),
    "unknown code": (GOOD + "    with: {code: Throtling}\n", "did you mean 'Throttling'"),
    "unknown service": (
        GOOD.replace("cloudformation:", "cloudfromation:"),
        "plan.yaml:4: fault 'repair-throttled', select.service: there is no",
    ),
    "unknown operation": (
        GOOD.replace("ContinueUpdateRollback", "ContinueRollback"),
        "did you mean 'ContinueUpdateRollback'",
    ),
    "unknown parameter of an operation": (
        GOOD.replace(
            "select: cloudformation:ContinueUpdateRollback",
            "select: {service: dynamodb, operation: PutItem, parameters: {TableNam: a}}",
        ),
        "did you mean 'TableName'",
    ),
    "unknown region": (
        GOOD.replace(
            "select: cloudformation:ContinueUpdateRollback", "select: {service: dynamodb, region: cn-northwest-2}"
        ),
        "'cn-northwest-1'",
    ),
    "empty selector": (GOOD.replace("cloudformation:ContinueUpdateRollback", "{}"), "`select: everything`"),
    "no selector": (GOOD.replace("    select: cloudformation:ContinueUpdateRollback\n", ""), "`select: everything`"),
    "count of zero": (
        GOOD.replace("first: 3", "first: 0"),
        "plan.yaml:5: faults[0].trigger.first: must be a whole number of at least 1, not 0",
    ),
    "two ways of counting": (GOOD.replace("first: 3", "first: 3, every: 2"), "exclude each other"),
    "probability": (GOOD.replace("first: 3", "probability: 2"), "faults[0].trigger.probability"),
    "unknown moment": (GOOD.replace("first: 3", "after: grantd"), "did you mean 'granted'"),
    "moment of no fault": (
        GOOD.replace("first: 3", "after: fault other"),
        "there is no fault called 'other' in this plan",
    ),
    "while what": (GOOD.replace("first: 3", "while: ACTIVE"), "trigger.while: must read 'RESOURCE is STATE'"),
    "unknown phase": (GOOD + "    phase: refused\n", "did you mean 'refuse'"),
    "phase that does not fit": (GOOD + "    phase: lie\n", "throttling strikes in the phase"),
    "site that does not fit": (GOOD + "    site: approval\n", "acts at the site aws-response, not approval"),
    "twice the same id": (GOOD + GOOD.partition("\n")[2], "two faults are called 'repair-throttled'"),
    "selector where none can be": (GOOD.replace("effect: throttling", "effect: deadline"), "is about no call"),
    "no such file of faults": ("uses: [mine.py]\n" + GOOD, "mine.py: there is no such file"),
}


LOOKER = ("run", "cost-explorer-december", "--agent", "reference:looker", "--faults", "plan.yaml")


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_bad_plan_is_refused_with_what_to_change(kind: str, folder: Path, inside: Command) -> None:
    """Exit code 2, the mistake with its line and the nearest right word on stderr, nothing on stdout, nothing run."""
    text, expected = MISTAKES[kind]
    if text is not None:
        (folder / "plan.yaml").write_text(text, "utf-8")
    done = inside(*LOOKER)
    assert (2, "") == (done.code, done.out)
    assert expected in done.err
    assert "Traceback" not in done.err
    assert not list(folder.rglob("*.jsonl"))


def test_every_mistake_of_a_plan_is_told_at_once(folder: Path, inside: Command) -> None:
    """Whoever wrote three mistakes reads of three, each with its line."""
    text = GOOD.replace("first: 3", "first: x") + "    kei: true\n  - id: 3\n    effect: latency\n"
    (folder / "plan.yaml").write_text(text, "utf-8")
    done = inside(*LOOKER)
    lines = [line.partition("plan.yaml:")[2].partition(":")[0] for line in done.err.strip().split("\n")]
    assert (2, ["5", "6", "7"]) == (done.code, lines)


def test_a_sweep_brings_its_own_plans(folder: Path, inside: Command) -> None:
    """`--sweep` with `--faults` or `--trials` is a mistake, told before anything is run."""
    (folder / "plan.yaml").write_text(GOOD, "utf-8")
    done = inside(*LOOKER, "--sweep")
    assert (2, True) == (done.code, "leave out --faults and --trials" in done.err)
