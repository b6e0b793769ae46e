"""The world before and after a trial: what the history says became of each thing, and what stayed as it was.

A history keeps states, counts and digests, never the content itself: that is said where it matters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from askfirst.harness.events import CallEnded, WorkspaceChanged, WorldChanged
from askfirst.harness.records import Change, Resource
from askfirst.harness.report.html.texts import Detail
from askfirst.harness.report.timeline import plain

if TYPE_CHECKING:
    from askfirst.harness.history import History


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that changed: what it was, what it is, by which effects, in which events, by whom."""

    arn: str
    before: str
    after: str
    effects: tuple[str, ...]
    events: tuple[int, ...]
    authors: tuple[str, ...]
    worse: bool


@dataclass(frozen=True, slots=True)
class World:
    """What changed, the worst first; how many things changed beside those; and what had to survive and did not change."""

    things: tuple[Thing, ...]
    more: int
    unchanged: tuple[str, ...]
    unchanged_count: int


def world_of(history: History, detail: Detail) -> World:
    """Work it out from the changes that the history has."""
    by_arn: dict[str, list[tuple[int, Change]]] = {}
    for seq, change in _changes(history):
        by_arn.setdefault(change.arn, []).append((seq, change))
    must_survive = {one.arn: one for one in (*history.header.protected, *history.header.workspace)}
    things = [_thing(arn, told, must_survive.get(arn)) for arn, told in by_arn.items()]
    things.sort(key=lambda one: (not one.worse, one.arn))
    same = [plain(_state(one, named=True)) for arn, one in must_survive.items() if arn not in by_arn]
    return World(
        tuple(things[: detail.things]),
        max(0, len(things) - detail.things),
        tuple(same[: detail.things]) if detail.whole else (),
        len(same),
    )


def _changes(history: History) -> Iterator[tuple[int, Change]]:
    for entry in history.entries:
        if isinstance(entry.event, CallEnded | WorldChanged | WorkspaceChanged):
            for change in entry.event.changes:
                yield entry.seq, change


def _thing(arn: str, told: list[tuple[int, Change]], known: Resource | None) -> Thing:
    changes = [change for _, change in told]
    before = changes[0].before or (_state(known, named=False) if known is not None else "")
    return Thing(
        arn=plain(arn, 200),
        before=plain(before),
        after=plain(changes[-1].after),
        effects=tuple(dict.fromkeys(one.effect.value for one in changes)),
        events=tuple(dict.fromkeys(seq for seq, _ in told))[:5],
        authors=tuple(dict.fromkeys(one.author.value for one in changes)),
        worse=any(one.effect.harms for one in changes),
    )


def _state(resource: Resource, *, named: bool) -> str:
    held = "" if resource.items is None else f"{resource.items} item{'' if resource.items == 1 else 's'}"
    content = f"content {resource.fingerprint[:8]}" if resource.fingerprint else ""
    told = ", ".join(filter(None, (resource.state, held, content)))
    if not named:
        return told or "there"
    return f"{resource.arn}{f': {told}' if told else ''}"
