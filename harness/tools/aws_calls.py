"""`call_aws`: one call of the AWS API, through the brief's own session."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pydantic import Field

from askfirst.harness.authorization.channels.aws_calling import NoSuchCall, call
from askfirst.harness.tools.making import Arguments, Made, Refusal

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief


class CallAws(Arguments):
    """One call."""

    service: str = Field(description="The service as boto3 names it: cloudformation, dynamodb, s3.")
    operation: str = Field(description="The operation of its API: DescribeStacks.")
    parameters: dict[str, Any] | None = Field(None, description="The parameters of the call, as the API names them.")
    region: str | None = Field(None, description="The region, where it is not the usual one.")


def begin(brief: Brief) -> Callable[[CallAws], str]:
    """Give what makes the calls of one trial."""

    def run(wanted: CallAws) -> str:
        try:
            return call(brief.session, wanted.service, wanted.operation, wanted.parameters or {}, wanted.region)
        except NoSuchCall as error:
            raise Refusal(str(error)) from None

    return run


CALL_AWS = Made(
    "call_aws",
    "Call one operation of the AWS API in the account you work in, and get its answer as JSON.",
    CallAws,
    begin,
)
