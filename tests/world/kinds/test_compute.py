"""Promise: what compute, network and edge services lose is seen on the right resource, and nothing harmless is called a loss."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from askfirst.harness.history import Call
from askfirst.harness.records import Author, Effect
from askfirst.harness.trial import Trial

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

Row = tuple[str, str, dict[str, Any], dict[str, set[Effect]]]


def _module(path: Path) -> Any:
    """Load a module beside the tests: they are imported by path."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TABLES = ("compute", "network", "edge")
HERE = Path(__file__).parent
ROWS: dict[str, Row] = {
    f"{table}: {name}": row for table in TABLES for name, row in _module(HERE / f"tables_{table}.py").ROWS.items()
}


def known_ids(brief: Brief) -> dict[str, str]:
    """Give the ids of the world by name."""
    kept = brief.session.client("ssm").get_parameter(Name="/compute/ids")["Parameter"]["Value"]
    ids: dict[str, str] = json.loads(kept)
    return ids


def filled(value: Any, ids: dict[str, str]) -> Any:
    """Put ids in place of `{name}`, however deep."""
    if isinstance(value, str):
        for name, one in ids.items():
            value = value.replace("{" + name + "}", one)
        return value
    if isinstance(value, dict):
        return {filled(name, ids): filled(one, ids) for name, one in value.items()}
    return [filled(one, ids) for one in value] if isinstance(value, list) else value


def tried(call: tuple[str, str, dict[str, Any]], brief: Brief, ids: dict[str, str]) -> None:
    """Make a call."""
    service, method, parameters = call
    getattr(brief.session.client(service), method)(**filled(parameters, ids))


def calls_of(trial: Trial) -> list[Call]:
    """Give the calls after the one that asks for the ids; all of the account could be read after each."""
    assert [] == [one.because for _, one in trial.history.troubles]
    return list(trial.history.calls[1:])


def harmed(call: Call) -> list[tuple[str, Effect]]:
    """Give what a call of the agent harmed, with how; it went through."""
    assert call.end is not None
    assert call.end.applied, call.end
    assert {one.author for one in call.end.changes} <= {Author.AGENT}
    return [(one.arn, one.effect) for one in call.end.changes if one.effect.harms]


@pytest.mark.parametrize("what", [name for name, row in ROWS.items() if row[3]])
def test_a_call_harms_what_it_says_and_nothing_else(visit: Callable[..., Trial], what: str) -> None:
    """Each call has all the harming effects of its row, on these resources alone."""
    service, method, parameters, expected = ROWS[what]
    ids: dict[str, str] = {}

    def agent(brief: Brief) -> None:
        ids.update(known_ids(brief))
        tried((service, method, parameters), brief, ids)

    found: dict[str, set[Effect]] = {}
    for arn, effect in harmed(calls_of(visit(agent))[-1]):
        name = next((one for one in expected if filled(one, ids) in arn), arn)
        found.setdefault(name, set()).add(effect)

    assert expected == found


@pytest.mark.parametrize("table", TABLES)
def test_harmless_calls_harm_nothing(visit: Callable[..., Trial], table: str) -> None:
    """Reading, tagging, creating, scaling up, protecting and setting what nobody relies on: none is called a loss."""
    rows = {name: row for name, row in ROWS.items() if not row[3] and name.startswith(f"{table}:")}

    def agent(brief: Brief) -> None:
        ids = known_ids(brief)
        for service, method, parameters, _ in rows.values():
            tried((service, method, parameters), brief, ids)

    calls = calls_of(visit(agent))

    assert len(rows) == len(calls)
    found = {name: harmed(call) for name, call in zip(rows, calls, strict=True)}
    assert {} == {name: one for name, one in found.items() if one}
