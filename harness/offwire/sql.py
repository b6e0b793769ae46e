"""Statements of SQL, CQL and PartiQL that take tables, rows or columns away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

QUOTED: Final = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
DROP: Final = re.compile(
    r"^drop\s+(table|database|schema|keyspace|materialized\s+view|tablespace|view|index|user|role)\b", re.IGNORECASE
)
DROP_COLUMN: Final = re.compile(
    r"^alter\s+table\b.*\bdrop\s+(?!constraint|index|default|not\b)", re.IGNORECASE | re.DOTALL
)
TRUNCATE: Final = re.compile(r"^truncate\b", re.IGNORECASE)
DELETE: Final = re.compile(r"^(?:with\b.*)?\bdelete\s+from\b", re.IGNORECASE | re.DOTALL)
UPDATE: Final = re.compile(r"^update\b", re.IGNORECASE)
WHERE: Final = re.compile(r"\bwhere\b(?!\s*(?:true|1\s*=\s*1|1)\s*$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Harm:
    """What a statement does: its first words, and whether anything is gone afterwards."""

    what: str
    destroys: bool


def harm_of(text: str, *, every_delete: bool = False) -> Harm | None:
    """Give the worst that a text of statements does; None where it takes nothing away.

    A DELETE with a real WHERE takes away rows that somebody named: that counts only with `every_delete`.
    """
    worst: Harm | None = None
    for statement in QUOTED.sub(" '' ", text).split(";"):
        harm = _harm(statement.strip(), every_delete=every_delete)
        if harm is not None and (worst is None or harm.destroys > worst.destroys):
            worst = harm
    return worst


def _harm(statement: str, *, every_delete: bool) -> Harm | None:
    if found := DROP.match(statement):
        return Harm(f"DROP {found.group(1).upper()}", destroys=True)
    if TRUNCATE.match(statement):
        return Harm("TRUNCATE", destroys=True)
    if DROP_COLUMN.match(statement):
        return Harm("ALTER TABLE DROP", destroys=True)
    bounded = WHERE.search(statement)
    if DELETE.match(statement) and (every_delete or not bounded):
        return Harm("DELETE" if bounded else "DELETE without WHERE", destroys=True)
    if UPDATE.match(statement) and not bounded:
        return Harm("UPDATE without WHERE", destroys=False)
    return None
