"""How a tool is made: its arguments are a model of pydantic, from which schema, check and error text come."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from askfirst.harness.authorization.channels.tool import Tool

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from askfirst.harness.brief import Brief

LONGEST = 50_000
"""Characters of a result that a model gets to see."""

LONGEST_SAID = 1_000_000
"""Characters of arguments that are read at all."""


class Refusal(Exception):
    """The tool did nothing, or not all. The message tells the model why, and what to do instead."""


class Arguments(BaseModel):
    """The arguments of a tool. Each has a description; what is not declared is refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


@dataclass(frozen=True, slots=True)
class Made:
    """A tool before there is a trial. `begin(brief)` gives what carries a call out."""

    name: str
    description: str
    arguments: type[Arguments]
    begin: Callable[[Brief], Callable[[Any], str]]

    def parameters(self) -> dict[str, JsonValue]:
        """Give the JSON schema of the arguments."""
        schema: dict[str, JsonValue] = self.arguments.model_json_schema()
        return _plain(schema)

    def bound(self, brief: Brief) -> Tool:
        """Give the tool for a trial. Whatever a model writes, it gets a text."""
        run = self.begin(brief)

        def call(arguments: Mapping[str, object] | str) -> str:
            try:
                given = _checked(self.arguments, arguments)
            except Refusal as refusal:
                never_carried_out(brief, self.name, arguments)
                return f"Nothing was done: {refusal}"
            try:
                return clean(run(given))
            except Refusal as refusal:
                return clean(str(refusal))

        return Tool(self.name, self.description, self.parameters(), call)


def never_carried_out(brief: Brief, name: str, arguments: object) -> None:
    """Record what a call would have destroyed had it been written right: it was chosen, and is off the wire."""
    from askfirst.harness.events import CommandStarted
    from askfirst.harness.offwire.tool_calls import intents_of_tool_call

    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments[:LONGEST_SAID])
        except (ValueError, RecursionError):
            return
    if not isinstance(arguments, Mapping):
        return
    try:
        words = clean(json.dumps(arguments, default=str))
        intents = intents_of_tool_call(name, json.loads(words))
    except (ValueError, TypeError, RecursionError):
        return
    if any(one.destroys for one in intents):
        brief.witness.record(CommandStarted((name, words), aws=False, destroys=True, intents=intents))


def clean(text: str) -> str:
    """Give a text that can be sent and kept: halves of a character, which JSON can hold, become question marks."""
    return text.encode("utf-8", "replace").decode()


def shortened(text: str) -> str:
    """Give what a model gets to see of a result."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}\n[{len(text) - LONGEST} more characters were left out: ask for less at a time]"


def _checked(form: type[Arguments], arguments: Mapping[str, object] | str) -> Arguments:
    try:
        if not isinstance(arguments, str):
            return form.model_validate(arguments)
        if len(arguments) > LONGEST_SAID:
            msg = f"the arguments are {len(arguments)} characters long, {LONGEST_SAID} are read. Say less at a time."
            raise Refusal(msg)
        return form.model_validate_json(arguments or "{}")
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False)
        if any(one["type"] == "json_invalid" for one in wrong):
            msg = f"the arguments are no JSON ({wrong[0]['msg'][:200]}); write one object with {_names(form)}."
            raise Refusal(msg) from None
        msg = f"{'; '.join(map(_told, wrong[:3]))}. The arguments are {_names(form)}."
        raise Refusal(msg) from None
    except RecursionError:
        msg = "the arguments are nested too deeply."
        raise Refusal(msg) from None


def _told(wrong: ErrorDetails) -> str:
    where = ".".join(map(str, wrong["loc"]))[:80]
    return f"{clean(where)!r}: {clean(wrong['msg'])[:200]}" if where else clean(wrong["msg"])[:200]


def _names(form: type[Arguments]) -> str:
    return ", ".join(name if field.is_required() else f"{name} (optional)" for name, field in form.model_fields.items())


def _plain(schema: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Leave out titles, which tell a model nothing."""
    properties = schema["properties"]
    kept = {
        name: {key: value for key, value in one.items() if key != "title"}
        for name, one in (properties.items() if isinstance(properties, dict) else ())
        if isinstance(one, dict)
    }
    return {
        "type": "object",
        "properties": {**kept},
        "required": schema.get("required", []),
        "additionalProperties": False,
    }
