"""Destruction that never reaches the wire: command lines, tool calls, errors of the client, and the workspace.

    read(["sh", "-c", "cd infra && terraform destroy"]).intents[0].what    'terraform destroy'

Text is evidence of intent, never of effect: an intent counts as *off the wire* (DESIGN rule 3). What is read is what
stands in the place of a command; comments, quoted text, arguments of `echo` or `grep` and assignments are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from askfirst.harness.offwire import aws_cli, databases, files, git, stacks
from askfirst.harness.offwire.intents import Ran, Reader
from askfirst.harness.offwire.walking import Walker
from askfirst.harness.records import Intent

__all__ = ["Reading", "intents_of", "programs_of", "read", "speaks_to_aws"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a command line says. `aws` tells whether it would send requests to AWS that are not seen in process."""

    intents: tuple[Intent, ...] = ()
    aws: bool = False

    @property
    def destroys(self) -> bool:
        """Whether it would destroy something."""
        return any(one.destroys for one in self.intents)


def read(arguments: Sequence[str]) -> Reading:
    """Read a command line: a program's words, or one shell text alone."""
    programs = list(programs_of(arguments))
    intents = dict.fromkeys(intent for one in programs for intent in intents_of(one))
    return Reading(tuple(intents), any(map(speaks_to_aws, programs)))


def programs_of(arguments: Sequence[str]) -> Iterator[Ran]:
    """Give every program that a command line would run, however deep it is wrapped."""
    if len(arguments) == 1:
        yield from Walker().text(arguments[0])
    else:
        yield from Walker().program(arguments)


def intents_of(ran: Ran) -> Sequence[Intent]:
    """Say what one program would do; what it would start in its turn is another one."""
    reader = _reader(ran.name)
    return [*(reader(ran) if reader else []), *files.of_redirections(ran)]


def _reader(name: str) -> Reader | None:
    if name in {"aws", "awslocal"}:
        return aws_cli.read
    if name == "git":
        return git.read
    return stacks.READERS.get(name) or databases.READERS.get(name) or files.READERS.get(name)


def speaks_to_aws(ran: Ran) -> bool:
    """Tell whether one program sends requests to AWS."""
    if ran.name in {"aws", "awslocal"}:
        return aws_cli.speaks(ran)
    return ran.name in stacks.SPEAK_TO_AWS and stacks.speaks(ran)
