"""Command lines that speak to AWS: recognised in what an agent starts, and read for deletions that never reach the wire."""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Sequence

from askfirst.harness.operations.table import UnknownOperation, find

TOOLS = re.compile(r"(^|[\s/;&|(])(aws|awslocal|terraform|tofu|cdk|pulumi|sam|eksctl|eb|copilot|serverless|sls)(\s|$)")
DESTROYING = re.compile(
    r"\b(terraform|tofu|cdk|pulumi|sam|eksctl|eb|copilot|serverless|sls)\b.*\b(destroy|delete|terminate|remove)\b"
)
HIGH_LEVEL = re.compile(r"\baws\s+(?:--\S+\s+\S+\s+)*s3\s+(rm|rb|mv)\b|\baws\b.*\bs3\s+sync\b.*--delete\b")


def reading(arguments: Sequence[str]) -> tuple[bool, bool]:
    """Tell whether a command line speaks to AWS, and whether it deletes. A shell's `-c` text is read as well."""
    line = " ".join(arguments)
    if not TOOLS.search(line):
        return False, False
    return True, bool(DESTROYING.search(line) or HIGH_LEVEL.search(line) or any(map(_deletes, _aws_calls(line))))


def _aws_calls(line: str) -> list[tuple[str, str]]:
    """Give service and operation of every `aws SERVICE OPERATION` in a line."""
    try:
        words = shlex.split(line.replace(";", " ; ").replace("&&", " ; ").replace("|", " ; "))
    except ValueError:
        words = line.split()
    calls = []
    for place, word in enumerate(words):
        if word.rsplit("/", 1)[-1] in {"aws", "awslocal"}:
            rest = [one for one in words[place + 1 :] if not one.startswith("-")]
            pairs = itertools.pairwise(rest)
            calls += [pair for pair in list(pairs)[:3] if all(re.fullmatch(r"[a-z0-9-]+", one) for one in pair)]
    return calls


def _deletes(call: tuple[str, str]) -> bool:
    try:
        return find(f"{call[0]}:{call[1]}").destroys
    except UnknownOperation:
        return False
