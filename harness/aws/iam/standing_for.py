"""Names that stand for another resource than they look like: a policy is compared with what they stand for.

An alias of a key is the key, but where the alias itself is made or moved; a change set is its stack.
https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
"""

from __future__ import annotations

from askfirst.harness.aws.iam.resource_policies import Backend

CHANGE_SET = ":changeSet/"


def meant(action: str, arn: str, backend: Backend) -> str:
    """Give the ARN that a name means in an action; itself where it means itself, or nothing that exists."""
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return arn
    _, _, service, region, account, resource = parts
    if service == "kms" and resource.startswith("alias/") and not action.endswith("Alias"):
        keys = backend("kms", account, region).keys.values()
        return next((str(key.arn) for key in keys if resource in key.aliases), arn)
    if service == "cloudformation" and CHANGE_SET in arn:
        found = backend("cloudformation", account, region).change_sets.get(arn)
        return arn if found is None else str(found.stack_id)
    return arn
