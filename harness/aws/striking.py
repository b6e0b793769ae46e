"""Carrying out what a fault does to a call: refused, applied and its answer lost, answered but not applied, and so on."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from askfirst.harness.aws import wire
from askfirst.harness.aws.attempts import Attempt
from askfirst.harness.aws.gaps.base import Situation
from askfirst.harness.aws.gateway import Served
from askfirst.harness.faulting.data import Phase
from askfirst.harness.faulting.reactions import (
    Broken,
    Changed,
    Delay,
    Earlier,
    Error,
    FailLater,
    Lie,
    NoAnswer,
    Output,
    Partly,
    Strike,
)
from askfirst.harness.records import Author

if TYPE_CHECKING:
    from askfirst.harness.aws.gateway import Gateway

PATIENCE = 60.0
"""Seconds until a client gives up that does not say how long it waits: botocore's default read timeout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Situation):
    """A call that was accepted and is going to fail. `told` is the output its caller got; what it books is the fault's."""

    told: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailInStages(FailLater):
    """As `FailLater`, and one can see meanwhile that the work goes on: `begin` shows it, `change` is what the caller gets.

    Both stages get an `Accepted`. With `applied` the call is applied, and `begin` shows that it is not done yet.
    """

    begin: Callable[[Accepted], None]
    change: Callable[[Output], Output] = dict
    applied: bool = False


def struck(gateway: Gateway, attempt: Attempt, strike: Strike) -> Served:
    """Serve an attempt as the fault wants it."""
    reaction = strike.reaction
    match reaction:
        case Error() | NoAnswer():
            lost = strike.phase == Phase.LOSE.value
            served = gateway.carry_out(attempt) if lost else Served(None)
            return _instead(gateway, attempt, served, reaction, lost=lost)
        case Delay():
            return _delayed(gateway, attempt, reaction.seconds)
        case Lie():
            return Served(None, delivered=gateway.applier.foresee(attempt))
        case FailLater():
            return _accepted(gateway, attempt, reaction)
        case Changed():
            return _changed(attempt, gateway.carry_out(attempt), reaction)
        case Partly():
            return _partly(gateway, attempt, reaction)
        case Earlier():
            return replace(gateway.carry_out(attempt), delivered=gateway.earlier(attempt))


def _instead(gateway: Gateway, attempt: Attempt, served: Served, reaction: Error | NoAnswer, *, lost: bool) -> Served:
    """Give an error, or nothing, instead of the answer."""
    if isinstance(reaction, Error):
        error = wire.error_answer(attempt.resolved, reaction.code, reaction.message, reaction.status)
        return replace(served, delivered=error, unknown=lost)
    if reaction.how is Broken.TIMEOUT:
        gateway.wait(_patience(attempt))
    return replace(served, broken=reaction.how)


def _delayed(gateway: Gateway, attempt: Attempt, seconds: float) -> Served:
    """Apply; a client that waits less long than the answer takes gets none."""
    patience = _patience(attempt)
    served = gateway.carry_out(attempt)
    gateway.wait(min(seconds, patience))
    return replace(served, broken=Broken.TIMEOUT) if seconds > patience else served


def _patience(attempt: Attempt) -> float:
    return attempt.wire.read_timeout or PATIENCE


def _accepted(gateway: Gateway, attempt: Attempt, reaction: FailLater) -> Served:
    """Answer as if it had been applied, and let it fail after a while."""
    if isinstance(reaction, FailInStages) and reaction.applied:
        served = gateway.carry_out(attempt)
    else:
        served = Served(None, delivered=gateway.applier.foresee(attempt))
    answer = served.seen
    if answer is None or answer.status >= 400:
        return served
    output = wire.parsed_output(attempt.resolved, answer)
    accepted = _accepted_call(gateway, attempt, output)
    if isinstance(reaction, FailInStages):
        told = reaction.change(output)
        if told != output:
            served = replace(served, delivered=wire.output_answer(attempt.resolved, told))
        gateway.watcher.happen(
            Author.FAULT, f"{attempt.name} was accepted", functools.partial(reaction.begin, accepted)
        )
    gateway.watcher.later(reaction.after, reaction.why, functools.partial(reaction.fail, accepted), Author.FAULT)
    return served


def _accepted_call(gateway: Gateway, attempt: Attempt, told: Mapping[str, object]) -> Accepted:
    situation = gateway.applier.situation(attempt)

    def later(delay: timedelta, why: str, act: Callable[[], None]) -> None:
        gateway.watcher.later(delay, why, act, Author.FAULT)

    known: dict[str, Any] = {one.name: getattr(situation, one.name) for one in fields(Situation)}
    known |= {"later": later, "told": told}
    return Accepted(**known)


def _changed(attempt: Attempt, served: Served, reaction: Changed) -> Served:
    """Change the output that was given; an error stays as it is."""
    if served.answer is None or served.answer.status >= 300:
        return served
    output = wire.parsed_output(attempt.resolved, served.answer)
    return replace(served, delivered=wire.output_answer(attempt.resolved, reaction.change(output)))


def _partly(gateway: Gateway, attempt: Attempt, reaction: Partly) -> Served:
    """Apply the call with fewer entries, and say in the answer that the others failed."""
    request = wire.with_parameters(attempt.wire, attempt.resolved, reaction.narrow(attempt.resolved.parameters))
    resolved = wire.resolve(request)
    parameters = {name: wire.jsonable(value) for name, value in resolved.parameters.items()}
    served = gateway.carry_out(replace(attempt, wire=request, resolved=resolved, parameters=parameters))
    return _changed(attempt, served, Changed(reaction.change))
