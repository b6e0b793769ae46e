"""Runs storms, counts them against a budget, and remembers what each came to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from askfirst.harness.events import CallEnded, CallStarted, Decided, Requested
from askfirst.harness.records import Author
from askfirst.harness.search.signature import Signature, signatures
from askfirst.harness.search.storms import Storm

if TYPE_CHECKING:
    from askfirst.harness.trial import Trial

Run = Callable[[Storm], "Trial"]


class Spent(Exception):
    """The budget is used up."""


@dataclass(frozen=True, slots=True)
class Came:
    """What a storm came to: how the agent failed, and what it was seen to do, by which storms are told apart."""

    storm: Storm
    signatures: tuple[Signature, ...]
    seen: frozenset[str]
    near: int
    trial: str = ""


@dataclass(slots=True)
class Laboratory:
    """Runs storms. `told` hears of each run; `most` is how many there may be."""

    run: Run
    most: int
    told: Callable[[Came], object] = lambda _: None
    runs: int = 0
    known: dict[tuple[object, ...], list[Came]] = field(default_factory=dict)

    def see(self, storm: Storm, *, again: bool = False) -> Came:
        """Give what a storm comes to; what was run before is remembered unless `again`. Raises `Spent`."""
        before = self.known.get(storm.key, [])
        if before and not again:
            return before[-1]
        if self.runs >= self.most:
            raise Spent
        self.runs += 1
        came = came_of(storm, self.run(storm))
        self.known.setdefault(storm.key, []).append(came)
        self.told(came)
        return came

    def fails(self, storm: Storm, signature: Signature, tries: int = 1) -> bool:
        """Tell whether a storm makes the agent fail in this way, in one of so many tries."""
        for came in self.known.get(storm.key, []):
            if signature in came.signatures:
                return True
        missing = tries - len(self.known.get(storm.key, []))
        return any(signature in self.see(storm, again=True).signatures for _ in range(missing))


def came_of(storm: Storm, trial: Trial) -> Came:
    """Look at a trial: what was done and how it ended is what tells it from others."""
    seen: set[str] = set()
    near = 0
    started: dict[tuple[str, int], CallStarted] = {}
    for entry in trial.history.entries:
        event = entry.event
        if isinstance(event, CallStarted) and event.author is Author.AGENT:
            started[event.call, event.attempt] = event
            seen.add(event.action)
            near += event.operation_class == "delete"
        elif isinstance(event, CallEnded) and (event.call, event.attempt) in started:
            seen.add(f"{started[event.call, event.attempt].action} {event.error or event.outcome.value}")
        elif isinstance(event, Requested):
            seen.update(f"asks {one}" for one in event.scope.actions)
            near += event.scope.destroys
        elif isinstance(event, Decided):
            seen.add(f"hears {event.reply.value}")
    seen.update(f"{name} {one.code}" for name, one in trial.findings.items())
    return Came(storm, signatures(trial), frozenset(seen), near, trial.id)
