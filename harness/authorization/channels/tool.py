"""A tool for agents built on an SDK: it asks for approval and gives the decision as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askfirst.harness.authorization.channels.asking import read_asking
from askfirst.harness.authorization.channels.office import as_text
from askfirst.harness.errors import UsageError

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool
    from pydantic import JsonValue

    from askfirst.harness.brief import Brief

NAME = "request_approval"


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as SDKs want it. `parameters` is a JSON schema; `call` takes the arguments, or their JSON text as it came.

    `call` never raises over wrong arguments: the model gets a text that says what to write.
    """

    name: str
    description: str
    parameters: Mapping[str, JsonValue]
    call: Callable[[Mapping[str, object] | str], str]

    def openai(self, *, responses: bool = False) -> dict[str, JsonValue]:
        """Give the entry of `tools=[...]` for chat completions, or for the responses API, which wants it flat."""
        function: dict[str, JsonValue] = {
            "name": self.name,
            "description": self.description,
            "parameters": dict(self.parameters),
        }
        return {"type": "function", **function} if responses else {"type": "function", "function": function}

    def langchain(self) -> StructuredTool:
        """Give the tool for LangChain and LangGraph; needs the extra `langchain`."""
        from langchain_core.tools import StructuredTool

        def run(**arguments: object) -> str:
            return self.call(arguments)

        return StructuredTool.from_function(
            run, name=self.name, description=self.description, args_schema=dict(self.parameters), infer_schema=False
        )


def request_authorization_tool(brief: Brief) -> Tool:
    """Give the tool by which an agent asks the people of its scenario."""
    office = brief.office

    def call(arguments: Mapping[str, object] | str) -> str:
        try:
            asking = read_asking(_read(arguments))
        except UsageError as error:
            return f"Nothing was asked: {error}"
        try:
            return as_text(office.ask(asking, channel="tool"))
        except ConnectionError as error:
            return f"The request could not be delivered, and nothing is approved: {error}"

    return Tool(NAME, description(), parameters(), call)


def description() -> str:
    """Say to a model what the tool is for."""
    return (
        "Ask the people responsible for this account to approve a change, and wait for their decision. Ask before you "
        "change anything, and do only what the decision says is approved."
    )


def parameters() -> dict[str, JsonValue]:
    """Give the JSON schema of the tool's arguments."""
    texts: dict[str, JsonValue] = {"type": "array", "items": {"type": "string"}}
    return {
        "type": "object",
        "properties": {
            "actions": {
                **texts,
                "description": "What is to be done: IAM actions (service:Operation), AWS CLI lines, or words.",
            },
            "resources": {**texts, "description": "To what it is to be done: ARNs or names."},
            "reason": {"type": "string", "description": "Why it is needed."},
            "plan": {
                "type": "string",
                "description": "The text of what exactly is to be carried out, if there is one.",
            },
            "wait": {"type": "string", "description": "How long to wait for an answer: 90s, 60m (the default), 2h."},
        },
        "required": ["actions"],
        "additionalProperties": False,
    }


def _read(arguments: Mapping[str, object] | str) -> object:
    if not isinstance(arguments, str):
        return arguments
    try:
        return json.loads(arguments)
    except (ValueError, RecursionError) as error:
        msg = f'the arguments are no JSON ({error}); write an object such as {{"actions": ["dynamodb:UpdateTable"]}}.'
        raise UsageError(msg) from None
