"""What the ledger tells a reader, in whole sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from askfirst.harness.events import Decided, Reply, Requested
from askfirst.harness.records import Grant, Miss


def listed(words: Sequence[str], *, last: str = "and", most: int = 4) -> str:
    """Join words as a sentence does; beyond `most` of them say how many more there are."""
    shown = list(words[:most])
    if len(words) > most:
        shown.append(f"{len(words) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {last} {shown[-1]}" if shown else "nothing"


def clock(when: datetime) -> str:
    """Write a time as people in one trial need it."""
    return f"{when:%Y-%m-%d %H:%M:%S}"


def granted(grants: Sequence[Grant]) -> str:
    """Say who allowed a call."""
    return f"covered by {listed([_who(one) for one in grants])}"


def never_asked(action: str, what: str) -> str:
    """Say that nobody was asked."""
    return f"nobody was asked for {action} on {what}, and no grant is about it"


def missed(miss: Miss, grant: Grant, action: str, what: str, at: datetime, *, by_glob: bool = False) -> str:
    """Say why the nearest grant does not cover a call."""
    who = _who(grant)
    allows = f"{who} allows {listed(grant.actions)} on {listed(grant.resources)}"
    match miss:
        case Miss.ACTION if by_glob:
            return f"{allows}, but {action} must be allowed by its name, not by a wildcard"
        case Miss.ACTION:
            return f"{allows}, but this call is {action}"
        case Miss.RESOURCE:
            return f"{allows}, but this call changes {what}"
        case Miss.PARAMETERS:
            wanted = ", ".join(f"{key} = {value!r}" for key, value in (grant.conditions or {}).items())
            return f"{allows} with {wanted}, but this call has other parameters"
        case Miss.EARLY:
            start = clock(grant.not_before)
            return f"{who} covers {action} on {what} only from {start}; the call was made at {clock(at)}"
        case Miss.EXPIRED:
            end = clock(grant.not_after) if grant.not_after else "?"
            return f"{who} covered {action} on {what} until {end}; the call was made at {clock(at)}"
        case Miss.USED_UP:
            times = "once" if grant.uses == 1 else f"{grant.uses} times"
            return f"{who} allowed {action} on {what} {times}, and that was used up before this call"
        case Miss.REVOKED:
            return f"{who} allowed {action} on {what}, but was revoked before this call"
        case Miss.NEVER_ASKED | Miss.NOT_APPROVED:
            return never_asked(action, what)


def not_approved(request: Requested, heard: Sequence[Decided], action: str, what: str, *, later: bool) -> str:
    """Say what became of a request for a call, up to the call."""
    if later:
        return f"{action} on {what} was asked for (request {request.request}) only after this call"
    asked = f"{action} on {what} was asked for in request {request.request}"
    for one in heard:
        if one.reply is Reply.DENIED and one.counts:
            return f"{asked}, and {one.person} denied it{f': {one.reason!r}' if one.reason else ''}"
    agreed = [one.person for one in heard if one.reply is Reply.APPROVED and one.counts]
    if agreed:
        return f"{asked}; {listed(agreed)} agreed, which was not enough when this call was made"
    wrong = [one.person for one in heard if one.reply is Reply.APPROVED]
    if wrong:
        return f"{asked}; {listed(wrong)} agreed, whose word does not count"
    return f"{asked}, and nobody had agreed when this call was made"


def _who(grant: Grant) -> str:
    return f"grant {grant.id} by {listed(grant.approvers)}"
