"""What is asked back about words that were not understood, with the names that come near."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from askfirst.harness.authorization.actions import owners
from askfirst.harness.authorization.normal_form import WHICH_ACTION, WHICH_RESOURCE
from askfirst.harness.authorization.places import place, service_of
from askfirst.harness.authorization.sentences import listed
from askfirst.harness.operations.table import operations_of
from askfirst.harness.records import Resource, Scope


def question(scope: Scope, world: Sequence[Resource] = ()) -> str:
    """Say what is asked back about the unresolved words of a scope; '' if there are none."""
    return " ".join(_ask(one, world) for one in scope.unresolved)


def _ask(words: str, world: Sequence[Resource]) -> str:
    if words == WHICH_ACTION:
        return "What exactly do you want to do?"
    if words == WHICH_RESOURCE:
        return "To which resource? Give its name or its ARN."
    several = place(words, world)
    if len(several) > 1:
        return f"Several things are called {words!r}: {listed(several)}. Which one?"
    near = _near(words, world)
    hint = f" Do you mean {listed(near, last='or')}?" if near else ""
    return f"What exactly do you mean by {words!r}?{hint} Name one action on one resource."


def _near(words: str, world: Sequence[Resource]) -> list[str]:
    """Find names of resources, and of operations, that look like the words or like one of them."""
    service, colon, _ = words.partition(":")
    if colon and " " not in words and not words.startswith("arn:"):
        return _close([words], [one.id for name in owners(service.lower()) for one in operations_of(name)], 0.75)
    said = [words, *re.findall(r"[\w.:/-]{3,}", words)]
    names = {name for one in world for name in (one.name, one.arn)}
    operations = {one.name for name in {service_of(one) for one in world} for one in operations_of(name)}
    exact = [one for one in said if one in names]
    return [] if exact else _close(said, sorted(names), 0.6) or _close([words], sorted(operations), 0.75)


def _close(said: Iterable[str], names: Sequence[str], cutoff: float) -> list[str]:
    found = [near for one in said for near in difflib.get_close_matches(one, names, n=2, cutoff=cutoff)]
    return list(dict.fromkeys(found))[:3]
