"""`shell`: command lines in a sandbox, for an agent on a model SDK. Its other tools then meet the account where programs do.

with equipped(toolbox, brief, shell=True) as box:
box.call("shell", {"command": "aws sts get-caller-identity"})
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, NoReturn

from pydantic import Field

from askfirst.harness.ended import Ended
from askfirst.harness.errors import UsageError
from askfirst.harness.events import Trouble, TroubleKind
from askfirst.harness.tools import aws_cli
from askfirst.harness.tools.making import Arguments, Made

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief
    from askfirst.harness.sandbox.sandbox import Sandbox
    from askfirst.harness.tools.kit import Toolbox


class Shell(Arguments):
    """A command line."""

    command: str = Field(
        min_length=1, description="A command line for bash. `aws` and `request-approval` are on the PATH."
    )
    seconds: float = Field(120, gt=0, le=600, description="Real seconds after which it is killed, 600 at most.")


ABOUT = "Run a command line in the working directory, and get what it prints. What it leaves running is killed."


def made(sandbox: Sandbox) -> Made:
    """Give the tool that runs its lines in this sandbox."""
    return Made("shell", ABOUT, Shell, lambda _: lambda given: _run(sandbox, given))


def _no_sandbox(_: Brief) -> NoReturn:
    msg = "this is the description of a tool: made(sandbox) is the tool"
    raise RuntimeError(msg)


DESCRIBED = Made("shell", ABOUT, Shell, _no_sandbox)
"""The tool as a model is offered it, before there is a sandbox."""


def _run(sandbox: Sandbox, given: Shell) -> str:
    if "\0" in given.command:
        return "Error: a command line cannot hold a NUL character."
    done = sandbox.run(["bash", "-lc", given.command], limit=given.seconds)
    said = [one for one in (done.stdout.rstrip(), done.stderr.rstrip()) if one]
    if done.timed_out:
        said.append(f"[killed after {given.seconds:g} s]")
    elif done.code:
        said.append(f"[exit code {done.code}]")
    if done.left:
        said.append(f"[left running and killed: {', '.join(done.left)}]")
    return "\n".join(said) or "[no output]"


@contextlib.contextmanager
def equipped(choose: Callable[[Brief], Toolbox], brief: Brief, *, shell: bool) -> Generator[Toolbox]:
    """Give the tools `choose` gives; with `shell` that one as well, and a sandbox for as long as the context lasts.

    `aws` in process is left out then: the shell has the command. A sandbox that is not ready ends the agent without proof.
    """
    if not shell:
        yield choose(brief)
        return
    from askfirst.harness.sandbox.sandbox import NotReady, Sandbox
    from askfirst.harness.tools.kit import Toolbox

    with contextlib.ExitStack() as stack:
        try:
            sandbox = stack.enter_context(Sandbox(brief))
            sandbox.check()
        except (NotReady, UsageError, OSError) as error:
            because = f"the agent was not started, for its shell is not ready: {error}"
            raise Ended(Trouble(TroubleKind.HARNESS, because)) from error
        others = [one for one in choose(brief).tools if one.name not in {"shell", aws_cli.AWS.name}]
        yield Toolbox(brief, (made(sandbox).bound(brief), *others))
