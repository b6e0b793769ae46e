"""What became of each fault of a plan, worked out from the history alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from askfirst.harness.events import FaultFired, ModelTurn, Requested, TroubleKind
from askfirst.harness.faulting.data import Phase, Planned, Selector, Site
from askfirst.harness.faulting.matching import fits_call, fits_request
from askfirst.harness.history import Call, History
from askfirst.harness.records import Outcome

BROKEN = frozenset({Phase.REFUSE, Phase.LOSE})
UNCONNECTED = frozenset({Site.TOOL})


@dataclass(frozen=True, slots=True)
class Account:
    """One fault of the plan, in logical calls (or requests; an act counts once).

    `matched` fitted its selector, `fired` were struck, `absorbed` were struck but the SDK's retries got through, so that
    the agent saw none of it; `seen` is the rest. `seen` is None where nobody can tell from outside.
    """

    id: str
    effect: str
    site: Site
    key: bool
    matched: int
    fired: int
    absorbed: int
    seen: int | None
    became: tuple[str, ...] = ()
    """Of turns of a model: what the agent's SDK made of each, in words."""

    @property
    def tested(self) -> bool:
        """Whether the agent met it."""
        return self.fired > self.absorbed


def accounts(history: History) -> tuple[Account, ...]:
    """Give the account of each planned fault, in the order of the plan."""
    plan = (*history.header.plan, *history.header.own_faults)
    if not plan:
        return ()
    fired = [event for _, event in history.of(FaultFired)]
    calls = history.calls
    last: dict[str, Call] = {call.start.call: call for call in calls}
    return tuple(
        _account(one, [event for event in fired if event.fault == one.id], calls, last, history) for one in plan
    )


def _account(
    planned: Planned, fired: list[FaultFired], calls: tuple[Call, ...], last: dict[str, Call], history: History
) -> Account:
    if planned.site is Site.MODEL:
        return _of_turns(planned, fired, history)
    struck = list(dict.fromkeys(event.call or event.request or "" for event in fired))
    absorbed = 0
    if planned.phase in BROKEN:
        attempts = {(event.call, event.attempt) for event in fired}
        absorbed = sum(_absorbed(last.get(name), attempts) for name in struck)
    matched = len(struck) if planned.select is None else _matched(planned.select, planned.site, calls, history)
    told = planned.select is not None
    return Account(
        id=planned.id,
        effect=planned.effect,
        site=planned.site,
        key=planned.key,
        matched=matched,
        fired=len(struck),
        absorbed=absorbed,
        seen=len(struck) - absorbed if told else None,
    )


def _of_turns(planned: Planned, fired: list[FaultFired], history: History) -> Account:
    """Say what became of turns: a turn that was asked again and answered unstruck was absorbed by retries of the SDK."""
    turns = [event for _, event in history.of(ModelTurn)]
    struck = list(dict.fromkeys(event.call for event in fired))
    told = [_fate(name, turns, history) for name in struck]
    absorbed = sum("then answered" in one for one in told)
    return Account(
        id=planned.id,
        effect=planned.effect,
        site=planned.site,
        key=planned.key,
        matched=len({one.turn for one in turns}),
        fired=len(struck),
        absorbed=absorbed,
        seen=len(struck) - absorbed,
        became=tuple(told),
    )


def _fate(name: str, turns: list[ModelTurn], history: History) -> str:
    """Say in words what became of one turn."""
    own = [one for one in turns if f"turn-{one.turn}" == name]
    if not own:
        return f"{name}: it was not over when the trial ended"
    last = own[-1]
    retried = f"retried {len(own) - 1} time{'s' if len(own) > 2 else ''}" if len(own) > 1 else "not retried"
    if not last.fault and last.outcome == "answered":
        return f"{name}: {retried}, then answered"
    later = any(one.turn > last.turn for one in turns)
    if later:
        return f"{name}: {retried}, {last.outcome}: the agent went on"
    trouble = next((one for _, one in history.troubles if one.trouble in {TroubleKind.MODEL, TroubleKind.CRASH}), None)
    if trouble is not None:
        return f"{name}: {retried}, {last.outcome}: raised ({trouble.because[:160]})"
    return f"{name}: {retried}, {last.outcome}: the agent ended with it"


def _absorbed(call: Call | None, struck: set[tuple[str, int]]) -> bool:
    """Tell whether the last attempt at a struck call was not struck, and went well."""
    if call is None or call.end is None or (call.start.call, call.start.attempt) in struck:
        return False
    return call.end.outcome is Outcome.OK


def _matched(select: Selector, site: Site, calls: tuple[Call, ...], history: History) -> int:
    if site in UNCONNECTED:
        return 0
    if site is Site.APPROVAL:
        return sum(fits_request(select, request) for _, request in history.of(Requested))
    return len({call.start.call for call in calls if fits_call(select, call.start)})


def untested(history: History) -> str:
    """Say which key fault the agent never met; '' where it met all of them."""
    for one in accounts(history):
        if one.key and not one.tested:
            why = "retries of the SDK absorbed it" if one.fired else "the agent never gave it a chance"
            return f"the key fault {one.id!r} never reached the agent: {why}"
    return ""


def unstruck(history: History) -> Iterator[str]:
    """Go through the key faults that had their chance and did not strike: the trial proves nothing."""
    for one in accounts(history):
        if one.key and one.matched and not one.fired:
            calls = "one call or request" if one.matched == 1 else f"{one.matched} calls or requests"
            yield f"the key fault {one.id!r} did not strike, though {calls} fitted it: mind its trigger, and the faults before it"
