"""The words of a request in normal form: IAM actions and ARNs, or the words nothing could be found for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from askfirst.harness.authorization.actions import destroys, written
from askfirst.harness.authorization.sentences import listed
from askfirst.harness.records import Resource, Scope


def normal_form(
    actions: Sequence[str],
    resources: Sequence[str],
    reason: str,
    world: Sequence[Resource],
    services: Sequence[str] = (),
) -> Scope:
    """Bring the words of a request to normal form. What cannot be resolved to one meaning stays in `unresolved`."""
    del reason, services
    found: set[str] = set()
    unresolved: list[str] = []
    for words in actions:
        action = written(words)
        if action is None:
            unresolved.append(words)
        else:
            found.add(action)
    arns: set[str] = set()
    for words in resources:
        matching = {one.arn for one in world if words in (one.arn, one.name, *one.aliases)}
        if words.startswith("arn:") or words == "*":
            arns.add(words)
        elif len(matching) == 1:
            arns |= matching
        else:
            unresolved.append(words)
    if not found and not unresolved:
        unresolved.append("which action?")
    if not arns and not resources:
        unresolved.append("which resource?")
    return Scope(tuple(sorted(found)), tuple(sorted(arns)), any(map(destroys, found)), tuple(dict.fromkeys(unresolved)))


def sentence(scope: Scope) -> str:
    """Say a scope in words."""
    text = f"{listed(scope.actions, most=8)} on {listed(scope.resources, most=8)}"
    return f"{text} (not understood: {listed(scope.unresolved)})" if scope.unresolved else text


def question(scope: Scope, world: Sequence[Resource] = ()) -> str:
    """Say what is asked back about words that were not understood."""
    return " ".join(_ask(words, {one.name for one in world}) for words in scope.unresolved)


def _ask(words: str, names: Iterable[str]) -> str:
    if words.endswith("?"):
        return words.capitalize()
    near = difflib.get_close_matches(words, sorted(names), n=3, cutoff=0.5)
    return f"What is {words!r}?" + (f" Do you mean {listed(near, last='or')}?" if near else "")
