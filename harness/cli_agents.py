"""`askfirst agents`: what can be named, and a table of how programs behave that nobody sits in front of."""

# ruff: noqa: T201 - printing is what this module is for

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from askfirst.harness.registry import Capability, Listed

HEADINGS = ("program", "installed", "where it would ask, headless", "model", "asks otherwise by")


def print_agents(listed: Sequence[Listed], known: Sequence[Capability], *, as_json: bool) -> None:
    """Print both; as JSON a program's behaviour stands with its name."""
    if as_json:
        behaviour = {one.agent: dataclasses.asdict(one) for one in known}
        data = [{"name": one.name, "summary": one.summary, **behaviour.get(one.name, {})} for one in listed]
        print(json.dumps(data, indent=2))
        return
    width = max((len(one.name) for one in listed), default=0)
    for one in listed:
        print(f"{one.name:<{width}}  {one.summary}")
    if known:
        print()
        _table([HEADINGS, *map(_row, known)])
    from askfirst.harness.conversing.settings import SETTINGS

    print("\nset in the environment, for agents on a model SDK:")
    width = max(map(len, SETTINGS))
    for name, about in SETTINGS.items():
        print(f"{name:<{width}}  {about}")


def _row(one: Capability) -> tuple[str, ...]:
    state = one.version or "no"
    return (
        one.agent,
        state if one.live else f"{state}; not run live",
        one.headless,
        one.model or "cannot be chosen",
        one.asks,
    )


def _table(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    for row in rows:
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
