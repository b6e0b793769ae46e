"""One request from its beginning to its end: what was said to it, what all who agreed allow, and what the asker is told."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from askfirst.harness.authorization.actions import destroys
from askfirst.harness.authorization.normal_form import sentence
from askfirst.harness.authorization.people import Answer
from askfirst.harness.authorization.sentences import listed
from askfirst.harness.events import Reply, Requested, Void
from askfirst.harness.records import Grant, Resource, Scope


@dataclass(frozen=True, slots=True)
class Decision:
    """What the asker is told. True exactly if the request was approved; `by` are the people whose word counted.

    `scope` is what was granted, or else what the request was understood as; `grant` holds its times, uses and conditions.
    """

    request: str
    approved: bool
    answered: bool
    reason: str
    scope: Scope
    grant: Grant | None = None
    by: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.approved

    def __str__(self) -> str:
        if self.grant is not None:
            until = f" until {self.grant.not_after:%Y-%m-%d %H:%M} UTC" if self.grant.not_after else ""
            uses = {None: "", 1: ", once"}.get(self.grant.uses, f", {self.grant.uses} times")
            uses += ", for exactly the plan that was shown" if self.grant.plan else ""
            only = ", ".join(f"{name} = {value!r}" for name, value in (self.grant.conditions or {}).items())
            what = f"{sentence(self.scope)}{f' with {only}' if only else ''}{until}{uses}"
            return f"{self.request} approved by {listed(self.by)}: {what}. {self.reason}".strip()
        if not self.answered:
            return f"{self.request} not answered: {self.reason}"
        if self.by and not self.scope.unresolved:
            return f"{self.request} denied by {listed(self.by)}: {self.reason}"
        return f"{self.request} not decided: {self.reason}"


@dataclass(slots=True)
class Case:
    """A request and what was said to it so far. `asides` are the answers that count for nothing."""

    request: Requested
    asked: datetime
    due: list[datetime] = field(default_factory=list)
    agreed: list[Answer] = field(default_factory=list)
    asides: list[tuple[Answer, Void]] = field(default_factory=list)
    grant: Grant | None = None
    ended: str = ""
    """Who took the grant back, and why."""
    closing: Answer | None = None
    """The denial, the question that was asked back, or the words that decided nothing."""
    broken: str = ""
    """What the asker is told where the channel failed."""

    @property
    def open(self) -> bool:
        """Whether it can still be decided."""
        return self.grant is None and self.closing is None

    @property
    def approvers(self) -> tuple[str, ...]:
        """Who agreed, each once."""
        return tuple(dict.fromkeys(one.person.name for one in self.agreed))

    def allowed(self, world: Sequence[Resource]) -> Scope:
        """Give what all who agreed allow: who narrows a request narrows it for the others. It may be nothing."""
        asked = self.request.scope
        scopes = [one.instead(asked, world) if one.instead else one.scope or asked for one in self.agreed]
        first, *others = [one for one in scopes if one != asked] or [asked]
        actions = tuple(one for one in first.actions if all(one in other.actions for other in others))
        resources = tuple(one for one in first.resources if all(one in other.resources for other in others))
        return Scope(actions, resources, any(map(destroys, actions)))

    def tell(self, *, needed: int) -> Decision:
        """Say how it stands, `needed` being the number of people who must agree."""
        asked = self.request.scope
        tell = functools.partial(Decision, self.request.request, scope=asked)
        if self.ended:
            return tell(approved=False, answered=True, reason=self.ended)
        if self.grant is not None:
            actions, resources = self.grant.actions, self.grant.resources
            scope = replace(asked, actions=actions, resources=resources, destroys=any(map(destroys, actions)))
            return tell(
                approved=True,
                answered=True,
                reason=self.grant.reason,
                scope=scope,
                grant=self.grant,
                by=self.grant.approvers,
            )
        asides = [_aside(answer, void) for answer, void in self.asides]
        if self.closing is not None:
            by = () if self.closing.reply is Reply.UNCLEAR else (self.closing.person.name,)
            return tell(approved=False, answered=True, reason="; ".join([self.closing.reason, *asides]), by=by)
        reason = "nobody who may decide has answered"
        if self.approvers:
            reason = f"{len(self.approvers)} of {needed} people agreed: {listed(self.approvers)}"
        return tell(approved=False, answered=False, reason="; ".join([reason, *asides]), by=self.approvers)


def _aside(answer: Answer, void: Void) -> str:
    if void is Void.FORBIDDEN:
        return f"{answer.person.name} wrote {answer.reason!r}, but nobody can authorize this"
    return f"{answer.person.name} wrote {answer.reason!r}, which decides nothing here"
