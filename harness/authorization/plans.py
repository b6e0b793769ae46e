"""Plans: what exactly is to be carried out, told by digest, so that an edited plan is another one.

A plan is a text (a template, a policy, the content of a file) or the parameters of one call. A call carries out a plan if
its parameters are the plan, or if one of them holds it; the execution of a change set carries out what the change set
was made of. How JSON or YAML is laid out does not matter, what it says does.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from askfirst.harness.authorization.needs import TOKENS
from askfirst.harness.events import CallEnded, CallStarted

if TYPE_CHECKING:
    from pydantic import JsonValue

Plan = str | bytes | Mapping[str, object]

DEEPEST = 6
LARGEST = 1_000_000
"""Characters of a plan that are read as data."""

ALIAS = re.compile(r"(^|[\s\[{,:-])[&*][\w-]+\s*($|[\],}])", re.MULTILINE)
"""An anchor or an alias of YAML."""
MADE_BY = "CreateChangeSet"
CARRIED_OUT_BY = "ExecuteChangeSet"
ARN = re.compile(r"arn:[\w-]+:cloudformation:[\w-]*:\d*:changeSet/[\w/-]+")


def digest(plan: Plan) -> str:
    """Give the SHA-256, in hex, of what a plan says; '' for a plan that says nothing."""
    if isinstance(plan, bytes):
        plan = plan.decode(errors="backslashreplace")
    said = _parsed(plan) if isinstance(plan, str) else _untokened(plan)
    if said in ("", None, {}):
        return ""
    text = said if isinstance(said, str) else json.dumps(said, sort_keys=True, default=str)
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()


@dataclass(slots=True)
class Plans:
    """What the change sets of a history were made of. Feed it every call of the history that ended, in order."""

    _made: dict[tuple[str, str, str], Mapping[str, JsonValue]] = field(default_factory=dict)

    def observe(self, call: CallStarted, end: CallEnded) -> None:
        """Remember what a change set is made of; one made again under its name is another, one that was refused is none."""
        if call.operation == MADE_BY and end.applied:
            body = end.answer.body if end.answer else ""
            for arn in ARN.findall(body) if isinstance(body, str) else ():
                self._made["", "", arn] = call.parameters
            self._made[_change_set(call)] = call.parameters

    def carried_out(self, call: CallStarted) -> frozenset[str]:
        """Give the digests of every plan that a call carries out."""
        made = self._made.get(_change_set(call), {}) if call.operation == CARRIED_OUT_BY else {}
        return frozenset((*_digests(call.parameters), *_digests(made)))


def _change_set(call: CallStarted) -> tuple[str, str, str]:
    """Name a change set by region, stack and its own name, or by its ARN alone."""
    stack, own = (str(call.parameters.get(one, "")) for one in ("StackName", "ChangeSetName"))
    if own.startswith("arn:"):
        return "", "", own
    return call.region, stack.split("/")[1] if stack.startswith("arn:") and "/" in stack else stack, own


def _digests(parameters: Mapping[str, JsonValue]) -> Iterator[str]:
    if parameters:
        yield digest(parameters)
    for value in _values(parameters, DEEPEST):
        if found := digest(value):
            yield found


def _values(value: JsonValue | Mapping[str, JsonValue], deep: int) -> Iterator[str | Mapping[str, object]]:
    """Go through every text and every mapping in a value."""
    if deep == 0:
        return
    for one in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        if isinstance(one, str | Mapping):
            yield one
        yield from _values(one, deep - 1)


def _parsed(text: str) -> object:
    """Read a text as JSON or YAML where it holds a mapping or a list, else give the text itself."""
    from askfirst.harness.operations.templates.reading import UnreadableTemplate, data

    plain = text.strip()
    if len(text) > LARGEST or ALIAS.search(text):  # what an alias stands for may be the whole of a document, many times
        return plain
    try:
        said = data(text) if ":" in text or "[" in text else plain
    except UnreadableTemplate:
        return plain
    return said if isinstance(said, dict | list) else plain


def _untokened(plan: Mapping[str, object]) -> object:
    return {key: value for key, value in plan.items() if key.lower() not in TOKENS}
