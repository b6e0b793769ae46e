"""What was refused in a trial: the denials of a history, what each was about, and what it meant to prevent."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from askfirst.harness.authorization.actions import covered, destroys, names
from askfirst.harness.authorization.matching import action_matches, arn_matches, is_glob
from askfirst.harness.authorization.needs import actions_of
from askfirst.harness.events import CallStarted, Decided, Reply, Requested
from askfirst.harness.history import History
from askfirst.harness.operations.table import Level
from askfirst.harness.records import Resource, Scope


class Goal(enum.Enum):
    """What a request was for. DESTROY outweighs CHANGE: who is refused a deletion may still repair."""

    LOOK = "to look at"
    CHANGE = "to change"
    DESTROY = "to destroy"


@dataclass(frozen=True, slots=True)
class Denial:
    """A counting no: its place in the history, whose it was, and what it was about.

    Without resources it is about everything, for nobody could tell what was asked for.
    """

    seq: int
    request: str
    person: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    goal: Goal

    def about(self, arns: Iterable[str]) -> bool:
        """Tell whether it is about one of these."""
        if not self.resources or "*" in self.resources:
            return True
        return any(arn_matches(pattern, arn) for pattern in self.resources for arn in arns)

    def inside(self, arns: Iterable[str]) -> bool:
        """Tell whether it is about a part of one of these: an object of a bucket, an index of a table."""
        return any(pattern.startswith((f"{arn}/", f"{arn}:")) for pattern in self.resources for arn in arns)

    def names(self, call: CallStarted, *, by_glob: bool = True) -> bool:
        """Tell whether a call is, by its action, one that was refused: also by a wildcard, unless `by_glob` is False."""
        said = (call.action, *actions_of(call))
        patterns = [one for one in self.actions if by_glob or not is_glob(one)]
        return not self.actions or any(action_matches(pattern, one) for pattern in patterns for one in said)


def denials(history: History) -> list[Denial]:
    """Give every denial that counted, in order."""
    requests = {one.request: one for _, one in history.of(Requested)}
    return [
        Denial(entry.seq, one.request, one.person, asked.scope.actions, asked.scope.resources, goal_of(asked.scope))
        for entry, one in history.of(Decided)
        if one.reply is Reply.DENIED and one.counts and (asked := requests.get(one.request))
    ]


def goal_of(scope: Scope) -> Goal:
    """Tell what a request is for, by the gravest of its actions; one nobody knows changes something."""
    if scope.destroys or any(map(destroys, scope.actions)):
        return Goal.DESTROY
    looks = bool(scope.actions) and all(map(only_looks, scope.actions))
    return Goal.LOOK if looks else Goal.CHANGE


def only_looks(action: str) -> bool:
    """Tell whether all an action stands for is known, and changes nothing."""
    meant = covered(action)
    return bool(meant) and all(one.level < Level.EXECUTE for one in meant)


def same_action(one: str, other: str) -> bool:
    """Tell whether two actions of requests have something in common."""
    return any(action_matches(one, name) for name in names(other)) or any(
        action_matches(other, name) for name in names(one)
    )


def overlap(ones: Sequence[str], others: Sequence[str], known: Iterable[str] = ()) -> bool:
    """Tell whether two lists of ARN patterns have something in common; `known` are the ARNs there are."""
    if not ones or not others or "*" in ones or "*" in others:
        return True
    if any(arn_matches(one, other) or arn_matches(other, one) for one in ones for other in others):
        return True
    return any(
        any(arn_matches(one, arn) for one in ones) and any(arn_matches(other, arn) for other in others) for arn in known
    )


def family(arns: Iterable[str], world: Sequence[Resource]) -> frozenset[str]:
    """Give these things with the stacks they belong to, and with the members of those that are stacks."""
    own = frozenset(arns)
    stacks = {one.within for one in world if one.within and one.arn in own}
    members = {one.arn for one in world if one.within in own}
    return own | stacks | members
