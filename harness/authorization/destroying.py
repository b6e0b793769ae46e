"""Which operations delete a thing of the account as a whole: those called after its kind."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from askfirst.harness.operations.table import Operation, operations_of
from askfirst.harness.records import Resource

VERB = re.compile(r"^(Batch)?[A-Z][a-z]+")

OTHERWISE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "ec2.elastic-ip": frozenset({"ReleaseAddress"}),
        "ec2.transit-gateway-attachment": frozenset(
            {"DeleteTransitGatewayPeeringAttachment", "DeleteTransitGatewayVpcAttachment"}
        ),
        "iam.oidc-provider": frozenset({"DeleteOpenIDConnectProvider"}),
        "lambda.layer": frozenset({"DeleteLayerVersion"}),
        "secretsmanager.replica": frozenset({"RemoveRegionsFromReplication"}),
        "sns.subscription": frozenset({"Unsubscribe"}),
    }
)
"""Kinds whose deletion is called otherwise."""


def deletions(things: Sequence[Resource]) -> Iterator[tuple[Operation, Resource]]:
    """Go through every operation that deletes a thing as a whole, with each thing it may be called on."""
    for thing in things:
        for operation in of_kind(thing.kind):
            yield operation, thing


@functools.cache
def of_kind(kind: str) -> tuple[Operation, ...]:
    """Find the operations called after a kind: exactly ('TerminateInstances'), else most nearly ('DeleteDBInstance')."""
    service, _, name = kind.partition(".")
    destroying = [one for one in operations_of(service) if one.destroys]
    if kind in OTHERWISE:
        return tuple(one for one in destroying if one.name in OTHERWISE[kind])
    thing = name.replace("-", "").removesuffix("s")
    nouns = {one: VERB.sub("", one.name).removesuffix("Deletion").removesuffix("s").lower() for one in destroying}
    found = {one: noun for one, noun in nouns.items() if thing and noun.endswith(thing)}
    nearest = min(map(len, found.values()), default=0)
    return tuple(one for one, noun in found.items() if len(noun) == nearest)
