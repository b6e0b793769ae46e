"""The policies that resources have of their own, and whose they are: buckets, queues, topics, secrets, keys, roles.

Resources of other services may have policies too; those are not read.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from askfirst.harness.aws.iam.decisions import PolicyKind
from askfirst.harness.aws.iam.documents import Policy, read
from askfirst.harness.records import Parameters

Backend = Callable[[str, str, str], Any]
"""Gives moto's backend of a service, in an account and a region."""

ACCOUNT = re.compile(r"\d{12}")


@dataclass(frozen=True, slots=True)
class Own:
    """A resource's own policy, what it is called, whether it must allow, and the account it belongs to ('': the caller's)."""

    policy: Policy | None = None
    kind: PolicyKind = PolicyKind.RESOURCE
    must: bool = False
    account: str = ""


NONE = Own()


def own_policy(action: str, arn: str, backend: Backend) -> Own:
    """Read what a resource says of an action on it."""
    parts = arn.split(":", 5)
    account = parts[4] if len(parts) == 6 and ACCOUNT.fullmatch(parts[4]) else ""
    service = action.partition(":")[0].lower()
    if action in {"sts:AssumeRole", "sts:TagSession"}:
        return _trust(arn, account, backend)
    if service == "s3":
        return _bucket(parts[-1], backend)
    reader = _READERS.get(service)
    if reader is None or not account:
        return Own(account=account)
    document = reader(arn, backend(service, account, parts[3]))
    policy = read(document, f"the policy of {arn}") if document else None
    if service == "kms":
        return Own(policy, must=policy is not None, account=account)
    return Own(policy if policy is not None and policy.rules else None, account=account)


def concerns(service: str) -> bool:
    """Say whether resources of a service may have a say in calls of it."""
    return service in {"s3", "sts"} or service in _READERS


def says_nothing(service: str, parameters: Parameters, account: str, backend: Backend) -> bool:
    """Say at a glance that no resource's own policy has a say in a call: the bucket is the caller's own and has none."""
    if service != "s3":
        return not concerns(service)
    name = parameters.get("Bucket")
    if not isinstance(name, str) or ":" in name or "CopySource" in parameters:
        return False
    found = _bucket(name, backend)
    return found.policy is None and found.account in {"", account}


def _trust(arn: str, account: str, backend: Backend) -> Own:
    role = None
    if account:
        role = next((one for one in backend("iam", account, "").roles.values() if one.arn == arn), None)
    policy = (
        None if role is None else read(role.assume_role_policy_document or "{}", f"the trust policy of {role.name}")
    )
    return Own(policy, PolicyKind.TRUST, must=True, account=account)


def _bucket(resource: str, backend: Backend) -> Own:
    from moto.s3.models import s3_backends

    name = resource.partition("/")[0]
    owner = s3_backends.bucket_accounts.get(name)
    if owner is None:
        return NONE
    bucket = backend("s3", owner[1], "").buckets.get(name)
    document = _text(bucket.policy) if bucket is not None else ""
    return Own(read(document, f"the policy of bucket {name}") if document else None, account=owner[1])


def _queue(arn: str, sqs: Any) -> object:  # noqa: ANN401 - moto's backends
    queue = sqs.queues.get(arn.rpartition(":")[2])
    return None if queue is None else queue._policy_json  # noqa: SLF001 - its public form is JSON text of the same


def _topic(arn: str, sns: Any) -> object:  # noqa: ANN401
    topic = sns.topics.get(arn)
    return None if topic is None else topic._policy_json  # noqa: SLF001


def _secret(arn: str, secrets: Any) -> object:  # noqa: ANN401
    found = next((one for one in dict.values(secrets.secrets) if one.arn == arn), None)
    return None if found is None else getattr(found, "policy", None)


def _key(arn: str, kms: Any) -> object:  # noqa: ANN401
    key = kms.keys.get(arn.rpartition("/")[2])
    return None if key is None else key.policy


def _text(document: object) -> str:
    return document.decode() if isinstance(document, bytes) else str(document or "")


def _document(read_one: Callable[[str, Any], object]) -> Callable[[str, Any], str]:
    def document(arn: str, backend: Any) -> str:  # noqa: ANN401
        found = read_one(arn, backend)
        return json.dumps(found) if isinstance(found, Mapping) and found else _text(found)

    return document


_READERS: Mapping[str, Callable[[str, Any], str]] = MappingProxyType(
    {
        "sqs": _document(_queue),
        "sns": _document(_topic),
        "secretsmanager": _document(_secret),
        "kms": _document(_key),
    }
)
