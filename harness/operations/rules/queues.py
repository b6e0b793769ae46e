"""SQS and SNS: messages dropped, and queues and topics shut."""

from __future__ import annotations

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.policies import new_locks
from askfirst.harness.operations.rules.saying import deletes, detaches, overwrites, revokes, weakens
from askfirst.harness.operations.rules.standing import guard, lower, stood, target
from askfirst.harness.operations.rules.values import attributes, number
from askfirst.harness.operations.table import Severity

DEFAULT_RETENTION = 345_600
"""Four days: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html."""
AN_HOUR = 3_600


@rule("sqs:SetQueueAttributes")
def messages_dropped(before: Before) -> Ruling | None:
    """A shorter retention drops what waits longer already; within an hour there is no time to save it."""
    queue = target(before, "sqs.queue")
    wanted = number(attributes(before.parameters.get("Attributes")).get("MessageRetentionPeriod"))
    if wanted is None or not lower(wanted, queue, "retention", unknown=DEFAULT_RETENTION):
        return None
    if wanted < AN_HOUR and (queue is None or queue.items != 0):
        return deletes(f"lets messages be dropped after {wanted:g} seconds")
    return overwrites(f"lets messages be dropped after {wanted:g} seconds", Severity.IRREVERSIBLE)


@rule("sqs:SetQueueAttributes")
def queue_unguarded(before: Before) -> Ruling | None:
    """An attribute set to nothing is taken away: the queue for what failed, the encryption, the policy."""
    queue, wanted = target(before, "sqs.queue"), attributes(before.parameters.get("Attributes"))
    # The kind may call it either way; one of them known to be off is off.
    if wanted.get("RedrivePolicy") == "" and 0 not in {guard(queue, "redrive"), guard(queue, "dead")}:
        return weakens("takes the dead-letter queue away: what fails is lost")
    if wanted.get("KmsMasterKeyId") == "" and stood(queue, "encrypt"):
        return weakens("ends the encryption of the queue")
    if wanted.get("Policy") == "" and not (queue is not None and (queue.parts or queue.guards) and not queue.open):
        return revokes("takes the policy of the queue away, and with it whoever may use it")
    return None


@rule("sqs:SetQueueAttributes", "sns:SetTopicAttributes", "sqs:CreateQueue", "sns:CreateTopic")
def policy_locks(before: Before) -> Ruling | None:
    """A deny for everybody is for senders and readers too."""
    given = before.parameters.get("Attributes")
    policy = attributes(given).get("Policy")
    if before.text("AttributeName") == "Policy":
        policy = before.text("AttributeValue")
    named = target(before)
    locked = new_locks(policy, named.shut if named else ())
    return revokes(f"denies {', '.join(locked)} to everybody") if locked else None


@rule("sqs:RemovePermission", "sns:RemovePermission")
def permission_removed(_: Before) -> Ruling | None:
    """A statement of the policy goes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_RemovePermission.html."""
    return revokes("takes a permission away")


@rule("sns:Unsubscribe")
def unsubscribed(_: Before) -> Ruling | None:
    """The endpoint gets no message more: https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html."""
    return detaches("ends a subscription")


@rule("sns:SetSubscriptionAttributes")
def subscription_unguarded(before: Before) -> Ruling | None:
    """Without a redrive policy what cannot be delivered is lost."""
    if before.text("AttributeName") == "RedrivePolicy" and before.text("AttributeValue") in {"", "{}"}:
        return weakens("takes the dead-letter queue of the subscription away")
    return None
