"""Look-ups in the generated table of AWS operations.

Importing this module reads nothing. The first look-up reads ``table.tsv`` once; a look-up parses only the rows of its
own service, so that asking about CloudFormation does not pay for EC2.
"""

import difflib
import enum
import functools
import importlib.resources
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = [
    "Domain",
    "Level",
    "Operation",
    "OperationClass",
    "Severity",
    "UnknownOperation",
    "by_iam_action",
    "classify",
    "find",
    "operations_of",
    "services",
]

COLUMNS: Final = ("service", "operation", "iam", "access", "class", "severity", "domain", "source")
UNKNOWN_SOURCE: Final = "unknown: treated as mutating"


class Level(enum.IntEnum):
    """How far a call reaches, from looking to destroying; the order is part of the contract."""

    READ = 0
    PLAN = 1
    CONSUME = 2
    EXECUTE = 3
    MUTATE = 4
    PERMISSION = 5
    DESTROY = 6

    @property
    def word(self) -> str:
        """The level as reports print it: ``read``, ``plan``, ... ``destroy``."""
        return self.name.lower()


class OperationClass(enum.Enum):
    """What an operation does to the thing it names."""

    NONE = "none"
    PLAN = "plan"
    CONSUME = "consume"
    EXECUTE = "execute"
    OVERWRITE = "overwrite"
    DETACH = "detach"
    REVOKE = "revoke"
    STOP = "stop"
    DELETE = "delete"


class Severity(enum.Enum):
    """What it takes to undo the worst case of an operation."""

    NONE = "none"
    REVERSIBLE = "reversible"
    RECOVERABLE = "recoverable"
    IRREVERSIBLE = "irreversible"


class Domain(enum.Enum):
    """What is lost when an operation harms."""

    NONE = "none"
    DATA = "data"
    AVAILABILITY = "availability"
    CONFIGURATION = "configuration"
    ACCESS = "access"
    AUDIT = "audit"
    GUARDRAIL = "guardrail"


@dataclass(frozen=True, slots=True)
class Operation:
    """One AWS operation and what is known about it."""

    service: str
    name: str
    iam: tuple[str, ...]
    level: Level
    operation_class: OperationClass
    severity: Severity
    domain: Domain
    source: str
    known: bool

    @property
    def id(self) -> str:
        """The name users write: ``cloudformation:DeleteStack``."""
        return f"{self.service}:{self.name}"

    @property
    def changes(self) -> bool:
        """Whether the call may change something and so needs authorization; consuming does not."""
        return self.level >= Level.EXECUTE

    @property
    def destroys(self) -> bool:
        """Whether the call takes away a resource or its data."""
        return self.level is Level.DESTROY


class UnknownOperation(LookupError):
    """No operation goes by this name; ``suggestions`` holds the ids that come close."""

    def __init__(self, text: str, suggestions: tuple[str, ...], reason: str = "is not an AWS operation") -> None:
        """Say what was asked for, why there is no answer, and what was probably meant."""
        self.text: Final = text
        self.suggestions: Final = suggestions
        hint = f"did you mean {', '.join(suggestions)}?" if suggestions else "write it as service:Operation"
        super().__init__(f"{text!r} {reason}; {hint}")


_LEVELS: Final[Mapping[OperationClass, Level]] = MappingProxyType(
    {
        OperationClass.DELETE: Level.DESTROY,
        OperationClass.REVOKE: Level.PERMISSION,
        OperationClass.EXECUTE: Level.EXECUTE,
        OperationClass.CONSUME: Level.CONSUME,
        OperationClass.PLAN: Level.PLAN,
    },
)

# Names people use for a service that are neither botocore's name nor an IAM prefix: commands of the AWS command line.
_COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {"s3api": "s3", "configservice": "config", "deploy": "codedeploy"},
)

# IAM actions shared by several operations of which one is plainly meant.
_PREFERRED_OPERATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "dynamodb:partiqldelete": "dynamodb:ExecuteStatement",
        "dynamodb:partiqlinsert": "dynamodb:ExecuteStatement",
        "dynamodb:partiqlselect": "dynamodb:ExecuteStatement",
        "dynamodb:partiqlupdate": "dynamodb:ExecuteStatement",
        "lambda:invokefunction": "lambda:Invoke",
        "s3:listbucket": "s3:ListObjectsV2",
        "s3:putlifecycleconfiguration": "s3:PutBucketLifecycleConfiguration",
    },
)

# Two generations of a service behind one IAM prefix: the living one is meant.
_PREFERRED_SERVICES: Final = frozenset({"elbv2"})


def classify(service: str, operation: str) -> Operation:
    """Say what an operation does, by botocore's names; one without a row is treated as mutating."""
    found = _rows(service).get(operation)
    if found is not None:
        return found
    return Operation(
        service=service,
        name=operation,
        iam=(),
        level=Level.MUTATE,
        operation_class=OperationClass.NONE,
        severity=Severity.NONE,
        domain=Domain.NONE,
        source=UNKNOWN_SOURCE,
        known=False,
    )


def find(text: str) -> Operation:
    """Find the operation a person means: ``s3:ListBucket``, ``lambda.Invoke``, ``cloudformation delete-stack``.

    The service may be botocore's name, a command of the AWS command line or an IAM prefix; the operation may be
    botocore's name, the command line's, or an IAM action.
    """
    parts = re.split(r"[\s:.]+", text.strip().removeprefix("aws "), maxsplit=1)
    if len(parts) != 2 or not all(parts):
        raise UnknownOperation(text, _suggestions(text))
    service, operation = parts[0].lower(), _squeeze(parts[1])
    service = _COMMANDS.get(service, service)
    for row in _rows(service).values():
        if _squeeze(row.name) == operation:
            return row
    return _by_prefix(text, service, operation)


def by_iam_action(action: str) -> tuple[Operation, ...]:
    """List every operation that needs this IAM action; case does not matter, wildcards are not expanded."""
    return tuple(_rows(service)[name] for service, name in _actions().get(action.lower(), ()))


def operations_of(service: str) -> tuple[Operation, ...]:
    """List the operations of a service, by name; an unknown service has none."""
    return tuple(_rows(service).values())


@functools.cache
def services() -> tuple[str, ...]:
    """List the services of the table, by name."""
    return tuple(dict.fromkeys(line.partition("\t")[0] for line in _lines()))


def _by_prefix(text: str, prefix: str, operation: str) -> Operation:
    """Resolve a name whose service part is an IAM prefix or whose operation part is an IAM action."""
    candidates = [_rows(service)[name] for service, name in _names().get((prefix, operation), ())]
    candidates = candidates or list(by_iam_action(f"{prefix}:{operation}"))
    if not candidates:
        raise UnknownOperation(text, _suggestions(f"{prefix}:{operation}"))
    preferred = _PREFERRED_OPERATIONS.get(f"{prefix}:{operation}")
    namesakes = [row for row in candidates if _squeeze(row.name) == operation]
    best = min(
        namesakes or candidates,
        key=lambda row: (
            row.id != preferred,
            row.service not in _PREFERRED_SERVICES,
            len(row.iam),
            -_likeness(operation, _squeeze(row.name)),
            row.id,
        ),
    )
    if namesakes or best.id == preferred or len({(row.level, row.operation_class) for row in candidates}) == 1:
        return best
    ids = tuple(sorted(row.id for row in candidates))
    raise UnknownOperation(text, ids[:5], f"is an IAM action of {len(ids)} operations that do different things")


def _suggestions(text: str) -> tuple[str, ...]:
    """Ids close to a mistyped name, best first."""
    service, _, operation = re.sub(r"[\s:.]+", ":", text.strip().lower(), count=1).partition(":")
    operation = _squeeze(operation)
    ids = _ids()
    if not operation:
        return tuple(ids[key] for key in ids if service and key.endswith(f":{_squeeze(service)}"))[:5]
    key = f"{_squeeze(service)}:{operation}"
    close = difflib.get_close_matches(key, _near(key, ids), n=3, cutoff=0.75)
    return tuple(ids[match] for match in close)


def _near(key: str, ids: Mapping[str, str]) -> list[str]:
    """Narrow the names worth comparing: those of services spelt like the one asked for, else operations alike."""
    service, _, operation = key.partition(":")
    spelt = difflib.get_close_matches(service, {_squeeze(name): None for name in services()}, n=3, cutoff=0.7)
    return [name for name in ids if name.partition(":")[0] in spelt] or [
        name for name in ids if name.endswith(f":{operation}")
    ]


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _squeeze(name: str) -> str:
    """Make ``DeleteStack``, ``delete-stack`` and ``delete_stack`` the same word."""
    return re.sub(r"[-_\s]", "", name).lower()


@functools.cache
def _text() -> str:
    """Hold the whole table; it starts with a newline so that every row starts after one."""
    table = importlib.resources.files("askfirst.harness.operations") / "table.tsv"
    return "\n" + table.read_text(encoding="utf-8")


def _lines() -> list[str]:
    return [line for line in _text().splitlines()[1:] if not line.startswith(("#", "service\t"))]


@functools.cache
def _rows(service: str) -> Mapping[str, Operation]:
    """Parse the rows of one service; the table is sorted, so they lie together."""
    text, mark = _text(), f"\n{service}\t"
    start = text.find(mark)
    if start < 0 or "\n" in service or "\t" in service or service == COLUMNS[0]:
        return MappingProxyType({})
    end = text.find("\n", text.rfind(mark) + 1)
    rows = (_parse(line) for line in text[start + 1 : end].split("\n"))
    return MappingProxyType({row.name: row for row in rows})


def _parse(line: str) -> Operation:
    service, name, iam, access, class_word, severity, domain, source = line.split("\t")
    operation_class = OperationClass(class_word)
    return Operation(
        service=service,
        name=name,
        iam=tuple(iam.split(",")) if iam else (),
        level=_level(access, operation_class),
        operation_class=operation_class,
        severity=Severity(severity),
        domain=Domain(domain),
        source=source,
        known=True,
    )


def _level(access: str, operation_class: OperationClass) -> Level:
    """Derive the level: what the operation does comes first, then the right it needs."""
    by_class = _LEVELS.get(operation_class)
    if by_class is not None:
        return by_class
    if access == "Permissions management":
        return Level.PERMISSION
    if access in {"Read", "List"} and operation_class is OperationClass.NONE:
        return Level.READ
    return Level.MUTATE


@functools.cache
def _actions() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Index the table by IAM action in lower case."""
    index: dict[str, list[tuple[str, str]]] = {}
    for line in _lines():
        service, name, iam, _ = line.split("\t", 3)
        for action in filter(None, iam.lower().split(",")):
            index.setdefault(action, []).append((service, name))
    return MappingProxyType({action: tuple(owners) for action, owners in index.items()})


@functools.cache
def _names() -> Mapping[tuple[str, str], tuple[tuple[str, str], ...]]:
    """Index the operations by the prefixes of their IAM actions and their own name in squeezed spelling."""
    index: dict[tuple[str, str], dict[tuple[str, str], None]] = {}
    for action, owners in _actions().items():
        for service, name in owners:
            index.setdefault((action.partition(":")[0], _squeeze(name)), {})[service, name] = None
    return MappingProxyType({key: tuple(owners) for key, owners in index.items()})


@functools.cache
def _ids() -> Mapping[str, str]:
    """Map ids in squeezed spelling to ids as botocore spells them."""
    pairs = (line.split("\t", 2)[:2] for line in _lines())
    return MappingProxyType({f"{_squeeze(service)}:{name.lower()}": f"{service}:{name}" for service, name in pairs})
