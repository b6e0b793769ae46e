"""What an AWS operation does: its access level, class, worst severity and domain.

The facts are rows of ``table.tsv``, which ``build.py`` writes from pinned, licensed sources and from the reviewed
``corrections.tsv``. An operation without a row is treated as mutating, never as a read.
"""

from askfirst.harness.operations.table import (
    Domain,
    Level,
    Operation,
    OperationClass,
    Severity,
    UnknownOperation,
    by_iam_action,
    classify,
    find,
    operations_of,
    services,
)

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
