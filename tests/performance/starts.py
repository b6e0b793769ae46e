"""What it costs to start: the command line, the command of agents, and the plugin in pytest sessions of other people."""

from __future__ import annotations

import functools
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.performance.measuring import Row, child_cpu, in_turns, ms, ratio

from askfirst.harness.authorization.channels import command as asking

PYTHON = sys.executable
COMMAND = str(Path(PYTHON).parent / "askfirst")


def rows(rounds: int) -> Iterator[Row]:
    """Give the rows of the command line, of `request-approval`, and of the plugin."""
    commands = {
        "python": [PYTHON, "-c", "pass"],
        "help": [COMMAND, "--help"],
        "asking": [PYTHON, "-IS", asking.__file__, "--help"],
        "pytest": [PYTHON, "-c", "import pytest"],
        "plugin": [PYTHON, "-c", "import pytest; import askfirst.harness.plugin"],
    }
    for command in commands.values():
        child_cpu(command)
    found = in_turns({name: functools.partial(child_cpu, command) for name, command in commands.items()}, rounds)
    median = {name: statistics.median(times) for name, times in found.items()}
    allowed = [5 * one + 0.3 for one in found["python"]]
    name = "askfirst --help against 5 bare starts of Python and 0.3 s"
    yield Row(name, ms(median["help"]), ms(statistics.median(allowed)), ratio(found["help"], allowed), 1)
    name = "request-approval --help against a bare start of Python"
    yield Row(name, ms(median["asking"]), ms(median["python"]), ratio(found["asking"], found["python"]), 4)
    name = "importing pytest and the plugin against importing pytest"
    yield Row(name, ms(median["plugin"]), ms(median["pytest"]), ratio(found["plugin"], found["pytest"]), 1.1)
