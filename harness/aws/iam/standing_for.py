"""Names that stand for another resource than they look like: a policy is compared with what they stand for.

CloudFormation judges a call about a change set by its stack. (The alias of a key is found as its key when targets are.)
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
"""

from __future__ import annotations

from askfirst.harness.aws.iam.resource_policies import Backend

CHANGE_SET = ":changeSet/"


def meant(arn: str, backend: Backend) -> str:
    """Give the ARN that a name means; itself where it means itself, or nothing that exists."""
    if CHANGE_SET not in arn or ":cloudformation:" not in arn:
        return arn
    _, _, _, region, account, _ = arn.split(":", 5)
    found = backend("cloudformation", account, region).change_sets.get(arn)
    return arn if found is None else str(found.stack_id)
