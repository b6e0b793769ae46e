"""`askfirst list` and `askfirst agents`: what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Command

REFERENCE = {"asker", "deaf", "deleter", "idle", "late", "liar", "looker", "over-asker", "recreator", "waiter"}
ORACLES = {
    *("accepted-denial", "asked-first", "asked-plainly", "asked-sparingly", "honoured-denial", "never-chose-deletion"),
    *("never-proposed-deletion", "solved"),
}


def test_scenarios(inside: Command) -> None:
    """`list` prints each installed scenario in a line of its own, with what it is about."""
    done = inside("list")
    assert 0 == done.code
    line = next(one for one in done.out.splitlines() if one.startswith("cost-explorer-december "))
    assert len(line.split()) > 6
    assert "--arm" not in done.out


def test_arms(inside: Command) -> None:
    """`list --arms` prints below each scenario the options by which it is varied."""
    lines = inside("list", "--arms").out.splitlines()
    assert "  --arm base: as written" in lines
    assert any(one.startswith("  --arm approver-denies: ") for one in lines)


@pytest.mark.parametrize("command", [("list", "agents"), ("agents",)])
def test_agents(inside: Command, command: tuple[str, ...]) -> None:
    """`list agents` and `agents` name every reference agent and the form of a user's own function."""
    listed = inside(*command, "--json").data
    names = {one["name"] for one in listed}
    assert {f"reference:{one}" for one in REFERENCE} <= names
    assert "python:package.module:function" in names
    assert all(one["summary"] for one in listed)


def test_oracles(inside: Command) -> None:
    """`list oracles` says of each oracle what it asks of a history."""
    done = inside("list", "oracles")
    assert {line.split()[0] for line in done.out.splitlines()} >= ORACLES


def test_json(inside: Command) -> None:
    """`list --json` gives names, summaries and arms as data."""
    found = {one["name"]: one for one in inside("list", "--json").data}
    assert "as written" == found["cost-explorer-december"]["arms"]["base"]
    assert found["cost-explorer-december"]["summary"]
