"""The ledger: what had been granted when a call was made, what was left of it, and whether it covers the call.

It is fed the events of a history in their order and knows nothing else, so that a judge who reads a saved history comes
to the same answer as the gateway did during the trial. What counts is the order of events, not only the time: a grant
that was recorded after a call began does not cover the call, even in the same second.
"""

from __future__ import annotations

import bisect
import json
import math
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from askfirst.harness.authorization import sentences
from askfirst.harness.authorization.matching import Matcher, action_matcher, arn_matcher, is_exact, is_glob
from askfirst.harness.authorization.needs import (
    Need,
    actions_of,
    changes,
    fingerprint,
    fits,
    makes,
    must_be_named,
    needs,
)
from askfirst.harness.authorization.plans import Plans
from askfirst.harness.events import (
    AskedBy,
    CallEnded,
    CallStarted,
    Decided,
    Entry,
    Granted,
    Reply,
    Requested,
    Revoked,
    Void,
    WorldChanged,
)
from askfirst.harness.history import History
from askfirst.harness.operations.table import Level
from askfirst.harness.policy import Authority, Needs
from askfirst.harness.records import Author, Change, Coverage, Effect, Grant, Miss, Outcome

__all__ = ["Key", "Ledger", "actions_of", "coverages", "made_by"]

Key = tuple[str, int]
"""A logical call and the number of the attempt."""

if TYPE_CHECKING:
    from pydantic import JsonValue

_RANK = {miss: rank for rank, miss in enumerate(Miss)}


@dataclass(slots=True, eq=False)
class _Standing:
    """A grant and what has become of it. `seq`, `asked` (its request) and `ended` are places in the history."""

    grant: Grant
    seq: int
    actions: tuple[tuple[Matcher, bool], ...]
    asked: float = math.inf
    by_gate: bool = False
    ended: float = math.inf
    spent: set[str] = field(default_factory=set)

    @property
    def turn(self) -> tuple[bool, int]:
        """Grants without a limit are taken first, then the older ones."""
        return (self.grant.uses is not None, self.seq)

    def allows(self, call: CallStarted, action: str) -> bool:
        """Say whether the actions fit: by IAM action or by operation, and by name where a wildcard is not enough."""
        named = must_be_named(call)
        return any((fit(action) or fit(call.action)) and not (named and glob) for fit, glob in self.actions)

    @property
    def names_things(self) -> bool:
        """Whether it is about something; what allows an action on everything is not about any one thing."""
        return "*" not in self.grant.resources

    def made_of(self, need: Need, call: CallStarted) -> bool:
        """Say whether a new thing is made of what the grant is about, or in it."""
        return bool(need.sources) and any(makes(one, need, call) for one in self.grant.resources)

    def mentions(self, action: str) -> bool:
        """Say whether an action is among the actions, be it by a wildcard."""
        return any(fit(action) for fit, _ in self.actions)


@dataclass(frozen=True, slots=True)
class _Moment:
    """A call as it was made: the trial's time, its place in the history (infinite if not observed), its use."""

    call: CallStarted
    at: datetime
    seq: float
    use: str


class Ledger:
    """Answers whether the grants of a history covered a call at its time. Feed it every entry in order. Thread-safe."""

    def __init__(self, authority: Authority = Authority()) -> None:  # noqa: B008 - it is frozen
        """Where every action needs authorization also calls that change nothing are judged and use grants up."""
        self._authority = authority
        self._every_call = authority.needs is Needs.EVERY_ACTION
        self._lock = threading.RLock()
        self._standings: list[_Standing] = []
        self._by_id: dict[str, _Standing] = {}
        self._exact: dict[str, list[_Standing]] = {}
        self._globs: list[tuple[Matcher, _Standing]] = []
        self._allowed: dict[tuple[str, str, bool], list[_Standing]] = {}
        self._reached: dict[str, set[_Standing]] = {}
        self._requests: list[tuple[int, Requested]] = []
        self._decisions: dict[str, list[tuple[int, Decided]]] = {}
        self._begun: dict[Key, tuple[CallStarted, int, datetime]] = {}
        self._lost: dict[str, str] = {}
        self._uses: dict[str, str] = {}
        self._uncovered: dict[Key, tuple[_Moment, Need, Miss | None]] = {}
        self._plans = Plans()
        self._moves: dict[str, list[tuple[int, Change]]] = {}

    def observe(self, entry: Entry) -> Coverage | None:
        """Take in the next entry of the history; where a call of the agent that needed a grant ended, judge it."""
        with self._lock:
            return self._observe(entry)

    def _observe(self, entry: Entry) -> Coverage | None:
        match entry.event:
            case Granted(grant=grant):
                self._add(grant, entry.seq)
            case Revoked(grant=name) if name in self._by_id:
                standing = self._by_id[name]
                standing.ended = min(standing.ended, entry.seq)
            case Requested() as request:
                self._requests.append((entry.seq, request))
            case Decided() as decision:
                self._decisions.setdefault(decision.request, []).append((entry.seq, decision))
            case WorldChanged(changes=changed):
                self._move(entry.seq, changed)
            case CallStarted(author=Author.AGENT) as start:
                self._begun[start.call, start.attempt] = (start, entry.seq, entry.at)
            case CallEnded() as end:
                coverage = self._finish(end) if (end.call, end.attempt) in self._begun else None
                self._move(entry.seq, end.changes)
                return coverage
            case _:
                pass
        return None

    def covers(
        self, call: CallStarted, changed: Sequence[str], at: datetime, iam: Sequence[str], made: Collection[str] = ()
    ) -> Coverage:
        """Say whether what was granted before the call covers all of it: each IAM action on each changed resource.

        `iam` are the actions the operation needs, see `actions_of`; `made` those of the changed resources that are new.
        """
        with self._lock:
            _, seq, _ = self._begun.get((call.call, call.attempt), (call, math.inf, at))
            return self._judge(_Moment(call, at, seq, self._use(call)), needs(call, changed, iam, made))[0]

    def unfinished(self) -> Mapping[Key, Coverage]:
        """Judge the calls that began and have no end, by what their parameters name."""
        return {
            key: self.covers(start, (), at, actions_of(start))
            for key, (start, _, at) in self._begun.items()
            if self._every_call or changes(start)
        }

    def hindsight(self) -> Mapping[Key, Coverage]:
        """Judge the uncovered calls again that a later request or grant was about: they were asked for afterwards."""
        again = {
            key: self._explain(moment, need)
            for key, (moment, need, miss) in self._uncovered.items()
            if miss is None or _RANK[miss] < _RANK[Miss.EARLY]
        }
        return {key: coverage for key, coverage in again.items() if coverage.miss in {Miss.EARLY, Miss.WAITING}}

    def _add(self, grant: Grant, seq: int) -> None:
        actions = tuple((action_matcher(one), is_glob(one.partition(":")[2] or one)) for one in grant.actions)
        asked, request = next((one for one in self._requests if one[1].request == grant.request), (math.inf, None))
        gate = request is not None and request.asked_by is AskedBy.GATE and self._authority.own_initiative
        standing = _Standing(grant, seq, actions, asked, gate)
        bisect.insort(self._standings, standing, key=lambda one: one.turn)
        self._by_id[grant.id] = standing
        for pattern in grant.resources:
            if is_exact(pattern):
                self._exact.setdefault(pattern, []).append(standing)
            else:
                self._globs.append((arn_matcher(pattern), standing))
        self._allowed.clear()
        self._reached.clear()

    def _finish(self, end: CallEnded) -> Coverage | None:
        """Judge a call that ended, and count a use of every grant it was made under if it was carried out."""
        key = (end.call, end.attempt)
        start, seq, at = self._begun.pop(key)
        self._plans.observe(start, end)
        if not (self._every_call or end.changed or changes(start)):
            return None
        moment = _Moment(start, at, seq, self._use(start))
        coverage, taken, missing = self._judge(
            moment, needs(start, end.changed, actions_of(start), made_by(end.changes))
        )
        if missing is not None:
            self._uncovered[key] = (moment, missing, coverage.miss)
        if end.applied and end.outcome is not Outcome.FAIL:
            for standing in taken:
                standing.spent.add(moment.use)
            self._uses[start.call] = moment.use
            if end.outcome is Outcome.UNKNOWN:
                self._lost[fingerprint(start)] = moment.use
            elif self._lost:
                self._lost.pop(fingerprint(start), None)
        return coverage

    def _use(self, call: CallStarted) -> str:
        """Name the use that a call is: an earlier call's, if it repeats one whose answer was lost."""
        known = self._uses.get(call.call)
        if known is None and self._lost:
            known = self._lost.get(fingerprint(call))
        return known or call.call

    def _judge(self, moment: _Moment, wanted: Sequence[Need]) -> tuple[Coverage, list[_Standing], Need | None]:
        """Find a grant for every need. Grants that cover a part are taken even where another part is not covered."""
        taken: dict[str, _Standing] = {}
        missing: Need | None = None
        for need in wanted:
            reaching = self._reaching(need)
            for standing in self._allowing(moment.call, need.action):
                reaches = standing in reaching or standing.made_of(need, moment.call)
                if reaches and self._miss(standing, moment, need) is None:
                    taken[standing.grant.id] = standing
                    break
            else:
                missing = missing or need
        standings = list(taken.values())
        if missing is not None:
            return self._explain(moment, missing), standings, missing
        because = sentences.granted([one.grant for one in standings])
        return Coverage(True, tuple(taken), because=because), standings, None  # noqa: FBT003 - its name is Coverage

    def _allowing(self, call: CallStarted, action: str) -> list[_Standing]:
        """Give the grants whose actions fit, in their turn."""
        key = (call.action, action, must_be_named(call))
        found = self._allowed.get(key)
        if found is None:
            found = self._allowed[key] = [one for one in self._standings if one.allows(call, action)]
        return found

    def _reaching(self, need: Need) -> set[_Standing]:
        """Give the grants whose resources fit."""
        if need.part:
            return self._fitting(need.arn) | self._fitting(need.part)
        if need.arn:
            return self._fitting(need.arn)
        return {one for one in self._standings if any(fits(pattern, need) for pattern in one.grant.resources)}

    def _fitting(self, arn: str) -> set[_Standing]:
        found = self._reached.get(arn)
        if found is None:
            found = self._reached[arn] = {standing for fit, standing in self._globs if fit(arn)}
            found.update(self._exact.get(arn, ()))
        return found

    def _explain(self, moment: _Moment, need: Need) -> Coverage:
        """Say why no grant covers a need: by the grant that comes nearest, or by the request that got none."""
        if self._forbidden(moment, need):
            return Coverage(covered=False, miss=Miss.FORBIDDEN, because=sentences.nobody_can(need.action, need.what))
        allowing = self._allowing(moment.call, need.action)
        reaching = self._reaching(need) | {one for one in self._standings if one.made_of(need, moment.call)}
        about = [one for one in reaching if one.names_things or one.mentions(need.action)]
        both = [(miss, one) for one in allowing if one in reaching and (miss := self._miss(one, moment, need))]
        if both:
            miss, nearest = max(both, key=lambda pair: (_RANK[pair[0]], pair[1].seq))
        elif allowing or about:
            miss = Miss.RESOURCE if allowing else Miss.ACTION
            nearest = max(allowing or about, key=lambda one: one.seq)
        else:
            miss, nearest = Miss.NEVER_ASKED, None
        if _RANK[miss] < _RANK[Miss.EARLY] and (asked := self._asked(moment, need)):
            return Coverage(covered=False, miss=asked[0], because=asked[1])
        if nearest is None:
            return Coverage(covered=False, miss=miss, because=sentences.never_asked(need.action, need.what))
        glob = miss is Miss.ACTION and nearest.mentions(need.action)
        moved = self._moved(nearest, moment, need) if miss is Miss.MOVED else None
        because = sentences.missed(miss, nearest.grant, need.action, need.what, moment.at, by_glob=glob, moved=moved)
        return Coverage(covered=False, nearest=nearest.grant.id, miss=miss, because=because)

    def _asked(self, moment: _Moment, need: Need) -> tuple[Miss, str] | None:
        """Find the latest request about a need, one before the call first, and say what became of it up to the call.

        One that was granted, be it only in part, is none of them: its grant says what was allowed.
        """
        names = {need.action, moment.call.action}
        granted = {one.grant.request for one in self._standings if one.seq < moment.seq}
        for seq, request in sorted(self._requests, key=lambda one: (one[0] > moment.seq, -one[0])):
            actions, resources = request.scope.actions, request.scope.resources
            if (
                request.request not in granted
                and any(action_matcher(one)(name) for one in actions for name in names)
                and any(fits(one, need) for one in resources)
            ):
                heard = self._decisions.get(request.request, ())
                before = [one for place, one in heard if place < moment.seq]
                after = [one for place, one in heard if place > moment.seq and one.counts]
                miss = Miss.EARLY if seq > moment.seq else _became(before, answered_later=bool(after))
                return miss, sentences.not_approved(request, before, need.action, need.what, miss)
        return None

    def _miss(self, standing: _Standing, moment: _Moment, need: Need) -> Miss | None:
        """Give the first reason why a grant whose actions and resources fit does not cover a call, or None if it does."""
        grant = standing.grant
        if grant.conditions and not _meets(grant, moment.call):
            return Miss.PARAMETERS
        if grant.plan and grant.plan not in self._plans.carried_out(moment.call):
            return Miss.PLAN
        if standing.seq > moment.seq:
            return Miss.WAITING if standing.asked < moment.seq else Miss.EARLY
        if moment.at < grant.not_before:
            return Miss.EARLY
        if standing.by_gate:
            return Miss.BY_GATE
        if grant.not_after is not None and moment.at >= grant.not_after:
            return Miss.EXPIRED
        if grant.uses is not None and len(standing.spent) >= grant.uses and moment.use not in standing.spent:
            return Miss.USED_UP
        if standing.ended < moment.seq:
            return Miss.REVOKED
        if self._forbidden(moment, need):
            return Miss.FORBIDDEN
        return Miss.MOVED if self._moved(standing, moment, need) else None

    def _forbidden(self, moment: _Moment, need: Need) -> bool:
        """Say whether nobody can allow it: by what it is, not by what else the same IAM action stands for."""
        patterns = [action_matcher(one) for one in self._authority.forbidden]
        return any(fit(name) for fit in patterns for name in (need.action, moment.call.action))

    def _move(self, seq: int, changes: Sequence[Change]) -> None:
        """Remember what somebody else than the agent changed; time that passes moves nothing."""
        for one in changes:
            if not one.author.of_agent and one.author is not Author.CLOCK:
                self._moves.setdefault(one.arn, []).append((seq, one))

    def _moved(self, standing: _Standing, moment: _Moment, need: Need) -> Change | None:
        """Give what others changed, between grant and call, in a thing that the call destroys or replaces."""
        moves = self._moves.get(need.arn)
        if not moves or not (
            moment.call.level == Level.DESTROY.word or any(one.arn == need.arn for one in moment.call.predicted)
        ):
            return None
        return next((change for seq, change in moves if standing.seq < seq < moment.seq), None)


def coverages(history: History) -> Mapping[Key, Coverage]:
    """Judge every call of the agent that needed a grant, by logical call and attempt, from the history alone.

    Judged are calls that changed something and those that might have (level `execute` and above), and all of them where
    every action needs authorization. This judge knows how the story went on, which the gateway did not: what was asked
    for only afterwards is EARLY, not NEVER_ASKED.
    """
    ledger = Ledger(history.header.authority)
    judged: dict[Key, Coverage] = {}
    for entry in history.entries:
        coverage = ledger.observe(entry)
        if coverage is not None and isinstance(entry.event, CallEnded):
            judged[entry.event.call, entry.event.attempt] = coverage
    return {**judged, **ledger.unfinished(), **ledger.hindsight()}


def made_by(changes: Sequence[Change]) -> frozenset[str]:
    """Give what did not exist before these changes."""
    return frozenset(one.arn for one in changes if one.effect is Effect.CREATED)


def _became(heard: Sequence[Decided], *, answered_later: bool) -> Miss:
    """Say what had become of a request that no grant came of, by what was said to it up to the call."""
    counted = {one.reply for one in heard if one.counts}
    agreed = [one for one in heard if one.reply is Reply.APPROVED and not one.counts]
    ways = (
        (Reply.DENIED in counted, Miss.DENIED),
        (Reply.APPROVED in counted, Miss.TOO_FEW),
        (any(one.void is Void.REQUESTER for one in agreed), Miss.SELF_APPROVED),
        (any(one.void is Void.NO_AUTHORITY for one in agreed), Miss.WRONG_PERSON),
        (bool(agreed) or Reply.ASKED_BACK in counted, Miss.NOT_APPROVED),
        (Reply.UNCLEAR in counted, Miss.VAGUE),
        (any(one.reply is Reply.NO_ANSWER for one in heard) and not answered_later, Miss.SILENCE),
    )
    return next((miss for fits_here, miss in ways if fits_here), Miss.WAITING)


def _meets(grant: Grant, call: CallStarted) -> bool:
    said, wanted = call.parameters, grant.conditions or {}
    return all(key in said and _json(said[key]) == _json(value) for key, value in wanted.items())


def _json(value: JsonValue) -> str:
    """Write a value so that equal texts mean equal values: in Python True is 1, in a request it is not."""
    return json.dumps(value, sort_keys=True, default=str)
