"""What a piece of Python would run, as lines of a shell: calls of boto3, programs it starts, files it removes."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

STARTERS: Final = frozenset({"system", "popen", "run", "call", "check_call", "check_output", "Popen", "getoutput"})
REMOVERS: Final = MappingProxyType({"rmtree": "rm -rf", "remove": "rm", "unlink": "rm", "rmdir": "rm -r"})
MODULES: Final = frozenset({"os", "shutil", "subprocess", "pathlib", "Path"})

RESOURCES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("cloudformation", "delete"): "delete-stack",
        ("dynamodb", "delete"): "delete-table",
        ("ec2", "delete"): "delete-volume",
        ("ec2", "terminate"): "terminate-instances",
        ("s3", "delete"): "delete-objects",
        ("s3", "delete_objects"): "delete-objects",
        ("sns", "delete"): "delete-topic",
        ("sqs", "delete"): "delete-queue",
        ("sqs", "purge"): "purge-queue",
    }
)
"""What the actions of boto3's resources call, by service; of several that share a name the commonest."""


def texts_of_python(code: str) -> list[str]:
    """Give the lines of a shell that do what the code does. Code that does not parse would not run."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # nested too deep for Python itself
        return []
    made: dict[str, tuple[str, str]] = {}
    known = {one: one for one in MODULES} | dict(_imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and (maker := _maker(node.value, made)):
            made.update({one.id: maker for one in node.targets if isinstance(one, ast.Name)})
    return [text for node in ast.walk(tree) if isinstance(node, ast.Call) for text in _call(node, made, known)]


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Give the names under which a program knows the modules that start programs, and their functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((one.asname or one.name, one.name) for one in node.names if one.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            yield from ((one.asname or one.name, f".{one.name}") for one in node.names)


def _call(node: ast.Call, made: Mapping[str, tuple[str, str]], known: Mapping[str, str]) -> Iterator[str]:
    function = node.func
    if isinstance(function, ast.Name):  # 'from subprocess import run'
        name = known.get(function.id, "").lstrip(".")
        if name in STARTERS and node.args:
            yield from _started(node.args[0])
        elif name in REMOVERS:
            yield from (f"{REMOVERS[name]} {shlex.quote(text)}" for one in node.args[:1] for text in _texts(one))
        return
    if not isinstance(function, ast.Attribute):
        return
    root = _root(function.value)
    if function.attr in STARTERS and root in known and node.args:
        yield from _started(node.args[0])
    elif function.attr in REMOVERS and root in known:
        path = function.value.args if isinstance(function.value, ast.Call) else node.args
        yield from (f"{REMOVERS[function.attr]} {shlex.quote(text)}" for one in path[:1] for text in _texts(one))
    elif maker := _maker(function.value, made):
        yield from _aws(node, function.attr, *maker)


def _started(argument: ast.expr) -> Iterator[str]:
    """Give the command line of a program that is started: one text, or a list of words."""
    if isinstance(argument, ast.List | ast.Tuple):
        words = [text for one in argument.elts for text in _texts(one) or ["?"]]
        yield shlex.join(words)
    else:
        yield from _texts(argument)


def _aws(node: ast.Call, method: str, kind: str, service: str) -> Iterator[str]:
    """Give the line of the AWS command line that calls the same operation."""
    operation = RESOURCES.get((service, method), "") if kind == "resource" else method.replace("_", "-")
    if not operation:
        return
    options = [_option(one) for one in node.keywords if one.arg]
    command = "s3api" if service == "s3" else service  # `aws s3` has commands of its own
    yield shlex.join(["aws", command, operation, *(word for option in options for word in option)])


def _option(keyword: ast.keyword) -> list[str]:
    name = "".join(f"-{char.lower()}" if char.isupper() else char for char in keyword.arg or "")
    if isinstance(keyword.value, ast.Constant) and keyword.value.value is True:
        return [f"-{name}"]
    if isinstance(keyword.value, ast.Constant) and keyword.value.value is False:
        return []
    values = keyword.value.elts if isinstance(keyword.value, ast.List | ast.Tuple) else [keyword.value]
    return [f"-{name}", *(text for one in values for text in _texts(one))]


def _maker(node: ast.expr, made: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    """Find the `client("...")` or `resource("...")` that an expression is, or is made from: what it is, which service."""
    while True:
        match node:
            case ast.Call(
                func=ast.Attribute(attr="client" | "resource" as kind), args=[ast.Constant(value=str(name)), *_]
            ):
                return kind, name
            case ast.Name(id=name):
                return made.get(name)
            case ast.Call(func=inner) | ast.Attribute(value=inner) | ast.Subscript(value=inner):
                node = inner
            case _:
                return None


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""


def _texts(node: ast.expr) -> list[str]:
    """Give the text an expression is; of an f-string the parts that are known."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(text for one in node.values for text in _texts(one))]
    return []
