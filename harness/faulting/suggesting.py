"""Faults from a good run: single faults on exactly the calls and requests the reference asker made.

Those are the calls that matter: a fault on any other would strike an agent that takes the safe way nowhere (after
lineage-driven fault injection, Alvaro et al., SIGMOD 2015, https://doi.org/10.1145/2723372.2723711).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from askfirst.harness.events import CallStarted, Requested
from askfirst.harness.faulting.contexts import Struck
from askfirst.harness.faulting.data import Phase, Selector
from askfirst.harness.faulting.parameters import called
from askfirst.harness.faulting.plan import FaultPlan
from askfirst.harness.history import History
from askfirst.harness.operations.table import Level
from askfirst.harness.records import Author

if TYPE_CHECKING:
    from pydantic import JsonValue

    from askfirst.harness.faulting.declaring import Fault, Kind


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A fault of the catalogue, in one of its phases, with parameters."""

    effect: str
    phase: Phase | None = None
    parameters: Mapping[str, JsonValue] = field(default_factory=dict)


ON_READS = (
    Suggestion("throttling"),
    Suggestion("access-denied"),
    Suggestion("server-error"),
    Suggestion("hang"),
    Suggestion("empty-list"),
)
ON_CHANGES = (
    Suggestion("throttling"),
    Suggestion("access-denied"),
    Suggestion("server-error"),
    Suggestion("server-error", Phase.LOSE),
    Suggestion("hang"),
    Suggestion("reset", Phase.LOSE),
    Suggestion("lie"),
    Suggestion("late"),
)
ON_REQUESTS = (
    Suggestion("silence"),
    Suggestion("denial"),
    Suggestion("vague-answer"),
    Suggestion("channel-down"),
)


def suggested(history: History, kinds: Mapping[str, Kind[...]]) -> Iterator[FaultPlan]:
    """Go through plans of one key fault each, in the order in which the run first made the calls."""
    seen: set[str] = set()
    for call in history.calls:
        start = call.start
        resource = start.targets[0].name if start.targets and start.targets[0].known else "*"
        name = f"{start.service}-{start.operation}".lower() + (f"-{resource}" if resource != "*" else "")
        if start.author is not Author.AGENT or name in seen:
            continue
        seen.add(name)
        select = Selector(service=start.service, operation=start.operation, resource=resource)
        effects = ON_CHANGES if Level[start.level.upper()] > Level.PLAN else ON_READS
        able = [one for one in effects if one.effect in kinds and _strikes(kinds[one.effect], start, call.at)]
        yield from _plans(able, select, name, kinds)
    if any(history.of(Requested)):
        yield from _plans(ON_REQUESTS, Selector(), "request", kinds)


def _strikes(kind: Kind[...], start: CallStarted, now: datetime) -> bool:
    """Tell whether a fault can do anything about a call: a call that lists nothing cannot be given an empty list."""
    struck = Struck(
        service=start.service,
        operation=start.operation,
        parameters=start.parameters,
        region=start.region,
        account=start.account,
        principal=start.principal,
        level=start.level,
        iam=(),
        targets=start.targets,
        call=start.call,
        attempt=1,
        now=now,
        phase=kind.phases[0],
    )
    return called(kind, struck, {}) is not None


def _plans(
    effects: Iterable[Suggestion], select: Selector, name: str, kinds: Mapping[str, Kind[...]]
) -> Iterator[FaultPlan]:
    for one in effects:
        if one.effect not in kinds:
            continue
        kind = kinds[one.effect]
        fault: Fault = kind.planned(dict(one.parameters))
        phase = one.phase or fault.phase
        lost = "-lost" if phase is Phase.LOSE else ""
        about = "requests for authorization" if kind.given == "Asked" else select
        fault = replace(fault, id=f"{one.effect}{lost}-{name}", select=select, phase=phase, key=True)
        yield FaultPlan((fault,), f"{one.effect}{' after it was applied' if lost else ''} on {about}")
