"""DynamoDB: rows that go by calls that are not named for it: batches, transactions, statements, REMOVE."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import deletes, harmless, overwrites, reads
from askfirst.harness.operations.rules.standing import target
from askfirst.harness.operations.rules.values import at, mappings, text
from askfirst.harness.operations.table import Severity

if TYPE_CHECKING:
    from pydantic import JsonValue

TAKES = re.compile(r"(^|[\s)])(REMOVE|DELETE)\s+[#\w]", re.IGNORECASE)
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
B = Severity.RECOVERABLE


@rule("dynamodb:BatchWriteItem")
def batch_deletes(before: Before) -> Ruling | None:
    """A batch mixes puts and deletes: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html."""
    by_table = before.parameters.get("RequestItems")
    requests = by_table.values() if isinstance(by_table, Mapping) else ()
    if any("DeleteRequest" in one for several in requests for one in mappings(several)):
        return deletes("deletes rows in a batch", B)
    return None


@rule("dynamodb:TransactWriteItems")
def transaction_deletes(before: Before) -> Ruling | None:
    """A transaction mixes all writes: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html."""
    for one in mappings(before.parameters.get("TransactItems")):
        if "Delete" in one:
            return deletes("deletes rows in a transaction", B)
        update = one.get("Update")
        if isinstance(update, Mapping) and (found := _update(update)) is not None:
            return found
    return None


@rule("dynamodb:UpdateItem")
def attributes_removed(before: Before) -> Ruling | None:
    """REMOVE, DELETE: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html."""
    return _update(before.parameters)


def _update(update: Mapping[str, JsonValue]) -> Ruling | None:
    if TAKES.search(text(update.get("UpdateExpression"))):
        return deletes("removes attributes of a row", B)
    old = update.get("AttributeUpdates")
    if isinstance(old, Mapping) and any(at(one, "Action") == "DELETE" for one in old.values()):
        return deletes("removes attributes of a row", B)
    values = update.get("ExpressionAttributeValues")
    written = text(update.get("UpdateExpression"))
    if isinstance(values, Mapping) and any(
        re.search(rf"=\s*{re.escape(name)}(?!\w)", written) and _nothing(value) for name, value in values.items()
    ):
        return overwrites("puts nothing in the place of an attribute", B)
    return None


def _nothing(value: JsonValue) -> bool:
    return isinstance(value, Mapping) and (value.get("S") == "" or value.get("NULL") is True)


@rule("dynamodb:PutItem")
def row_replaced(before: Before) -> Ruling | None:
    """A put replaces the whole row: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html.

    With a condition that the row must not be there it only adds.
    """
    table, item = target(before, "dynamodb.table"), before.parameters.get("Item")
    if table is None or not isinstance(item, Mapping) or "attribute_not_exists" in before.text("ConditionExpression"):
        return None
    keys = {value for one in item.values() for value in _values(one)}
    for key, row in table.parts.items():
        if isinstance(row, Mapping) and any(key == one or key.startswith(f"{one}|") for one in keys):
            lost = sorted(name for name, value in row.items() if value and name not in item)
            if lost:
                return overwrites(f"replaces a row and drops {', '.join(lost[:3])} of it", B)
    return None


def _values(value: JsonValue) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from (one for one in value.values() if isinstance(one, str))


@rule("dynamodb:ExecuteStatement", "dynamodb:BatchExecuteStatement", "dynamodb:ExecuteTransaction")
def statements_delete(before: Before) -> Ruling | None:
    """PartiQL: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html."""
    several = before.parameters.get("Statements") or before.parameters.get("TransactStatements")
    asked = [text(one.get("Statement")) for one in mappings(several)] or [before.text("Statement")]
    said = [_statement(one) for one in asked]
    return max(said, key=lambda one: (one.weight, not one.reads))


def _statement(statement: str) -> Ruling:
    plain = QUOTED.sub("x", COMMENT.sub(" ", statement)).strip().upper()
    verb = plain.split(None, 1)[0] if plain else ""
    if verb in {"SELECT", "EXISTS"}:
        return reads("only reads rows")
    if verb == "INSERT":
        return harmless("only adds rows")
    if verb == "UPDATE":
        if re.search(r"\sREMOVE\s", plain):
            return deletes("removes attributes of a row by a statement", B)
        return harmless("updates a row by a statement")
    return deletes("deletes rows by a statement", B)
