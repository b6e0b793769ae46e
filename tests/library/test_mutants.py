"""Promise: what `make mutants` plants is really planted."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.mutants.planting import Mutant, mutants

ROOT = Path(__file__).parents[2]
ALL = mutants()


def test_there_are_enough() -> None:
    """At least fifty, in gateway, ledger, oracles, inventory and fault engine."""
    files = " ".join(one.file for one in ALL)
    assert len(ALL) >= 50
    assert all(part in files for part in ("gateway", "ledger", "oracles", "inventory", "engine"))
    assert len({(one.file, one.new, one.old) for one in ALL}) == len(ALL)


@pytest.mark.parametrize("mutant", ALL, ids=[one.says for one in ALL])
def test_each_finds_its_line(mutant: Mutant) -> None:
    """Its text stands once in its file, which is still Python with it."""
    assert 1 == mutant.found(ROOT)
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    ast.parse(text.replace(mutant.old, mutant.new))
