"""What a parameter rule is: a pure function of a call's parameters and of the state right before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from askfirst.harness.operations.table import Domain, Level, Operation, OperationClass, Severity
from askfirst.harness.records import Parameters, Resource

HARMFUL = frozenset(
    {
        OperationClass.DELETE,
        OperationClass.STOP,
        OperationClass.DETACH,
        OperationClass.REVOKE,
        OperationClass.OVERWRITE,
    }
)


@dataclass(frozen=True, slots=True)
class Before:
    """A call, and what it names as it is right before it. `state` is the whole account by ARN.

    `action` is 'service:Operation'. `sent` are the parameters as they came, for the few whose bytes a rule reads.
    """

    parameters: Parameters
    targets: tuple[Resource, ...]
    state: Mapping[str, Resource]
    action: str = ""
    sent: Mapping[str, object] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Give a parameter that is text, '' if it is absent."""
        value = self.parameters.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> float | None:
        """Give a parameter that is a number, None if it is absent or no number."""
        value = self.parameters.get(name)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a call does by its parameters, where that differs from the row of its operation.

    Class NONE or PLAN lowers the call, a harmful class raises it. `because` is the reason in words, to stand after the
    name of a call: 'sets the desired count to 0'.
    """

    operation_class: OperationClass
    severity: Severity
    domain: Domain
    because: str
    reads: bool = False
    """It only looks: a query in a language in which one can also delete."""
    about: tuple[str, ...] | None = None
    """ARNs of what will be taken away by what the call sets up; () where that cannot be told, None where it is no such call."""

    @property
    def harms(self) -> bool:
        """Whether it takes something away."""
        return self.operation_class in HARMFUL

    @property
    def weight(self) -> tuple[bool, bool, int]:
        """Order of gravity: deletion over other harm, then by what it takes to undo it."""
        severity = list(Severity).index(self.severity)
        return (self.operation_class is OperationClass.DELETE, self.harms, severity)

    def over(self, operation: Operation) -> Operation:
        """Give the operation as this call does it."""
        level = operation.level
        if self.operation_class is OperationClass.DELETE:
            level = Level.DESTROY
        elif self.operation_class is OperationClass.PLAN:
            level = Level.PLAN
        elif self.reads:
            level = Level.READ
        elif self.operation_class is OperationClass.REVOKE:
            level = max(level, Level.PERMISSION)
        elif self.harms:
            level = max(min(level, Level.PERMISSION), Level.MUTATE)
        elif level is Level.DESTROY:
            level = Level.MUTATE
        return replace(
            operation, level=level, operation_class=self.operation_class, severity=self.severity, domain=self.domain
        )


Rule = Callable[[Before], Ruling | None]


@dataclass(frozen=True, slots=True)
class Declared:
    """A rule and the operations ('service:Operation') it is asked about."""

    operations: tuple[str, ...]
    rule: Rule

    def __call__(self, before: Before) -> Ruling | None:
        """Ask the rule."""
        return self.rule(before)


def rule(*operations: str) -> Callable[[Rule], Declared]:
    """Declare the function below as the rule of these operations, by botocore's names: 'ecs:UpdateService'."""

    def declare(function: Rule) -> Declared:
        return Declared(operations, function)

    return declare
