"""The tags a resource of the mocked account carries, for `aws:ResourceTag/...` and its kin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from askfirst.harness.aws.iam.holders import tags_of_entity


def tags_of(arn: str, account: str, region: str, iam: Any) -> Mapping[str, str] | None:  # noqa: ANN401 - moto's backend
    """Give the tags of a resource that exists, None where moto does not say which it has."""
    if ":iam::" in arn:
        entities = [*iam.roles.values(), *iam.users.values()]
        found = next((one for one in entities if one.arn == arn), None)
        return None if found is None else tags_of_entity(found)
    from moto.core.resource_tagging import iter_taggable_backends

    for backend in iter_taggable_backends(account, region):
        if backend.owns_arn(arn):
            for one in backend.iter_tagged_resources():
                if one.arn == arn:
                    return one.tags
    return None
