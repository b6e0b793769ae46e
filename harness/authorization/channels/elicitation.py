"""Answers to what other MCP servers ask their user: the people of the scenario answer, not the host."""

from __future__ import annotations

import contextlib
import re
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING

from askfirst.harness.authorization.channels.asking import Asking
from askfirst.harness.errors import UsageError
from askfirst.harness.events import AskedBy

if TYPE_CHECKING:
    from mcp.client.session import ElicitationFnT
    from mcp.types import ElicitRequestParams, ElicitResult

    from askfirst.harness.brief import Brief

    Value = str | int | float | bool | list[str] | None

OPENING = re.compile(r"(['\"`])(?=aws\s)")
"""Where a quoted command line begins; it ends at the same quote, after which the sentence goes on."""

YES = re.compile(r"(yes|y|ok|approved?|allow(ed)?|accept(ed)?|confirm(ed)?|proceed|true)([ _-]once)?", re.IGNORECASE)
"""A choice that allows this one time; 'always' is never chosen."""

NOT_A_YES = re.compile(r"always|remember|again|future|session|every|skip|cancel|deny|reject|abort|stop", re.IGNORECASE)
"""A box that says more than yes, or no."""


def elicitation_callback(brief: Brief) -> ElicitationFnT:
    """Give the `elicitation_callback` for a client of other MCP servers; each question becomes a request of the gate.

    Approved is accepted, denied is declined; a question nobody answered, or whose form cannot be filled in with a yes, is
    cancelled. Needs the extra `mcp`.
    """
    try:
        from mcp.types import ElicitResult
    except ImportError:
        msg = "answering MCP servers needs the package mcp: pip install 'askfirst[mcp]'"
        raise UsageError(msg) from None
    office = brief.office

    async def answered(context: object, params: ElicitRequestParams) -> ElicitResult:
        del context  # whoever the server is, people see the question
        if params.mode == "url":  # a page to visit is no question we could put to people
            return ElicitResult(action="cancel")
        try:
            decision = office.ask(asking_of(params.message), channel="elicitation", asked_by=AskedBy.GATE)
        except ConnectionError:
            return ElicitResult(action="cancel")
        if not decision.approved:
            return ElicitResult(action="decline" if decision.answered else "cancel")
        content = filled_in(params.requested_schema, str(decision))
        return ElicitResult(action="cancel") if content is None else ElicitResult(action="accept", content=content)

    return answered


def asking_of(message: str) -> Asking:
    """Read a question: the command line it quotes, or else its words."""
    return Asking(actions=(_line(message) or message,), reason=message)


def _line(message: str) -> str:
    """Find the quoted command line; quotes within it are a part of it."""
    for opening in OPENING.finditer(message):
        for closing in re.finditer(rf"(?<=\S){opening[1]}(?=[\s.,;:!?)]|$)", message[opening.end() :]):
            line = message[opening.end() : opening.end() + closing.start()]
            with contextlib.suppress(ValueError):
                shlex.split(line)
                return line
    return ""


def filled_in(schema: Mapping[str, object], sentence: str) -> dict[str, Value] | None:
    """Fill a form in with a yes; None where a required field takes none."""
    properties, required = schema.get("properties"), schema.get("required")
    content: dict[str, Value] = {}
    for name, field in (properties if isinstance(properties, Mapping) else {}).items():
        value = _yes(str(name), field, sentence) if isinstance(field, Mapping) else None
        if value is not None:
            content[str(name)] = value
        elif isinstance(required, list) and name in required:
            return None
    return content


def _yes(name: str, field: Mapping[str, object], sentence: str) -> Value:
    choices = field.get("enum")
    titled = field.get("oneOf")
    if isinstance(titled, list):
        choices = [one.get("const") for one in titled if isinstance(one, Mapping)]
    if isinstance(choices, list):
        return next((one for one in choices if isinstance(one, str) and YES.fullmatch(one)), None)
    if field.get("type") == "boolean":
        return not NOT_A_YES.search(f"{name} {field.get('title', '')}")
    return sentence if field.get("type") == "string" else None
