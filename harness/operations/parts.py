"""Operations that take away what a resource holds, and leave the resource: there the state says what was lost.

A deletion of an object the agent itself put is none of the bucket. Only operations whose effect on content the mocked
account really carries out, and of whose kind the inventory reads every part, belong here.
"""

from __future__ import annotations

OF_PARTS: frozenset[str] = frozenset(
    {
        "dynamodb:BatchExecuteStatement",
        "dynamodb:BatchWriteItem",
        "dynamodb:DeleteItem",
        "dynamodb:ExecuteStatement",
        "dynamodb:ExecuteTransaction",
        "dynamodb:TransactWriteItems",
        "dynamodb:UpdateItem",
        "s3:DeleteObject",
        "s3:DeleteObjects",
        "sqs:DeleteMessage",
        "sqs:DeleteMessageBatch",
        "sqs:PurgeQueue",
    }
)
