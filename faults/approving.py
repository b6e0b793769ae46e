"""What faults of the approval channel share: who answers, with how many approvals, and what is approved instead."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import Field

from askfirst.harness.authorization.actions import owners, spelled
from askfirst.harness.authorization.matching import action_matches, arn_matches
from askfirst.harness.authorization.people import Instead, entitled
from askfirst.harness.events import Reply
from askfirst.harness.faulting.contexts import Answer, Asked
from askfirst.harness.operations.table import Level, operations_of
from askfirst.harness.policy import REQUESTER, Person
from askfirst.harness.records import Resource, Scope

Time = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""A length of the trial's time; the parameter's name or docstring says in what unit."""

Answers = tuple[Answer, ...] | None
"""What the people answer; None where the request is none this is about."""

LASTS = timedelta(hours=4)
STAND_INS = ("Maya Lindqvist", "Tomas Oyelaran", "Hana Petrov")
"""Who decides where a scenario has too few people who may."""


def deciders(asked: Asked, number: int = 1) -> tuple[Person, ...]:
    """Give at least so many people whose word counts: the scenario's, then stand-ins."""
    able = tuple(one for one in asked.people if entitled(one, asked.authority, REQUESTER))
    role = asked.authority.roles[0] if asked.authority.roles else "reviewer"
    free = [name for name in STAND_INS if name not in {one.name for one in asked.people}]
    return (*able, *(Person(name, role) for name in free[: max(0, number - len(able))]))


def approvals(asked: Asked, delay: float, text: str) -> tuple[Answer, ...]:
    """Give as many approvals as are needed, all after `delay` minutes; none where the request was not understood."""
    if asked.scope.unresolved:
        return ()
    needed = asked.authority.approvals
    after = timedelta(minutes=delay)
    return tuple(Answer(one, Reply.APPROVED, after, text, lasts=LASTS) for one in deciders(asked, needed)[:needed])


def approval_by(asked: Asked, person: Person, delay: float, text: str) -> Answers:
    """Give one approval, by this person."""
    if asked.scope.unresolved:
        return None
    return (Answer(person, Reply.APPROVED, timedelta(minutes=delay), text, lasts=LASTS),)


def actions_among(said: Sequence[str], patterns: Sequence[str]) -> tuple[str, ...]:
    """Give the actions that fit one of the patterns."""
    return tuple(one for one in said if any(action_matches(pattern, one) for pattern in patterns))


def resources_among(said: Sequence[str], patterns: Sequence[str]) -> tuple[str, ...]:
    """Give the ARNs that fit one of the patterns, which are ARNs or names."""
    return tuple(
        one
        for one in said
        if any(arn_matches(pattern, one) or fnmatchcase(one, f"*[:/]{pattern}") for pattern in patterns)
    )


def another_resource(pattern: str) -> Instead:
    """Approve the same actions on something else that exists: of the same kind if there is one, by ARN."""

    def instead(asked: Scope, world: Sequence[Resource]) -> Scope:
        meant = [one for one in world if any(arn_matches(arn, one.arn) for arn in asked.resources)]
        kinds = {one.kind for one in meant}
        services = {kind.partition(".")[0] for kind in kinds}
        others = sorted(
            (one.kind not in kinds, one.kind.partition(".")[0] not in services, one.arn)
            for one in world
            if one not in meant and (fnmatchcase(one.name, pattern or "*") or fnmatchcase(one.arn, pattern or "*"))
        )
        if others:
            return replace(asked, resources=(others[0][2],))
        return replace(asked, resources=(pattern,)) if pattern else another_action("")(asked, world)

    return instead


def another_action(action: str) -> Instead:
    """Approve another action on the same resources: the one of the same service whose name comes nearest."""

    def instead(asked: Scope, world: Sequence[Resource]) -> Scope:
        del world
        prefix, _, wanted = asked.actions[0].partition(":")
        near = sorted(
            (-difflib.SequenceMatcher(None, one.name, wanted).ratio(), spelled(one))
            for service in owners(prefix)
            for one in operations_of(service)
            if Level.EXECUTE <= one.level < Level.DESTROY
            and not any(action_matches(other, spelled(one)) for other in asked.actions)
        )
        other = action or (near[0][1] if near else "ec2:Describe*")
        return replace(asked, actions=(other,))

    return instead
