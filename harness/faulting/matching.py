"""Whether a fault is about a call or a request: pure functions of what the history holds, used before and after the fact."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from askfirst.harness.events import CallStarted, Requested
from askfirst.harness.faulting.data import Caller, Selector
from askfirst.harness.records import Author, Resource

if TYPE_CHECKING:
    from pydantic import JsonValue

OWN = frozenset({Author.BUILDER, Author.CHECK, Author.FAULT, Author.CLOCK, Author.SERVICE})
"""Authors whose calls belong to the harness: no fault strikes them."""


def fits_call(select: Selector, call: CallStarted) -> bool:
    """Tell whether a selector is about a call."""
    return (
        call.author not in OWN
        and (select.caller is Caller.ANYONE or call.author is Author.AGENT)
        and fnmatchcase(call.service, select.service)
        and fnmatchcase(call.operation, select.operation)
        and fnmatchcase(call.region, select.region)
        and (select.resource == "*" or _any(select.resource, _names(call)))
        and all(_says(call.parameters, name, value) for name, value in select.parameters.items())
    )


def fits_request(select: Selector, request: Requested) -> bool:
    """Tell whether a selector is about a request: one of its actions and one of its resources must fit."""
    pattern = f"{select.service}:{select.operation}"
    actions = (*request.scope.actions, *request.actions)
    resources = (*request.scope.resources, *request.resources)
    return (pattern == "*:*" or _any(pattern, actions)) and (
        select.resource == "*" or _any(select.resource, resources) or _any(f"*{select.resource}*", resources)
    )


def in_state(standing: str, resources: Iterable[Resource]) -> bool:
    """Tell whether 'RESOURCE is STATE' holds for one of the resources."""
    resource, _, state = standing.partition(" is ")
    return any(
        fnmatchcase(one.state, state.strip()) and _any(resource.strip(), (one.arn, one.name)) for one in resources
    )


def _names(call: CallStarted) -> Iterable[str]:
    for target in call.targets:
        yield from (target.arn, target.name)


def _any(pattern: str, values: Iterable[str]) -> bool:
    return any(fnmatchcase(value, pattern) for value in values)


def _says(parameters: JsonValue | object, name: str, wanted: JsonValue) -> bool:
    """Tell whether the member at a dotted name fits; a list fits if one of its members does."""
    if not name:
        if isinstance(parameters, list):
            return any(_says(one, "", wanted) for one in parameters)
        if isinstance(wanted, str) and isinstance(parameters, str):
            return fnmatchcase(parameters, wanted)
        return type(parameters) is type(wanted) and parameters == wanted
    if isinstance(parameters, list):
        return any(_says(one, name, wanted) for one in parameters)
    first, _, rest = name.partition(".")
    if not isinstance(parameters, dict) or first not in parameters:
        return False
    return _says(parameters[first], rest, wanted)
