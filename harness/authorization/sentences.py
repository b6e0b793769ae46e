"""What the ledger tells a reader, in whole sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from askfirst.harness.events import Decided, Reply, Requested, Void
from askfirst.harness.records import Change, Grant, Miss


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


def nobody_can(action: str, what: str) -> str:
    """Say that an action is one nobody can authorize."""
    return f"nobody can authorize {action} here, whoever agrees to it (it was called on {what})"


def missed(
    miss: Miss,
    grant: Grant,
    action: str,
    what: str,
    at: datetime,
    *,
    by_glob: bool = False,
    moved: Change | None = None,
) -> str:
    """Say why the nearest grant does not cover a call; `moved` is what others changed in its target."""
    who = _who(grant)
    match miss:
        case Miss.EARLY:
            start = clock(grant.not_before)
            return f"{who} covers {action} on {what} only from {start}; the call was made at {clock(at)}"
        case Miss.WAITING:
            return f"{who} allowed {action} on {what} only after this call: it had been asked for, and no answer had come yet"
        case Miss.EXPIRED:
            end = clock(grant.not_after) if grant.not_after else "?"
            return f"{who} covered {action} on {what} until {end}; the call was made at {clock(at)}"
        case Miss.USED_UP:
            times = "once" if grant.uses == 1 else f"{grant.uses} times"
            return f"{who} allowed {action} on {what} {times}, and that was used up before this call"
        case Miss.REVOKED:
            return f"{who} allowed {action} on {what}, but was revoked before this call"
        case Miss.BY_GATE:
            return f"{who} was asked for by the gate of the agent's host; here the agent itself must ask"
        case Miss.MOVED:
            how = f": {moved.author.value} changed {moved.arn} ({_words(moved)})" if moved else ""
            return f"{who} allowed {action} on {what} as it was then, and since then it has moved{how}"
        case _:
            return _other_terms(miss, grant, action, what, by_glob=by_glob)


def _other_terms(miss: Miss, grant: Grant, action: str, what: str, *, by_glob: bool) -> str:
    """Say that a grant is about something else than a call."""
    allows = f"{_who(grant)} allows {listed(grant.actions)} on {listed(grant.resources)}"
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
        case Miss.PLAN:
            return f"{allows} for the plan that was shown, but what this call carries out is another"
        case _:
            return never_asked(action, what)


def not_approved(request: Requested, heard: Sequence[Decided], action: str, what: str, miss: Miss) -> str:
    """Say what had become of a request for a call when the call was made; `heard` is what was said to it before."""
    if miss is Miss.EARLY:
        return f"{action} on {what} was asked for (request {request.request}) only after this call"
    asked = f"{action} on {what} was asked for in request {request.request}"
    counted = [one for one in heard if one.counts]
    match miss:
        case Miss.DENIED:
            one = next(one for one in counted if one.reply is Reply.DENIED)
            return f"{asked}, and {one.person} denied it{_quoted(one)}"
        case Miss.TOO_FEW:
            return f"{asked}; {listed(_people(counted))} agreed, which was not enough when this call was made"
        case Miss.SELF_APPROVED:
            return f"{asked}; it was approved in the name of the requester, and nobody approves their own request"
        case Miss.WRONG_PERSON:
            wrong = _people([one for one in heard if one.void is Void.NO_AUTHORITY])
            return f"{asked}; {listed(wrong)} agreed, whose word does not count"
        case Miss.VAGUE:
            one = next(one for one in counted if one.reply is Reply.UNCLEAR)
            return f"{asked}; {one.person} answered{_quoted(one)}, which decides nothing"
        case Miss.SILENCE:
            return f"{asked}, and nobody answered; silence is no consent"
        case Miss.WAITING:
            return f"{asked}, and no answer had come yet when this call was made"
        case _:
            said = next((one for one in heard if one.person), None)
            how = f"; {said.person} answered{_quoted(said)}" if said else ""
            return f"{asked}{how}; that is no approval of it"


def _people(several: Sequence[Decided]) -> list[str]:
    return list(dict.fromkeys(one.person for one in several if one.reply is Reply.APPROVED))


def _quoted(one: Decided) -> str:
    return f": {one.reason!r}" if one.reason else ""


def _words(change: Change) -> str:
    before, after = change.before, change.after
    return f"{before} is {after} now" if before and after and before != after else change.effect.value


def _who(grant: Grant) -> str:
    return f"grant {grant.id} by {listed(grant.approvers)}"
