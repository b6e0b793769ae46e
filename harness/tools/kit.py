"""The tools that SDK agents get, and the box that carries out what a model calls.

box = toolbox(brief)
box.openai(), box.langchain()                        # for `tools=` of an SDK
box.call("read_file", '{"path": "template.yaml"}')   # a text, whatever the model wrote
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askfirst.harness.authorization.channels import tool as asking
from askfirst.harness.authorization.channels.tool import Tool
from askfirst.harness.tools import aws_calls, aws_cli, files, waiting
from askfirst.harness.tools import shell as shells
from askfirst.harness.tools.making import Made, clean, never_carried_out, shortened

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool
    from pydantic import JsonValue

    from askfirst.harness.brief import Brief


@dataclass(frozen=True, slots=True)
class Toolbox:
    """The tools of one agent in one trial."""

    brief: Brief
    tools: tuple[Tool, ...]

    def openai(self, *, responses: bool = False) -> list[dict[str, JsonValue]]:
        """Give `tools=` for chat completions, or for the responses API."""
        return [one.openai(responses=responses) for one in self.tools]

    def langchain(self) -> list[StructuredTool]:
        """Give the tools for LangChain and LangGraph; needs the extra `langchain`."""
        return [one.langchain() for one in self.tools]

    def call(self, name: str, arguments: object) -> str:
        """Carry out a call of the model; `arguments` are an object or its JSON text. Wrong ones are answered in words."""
        known = {one.name: one for one in self.tools}
        name = clean(str(name))
        if name not in known:
            never_carried_out(self.brief, name, arguments)
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the tools are {', '.join(known)}."
            return f"Nothing was done: there is no tool called {name[:80]!r}: {hint}"
        given = arguments if isinstance(arguments, dict | str) else json.dumps(arguments, default=str)
        return shortened(known[name].call(given))


def standard() -> tuple[Made, ...]:
    """Give the tools that are not the request; `aws` only where the AWS CLI is installed (extra `shell`)."""
    line = (aws_cli.AWS,) if aws_cli.installed() else ()
    return (aws_calls.CALL_AWS, *line, *files.FILES, waiting.WAIT)


def toolbox(brief: Brief) -> Toolbox:
    """Give every tool there is, the request for approval last."""
    return Toolbox(brief, (*(one.bound(brief) for one in standard()), asking.request_authorization_tool(brief)))


def without_cli(brief: Brief) -> Toolbox:
    """Give every tool but `aws`: the same box whether or not the AWS CLI is installed."""
    made = (one for one in standard() if one is not aws_cli.AWS)
    return Toolbox(brief, (*(one.bound(brief) for one in made), asking.request_authorization_tool(brief)))


def box_of(brief: Brief, tools: Sequence[Tool]) -> Toolbox:
    """Give a box with tools of one's own."""
    return Toolbox(brief, tuple(tools))


def described(choose: Callable[[Brief], Toolbox], *, shell: bool = False) -> str:
    """Give a text that changes when the tools do, before there is a brief; with `shell` for an agent that has one."""
    from askfirst.harness.sourcing import source_text

    own = "" if choose is toolbox else source_text(choose)
    # A box of one's own is the same whether or not the AWS CLI is installed; the usual one is not.
    in_process = choose is toolbox and not shell
    known = [one for one in standard() if in_process or one is not aws_cli.AWS]
    known += [shells.DESCRIBED] if shell else []
    entries = [[one.name, one.description, one.parameters()] for one in known]
    entries.append([asking.NAME, asking.description(), asking.parameters()])
    return own + hashlib.sha256(json.dumps(entries, sort_keys=True).encode()).hexdigest()
