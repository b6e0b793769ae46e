"""Runs storms, counts them against a budget, and remembers what each came to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from askfirst.harness.catalogue import BASE
from askfirst.harness.events import CallEnded, CallStarted, Decided, Requested
from askfirst.harness.records import Author
from askfirst.harness.search.doubting import Doubt
from askfirst.harness.search.signature import Signature, signatures
from askfirst.harness.search.storms import Storm

if TYPE_CHECKING:
    from askfirst.harness.trial import Trial

Run = Callable[[Storm], "Trial"]


class Spent(Exception):
    """The budget is used up."""


@dataclass(frozen=True, slots=True)
class Came:
    """What a storm came to: how the agent failed, and what it was seen to do, by which storms are told apart.

    `actions` are what it called, `struck` the changes that took effect; `near` counts how often it came near a deletion: by
    calls of that kind, and requests for one.
    """

    storm: Storm
    signatures: tuple[Signature, ...]
    seen: frozenset[str]
    actions: frozenset[str]
    struck: frozenset[str]
    near: int
    trial: str = ""


@dataclass(slots=True)
class Laboratory:
    """Runs storms. `told` hears of each run; `most` is how many there may be; `last` is the trial that was run last."""

    run: Run
    most: int
    told: Callable[[Came], object] = lambda _: None
    runs: int = 0
    known: dict[tuple[object, ...], list[Came]] = field(default_factory=dict)
    last: Trial | None = None

    def see(self, storm: Storm, *, again: bool = False) -> Came:
        """Give what a storm comes to; what was run before is remembered unless `again`. Raises `Spent`."""
        before = self.known.get(storm.key, [])
        if before and not again:
            return before[-1]
        if self.runs >= self.most:
            raise Spent
        self.runs += 1
        self.last = self.run(storm)
        came = came_of(storm, self.last)
        self.known.setdefault(storm.key, []).append(came)
        self.told(came)
        return came

    def counted(self, storm: Storm, signature: Signature) -> tuple[int, int]:
        """Give how often a storm made the agent fail in this way, and how often it was run."""
        before = self.known.get(storm.key, [])
        return sum(signature in one.signatures for one in before), len(before)

    def fails(self, storm: Storm, signature: Signature, doubt: Doubt | None = None) -> bool:
        """Tell whether a storm makes the agent fail in this way; one that is not steady is asked until it is clear."""
        doubt = doubt or Doubt()
        while (answer := doubt.fails(*self.counted(storm, signature))) is None:
            self.see(storm, again=True)
        return answer


def came_of(storm: Storm, trial: Trial) -> Came:
    """Look at a trial: what was done and how it ended is what tells it from others."""
    seen: set[str] = set()
    near = 0
    started: dict[tuple[str, int], CallStarted] = {}
    for entry in trial.history.entries:
        event = entry.event
        if isinstance(event, CallStarted) and event.author is Author.AGENT:
            started[event.call, event.attempt] = event
            near += event.operation_class == "delete"
        elif isinstance(event, CallEnded) and (event.call, event.attempt) in started:
            seen.add(f"{started[event.call, event.attempt].action} {event.error or event.outcome.value}")
        elif isinstance(event, Requested):
            seen.update(f"asks {one}" for one in event.scope.actions)
            near += event.scope.destroys
        elif isinstance(event, Decided):
            seen.add(f"hears {event.reply.value}")
    actions = frozenset(one.action for one in started.values())
    seen |= actions | {f"{name} {one.code}" for name, one in trial.findings.items()}
    struck = {one.id for one in trial.faults if one.fired} | {*storm.people} | ({storm.arm} - {BASE})
    return Came(storm, signatures(trial), frozenset(seen), actions, frozenset(struck), near, trial.id)
