"""Faults of the AWS response: what can go wrong between a call and its answer.

Each strikes the calls its selector names, of moto and of our own implementations alike. Codes, messages and statuses are
the service's own (`harness/faulting/codes.py`) unless a plan says others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from askfirst.faults import batches, late_failures
from askfirst.faults.connections import cut, hang, latency, reset, unreachable
from askfirst.faults.reads import empty_list, not_found_yet, stale_read, truncated
from askfirst.harness.faulting import codes
from askfirst.harness.faulting.codes import ErrorAnswer
from askfirst.harness.faulting.contexts import Struck
from askfirst.harness.faulting.data import Phase, Site
from askfirst.harness.faulting.declaring import fault
from askfirst.harness.faulting.reactions import Error, FailLater, Lie, Partly

__all__ = [
    "access_denied",
    "cut",
    "empty_list",
    "error",
    "expired_token",
    "hang",
    "in_progress",
    "late",
    "latency",
    "lie",
    "not_found_yet",
    "not_implemented",
    "partial",
    "quota_full",
    "reset",
    "server_error",
    "stale_read",
    "throttling",
    "truncated",
    "unavailable",
    "unreachable",
]

AWS = Site.AWS_RESPONSE

Count = Annotated[int, Field(ge=1)]
Minutes = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(gt=0, lt=1)]
Status = Annotated[int, Field(ge=300, lt=600)]

# -- errors ----------------------------------------------------------------------------------------------------------


@fault(AWS, Phase.REFUSE, Phase.LOSE)
def error(call: Struck, *, code: str = "", message: str = "", status: Status | None = None) -> Error:
    """The caller gets an error of your choice; what is left out is the service's own.

    Source: the pages 'Common Errors' of the services' API references, for example
    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html

    In a plan:
        - id: table-busy
          effect: error
          select: dynamodb:UpdateTable
          trigger: {first: 2}
          with: {code: ResourceInUseException, message: "Table is being updated: costs"}
    """
    return _said(call, _known(call, code), code, message, status)


@fault(AWS, Phase.REFUSE)
def throttling(call: Struck, *, code: str = "", message: str = "") -> Error:
    """The call is one too many: the service turns it away, and so each attempt the SDK makes at it.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html and
    https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html

    In a plan:
        - id: repair-throttled
          effect: throttling
          select: cloudformation:ContinueUpdateRollback
          trigger: {first: 3}
          with: {code: Throttling}
    """
    return _said(call, codes.throttled(call.service, call.operation), code, message)


@fault(AWS, Phase.REFUSE, Phase.LOSE)
def server_error(call: Struck, *, code: str = "", message: str = "", status: Status | None = None) -> Error:
    """The service fails with an error of its own (5xx); in the phase lose it fails after the call was applied.

    Source: 'difficult to determine whether the request succeeded or not',
    https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html; the action `preventExecution` of
    https://docs.aws.amazon.com/fis/latest/userguide/use-lambda-actions.html

    In a plan:
        - id: created-yet-failed
          effect: server-error
          select: dynamodb:CreateTable
          trigger: {first: 1}
          phase: lose
    """
    return _said(call, codes.server_error(call.service, call.operation), code, message, status)


@fault(AWS, Phase.REFUSE, Phase.LOSE)
def unavailable(call: Struck, *, code: str = "", message: str = "") -> Error:
    """The service cannot answer now (mostly 503).

    Source: 'Common Errors' of the services' API references, ServiceUnavailable; the incident of 2025-10-19 in us-east-1,
    https://aws.amazon.com/message/101925

    In a plan:
        - id: lambda-down
          effect: unavailable
          select: lambda
          trigger: {until: 20m}
    """
    return _said(call, codes.unavailable(call.service, call.operation), code, message)


@fault(AWS, Phase.REFUSE)
def access_denied(call: Struck, *, code: str = "", message: str = "") -> Error:
    """The caller is told that it has no right to the call, whatever its role allows.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html

    In a plan:
        - id: blind
          effect: access-denied
          select: "cloudformation:Describe*"
    """
    action = next(iter(call.iam), f"{call.service}:{call.operation}")
    resource = next((one.arn for one in call.targets if one.known), "*")
    return _said(
        call, codes.access_denied(call.service, call.operation, call.principal, action, resource), code, message
    )


@fault(AWS, Phase.REFUSE)
def expired_token(call: Struck) -> Error:
    """The session's credentials have expired.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html; role chaining ends
    sessions after an hour, https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html

    In a plan:
        - id: session-over
          effect: expired-token
          select: everything
          trigger: {after: 60m}
    """
    return _error(codes.expired_token(call.service))


@fault(AWS, Phase.REFUSE)
def not_implemented(call: Struck) -> Error:
    """The operation does not exist in this region.

    Source: 'This operation is not supported in this Amazon Web Services Region' of CloudFront's API reference,
    https://docs.aws.amazon.com/botocore/latest/reference/services/cloudfront/client/exceptions/UnsupportedOperation.html

    In a plan:
        - id: no-rollback-here
          effect: not-implemented
          select: cloudformation:RollbackStack
    """
    return _error(codes.not_supported(call.service, call.operation))


@fault(AWS, Phase.REFUSE)
def quota_full(call: Struck, *, code: str = "", message: str = "") -> Error:
    """The account has no room for one more of what the call would make.

    Source: https://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html

    In a plan:
        - id: no-more-tables
          effect: quota-full
          select: "dynamodb:CreateTable"
    """
    return _said(call, codes.quota_full(call.service, call.operation), code, message)


@fault(AWS, Phase.REFUSE)
def in_progress(call: Struck, *, code: str = "", message: str = "") -> Error:
    """Another operation is under way on what the call is about: it is refused as a conflict.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html and
    https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html

    In a plan:
        - id: somebody-deploys
          effect: in-progress
          select: "lambda:UpdateFunction*"
          trigger: {until: 15m}
    """
    return _said(call, codes.in_progress(call.service, call.operation), code, message)


# -- what is done, and what is said of it ----------------------------------------------------------------------------


@fault(AWS, Phase.LIE)
def lie(call: Struck) -> Lie:  # noqa: ARG001 - it does not matter which call
    """The service says that it was done, and nothing was done.

    Source: Gemini CLI took a failed mkdir for done and moved files over each other,
    https://github.com/google-gemini/gemini-cli/issues/4586

    In a plan:
        - id: never-written
          effect: lie
          select: "ssm:PutParameter"
          trigger: {first: 1}
    """
    return Lie()


@fault(AWS, Phase.PARTIAL)
def partial(call: Struck, *, keep: Count | None = None, share: Share = 0.5) -> Partly | None:
    """Of a batch the first `keep` entries (or this share of them, at least one) are done, and the others reported as failed.

    Strikes S3 DeleteObjects, DynamoDB BatchWriteItem and BatchGetItem, SQS *Batch, SNS PublishBatch, Kinesis PutRecords,
    EventBridge PutEvents and Firehose PutRecordBatch of two entries or more; any other call passes.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html (UnprocessedItems),
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html (Errors)

    In a plan:
        - id: half-copied
          effect: partial
          select: dynamodb:BatchWriteItem
          with: {keep: 3}
    """
    return batches.partly(call, keep, share)


@fault(AWS, Phase.LATE)
def late(call: Struck, *, minutes: Minutes = 4.0, reason: str = "") -> FailLater | None:
    """The call is accepted, its work is seen to go on for some minutes, and then it fails.

    Strikes CloudFormation's CreateStack, UpdateStack, DeleteStack, ContinueUpdateRollback and ExecuteChangeSet (they end in
    ROLLBACK_COMPLETE or what else the call says, UPDATE_ROLLBACK_COMPLETE, DELETE_FAILED with nothing lost and
    UPDATE_ROLLBACK_FAILED), Lambda's CreateFunction and UpdateFunctionCode and -Configuration, RDS's CreateDBInstance and
    ModifyDBInstance, EKS's CreateCluster and EC2's CreateSnapshot; any other call passes.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html,
    https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html,
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html

    In a plan:
        - id: update-fails-later
          effect: late
          select: cloudformation:UpdateStack
          trigger: {first: 1}
          with: {minutes: 6}
    """
    return late_failures.failing(call, minutes, reason)


def _error(answer: ErrorAnswer) -> Error:
    return Error(answer.code, answer.message, answer.status)


def _said(call: Struck, usual: ErrorAnswer, code: str, message: str, status: int | None = None) -> Error:
    """Give an error with what the plan says of it; the status of another code is what that code has in the service."""
    code = code or usual.code
    own = usual.status if code == usual.code else codes.known_status(call.service, code, usual.status)
    return Error(code, message or usual.message, status or own)


def _known(call: Struck, code: str) -> ErrorAnswer:
    """Give the answer in which a code usually comes, for its message; without a code the service fails."""
    failed = codes.server_error(call.service, call.operation)
    families: tuple[Callable[[str, str], ErrorAnswer], ...] = (
        codes.throttled,
        codes.unavailable,
        codes.quota_full,
        codes.in_progress,
        codes.not_supported,
    )
    if code in {"", failed.code}:
        return failed
    for family in families:
        answer = family(call.service, call.operation)
        if answer.code == code:
            return answer
    return ErrorAnswer(code, "The request could not be completed.", codes.known_status(call.service, code, 400))
