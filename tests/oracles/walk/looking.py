"""A look at the account by its owner: at everything, or at what one call could have touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from tests.oracles.walk import looking_others as others
from tests.oracles.walk import looking_stores as stores
from tests.oracles.walk.owner import Owner
from tests.oracles.walk.seen import Look, Thing

Part = Callable[[Owner], Iterator[tuple[str, Thing]]]

PARTS: Mapping[str, tuple[Part, ...]] = MappingProxyType(
    {
        "cloudformation": (others.stacks,),
        "cloudwatch": (others.alarms,),
        "dynamodb": (stores.tables,),
        "ec2": (others.hosts, others.network),
        "ecs": (others.services,),
        "events": (others.rules,),
        "iam": (others.roles,),
        "kinesis": (stores.streams,),
        "kms": (others.keys,),
        "lambda": (others.functions,),
        "logs": (stores.logs,),
        "rds": (stores.databases,),
        "s3": (stores.buckets,),
        "secretsmanager": (stores.secrets,),
        "sns": (others.topics,),
        "sqs": (stores.queues,),
        "ssm": (stores.parameters,),
    }
)
"""What to look at, by the service whose name is in the ARNs that are found there."""
REACHES = MappingProxyType({"cloudformation": ("sns", "sqs")})
"""Services whose calls change what belongs to others."""


def looked(owner: Owner) -> Look:
    """Ask every service what is there."""
    return _at(owner, PARTS)


def looked_again(owner: Owner, before: Look, called: Iterable[str]) -> Look:
    """Ask the services that were called, and what they reach; the rest is taken to be as before."""
    services = {name for one in called for name in (one, *REACHES.get(one, ()))} & PARTS.keys()
    kept = {arn: thing for arn, thing in before.items() if arn.split(":")[2] not in services}
    return {**kept, **_at(owner, services)}


def _at(owner: Owner, services: Iterable[str]) -> Look:
    return {arn: thing for name in sorted(services) for part in PARTS[name] for arn, thing in part(owner)}
