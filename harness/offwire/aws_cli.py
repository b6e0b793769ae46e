"""Lines of the AWS command line, read by the table of operations.

https://docs.aws.amazon.com/cli/latest/reference/: the commands under `s3` and a few customisations are no operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from askfirst.harness.offwire.intents import Ran, changes, destroys
from askfirst.harness.offwire.sql import harm_of
from askfirst.harness.operations.table import Domain, Operation, OperationClass, Severity, UnknownOperation, find
from askfirst.harness.records import Intent

GLOBAL_VALUED = frozenset(
    [
        "--ca-bundle",
        "--cli-binary-format",
        "--cli-connect-timeout",
        "--cli-read-timeout",
        "--color",
        "--endpoint-url",
        "--output",
        "--profile",
        "--query",
        "--region",
    ]
)
NOTHING_HAPPENS = frozenset({"--dry-run", "--dryrun", "--generate-cli-skeleton", "--no-execute-changeset", "--help"})
"""Options with which a command changes nothing: it asks, prints, or leaves a plan."""

LOCAL = frozenset({"configure", "help", "history", "wait"})
STATEMENTS = ("--sql", "--sqls", "--sql-statements", "--statement", "--statements", "--query-string")
HARMFUL = frozenset(
    {
        OperationClass.DELETE,
        OperationClass.DETACH,
        OperationClass.EXECUTE,
        OperationClass.OVERWRITE,
        OperationClass.REVOKE,
        OperationClass.STOP,
    }
)
CUSTOM = {
    ("cloudformation", "deploy"): "cloudformation:ExecuteChangeSet",
    ("cloudformation", "package"): "s3:PutObject",
    ("ecs", "deploy"): "codedeploy:CreateDeployment",
    ("emr", "create-cluster"): "emr:RunJobFlow",
    ("emr", "terminate-clusters"): "emr:TerminateJobFlows",
    ("s3", "ls"): "s3:ListBucket",
    ("s3", "mb"): "s3:CreateBucket",
    ("s3", "mv"): "s3:DeleteObject",
    ("s3", "presign"): "s3:GetObject",
    ("s3", "rb"): "s3:DeleteBucket",
    ("s3", "rm"): "s3:DeleteObject",
    ("s3", "website"): "s3:PutBucketWebsite",
}
"""Customisations that go by another name than the operation they call; of several, the one that reaches furthest."""

LOOKING = frozenset(
    [
        ("cloudtrail", "validate-logs"),
        ("ecr", "get-login-password"),
        ("eks", "get-token"),
        ("eks", "update-kubeconfig"),
        ("logs", "tail"),
        ("rds", "generate-db-auth-token"),
    ]
)
"""Customisations that send nothing but reads."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A command line cut up: what stands alone, and the options with their values."""

    names: tuple[str, ...]
    options: dict[str, list[str]]

    @property
    def values(self) -> tuple[str, ...]:
        """The values of all options, in order."""
        return tuple(value for name, values in self.options.items() if name not in GLOBAL_VALUED for value in values)


def read(ran: Ran) -> Sequence[Intent]:
    """Say what an `aws` line would destroy or change."""
    line = _cut(ran.arguments)
    if len(line.names) < 2 or LOCAL & set(line.names[:3]) or NOTHING_HAPPENS & line.options.keys():
        return []
    service, command = line.names[:2]
    if service == "s3":
        return _s3(command, line, ran)
    if (service, command) == ("cloudformation", "deploy"):
        return changes("cloudformation deploy", ran, names=line.values)
    try:
        operation = find(CUSTOM.get((service, command), f"{service}:{command}"))
    except UnknownOperation:
        return []
    statement = " ".join(value for name in STATEMENTS for value in line.options.get(name, []))
    if statement:
        return _statement(operation, statement, ran)
    if operation.operation_class not in HARMFUL:
        return []
    return [_intent(operation, line, ran)]


def speaks(ran: Ran) -> bool:
    """Tell whether an `aws` line sends any request."""
    line = _cut(ran.arguments)
    local = {"--generate-cli-skeleton", "--help", "--version"} & line.options.keys()
    return bool(line.names) and not local and not ({"configure", "help", "history"} & set(line.names[:3]))


def looks(ran: Ran) -> bool:
    """Tell whether an `aws` line surely changes nothing, whatever its operation could do."""
    line = _cut(ran.arguments)
    asks = NOTHING_HAPPENS - {"--no-execute-changeset"}  # a change set is made all the same
    return not speaks(ran) or bool(asks & line.options.keys()) or "wait" in line.names[:3] or line.names[:2] in LOOKING


def operation_of(ran: Ran) -> Operation | None:
    """Give the operation that an `aws` line calls; None where the table has none of that name."""
    line = _cut(ran.arguments)
    if len(line.names) < 2:
        return None
    service, command = line.names[:2]
    name = CUSTOM.get((service, command), f"{service}:{command}")
    if service == "s3" and command in {"cp", "sync"}:
        to_bucket = _second_is_url(line) or line.names[-1].startswith("s3://")
        name = "s3:DeleteObject" if "--delete" in line.options else "s3:PutObject" if to_bucket else "s3:GetObject"
    elif name == "cloudformation:ExecuteChangeSet" and "--no-execute-changeset" in line.options:
        name = "cloudformation:CreateChangeSet"
    try:
        return find(name)
    except UnknownOperation:
        return None


def _intent(operation: Operation, line: _Line, ran: Ran) -> Intent:
    return Intent(
        operation.id,
        operation.operation_class.value,
        operation.domain.value,
        operation.severity.value,
        " ".join(ran.words)[:200],
        line.values,
    )


def _statement(operation: Operation, statement: str, ran: Ran) -> Sequence[Intent]:
    """Read a statement by its words; in DynamoDB's PartiQL a DELETE always takes an item away."""
    harm = harm_of(statement, every_delete=operation.service == "dynamodb")
    if not harm:
        return []
    kind = destroys if harm.destroys else changes
    return kind(f"{operation.id} {harm.what}", ran, Domain.DATA)


def _cut(words: Sequence[str]) -> _Line:
    names: list[str] = []
    options: dict[str, list[str]] = {}
    current = ""
    for word in words:
        if word.startswith("--") and len(word) > 2:
            current, mark, value = word.partition("=")
            options.setdefault(current, []).extend([value] if mark else [])
            current = "" if mark or (len(names) < 2 and current not in GLOBAL_VALUED) else current
        elif current in GLOBAL_VALUED:
            options[current].append(word)
            current = ""
        elif current and len(names) >= 2 and names[0] != "s3":
            options[current].append(word)
        else:
            names.append(word)
    return _Line(tuple(names), options)


def _s3(command: str, line: _Line, ran: Ran) -> Sequence[Intent]:
    """Read a command of `aws s3`; the values of its own options stand among the names, which are told by 's3://'."""
    urls = [name for name in line.names[2:] if name.startswith("s3://")]
    if not urls:
        return []
    target = line.names[-1] in urls
    match command:
        case "rm":
            return destroys("s3 rm", ran, Domain.DATA, names=urls)
        case "rb":
            return destroys("s3 rb", ran, Domain.DATA, names=urls)
        case "mv":
            return destroys("s3 mv", ran, Domain.DATA, Severity.REVERSIBLE, urls)
        case "sync" if "--delete" in line.options and (len(urls) == 2 or target or _second_is_url(line)):
            return destroys("s3 sync --delete", ran, Domain.DATA, names=urls[-1:])
        case "cp" | "sync" if len(urls) == 2 or _second_is_url(line):
            return changes(f"s3 {command}", ran, Domain.DATA, names=urls[-1:])
        case _:
            return []


def _second_is_url(line: _Line) -> bool:
    """Tell whether the target, the second path, is in S3."""
    return len(line.names) > 3 and line.names[3].startswith("s3://")
