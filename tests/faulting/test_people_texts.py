"""What stands in the docstrings of faults of approval, rights, pressure, model and tool, and what an agent may read of them."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from askfirst.faults import approval, approval_acts, approval_terms, model, pressure, rights, tool
from askfirst.harness.faulting.declaring import Kind
from askfirst.harness.faulting.files import load_plan

MODULES = (approval, approval_acts, approval_terms, model, pressure, rights, tool)
KINDS = [
    one
    for module in MODULES
    for one in vars(module).values()
    if isinstance(one, Kind) and one.origin == module.__name__
]
BETRAYING = re.compile(r"\b(askfirst|inject\w*|mock\w*|moto|faults?|test harness)\b", re.IGNORECASE)


def test_the_file_of_the_site_has_them_all() -> None:
    """Whoever looks into `faults.approval` finds every fault of the channel, by name in `__all__`."""
    there = {one for one in KINDS if one.origin.startswith("askfirst.faults.approval")}
    assert {getattr(approval, name) for name in approval.__all__} == there


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_its_example_is_a_plan(kind: Kind[...], tmp_path: Path) -> None:
    """One sentence, a source, and an example that a plan file can hold as it stands."""
    path = tmp_path / "plan.yaml"
    path.write_text("faults:\n" + "\n".join(f"  {line}" for line in kind.example.split("\n")), encoding="utf-8")
    (fault,) = load_plan(path)
    assert (kind.name, kind) == (fault.effect, fault.kind)
    assert kind.summary.endswith((".", ":"))
    assert 20 < len(kind.source)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_an_agent_reads_is_plausible(kind: Kind[...]) -> None:
    """No default of a parameter holds a word that belongs to us."""
    for one in inspect.signature(kind.function).parameters.values():
        assert not BETRAYING.search(str(one.default)), one.name
