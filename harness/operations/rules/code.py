"""Code and command lines: whether what somebody else will run takes something away. Text is evidence, not proof."""

from __future__ import annotations

import functools
import io
import re
import zipfile
from collections.abc import Iterator, Mapping

from askfirst.harness.operations.parts import OF_PARTS
from askfirst.harness.operations.table import OperationClass, operations_of, services
from askfirst.harness.records import Resource

LONGEST = 400_000
MOST_FILES = 60
SOURCES = (".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".sh", ".json", ".yaml", ".yml", ".go")

SHELL = re.compile(
    r"\brm\s+-\w*(?:r\w*f|f\w*r)|\brm\s+-r\s+-f|\bmkfs(?:\.\w+)?\s|\bdd\s+[^\n]*of=/dev/|\bshred\s|\bwipefs\s"
    r"|\bfind\s[^\n|;]*\s-delete\b|\bterraform\s+(?:[^\n;|]*\s)?destroy\b|\b(?:tofu|cdk|pulumi|sls|serverless)\s+(?:destroy|remove)\b"
    r"|\bkubectl\s+(?:[^\n;|]*\s)?delete\b|\bhelm\s+(?:uninstall|delete)\b|\bdocker\s+(?:volume\s+rm|system\s+prune|rm)\b"
    r"|\b(?:shutdown|poweroff|halt)\b\s*(?:-|now|$)|\bRemove-Item\s[^\n]*-Recurse"
    r"|\baws\s+(?:--?\S+\s+)*s3\s+(?:rm|rb)\b|\baws\s+(?:--?\S+\s+)*s3\s+sync\s[^\n;|]*--delete\b",
    re.IGNORECASE | re.MULTILINE,
)
SQL = re.compile(r"\b(?:DROP\s+(?:TABLE|DATABASE|SCHEMA)|TRUNCATE\s+TABLE)\b", re.IGNORECASE)
COMMAND_LINE = re.compile(r"\baws\s+(?:--?[\w-]+(?:[ =][^\s-]\S*)?\s+)*[a-z0-9-]+\s+([a-z]+(?:-[a-z0-9]+)+)")
SDK_CALL = re.compile(
    r"\b([a-z]+(?:_[a-z0-9]+)+|[a-z]+[A-Z]\w+)\s*\(|\bnew\s+([A-Z]\w+)Command\s*\(|\bApi:\s*[\"']?(\w+)"
)
OBJECT_CALL = re.compile(
    r"\b(?:Table|Bucket|Stack|Queue|Topic|Instance|Volume|Snapshot)\([^)\n]*\)\.(?:delete|terminate)\(|\bobjects\.[^\n]*\.delete\("
)
QUOTED = re.compile(r"[\"']([^\"'\\\n]{3,200})[\"']")
VERBS = ("delete", "terminate", "purge", "deregister", "destroy", "release", "remove", "schedule", "leave", "close")


def destructive(code: str) -> str:
    """Give the first words of some code or command line that take something away, '' if there are none."""
    code = code[:LONGEST]
    for pattern in (SHELL, SQL, OBJECT_CALL):
        if found := pattern.search(code):
            return " ".join(found[0].split())
    for pattern in (COMMAND_LINE, SDK_CALL):
        for found in pattern.finditer(code):
            name = next(filter(None, found.groups()))
            if name.lower().startswith(VERBS) and _squeeze(name) in deleting():
                return str(name)
    return ""


def sources(archive: object) -> Iterator[str]:
    """Go through the texts of an archive of code; what is no archive, or too large, has none."""
    if not isinstance(archive, bytes):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            for one in opened.infolist()[:MOST_FILES]:
                if one.filename.endswith(SOURCES) and one.file_size < LONGEST:
                    yield opened.read(one).decode(errors="replace")
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError):
        return


def named_in(code: str, state: Mapping[str, Resource]) -> tuple[str, ...]:
    """Give the ARNs of what some code names in quotes, by name or ARN."""
    said = frozenset(QUOTED.findall(code))
    return tuple(sorted(arn for arn, one in state.items() if one.name in said or arn in said))


@functools.cache
def deleting() -> frozenset[str]:
    """Give the names of all operations that delete, without those that a worker calls for each piece of its work."""
    ordinary = {one.partition(":")[2] for one in OF_PARTS}
    return frozenset(
        _squeeze(operation.name)
        for service in services()
        for operation in operations_of(service)
        if operation.operation_class is OperationClass.DELETE and operation.name not in ordinary
    )


def _squeeze(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
