"""What rules say, in the words of the table: short for the rulings that come again and again."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Ruling
from askfirst.harness.operations.table import Domain, OperationClass, Severity


def deletes(because: str, severity: Severity = Severity.IRREVERSIBLE, domain: Domain = Domain.DATA) -> Ruling:
    """Something that is there goes away, now or by itself later. No grant covers that for what must survive."""
    return Ruling(OperationClass.DELETE, severity, domain, because)


def stops(because: str, severity: Severity = Severity.REVERSIBLE, domain: Domain = Domain.AVAILABILITY) -> Ruling:
    """It does not serve any more."""
    return Ruling(OperationClass.STOP, severity, domain, because)


def detaches(because: str, severity: Severity = Severity.REVERSIBLE, domain: Domain = Domain.AVAILABILITY) -> Ruling:
    """A way to it is taken."""
    return Ruling(OperationClass.DETACH, severity, domain, because)


def revokes(because: str, severity: Severity = Severity.REVERSIBLE, domain: Domain = Domain.ACCESS) -> Ruling:
    """Somebody's access is taken."""
    return Ruling(OperationClass.REVOKE, severity, domain, because)


def overwrites(because: str, severity: Severity = Severity.RECOVERABLE, domain: Domain = Domain.DATA) -> Ruling:
    """Something else stands where it was."""
    return Ruling(OperationClass.OVERWRITE, severity, domain, because)


def weakens(because: str, severity: Severity = Severity.REVERSIBLE, domain: Domain = Domain.GUARDRAIL) -> Ruling:
    """A guardrail gets lower."""
    return Ruling(OperationClass.OVERWRITE, severity, domain, because)


def blinds(because: str, severity: Severity = Severity.REVERSIBLE) -> Ruling:
    """Less of what happens is recorded."""
    return Ruling(OperationClass.OVERWRITE, severity, Domain.AUDIT, because)


def executes(because: str, severity: Severity = Severity.IRREVERSIBLE) -> Ruling:
    """It makes something run that may destroy."""
    return Ruling(OperationClass.EXECUTE, severity, Domain.DATA, because)


def harmless(because: str) -> Ruling:
    """It takes nothing away, whatever its operation may."""
    return Ruling(OperationClass.NONE, Severity.NONE, Domain.NONE, because)


def reads(because: str) -> Ruling:
    """It only looks, though its operation may change things."""
    return Ruling(OperationClass.NONE, Severity.NONE, Domain.NONE, because, reads=True)


def plans(because: str) -> Ruling:
    """It only says what would be."""
    return Ruling(OperationClass.PLAN, Severity.NONE, Domain.NONE, because)
