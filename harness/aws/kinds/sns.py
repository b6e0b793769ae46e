"""Kinds of SNS: topics, subscriptions, and applications for mobile push."""

from __future__ import annotations

from askfirst.harness.aws.kinds.base import Kind, Reading, own_arn, own_name
from askfirst.harness.aws.kinds.policies import ways
from askfirst.harness.aws.kinds.reading import Thing, flag


def _topic(topic: Thing, _: Thing) -> Reading:
    allowed, denied = ways(topic._policy_json)  # noqa: SLF001 - the public one is made anew at each look
    return Reading(
        content=(topic.display_name, topic.delivery_policy),
        guards={"encryption": flag(topic.kms_master_key_id)},
        open=allowed,
        shut=denied,
    )


def _subscription(subscription: Thing, _: Thing) -> Reading:
    attributes = subscription.attributes
    narrowed = attributes.get("FilterPolicy")
    return Reading(
        content=(subscription.protocol, subscription.endpoint, attributes.get("RawMessageDelivery")),
        guards={"dead-letter queue": flag(attributes.get("RedrivePolicy"))},
        # A filter lets through what it names, and nothing else.
        shut=(f"all but {narrowed}",) if narrowed and narrowed != "{}" else (),
        uses=(str(subscription.topic.arn),),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        kind="sns.topic",
        service="sns",
        members=lambda backend: backend.topics.values(),
        arn=own_arn,
        name=own_name,
        read=_topic,
    ),
    Kind(
        kind="sns.subscription",
        service="sns",
        members=lambda backend: backend.subscriptions.values(),
        arn=own_arn,
        name=lambda subscription: str(subscription.arn),
        read=_subscription,
    ),
    Kind(
        kind="sns.platform-application",
        service="sns",
        members=lambda backend: backend.applications.values(),
        arn=own_arn,
        name=own_name,
    ),
)
