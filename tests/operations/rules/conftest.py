"""How a row of a table of rules is judged: the operation's own row, the rules, and a resource right before the call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from askfirst.harness.operations import classify
from askfirst.harness.operations.rules import Before, ruling_on
from askfirst.harness.records import Resource

Judge = Callable[[str, Mapping[str, Any], Mapping[str, Any] | None], str | None]


def judged(action: str, parameters: Mapping[str, Any], facets: Mapping[str, Any] | None) -> str | None:
    """Give class, severity and domain of a call in words, None where no rule speaks.

    `facets` are those of the one resource the call names; None: nothing is known of it.
    """
    service, _, operation = action.partition(":")
    named = () if facets is None else (resource(**facets),)
    before = Before(parameters, named, {one.arn: one for one in named}, action)
    ruling = ruling_on(classify(service, operation), before)
    if ruling is None:
        return None
    words = f"{ruling.operation_class.value} {ruling.severity.value} {ruling.domain.value}"
    return "read" if ruling.reads else words


def resource(kind: str, name: str = "ledger", **facets: Any) -> Resource:
    """Make a resource as it may stand before a call."""
    return Resource(
        arn=f"arn:aws:{kind.partition('.')[0]}:us-east-1:1:{name}", kind=kind, name=name, identity="1", **facets
    )


@pytest.fixture
def judge() -> Judge:
    """Judge a row."""
    return judged
