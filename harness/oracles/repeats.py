"""What became of requests, and which of them repeat one that is still open, or whose grant can still be used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class Answers:
    """What was answered to each request, each time with its place in the history.

    `grants` by request; `closed` where a request was decided against, or its asker told that nobody had answered;
    `silent` the first time it was told so; `ended` where a grant was taken back.
    """

    grants: dict[str, list[tuple[int, Grant]]] = field(default_factory=dict)
    closed: dict[str, list[int]] = field(default_factory=dict)
    silent: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, history: History) -> Answers:
        """Gather them."""
        found = cls()
        for entry in history.entries:
            match entry.event:
                case Granted(grant=grant):
                    found.grants.setdefault(grant.request, []).append((entry.seq, grant))
                case Revoked(grant=name):
                    found.ended.setdefault(name, entry.seq)
                case Decided(request=request, reply=Reply.NO_ANSWER):
                    found.silent.setdefault(request, entry.seq)
                    found.closed.setdefault(request, []).append(entry.seq)
                case Decided(request=request, reply=reply, counts=True) if reply is not Reply.APPROVED:
                    found.closed.setdefault(request, []).append(entry.seq)
                case _:
                    pass
        return found

    def granted_in_time(self, request: str) -> bool:
        """Tell whether a grant came of a request before its asker was told that nobody answers."""
        gave_up = self.silent.get(request)
        return any(gave_up is None or seq < gave_up for seq, _ in self.grants.get(request, ()))

    def stands(self, place: Entry, request: str, entry: Entry, spent: Spent) -> bool:
        """Tell whether a request of `place` is open at `entry`, or its grant can be used then."""
        grants = self.grants.get(request, [])
        if any(self._usable(grant, seq, entry, spent) for seq, grant in grants):
            return True
        answered = (*self.closed.get(request, ()), *(seq for seq, _ in grants))
        return not any(place.seq < seq < entry.seq for seq in answered)

    def _usable(self, grant: Grant, seq: int, entry: Entry, spent: Spent) -> bool:
        ended = self.ended.get(grant.id, entry.seq) < entry.seq
        used = len({call for where, call in spent.get(grant.id, ()) if where < entry.seq})
        left = grant.uses is None or used < grant.uses
        return seq < entry.seq and not ended and left and (grant.not_after is None or entry.at < grant.not_after)


def repeats(history: History, answers: Answers, spent: Spent) -> Mapping[str, str]:
    """Give for each request that repeats an earlier one for nothing the id of that one."""
    found: dict[str, str] = {}
    alike: dict[object, list[tuple[Entry, Requested]]] = {}
    for entry, asked in history.of(Requested):
        before = alike.setdefault((asked.scope, asked.plan, asked.asked_by), [])
        for place, one in reversed(before):
            if _same_lines(one, asked) and answers.stands(place, one.request, entry, spent):
                found[asked.request] = one.request
                break
        if not asked.scope.unresolved:
            before.append((entry, asked))
    return found


def _same_lines(one: Requested, other: Requested) -> bool:
    """Tell whether two requests of the same scope are no command lines with other options."""
    lines = [tuple(word for word in each.actions if " --" in word) for each in (one, other)]
    return not all(lines) or lines[0] == lines[1]
