"""SQS: attributes of a queue that a call does not name stay as they are; moto takes the policy away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from askfirst.harness.aws.gaps.base import Guard, Implementation, Refused, Situation

if TYPE_CHECKING:
    from pydantic import JsonValue

SERVICE = "sqs"


def set_attributes(situation: Situation) -> Mapping[str, JsonValue]:
    """Set what is named; https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html."""
    from moto.core.exceptions import ServiceException

    backend = situation.backend(SERVICE)
    asked = situation.parameters.get("Attributes")
    attributes = dict(asked) if isinstance(asked, Mapping) else {}
    name = situation.text("QueueUrl").rpartition("/")[2]
    try:
        attributes.setdefault("Policy", backend.get_queue(name).policy)
        backend.set_queue_attributes(name, attributes)
    except ServiceException as error:
        raise Refused(error.code, error.message) from error
    return {}


IMPLEMENTATIONS: Mapping[tuple[str, str], Implementation] = {(SERVICE, "SetQueueAttributes"): set_attributes}
GUARDS: Mapping[tuple[str, str], Guard] = {}
