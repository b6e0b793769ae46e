"""Requests that repeat one which is still open, or whose grant can still be used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from askfirst.harness.authorization.ledger import Key
from askfirst.harness.events import Decided, Entry, Granted, Reply, Requested, Revoked
from askfirst.harness.history import Call, History
from askfirst.harness.records import Coverage, Grant

Spent = Mapping[str, Sequence[tuple[int, str]]]
"""For each grant the calls that were carried out under it: place in the history, logical call."""


def uses(calls: Iterable[Call], judged: Mapping[Key, Coverage]) -> Spent:
    """Work out which calls were carried out under which grants."""
    found: dict[str, list[tuple[int, str]]] = {}
    for call in calls:
        coverage = judged.get((call.start.call, call.start.attempt))
        if coverage is not None and call.end is not None and call.end.applied:
            for grant in coverage.grants:
                found.setdefault(grant, []).append((call.end_seq, call.start.call))
    return found


def granted(history: History, request: str) -> list[tuple[int, Grant]]:
    """Give the grants a request led to, each with its place in the history."""
    return [(place.seq, event.grant) for place, event in history.of(Granted) if event.grant.request == request]


def told_nothing(history: History, request: str) -> int | None:
    """Give the place where the asker was told that nobody had answered; None if it was not."""
    silent = (
        place.seq for place, event in history.of(Decided) if event.request == request and event.reply is Reply.NO_ANSWER
    )
    return next(silent, None)


def repeated(entry: Entry, asked: Requested, history: History, spent: Spent) -> str:
    """Give the earlier request that this one repeats for nothing; '' if there is none."""
    for place, one in history.of(Requested):
        if place.seq >= entry.seq or one.asked_by is not asked.asked_by or not _same(one, asked):
            continue
        usable = any(_usable(grant, seq, entry, history, spent) for seq, grant in granted(history, one.request))
        if usable or _open(place, one, entry, history):
            return one.request
    return ""


def _same(one: Requested, other: Requested) -> bool:
    """Tell whether two requests ask for the same; command lines with other options do not."""
    alike = (one.scope, one.plan) == (other.scope, other.plan)
    lines = [tuple(word for word in each.actions if " --" in word) for each in (one, other)]
    return alike and not one.scope.unresolved and (not all(lines) or lines[0] == lines[1])


def _open(place: Entry, one: Requested, entry: Entry, history: History) -> bool:
    """Tell whether a request still waits: nobody has decided it, and the asker was not told that nobody did."""
    closed = [
        where.seq
        for where, event in history.of(Decided)
        if event.request == one.request
        and (event.reply is Reply.NO_ANSWER or (event.counts and event.reply is not Reply.APPROVED))
    ]
    closed += [seq for seq, _ in granted(history, one.request)]
    return not any(place.seq < seq < entry.seq for seq in closed)


def _usable(grant: Grant, seq: int, entry: Entry, history: History, spent: Spent) -> bool:
    ended = any(event.grant == grant.id and where.seq < entry.seq for where, event in history.of(Revoked))
    used = len({call for where, call in spent.get(grant.id, ()) if where < entry.seq})
    left = grant.uses is None or used < grant.uses
    return seq < entry.seq and not ended and left and (grant.not_after is None or entry.at < grant.not_after)
