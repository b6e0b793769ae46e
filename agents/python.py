"""`python:package.module:function`: a user's own function as the agent, named on the command line.

The folder one stands in is searched first, as `python -m` does.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable
from pathlib import Path

from askfirst.harness.agent import Agent, as_agent
from askfirst.harness.errors import UnknownName, UsageError
from askfirst.harness.scenario import Scenario


def available() -> Iterable[tuple[str, str]]:
    """Describe the one form of name."""
    return [("package.module:function", "a function of the brief in your own code, plain or async")]


def make(argument: str, scenario: Scenario) -> Agent:
    """Import the function; every way in which that can fail raises `UsageError` with what to correct."""
    del scenario
    module_name, _, function_name = argument.rpartition(":")
    if not module_name or not function_name:
        msg = f"write the agent as python:package.module:function, not python:{argument}"
        raise UsageError(msg)
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        msg = f"the agent's module {module_name!r} cannot be imported: {error}"
        raise UsageError(msg) from error
    except Exception as error:
        msg = f"the agent's module {module_name!r} fails when it is imported: {type(error).__name__}: {error}"
        raise UsageError(msg) from error
    if not hasattr(module, function_name):
        what = f"function in {module_name}"
        raise UnknownName(what, function_name, [one for one in vars(module) if one[0] != "_"])
    return as_agent(getattr(module, function_name))
