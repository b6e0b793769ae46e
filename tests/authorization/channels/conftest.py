"""What the tests of the channels share: the command as programs of an agent start it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

Ran = subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def request_approval() -> Callable[..., Ran]:
    """Start `request-approval` as a program of the agent, in its workspace."""

    def run(brief: Brief, *arguments: str, without: str = "") -> Ran:
        environment = {name: value for name, value in brief.environment.items() if name != without}
        return subprocess.run(
            ["request-approval", *arguments],
            env=environment,
            cwd=brief.workspace,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run
