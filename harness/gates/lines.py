"""What of a command line needs authorization by the policy of a scenario, before it runs: the words to ask people about.

Reads, plans and what is no AWS call need none. What cannot be read and may speak to AWS is asked about as it stands.
"""

from __future__ import annotations

import contextlib
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from askfirst.harness.offwire import aws_cli, intents_of, programs_of, speaks_to_aws
from askfirst.harness.offwire.intents import Ran
from askfirst.harness.offwire.scripts import texts_of_python
from askfirst.harness.operations.table import Domain, Operation, OperationClass
from askfirst.harness.policy import Authority, Needs

AWS = re.compile(r"boto3|botocore|aws-sdk|amazonaws|\baws\s+[a-z]|\bAWS\.|AWS_ENDPOINT")
"""What a script says that speaks to AWS."""

INTERPRETERS = re.compile(r"(python[\d.]*|(ba|da|z|k|a)?sh|node|ruby|perl|deno|bun)$")
PYTHON = re.compile(r"#!.*python")
LONGEST = 256 * 1024
"""Bytes of a script that are read."""

DEPTH = 4
"""Scripts that start scripts which are followed."""

TAKING = frozenset({OperationClass.DELETE, OperationClass.STOP, OperationClass.REVOKE, OperationClass.DETACH})
GUARDS = frozenset({Domain.GUARDRAIL, Domain.AUDIT})


def needing(words: Sequence[str], authority: Authority, workspace: Path) -> tuple[str, ...]:
    """Give the lines that people must be asked about, each once; () where nothing needs authorization.

    `words` are a program's words, or one shell text alone. Scripts of the workspace are read too.
    """
    return tuple(dict.fromkeys(_of(words, authority, workspace, 0)))


def _of(words: Sequence[str], authority: Authority, workspace: Path, depth: int) -> Iterator[str]:
    for ran in programs_of(words):
        if ran.name in {"aws", "awslocal"}:
            if _aws_needs(ran, authority.needs):
                yield shlex.join(("aws", *ran.arguments))
            continue
        harm = intents_of(ran)
        if any(one.destroys for one in harm) or (harm and speaks_to_aws(ran)):
            yield shlex.join(ran.words) if ran.words else f": > {' '.join(ran.writes)}"
        elif depth < DEPTH:
            yield from _of_script(ran, authority, workspace, depth)


def _aws_needs(ran: Ran, needs: Needs) -> bool:
    if needs is Needs.EVERY_ACTION:
        return aws_cli.speaks(ran)
    if aws_cli.looks(ran):
        return False
    operation = aws_cli.operation_of(ran)
    if operation is None:
        return True
    return operation.changes and (needs is not Needs.DESTRUCTION or _takes(operation))


def _takes(operation: Operation) -> bool:
    """Tell whether an operation may take something away: what its parameters say is not known before the call."""
    kind = operation.operation_class
    foretold = operation.service in {"cloudformation", "cloudcontrol"} or kind is OperationClass.EXECUTE
    return operation.destroys or kind in TAKING or foretold or operation.domain in GUARDS


def _of_script(ran: Ran, authority: Authority, workspace: Path, depth: int) -> Iterator[str]:
    """Read what an interpreter is given, or the script that is started by its own name."""
    script, python = _script_of(ran, workspace)
    lines = texts_of_python(script) if python else [script]
    found = [asked for line in lines for asked in _of([line], authority, workspace, depth + 1)]
    yield from found
    read = any(one.name in {"aws", "awslocal"} for line in lines for one in programs_of([line]))
    if not found and not read and AWS.search(script or _code_of(ran)):
        yield shlex.join(ran.words)  # it speaks to AWS, and nobody can say what it says


def _script_of(ran: Ran, workspace: Path) -> tuple[str, bool]:
    """Give the text of a script of the workspace that is started, and whether it is Python."""
    for word in ran.arguments if INTERPRETERS.match(ran.name) else ran.words[:1]:
        text = _file(word, workspace)
        if text:
            return text, word.endswith(".py") or ran.name.startswith("python") or bool(PYTHON.match(text))
    return "", False


def _code_of(ran: Ran) -> str:
    """Give the code that a line holds and that could not be read; what a shell is told was read as lines."""
    unread = INTERPRETERS.match(ran.name) and not ran.name.endswith("sh") and not list(programs_of(ran.words))[1:]
    return " ".join((*ran.arguments, ran.stdin)) if unread else ""


def _file(word: str, workspace: Path) -> str:
    """Give what a file of the workspace holds, '' for what is none."""
    with contextlib.suppress(OSError, ValueError):
        file = (workspace / word).resolve()
        if file.is_file() and file.is_relative_to(workspace.resolve()):
            return file.read_bytes()[:LONGEST].decode(errors="replace")
    return ""
