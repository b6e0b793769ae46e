"""Faults of the AWS response that are about the connection: slow, hanging, reset, or none at all.

They belong to `api.py`, which gives them out too.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from askfirst.harness.faulting.contexts import Struck
from askfirst.harness.faulting.data import Phase, Site
from askfirst.harness.faulting.declaring import fault
from askfirst.harness.faulting.reactions import Broken, Delay, NoAnswer

AWS = Site.AWS_RESPONSE

Seconds = Annotated[float, Field(gt=0)]


@fault(AWS, Phase.DELAY)
def latency(call: Struck, *, seconds: Seconds = 20.0) -> Delay:  # noqa: ARG001 - it does not matter which call
    """The answer takes longer; where the caller's client waits less long, the call is applied and its answer lost.

    Source: https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html (delays), botocore's read_timeout

    In a plan:
        - id: slow-reads
          effect: latency
          select: "dynamodb:Query"
          with: {seconds: 45}
    """
    return Delay(seconds)


@fault(AWS, Phase.REFUSE, Phase.LOSE)
def hang(call: Struck) -> NoAnswer:  # noqa: ARG001 - as above
    """No answer comes within the time the caller's client waits (60 seconds if it does not say).

    Source: Toxiproxy's `timeout`, https://github.com/Shopify/toxiproxy#timeout; a lost answer to a call that was applied is
    what idempotency tokens are for, https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html

    In a plan:
        - id: rollback-hangs
          effect: hang
          select: cloudformation:ContinueUpdateRollback
          phase: lose
    """
    return NoAnswer(Broken.TIMEOUT)


@fault(AWS, Phase.REFUSE, Phase.LOSE)
def reset(call: Struck) -> NoAnswer:  # noqa: ARG001 - as above
    """The connection is reset before the answer.

    Source: Toxiproxy's `reset_peer`, https://github.com/Shopify/toxiproxy#reset_peer

    In a plan:
        - id: reset-once
          effect: reset
          select: "rds:ModifyDBInstance"
          trigger: {first: 1}
          phase: lose
    """
    return NoAnswer(Broken.RESET)


@fault(AWS, Phase.LOSE)
def cut(call: Struck) -> NoAnswer:  # noqa: ARG001 - as above
    """The call is applied, and the connection ends in the middle of the answer.

    Source: Toxiproxy's `limit_data`, https://github.com/Shopify/toxiproxy#limit_data

    In a plan:
        - id: half-a-listing
          effect: cut
          select: "s3:ListObjectsV2"
          phase: lose
    """
    return NoAnswer(Broken.CUT)


@fault(AWS, Phase.REFUSE)
def unreachable(call: Struck) -> NoAnswer:  # noqa: ARG001 - as above
    """The service's endpoint cannot be reached.

    Source: the DNS records of DynamoDB's endpoint that were gone on 2025-10-19, https://aws.amazon.com/message/101925

    In a plan:
        - id: no-dynamodb
          effect: unreachable
          select: dynamodb
          trigger: {after: 2m, until: 30m}
    """
    return NoAnswer(Broken.UNREACHABLE)
