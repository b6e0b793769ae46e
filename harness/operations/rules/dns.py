"""Route 53: names that answer nothing, or something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from askfirst.harness.operations.rules.base import Before, Ruling, rule
from askfirst.harness.operations.rules.saying import detaches, harmless, overwrites
from askfirst.harness.operations.rules.standing import target
from askfirst.harness.operations.rules.values import at, mappings, text
from askfirst.harness.operations.table import Domain, Severity
from askfirst.harness.records import Resource

if TYPE_CHECKING:
    from pydantic import JsonValue


@rule("route53:ChangeResourceRecordSets")
def records_changed(before: Before) -> Ruling | None:
    """UPSERT replaces a record or makes one: https://docs.aws.amazon.com/Route53/latest/APIReference/API_Change.html.

    A DELETE beside a CREATE of the same name and type in one batch is an update.
    """
    zone = target(before, "route53.")
    changes = mappings(at(before.parameters, "ChangeBatch", "Changes"))
    made = {_name(one) for one in changes if one.get("Action") in {"CREATE", "UPSERT"}}
    if any(one.get("Action") == "DELETE" and _name(one) not in made for one in changes):
        return detaches("takes a record away: its name answers nothing")
    over = [
        one
        for one in changes
        if one.get("Action") == "DELETE" or (one.get("Action") == "UPSERT" and _replaces(one, zone))
    ]
    if over:
        return overwrites(f"lets {_name(over[0])} answer something else", Severity.REVERSIBLE, Domain.AVAILABILITY)
    return harmless("adds records, or leaves them as they are") if changes else None


@rule("route53:DisassociateVPCFromHostedZone")
def zone_parted(_: Before) -> Ruling | None:
    """Names of the zone are unknown in the network: https://docs.aws.amazon.com/Route53/latest/APIReference/API_DisassociateVPCFromHostedZone.html."""
    return detaches("takes the zone from a network")


def _name(change: Mapping[str, JsonValue]) -> str:
    record = at(change, "ResourceRecordSet")
    return f"{text(at(record, 'Type'))} {text(at(record, 'Name')).rstrip('.').lower()}"


def _replaces(change: Mapping[str, JsonValue], zone: Resource | None) -> bool:
    """Tell whether an UPSERT changes a record that is there: one that is new, or says the same, replaces nothing."""
    if zone is None or not zone.open:
        return True
    kind, _, name = _name(change).partition(" ")
    answers = [
        one for one in zone.open if one.lower().startswith((f"{kind.lower()} {name}. ", f"{kind.lower()} {name} "))
    ]
    record = at(change, "ResourceRecordSet")
    values = [text(one.get("Value")) for one in mappings(at(record, "ResourceRecords"))]
    values += [text(at(record, "AliasTarget", "DNSName")).rstrip(".")]
    wanted = [one for one in values if one]
    return any(not any(one in answer for one in wanted) for answer in answers)
