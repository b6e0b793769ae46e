"""SQL sent to databases: what it drops, empties, deletes; what only asks."""

from __future__ import annotations

import re

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import deletes, harmless, overwrites, reads
from askfirst.harness.operations.rules.values import texts
from askfirst.harness.operations.table import Severity

LONGEST = 200_000
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
LITERAL = re.compile(r"'(?:[^']|'')*'")
CTE = re.compile(r"^WITH\b", re.IGNORECASE)
WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|DROP|TRUNCATE|ALTER|CREATE|GRANT|REVOKE|INTO)\b", re.IGNORECASE)
ASKS = frozenset({"SELECT", "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "VALUES", "TABLE"})
ADDS = frozenset(
    {"INSERT", "CREATE", "BEGIN", "COMMIT", "ROLLBACK", "START", "END", "SET", "ANALYZE", "ANALYSE", "USE"}
)
DROPS = re.compile(r"^(DROP|TRUNCATE|UNLOAD\s+DELETE)\b", re.IGNORECASE)
DROPS_MINOR = re.compile(
    r"^DROP\s+(INDEX|TEMPORARY|TEMP|PREPARED|EXTENSION|ROLE|USER|FUNCTION|TRIGGER|(MATERIALIZED\s+)?VIEW)\b"
)


@rule(
    "rds-data:ExecuteStatement",
    "rds-data:BatchExecuteStatement",
    "rds-data:ExecuteSql",
    "redshift-data:ExecuteStatement",
    "redshift-data:BatchExecuteStatement",
    "athena:StartQueryExecution",
)
def statements(before: Before) -> Ruling | None:
    """Source: https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_ExecuteStatement.html."""
    names = ("sql", "Sql", "sqlStatements", "QueryString")
    asked = [before.text(name) for name in names if before.text(name)] + list(texts(before.parameters.get("Sqls")))
    said = [_one(plain) for sql in asked for plain in split(sql)]
    if not said or any(one is None for one in said):
        found = [one for one in said if one is not None and one.harms]
        return max(found, key=lambda one: one.weight, default=None)
    return max((one for one in said if one is not None), key=lambda one: (one.weight, not one.reads))


def split(sql: str) -> list[str]:
    """Give the statements of a text without comments and literals."""
    plain = LITERAL.sub("''", COMMENT.sub(" ", sql[:LONGEST]))
    return [" ".join(one.split()) for one in plain.split(";") if one.strip()]


def _one(statement: str) -> Ruling | None:
    """Judge one statement; None where nobody can say, as with a procedure."""
    verb = statement.split(None, 1)[0].upper().lstrip("(")
    upper = statement.upper()
    if DROPS_MINOR.match(upper):
        return overwrites("drops a definition by SQL")
    if DROPS.match(upper):
        return deletes(f"drops by SQL: {statement[:60]}")
    if verb == "ALTER" and re.search(r"\bDROP\s+(COLUMN|PARTITION)\b", upper):
        return deletes(f"drops by SQL: {statement[:60]}")
    if re.search(r"\bDELETE\s+FROM\b", upper):
        wide = not re.search(r"\bWHERE\b(?!\s+(1\s*=\s*1|TRUE)\s*$)", upper)
        how = "all rows" if wide else "rows"
        return deletes(f"deletes {how} by SQL", Severity.IRREVERSIBLE if wide else Severity.RECOVERABLE)
    if verb == "UPDATE" and not re.search(r"\bWHERE\b", upper):
        return overwrites("overwrites all rows by SQL", Severity.IRREVERSIBLE)
    if (verb in ASKS or CTE.match(statement)) and not WRITES.search(upper):
        return reads("only asks by SQL")
    if verb in ADDS and not re.search(r"\bOR\s+REPLACE\s+TABLE\b|\bOVERWRITE\b", upper):
        return harmless("only adds by SQL")
    return None
