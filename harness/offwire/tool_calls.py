"""Tool calls of an agent's model, read for what they would destroy before anything is carried out.

Tools have no common names; what is read are the shapes that many share: a command line, code, a statement, a service with
an operation, a file with what to do to it, or an operation as the name of the tool.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from askfirst.harness.offwire import read
from askfirst.harness.offwire.intents import Ran, changes, destroys
from askfirst.harness.offwire.roles import must_survive
from askfirst.harness.offwire.scripts import texts_of_python
from askfirst.harness.offwire.sql import harm_of
from askfirst.harness.operations.table import Domain, Operation, OperationClass, Severity, UnknownOperation, find

if TYPE_CHECKING:
    from pydantic import JsonValue

    from askfirst.harness.records import Intent

COMMANDS: Final = frozenset(
    ["command", "commands", "cmd", "cmds", "bash", "shell", "script", "argv", "cli_command", "commandline"]
)
CODE: Final = frozenset({"code", "python", "source", "script"})
STATEMENTS: Final = frozenset({"sql", "statement", "query"})
SERVICES: Final = frozenset({"service", "service_name", "servicename", "aws_service"})
OPERATIONS: Final = frozenset({"operation", "operation_name", "operationname", "action", "api", "method"})
PATHS: Final = frozenset({"path", "file", "file_path", "filepath", "filename", "target_file", "directory"})
CONTENTS: Final = frozenset({"content", "contents", "text", "file_text"})
REMOVES: Final = re.compile(r"(delete|remove|unlink|rm)_?(file|path|dir|folder|tree)|^(rm|unlink|rmtree)$")
WRITES: Final = re.compile(r"(write|create|overwrite|save)_?file|^(write|create)$")
USUAL: Final = [
    "cloudformation",
    "ec2",
    "s3",
    "dynamodb",
    "rds",
    "lambda",
    "ecs",
    "eks",
    "iam",
    "sqs",
    "sns",
    "kms",
    "logs",
    "elasticbeanstalk",
    "autoscaling",
    "elbv2",
    "route53",
]
"""Services that are tried, in this order, where the name of a tool is an operation without a service."""

HARMLESS: Final = frozenset({OperationClass.NONE, OperationClass.PLAN, OperationClass.CONSUME})


def intents_of_tool_call(name: str, arguments: Mapping[str, JsonValue]) -> tuple[Intent, ...]:
    """Say what a tool call would destroy or change, by the name of the tool and the arguments it is given."""
    given = {key.lower().replace("-", "_"): value for key, value in arguments.items()}
    found = [*_of_words(given), *_of_operation(name, given), *_of_file(name, given)]
    return tuple(dict.fromkeys(found))


def _of_words(given: Mapping[str, JsonValue]) -> Iterator[Intent]:
    for key, value in given.items():
        if key in COMMANDS:
            yield from (intent for line in _lines(key, value) for intent in read(line).intents)
        if key in CODE and isinstance(value, str):
            yield from (intent for text in texts_of_python(value) for intent in read([text]).intents)
        if key in STATEMENTS and isinstance(value, str) and (harm := harm_of(value)):
            ran = Ran((key, value))
            yield from (destroys if harm.destroys else changes)(harm.what, ran, Domain.DATA)


def _lines(key: str, value: JsonValue) -> list[Sequence[str]]:
    """Give the command lines that an argument holds: a text, the words of one program, or several texts."""
    if isinstance(value, str):
        return [[value]]
    words = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
    return [[one] for one in words] if key.endswith("s") or len(words) == 1 else [words] if words else []


def _of_operation(name: str, given: Mapping[str, JsonValue]) -> Iterator[Intent]:
    service = next((value for key, value in given.items() if key in SERVICES and isinstance(value, str)), "")
    wanted = next((value for key, value in given.items() if key in OPERATIONS and isinstance(value, str)), "")
    operation = _find(service, wanted) if service and wanted else _named(name, service)
    texts = list(_texts(list(given.values())))
    dry = any(_is_true(given, key) for key in ("dryrun", "dry_run"))
    if operation is None or operation.operation_class in HARMLESS or dry:
        return
    ran = Ran((name, *texts))
    if operation.operation_class is OperationClass.DELETE:
        yield from destroys(operation.id, ran, operation.domain, operation.severity, texts)
    else:
        yield from changes(operation.id, ran, operation.domain, operation.operation_class, texts)


def _named(name: str, service: str) -> Operation | None:
    """Find the operation that the name of a tool is: 'cloudformation_delete_stack', 'ec2.TerminateInstances'."""
    words = re.split(r"[_.\-:/]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name))
    if len(words) < 2:
        return None
    tried = [(words[place], "_".join(words[place + 1 :])) for place in range(len(words) - 1)]
    tried += [(one, "_".join(words)) for one in ((service,) if service else USUAL)]
    return next((found for one, operation in tried if operation and (found := _find(one.lower(), operation))), None)


def _find(service: str, operation: str) -> Operation | None:
    try:
        found = find(f"{service}:{operation}")
    except UnknownOperation:
        return None
    return found if "".join(re.findall(r"[a-z0-9]", operation.lower())) == found.name.lower() else None


def _of_file(name: str, given: Mapping[str, JsonValue]) -> Iterator[Intent]:
    """Read a tool that removes a file, or writes nothing into one."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("-", "_")
    paths = [value for key, value in given.items() if key in PATHS and isinstance(value, str) and must_survive(value)]
    empty = any(value == "" for key, value in given.items() if key in CONTENTS)
    if paths and (REMOVES.search(plain) or (WRITES.search(plain) and empty)):
        named = [f"workspace:{path}" for path in paths]
        what = f"{name} {paths[0]}"
        yield from destroys(what, Ran((name, *paths)), Domain.CONFIGURATION, Severity.IRREVERSIBLE, named)


def _is_true(value: JsonValue | Mapping[str, JsonValue], key: str) -> bool:
    """Tell whether a flag is set, at the top or in what is passed on."""
    if not isinstance(value, Mapping):
        return False
    return any((name.lower() == key and one is True) or _is_true(one, key) for name, one in value.items())


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
