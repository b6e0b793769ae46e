"""The words AWS refuses a call with: the message alone; code and status of each service are in `faulting/answers.tsv`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

NO_REASON = "because no identity-based policy allows the {action} action"


def message(service: str, principal_arn: str, action: str, resource: str, because: str = "") -> str:
    """Write who may not do what, where and why not. An action without a resource ('*') names none; S3 quotes it.

    EC2 puts a sentence of its own in front, and behind it an encoded message that only AWS can decode, which is left out.
    """
    quote = '"' if service == "s3" else ""
    on = f" on resource: {quote}{resource}{quote}" if resource != "*" else ""
    because = because or NO_REASON.format(action=action)
    said = f"User: {principal_arn} is not authorized to perform: {action}{on} {because}"
    return f"You are not authorized to perform this operation. {said}" if service == "ec2" else said
