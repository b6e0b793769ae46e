"""Kinds of SQS: a queue with its messages."""

from __future__ import annotations

from collections.abc import Iterator

from askfirst.harness.aws.kinds.base import Kind, Reading, own_name
from askfirst.harness.aws.kinds.policies import ways
from askfirst.harness.aws.kinds.reading import Thing, flag, overdue

AN_HOUR = 3600


def _read(queue: Thing, _: Thing) -> Reading:
    messages = queue._messages  # noqa: SLF001 - the public list hides what is being received
    policy = queue._policy_json  # noqa: SLF001 - the public one is made anew at each look
    allowed, denied = ways(policy) if policy.get("Statement") else ((), ())
    target = queue.dead_letter_queue
    return Reading(
        items=len(messages),
        content=(queue.visibility_timeout, queue.delay_seconds, queue.redrive_policy, queue.maximum_message_size),
        aliases=(queue.physical_resource_id,),
        guards={
            "message retention seconds": float(queue.message_retention_period),
            "dead-letter queue": flag(target is not None),
            "encryption": flag(queue.sqs_managed_sse_enabled in {True, "true"} or queue.kms_master_key_id),
        },
        open=allowed,
        shut=denied,
        doomed=tuple(_doomed(queue.message_retention_period, messages)),
        uses=(str(target.queue_arn),) if target is not None else (),
        parts={message.id: message.body or " " for message in messages},
    )


def _doomed(retention: int, messages: Thing) -> Iterator[str]:
    """Give what the retention deletes before anybody may have read it. AWS allows 60 seconds to 14 days.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
    """
    if retention < AN_HOUR:
        yield f"messages expire after {retention} seconds"
    elif messages and overdue(messages[0].sent_timestamp / 1000, retention):
        yield "messages older than the retention are deleted"


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="sqs.queue",
        service="sqs",
        members=lambda backend: backend.queues.values(),
        arn=lambda queue, _: str(queue.queue_arn),
        name=own_name,
        read=_read,
    ),
)
